"""Limits on tries: at secrets in the database (shared by all processes, failing closed), on public pages in memory."""

from __future__ import annotations

from datetime import timedelta

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from sqlalchemy import func, select

from . import clock
from .db import begin_writing, db
from .models import LoginAttempt

limiter = Limiter(get_remote_address)

WINDOW = timedelta(minutes=15)
# Failures within the window: for one login, from one address (villages share a carrier's address), overall.
PER_LOGIN, PER_ADDRESS, OVERALL = 8, 60, 2000


class TooMany(Exception):
    """No more tries for now. Whatever cannot be counted is refused as well."""


def count_try(kind: str, login: str, address: str) -> LoginAttempt:
    """Count a try before its secret is looked at, in a transaction of its own. Raises TooMany."""
    begin_writing()
    now = clock.now()
    recent = (LoginAttempt.kind == kind, LoginAttempt.at > now - WINDOW, LoginAttempt.passed.is_(False))

    def failures(*more: object) -> int:
        return db.session.scalar(select(func.count()).select_from(LoginAttempt).where(*recent, *more)) or 0  # type: ignore[arg-type]

    if failures(LoginAttempt.login == login) >= PER_LOGIN or failures(LoginAttempt.address == address) >= PER_ADDRESS or failures() >= OVERALL:
        db.session.rollback()
        raise TooMany
    attempt = LoginAttempt(kind=kind, login=login, address=address, at=now)
    db.session.add(attempt)
    db.session.commit()
    return attempt
