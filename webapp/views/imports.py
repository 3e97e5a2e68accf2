"""Lists as files: sent, looked at row by row, stored in one go, taken back as a whole; the faulty rows go home with their reasons."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, jsonify, render_template, request, url_for
from flask_wtf import FlaskForm
from sqlalchemy import select

from workflows import Refused

from .. import clock, importing
from ..access import needs
from ..acting import acting, me
from ..db import begin_writing, db
from ..doors import commit_once, done, done_before, own_transactions
from ..exports import table_file
from ..forms.imports import ImportForm, KeepForm, OfficeImportForm, StoreForm, wishes_in, years_around
from ..handing_out import noted_event
from ..importing import Dry
from ..models import Agreement, Installation, RosterImport, Village, audit, intake
from ..models.imports import STATES
from ..models.reading import rulebook
from ..sheets.headings import FIELDS
from ..sheets.reading import SheetRead

bp = Blueprint("imports", __name__)
ON_A_PAGE = 100
FATES = {"accepted": "diterima", "flagged": "bertanda", "rejected": "ditolak"}
HEAD = ("Lembar", "Baris", "Nasib", "Alasan", "Nama", "NIK (disamarkan)", "Tanggal lahir", "Jenis kelamin", "Kelompok", "Pekerjaan", "Desa menurut berkas")
INDEX_HEAD = ("Waktu", "Oleh", "Berkas", "Untuk", "Tahun", "Keadaan", "Dibaca", "Diterima", "Bertanda", "Ditolak", "Bukan peserta", "Disimpan")


def _to(batch: RosterImport) -> str:
    return url_for("imports.show", batch=batch)


@bp.get("/impor")
@needs("agreement.draft")
def index():
    """All imports of the office and its villages."""
    year, state = request.args.get("tahun", type=int), request.args.get("keadaan", "")
    found, keep = intake.imports_of(db.session, year, state), KeepForm(data={"days": db.session.get_one(Installation, 1).keep_imports_days})
    return render_template("imports/index.html", found=found, states=STATES, years=[(each, each) for each in years_around()], keep=keep, villages=_villages())


def _villages() -> dict[str, Village]:
    return {each.code: each for each in db.session.scalars(select(Village).order_by(Village.code))}


@bp.get("/impor.<any(xlsx, csv):form>")
@needs("agreement.draft")
def export_index(form: str):
    """The same as a file."""
    found, villages = intake.imports_of(db.session, request.args.get("tahun", type=int), request.args.get("keadaan", "")), _villages()
    return table_file(form, "impor", INDEX_HEAD, [_as_row(each, villages) for each in found], ["Impor daftar peserta"])


def _as_row(batch: RosterImport, villages: dict[str, Village]) -> tuple[Any, ...]:
    totals = (batch.stored or batch.reading).facts if batch.stored or batch.reading else {}  # type: ignore[union-attr]
    counts = [totals.get(each, "") for each in ("read", "accepted", "flagged", "rejected", "not_people", "stored")]
    place = "semua desa" if batch.whole_office else villages[batch.village_code].full_name
    return (batch.at, batch.by.name, batch.name, place, batch.fiscal_year, STATES[batch.state], *counts)


@bp.route("/impor/baru", methods=["GET", "POST"])
@needs("agreement.draft")
@own_transactions
def new_office():
    """A list of all villages."""
    form = OfficeImportForm(rulebook(db.session), years_around(), year=str(clock.today().year))
    if request.method == "POST" and (answer := done_before()):
        return answer
    if form.finished():
        batch = importing.receive(*form.sent(), None, int(form.year.data), form.category.data, me())
        return done(_to(batch), _received(batch))
    return render_template("imports/new.html", form=form, agreement=None)


@bp.route("/perjanjian/<agreement:agreement>/peserta/impor", methods=["GET", "POST"])
@needs("roster.edit")
@own_transactions
def new(agreement: Agreement):
    """A list of one village."""
    agreement.refuse_when_held()
    form = ImportForm(rulebook(db.session), category=request.args.get("kelompok", ""))
    if request.method == "POST" and (answer := done_before()):
        return answer
    if form.finished():
        batch = importing.receive(*form.sent(), agreement, agreement.fiscal_year, form.category.data, me())
        return done(_to(batch), _received(batch))
    return render_template("imports/new.html", form=form, agreement=agreement)


def _received(batch: RosterImport) -> str:
    said = {"waiting": "Berkas diterima dan sedang dibaca.", "unreadable": "Berkas diterima, tetapi tabelnya tidak terbaca."}
    return said.get(batch.state, "Berkas diterima dan dibaca. Belum ada yang disimpan di daftar.")


@bp.get("/impor/<import:batch>")
@needs("roster.edit")
def show(batch: RosterImport):
    """What became of it: being read, refused, read and waiting for a yes, stored, taken back."""
    shown = {"batch": batch, "agreement": _agreement_of(batch), "states": STATES, "place": _place(batch)}
    if batch.state == "waiting":
        return render_template("imports/waiting.html", progress=importing.progress_of(batch), **shown)
    if batch.state != "read" or batch.deleted:
        why_not = intake.why_not_undo(db.session, batch) if batch.state == "stored" else ""
        return render_template("imports/ended.html", why_not=why_not, mine=_may_open(batch), villages=_villages(), fields=FIELDS, tables=_columns_of(batch), **shown)
    return render_template("imports/show.html", form=StoreForm(), mine=_may_open(batch), **_dry_page(importing.judge(batch), batch), **shown)


def _columns_of(batch: RosterImport) -> list[dict[str, Any]]:
    """The columns of a file in which no table was found, to be named by hand."""
    known = batch.state == "unreadable" and not batch.deleted and batch.newest("refused").reading_sha256  # type: ignore[union-attr]
    return [_table(number, each) for number, each in enumerate(importing.reading_of(batch).sheets)] if known else []


def _agreement_of(batch: RosterImport) -> Agreement | None:
    return db.session.get(Agreement, batch.agreement_id) if batch.agreement_id else None


def _place(batch: RosterImport) -> str:
    agreement = _agreement_of(batch)
    return f"{agreement.village.full_name}, tahun {agreement.fiscal_year}" if agreement else f"semua desa, tahun {batch.fiscal_year}"


def _dry_page(dry: Dry, batch: RosterImport) -> dict[str, Any]:
    rows = _filtered(dry)
    pages = max(1, -(-len(rows) // ON_A_PAGE))
    page = min(max(1, request.args.get("hal", 1, int)), pages)
    shown = {"dry": dry, "rows": rows[(page - 1) * ON_A_PAGE : page * ON_A_PAGE], "found": len(rows), "page": page, "pages": pages}
    options = [(each.village.code, each.village.full_name) for each in dry.villages if each.village]
    more = {"names": rulebook(db.session).category_names, "places": _villages() if batch.whole_office else {}, "village_options": options}
    return shown | more | {"masked": importing.masked_text, "fates": FATES, "fields": FIELDS, "tables": [_table(number, each) for number, each in enumerate(dry.reading.sheets)]}


def _table(number: int, sheet: SheetRead) -> dict[str, Any]:
    """A sheet with its columns, what each was taken for, and the letter that people call it by."""
    width = max([len(sheet.titles), *(each + 1 for each in sheet.columns.values())])
    titles = [*sheet.titles, *[""] * (width - len(sheet.titles))]
    columns = [{"place": place, "letter": _letter(place), "title": title, "taken": {slug for slug, at in sheet.columns.items() if at == place}} for place, title in enumerate(titles)]
    return {"number": number, "sheet": sheet, "columns": columns, "option": (sheet.name or "", sheet.name or "Tabel")}


def _letter(place: int) -> str:
    return (chr(64 + place // 26) if place >= 26 else "") + chr(65 + place % 26)


def _filtered(dry: Dry) -> list[Any]:
    return dry.look_for(*(request.args.get(each, "") for each in ("nasib", "lembar", "desa", "q")))


@bp.get("/impor/<import:batch>/kemajuan")
@needs("roster.edit")
def progress(batch: RosterImport):
    """How far the reading has come, for the page's script."""
    return jsonify(importing.progress_of(batch))


