"""The trail: what happened, newest first, and whether its chain holds; the life of one agreement, and the certificate of it."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for

from .. import audits, certificates, exports
from ..access import needs
from ..acting import me
from ..db import begin_writing, db
from ..doors import done, done_before, own_transactions
from ..models import Agreement
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


@bp.get("/perjanjian/<agreement:agreement>/riwayat")
@needs("letters.see")
def life(agreement: Agreement):
    """All that happened to one agreement, oldest first, each with its hash, and the certificates of it."""
    events, accesses = certificates.life_of(db.session, agreement)
    return render_template("audit/life.html", agreement=agreement, events=events, accesses=accesses, people=certificates.people(db.session), made=certificates.made(agreement))


@bp.post("/perjanjian/<agreement:agreement>/riwayat")
@own_transactions
@needs("letters.see")
def certify(agreement: Agreement):
    """A certificate of it; the whole chain is verified before anybody has to wait for the lock."""
    broken = audits.verify_all(db.session, storage())
    begin_writing()
    if again := done_before():
        return again
    letter = certificates.certify(db.session, agreement, broken, me())
    return done(url_for("letters.show", letter=letter), "Sertifikat riwayat dibuat; PDF-nya sedang dicetak." if letter.state == "reserved" else "Sertifikat yang berlaku sudah ada.")
