"""The buku agenda of a year, straight from the register."""

from __future__ import annotations

from sqlalchemy.orm import object_session

from letters import parts as letter_parts
from letters.buku_agenda.letter import Letter

from .. import clock
from ..models import Office
from ..models.agenda import AgendaRow, all_rows, check_register
from . import Order, parts

# A number written by hand is out like any other; the paper says so beside it.
SAID = {"by_hand": "terbit"}


def facts(office: Office, order: Order) -> Letter:
    """Its facts, as the register stands now; missing numbers stand where they would be. ``year`` and ``unit`` among the answers choose."""
    session, now = object_session(office), clock.at_office(clock.now())
    assert session is not None
    year, unit = order.answers.get("year") or order.on.year, order.answers.get("unit") or None
    rows = [each for each in all_rows(session, year) if unit in (None, each.unit)]
    missing = check_register(session, year, unit).gaps
    several = len({each.unit for each in (*rows, *missing)}) > 1
    entries = [_entry(each, several) for each in rows]
    entries += [letter_parts.AgendaEntry(seq=each.seq, unit=each.unit if several else None, state="hilang") for each in missing]
    return Letter(
        contoh=order.contoh,
        paper=parts.paper(office),
        kop=parts.office_kop(office),
        office=office.name,
        year=year,
        cut_off_on=order.on,
        cut_off_time=f"{now:%H.%M} {now.tzname()}",
        entries=tuple(sorted(entries, key=lambda each: (each.unit or "", each.seq, each.version))),
    )


def _entry(row: AgendaRow, several: bool) -> letter_parts.AgendaEntry:
    reason = row.reason or ("ditulis tangan" if row.state == "by_hand" else None)
    return letter_parts.AgendaEntry(
        seq=row.seq, unit=row.unit if several else None, number=row.number or None, version=row.version, dated_on=row.dated_on, title=row.title or None,
        addressee=row.addressee or None, state=SAID.get(row.state, row.state_name), reason=reason,
    )  # fmt: skip
