"""How long what is kept: the classes, agreements that must stay as they are, the dry run, and the yes that erases."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, url_for

from .. import clock
from ..access import needs
from ..acting import acting, me
from ..db import db
from ..doors import done
from ..exports import table_file
from ..forms.retention import ClassForm, EraseForm, HoldForm, ReleaseForm
from ..models import Agreement, Installation, RetentionClass, retention
from ..models.agreements import agreement_coded
from ..models.rules import CONFIDENCE

bp = Blueprint("retention", __name__, url_prefix="/masa-simpan")
DRY_HEAD = ("Desa", "Tahun", "Berakhir", "Boleh dihapus sejak", "Versi beku", "Orang di versi beku", "Orang di daftar kerja", "Perubahan bulanan", "Keadaan")


def _days() -> int:
    return db.session.get_one(Installation, 1).keep_imports_days


def _index(form: HoldForm) -> str:
    held, found = retention.standing_holds(db.session), retention.dry_run(db.session, clock.today())
    shown = {"classes": retention.classes(db.session), "days": _days(), "confidence": CONFIDENCE, "erased": retention.erasures(db.session)}
    return render_template("retention/index.html", held=held, dry=found, form=form, release=ReleaseForm(formdata=None), **shown)


@bp.get("")
@needs("retention.see")
def index():
    """The classes, the holds, and what is due."""
    return _index(HoldForm(retention.holdable(db.session)))


@bp.route("/kelas/<slug>", methods=["GET", "POST"])
@needs("retention.edit")
def edit(slug: str):
    """Change a class."""
    row = db.session.get(RetentionClass, slug) or abort(404)
    form = ClassForm(row, _days())
    if form.finished():
        retention.change_class(db.session, row, form.now(), me(), clock.now())
        return done(url_for("retention.index"), f"{row.name}: {row.span(_days())}.")
    return render_template("retention/edit.html", row=row, form=form)


@bp.post("/penahanan")
@needs("retention.hold")
def hold():
    """From now on nothing of an agreement is deleted."""
    form = HoldForm(retention.holdable(db.session))
    if not form.finished():
        return _index(form), 422
    agreement = agreement_coded(db.session, form.agreement.data) or abort(404)
    retention.place_hold(agreement, form.reason.data, me(), clock.now())
    return done(url_for("retention.index"), f"{agreement.village.full_name}, {agreement.fiscal_year} ditahan dari penghapusan.")


@bp.post("/penahanan/<agreement:agreement>/lepas")
@needs("retention.hold")
def release(agreement: Agreement):
    """The ordinary times hold again."""
    form = ReleaseForm()
    retention.release_hold(agreement, form.reason.data or "", me(), clock.now())
    return done(url_for("retention.index"), f"Penahanan {agreement.village.full_name}, {agreement.fiscal_year} dilepas.")


@bp.get("/uji-coba.<any(xlsx, csv):form>")
@needs("retention.see")
def export(form: str):
    """What erasing would touch, and what it would not, as a file."""
    found = retention.dry_run(db.session, clock.today())
    states = (("dapat dihapus", found.due), ("ditahan", found.held), ("belum waktunya", found.later))
    rows = [(each.agreement.village.full_name, each.agreement.fiscal_year, each.ends_on, each.due_on if found.years else None, *each.counts, state) for state, part in states for each in part]
    return table_file(form, "masa-simpan", DRY_HEAD, rows, [f"Uji coba penghapusan per {clock.today():%d-%m-%Y}; tidak ada yang dihapus"])


@bp.route("/hapus", methods=["GET", "POST"])
@needs("retention.edit")
def erase():
    """The dry run in full, and the yes."""
    form = EraseForm()
    if form.finished():
        lists, people = retention.erase(db.session, form.seen.data or "", **acting())
        return done(url_for("retention.index"), f"Data pribadi {people} orang pada {lists} perjanjian dihapus.")
    return render_template("retention/erase.html", dry=retention.dry_run(db.session, clock.today()), form=form)
