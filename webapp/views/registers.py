"""The register itself: its series, numbers set aside to be written by hand, and the count that finds no gap and no duplicate."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request, url_for

from letters import all_kinds

from .. import clock
from ..access import needs
from ..acting import acting
from ..db import db
from ..doors import done
from ..exports import table_file
from ..forms.registers import BlockForm, EndSeriesForm, SeriesForm, UseForm
from ..heads import refuse_when_older
from ..models import NumberBlock, SeriesRule, blocks, series
from ..models.agenda import check_register, office_in_hand
from ..models.letters import ROMAN, number_text
from ..uploads import storage

bp = Blueprint("registers", __name__, url_prefix="/agenda")
CHECK_HEAD = ("Seri", "Tahun", "Nomor urut", "Temuan", "Keterangan")


def _drawn_kinds() -> dict[str, str]:
    """Kinds of letters that draw a number."""
    return {each.slug: each.title for each in all_kinds().values() if each.numbered == "drawn"}


@bp.get("/periksa")
@needs("letters.register")
def check():
    """Every series counted anew."""
    year = request.args.get("year", type=int)
    return render_template("registers/check.html", found=check_register(db.session, year), year=year)


@bp.get("/periksa.<any(xlsx, csv):form>")
@needs("letters.register")
def export(form: str):
    """What was found, as a file; only its head when nothing was."""
    found = check_register(db.session, request.args.get("year", type=int))
    kinds = (("hilang", found.gaps), ("ganda", found.duplicates), ("salah tempat", found.misplaced), ("disisihkan, belum dicatat", found.waiting))
    rows = [(each.unit, each.year, each.seq, kind, each.why) for kind, places in kinds for each in places]
    return table_file(form, "periksa-register", CHECK_HEAD, rows, [f"Seri {each.unit} {each.year}: mulai {each.start}, berikutnya {each.next}" for each in found.series])


@bp.get("/seri")
@needs("letters.register|office.edit")
def index():
    """The series and what each is for; the administrator adds one."""
    office, kinds = office_in_hand(db.session) or abort(404), _drawn_kinds()
    rules = series.series_rules(db.session)
    return render_template("registers/series.html", office=office, kinds=kinds, rules=rules, counted=check_register(db.session, clock.today().year).series)


@bp.route("/seri/baru", methods=["GET", "POST"])
@needs("office.edit")
def new():
    """A series for some kinds of letters, from a day on."""
    office = office_in_hand(db.session) or abort(404)
    form = SeriesForm(list(_drawn_kinds().items()), office.number_pattern, clock.today())
    if form.finished():
        rule = series.add_series(db.session, office, form.rule(), **acting())
        return done(url_for("registers.index"), f"Seri {rule.name} berlaku mulai {rule.valid_from:%d-%m-%Y}.")
    return render_template("registers/new.html", form=form)


@bp.route("/seri/<series_rule:rule>/akhiri", methods=["GET", "POST"])
@needs("office.edit")
def end(rule: SeriesRule):
    """Until when a series is chosen."""
    form = EndSeriesForm(clock.today())
    if form.finished():
        series.end_series(db.session, rule, form.last.data, **acting())
        return done(url_for("registers.index"), f"Seri {rule.name} berakhir.")
    return render_template("registers/end.html", form=form, rule=rule)


@bp.route("/blok", methods=["GET", "POST"])
@needs("letters.void")
def aside():
    """Numbers set aside, and the form that sets more aside."""
    office = office_in_hand(db.session) or abort(404)
    form = BlockForm(series.units(db.session, office), clock.today())
    if form.finished():
        refuse_when_older(db.session, storage())
        start = next((each.start for each in series.series_rules(db.session) if each.unit == form.unit.data), 1)
        block = blocks.reserve_block(db.session, form.unit.data, form.year.data, start, form.count.data, form.reason.data, **acting())
        return done(url_for("registers.block", block=block), f"Nomor urut {block.first} sampai {block.last} disisihkan.")
    return render_template("registers/blocks.html", form=form, found=blocks.blocks(db.session))


@bp.get("/blok/<block:block>")
@needs("letters.register")
def block(block: NumberBlock):
    """Every number of a block and what became of it."""
    return render_template("registers/block.html", block=block, usual=_usual(block, block.first))


def _usual(block: NumberBlock, seq: int) -> str:
    """How a number of the block would read; its class is written in by hand."""
    office, on = office_in_hand(db.session) or abort(404), clock.today()
    on = on if on.year == block.year else on.replace(year=block.year, month=1, day=1)
    pattern = series.pattern_of(db.session, office, block.unit, on)
    return number_text(pattern, klas="000", urut=seq, unit=block.unit, romawi=ROMAN[on.month], bulan=f"{on.month:02}", tahun=block.year, kode_desa="")


@bp.route("/blok/<block:block>/<int:number>", methods=["GET", "POST"])
@needs("letters.void")
def account(block: NumberBlock, number: int):
    """What one number was used for, or that it is void."""
    if not block.first <= number <= block.last:
        abort(404)
    form = UseForm(block, number, _usual(block, number))
    if form.finished():
        use = blocks.account_for(block, form.use(), **acting())
        return done(url_for("registers.block", block=block), f"Nomor urut {number} {'dicatat' if use.outcome == 'used' else 'dibatalkan'}.")
    return render_template("registers/account.html", block=block, number=number, form=form)
