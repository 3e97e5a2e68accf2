"""Who signs letters in the head's name (a.n., u.b.), and by which order."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, url_for

from letters import all_kinds

from .. import clock
from ..access import needs
from ..acting import me
from ..db import db
from ..doors import done
from ..forms.delegations import DelegationForm, EndDelegationForm
from ..models import Delegation, delegations, officials
from ..models.agenda import office_in_hand
from ..models.delegations import DELEGABLE
from ..models.reading import whoswho

bp = Blueprint("delegations", __name__, url_prefix="/pejabat/atas-nama")


def _kinds() -> dict[str, str]:
    return {slug: all_kinds()[slug].title for slug in DELEGABLE if slug in all_kinds()}


@bp.get("")
@needs("officials.see")
def index():
    """All of them, the newest first."""
    return render_template("delegations/index.html", found=delegations.delegations(db.session), kinds=_kinds())


@bp.route("/baru", methods=["GET", "POST"])
@needs("officials.edit")
def new():
    """Let somebody sign in the head's name."""
    office = office_in_hand(db.session) or abort(404)
    head = whoswho(db.session).on("head_office", office.id, clock.today())
    form = DelegationForm(officials.officials_by_name(db.session), list(_kinds().items()), head.position if head else f"Kepala {office.name}", clock.today())
    if form.finished():
        row = delegations.delegate(db.session, office, form.delegation(), me(), clock.now())
        return done(url_for("delegations.index"), f"{row.official.name} menandatangani atas nama sejak {row.from_on:%d-%m-%Y}.")
    return render_template("delegations/new.html", form=form)


@bp.route("/<delegation:delegation>/akhiri", methods=["GET", "POST"])
@needs("officials.edit")
def end(delegation: Delegation):
    """Until when."""
    form = EndDelegationForm(clock.today())
    if form.finished():
        delegations.end_delegation(db.session, delegation, form.last.data, me(), clock.now())
        return done(url_for("delegations.index"), "Penandatanganan atas nama diakhiri.")
    return render_template("delegations/end.html", form=form, row=delegation)
