"""The steps at BPJS Ketenagakerjaan: handed in, validated or returned, billed, paid, active."""

from __future__ import annotations

from flask import Blueprint, abort, make_response, render_template, request, url_for

from workflows.stages.enrollment import step_of

from .. import clock, discreet, enrollment_file, uploads
from ..access import may, needs
from ..acting import acting, me
from ..db import db
from ..doors import done, is_demo
from ..exports import TYPES
from ..forms.enrollments import FORMS, StepForm
from ..forms.rosters import ReasonForm
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


@bp.route("/perjanjian/<agreement:agreement>/kepesertaan/berkas", methods=["GET", "POST"])
@needs("nik.see")
def upload_file(agreement: Agreement):
    """The file that BPJS registers people from: first what it lacks, then, for a reason, the file; every time is an event."""
    if request.method == "POST":
        discreet.refuse(request)
        content = enrollment_file.hand_out(agreement, request.form.get("reason", ""), me())
        db.session.commit()  # no key is used up: the page stays, and a second download is a second event
        return _xlsx(content, f"{'contoh-' if is_demo() else ''}pendaftaran-{agreement.code}.xlsx")
    people = enrollment_file.registered(agreement)
    shown = {"people": people, "segments": enrollment_file.SEGMENTS, "missing": enrollment_file.missing(people)}
    return render_template("enrollments/upload_file.html", agreement=agreement, form=ReasonForm(), **shown)


def _xlsx(content: bytes, name: str):
    response = make_response(content)
    response.headers["Content-Type"] = TYPES["xlsx"]
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


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
