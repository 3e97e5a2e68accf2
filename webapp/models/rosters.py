"""The list of participants as rows: a working copy that people edit, and frozen versions that papers and conditions read."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKeyConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column, object_session, relationship

from workflows.contributions import Group, missing_rates, owed
from workflows.facts import RosterSeen
from workflows.people import REASONS

from ..db import Base, Listed, Moment, Rupiah, VillageOwned
from ..seal import ERASED_INDEX, Sealed, SealedRecord, SealedRupiah
from .columns import OfAgreement, Recorded
from .elsewhere import LIVE, Twin, twins_of
from .particulars import Particulars
from .rules import Rulebook


class PersonColumns:
    """What a list knows about a person. NIK, wage and particulars are sealed; ``nik_masked`` is for eyes, ``nik_index`` for finding (T10).

    ``month_first`` and ``month_last`` are the contribution months of one who joined or left within the year; None is all of the agreement's.
    """

    category: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(160))
    nik_index: Mapped[str] = mapped_column(String(64), index=True)
    nik_masked: Mapped[str] = mapped_column(String(24))
    birth_on: Mapped[date]
    sex: Mapped[str] = mapped_column(String(1))
    job: Mapped[str] = mapped_column(String(120))
    wage_base: Mapped[Decimal] = mapped_column(SealedRupiah)
    month_first: Mapped[date | None]
    month_last: Mapped[date | None]
    flags: Mapped[tuple[str, ...]] = mapped_column(Listed, default=())
    cleared_reason: Mapped[str] = mapped_column(Text, default="")

    @property
    def erased(self) -> bool:
        """Were the personal data erased when their time was over? Then the birth date is its year, and there is no wage."""
        return self.nik_index == ERASED_INDEX

    @property
    def flagged(self) -> bool:
        """Is there a doubt that nobody has cleared?"""
        return bool(self.flags) and not self.cleared_reason

    @property
    def flag_sentences(self) -> tuple[str, ...]:
        """The doubts in words."""
        return tuple(REASONS[each].sentence for each in self.flags)


class RosterEntry(PersonColumns, Recorded, OfAgreement, Base):
    """A person on the working list. ``flags`` are the doubts that his own data raise; those that other lists raise are asked when they are looked at.

    ``part_id`` names the import that brought him, ``changed_at`` when somebody changed him since.
    """

    __tablename__ = "roster_entries"

    nik: Mapped[str] = deferred(mapped_column(Sealed))
    particulars: Mapped[Particulars] = deferred(mapped_column(SealedRecord(Particulars), nullable=True, default=Particulars()))
    cleared_flags: Mapped[tuple[str, ...]] = mapped_column(Listed, default=())
    part_id: Mapped[int | None] = mapped_column(index=True)
    changed_at: Mapped[datetime | None] = mapped_column(Moment)

    @classmethod
    def more_table_args(cls) -> tuple:
        """One person once per list; an import's part of this village only."""
        part = ForeignKeyConstraint(["part_id", "village_code"], ["roster_import_parts.id", "roster_import_parts.village_code"])
        return (UniqueConstraint("agreement_id", "nik_index"), part)

    @property
    def twins(self) -> tuple[Twin, ...]:
        """Where else this person stands in the same months, as all lists are now."""
        session = object_session(self)
        return twins_of(session, self.agreement_id).get(self.nik_index, ()) if session is not None else ()

    @property
    def doubts(self) -> tuple[str, ...]:
        """His own doubts, and those that other lists raise."""
        return (*(each for each in self.flags if each not in LIVE), *dict.fromkeys(each.kind for each in self.twins))

    @property
    def flagged(self) -> bool:
        """Is there a doubt that nobody has cleared? A twin that appears after the clearing is a new one."""
        return bool(set(self.doubts) - (set(self.cleared_flags) if self.cleared_reason else set()))

    @property
    def flag_sentences(self) -> tuple[str, ...]:
        """The doubts in words; another village is named only to those who may see it."""
        return (*(REASONS[each].sentence for each in self.doubts if each not in LIVE), *dict.fromkeys(each.sentence for each in self.twins))


class RosterVersionEntry(PersonColumns, VillageOwned, Base):
    """A person as a frozen version holds him."""

    __tablename__ = "roster_version_entries"
    __table_args__ = (ForeignKeyConstraint(["version_id", "village_code"], ["roster_versions.id", "roster_versions.village_code"]),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(index=True)
    village_code: Mapped[str] = mapped_column(String(13), index=True)
    position: Mapped[int]
    nik: Mapped[str] = deferred(mapped_column(Sealed))
    particulars: Mapped[Particulars] = deferred(mapped_column(SealedRecord(Particulars), nullable=True, default=Particulars()))


class RosterVersionOwed(VillageOwned, Base):
    """What a group of equal people owes over months of equal rates, as calculated when the version was frozen.

    These sums of groups stay in clear, though a person's own wage base is sealed: they are what the annexes print. ``month_first`` and
    ``month_last`` are those of the group's people (None: all months of the agreement).
    """

    __tablename__ = "roster_version_owed"
    __table_args__ = (ForeignKeyConstraint(["version_id", "village_code"], ["roster_versions.id", "roster_versions.village_code"]),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(index=True)
    village_code: Mapped[str] = mapped_column(String(13), index=True)
    category: Mapped[str] = mapped_column(String(20))
    segment: Mapped[str] = mapped_column(String(3))
    people: Mapped[int]
    wage_base: Mapped[Decimal] = mapped_column(Rupiah)
    month_first: Mapped[date | None]
    month_last: Mapped[date | None]
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
        counted = Counter({(each.category, each.wage_base, each.month_first, each.month_last): each.people for each in self.owed})
        groups, without = groups_of(book, year, counted, self.village_code)
        if without:
            return without
        missing = missing_rates(book.law, groups, *months)
        if missing:
            return missing
        now = sorted((each.group.terms.category, each.group.wage_base, each.first, each.last, each.total) for each in owed(book.law, groups, *months))
        then = sorted((each.category, each.wage_base, each.first, each.last, each.total) for each in self.owed)
        return () if now == then else ("tarif atau masa iuran berubah sesudah daftar dibekukan; bekukan sekali lagi",)


# People who owe the same: category, wage base, and first and last month where they came or left within the year.
Equal = tuple[str, Decimal, date | None, date | None]


def groups_of(book: Rulebook, year: int, counted: Counter[Equal], village: str = "") -> tuple[list[Group], tuple[str, ...]]:
    """People counted by what they owe as groups with their terms, and a phrase for each category that has none in the year."""
    groups, without, rank = [], [], {each.slug: each.rank for each in book.categories}
    for (category, wage_base, first, last), people in sorted(counted.items(), key=lambda each: (rank.get(each[0][0], 0), *each[0][:2], *map(str, each[0][2:]))):
        terms = book.terms(year, category)
        if terms is None:
            without.append(f"ketentuan {book.category_names.get(category, category)} untuk {year} belum diisi")
        else:
            groups.append(Group(terms, wage_base, people, first, last, village=village))
    return groups, tuple(dict.fromkeys(without))
