"""The expedition book, straight from its rows; and the sheet that goes along with a print set, to be receipted by hand."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy.orm import object_session

from letters.buku_ekspedisi.letter import Handed, Letter

from .. import clock
from ..models import ExpeditionEntry, Office, PrintSet
from ..models.expedition import HOW, expedition
from ..models.print_sets import CONTENT_NAMES
from . import Order, parts

STATES = {"open": "belum", "received": "diterima", "returned": "kembali"}


def facts(office: Office, order: Order) -> Letter:
    """Its facts, as the book stands now; ``year``, ``state`` and ``q`` among the answers narrow it as the page did."""
    session = object_session(office)
    assert session is not None
    year = order.answers.get("year") or order.on.year
    state, words = order.answers.get("state", ""), order.answers.get("q", "")
    narrowed = [each for each in (f"yang {STATES[state]}" if state in STATES else "", f"dengan kata «{words}»" if words else "") if each]
    about = f"Tahun {year}" + (f", {', '.join(narrowed)}" if narrowed else "")
    return _letter(office, order, about=about, entries=tuple(_row(each) for each in expedition(session, year, state, words)))


def sheet(office: Office, row: PrintSet, order: Order) -> Letter:
    """One line for each village of a print set, with room for date, name and signature."""
    bundles = [(code, list(found)) for code, found in groupby(row.originals, itemgetter("village"))]
    return _letter(
        office,
        order,
        sheet=True,
        about=f"Naskah untuk ditandatangani, tahun anggaran {row.fiscal_year}",
        entries=tuple(_bundle(row.content, found) for _, found in bundles),
        left_out=tuple(f"{village}: {reason}" for village, reason in row.missing),
    )


def _letter(office: Office, order: Order, **more: Any) -> Letter:
    now = clock.at_office(clock.now())
    same = {"contoh": order.contoh, "paper": parts.paper(office), "kop": parts.office_kop(office), "office": office.name}
    return Letter(**same, cut_off_on=order.on, cut_off_time=f"{now:%H.%M} {now.tzname()}", **more)


def _bundle(content: str, found: list[dict[str, Any]]) -> Handed:
    first = found[0]
    copies = " dan ".join(dict.fromkeys(str(each["rangkap"]) for each in found))
    detail = f"Rangkap {copies}, {sum(each['pages'] for each in found)} halaman"
    return Handed(title=CONTENT_NAMES[content].split(", dengan")[0], number=first["number"], detail=detail, recipient=f"Kepala Desa {first['name']}, Kec. {first['kecamatan']}")


def _row(each: ExpeditionEntry) -> Handed:
    receipt = each.receipt
    return Handed(
        on=each.on, title=each.title, number=each.number or None, detail=f"Rangkap {each.rangkap}" if each.rangkap else None, recipient=each.recipient,
        how=HOW[each.how], carrier=each.carrier or None, state=STATES[each.state], received_on=receipt.on if receipt else None,
        received_by=receipt.received_by or None if receipt else None, reason=receipt.reason or None if receipt else None,
    )  # fmt: skip
