"""Letters of the office itself: about no single village, numbered from the same register. Also the office's accord and its print-outs."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request, url_for

from letters import Kind, all_kinds, kind

from .. import clock
from ..access import needs
from ..acting import me
from ..db import db
from ..doors import done, own_transactions
from ..forms.asking import answers_of, asking_form
from ..issuing import preview as print_preview
from ..issuing import reserve
from ..jobs import press
from ..models import Accord, Office
from ..models.agenda import accord_in_hand, letters_of_office, office_in_hand
from ..papers import open_needs
from .letters import known_kind, pdf_answer

bp = Blueprint("office_letters", __name__, url_prefix="/kantor")


def _about(slug: str) -> Accord | Office:
    """What a paper of the office is about: its accord, or the office itself."""
    known = kind(known_kind(slug, "accord", "kabupaten"))
    return (accord_in_hand(db.session) if known.about == "accord" else office_in_hand(db.session)) or abort(404)


def _offered() -> list[Kind]:
    """Kinds that the office writes: no print-out of the register, and not the accord, which has a page of its own."""
    accord = accord_in_hand(db.session)
    mine = [each for each in all_kinds().values() if each.about in ("kabupaten", "accord") and not each.printout and (each.numbered == "drawn" or each.asks)]
    return [each for each in mine if each.about == "kabupaten" or (accord is not None and each.slug != accord.kind)]


@bp.get("/naskah")
@needs("letters.register")
def index():
    """What the office can write, and what it has written."""
    return render_template("office_letters/index.html", kinds=_offered(), rows=letters_of_office(db.session))


@bp.route("/naskah/<slug>", methods=["GET", "POST"])
@needs("letters.issue")
def write(slug: str):
    """Fill in what the kind asks, look at it, then number and print it."""
    about = _about(slug)
    form = asking_form(kind(slug), about)
    if form.finished():
        letter = reserve(slug, about, me(), form.answers())
        return done(url_for("letters.show", letter=letter), f"{letter.title}: {f'nomor {letter.number} dicadangkan' if letter.seq else 'dicatat'}, sedang dicetak.")
    return render_template("office_letters/write.html", kind=kind(slug), form=form, missing=open_needs(slug, about, clock.today()))


@bp.route("/pratinjau/<slug>", methods=["GET", "POST"])
@own_transactions
@needs("letters.issue")
def preview(slug: str):
    """A paper of the office as it would print now; answers to its questions come by POST. Nothing changes."""
    about = _about(slug)
    answers = answers_of(kind(slug), about) if request.method == "POST" else None
    return pdf_answer(print_preview(slug, about, press(), answers), f"konsep-{slug}.pdf")


@bp.post("/terbitkan/<slug>")
@needs("letters.issue")
def issue(slug: str):
    """Number and print a paper that asks nothing, such as the accord."""
    letter = reserve(slug, _about(slug), me())
    return done(url_for("letters.show", letter=letter), f"{letter.title} sedang dicetak.")
