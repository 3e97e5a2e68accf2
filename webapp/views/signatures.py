"""Three signatures per agreement: recorded with a scan, confirmed by somebody else."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, url_for

from workflows.stages.signature import RECORDED_BY, SIGNERS

from .. import clock, uploads
from ..access import may, needs
from ..acting import acting, me
from ..db import db
from ..doors import done
from ..forms.signatures import ReviewForm, SignatureForm
from ..models import Agreement, Signature, signatures
from ..models.scans import PAPER_OF
from ..scans import compared

bp = Blueprint("signatures", __name__)
# In addresses the annex has its own word.
WORDS = {"kesatu": "kesatu", "kedua": "kedua", "lampiran": "annex"}
WORD_OF = {signer: word for word, signer in WORDS.items()}


def _to(agreement: Agreement) -> str:
    return url_for("signatures.show", agreement=agreement)


@bp.get("/perjanjian/<agreement:agreement>/tanda-tangan")
@needs("village.see")
def show(agreement: Agreement):
    """The three signatures as they stand, and what came before."""
    shown = {signer: signatures.why_not_sign(agreement, signer, clock.today()) for signer in SIGNERS}
    return render_template("signatures/show.html", agreement=agreement, why_not=shown, signers=SIGNERS, recorded_by=RECORDED_BY, paper_of=PAPER_OF)


@bp.route("/perjanjian/<agreement:agreement>/tanda-tangan/<any(kesatu, kedua, lampiran):word>", methods=["GET", "POST"])
@needs("signature.kesatu|signature.kedua|signature.annex")
def record(agreement: Agreement, word: str):
    """Record a signature with its scan."""
    signer = WORDS[word]
    if not may(me(), f"signature.{signer}"):
        abort(403)
    signatures.check_signing(agreement, signer, clock.today())
    form = SignatureForm(_place(agreement, signer), agreement.dated_on, clock.today())
    if form.finished():
        file = uploads.keep("scan", agreement.village_code)
        signatures.sign(agreement, signer, form.on.data, form.place.data, file, **acting())
        return done(_to(agreement), f"Tanda tangan {SIGNERS[signer]} dicatat. Orang lain perlu mengonfirmasinya.")
    return render_template("signatures/record.html", agreement=agreement, form=form, signer=signer, signers=SIGNERS, paper_of=PAPER_OF)


def _place(agreement: Agreement, signer: str) -> str:
    return agreement.village.name if signer == "annex" else agreement.place


@bp.route("/tanda-tangan/<signature:signature>/periksa", methods=["GET", "POST"])
@needs("signature.review")
def review(signature: Signature):
    """A second person looks at the scan and confirms or rejects it."""
    agreement = db.session.get(Agreement, signature.agreement_id) or abort(404)
    form = ReviewForm()
    if form.finished():
        verdict = signatures.review(signature, agreement, form.verdict.data == "confirm", form.reason.data or "", **acting())
        return done(_to(agreement), "Bukti dikonfirmasi." if verdict.confirmed else "Bukti ditolak; tanda tangan dapat dicatat lagi.")
    signatures.refuse_own(signature, me())
    pieces, trouble = compared(signature)
    return render_template("signatures/review.html", agreement=agreement, signature=signature, form=form, pieces=pieces, trouble=trouble)