@bp.get("/impor/<import:batch>/baris.<any(xlsx, csv):form>")
@needs("roster.edit")
def export(batch: RosterImport, form: str):
    """The fate of every row as filtered, NIK masked."""
    if batch.state != "read" or batch.deleted:
        abort(404)
    noted_event("import.exported", f"import:{batch.id}", batch.village_code)
    names = rulebook(db.session).category_names
    rows = [_fate(each, names) for each in _filtered(importing.judge(batch))]
    return table_file(form, f"impor-{batch.id}", HEAD, rows, [f"Hasil pemeriksaan {batch.name}, belum disimpan", "NIK disamarkan"])


def _fate(each: Any, names: Any) -> tuple[Any, ...]:
    person = each.person
    return (
        each.sheet or "", each.row, FATES[each.outcome], "; ".join(each.remarks), person.name, importing.masked_text(person.nik), person.birth_on, person.sex,
        names.get(person.category, person.category), person.job, person.village_text,
    )  # fmt: skip


@bp.post("/impor/<import:batch>/baca")
@needs("roster.edit")
@own_transactions
def again(batch: RosterImport):
    """Read it again with what was corrected."""
    if answer := done_before():
        return answer
    answered = batch.newest("read", "refused")
    if batch.state not in ("read", "unreadable") or batch.deleted or answered is None or not answered.reading_sha256:
        abort(404)
    wishes, villages = wishes_in(request.form, importing.reading_of(batch), importing.wishes_of(batch.newest("asked")))
    importing.ask_again(batch, wishes, villages, me())
    return done(_to(batch), "Berkas dibaca sekali lagi dengan pilihan Anda.")


