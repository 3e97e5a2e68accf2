"""An amendment: what lies between the list that stood and the one frozen since, with full NIK: this paper is made to carry it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import undefer

from letters.adendum.letter import Altered, Difference, Earlier, Letter, Moved, ShareChange
from letters.indonesian import blth, rupiah, tanggal_angka

from ..models import Agreement, RosterChange, RosterVersionEntry, amending, comparing
from ..models.changes import KINDS, LEAVING
from ..models.comparing import Comparison, Side, compare
from . import Order, parts


def facts(agreement: Agreement, order: Order) -> Letter:
    """Its facts: those of the amendment that carries the order's number, or of the one that waits."""
    accord, its = parts.accord_of(agreement), amending.adendum_numbered(agreement, order.number)
    found, law = _compared(agreement, its), parts.book(agreement)
    notes = _notes(agreement, (each.person.nik_index for each in found.left))
    return Letter(
        contoh=order.contoh,
        paper=parts.paper(accord.office),
        ordinal=its.ordinal if its else 1,
        number=order.number,
        number_kedua=agreement.typed_number(its.owner) if its else None,
        place=accord.office.seat,
        kesatu=parts.party(accord, 1, order.on),
        kedua=parts.party(accord, 2, order.on),
        village=parts.village(agreement.village),
        head=parts.village_head(agreement, order.on),
        agreement=parts.cited(agreement),
        own_text=agreement.takeover is None,
        earlier=_earlier(agreement, its),
        version_before=its.before.number if its else 0,
        version=its.after.number if its else 0,
        came=tuple(_moved(agreement, each, law.category_names) for each in found.came),
        left=tuple(_moved(agreement, each, law.category_names, notes.get(each.person.nik_index)) for each in found.left),
        altered=tuple(_altered(each, law.category_names) for each in found.changed),
        shares=tuple(_share(each, law.category_names) for each in found.effects if not each.same),
        people_before=found.before.staying(),
        people=found.after.staying(),
        yearly_before=found.before.total(),
        yearly=found.after.total(),
        blth_from=agreement.month_first,
        blth_until=agreement.month_last,
        months=parts.count_months(agreement),
    )


def _compared(agreement: Agreement, its: amending.Adendum | None) -> Comparison:
    """The two lists with their NIK opened in one go; two empty ones while there is no amendment."""
    if its is None:
        return compare(Side("", (), ()), Side("", (), ()))
    whole = select(RosterVersionEntry).where(RosterVersionEntry.version_id.in_((its.before.id, its.after.id)))
    opened = agreement._session.scalars(whole.options(undefer(RosterVersionEntry.nik))).all()
    sides = (Side("", tuple(each.people), tuple(each.owed)) for each in (its.before, its.after))
    found = compare(*sides, list(parts.book(agreement).category_names))
    assert opened  # held until here, so that no NIK is read a second time
    return found


def _notes(agreement: Agreement, indexes: Iterable[str]) -> dict[str, str]:
    """Why and when people left, as it was recorded."""
    mine = (RosterChange.agreement_id == agreement.id, RosterChange.kind.in_(LEAVING), RosterChange.nik_index.in_(list(indexes)))
    rows = agreement._session.scalars(select(RosterChange).where(*mine).order_by(RosterChange.id))
    return {each.nik_index: f"{KINDS[each.kind]} {tanggal_angka(each.on)}" for each in rows}


def _earlier(agreement: Agreement, its: amending.Adendum | None) -> tuple[Earlier, ...]:
    before = [each for each in amending.adenda(agreement) if its and each.ordinal < its.ordinal]
    return tuple(Earlier(ordinal=each.ordinal, number=each.letter.number, dated_on=each.letter.dated_on) for each in before if each.letter)


def _moved(agreement: Agreement, each: comparing.Change, names: Any, note: str | None = None) -> Moved:
    person, covered = each.person, each.after is not None
    return Moved(
        nik=person.nik, name=person.name, sex=person.sex, born_on=person.birth_on, category=names.get(person.category, person.category),
        post=person.job, wage_base=person.wage_base, effect=each.effect, note=note,
        blth_from=(person.month_first or agreement.month_first) if covered else None,
        blth_until=(person.month_last or agreement.month_last) if covered else None,
    )  # fmt: skip


def _altered(each: comparing.Change, names: Any) -> Altered:
    told = tuple(
        Difference(label=one.label, before=_value(one, one.before, each.before, names), after=_value(one, one.after, each.after, names)) for one in each.differences
    )
    return Altered(nik=each.after.nik, name=each.after.name, category=names.get(each.after.category, each.after.category), differences=told, effect=each.effect)


def _value(one: comparing.Difference, value: Any, person: Any, names: Any) -> str:
    if one.field == "nik":
        return person.nik
    if one.field == "wage_base":
        return rupiah(value)
    if one.field.startswith("month"):
        return blth(value) if value else "sepanjang Perjanjian"
    if isinstance(value, date):
        return tanggal_angka(value)
    return names.get(value, value) if one.field == "category" else value


def _share(each: comparing.Effect, names: Any) -> ShareChange:
    return ShareChange(
        category=names.get(each.category, each.category), people_before=each.people_before, people_after=each.people_after,
        yearly_before=each.due_before, yearly_after=each.due_after,
    )  # fmt: skip
