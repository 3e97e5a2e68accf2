"""The first page of everybody: what is to do, where the villages stand, who is still pending."""

from flask import Blueprint, redirect, render_template, url_for
from flask_login import current_user

from .. import clock
from ..access import needs
from ..db import db
from ..jobs import stuck_letters
from ..models.corrections import open_requests
from ..models.overview import REMIND, by_kecamatan, chosen, shown_year, standings, tasks, totals, waiting

bp = Blueprint("dashboard", __name__)


@bp.get("/")
@needs("own.account")
def show():
    """By role; a village's first page is its own."""
    if current_user.role == "village":
        return redirect(url_for("home.show"))
    if current_user.role == "admin":
        return render_template("dashboard/admin.html")
    year = shown_year(db.session, clock.today())
    rows = standings(db.session, clock.today(), year)
    figures = {"stuck_letters": stuck_letters, "totals": totals(rows), "kecamatan": by_kecamatan(rows), "waiting": waiting(rows), "remind": (len(chosen(rows, REMIND)), REMIND), "asked": open_requests(db.session, clock.now())}
    return render_template(f"dashboard/{PAGES[current_user.role]}.html", year=year, rows=rows, tasks=tasks(rows, current_user.role), **figures)


PAGES = {"legal": "office", "bagian_hukum": "office", "approver": "office", "bpjs": "bpjs", "camat": "camat", "monitor": "monitor"}
