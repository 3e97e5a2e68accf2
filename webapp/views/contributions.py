"""What is owed, from the kabupaten down to the person, each figure opening to its derivation; and the discounts that BPJS switched on."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request, url_for

from .. import clock
from ..access import may, needs
from ..acting import me
from ..db import db
from ..doors import done
from ..exports import table_file
from ..forms.discounts import SwitchForm
from ..menu import cutoff
from ..models import contributions, rules
from ..models.lists import refresh_all
from ..models.overview import shown_year, years
from ..models.reading import rulebook

bp = Blueprint("contributions", __name__, url_prefix="/iuran")
LINES = (
    "Kode desa", "Desa", "Kecamatan", "Kelompok", "Segmen", "Dasar upah (Rp)", "Orang", "Bulan pertama", "Bulan terakhir", "Bulan",
    "Iuran per orang sebulan (Rp)", "Iuran sebulan (Rp)", "Jumlah iuran (Rp)", "Asal angka",
)  # fmt: skip


def _account() -> contributions.Account:
    year = request.args.get("year", type=int) or shown_year(db.session, clock.today())
    return contributions.account(db.session, contributions.Where.of(request.args, year)) or abort(404)


def _shares(account: contributions.Account) -> list[contributions.Share]:
    """People are for those who may see lists of them."""
    return contributions.shares(db.session, account.whole) if account.where.level == "person" and may(me(), "roster.see") else []


@bp.get("")
@needs("contributions.see")
def show():
    """The parts of the part looked at; the address holds which one."""
    account, book = _account(), rulebook(db.session)
    return render_template("contributions/show.html", account=account, where=account.where, shares=_shares(account), years=years(db.session), book=book)


@bp.get("/unduh.<any(xlsx, csv):form>")
@needs("contributions.see")
def export(form: str):
    """The same table as a file, with a column per month; the last row is the sum."""
    account = _account()
    head, rows = contributions.as_table(account, _shares(account))
    about = [f"Iuran menurut daftar yang dibekukan, tahun {account.where.year}, {cutoff()}", "Bulan iuran: " + (f"{account.where.month:%m-%Y}" if account.where.month else "semua")]
    return table_file(form, f"iuran-{account.where.year}", head, rows, about)


@bp.get("/rincian.<any(xlsx, csv):form>")
@needs("contributions.see")
def lines(form: str):
    """Every frozen row behind the figures, with its derivation."""
    account = _account()
    rows = contributions.lines_table(account, rulebook(db.session).category_names)
    return table_file(form, f"iuran-rincian-{account.where.year}", LINES, rows, [f"Rincian iuran tahun {account.where.year}, {cutoff()}"])


@bp.get("/potongan")
@needs("discounts.see")
def discounts():
    """Which discounts there are, and for whom BPJS switched them on."""
    return render_template("contributions/discounts.html", **rules.discounts(db.session), words=rules.CONFIDENCE)


@bp.route("/potongan/<slug>", methods=["GET", "POST"])
@needs("discounts.switch")
def switch(slug: str):
    """BPJS says of a payer whether the discount holds."""
    form = SwitchForm(rules.adjustment_named(db.session, slug) or abort(404))
    if form.finished():
        rules.switch_discount(db.session, form.adjustment, form.said(), me(), clock.now())
        refresh_all(db.session, clock.today())
        return done(url_for("contributions.discounts"), "Pemberlakuan potongan dicatat.")
    return render_template("contributions/switch.html", form=form)
