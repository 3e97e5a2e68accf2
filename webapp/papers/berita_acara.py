"""Minutes of a meeting or a clarification, as its writer tells it; the head of the office signs for the office."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import object_session

from letters import parts as letter_parts
from letters.berita_acara.letter import Letter

from .. import clock
from ..models import Office
from ..models.reading import whoswho
from . import Order, parts


def usual(office: Office, on: date) -> dict[str, Any]:
    """What the form begins with."""
    return {"held_on": on}


def facts(office: Office, order: Order) -> Letter:
    """Its facts."""
    session, said = object_session(office), dict(order.answers)
    assert session is not None
    return Letter(
        contoh=order.contoh,
        paper=parts.paper(office),
        kop=parts.office_kop(office),
        number=order.number,
        dated_on=order.on,
        event=said.get("event") or None,
        held_on=said.get("held_on"),
        starts_at=said.get("starts_at") or None,
        zone=clock.at_office(clock.now()).tzname() or "WITA",
        venue=said.get("venue") or None,
        signer=parts.signer(whoswho(session).on("head_office", office.id, order.on), f"Kepala {office.name}"),
        second=letter_parts.Signer(name=said.get("second_name") or None, position=said.get("second_position") or "." * 30),
        present=said.get("present"),
        points=tuple(said.get("points") or ()),
        commitments=tuple(said.get("commitments") or ()),
        witnesses=tuple(map(_witness, said.get("witnesses") or ())),
    )


def _witness(line: str) -> letter_parts.Signer:
    """Name and position from one line; a title after the first comma ("S.H.") belongs to the name, so the last comma parts them."""
    name, _, position = line.rpartition(",")
    return letter_parts.Signer(name=(name or position).strip(), position=position.strip() if name else "Saksi")
