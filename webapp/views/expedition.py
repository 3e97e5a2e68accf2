"""The expedition book: what was handed to whom, its receipts, on paper and as a file."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for

from .. import clock
from ..access import needs
from ..acting import acting
from ..db import db
from ..doors import done
from ..exports import table_file
from ..forms.expedition import HandOverForm, ReceiptForm
from ..issuing import preview
from ..jobs import press
from ..models import ExpeditionEntry, Letter, expedition
from ..models.agenda import office_in_hand
from ..models.expedition import HOW, OUTCOMES
from .letters import pdf_answer

bp = Blueprint("expedition", __name__)
PER_PAGE = 100
STATES = {"open": "belum ada tanda terima"} | OUTCOMES
HEAD = ("Tanggal kirim", "Naskah", "Nomor naskah", "Rangkap", "Kepada", "Cara", "Dibawa oleh", "Dicatat oleh", "Keadaan", "Tanggal terima", "Diterima oleh", "Alasan kembali", "Tanda terima dicatat", "Oleh")


def _wanted() -> dict:
    return {"year": request.args.get("year", clock.today().year, int), "state": request.args.get("state", ""), "wanted": request.args.get("q", "")[:80]}


@bp.get("/ekspedisi")
@needs("letters.register")
def index():
    """The book of a year, newest row first; what has no receipt yet can be receipted together."""
    wanted, page = _wanted(), max(1, request.args.get("hal", 1, int))
    rows = expedition.expedition(db.session, **wanted)[::-1]
    paging = {"page": page, "pages": max(1, -(-len(rows) // PER_PAGE)), "found": len(rows), "open": sum(each.state == "open" for each in rows)}
    years = expedition.expedition_years(db.session, wanted["year"])
    return render_template("expedition/index.html", rows=rows[(page - 1) * PER_PAGE : page * PER_PAGE], years=years, states=STATES, how=HOW, **wanted, **paging)


@bp.get("/ekspedisi/unduh.<any(xlsx, csv):form>")
@needs("letters.register")
def export(form: str):
    """The same rows as a file, oldest first."""
    wanted = _wanted()
    return table_file(form, f"ekspedisi-{wanted['year']}", HEAD, [_row(each) for each in expedition.expedition(db.session, **wanted)], [f"Buku ekspedisi {wanted['year']}"])


def _row(each: ExpeditionEntry) -> tuple:
    receipt = each.receipt
    ended = (receipt.on, receipt.received_by, receipt.reason, receipt.at, receipt.by.name) if receipt else (None, "", "", None, "")
    return (each.on, each.title, each.number, each.rangkap, each.recipient, HOW[each.how], each.carrier, each.by.name, STATES[each.state], *ended)


@bp.get("/ekspedisi/cetak.pdf")
@needs("letters.register")
def book():
    """The same rows on paper."""
    office, wanted = office_in_hand(db.session) or abort(404), _wanted()
    answers = {"year": wanted["year"], "state": wanted["state"], "q": wanted["wanted"]}
    return pdf_answer(preview("buku_ekspedisi", office, press(), answers), f"ekspedisi-{wanted['year']}.pdf", "attachment")


@bp.route("/surat/<letter:letter>/serahkan", methods=["GET", "POST"])
@needs("letters.issue")
def hand_over(letter: Letter):
    """A single paper goes to somebody."""
    form = HandOverForm(letter.addressee.replace("Desa ", "Kepala Desa ", 1) if letter.agreement_id else letter.addressee, clock.today())
    if form.finished():
        expedition.hand_over(letter, form.entry(), **acting())
        return done(url_for("letters.show", letter=letter), f"Penyerahan {letter.title} dicatat di buku ekspedisi.")
    return render_template("expedition/hand_over.html", letter=letter, form=form)


@bp.route("/ekspedisi/<expedition:handed>/tanda-terima", methods=["GET", "POST"])
@needs("letters.issue")
def receive(handed: ExpeditionEntry):
    """Who received it, or why it came back."""
    form = ReceiptForm(handed.on, clock.today())
    if handed.receipt is None and form.finished():
        expedition.receive(handed, form.outcome.data, form.on.data, form.received_by.data or "", form.reason.data or "", **acting())
        return done(url_for("expedition.index", year=handed.on.year), f"{handed.title}: {OUTCOMES[form.outcome.data]}.")
    return render_template("expedition/receive.html", entry=handed, form=form, how=HOW, states=STATES)


@bp.post("/ekspedisi/tanda-terima")
@needs("letters.issue")
def receive_many():
    """Receipts of one day for all that were ticked, each by the one it was sent to."""
    rows = [each for id_ in request.form.getlist("entry") if id_.isdigit() and (each := db.session.get(ExpeditionEntry, int(id_)))]
    if not rows:
        flash("Pilih dahulu pengiriman yang sudah diterima.", "warning")
        return redirect(url_for("expedition.index"), 303)
    count = expedition.receive_many(rows, clock.today(), "", **acting())
    return done(url_for("expedition.index", year=rows[0].on.year), f"{count} tanda terima dicatat hari ini.")
