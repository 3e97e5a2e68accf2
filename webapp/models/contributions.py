"""Contributions as frozen, from the kabupaten down to the person. Every sum adds up the rows of the pinned versions: there is no second truth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from workflows.contributions import least_sure, months_between

from .agreements import Agreement
from .reading import rulebook
from .regions import Village
from .rosters import RosterVersion, RosterVersionEntry, RosterVersionOwed


@dataclass(frozen=True)
class Where:
    """What part is looked at, as the address says it; an empty value narrows nothing. ``month`` None is the whole year."""

    year: int
    month: date | None = None
    kecamatan: str = ""
    village: str = ""
    category: str = ""

    @classmethod
    def of(cls, args: Mapping[str, str], year: int) -> Where:
        """From the address of a page; a month that is none is the whole year."""
        try:
            month = date.fromisoformat(f"{args.get('month', '')[:7]}-01")
        except ValueError:
            month = None
        place = {name: args.get(name, "").strip()[:20] for name in ("kecamatan", "village", "category")}
        return cls(year, month if month and month.year == year else None, **place)

    @property
    def level(self) -> str:
        """What the rows of the page are."""
        if self.village:
            return "person" if self.category else "category"
        return "village" if self.kecamatan else "kecamatan"

    def as_args(self, **changes: str) -> dict[str, Any]:
        """For the address of a page: only what narrows."""
        found = {"year": self.year, "month": f"{self.month:%Y-%m}" if self.month else "", "kecamatan": self.kecamatan, "village": self.village, "category": self.category}
        return {name: value for name, value in (found | changes).items() if value}


@dataclass(frozen=True)
class Line:
    """A frozen row of one village: equal people over months of equal rules."""

    village: Village
    row: RosterVersionOwed

    def amount(self, month: date | None) -> Decimal:
        """Rupiah of the month, or of all its months."""
        if month is None:
            return self.row.total
        return self.row.per_month if self.row.first <= month <= self.row.last else Decimal()

    @property
    def key(self) -> tuple:
        """Rows of this key owe the same by the same derivation, in whatever village."""
        row = self.row
        rules = tuple(tuple(value for name, value in sorted(each.items()) if name != "monthly") for each in row.derivation)
        return (row.category, row.segment, row.wage_base, row.first, row.last, row.per_person, rules)


@dataclass(frozen=True)
class Derived:
    """Where a part's rupiah come from: so many people, so much each, so many months, by these rules. Rounding of whole groups is the difference."""

    category: str
    segment: str
    wage_base: Decimal
    first: date
    last: date
    months: int
    people: int
    per_person: Decimal
    amount: Decimal
    charges: tuple[dict[str, Any], ...]

    @property
    def confidence(self) -> str:
        """As sure as the least sure rule behind it; rounding is told apart."""
        return least_sure(each["confidence"] for each in self.charges)

    @property
    def rounding_difference(self) -> Decimal:
        """What rounding the group's sum added to the sum of its people."""
        return self.amount - self.per_person * self.people * self.months


@dataclass(frozen=True)
class Part:
    """A kecamatan, village or category with what it owes; ``key`` names it in the address."""

    key: str
    name: str
    lines: tuple[Line, ...]
    people: int
    month: date | None

    @cached_property
    def amount(self) -> Decimal:
        """Rupiah of the period."""
        return sum((each.amount(self.month) for each in self.lines), Decimal())

    @property
    def villages(self) -> int:
        """How many villages it holds."""
        return len({each.village.code for each in self.lines})

    @cached_property
    def derived(self) -> list[Derived]:
        """The derivation, equal rows of several villages told once."""
        return derived(self.lines, self.month)


@dataclass(frozen=True)
class Share:
    """One person's part."""

    entry: RosterVersionEntry
    per_month: Decimal
    months: int
    amount: Decimal


@dataclass(frozen=True)
class Account:
    """All that a page or file shows of a part: the whole, its parts, and its months."""

    where: Where
    whole: Part
    parts: tuple[Part, ...]
    months: tuple[tuple[date, Decimal], ...]
    villages: int  # all that the person looking may see here, also those without a list
    names: Mapping[str, str]  # of what the address narrows to


