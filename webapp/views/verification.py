"""The public page behind the code on every printed page, and the comparison of a file with the register."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from .. import verification
from ..access import public
from ..db import db
from ..doors import own_transactions
from ..limits import limiter
from ..page_codes import Unreadable

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


@bp.get("/periksa")
@public
def choose():
    """Choose a file to compare."""
    return render_template("verification/choose.html", problem="")


@bp.post("/periksa")
@public
@own_transactions
@limiter.limit("10/minute")
def compare():
    """Compare a file with the register; nothing of it is stored."""
    file = request.files.get("berkas")
    content = file.read() if file else b""
    if not content:
        return render_template("verification/choose.html", problem="Pilih berkasnya dahulu. Berkas kosong tidak dapat diperiksa."), 422
    try:
        checked = verification.check_file(db.session, content)
    except Unreadable as error:
        return render_template("verification/choose.html", problem=f"{error} Kirim PDF, atau foto JPG, PNG, HEIC."), 422
    return render_template("verification/compared.html", checked=checked)
