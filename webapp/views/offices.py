"""The office and the insurer's branch: letterhead, numbering, layout."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request, url_for
from werkzeug.wrappers import Response

from .. import clock, uploads
from ..access import needs
from ..acting import me
from ..db import db
from ..doors import done
from ..forms.offices import TOKEN_WORDS, form_of
from ..models import Office, offices
from ..models.lists import refresh_all

bp = Blueprint("offices", __name__, url_prefix="/kantor")


@bp.route("", methods=["GET", "POST"])
@bp.route("/<office:office>", methods=["GET", "POST"])
@needs("office.edit")
def edit(office: Office | None = None):
    """How an office writes; the region's own unless another is named."""
    both = offices.offices_by_side(db.session)
    office = office or next(iter(both), None) or abort(404)
    form = form_of(office)
    if "preview" not in request.form and form.finished():
        offices.change_office(db.session, office, form.now(), me(), clock.now())
        refresh_all(db.session, clock.today())
        return done(url_for("offices.edit", office=office), "Data kantor disimpan.")
    return render_template("offices/edit.html", form=form, office=office, both=both, tokens=TOKEN_WORDS)


@bp.get("/<office:office>/lambang")
@needs("office.edit")
def emblem(office: Office):
    """The emblem as it was sent."""
    content = uploads.storage().get(office.emblem_sha256 or abort(404))
    return Response(content, mimetype="image/png" if content.startswith(b"\x89PNG") else "image/jpeg")
