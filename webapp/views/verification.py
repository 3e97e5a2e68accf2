"""The public page behind the code on every printed page."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from .. import verification
from ..access import public
from ..db import db
from ..limits import limiter

bp = Blueprint("verification", __name__)


@bp.get("/v/<token>")
@public
@limiter.limit("60/minute")
def show(token: str):
    """What the register says of the paper."""
    verdict = verification.look_up(db.session, token)
    if verdict is None:
        return render_template("verification/unknown.html"), 404
    asked = verification.Asked(*(request.args.get(name, type=int) for name in ("h", "v", "r")))
    return render_template("verification/show.html", verdict=verdict, asked=asked, doubts=asked.doubts(verdict))
