"""What would be owed if: steps in the address, the difference by village and category, kept only when somebody asks for it."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask_login import current_user

from .. import clock
from ..access import needs
from ..acting import me
from ..db import db
from ..doors import done
from ..exports import table_file
from ..forms.simulations import STEPS, KeepForm
from ..menu import cutoff
from ..models import simulations, what_if
from ..models.overview import shown_year, villages
from ..models.reading import rulebook

bp = Blueprint("simulations", __name__, url_prefix="/simulasi")
HEAD = ("Kode", "Kecamatan", "Desa", "Orang sekarang", "Orang sesudahnya", "Iuran sekarang (Rp)", "Iuran sesudahnya (Rp)", "Selisih (Rp)")


def _question() -> what_if.Question:
    year = request.args.get("year", type=int) or shown_year(db.session, clock.today())
    return what_if.question(db.session, year, request.args.get("kecamatan", "")[:13], request.args.getlist("step"))


@bp.get("")
@needs("simulations.run")
def show():
    """The steps, the forms for more of them, and the difference."""
    asked, forms = _question(), [each() for each in STEPS]
    new = next((each.text() for each in forms if each.done()), None)
    if new is not None:
        return redirect(url_for("simulations.show", **asked.as_args(and_=new)))
    found, refusal = what_if.tried(db.session, asked)
    places = {each.kecamatan_code: each.kecamatan.name for each in villages(db.session) if each.is_desa}
    same = simulations.kept_like(db.session, asked)
    return render_template("simulations/show.html", asked=asked, forms=forms, found=found, refusal=refusal, places=places, same=same, keeping=KeepForm(), book=rulebook(db.session))


@bp.get("/unduh.<any(xlsx, csv):form>")
@needs("simulations.run")
def export(form: str):
    """The difference village by village, the sums of kecamatan and categories below."""
    found, book = what_if.answer(db.session, _question()), rulebook(db.session)
    steps = [each.sentence(book) for each in found.question.steps]
    return table_file(form, f"simulasi-iuran-{found.question.year}", HEAD, what_if.table(found), [f"Simulasi iuran {found.question.year}, {cutoff()}", *steps])


@bp.route("/simpan", methods=["GET", "POST"])
@needs("simulations.run")
def keep():
    """Give the question a name and keep it with the digest of its answer."""
    asked, form = _question(), KeepForm()
    if form.finished():
        row = simulations.keep(db.session, form.name.data.strip(), what_if.answer(db.session, asked), me(), clock.now())
        return done(url_for("simulations.show", **row.args), "Simulasi disimpan.")
    return render_template("simulations/keep.html", asked=asked, form=form, book=rulebook(db.session))


@bp.get("/tersimpan")
@needs("simulations.run")
def kept():
    """The simulations that were kept."""
    return render_template("simulations/kept.html", rows=simulations.kept(db.session), mine=current_user.id)


@bp.post("/tersimpan/<simulation:simulation>/hapus")
@needs("simulations.run")
def remove(simulation):
    """Take one's own away."""
    simulations.take_away(db.session, simulation, me(), clock.now())
    return done(url_for("simulations.kept"), "Simulasi dihapus.")
