"""Budgets that do not carry the year's contributions: who is short of how much, since which month, and who was told already."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from workflows.calendar import Opening, next_window
from workflows.facts import SourceRule
from workflows.stages.budgeting import Shortage, forbidden, shortages, shortfalls

from .agreements import Agreement
from .budget_rules import windows
from .letters import Letter
from .narrowing import Narrowing
from .overview import Standing, standings
from .regions import Village

KIND = "surat_kekurangan_anggaran"


@dataclass(frozen=True)
class Short:
    """One category of one village with a frozen list; without one nothing is known to be due."""

    standing: Standing
    shortage: Shortage
    opening: Opening | None
    broken: tuple[SourceRule, ...]

    @property
    def village(self) -> Village:
        """The village."""
        return self.standing.village

    @property
    def agreement(self) -> Agreement:
        """Its agreement of the year."""
        assert self.standing.agreement is not None
        return self.standing.agreement

    @property
    def name(self) -> str:
        """The category as people call it."""
        return self.agreement.category_names.get(self.shortage.category, self.shortage.category)


def categories_of(place: Standing, opening: Opening | None) -> list[Short]:
    """Every category of a village's list, also those that are covered."""
    if place.agreement is None:
        return []
    broken = forbidden(place.agreement)
    return [
        Short(place, each, opening, tuple(rule for rule in broken if rule.category == each.category))
        for each in shortages(place.agreement, place.agreement.due_by_month)
    ]


@dataclass(frozen=True)
class Filters(Narrowing):
    """What the list is narrowed to, as its address says. ``all`` shows covered categories as well."""

    kecamatan: str = ""
    category: str = ""
    source: str = ""
    all: str = ""
    q: str = ""

    def hold_for(self, each: Short) -> bool:
        """Does the row belong to this list?"""
        words = f"{each.village.name} {each.village.code} {each.village.kecamatan.name}".casefold()
        return (
            (bool(self.all) or each.shortage.short > 0)
            and self.kecamatan in ("", each.village.kecamatan_code)
            and self.category in ("", each.shortage.category)
            and (not self.source or any(rule.fund_source == self.source for rule in each.broken))
            and all(word in words for word in self.q.casefold().split())
        )


SORTS: Mapping[str, Callable[[Short], object]] = {
    "code": lambda each: each.village.code,
    "name": lambda each: (each.village.name.casefold(), each.village.code),
    "due": lambda each: each.shortage.due,
    "covered": lambda each: each.shortage.covered,
    "short": lambda each: each.shortage.short,
    "months": lambda each: len(each.shortage.months),
}


@dataclass(frozen=True)
class Sums:
    """What rows add up to; ``villages`` are those that have a row, ``of`` all villages in sight, ``reckoned`` those with a frozen list."""

    villages: int
    reckoned: int
    of: int
    due: Decimal
    covered: Decimal
    short: Decimal


@dataclass(frozen=True)
class Listing:
    """The list of a year: rows, their sums, and the denominator."""

    rows: tuple[Short, ...]
    sums: Sums
    opening: Opening | None
    places: tuple[Standing, ...]


def listing(session: Session, today: date, year: int, filters: Filters, sort: str = "") -> Listing:
    """Villages and categories as the address asks for them."""
    places, opening = standings(session, today, year), next_window(today, year, windows(session))
    rows = [row for place in places for row in categories_of(place, opening) if filters.hold_for(row)]
    key = SORTS.get(sort.removeprefix("-"), SORTS["code"])
    rows.sort(key=key, reverse=sort.startswith("-"))  # type: ignore[arg-type]
    return Listing(tuple(rows), summed(rows, places), opening, tuple(places))


def summed(rows: Iterable[Short], places: Iterable[Standing]) -> Sums:
    """Add up."""
    found, all_ = list(rows), list(places)
    amounts = (sum((getattr(each.shortage, name) for each in found), Decimal()) for name in ("due", "covered", "short"))
    reckoned = sum(each.agreement is not None and each.agreement.roster_version is not None for each in all_)
    return Sums(len({each.village.code for each in found}), reckoned, len(all_), *amounts)


def villages_of(rows: Iterable[Short]) -> list[Agreement]:
    """The agreements that have a row, each once, in the order of the villages."""
    return sorted({each.agreement.id: each.agreement for each in rows if each.shortage.short}.values(), key=lambda each: each.village_code)


def by_kecamatan(session: Session, today: date, year: int) -> list[tuple[str, str, Sums]]:
    """Code, name and sums of every kecamatan, of what is short: for those who see figures and no villages."""
    places = standings(session, today, year)
    districts = {each.village.kecamatan_code: each.village.kecamatan.name for each in places}
    found = []
    for code, name in sorted(districts.items()):
        mine = [each for each in places if each.village.kecamatan_code == code]
        found.append((code, name, summed([row for place in mine for row in categories_of(place, None) if row.shortage.short], mine)))
    return found


def short_of(agreement: Agreement) -> Decimal:
    """All that a village is short of."""
    return sum(shortfalls(agreement).values(), Decimal())


# --- letters about it ---


def told_of(agreement: Agreement) -> list[Letter]:
    """Letters about a shortfall that were not voided, oldest first."""
    return [each for each in agreement.letters if each.kind == KIND and each.state != "void" and not each.replaced_by_id]


def unanswered(agreement: Agreement, today: date) -> Letter | None:
    """The newest letter, while its shortfall is the same as now and its time to answer runs. A budget that changed since has answered it."""
    told = told_of(agreement)
    if not told:
        return None
    facts = told[-1].frozen_facts()
    said = {each["category"]: Decimal(each["short"]) for each in facts["calculation"]["uncovered"] if Decimal(each["short"])}
    now = {agreement.category_names.get(slug, slug): short for slug, short in shortfalls(agreement).items()}
    runs = not facts["reply_by"] or today <= date.fromisoformat(facts["reply_by"])
    return told[-1] if said == now and runs else None
