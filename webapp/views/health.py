"""Is the service alive (``/healthz``) and ready (``/readyz``)?"""

from flask import Blueprint
from sqlalchemy import func, select

from ..access import public
from ..db import db
from ..models import Kabupaten
from ..uploads import storage

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@public
def alive():
    """The process answers."""
    return {"status": "ok"}


@bp.get("/readyz")
@public
def ready():
    """Database and file store work."""
    try:
        db.session.scalar(select(func.count()).select_from(Kabupaten))
        storage().check()
    except Exception:
        return {"status": "degraded"}, 503
    return {"status": "ok"}
