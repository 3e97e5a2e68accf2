"""The accord."""

from __future__ import annotations

from sqlalchemy.orm import object_session

from letters.perjanjian_kerja_sama.letter import Letter

from ..models import Accord
from ..models.reading import rulebook
from . import Order, parts


def facts(accord: Accord, order: Order) -> Letter:
    """Its facts, with the signers of its date."""
    session = object_session(accord)
    assert session is not None
    return Letter(
        contoh=order.contoh,
        paper=parts.paper(accord.office),
        number=order.number or accord.number_kesatu or None,
        number_kedua=accord.number_kedua or None,
        dated_on=accord.dated_on,
        place=accord.place or accord.office.seat,
        subject=accord.about,
        kesatu=parts.party(accord, 1, accord.dated_on),
        kedua=parts.party(accord, 2, accord.dated_on),
        kabupaten=parts.region(accord.office),
        legal_bases=parts.bases(accord.bases),
        programmes=(parts.PROGRAMMES["JKK"], parts.PROGRAMMES["JKM"]),
        categories=tuple(each.name for each in rulebook(session).categories),
        starts_on=accord.valid_from,
        ends_on=accord.valid_until,
        court=parts.court(accord),
    )
