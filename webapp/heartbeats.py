"""Workers say that they are alive, at most once a minute, in a small transaction of their own; the administrator's page reads it."""

from __future__ import annotations

import json
import logging
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from . import clock
from .db import db
from .models import Heartbeat

log = logging.getLogger("sinergi.heartbeats")
EVERY = timedelta(minutes=1)


def beat(worker: str, **counted: int) -> bool:
    """Say that the worker turns, or what a check-up counted; False when that was said within the minute, or could not be. The caller holds no lock."""
    told: dict[str, datetime] = current_app.extensions.setdefault("heartbeats", {})
    now, last = clock.now(), told.get(worker)
    if not counted and last is not None and last <= now < last + EVERY:
        return False
    try:
        with Session(db.engine) as session:
            session.connection(execution_options={"writing": True})
            session.merge(Heartbeat(worker=worker, at=now, told=json.dumps(counted)))
            session.commit()
    except DBAPIError as error:  # a sign of life that cannot be written is missed on the page, and ends no work
        log.warning("heartbeat: %s", type(error).__name__)
        return False
    told[worker] = now
    return True
