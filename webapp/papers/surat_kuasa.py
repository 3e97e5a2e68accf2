"""A mandate under the accord: the Bupati to the head of the office, or the head to who stands in for him."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy.orm import object_session

from letters import parts as letter_parts
from letters.indonesian import tanggal
from letters.surat_kuasa.letter import REGION, STAND_IN, Letter, Person

from ..models import Accord, Tenure
from ..models.reading import whoswho
from . import Order, parts


def usual(accord: Accord, on: date) -> dict[str, Any]:
    """What the form begins with: the mandate as the accord records it."""
    return {"giver": STAND_IN if _stands_in(accord, on) else REGION, "number": "" if _stands_in(accord, on) else accord.mandate_number}


def facts(accord: Accord, order: Order) -> Letter:
    """Its facts."""
    said = dict(usual(accord, order.on)) | dict(order.answers)
    giver, receiver = _stand_in(accord, order, said) if said["giver"] == STAND_IN else _region(accord, order, said)
    region = said["giver"] == REGION
    return Letter(
        contoh=order.contoh,
        paper=parts.paper(accord.office),
        number=said.get("number") or None,
        place=accord.office.seat,
        dated_on=accord.mandate_on if region else order.on,
        giver=giver,
        receiver=receiver,
        on_behalf_of=accord.office.above,
        subject=accord.about,
        insurer=accord.insurer.name,
        resting_on=None if region or not accord.mandate else f"Surat Kuasa {accord.mandate_by} Nomor {accord.mandate_number} tanggal {tanggal(accord.mandate_on)}",  # type: ignore[arg-type]
        starts_on=(accord.mandate_on or accord.valid_from) if region else order.on,
        ends_on=accord.valid_until,
    )


def _region(accord: Accord, order: Order, said: Mapping[str, Any]) -> tuple[Person, Person]:
    name = accord.mandate_by or f"Bupati {parts.region(accord.office).removeprefix('Kabupaten ')}"
    giver = letter_parts.Signer(name=said.get("giver_name") or None, position=name)
    return Person(signer=giver, seat=said.get("giver_seat") or accord.office.seat), Person(signer=_head(accord, order.on), seat=accord.office.address)


def _stand_in(accord: Accord, order: Order, said: Mapping[str, Any]) -> tuple[Person, Person]:
    terms = [each for each in _terms(accord) if each.holds_on(order.on)]
    lasting = next((each for each in terms if each.capacity != "plh"), None)
    acting = next((each for each in terms if each.capacity == "plh"), None)
    giver = parts.signer(lasting, f"Kepala {accord.office.name}")
    receiver = parts.signer(acting, f"Kepala {accord.office.name}") if acting else replace(giver, name=None, capacity="Plh.", rank=None, number_label="NIP", number=None)
    typed = {name: value for name, value in (("name", said.get("receiver_name")), ("number", said.get("receiver_number"))) if value}
    return Person(signer=giver, seat=accord.office.address), Person(signer=replace(receiver, **typed), seat=accord.office.address)


def _head(accord: Accord, on: date) -> letter_parts.Signer:
    """The head who receives the Bupati's mandate: not one who only stands in for him for some days."""
    terms = [each for each in _terms(accord) if each.holds_on(on) and each.capacity != "plh"]
    return parts.signer(terms[-1] if terms else None, f"Kepala {accord.office.name}")


def _stands_in(accord: Accord, on: date) -> bool:
    return any(each.holds_on(on) and each.capacity == "plh" for each in _terms(accord))


def _terms(accord: Accord) -> list[Tenure]:
    session = object_session(accord)
    assert session is not None
    return whoswho(session).terms("head_office", accord.office.id)