@bp.post("/impor/<import:batch>/simpan")
@needs("roster.edit")
@own_transactions
def store(batch: RosterImport):
    """Put what was shown on the lists."""
    if answer := done_before():
        return answer
    form = StoreForm()
    if not form.finished():
        raise Refused(" ".join(str(each) for errors in form.errors.values() for each in errors))
    ready = importing.prepare(batch, form.with_flagged.data, form.seen.data)
    begin_writing()
    people = importing.put_on_lists(batch, ready, form.joined(), **acting())
    return done(_to(batch), f"{people} orang masuk ke daftar kerja.")


@bp.post("/impor/<import:batch>/buang")
@needs("roster.edit")
def drop(batch: RosterImport):
    """Throw away what was not stored."""
    importing.drop(batch, me(), clock.now())
    to = url_for("rosters.show", agreement=_agreement_of(batch)) if batch.agreement_id else url_for("imports.index")
    return done(to, "Impor dibuang; berkasnya sudah dihapus. Daftar tidak berubah.")


@bp.post("/impor/<import:batch>/urungkan")
@needs("roster.edit")
def undo(batch: RosterImport):
    """Take the whole of it back."""
    people = intake.undo(db.session, batch, **acting())
    return done(_to(batch), f"Impor diurungkan: {people} orang dikeluarkan lagi dari daftar kerja.")


def _may_open(batch: RosterImport) -> bool:
    """The rows as they were sent hold whole NIK: they go back to who sent them, and to the office's legal staff."""
    return batch.by_id == me().id or me().role == "legal"


@bp.post("/impor/<import:batch>/perbaiki")
@needs("roster.edit")
def faulty(batch: RosterImport):
    """The rows that were not stored, as they were sent, with a column that says why: to be mended there and sent again."""
    if not _may_open(batch):
        abort(403)
    head, rows = importing.faulty_rows(batch)
    intake.tell(db.session, batch, "import.faulty", clock.now(), me(), rows=len(rows))
    commit_once(_to(batch))
    about = [f"Baris yang belum disimpan dari {batch.name}", "Perbaiki, lalu unggah berkas ini lagi; kolom Alasan diabaikan.", "Berisi NIK lengkap: hapus sesudah dipakai."]
    return table_file("xlsx", f"perbaiki-impor-{batch.id}", head, rows, about)


@bp.post("/impor/masa-simpan")
@needs("agreement.draft")
def keep():
    """How many days the files are kept."""
    form: FlaskForm = KeepForm()
    if not form.finished():
        abort(400)
    row = db.session.get_one(Installation, 1)
    audit.record(db.session, "import.kept", "installation:1", actor=me().login, at=clock.now(), days=form.days.data, before=row.keep_imports_days)
    row.keep_imports_days = form.days.data
    return done(url_for("imports.index"), f"Berkas impor berikutnya disimpan {form.days.data} hari, lalu dihapus sendiri.")
