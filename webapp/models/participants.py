"""The working list: who is put on it, corrected, taken off; doubts are flagged and explained, a whole NIK is shown for a reason."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from workflows import Refused
from workflows.nik import Nik, masked
from workflows.people import FLAGGED, REASONS, Told, judge

from ..seal import blind_index
from . import audit, changes
from .elsewhere import Twin, payers_of, standings, twins
from .particulars import Particulars
from .reading import rulebook
from .rosters import RosterEntry

if TYPE_CHECKING:
    from .agreements import Agreement
    from .changes import Change
    from .users import User

# Who looks at people one by one needs no more; who wants a list asks for the annex.
MOST_NIK_AN_HOUR = 30
# Doubts that a file raised: they cannot be seen in the person's data again.
OF_FILE = frozenset({"nik_rounded", "kk_is_nik", "nik_shared", "nik_near", "same_person", "birth_offered", "sex_unreadable", "village_differs", "wage_unreadable"})


@dataclass(frozen=True)
class Person:
    """A checked person, ready for the list. ``flags`` are doubts that a file raised about how it was written, besides those of the data."""

    category: str
    name: str
    nik: Nik
    birth_on: date
    sex: str
    job: str
    wage_base: Decimal
    particulars: Particulars = Particulars()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outlook:
    """What would become of a person on the list: refused with a sentence, or accepted with these doubts; ``twins`` says where else he stands."""

    refused: str
    flags: tuple[str, ...]
    twins: tuple[Twin, ...] = ()


def own_doubts(agreement: Agreement, person: Person, today: date) -> tuple[str, ...]:
    """The doubts that a person's own data raise, with those that his file raised."""
    told = Told(person.nik.digits, person.name, person.job, birth_on=person.birth_on, sex=person.sex, category=person.category)
    found = [slug for slug, _ in judge(told, rulebook(agreement._session).limits_on(today), today).reasons]
    return tuple(dict.fromkeys(each for each in (*found, *person.flags) if each in REASONS and REASONS[each].fate == FLAGGED))


def foresee(agreement: Agreement, people: Sequence[Person], today: date) -> list[Outlook]:
    """The fate of each person, nothing stored."""
    session, year = agreement._session, agreement.fiscal_year
    indexes = [blind_index(each.nik.digits) for each in people]
    listed = {each.nik_index: each.name for each in agreement.entries}
    asked = [(index, agreement.id, agreement.months) for index in indexes]
    there, found = twins(session, year, asked, standings(session, year, indexes), payers_of(session, year, indexes)), []
    for person, index in zip(people, indexes, strict=True):
        refused = f"NIK ini sudah ada di daftar atas nama {listed[index]}." if index in listed else ""
        listed.setdefault(index, person.name)
        found.append(Outlook(refused, own_doubts(agreement, person, today), there.get((index, agreement.id), ())))
    return found


def twin_of(agreement: Agreement, nik: Nik, besides: RosterEntry | None = None) -> RosterEntry | None:
    """Who is on the list with this NIK already."""
    index = blind_index(nik.digits)
    return next((each for each in agreement.entries if each.nik_index == index and each is not besides), None)


def _fill(entry: RosterEntry, person: Person, flags: tuple[str, ...]) -> None:
    if flags != entry.flags:
        entry.cleared_reason, entry.cleared_flags = "", ()
    entry.category, entry.name, entry.job = person.category, person.name, person.job
    entry.birth_on, entry.sex, entry.wage_base, entry.flags = person.birth_on, person.sex, person.wage_base, flags
    entry.nik, entry.nik_index, entry.nik_masked = person.nik.digits, blind_index(person.nik.digits), masked(person.nik.digits)
    entry.particulars = person.particulars


def put_on_list(agreement: Agreement, people: Sequence[Person], by: User, at: datetime, today: date) -> list[RosterEntry]:
    """Entries for the people, all or none. Raises Refused for a person who is on the list already."""
    entries = []
    for person, outlook in zip(people, foresee(agreement, people, today), strict=True):
        if outlook.refused:
            raise Refused(outlook.refused)
        entry = RosterEntry(by_id=by.id, at=at, village_code=agreement.village_code, cleared_reason="", cleared_flags=())
        _fill(entry, person, outlook.flags)
        entries.append(entry)
    agreement.entries.extend(entries)
    return entries


def add_people(agreement: Agreement, people: Iterable[Person], by: User, at: datetime, today: date) -> int:
    """Put people on the working list, all or none. Raises Refused for a person who is on it already."""
    agreement.refuse_when_held()
    count = len(put_on_list(agreement, list(people), by, at, today))
    agreement.edited("roster.added", by, at, today, people=count)
    return count


