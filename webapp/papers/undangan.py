"""An invitation to the village heads: all of them, or those whose agreement is not active."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy.orm import object_session

from letters import parts as letter_parts
from letters.undangan.letter import PENDING, Invited, Letter
from workflows import STAGES

from .. import clock
from ..models import Office
from ..models.lists import newest_year
from ..models.overview import Standing, standings
from . import Order, parts

NAMES = {each.slug: each.title for each in STAGES}


def usual(office: Office, on: date) -> dict[str, Any]:
    """What the form begins with."""
    return {"event": "Rapat Koordinasi Jaminan Sosial Ketenagakerjaan Desa", "starts_at": "09.00", "fiscal_year": _year(office, on), "audience": PENDING}


def facts(office: Office, order: Order) -> Letter:
    """Its facts."""
    session = object_session(office)
    assert session is not None
    said = dict(order.answers)
    year = said.get("fiscal_year") or _year(office, order.on)
    pending = said.get("audience", PENDING) == PENDING
    return Letter(
        contoh=order.contoh,
        paper=parts.paper(office),
        kop=parts.office_kop(office),
        number=order.number,
        place=office.seat,
        dated_on=order.on,
        recipient=letter_parts.Recipient(title="Para Kepala Desa (daftar terlampir)", place="Tempat"),
        event=said.get("event") or None,
        fiscal_year=year,
        held_on=said.get("held_on"),
        starts_at=said.get("starts_at") or None,
        zone=clock.at_office(clock.now()).tzname() or "WITA",
        venue=said.get("venue") or None,
        topics=tuple(said.get("topics") or ()),
        bring=tuple(said.get("bring") or ()),
        pending=pending,
        invited=tuple(_invited(standings(session, order.on, year), pending)),
        pic=parts.contact(office),
        signer=parts.office_signer(office, order.kind, order.on),
        copies_to=office.copies_to,
    )


def _year(office: Office, on: date) -> int:
    session = object_session(office)
    assert session is not None
    return newest_year(session) or on.year


def _invited(rows: list[Standing], pending: bool) -> Iterator[Invited]:
    for each in rows:
        if each.stage != "active" or not pending:
            why = NAMES.get(each.stage, "Belum disusun") if pending else ""
            yield Invited(title=f"Kepala Desa {each.village.name}", kecamatan=each.village.kecamatan.name, why=why)
