"""Taking over a running practice: the archive's list with a dry run, one agreement corrected and proven, and where the register goes on."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request, url_for

from workflows.stages.signature import SIGNERS

from .. import archives, clock, uploads
from ..access import needs
from ..acting import acting, me
from ..db import db
from ..doors import done, own_transactions
from ..exports import table_file
from ..forms.takeovers import ArchivedForm, ArchiveForm, ScanForm, StartForm
from ..models import Accord, Agreement, drafts, series, takeovers
from ..models.agenda import office_in_hand
from ..sheets.archive import FIELDS, read_archive
from ..sheets.reading import Unreadable

bp = Blueprint("takeovers", __name__)
EXAMPLE = ("73.02.01.2001", "Gantarang", "2025", "100.3.7.1/001/DPMD/I/2025", "PER/001/012025", "20-01-2025", "Bulukumba", "Contoh Satu", "Contoh Dua", "Contoh Tiga", "CONTOH: hapus baris ini")


def _form() -> ArchiveForm:
    return ArchiveForm(drafts.accords(db.session), clock.today().year)


@bp.get("/ambil-alih")
@needs("agreement.draft")
def index():
    """What is taken over so far, and the form for a list."""
    return render_template("takeovers/index.html", form=_form(), found=takeovers.taken_over(db.session))


@bp.get("/ambil-alih/contoh.xlsx")
@needs("agreement.draft")
def example():
    """A file with the headings and one invented row."""
    return table_file("xlsx", "contoh-ambil-alih", tuple(FIELDS.values()), [EXAMPLE])


@bp.post("/ambil-alih")
@needs("agreement.draft")
@own_transactions
def look():
    """The fate of each row; nothing is stored, nor is the file."""
    form = _form()
    if not form.finished():
        return render_template("takeovers/index.html", form=form, found=takeovers.taken_over(db.session)), 422
    content, accord = form.file.data.read(), db.session.get_one(Accord, form.accord.data)
    try:
        lines = read_archive(content, uploads.safe_name(form.file.data.filename), clock.today())
    except Unreadable as error:
        form.file.errors = [str(error)]
        return render_template("takeovers/index.html", form=form, found=takeovers.taken_over(db.session)), 422
    return _shown(lines, archives.fingerprint(content), accord, form.year.data)


def _shown(lines, sha256: str, accord: Accord, year: int):
    fates = archives.judge(db.session, lines, accord, year, clock.today())
    return render_template("takeovers/fates.html", fates=fates, accord=accord, year=year, token=archives.sealed(lines, sha256, accord, year))


@bp.post("/ambil-alih/simpan")
@needs("agreement.draft")
def store():
    """Store exactly the rows that were shown, all or none."""
    told = archives.opened(request.form.get("token", "")) or abort(400)
    lines, sha256, accord_id, year = told
    accord = db.session.get_one(Accord, accord_id)
    going = archives.going_in(archives.judge(db.session, lines, accord, year, clock.today()), bool(request.form.get("with_gaps")))
    if not going:
        return _shown(lines, sha256, accord, year), 422
    takeovers.take_over(db.session, accord, going, sha256, **acting())
    return done(url_for("takeovers.index"), f"{len(going)} perjanjian diambil alih. Unggah pindaian naskahnya agar terbukti.")


@bp.route("/perjanjian/<agreement:agreement>/ambil-alih", methods=["GET", "POST"])
@needs("agreement.draft")
def edit(agreement: Agreement):
    """What the archive says of one agreement, to be corrected by a new row."""
    if agreement.takeover is None:
        abort(404)
    form = ArchivedForm(takeovers.archived(agreement), clock.today())
    if form.finished():
        takeovers.correct(agreement, form.archived(), **acting())
        return done(url_for("villages.agreement", agreement=agreement), "Data dari arsip dibetulkan; yang lama tetap terbaca di jejak.")
    return render_template("takeovers/edit.html", agreement=agreement, form=form)


@bp.route("/perjanjian/<agreement:agreement>/ambil-alih/pindaian", methods=["GET", "POST"])
@needs("agreement.draft")
def scan(agreement: Agreement):
    """The scan of the paper; another person confirms it."""
    if agreement.takeover is None:
        abort(404)
    missing = [each for each in SIGNERS if agreement.standing_signature(each) is None]
    form = ScanForm(missing, takeovers.archived(agreement), clock.today())
    if missing and form.finished():
        file = uploads.keep("scan", agreement.village_code)
        takeovers.attach_scan(agreement, form.signers.data, form.on.data, form.place.data, file, **acting())
        return done(url_for("signatures.show", agreement=agreement), "Pindaian diterima. Orang lain perlu mengonfirmasinya.")
    return render_template("takeovers/scan.html", agreement=agreement, form=form, missing=missing)


@bp.route("/agenda/awal", methods=["GET", "POST"])
@needs("letters.void")
def start():
    """Where the register goes on after the office's own book."""
    office = office_in_hand(db.session) or abort(404)
    form = StartForm(series.units(db.session, office), clock.today().year)
    if form.finished():
        takeovers.start_series(db.session, form.chosen(), form.year.data, form.last_used.data, form.source.data.strip(), me(), clock.now())
        return done(url_for("letters.register", year=form.year.data), f"Register {form.year.data} dimulai dari nomor {form.last_used.data + 1}.")
    return render_template("takeovers/start.html", form=form)
