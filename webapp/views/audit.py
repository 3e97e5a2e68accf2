"""The trail: what happened, newest first, and whether its chain holds."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from .. import audits
from ..access import needs
from ..db import db

bp = Blueprint("audit", __name__)


@bp.get("/jejak")
@needs("audit.see")
def index():
    """The events as filtered, a page at a time; ``periksa`` recomputes the whole chain."""
    wanted = {name: request.args.get(name, "").strip()[:80] for name in ("objek", "pelaku", "tindakan")}
    page = audits.page_of(db.session, wanted["objek"], wanted["pelaku"], wanted["tindakan"], request.args.get("hal", 1, type=int))
    checked = audits.verify(db.session) if "periksa" in request.args else None
    return render_template("audit/index.html", page=page, wanted=wanted, asked="periksa" in request.args, broken=checked, length=audits.length(db.session))