def add_person(agreement: Agreement, person: Person, by: User, at: datetime, today: date, joined: Change | None = None) -> RosterEntry:
    """Put one person on the working list; once it is signed, with the record of his joining.

    Raises Refused for one who is on it already, and after signing for one without a day.
    """
    agreement.refuse_when_held()
    if changes.needs_record(agreement) and joined is None:
        raise Refused("Perjanjian sudah ditandatangani: isikan tanggal orang ini bergabung.")
    (entry,) = put_on_list(agreement, [person], by, at, today)
    if changes.needs_record(agreement) and joined is not None:
        changes.join(agreement, [entry], joined, by, at, today)
    agreement.edited("roster.added", by, at, today, people=1)
    return entry


def look_for(agreement: Agreement, text: str, category: str, flagged: bool) -> list[RosterEntry]:
    """The entries that fit: by name, work or the last digits of the NIK; by category; with an open doubt."""
    wanted = text.casefold().split()
    return [
        each
        for each in agreement.entries
        if category in ("", each.category)
        and (each.flagged or not flagged)
        and all(word in f"{each.name} {each.job} {each.nik_masked[-4:]}".casefold() for word in wanted)
    ]


def counts(agreement: Agreement) -> dict[str, int]:
    """People on the working list per category, in the order of the categories."""
    found = Counter(each.category for each in agreement.entries)
    return {each.slug: found[each.slug] for each in rulebook(agreement._session).categories if found[each.slug]}


def change_person(agreement: Agreement, entry: RosterEntry, person: Person, by: User, at: datetime, today: date) -> None:
    """Correct a person on the working list; frozen versions keep what they hold. What a file made doubtful stays so while the NIK stays."""
    agreement.refuse_when_held()
    twin = twin_of(agreement, person.nik, entry)
    if twin is not None:
        raise Refused(f"NIK ini sudah ada di daftar atas nama {twin.name}.")
    of_file = tuple(each for each in entry.flags if each in OF_FILE) if blind_index(person.nik.digits) == entry.nik_index else ()
    _fill(entry, person, own_doubts(agreement, replace(person, flags=of_file), today))
    entry.changed_at = at
    agreement.edited("roster.changed", by, at, today, entry=entry.id)


def remove_person(agreement: Agreement, entry: RosterEntry, by: User, at: datetime, today: date) -> None:
    """Take a person off the working list of a draft. Raises Refused once it is signed: then he leaves by a record with a date."""
    agreement.refuse_when_held()
    if changes.needs_record(agreement):
        raise Refused("Perjanjian sudah ditandatangani: catat orang ini berhenti, meninggal, atau pindah, dengan tanggalnya.")
    agreement.entries.remove(entry)
    agreement.edited("roster.removed", by, at, today, entry=entry.id)


def clear_flags(agreement: Agreement, entry: RosterEntry, reason: str, by: User, at: datetime, today: date) -> None:
    """Say why a doubt about a person is none. Raises Refused without a reason."""
    agreement.refuse_when_held()
    if not reason.strip():
        raise Refused("Tuliskan mengapa data ini tetap benar.")
    entry.cleared_reason, entry.cleared_flags, entry.changed_at = reason.strip(), entry.doubts, at
    agreement.edited("roster.cleared", by, at, today, entry=entry.id, flags=entry.doubts)


@dataclass(frozen=True)
class Opened:
    """What a reason opens for one look: the whole NIK and the particulars."""

    nik: str
    particulars: Particulars


def open_person(agreement: Agreement, entry: RosterEntry, reason: str, by: User, at: datetime) -> Opened:
    """The whole NIK and the particulars of a person, for a reason that the trail keeps — without them. Raises Refused without a reason, or after too many."""
    if not reason.strip():
        raise Refused("Tuliskan untuk apa data ini dibuka.")
    mine = (audit.AuditEvent.action == "nik.seen", audit.AuditEvent.actor == by.login, audit.AuditEvent.at > at - timedelta(hours=1))
    if (agreement._session.scalar(select(func.count()).select_from(audit.AuditEvent).where(*mine)) or 0) >= MOST_NIK_AN_HOUR:
        raise Refused(f"Anda sudah membuka {MOST_NIK_AN_HOUR} NIK dalam satu jam. Tunggu sebelum membuka lagi.")
    kept = re.sub(r"\d{6,}", "…", reason.strip())[:300]
    audit.record(
        agreement._session, "nik.seen", f"agreement:{agreement.code}", actor=by.login, at=at, village_code=agreement.village_code, entry=entry.id, reason=kept
    )
    return Opened(entry.nik, entry.particulars)
