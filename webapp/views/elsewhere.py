"""People whom another payer covers (APBD, CSR): the office's list, so that nobody is paid for twice."""

from __future__ import annotations

from flask import Blueprint, abort, flash, render_template, request, url_for
from sqlalchemy import select

from .. import clock
from ..access import needs
from ..acting import me
from ..covering import read_covers
from ..db import begin_writing, db
from ..doors import done, done_before, own_transactions
from ..exports import table_file
from ..forms.imports import CoverForm, years_around
from ..handing_out import noted_event
from ..models import OtherCover, elsewhere
from ..models.elsewhere import PAYERS
from ..sheets.reading import Unreadable

bp = Blueprint("elsewhere", __name__, url_prefix="/tanggungan-lain")
HEAD = ("Tahun", "Pembayar", "NIK (disamarkan)", "Nama", "Sumber", "Dicatat")
ON_A_PAGE = 100


def _wanted() -> tuple[int, str, str]:
    year = request.args.get("tahun", clock.today().year, int)
    return year, request.args.get("pembayar", ""), request.args.get("q", "")


@bp.get("")
@needs("elsewhere.edit")
def index():
    """The list, as filtered."""
    year, payer, _ = _wanted()
    found = elsewhere.covers_of(db.session, *_wanted())
    pages = max(1, -(-len(found) // ON_A_PAGE))
    page = min(max(1, request.args.get("hal", 1, int)), pages)
    shown = found[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]
    return render_template("elsewhere/index.html", found=shown, total=len(found), page=page, pages=pages, year=year, years=years_around(), payers=PAYERS, payer=payer)


@bp.get("/unduh.<any(xlsx, csv):form>")
@needs("elsewhere.edit")
def export(form: str):
    """The same as a file."""
    noted_event("elsewhere.exported", f"elsewhere:{_wanted()[0]}")
    found = elsewhere.covers_of(db.session, *_wanted())
    rows = [(each.year, PAYERS[each.payer], each.nik_masked, each.name, each.source, each.at) for each in found]
    return table_file(form, f"tanggungan-lain-{_wanted()[0]}", HEAD, rows, [f"Peserta yang ditanggung pembayar lain, {_wanted()[0]}", "NIK disamarkan"])


@bp.route("/baru", methods=["GET", "POST"])
@needs("elsewhere.edit")
@own_transactions
def new():
    """Add people from a file or a pasted table."""
    form = CoverForm(years_around(), year=str(clock.today().year), payer="apbd")
    if request.method == "POST" and (answer := done_before()):
        return answer
    if form.finished() and (read := _read(form)):
        begin_writing()
        count = elsewhere.add_covers(db.session, int(form.year.data), form.payer.data, form.source.data.strip(), read.people, me(), clock.now())
        return done(url_for("elsewhere.index", tahun=form.year.data), f"{count} orang dicatat; {len(read.people) - count} sudah ada.{read.said}")
    return render_template("elsewhere/new.html", form=form)


def _read(form: CoverForm):
    content, name, pasted = form.sent()
    try:
        read = read_covers(content, "" if pasted else name)
    except Unreadable as error:
        form.file.errors = [str(error)]
        return None
    if not read.people:
        form.file.errors = [f"Tidak ada NIK yang sah di dalamnya. Daftar tidak berubah.{read.said}"]
        return None
    return read


@bp.post("/hapus")
@needs("elsewhere.edit")
def remove():
    """Take ticked people off the list."""
    ids = [int(each) for each in request.form.getlist("orang") if each.isdigit()]
    rows = list(db.session.scalars(select(OtherCover).where(OtherCover.id.in_(ids))))
    if not rows:
        flash("Centang dahulu orang yang dihapus.", "warning")
        abort(400)
    count = elsewhere.remove_covers(db.session, rows, me(), clock.now())
    return done(url_for("elsewhere.index"), f"{count} orang dihapus dari daftar tanggungan lain.")
