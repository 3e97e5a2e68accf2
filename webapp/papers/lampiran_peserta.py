"""Lampiran I: the pinned list, with full NIK: this paper is made to carry it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import object_session, undefer

from letters import parts as letter_parts
from letters.lampiran_peserta.letter import Letter

from ..models import Agreement, RosterVersionEntry
from . import Order, parts


def facts(agreement: Agreement, order: Order) -> Letter:
    """Its facts."""
    accord, version = parts.accord_of(agreement), parts.version_of(agreement)
    return Letter(
        contoh=order.contoh,
        paper=parts.paper(accord.office),
        agreement=parts.cited(agreement),
        village=parts.village(agreement.village),
        head=parts.signer(agreement.village_head(), f"Kepala Desa {agreement.village.name}"),
        groups=_groups(agreement, version.id),
        people=version.participants,
        place=agreement.village.name,
    )


def _groups(agreement: Agreement, version_id: int) -> tuple[letter_parts.Group, ...]:
    law, by_category = parts.book(agreement), {}
    session = object_session(agreement)
    assert session is not None
    people = session.scalars(
        select(RosterVersionEntry)
        .where(RosterVersionEntry.version_id == version_id)
        .order_by(RosterVersionEntry.position)
        .options(undefer(RosterVersionEntry.nik))
    )
    for each in people:
        by_category.setdefault(each.category, []).append(_person(agreement, each))
    return tuple(letter_parts.Group(category=law.category_names[slug], people=tuple(found)) for slug, found in by_category.items())


def _person(agreement: Agreement, each: RosterVersionEntry) -> letter_parts.Person:
    terms = parts.book(agreement).terms(agreement.fiscal_year, each.category)
    return letter_parts.Person(
        nik=each.nik, name=each.name, sex=each.sex, born_on=each.birth_on, post=each.job,
        programmes=terms.programmes if terms else (), wage_base=each.wage_base,
    )  # fmt: skip
