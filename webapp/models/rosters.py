"""The list of participants: a working copy that people edit, and frozen versions that papers and conditions read."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKeyConstraint, String, Text, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship, undefer

from workflows import Refused
from workflows.contributions import Group, Owed, missing_rates, owed
from workflows.facts import RosterSeen
from workflows.nik import FLAGS, Nik, doubts, masked
from workflows.stages.draft import is_signed

from ..db import Base, Listed, Rupiah, VillageOwned, unscoped
from ..seal import Sealed, blind_index
from . import audit
from .columns import OfAgreement, Recorded
from .reading import rulebook
from .rules import Rulebook

if TYPE_CHECKING:
    from .agreements import Agreement
    from .users import User

# Who looks at people one by one needs no more; who wants a list asks for the annex.
MOST_NIK_AN_HOUR = 30


class PersonColumns:
    """What a list knows about a person. The NIK is sealed; ``nik_masked`` is for eyes, ``nik_index`` for finding (T10)."""

    category: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(160))
    nik_index: Mapped[str] = mapped_column(String(64), index=True)
    nik_masked: Mapped[str] = mapped_column(String(24))
    birth_on: Mapped[date]
    sex: Mapped[str] = mapped_column(String(1))
    job: Mapped[str] = mapped_column(String(120))
    wage_base: Mapped[Decimal] = mapped_column(Rupiah)
    flags: Mapped[tuple[str, ...]] = mapped_column(Listed, default=())
    cleared_reason: Mapped[str] = mapped_column(Text, default="")

    @property
    def flagged(self) -> bool:
        """Is there a doubt that nobody has cleared?"""
        return bool(self.flags) and not self.cleared_reason

    @property
    def flag_sentences(self) -> tuple[str, ...]:
        """The doubts in words."""
        return tuple(FLAGS[each] for each in self.flags)


class RosterEntry(PersonColumns, Recorded, OfAgreement, Base):
    """A person on the working list."""

    __tablename__ = "roster_entries"

    nik: Mapped[str] = deferred(mapped_column(Sealed))

    @classmethod
    def more_table_args(cls) -> tuple:
        """One person once per list."""
        return (UniqueConstraint("agreement_id", "nik_index"),)


class RosterVersionEntry(PersonColumns, VillageOwned, Base):
    """A person as a frozen version holds him."""

    __tablename__ = "roster_version_entries"
    __table_args__ = (ForeignKeyConstraint(["version_id", "village_code"], ["roster_versions.id", "roster_versions.village_code"]),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(index=True)
    village_code: Mapped[str] = mapped_column(String(13), index=True)
    position: Mapped[int]
    nik: Mapped[str] = deferred(mapped_column(Sealed))


class RosterVersionOwed(VillageOwned, Base):
    """What a group of equal people owes over months of equal rates, as calculated when the version was frozen."""

    __tablename__ = "roster_version_owed"
    __table_args__ = (ForeignKeyConstraint(["version_id", "village_code"], ["roster_versions.id", "roster_versions.village_code"]),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(index=True)
    village_code: Mapped[str] = mapped_column(String(13), index=True)
    category: Mapped[str] = mapped_column(String(20))
    segment: Mapped[str] = mapped_column(String(3))
    people: Mapped[int]
    wage_base: Mapped[Decimal] = mapped_column(Rupiah)
    first: Mapped[date]
    last: Mapped[date]
    months: Mapped[int]
    per_person: Mapped[Decimal] = mapped_column(Rupiah)
    per_month: Mapped[Decimal] = mapped_column(Rupiah)
    total: Mapped[Decimal] = mapped_column(Rupiah)
    charges: Mapped[str] = mapped_column(Text)

    @property
    def derivation(self) -> list[dict[str, str]]:
        """Per programme: rate, regulation and the amount per person and month."""
        return json.loads(self.charges)

    @property
    def parts(self) -> list[dict[str, Any]]:
        """The same with amounts as money."""
        return [each | {"amount": Decimal(each["amount"])} for each in self.derivation]


class RosterVersion(Recorded, OfAgreement, Base):
    """A frozen list; immutable. Papers, conditions and sums read the version that their agreement pins."""

    __tablename__ = "roster_versions"

    number: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    participants: Mapped[int]
    flagged_open: Mapped[int]
    frozen_on: Mapped[date]

    people: Mapped[list[RosterVersionEntry]] = relationship(order_by=RosterVersionEntry.position)
    owed: Mapped[list[RosterVersionOwed]] = relationship(order_by=RosterVersionOwed.id)

    @classmethod
    def more_table_args(cls) -> tuple:
        """Versions of a list are counted."""
        return (UniqueConstraint("agreement_id", "number"), UniqueConstraint("id", "village_code"))

    def as_seen(self) -> RosterSeen:
        """The version as the rules see it."""
        return RosterSeen(self.number, self.digest, self.participants, self.flagged_open, self.frozen_on)

    def stale_because(self, book: Rulebook, year: int, months: tuple[date, date]) -> tuple[str, ...]:
        """Why the frozen sums no longer follow from the law of today; empty while they do."""
        counted: Counter[tuple[str, Decimal]] = Counter()
        for each in self.owed:
            if each.first == self.owed[0].first:
                counted[each.category, each.wage_base] += each.people
        groups, without = _groups(book, year, counted)
        if without:
            return without
        missing = missing_rates(book.rates, groups, *months)
        if missing:
            return missing
        now = sorted((each.group.terms.category, each.group.wage_base, each.first, each.last, each.total) for each in owed(book.rates, groups, *months))
        then = sorted((each.category, each.wage_base, each.first, each.last, each.total) for each in self.owed)
        return () if now == then else ("tarif atau masa iuran berubah sesudah daftar dibekukan; bekukan sekali lagi",)


@dataclass(frozen=True)
class Person:
    """A checked person, ready for the list."""

    category: str
    name: str
    nik: Nik
    birth_on: date
    sex: str
    job: str
    wage_base: Decimal


def _elsewhere(agreement: Agreement, indexes: Iterable[str]) -> frozenset[str]:
    """Which of these people stand on another village's list of the same year; it says that they do, never where."""
    session, agreements = agreement._session, type(agreement)
    with unscoped("NIK ganda antardesa dalam satu tahun", session):
        found = session.scalars(
            select(RosterEntry.nik_index)
            .join(agreements, agreements.id == RosterEntry.agreement_id)
            .where(
                RosterEntry.nik_index.in_(list(indexes)),
                RosterEntry.agreement_id != agreement.id,
                agreements.fiscal_year == agreement.fiscal_year,
            )
        )
        return frozenset(found)


