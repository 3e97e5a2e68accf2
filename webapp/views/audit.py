"""The trail: what happened, newest first, and whether its chain holds."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from .. import audits, exports
from ..access import needs
from ..db import db
from ..uploads import storage

bp = Blueprint("audit", __name__)


def _wanted() -> dict[str, str]:
    return {name: request.args.get(name, "").strip()[:80] for name in ("objek", "pelaku", "tindakan")}


@bp.get("/jejak")
@needs("audit.see")
def index():
    """The events as filtered, a page at a time; ``periksa`` recomputes the whole chain."""
    wanted, asked = _wanted(), "periksa" in request.args
    page = audits.page_of(db.session, *wanted.values(), request.args.get("hal", 1, type=int))
    broken = audits.verify_all(db.session, storage()) if asked else None
    return render_template("audit/index.html", page=page, wanted=wanted, asked=asked, broken=broken, length=audits.length(db.session))


@bp.get("/jejak/unduh.<any(xlsx, csv):form>")
@needs("audit.see")
def export(form: str):
    """The events as filtered, with their hashes."""
    return exports.table_file(form, "jejak", audits.TABLE_HEAD, audits.rows_of(db.session, *_wanted().values()))
