"""The accord (induk): what it says, who signed, what it lacks. Every change writes the stages of all agreements afresh."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, url_for
from werkzeug.wrappers import Response

from .. import clock, uploads
from ..access import needs
from ..acting import acting, me
from ..db import db
from ..doors import done
from ..forms.accords import AccordForm, NumbersForm, SignatureForm, TerminationForm
from ..models import Accord, accords
from ..models.drafts import legal_bases
from ..models.lists import refresh_all

bp = Blueprint("accords", __name__, url_prefix="/induk")


def _saved(accord: Accord, message: str) -> Response:
    refresh_all(db.session, clock.today())
    return done(url_for("accords.show", accord=accord), message)


@bp.get("")
@bp.get("/<accord:accord>")
@needs("accord.see")
def show(accord: Accord | None = None):
    """One accord, the newest unless another is named."""
    all_of_them = accords.accords_newest_first(db.session)
    accord = accord or next(iter(all_of_them), None)
    ended = accords.termination_reason(accord) if accord and accord.terminated_on else ""
    return render_template("accords/show.html", accord=accord, all_of_them=all_of_them, ended=ended, names=accords.SIDES)


@bp.post("/baru")
@needs("accord.edit")
def create():
    """Begin the next accord."""
    accord = accords.draw_up(db.session, me(), clock.now())
    return done(url_for("accords.edit", accord=accord), "Induk baru dimulai. Lengkapi isinya.")


@bp.route("/<accord:accord>/ubah", methods=["GET", "POST"])
@needs("accord.edit")
def edit(accord: Accord):
    """Subject, date, period, mandate, legal bases."""
    accords.refuse_when_signed(accord)
    form = AccordForm(accord, legal_bases(db.session))
    if form.finished():
        accords.edit(accord, form.now(), form.chosen(), me(), clock.now())
        return _saved(accord, "Induk disimpan.")
    return render_template("accords/edit.html", accord=accord, form=form)


@bp.route("/<accord:accord>/nomor", methods=["GET", "POST"])
@needs("accord.edit")
def numbers(accord: Accord):
    """The two numbers."""
    form = NumbersForm(accord)
    if form.finished():
        accords.type_numbers(accord, form.kesatu.data or "", form.kedua.data or "", me(), clock.now())
        return _saved(accord, "Nomor induk disimpan.")
    return render_template("accords/numbers.html", accord=accord, form=form)


@bp.route("/<accord:accord>/tanda-tangan/<int:side>", methods=["GET", "POST"])
@needs("accord.edit")
def sign(accord: Accord, side: int):
    """Record a side's signature with its scan."""
    name = accords.SIDES.get(side) or abort(404)
    form = SignatureForm(accord, clock.today())
    if form.finished():
        accords.sign(accord, side, form.on.data, form.place.data, uploads.received("scan").whole.sha256, **acting())
        return _saved(accord, f"Tanda tangan {name} dicatat.")
    return render_template("accords/sign.html", accord=accord, form=form, side=side, name=name)


@bp.get("/<accord:accord>/pindaian/<int:side>")
@needs("accord.see")
def scan(accord: Accord, side: int):
    """The signed paper as it was sent in."""
    signature = accord.signature(side) or abort(404)
    response = Response(uploads.storage().get(signature.sha256), mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="induk-{accord.id}-pihak-{side}.pdf"'
    response.headers["Content-Security-Policy"] = "sandbox"
    return response


@bp.route("/<accord:accord>/akhiri", methods=["GET", "POST"])
@needs("accord.edit")
def terminate(accord: Accord):
    """End it before its time."""
    form = TerminationForm(data={"on": clock.today()})
    if form.finished():
        accords.terminate(accord, form.on.data, form.reason.data, me(), clock.now())
        return _saved(accord, "Induk diakhiri. Perjanjian desa yang bertanggal sesudahnya tidak lagi mempunyai induk yang berlaku.")
    return render_template("accords/terminate.html", accord=accord, form=form)
