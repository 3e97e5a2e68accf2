"""The administrator's page: how the service itself stands, and what to do next."""

from __future__ import annotations

from itertools import groupby

from flask import Blueprint, render_template, url_for

from .. import clock, exports, heads, issuing, upkeep
from ..access import needs
from ..acting import me
from ..db import db
from ..doors import done
from ..forms.upkeep import ExplainForm
from ..models import Letter
from ..uploads import storage

bp = Blueprint("upkeep", __name__, url_prefix="/keadaan")


def _shown(form: ExplainForm) -> str:
    lines = upkeep.look(db.session, storage())
    sections = [(name, list(found)) for name, found in groupby(lines, key=lambda each: each.section)]
    return render_template("upkeep/show.html", sections=sections, counts=upkeep.counts(lines), names=upkeep.STATES, form=form)


@bp.get("")
@needs("upkeep.see")
def show():
    """Every line, section by section."""
    return _shown(ExplainForm(formdata=None))


@bp.get("/unduh.<any(xlsx, csv):form>")
@needs("upkeep.see")
def export(form: str):
    """The same as a file."""
    rows = [upkeep.as_row(each) for each in upkeep.look(db.session, storage())]
    return exports.table_file(form, "keadaan-layanan", upkeep.TABLE_HEAD, rows, [f"Keadaan layanan per {clock.today():%d-%m-%Y}"])


@bp.post("/naskah/<letter:letter>/coba-lagi")
@needs("upkeep.mend")
def retry(letter: Letter):
    """Print a stuck letter once more."""
    issuing.retry(letter, me())
    return done(url_for("upkeep.show"), f"{letter.title} {letter.number} dicetak sekali lagi dengan nomor yang sama.")


@bp.post("/jelaskan")
@needs("upkeep.mend")
def explain():
    """Say why the trail contradicts a head outside; from then on numbers are given again."""
    form = ExplainForm()
    if not form.finished():
        return _shown(form), 422
    explained = heads.explain(db.session, storage(), form.reason.data, me())
    return done(url_for("upkeep.show"), "Dijelaskan: " + "; ".join(str(each) for each in explained) + ".")
