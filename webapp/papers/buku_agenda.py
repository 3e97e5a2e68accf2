"""The buku agenda of the year, straight from the register."""

from __future__ import annotations

from sqlalchemy.orm import object_session

from letters import parts as letter_parts
from letters.buku_agenda.letter import Letter

from .. import clock
from ..models import Letter as Registered
from ..models import Office
from ..models.agenda import agenda, gaps
from . import Order, parts


def facts(office: Office, order: Order) -> Letter:
    """Its facts, as the register stands now; missing numbers stand where they would be."""
    session, now = object_session(office), clock.at_office(clock.now())
    assert session is not None
    entries = [_entry(each) for each in agenda(session, order.on.year, office.unit)]
    missing = [letter_parts.AgendaEntry(seq=seq, state="hilang") for seq in gaps(session, order.on.year, office.unit)]
    return Letter(
        contoh=order.contoh,
        paper=parts.paper(office),
        kop=parts.office_kop(office),
        office=office.name,
        year=order.on.year,
        cut_off_on=order.on,
        cut_off_time=f"{now:%H.%M} {now.tzname()}",
        entries=tuple(sorted((*entries, *missing), key=lambda each: (each.seq, each.version))),
    )


def _entry(letter: Registered) -> letter_parts.AgendaEntry:
    assert letter.seq is not None
    return letter_parts.AgendaEntry(
        seq=letter.seq, number=letter.number, version=letter.version, dated_on=letter.dated_on, title=letter.title,
        addressee=letter.addressee or None, state=letter.state_name, reason=letter.void_reason or None,
    )  # fmt: skip