def account(session: Session, where: Where) -> Account | None:
    """The frozen contributions of the year, narrowed; one kecamatan or village in sight is entered by itself, and what is out of sight is None."""
    places = [each for each in session.scalars(select(Village).order_by(Village.code)) if each.is_desa]
    if where.village not in ("", *(each.code for each in places)) or where.kecamatan not in ("", *(each.kecamatan_code for each in places)):
        return None
    where = _entered(where, places)
    inside = [each for each in places if where.kecamatan in ("", each.kecamatan_code) and where.village in ("", each.code)]
    lines, counted = frozen_lines(session, where)
    parts = tuple(_part(key, name, rows, counted, where.month) for (key, name), rows in _grouped(session, lines, where).items())
    months = sorted({month for each in lines for month in months_between(each.row.first, each.row.last)})
    by_month = tuple((month, sum((each.amount(month) for each in lines), Decimal())) for month in months)
    return Account(where, _part("", "Jumlah", lines, counted, where.month), parts, by_month, len(inside), _names(session, where, places))


def _entered(where: Where, places: Sequence[Village]) -> Where:
    if not where.kecamatan and where.village:
        return replace(where, kecamatan=next((each.kecamatan_code for each in places if each.code == where.village), ""))
    kecamatan = {each.kecamatan_code for each in places}
    if not where.kecamatan and len(kecamatan) == 1:
        where = replace(where, kecamatan=kecamatan.pop())
    return replace(where, village=places[0].code) if len(places) == 1 else where


def _names(session: Session, where: Where, places: Sequence[Village]) -> dict[str, str]:
    kecamatan = next((each.kecamatan.name for each in places if each.kecamatan_code == where.kecamatan), "")
    village = next((each.name for each in places if each.code == where.village), "")
    return {"kecamatan": kecamatan, "village": village, "category": rulebook(session).category_names.get(where.category, "")}


def pinned(session: Session, year: int) -> list[Agreement]:
    """The year's agreements that the session may see, with what their pinned versions owe."""
    query = select(Agreement).where(Agreement.fiscal_year == year).order_by(Agreement.village_code)
    return list(session.scalars(query.options(selectinload(Agreement.amendments), selectinload(Agreement.versions).selectinload(RosterVersion.owed))))


def frozen_lines(session: Session, where: Where) -> tuple[list[Line], dict[tuple[str, str], int]]:
    """The rows of the pinned versions within the part, and how many people each village has in each category."""
    found, versions = [], {}
    for agreement in pinned(session, where.year):
        version = agreement.roster_version
        if version is None or where.kecamatan not in ("", agreement.village.kecamatan_code) or where.village not in ("", agreement.village_code):
            continue
        versions[version.id] = agreement.village_code
        found += [Line(agreement.village, each) for each in version.owed if where.category in ("", each.category)]
    if where.month:
        found = [each for each in found if each.row.first <= where.month <= each.row.last]
        return found, _heads((each.village.code, each.row.category, each.row.people) for each in found)
    entry = RosterVersionEntry
    query = select(entry.version_id, entry.category, func.count()).where(entry.version_id.in_(versions)).group_by(entry.version_id, entry.category)
    return found, _heads((versions[version], category, people) for version, category, people in session.execute(query) if where.category in ("", category))


def _heads(rows: Iterable[tuple[str, str, int]]) -> dict[tuple[str, str], int]:
    counted: dict[tuple[str, str], int] = {}
    for village, category, people in rows:
        counted[village, category] = counted.get((village, category), 0) + people
    return counted


def _grouped(session: Session, lines: Iterable[Line], where: Where) -> dict[tuple[str, str], list[Line]]:
    names = rulebook(session).category_names
    groups: dict[tuple[str, str], list[Line]] = {}
    for each in lines:
        village = each.village
        by_level = {"kecamatan": (village.kecamatan_code, village.kecamatan.name), "village": (village.code, village.name)}
        key = by_level.get(where.level, (each.row.category, names.get(each.row.category, each.row.category)))
        groups.setdefault(key, []).append(each)
    order = list(names)
    return dict(sorted(groups.items(), key=lambda each: (order.index(each[0][0]) if each[0][0] in order else 0, each[0][0])))


def _part(key: str, name: str, lines: Sequence[Line], counted: Mapping[tuple[str, str], int], month: date | None) -> Part:
    mine = {(each.village.code, each.row.category) for each in lines}
    return Part(key, name, tuple(lines), sum(counted.get(each, 0) for each in mine), month)


def derived(lines: Iterable[Line], month: date | None) -> list[Derived]:
    """The derivation of a set of rows."""
    groups: dict[tuple, list[Line]] = {}
    for each in lines:
        groups.setdefault(each.key, []).append(each)
    return [_derived(rows, month) for rows in groups.values()]


