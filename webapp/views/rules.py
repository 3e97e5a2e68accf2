"""The law as data: shown with source and confidence to the office, written by the administrator."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, url_for
from werkzeug.wrappers import Response

from workflows.agreement import CONDITIONS

from .. import clock, exports
from ..access import needs
from ..acting import me
from ..db import db
from ..doors import done
from ..forms.tariffs import KINDS, EndForm
from ..models import rules
from ..models.lists import refresh_all
from ..models.reading import rulebook
from ..models.tariffs import payers

bp = Blueprint("rules", __name__, url_prefix="/aturan")


def _saved(message: str) -> Response:
    refresh_all(db.session, clock.today())
    return done(url_for("rules.index"), message)


@bp.get("")
@needs("rules.see")
def index():
    """Everything the office reckons with."""
    shown = rules.all_rules(db.session)
    book = rulebook(db.session)
    return render_template("rules/index.html", **shown, book=book, payers=payers(book.fund_sources), conditions=CONDITIONS, words=rules.CONFIDENCE)


@bp.get("/<kind>/unduh.<any(xlsx, csv):form>")
@needs("rules.see")
def export(kind: str, form: str):
    """A kind of rule with all that is known of it."""
    rows = rules.rows_of(db.session, (KINDS.get(kind) or abort(404)).model)
    return exports.table_file(form, f"aturan-{kind}", rows[0], rows[1:])


@bp.route("/<kind>/baru", methods=["GET", "POST"])
@needs("rules.edit")
def new(kind: str):
    """A new rule."""
    form = (KINDS.get(kind) or abort(404))(None)
    if form.finished():
        rules.save_rule(db.session, form.model(), form.now(), me(), clock.now())
        return _saved(f"{form.title} ditambahkan.")
    return render_template("rules/edit.html", form=form, kind=kind)


@bp.route("/<kind>/<key>", methods=["GET", "POST"])
@needs("rules.edit")
def edit(kind: str, key: str):
    """A standing rule, where its kind may be changed."""
    known = KINDS.get(kind) or abort(404)
    form = known((known.changes and rules.rule_by_key(db.session, known.model, key)) or abort(404))
    if form.finished():
        rules.save_rule(db.session, form.row, form.now(), me(), clock.now())
        return _saved(f"{form.title} disimpan.")
    return render_template("rules/edit.html", form=form, kind=kind)


@bp.route("/<kind>/<key>/akhiri", methods=["GET", "POST"])
@needs("rules.edit")
def end(kind: str, key: str):
    """Say until when a dated rule holds; what it said stays."""
    known = KINDS.get(kind) or abort(404)
    row, form = (known.ends and rules.rule_by_key(db.session, known.model, key)) or abort(404), EndForm()
    if form.finished():
        rules.end_rule(db.session, row, form.last.data, form.why.data, me(), clock.now())
        return _saved(f"{row.label} berakhir.")
    return render_template("rules/end.html", form=form, row=row)


@bp.post("/<kind>/<key>/hapus")
@needs("rules.edit")
def remove(kind: str, key: str):
    """Take a rule out, where its kind may be taken out."""
    known = KINDS.get(kind) or abort(404)
    row = (known.removes and rules.rule_by_key(db.session, known.model, key)) or abort(404)
    rules.remove_rule(db.session, row, me(), clock.now())
    return _saved(f"{known.title} dihapus.")
