"""Print sets for signing: choose villages, let the stored originals be put together, download, and note that they went out."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for

from workflows import Refused

from .. import clock
from ..access import needs
from ..acting import acting, me
from ..db import db
from ..doors import done
from ..forms.expedition import HandOverManyForm, PrintSetForm
from ..handing_out import noted_print_set
from ..models import PrintSet, expedition, print_sets
from ..models.agenda import accord_in_hand, office_in_hand
from ..models.overview import shown_year, villages, years
from ..models.print_sets import CONTENT_NAMES, CONTENTS, SHEETS, STATES
from ..uploads import storage
from .letters import pdf_answer

bp = Blueprint("print_sets", __name__, url_prefix="/cetak-tanda-tangan")


def _wanted() -> dict:
    """What the address asks for; chosen villages come as repeated ``agreement``."""
    content = request.values.get("content", "")
    return {
        "year": request.args.get("year", type=int) or shown_year(db.session, clock.today()),
        "content": content if content in CONTENTS else "naskah",
        "kecamatan": request.args.get("kecamatan", "")[:8],
    }


@bp.route("", methods=["GET", "POST"])
@needs("letters.issue")
def index():
    """Villages that are ready, those that are not and why; asking for a set settles what goes into it."""
    wanted = _wanted()
    form = PrintSetForm(list(CONTENT_NAMES.items()), list(SHEETS.items()), wanted["content"])
    if form.finished():
        ready, left = print_sets.survey(db.session, **wanted, codes=request.form.getlist("agreement") or ("-",))
        row = print_sets.order(db.session, ready, left, wanted["year"], _scope(), form.wishes(), me(), clock.now())
        return done(url_for("print_sets.show", print_set=row), f"{len(ready)} desa sedang disusun menjadi satu berkas.")
    ready, left = print_sets.survey(db.session, **wanted, codes=request.args.getlist("agreement"))
    places = {each.kecamatan_code: each.kecamatan.name for each in villages(db.session)}
    shown = {"ready": ready, "left": left, "places": places, "years": years(db.session), "contents": CONTENT_NAMES, "newest": print_sets.newest_sets(db.session)}
    return render_template("print_sets/index.html", form=form, states=STATES, **wanted, **shown)


def _scope() -> str:
    """Those who see the whole office see its sets."""
    office = office_in_hand(db.session)
    return me().scope or (f"{office.kabupaten_code}." if office else "")


@bp.get("/<print_set:print_set>")
@needs("letters.issue")
def show(print_set: PrintSet):
    """Being put together, ready, failed with its reason, or removed after its days."""
    accord = accord_in_hand(db.session)
    form = HandOverManyForm(accord.insurer.name if accord else "BPJS Ketenagakerjaan", clock.today())
    return render_template("print_sets/show.html", row=print_set, form=form, fallen=print_sets.fallen(db.session, print_set), states=STATES, contents=CONTENT_NAMES, sheets=SHEETS, kept=print_sets.KEPT)


@bp.get("/<print_set:print_set>/berkas.pdf")
@needs("letters.issue")
def download(print_set: PrintSet):
    """The PDF. Raises Refused when it is not ready, or a paper in it stands no longer."""
    fallen = print_sets.fallen(db.session, print_set)
    if print_set.sha256 is None or fallen:
        raise Refused(f"Jangan dicetak: {'; '.join(fallen)}. Minta susunan baru." if fallen else f"Berkas ini {STATES[print_set.state]}.")
    answer = pdf_answer(storage().get(print_set.sha256), f"tanda-tangan-{print_set.fiscal_year}-{print_set.id}.pdf", "attachment")
    noted_print_set(print_set)
    return answer


@bp.post("/<print_set:print_set>/coba-lagi")
@needs("letters.issue")
def again(print_set: PrintSet):
    """Try a failed set once more."""
    print_sets.again(print_set)
    return done(url_for("print_sets.show", print_set=print_set), "Disusun sekali lagi.")


@bp.post("/<print_set:print_set>/serahkan")
@needs("letters.issue")
def hand_over(print_set: PrintSet):
    """All villages of the set go out: one row of the expedition book each; a refusal writes none."""
    accord = accord_in_hand(db.session)
    form = HandOverManyForm(accord.insurer.name if accord else "BPJS Ketenagakerjaan", clock.today())
    if not form.finished():
        raise Refused("; ".join(f"{form[name].label.text}: {' '.join(map(str, said))}" for name, said in form.errors.items()))
    letters = print_sets.main_letters(db.session, print_set)
    for each in letters:
        to = each.addressee.replace("Desa ", "Kepala Desa ", 1) if form.recipient.data == "heads" else form.recipient.data
        title = f"{CONTENT_NAMES[print_set.content].split(', dengan')[0]}, rangkap 1 dan 2"
        expedition.hand_over(each, form.entry(recipient=to, title=title), **acting())
    return done(url_for("expedition.index", year=form.on.data.year), f"{len(letters)} pengiriman dicatat di buku ekspedisi.")
