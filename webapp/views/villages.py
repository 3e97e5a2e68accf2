"""All villages of the person's scope, and the page of one village's agreement."""

from flask import Blueprint, redirect, render_template, request, url_for

from letters import all_kinds
from workflows import STAGES, whole_road

from .. import clock
from ..access import ROLES, needs
from ..db import db
from ..exports import table_file
from ..history import history_of
from ..menu import cutoff
from ..models.amending import open_adendum
from ..models.overview import (
    Filters,
    Standing,
    agreements_of,
    by_category,
    chosen,
    in_order,
    shown_year,
    standing,
    standings,
    unasked,
    villages,
    years,
)
from ..presentation import STAGE_NAMES

bp = Blueprint("villages", __name__)
PER_PAGE = 120
HEAD = (
    "Kode", "Desa", "Kecamatan", "Tahun", "Tahap", "Yang belum", "Rincian", "Giliran", "Lewat batas (hari)", "Peserta",
    "Iuran setahun (Rp)", "Dianggarkan (Rp)", "Kurang (Rp)", "Dibayar (Rp)", "Jeda",
)  # fmt: skip


def _year() -> int:
    return request.args.get("year", type=int) or shown_year(db.session, clock.today())


def _chosen() -> tuple[list[Standing], int]:
    """What the address asks for, and out of how many."""
    rows = standings(db.session, clock.today(), _year())
    return in_order(chosen(rows, Filters.of(request.args)), request.args.get("sort", "")), len(rows)


@bp.get("/desa")
@needs("villages.list")
def index():
    """The list; its address holds filters, order and page."""
    if request.args.get("kind") == "kelurahan":
        return render_template("villages/kelurahan.html", rows=[each for each in villages(db.session) if not each.is_desa])
    (rows, of), all_units = _chosen(), villages(db.session)
    page = max(1, request.args.get("hal", 1, int))
    paging = {"page": page, "pages": max(1, -(-len(rows) // PER_PAGE)), "found": len(rows), "of": of}
    choices = {"places": {each.kecamatan_code: each.kecamatan.name for each in all_units}, "years": years(db.session), "kinds": _kinds(), "unasked": unasked(db.session)}
    shown = rows[(page - 1) * PER_PAGE : page * PER_PAGE]
    return render_template("villages/index.html", rows=shown, year=_year(), filters=Filters.of(request.args), **choices, **paging)


def _kinds() -> list[tuple[str, str]]:
    return [(each.slug, each.title) for each in all_kinds().values() if each.about == "agreement"]


@bp.get("/desa/unduh.<any(xlsx, csv):form>")
@needs("villages.list")
def export(form: str):
    """The same list as a file."""
    rows, of = _chosen()
    return table_file(form, f"desa-{_year()}", HEAD, [_row(each) for each in rows], [f"{len(rows)} dari {of} desa, tahun {_year()}, {cutoff()}"])


def _row(each: Standing) -> tuple:
    first = each.first
    return (
        each.village.code, each.village.name, each.village.kecamatan.name, _year(), STAGE_NAMES[each.stage],
        first.sentence if first else "", first.because if first else "", ROLES.get(each.turn, ""), each.days_late, each.people,
        each.owed, each.budgeted, each.short, each.paid, each.hold.reason if each.hold else "",
    )  # fmt: skip


@bp.get("/desa/<village:village>")
@needs("village.see")
def show(village):
    """Leads to the newest agreement, or says that there is none yet."""
    found = agreements_of(db.session, village)
    if found:
        return redirect(url_for("villages.agreement", agreement=found[0]))
    return render_template("villages/show.html", village=village)


@bp.get("/perjanjian/<agreement:agreement>")
@needs("village.see")
def agreement(agreement):
    """One village and year: where it stands, what closes each open sentence, papers, evidence, people, money, history."""
    others = [each for each in agreements_of(db.session, agreement.village) if each.id != agreement.id]
    road, place = whole_road(agreement, clock.today()), standing(agreement.village, agreement, clock.today())
    offered = next((each.letters for each in STAGES if each.slug == place.stage), STAGES[-1].letters)
    offered = (*offered, *(["adendum"] if open_adendum(agreement) else ()))
    kinds = sorted(_kinds(), key=lambda each: each[0] not in offered)
    told = {"kinds": kinds, "offered": offered, "history": history_of(db.session, agreement), "categories": by_category(agreement), "others": others}
    return render_template("villages/agreement.html", agreement=agreement, standing=place, road=road, **told)