@dataclass(frozen=True)
class Outlook:
    """What would become of a person on the list: refused with a sentence, or accepted with these doubts."""

    refused: str
    flags: tuple[str, ...]


def foresee(agreement: Agreement, people: Sequence[Person], today: date) -> list[Outlook]:
    """The fate of each person, nothing stored."""
    indexes = [blind_index(each.nik.digits) for each in people]
    listed = {each.nik_index: each.name for each in agreement.entries}
    elsewhere, found = _elsewhere(agreement, indexes), []
    for person, index in zip(people, indexes, strict=True):
        refused = f"NIK ini sudah ada di daftar atas nama {listed[index]}." if index in listed else ""
        listed.setdefault(index, person.name)
        found.append(Outlook(refused, doubts(person.nik, person.birth_on, person.sex, today, index in elsewhere)))
    return found


def twin_of(agreement: Agreement, nik: Nik, besides: RosterEntry | None = None) -> RosterEntry | None:
    """Who is on the list with this NIK already."""
    index = blind_index(nik.digits)
    return next((each for each in agreement.entries if each.nik_index == index and each is not besides), None)


def _fill(entry: RosterEntry, person: Person, flags: tuple[str, ...]) -> None:
    if flags != entry.flags:
        entry.cleared_reason = ""
    entry.category, entry.name, entry.job = person.category, person.name, person.job
    entry.birth_on, entry.sex, entry.wage_base, entry.flags = person.birth_on, person.sex, person.wage_base, flags
    entry.nik, entry.nik_index, entry.nik_masked = person.nik.digits, blind_index(person.nik.digits), masked(person.nik.digits)


def put_on_list(agreement: Agreement, people: Sequence[Person], by: User, at: datetime, today: date) -> list[RosterEntry]:
    """Entries for the people, all or none. Raises Refused for a person who is on the list already."""
    entries = []
    for person, outlook in zip(people, foresee(agreement, people, today), strict=True):
        if outlook.refused:
            raise Refused(outlook.refused)
        entry = RosterEntry(by_id=by.id, at=at, village_code=agreement.village_code, cleared_reason="")
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


def add_person(agreement: Agreement, person: Person, by: User, at: datetime, today: date) -> list[RosterEntry]:
    """Put one person on the working list. Raises Refused for one who is on it already."""
    agreement.refuse_when_held()
    added = put_on_list(agreement, [person], by, at, today)
    agreement.edited("roster.added", by, at, today, people=1)
    return added


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
    """Correct a person on the working list; frozen versions keep what they hold."""
    agreement.refuse_when_held()
    twin = twin_of(agreement, person.nik, entry)
    if twin is not None:
        raise Refused(f"NIK ini sudah ada di daftar atas nama {twin.name}.")
    index = blind_index(person.nik.digits)
    _fill(entry, person, doubts(person.nik, person.birth_on, person.sex, today, index in _elsewhere(agreement, [index])))
    agreement.edited("roster.changed", by, at, today, entry=entry.id)


def remove_person(agreement: Agreement, entry: RosterEntry, by: User, at: datetime, today: date) -> None:
    """Take a person off the working list."""
    agreement.refuse_when_held()
    agreement.entries.remove(entry)
    agreement.edited("roster.removed", by, at, today, entry=entry.id)


