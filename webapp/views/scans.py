"""The road of signed pages: choose the original, photograph page by page, place what cannot be read, record the signature."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, render_template, request, url_for

from workflows import Refused
from workflows.stages.signature import SIGNERS

from .. import clock, scans
from ..access import may, needs
from ..acting import acting, me
from ..db import begin_writing, db
from ..doors import commit_once, done, done_before, own_transactions
from ..forms.scans import BeginForm, PlaceForm
from ..forms.signatures import SignedForm
from ..handing_out import noted_file
from ..models import Agreement, Scan, ScanPage, collecting
from ..models.collecting import collected
from ..models.scans import PAPER_NAMES, PAPER_OF, SHORT
from ..models.signatures import why_not_sign
from ..uploads import storage
from .signatures import WORD_OF, WORDS

bp = Blueprint("scans", __name__)
RECORDERS = "signature.kesatu|signature.kedua|signature.annex"
LOOKERS = f"{RECORDERS}|signature.review"


def _to(scan: Scan) -> str:
    return url_for("scans.show", scan=scan)


def _agreement_of(scan: Scan) -> Agreement:
    return db.session.get(Agreement, scan.agreement_id) or abort(404)


def _check_may(paper: str) -> None:
    """Who may record none of the signatures on a paper collects no pages of it."""
    if not any(may(me(), f"signature.{signer}") for signer, of in PAPER_OF.items() if of == paper):
        abort(403)


@bp.route("/perjanjian/<agreement:agreement>/pindai/<any(perjanjian, lampiran):paper>", methods=["GET", "POST"])
@needs(RECORDERS)
def begin(agreement: Agreement, paper: str):
    """Which original is on the table: go on with it, or begin."""
    _check_may(paper)
    form = BeginForm()
    if form.finished():
        scan = collecting.begin(agreement, paper, form.rangkap.data, **acting())
        return done(_to(scan), "Silakan mulai memotret. Urutan halaman bebas.")
    return render_template("scans/begin.html", agreement=agreement, paper=paper, name=PAPER_NAMES[paper], **_standing(agreement, paper))


def _standing(agreement: Agreement, paper: str) -> dict:
    """How far each original has come, or why none can be collected; ``word`` names the signature that can be recorded the simple way."""
    mine = [signer for signer, of in PAPER_OF.items() if of == paper and may(me(), f"signature.{signer}")]
    word = next((WORD_OF[each] for each in mine if not why_not_sign(agreement, each, clock.today())), "")
    told = {"word": word, "why_not": "", "originals": [], "earlier": collecting.scans_of(agreement, paper)}
    try:
        collecting.check_open(agreement, paper, clock.today())
        letters = collecting.papers_of(agreement, paper)
    except Refused as refusal:
        return told | {"why_not": str(refusal)}
    for rangkap in sorted(each.rangkap for each in letters[0].renditions):
        scan = collecting.newest_scan(agreement, paper, rangkap)
        told["originals"].append((rangkap, scan, collected(scan, agreement) if scan else None))
    newest = {scan.id for _, scan, _ in told["originals"] if scan}
    return told | {"earlier": [each for each in told["earlier"] if each.id not in newest]}


@bp.get("/pindaian/<scan:scan>")
@needs(LOOKERS)
def show(scan: Scan):
    """How many pages have come, what is missing, and the one button."""
    agreement = _agreement_of(scan)
    return render_template("scans/show.html", scan=scan, agreement=agreement, signers=SIGNERS, word_of=WORD_OF, short=SHORT, in_words=collecting.pages_in_words, **_state(scan, agreement))


def _state(scan: Scan, agreement: Agreement) -> dict:
    mine = [signer for signer in scan.signers if may(me(), f"signature.{signer}")]
    why_not = {signer: why_not_sign(agreement, signer, clock.today()) for signer in scan.signers}
    told = {"found": None, "problem": "", "mine": mine, "why_not": why_not, "latest": collecting.newest_scan(agreement, scan.paper, scan.rangkap)}
    try:
        return told | {"found": collected(scan, agreement), "open": bool(mine) and not all(why_not.values())}
    except Refused as refusal:
        return told | {"problem": str(refusal), "open": False}


@bp.post("/pindaian/<scan:scan>")
@needs(RECORDERS)
@own_transactions
def send(scan: Scan):
    """One page, or a file of many: each is acknowledged by itself, and what came stays."""
    _check_may(scan.paper)
    if answer := done_before():
        return answer
    files = [(each.read(), each.filename or "foto") for each in request.files.getlist("page") if each.filename]
    brought = scans.take_in(scan, files, me())
    commit_once(_to(scan))
    for category, sentence in brought.sentences:
        flash(sentence, category)
    return Response(status=303, headers={"Location": _to(scan)})


@bp.get("/halaman-pindai/<scanned:scanned>")
@needs(LOOKERS)
def page(scanned: ScanPage):
    """The whole page beside the printed original."""
    scan, agreement = scanned.scan, _agreement_of(scanned.scan)
    placement = next((each for each in reversed(scan.placements) if each.scan_page_id == scanned.id), None)
    letter, number = (placement.letter, placement.page) if placement and placement.page else (scanned.letter, scanned.page)
    beside = scans.address(scans.printed_page(letter, scan.rangkap, number)) if letter and number else ""
    return render_template("scans/page.html", page=scanned, picture=_shown(scanned), scan=scan, agreement=agreement, placement=placement, letter=letter, number=number, beside=beside, short=SHORT)


def _shown(scanned: ScanPage) -> str:
    """The straightened picture for a page; where it shows people, that is noted first."""
    noted_file(scanned.picture)
    return scans.address(storage().get(scanned.picture.sha256))


@bp.post("/halaman-pindai/<scanned:scanned>/pakai")
@needs(RECORDERS)
def use(scanned: ScanPage):
    """The newer one counts from now on; the earlier one is kept."""
    _check_may(scanned.scan.paper)
    slot = collecting.use(scanned, _agreement_of(scanned.scan), **acting())
    return done(_to(scanned.scan), f"{slot.name}: foto ini yang dipakai. Yang lain tetap tersimpan.")


@bp.route("/halaman-pindai/<scanned:scanned>/tempatkan", methods=["GET", "POST"])
@needs(RECORDERS)
def place(scanned: ScanPage):
    """By hand, with a reason; who confirms the signature sees it."""
    _check_may(scanned.scan.paper)
    agreement = _agreement_of(scanned.scan)
    form = PlaceForm(collected(scanned.scan, agreement), scanned.letter_id is not None)
    if form.finished():
        slot = collecting.place(scanned, agreement, form.slot.data, form.reason.data, **acting())
        return done(_to(scanned.scan), f"Ditempatkan sebagai {slot.name}." if slot else "Halaman ini tidak dipakai; fotonya tetap tersimpan.")
    return render_template("scans/place.html", page=scanned, picture=_shown(scanned), scan=scanned.scan, agreement=agreement, form=form, short=SHORT)


@bp.route("/pindaian/<scan:scan>/<any(kesatu, kedua, lampiran):word>", methods=["GET", "POST"])
@needs(RECORDERS)
@own_transactions
def record(scan: Scan, word: str):
    """All pages are there: record the signature upon them."""
    signer, agreement = WORDS[word], _agreement_of(scan)
    if not may(me(), f"signature.{signer}"):
        abort(403)
    if request.method == "POST" and (answer := done_before()):
        return answer
    found = collecting.check_ready(scan, agreement, signer, clock.today())
    form = SignedForm(agreement.village.name if signer == "annex" else agreement.place, agreement.dated_on, clock.today())
    if form.finished():
        return _recorded(scan, agreement, signer, form)
    return render_template("scans/record.html", scan=scan, agreement=agreement, signer=signer, signers=SIGNERS, form=form, found=found)


def _recorded(scan: Scan, agreement: Agreement, signer: str, form: SignedForm):
    built = scans.build(scan)
    begin_writing()
    if answer := done_before():
        return answer
    scans.prove(scan, built, signer, form.on.data, form.place.data, me())
    return done(url_for("signatures.show", agreement=agreement), f"Tanda tangan {SIGNERS[signer]} dicatat. Orang lain perlu mengonfirmasinya.")
