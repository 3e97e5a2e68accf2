"""Who holds which post: gaps, overlaps and terms about to end first, then everybody."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request, url_for
from werkzeug.wrappers import Response

from .. import clock, exports
from ..access import needs
from ..acting import me
from ..db import db
from ..doors import done
from ..forms.officials import CAPACITY_NAMES, KINDS, STATES, ChangeTermForm, NewTermForm, fits
from ..models import Tenure, officials
from ..models.lists import refresh_all
from ..models.reading import whoswho

bp = Blueprint("officials", __name__, url_prefix="/pejabat")


def _saved(message: str) -> Response:
    refresh_all(db.session, clock.today())
    return done(url_for("officials.index"), message)


def _filters() -> dict[str, str]:
    return {"kind": request.args.get("jabatan", ""), "state": request.args.get("keadaan", ""), "words": request.args.get("cari", "").strip()}


@bp.get("")
@needs("officials.see")
def index():
    """Troubles, terms that end, all posts."""
    every, filters = officials.seats(db.session, clock.today()), _filters()
    shown = [each for each in every if fits(each, **filters)]
    troubles = whoswho(db.session).troubles()
    return render_template("officials/index.html", every=every, shown=shown, troubles=troubles, filters=filters, kinds=KINDS, states=STATES)


@bp.get("/unduh.<any(xlsx, csv):form>")
@needs("officials.see")
def export(form: str):
    """The posts as filtered."""
    shown = [each for each in officials.seats(db.session, clock.today()) if fits(each, **_filters())]
    return exports.table_file(form, "pejabat", officials.TABLE_HEAD, [officials.as_row(each, CAPACITY_NAMES) for each in shown])


@bp.route("/jabatan/<seat_key>", methods=["GET", "POST"])
@needs("officials.edit")
def new(seat_key: str):
    """A new term in a post."""
    seat = next((each for each in officials.seats(db.session, clock.today()) if each.key == seat_key), None) or abort(404)
    form = NewTermForm(officials.officials_by_name(db.session))
    if form.finished():
        officials.add_tenure(db.session, seat, form.chosen(), form.term(), form.end_former.data, me(), clock.now())
        return _saved(f"Masa jabatan {seat.title} dicatat.")
    return render_template("officials/new.html", seat=seat, form=form, names=CAPACITY_NAMES)


@bp.route("/masa-jabatan/<tenure:tenure>", methods=["GET", "POST"])
@needs("officials.edit")
def edit(tenure: Tenure):
    """End a term, correct a decree or a name."""
    form = ChangeTermForm(tenure)
    if form.finished():
        officials.change_tenure(db.session, tenure, form.term(), form.person(), me(), clock.now())
        return _saved(f"Masa jabatan {tenure.post.title} dibetulkan.")
    return render_template("officials/edit.html", tenure=tenure, form=form)