def clear_flags(agreement: Agreement, entry: RosterEntry, reason: str, by: User, at: datetime, today: date) -> None:
    """Say why a doubt about a person is none. Raises Refused without a reason."""
    agreement.refuse_when_held()
    if not reason.strip():
        raise Refused("Tuliskan mengapa data ini tetap benar.")
    entry.cleared_reason = reason.strip()
    agreement.edited("roster.cleared", by, at, today, entry=entry.id, flags=entry.flags)


def reveal_nik(agreement: Agreement, entry: RosterEntry, reason: str, by: User, at: datetime) -> str:
    """The whole NIK of a person, for a reason that the trail keeps — without the NIK. Raises Refused without a reason, or after too many."""
    if not reason.strip():
        raise Refused("Tuliskan untuk apa NIK ini dibuka.")
    mine = (audit.AuditEvent.action == "nik.seen", audit.AuditEvent.actor == by.login, audit.AuditEvent.at > at - timedelta(hours=1))
    if (agreement._session.scalar(select(func.count()).select_from(audit.AuditEvent).where(*mine)) or 0) >= MOST_NIK_AN_HOUR:
        raise Refused(f"Anda sudah membuka {MOST_NIK_AN_HOUR} NIK dalam satu jam. Tunggu sebelum membuka lagi.")
    kept = re.sub(r"\d{6,}", "…", reason.strip())[:300]
    audit.record(
        agreement._session, "nik.seen", f"agreement:{agreement.code}", actor=by.login, at=at, village_code=agreement.village_code, entry=entry.id, reason=kept
    )
    return entry.nik


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
    entries = sorted(agreement.entries, key=lambda each: (rank[each.category], each.name, each.nik_index))
    if not entries:
        raise Refused("Daftar peserta masih kosong.")
    sums = _owed_rows(book, agreement, Counter((each.category, each.wage_base) for each in entries))
    found = Reckoning(tuple(entries), sums, _digest(entries, agreement.months, sums))
    newest = agreement.versions[-1] if agreement.versions else None
    if newest is not None and newest.digest == found.digest:
        raise Refused(f"Daftar tidak berubah sejak versi {newest.number} dibekukan.")
    return found


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
    with_nik = select(RosterEntry).where(RosterEntry.agreement_id == agreement.id).options(undefer(RosterEntry.nik))
    agreement._session.scalars(with_nik).all()  # in one go, not person by person
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
    same = ("village_code", "category", "name", "nik", "nik_index", "nik_masked", "birth_on", "sex", "job", "wage_base", "flags", "cleared_reason")
    return RosterVersionEntry(position=position, **{each: getattr(entry, each) for each in same})


def _groups(book: Rulebook, year: int, counted: Counter[tuple[str, Decimal]]) -> tuple[list[Group], tuple[str, ...]]:
    groups, without, rank = [], [], {each.slug: each.rank for each in book.categories}
    for (category, wage_base), people in sorted(counted.items(), key=lambda each: (rank.get(each[0][0], 0), each[0])):
        terms = book.terms(year, category)
        if terms is None:
            without.append(f"ketentuan {book.category_names.get(category, category)} untuk {year} belum diisi")
        else:
            groups.append(Group(terms, wage_base, people))
    return groups, tuple(dict.fromkeys(without))


def _owed_rows(book: Rulebook, agreement: Agreement, counted: Counter[tuple[str, Decimal]]) -> tuple[Owed, ...]:
    groups, without = _groups(book, agreement.fiscal_year, counted)
    missing = without or missing_rates(book.rates, groups, *agreement.months)
    if missing:
        raise Refused("Iuran belum dapat dihitung: " + "; ".join(missing) + ". Mintalah admin melengkapinya.")
    return owed(book.rates, groups, *agreement.months)


def _row(each: Owed) -> dict[str, Any]:
    charges = [
        {
            "programme": charge.programme,
            "rate": f"{charge.rate.percent}%".replace(".", ",") if charge.rate.percent is not None else "nominal",
            "regulation": charge.rate.regulation,
            "confidence": charge.rate.confidence,
            "amount": str(charge.amount),
        }
        for charge in each.charges
    ]
    return {
        "category": each.group.terms.category,
        "segment": each.group.terms.segment,
        "people": each.group.people,
        "wage_base": each.group.wage_base,
        "first": each.first,
        "last": each.last,
        "months": each.months,
        "per_person": each.per_person,
        "per_month": each.per_month,
        "total": each.total,
        "charges": json.dumps(charges),
    }


def _digest(entries: Iterable[RosterEntry], months: tuple[date, date], rows: Iterable[Owed]) -> str:
    seen = [
        [[each.nik_index, each.name, str(each.birth_on), each.sex, each.job, each.category, str(each.wage_base), each.flagged] for each in entries],
        [str(each) for each in months],
        [[each.group.terms.category, str(each.group.wage_base), str(each.first), str(each.total)] for each in rows],
    ]
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()
