"""Personal data and the people they belong to: who had access, a copy on request, a correction on request; masked unless a reason opens them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, make_response, render_template, request, url_for

from .. import clock, personal_copy
from ..access import may, needs
from ..acting import me
from ..db import db
from ..doors import commit_once, done, is_demo
from ..exports import TYPES, table_file
from ..forms.privacy import AnswerForm, AskForm, CopyForm, SearchForm
from ..models import CorrectionRequest, corrections, sightings
from ..models.agreements import Agreement
from ..models.corrections import OUTCOMES

bp = Blueprint("privacy", __name__, url_prefix="/data-pribadi")
STATES = {"open": "Belum dijawab", **OUTCOMES}
REQUEST_HEAD = ("Diterima", "Batas jawaban", "Desa dan tahun", "Nama", "NIK (disamarkan)", "Yang meminta", "Keadaan", "Dijawab", "Terlambat")


def _requests() -> list[CorrectionRequest]:
    return corrections.requests_of(db.session, request.args.get("keadaan", "")) if may(me(), "privacy.see") else []


def _index(form: SearchForm) -> str:
    found = _requests()
    lists = {each.id: corrections.agreement_of(each) for each in found}
    return render_template("privacy/index.html", form=form, found=found, lists=lists, states=STATES, state=request.args.get("keadaan", ""))


@bp.get("")
@needs("privacy.see|privacy.search")
def index():
    """Requests that wait, and the search by NIK."""
    return _index(SearchForm(formdata=None))


@bp.get("/permintaan.<any(xlsx, csv):form>")
@needs("privacy.see")
def export_requests(form: str):
    """The requests as a file, NIK masked and what is wrong left out."""
    rows = [_request_row(each) for each in _requests()]
    return table_file(form, "permintaan-pembetulan", REQUEST_HEAD, rows, ["Permintaan pembetulan data pribadi (UU 27/2022 ps 30)", "NIK disamarkan"])


def _request_row(each: CorrectionRequest) -> tuple[Any, ...]:
    agreement, late = corrections.agreement_of(each), each.late_on(clock.now())
    where = f"{agreement.village.full_name}, {agreement.fiscal_year}"
    return (each.received_at, each.due_at, where, each.name, each.nik_masked, each.asked_by, STATES[each.state], each.answer.at if each.answer else None, "ya" if late else "tidak")


@bp.post("/cari")
@needs("privacy.search")
def search():
    """Who has this NIK, for a reason that the trail keeps; the answer is shown once and has no address."""
    form = SearchForm()
    if not form.finished():
        return _index(form), 422
    places = sightings.search(db.session, form.nik.data, form.reason.data, me(), clock.now())
    index = sightings.index_of(form.nik.data)
    commit_once(url_for("privacy.index"))
    return render_template("privacy/found.html", **_about(index, places))


def _about(index: str, places: list[sightings.Place]) -> dict[str, Any]:
    seen, asked = sightings.sightings(db.session, index), personal_copy.requests_about(db.session, places)
    return {"places": places, "seen": seen, "asked": asked, "covers": sightings.covers_of(db.session, index), "states": STATES}


@bp.get("/<subject:subject>")
@needs("privacy.see")
def show(subject: Any):
    """One person, masked: where he stands, who had access, what was asked."""
    places = sightings.places_of(db.session, subject.nik_index)
    return render_template("privacy/show.html", subject=subject, form=CopyForm(formdata=None), **_about(subject.nik_index, places))


@bp.get("/<subject:subject>/akses.<any(xlsx, csv):form>")
@needs("privacy.see")
def export(subject: Any, form: str):
    """Who had access, as a file."""
    rows = [personal_copy.seen_row(each) for each in sightings.sightings(db.session, subject.nik_index)]
    return table_file(form, "akses-data-pribadi", personal_copy.SEEN_HEAD, rows, [f"Siapa yang mengakses data pribadi {subject.name} ({subject.nik_masked})"])


@bp.post("/<subject:subject>/salinan.<any(xlsx, json):form>")
@needs("privacy.see")
def copy(subject: Any, form: str):
    """A copy of everything about him, for him."""
    found = personal_copy.hand_over(db.session, subject, request.form.get("reason", ""), me())
    content = personal_copy.as_workbook(found) if form == "xlsx" else personal_copy.as_json(found)
    db.session.commit()  # no key is used up: a second copy is a second event
    response = make_response(content)
    response.headers["Content-Type"] = TYPES["xlsx"] if form == "xlsx" else "application/json"
    response.headers["Content-Disposition"] = f'attachment; filename="{"contoh-" if is_demo() else ""}salinan-data-pribadi-{clock.at_office(clock.now()):%Y%m%d-%H%M}.{form}"'
    return response


@bp.route("/<subject:subject>/pembetulan", methods=["GET", "POST"])
@needs("privacy.see")
def ask(subject: Any):
    """Note a request to correct."""
    agreement: Agreement = next(each.agreement for each in sightings.places_of(db.session, subject.nik_index) if each.row is subject)
    form = AskForm()
    if form.finished():
        row = corrections.ask(agreement, subject, form.received_at(), form.asked_by.data, form.what.data, me(), clock.now())
        return done(url_for("privacy.request_", wanted=row), "Permintaan dicatat. Jawab dalam 3 x 24 jam sejak diterima.")
    return render_template("privacy/ask.html", subject=subject, agreement=agreement, form=form)


@bp.route("/permintaan/<correction:wanted>", methods=["GET", "POST"])
@needs("privacy.see")
def request_(wanted: CorrectionRequest):
    """A request, and its answer."""
    agreement, form = corrections.agreement_of(wanted), AnswerForm()
    if form.finished():
        row = corrections.answer(agreement, wanted, form.outcome.data, form.reason.data or "", me(), clock.now())
        return done(url_for("privacy.request_", wanted=wanted), f"Permintaan dijawab: {OUTCOMES[row.outcome].lower()}.")
    line = sightings.line_of(db.session, wanted)
    return render_template("privacy/request.html", wanted=wanted, agreement=agreement, form=form, states=STATES, line=line)
