"""The steps at BPJS Ketenagakerjaan: handed in, validated or returned, billed, paid, active."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, url_for

from workflows.stages.enrollment import step_of

from .. import clock, uploads
from ..access import may, needs
from ..acting import acting, me
from ..doors import done
from ..forms.enrollments import FORMS, StepForm
from ..models import Agreement, EnrollmentStep, enrollments

bp = Blueprint("enrollments", __name__)
# The steps as addresses name them.
WORDS = {
    "diserahkan": "handed_in", "dikembalikan": "returned", "divalidasi": "validated", "kode-iuran": "billing_code", "pembayaran": "payment", "aktif": "active",
}  # fmt: skip
WORD_OF = {kind: word for word, kind in WORDS.items()}


def _to(agreement: Agreement) -> str:
    return url_for("enrollments.show", agreement=agreement)


@bp.get("/perjanjian/<agreement:agreement>/kepesertaan")
@needs("village.see")
def show(agreement: Agreement):
    """What has been done, what comes next and whose move it is."""
    why_not = {kind: enrollments.why_not_step(agreement, kind, clock.today()) for kind in FORMS}
    offered = [kind for kind in FORMS if not why_not[kind] and may(me(), f"enrollment.{kind}")]
    standing = {kind: step_of(agreement, kind) for kind in FORMS}
    return render_template(
        "enrollments/show.html", agreement=agreement, offered=offered, standing=standing, names=enrollments.STEP_NAMES, word_of=WORD_OF,
        unpaid=enrollments.next_months(agreement), opens=[each for each in agreement.open_on(clock.today()) if each.slug in enrollments.CONDITION_OF.values()],
    )  # fmt: skip


@bp.route(f"/perjanjian/<agreement:agreement>/kepesertaan/<any({', '.join(map(repr, WORDS))}):word>", methods=["GET", "POST"])
@needs("|".join(f"enrollment.{each}" for each in FORMS))
def record(agreement: Agreement, word: str):
    """Take a step."""
    kind = WORDS[word]
    if not may(me(), f"enrollment.{kind}"):
        abort(403)
    enrollments.check_step(agreement, kind, clock.today())
    form = FORMS[kind](agreement, clock.today())
    if form.finished():
        enrollments.record_step(agreement, EnrollmentStep(kind=kind, **_proof(form, agreement), **form.values()), **acting())
        return done(_to(agreement), f"{enrollments.STEP_NAMES[kind]}: dicatat.")
    return render_template("enrollments/record.html", agreement=agreement, form=form, kind=kind, names=enrollments.STEP_NAMES)


def _proof(form: StepForm, agreement: Agreement) -> dict:
    sent = "proof" in form and form["proof"].data
    return {"file": uploads.keep("proof", agreement.village_code)} if sent else {}