def _derived(rows: Sequence[Line], month: date | None) -> Derived:
    one, people = rows[0].row, sum(each.row.people for each in rows)
    first, last, months = (month, month, 1) if month else (one.first, one.last, one.months)
    amount = sum((each.amount(month) for each in rows), Decimal())
    return Derived(one.category, one.segment, one.wage_base, first, last, months, people, one.per_person, amount, tuple(_as_money(each) for each in one.parts))


def _as_money(charge: dict[str, Any]) -> dict[str, Any]:
    """Text as money; lists frozen by earlier versions tell less."""
    return charge | {name: Decimal(charge.get(name) or 0) for name in ("base", "employer", "worker", "ceiling", "bracket")}


def shares(session: Session, part: Part) -> list[Share]:
    """The people of one village's category, each with his own rupiah; rounding of whole groups stays with the group."""
    versions = {each.row.version_id for each in part.lines}
    categories = {each.row.category for each in part.lines}
    query = select(RosterVersionEntry).where(RosterVersionEntry.version_id.in_(versions), RosterVersionEntry.category.in_(categories))
    found = []
    for entry in session.scalars(query.order_by(RosterVersionEntry.position)):
        mine = [each.row for each in part.lines if _belongs(entry, each.row)]
        months = 1 if part.month and mine else sum(each.months for each in mine)
        amount = sum((each.per_person * (1 if part.month else each.months) for each in mine), Decimal())
        found.append(Share(entry, mine[0].per_person if mine else Decimal(), months, amount))
    return found


def _belongs(entry: RosterVersionEntry, row: RosterVersionOwed) -> bool:
    same = ("version_id", "category", "wage_base", "month_first", "month_last")
    return all(getattr(entry, each) == getattr(row, each) for each in same)


# --- as tables ---

LEVELS = {"kecamatan": "Kecamatan", "village": "Desa", "category": "Kelompok", "person": "Peserta"}


def as_table(account: Account, people: Sequence[Share]) -> tuple[list[str], list[list[Any]]]:
    """Titles and rows of the table looked at, a column per month, the sum last; of people where they are the rows."""
    months = [month for month, _ in account.months] if account.where.month is None else [account.where.month]
    titles = [f"{month:%m-%Y} (Rp)" for month in months]
    if people:
        head = ["Nama", "Jabatan", "Dasar upah (Rp)", *titles, "Jumlah (Rp)"]
        rows = [[each.entry.name, each.entry.job, each.entry.wage_base, *_person_months(account, each, months), each.amount] for each in people]
        rest = account.whole.amount - sum((each.amount for each in people), Decimal())
        if rest:
            rows.append(["Selisih pembulatan kelompok", "", "", *("" for _ in months), rest])
        return head, [*rows, ["Jumlah", "", "", *_months(account.whole, months), account.whole.amount]]
    head = ["Kode", LEVELS[account.where.level], "Desa dengan daftar", "Orang", *titles, "Jumlah (Rp)"]
    found = [*account.parts, account.whole]
    return head, [[each.key, each.name, each.villages, each.people, *_months(each, months), each.amount] for each in found]


def _months(part: Part, months: Iterable[date]) -> list[Decimal]:
    return [sum((each.amount(month) for each in part.lines), Decimal()) for month in months]


def _person_months(account: Account, share: Share, months: Iterable[date]) -> list[Decimal]:
    mine = [each.row for each in account.whole.lines if _belongs(share.entry, each.row)]
    return [sum((each.per_person for each in mine if each.first <= month <= each.last), Decimal()) for month in months]


def lines_table(account: Account, names: Mapping[str, str]) -> list[tuple[Any, ...]]:
    """Every frozen row of the part with its derivation in words; its sum in the month where one is looked at."""
    return [_line_row(each, account.where.month, names) for each in account.whole.lines]


def _line_row(each: Line, month: date | None, names: Mapping[str, str]) -> tuple[Any, ...]:
    row, village = each.row, each.village
    first, last, months = (month, month, 1) if month else (row.first, row.last, row.months)
    words = "; ".join(one.get("derivation") or f"{one['programme']} {one['rate']} = {one['amount']} ({one['regulation']})" for one in row.derivation)
    return (
        village.code, village.name, village.kecamatan.name, names.get(row.category, row.category), row.segment, row.wage_base, row.people, f"{first:%m-%Y}",
        f"{last:%m-%Y}", months, row.per_person, row.per_month, each.amount(month), words,
    )  # fmt: skip
