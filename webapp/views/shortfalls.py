"""Budgets that are short: who, of how much, since which month; and the letters about it, looked at first, then numbered in one go."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for

from letters import PressStopped
from letters import kind as kind_of
from workflows import NotYet, Open, Refused

from .. import clock
from ..access import may, needs
from ..acting import me
from ..db import db
from ..doors import commit_once
from ..exports import table_file
from ..issuing import reserve
from ..menu import cutoff
from ..models import Agreement
from ..models.agreements import agreement_coded
from ..models.budgets import KINDS
from ..models.overview import shown_year, years
from ..models.reading import rulebook
from ..models.shortfalls import KIND, Filters, Listing, Short, by_kecamatan, listing, short_of, villages_of
from ..papers import open_needs

bp = Blueprint("shortfalls", __name__, url_prefix="/kekurangan-anggaran")
HEAD = (
    "Kode", "Desa", "Kecamatan", "Tahun", "Kelompok", "Kebutuhan (Rp)", "Tertutup anggaran (Rp)", "Kurang (Rp)", "Bulan belum tertutup", "Mulai bulan iuran",
    "Jendela berikutnya", "Dibuka", "Ditutup", "Dasar jendela", "Sumber terlarang",
)  # fmt: skip
HEAD_SUMS = ("Kode kecamatan", "Kecamatan", "Desa yang kurang", "Desa dengan daftar beku", "Desa", "Kebutuhan desa yang kurang (Rp)", "Tertutup anggaran (Rp)", "Kurang (Rp)")


def _year() -> int:
    return request.args.get("year", type=int) or shown_year(db.session, clock.today())


def _listed() -> Listing:
    return listing(db.session, clock.today(), _year(), Filters.of(request.args), request.args.get("sort", ""))


@bp.get("")
@needs("villages.list|report.see")
def index():
    """Per village and category; who sees figures only is shown kecamatan."""
    if not may(me(), "villages.list"):
        return render_template("shortfalls/sums.html", year=_year(), years=years(db.session), parts=by_kecamatan(db.session, clock.today(), _year()))
    found, book = _listed(), rulebook(db.session)
    places = {each.village.kecamatan_code: each.village.kecamatan.name for each in found.places}
    choices = {"places": places, "years": years(db.session), "categories": book.category_names, "sources": book.fund_sources}
    return render_template("shortfalls/index.html", found=found, year=_year(), filters=Filters.of(request.args), kinds=KINDS, **choices)


@bp.get("/unduh.<any(xlsx, csv):form>")
@needs("villages.list|report.see")
def export(form: str):
    """The same rows as a file."""
    about = f"Kekurangan anggaran tahun {_year()}, {cutoff()}"
    if not may(me(), "villages.list"):
        rows = [(*each[:2], *_sums(each[2])) for each in by_kecamatan(db.session, clock.today(), _year())]
        return table_file(form, f"kekurangan-anggaran-{_year()}", HEAD_SUMS, rows, [about])
    found = _listed()
    counted = f"{found.sums.villages} dari {found.sums.of} desa; {found.sums.reckoned} desa memiliki daftar peserta yang dibekukan"
    return table_file(form, f"kekurangan-anggaran-{_year()}", HEAD, [_row(each) for each in found.rows], [about, counted])


def _sums(each) -> tuple:
    return (each.villages, each.reckoned, each.of, each.due, each.covered, each.short)


def _row(each: Short) -> tuple:
    short, opening = each.shortage, each.opening if each.shortage.short else None
    window = (f"{KINDS[opening.window.document]} {opening.fiscal_year}", opening.opens_on, opening.closes_on, opening.window.article) if opening else ("", None, None, "")
    broken = "; ".join(f"{rule.fund_source} ({rule.article})" for rule in each.broken)
    return (
        each.village.code, each.village.name, each.village.kecamatan.name, _year(), each.name, short.due, short.covered, short.short,
        len(short.months), short.runs_out, *window, broken,
    )  # fmt: skip


@bp.get("/surat")
@needs("letters.issue")
def letters():
    """Who would get a letter now, and who would not and why. Nothing is numbered yet."""
    ready = [(each, _open(each)) for each in villages_of(_listed().rows)]
    return render_template("shortfalls/letters.html", year=_year(), filters=Filters.of(request.args), kind=kind_of(KIND), ready=ready, short_of=short_of)


def _open(agreement: Agreement) -> tuple[Open, ...]:
    if agreement.hold:
        return (Open("held", "Perjanjian berjalan", agreement.hold.reason, "legal", "", None, 0),)
    return open_needs(KIND, agreement, clock.today())


@bp.post("/surat")
@needs("letters.issue")
def issue():
    """A letter for each village that was ticked, all in one transaction: what can be numbered is, the rest is told with its reason."""
    wanted = [agreement_coded(db.session, each) for each in dict.fromkeys(request.form.getlist("agreement"))]
    outcome = [(each, *_reserved(each)) for each in wanted if each is not None]
    commit_once(url_for("letters.queue"))
    return render_template("letters/issued_many.html", kind=kind_of(KIND), outcome=outcome)


def _reserved(agreement: Agreement) -> tuple:
    try:
        with db.session.begin_nested():  # a refusal gives its number back and touches nobody else's
            return reserve(KIND, agreement, me()), None
    except (NotYet, Refused, PressStopped) as error:
        return None, error
