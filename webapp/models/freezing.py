"""Freezing: the working list becomes an immutable version with its people and what they owe; after signing it opens an amendment."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import undefer

from workflows import Refused
from workflows.contributions import Owed, missing_rates, owed
from workflows.stages.draft import is_signed

from ..seal import blind_index
from .reading import rulebook
from .rosters import Equal, RosterEntry, RosterVersion, RosterVersionEntry, RosterVersionOwed, groups_of
from .rules import Rulebook

if TYPE_CHECKING:
    from .agreements import Agreement
    from .users import User


@dataclass(frozen=True)
class Reckoning:
    """The working list as it would be frozen now: people in the order of the annex, what they owe, and the digest that names both."""

    entries: tuple[RosterEntry, ...]
    rows: tuple[Owed, ...]
    digest: str

    @property
    def flagged_open(self) -> int:
        """People with a doubt that nobody has cleared."""
        return sum(each.flagged for each in self.entries)

    @property
    def lines(self) -> tuple[RosterVersionOwed, ...]:
        """The sums as the version would hold them."""
        return tuple(RosterVersionOwed(**_row(each)) for each in self.rows)


def reckon(agreement: Agreement) -> Reckoning:
    """What freezing would hold. Raises Refused when the list is empty, unchanged, or a category has no terms or rate for the year."""
    book = rulebook(agreement._session)
    rank = {each.slug: each.rank for each in book.categories}
    open_particulars(agreement)
    entries = sorted(agreement.entries, key=lambda each: (rank[each.category], each.name, each.nik_index))
    if not entries:
        raise Refused("Daftar peserta masih kosong.")
    sums = _owed_rows(book, agreement, Counter((each.category, each.wage_base, each.month_first, each.month_last) for each in entries))
    found = Reckoning(tuple(entries), sums, _digest(entries, agreement.months, sums))
    newest = agreement.versions[-1] if agreement.versions else None
    if newest is not None and newest.digest == found.digest:
        raise Refused(f"Daftar tidak berubah sejak versi {newest.number} dibekukan.")
    return found


def open_particulars(agreement: Agreement, *more: Any) -> None:
    """Read what is sealed of everybody on the working list in one go, not person by person."""
    session = agreement._session
    session.flush()
    sealed = select(RosterEntry).where(RosterEntry.agreement_id == agreement.id).options(undefer(RosterEntry.particulars), *(undefer(each) for each in more))
    session.info["opened"] = session.scalars(sealed).all()  # held, so that they stay in the session until their list is looked at


def why_not_freeze(agreement: Agreement) -> str:
    """What keeps the working list from being frozen, in a sentence; empty when nothing does."""
    try:
        agreement.refuse_when_held()
        reckon(agreement)
    except Refused as refusal:
        return str(refusal)
    return ""


def freeze(agreement: Agreement, by: User, at: datetime, today: date, seen: str = "") -> RosterVersion:
    """Make an immutable version of the working list and pin it; after signing, open an amendment instead.

    Raises Refused for what ``reckon`` refuses, and when the list is not the one that was ``seen``.
    """
    agreement.refuse_when_held()
    now = reckon(agreement)
    if seen and seen != now.digest:
        raise Refused("Daftar berubah sejak Anda membukanya. Periksa sekali lagi sebelum membekukan.")
    open_particulars(agreement, RosterEntry.nik)
    version = RosterVersion(
        number=len(agreement.versions) + 1,
        digest=now.digest,
        participants=len(now.entries),
        flagged_open=now.flagged_open,
        frozen_on=today,
        by_id=by.id,
        at=at,
        people=[_frozen(each, position) for position, each in enumerate(now.entries, 1)],
        owed=[RosterVersionOwed(village_code=agreement.village_code, **_row(each)) for each in now.rows],
    )
    agreement.add(version)
    agreement._session.flush()
    if is_signed(agreement):
        agreement.amend(version, by, at)
    agreement.edited("roster.frozen", by, at, today, version=version.number, participants=version.participants, digest=version.digest)
    return version


def _frozen(entry: RosterEntry, position: int) -> RosterVersionEntry:
    same = ("village_code", "category", "name", "nik", "nik_index", "nik_masked", "birth_on", "sex", "job", "wage_base", "particulars", "month_first", "month_last")
    # A reason that does not answer every doubt of today answers none: the version holds an open one.
    reason = "" if entry.flagged else entry.cleared_reason
    return RosterVersionEntry(position=position, flags=entry.doubts, cleared_reason=reason, **{each: getattr(entry, each) for each in same})


def _owed_rows(book: Rulebook, agreement: Agreement, counted: Counter[Equal]) -> tuple[Owed, ...]:
    groups, without = groups_of(book, agreement.fiscal_year, counted, agreement.village_code)
    missing = without or missing_rates(book.law, groups, *agreement.months)
    if missing:
        raise Refused("Iuran belum dapat dihitung: " + "; ".join(missing) + ". Mintalah admin melengkapinya.")
    return owed(book.law, groups, *agreement.months)


def _row(each: Owed) -> dict[str, Any]:
    return {
        "category": each.group.terms.category,
        "segment": each.group.terms.segment,
        "people": each.group.people,
        "wage_base": each.group.wage_base,
        "month_first": each.group.first,
        "month_last": each.group.last,
        "first": each.first,
        "last": each.last,
        "months": each.months,
        "per_person": each.per_person,
        "per_month": each.per_month,
        "total": each.total,
        "charges": json.dumps(each.told()),
    }


def _digest(entries: Iterable[RosterEntry], months: tuple[date, date], rows: Iterable[Owed]) -> str:
    # What version 0.1 did not know is added only where it says something, so that lists frozen by it count as unchanged.
    seen = [
        [[each.nik_index, each.name, str(each.birth_on), each.sex, each.job, each.category, str(each.wage_base), each.flagged, *_more(each)] for each in entries],
        [str(each) for each in months],
        [[each.group.terms.category, str(each.group.wage_base), str(each.first), str(each.total)] for each in rows],
    ]
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()


def _more(entry: RosterEntry) -> list[str]:
    months = [f"{each:%Y-%m}" if each else "" for each in (entry.month_first, entry.month_last)]
    said = json.dumps(entry.particulars.known, sort_keys=True)
    return [*(months if any(months) else ()), *([blind_index(said)] if said != "{}" else ())]
