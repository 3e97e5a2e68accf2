"""Monthly changes of a signed list: who joined, left, died or moved; recorded with a day, a month and evidence."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, abort, render_template, request, url_for

from .. import uploads
from ..access import needs
from ..acting import acting
from ..db import db
from ..doors import done
from ..exports import table_file
from ..forms.changes import LeaveForm
from ..handing_out import noted
from ..models import Agreement, RosterChange, RosterEntry, changes
from ..models.changes import KINDS
from ..models.reading import rulebook

bp = Blueprint("changes", __name__)
HEAD = ("Tanggal", "Perubahan", "Mulai bulan", "Nama", "NIK (disamarkan)", "Kelompok", "Alasan atau bukti", "Dicatat oleh", "Dicatat pada")


def _month() -> date | None:
    """The month of the filter, 2026-03; None for all."""
    year, _, month = request.args.get("bulan", "").partition("-")
    return date(int(year), int(month), 1) if year.isdigit() and len(year) == 4 and month.isdigit() and 1 <= int(month) <= 12 else None


def _found(agreement: Agreement) -> list[RosterChange]:
    return changes.changes_of(agreement, request.args.get("jenis", ""), _month())


@bp.get("/perjanjian/<agreement:agreement>/perubahan")
@needs("roster.see")
def index(agreement: Agreement):
    """The changes of all months, or of one."""
    months = [(f"{each:%Y-%m}", f"{each:%m-%Y}") for each in sorted({each.month for each in agreement.changes}, reverse=True)]
    shown = {"found": _found(agreement), "kinds": KINDS, "month_options": months, "signed": changes.needs_record(agreement), "names": rulebook(db.session).category_names}
    return render_template("changes/index.html", agreement=agreement, **shown)


@bp.get("/perjanjian/<agreement:agreement>/perubahan.<any(xlsx, csv):form>")
@needs("roster.see")
def export(agreement: Agreement, form: str):
    """The same as a file, NIK masked."""
    noted(agreement, "roster.exported", title="Perubahan bulanan")
    names = rulebook(db.session).category_names
    rows = [(each.on, KINDS[each.kind], f"{each.month:%m-%Y}", each.name, each.nik_masked, names.get(each.category, each.category), each.reason, each.by.name, each.at) for each in _found(agreement)]
    return table_file(form, f"perubahan-{agreement.code}", HEAD, rows, [f"Perubahan peserta {agreement.village.full_name}, tahun {agreement.fiscal_year}", "NIK disamarkan"])


@bp.route("/peserta/<entry:entry>/keluar", methods=["GET", "POST"])
@needs("roster.edit")
def leave(entry: RosterEntry):
    """Record that somebody left, died or moved."""
    agreement, name = db.session.get(Agreement, entry.agreement_id) or abort(404), entry.name
    form = LeaveForm()
    if form.finished():
        file = uploads.keep("proof", agreement.village_code) if form.proof.kept else None
        row = changes.leave(agreement, entry, form.change(file), **acting())
        return done(url_for("changes.index", agreement=agreement), f"{name} dicatat {KINDS[row.kind].lower()}; tidak lagi diiur mulai {row.month:%m-%Y}.")
    return render_template("changes/leave.html", agreement=agreement, entry=entry, form=form)
