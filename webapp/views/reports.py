"""The recap by kecamatan: aggregates only, no person and no NIK."""

from flask import Blueprint, render_template, request

from .. import clock
from ..access import needs
from ..db import db
from ..exports import table_file
from ..menu import cutoff
from ..models.overview import by_kecamatan, shown_year, standings, totals, years
from ..presentation import STAGE_NAMES

bp = Blueprint("reports", __name__)
HEAD = ("Kode kecamatan", "Kecamatan", "Desa", *STAGE_NAMES.values(), "Lewat batas waktu", "Peserta terdaftar", "Peserta aktif", "Iuran setahun (Rp)", "Dianggarkan (Rp)", "Kurang (Rp)", "Dibayar (Rp)")


def _year() -> int:
    return request.args.get("year", type=int) or shown_year(db.session, clock.today())


@bp.get("/laporan")
@needs("report.see")
def show():
    """Villages per stage, people and rupiah by kecamatan."""
    rows = standings(db.session, clock.today(), _year())
    return render_template("reports/show.html", year=_year(), years=years(db.session), totals=totals(rows), kecamatan=by_kecamatan(rows))


@bp.get("/laporan/unduh.<any(xlsx, csv):form>")
@needs("report.see")
def export(form: str):
    """The same figures as a file; the last row is the sum."""
    rows = standings(db.session, clock.today(), _year())
    parts = [*by_kecamatan(rows), ("", "Jumlah", totals(rows))]
    return table_file(form, f"rekap-kecamatan-{_year()}", HEAD, [_row(*each) for each in parts], [f"Rekap per kecamatan tahun {_year()}, {cutoff()}"])


def _row(code, name, each):
    return (code, name, each.villages, *each.stages.values(), each.overdue, each.people, each.covered, each.owed, each.budgeted, each.short, each.paid)
