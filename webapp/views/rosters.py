"""The list of participants: look, edit, clear doubts, freeze; whole NIK and hidden particulars only for a reason that the trail keeps."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm

from .. import clock
from ..access import needs
from ..acting import acting, me
from ..db import db
from ..doors import done
from ..exports import table_file
from ..forms.rosters import FreezeForm, PersonForm, ReasonForm
from ..handing_out import noted
from ..models import Agreement, RosterEntry, RosterImport, freezing, intake, participants
from ..models.imports import STATES
from ..models.reading import rulebook

bp = Blueprint("rosters", __name__)
HEAD = ("Kelompok", "NIK (disamarkan)", "Nama", "Tanggal lahir", "Jenis kelamin", "Pekerjaan", "Dasar upah", "Mulai", "Berakhir", "Tanda")

IMPORT_HEAD = ("Waktu", "Oleh", "Berkas", "Keadaan", "Masuk ke daftar ini", "Bertanda saat disimpan")


def _to(agreement: Agreement) -> str:
    return url_for("rosters.show", agreement=agreement)


def _agreement_of(entry: RosterEntry) -> Agreement:
    return db.session.get(Agreement, entry.agreement_id) or abort(404)


@bp.get("/perjanjian/<agreement:agreement>/peserta")
@needs("roster.see")
def show(agreement: Agreement):
    """The working list by category, with search, doubts and what was frozen."""
    found = participants.look_for(agreement, request.args.get("q", ""), request.args.get("kelompok", ""), bool(request.args.get("tanda")))
    counts = participants.counts(agreement)
    shown = {"why_not": freezing.why_not_freeze(agreement), "signed": agreement.list_stands, "imports": _imports(agreement), "states": STATES}
    return render_template("rosters/show.html", agreement=agreement, found=found, counts=counts, book=rulebook(db.session), **shown)


def _imports(agreement: Agreement) -> list[tuple[RosterImport | None, Any]]:
    """The imports that touched the list, the newest first, each with its part of it; one for all villages is named to whom it does not belong, not shown."""
    seen = {each.id: each for each in intake.imports_of(db.session, agreement=agreement)}
    parts = {each.import_id: each for each in agreement.imports}
    return [(seen.get(id_), parts.get(id_)) for id_ in sorted({*seen, *parts}, reverse=True)]


@bp.get("/perjanjian/<agreement:agreement>/peserta.<any(xlsx, csv):form>")
@needs("roster.see")
def export(agreement: Agreement, form: str):
    """The working list as a file, NIK masked."""
    noted(agreement, "roster.exported", people=len(agreement.entries))
    names = rulebook(db.session).category_names
    rows = ((names.get(each.category, each.category), each.nik_masked, each.name, each.birth_on, each.sex, each.job, each.wage_base, *_months(each), _marks(each)) for each in agreement.entries)
    about = [f"Daftar kerja peserta {agreement.village.full_name}, tahun {agreement.fiscal_year}", f"{len(agreement.entries)} orang; NIK disamarkan"]
    return table_file(form, f"peserta-{agreement.code}", HEAD, rows, about)


def _months(entry: RosterEntry) -> tuple[str, str]:
    return tuple(f"{each:%m-%Y}" if each else "" for each in (entry.month_first, entry.month_last))  # type: ignore[return-value]


@bp.get("/perjanjian/<agreement:agreement>/peserta/impor.<any(xlsx, csv):form>")
@needs("roster.see")
def export_imports(agreement: Agreement, form: str):
    """The imports that touched the list as a file."""
    rows = [((batch or part).at, (batch or part).by.name, _name(batch), STATES[batch.state if batch else "stored"], part.people if part else "", part.flagged if part else "") for batch, part in _imports(agreement)]
    return table_file(form, f"impor-{agreement.code}", IMPORT_HEAD, rows, [f"Impor yang menyentuh daftar {agreement.village.full_name}, tahun {agreement.fiscal_year}"])


def _name(batch: RosterImport | None) -> str:
    return batch.name if batch else "Impor kantor untuk semua desa"


def _marks(entry: RosterEntry) -> str:
    return "; ".join(entry.flag_sentences) + (f" (dijelaskan: {entry.cleared_reason})" if entry.cleared_reason else "")


@bp.route("/perjanjian/<agreement:agreement>/peserta/baru", methods=["GET", "POST"])
@needs("roster.edit")
def new(agreement: Agreement):
    """Add a person."""
    form = PersonForm(agreement, rulebook(db.session), category=request.args.get("kelompok", ""))
    if form.finished():
        entry = participants.add_person(agreement, form.person(), **acting(), joined=form.joined())
        return done(_to(agreement), _added(entry))
    return render_template("rosters/edit.html", agreement=agreement, form=form, entry=None)


def _added(entry: RosterEntry) -> str:
    return f"{entry.name} ditambahkan" + (f", dengan tanda: {'; '.join(entry.flag_sentences)}." if entry.doubts else ".")


@bp.get("/peserta/<entry:entry>")
@needs("roster.see")
def person(entry: RosterEntry):
    """One person, with what may be done about him."""
    return render_template("rosters/person.html", agreement=_agreement_of(entry), entry=entry, form=ReasonForm(), names=rulebook(db.session).category_names, signed=_agreement_of(entry).list_stands)


@bp.route("/peserta/<entry:entry>/ubah", methods=["GET", "POST"])
@needs("roster.edit")
def edit(entry: RosterEntry):
    """Correct a person."""
    agreement = _agreement_of(entry)
    form = PersonForm(agreement, rulebook(db.session), entry)
    if form.finished():
        participants.change_person(agreement, entry, form.person(), **acting())
        return done(_to(agreement), f"Data {entry.name} diperbarui.")
    return render_template("rosters/edit.html", agreement=agreement, form=form, entry=entry)


@bp.post("/peserta/<entry:entry>/hapus")
@needs("roster.edit")
def remove(entry: RosterEntry):
    """Take a person off the working list."""
    agreement, name = _agreement_of(entry), entry.name
    participants.remove_person(agreement, entry, **acting())
    return done(_to(agreement), f"{name} dikeluarkan dari daftar kerja.")


@bp.post("/peserta/<entry:entry>/jelaskan")
@needs("roster.clear")
def clear(entry: RosterEntry):
    """Say why a doubt is none."""
    agreement = _agreement_of(entry)
    participants.clear_flags(agreement, entry, request.form.get("reason", "")[:1000], **acting())
    again = "" if freezing.why_not_freeze(agreement) else " Bekukan daftar sekali lagi agar berlaku."
    return done(_to(agreement), f"Tanda pada {entry.name} sudah dijelaskan.{again}")


@bp.post("/peserta/<entry:entry>/nik")
@needs("nik.see")
def unmask(entry: RosterEntry):
    """Show a whole NIK and the particulars once."""
    agreement, name, code = _agreement_of(entry), entry.name, entry.nik_masked
    opened = participants.open_person(agreement, entry, request.form.get("reason", ""), me(), clock.now())
    done(url_for("rosters.person", entry=entry), f"Pembukaan NIK {code} dicatat di jejak.")
    return render_template("rosters/nik.html", agreement=agreement, name=name, entry=entry, opened=opened)


@bp.route("/perjanjian/<agreement:agreement>/peserta/bekukan", methods=["GET", "POST"])
@needs("roster.freeze")
def freeze(agreement: Agreement):
    """Make an immutable version of the list as it was shown."""
    form: FlaskForm = FreezeForm()
    if form.finished():
        version = freezing.freeze(agreement, **acting(), seen=form.seen.data or "missing")
        return done(url_for("rosters.version", agreement=agreement, number=version.number), f"Daftar dibekukan sebagai versi {version.number}.")
    if why_not := freezing.why_not_freeze(agreement):
        flash(why_not, "warning")
        return redirect(_to(agreement))
    shown = {"now": freezing.reckon(agreement), "signed": agreement.list_stands, "book": rulebook(db.session)}
    return render_template("rosters/freeze.html", agreement=agreement, form=form, **shown)


@bp.get("/perjanjian/<agreement:agreement>/peserta/versi/<int:number>")
@needs("roster.see")
def version(agreement: Agreement, number: int):
    """A frozen version: its people and how each figure came about."""
    found = next((each for each in agreement.versions if each.number == number), None) or abort(404)
    return render_template("rosters/version.html", agreement=agreement, version=found, book=rulebook(db.session))
