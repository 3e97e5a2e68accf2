"""Where all villages stand on a day. Dashboard, list, report and export read these functions alone, so that their totals agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows import STAGES, Open, open_conditions
from workflows.stages.budgeting import shortfalls
from workflows.stages.draft import is_signed

from .agreements import Agreement, AgreementHold
from .letters import Letter
from .lists import agreements_with_facts
from .narrowing import Narrowing
from .offices import Office
from .regions import Village

# A village without an agreement stands before the first stage.
NONE = "none"
ROAD = (NONE, *(each.slug for each in STAGES), "active")

STAGE_OF = {condition.slug: stage.slug for stage in STAGES for condition in stage.conditions}
_DRAFT, _, _BUDGETING, _ENROLLMENT = (tuple(each.slug for each in stage.conditions) for stage in STAGES)
# Which sentences of the same stage must be true before another one can be closed; the others can be closed in any order.
WAITS_FOR: Mapping[str, tuple[str, ...]] = {
    "contributions_calculated": ("roster_frozen",),
    "nothing_flagged": ("roster_frozen",),
    "paraf_given": _DRAFT[:-2],
    "approved": _DRAFT[:-1],
    "budget_evidence": ("rkpdes_names", "apbdes_carries"),
    "camat_checked": _BUDGETING[:-1],
    **{slug: _ENROLLMENT[:place] for place, slug in enumerate(_ENROLLMENT)},
}


@dataclass(frozen=True)
class Standing:
    """One village on one day. ``open`` are all its open conditions, ``ready`` those of the current stage that somebody can close now."""

    village: Village
    agreement: Agreement | None
    stage: str
    open: tuple[Open, ...]
    ready: tuple[Open, ...]
    people: int
    owed: Decimal
    budgeted: Decimal
    short: Decimal
    paid: Decimal
    hold: AgreementHold | None

    @property
    def first(self) -> Open | None:
        """The first open sentence: why the village is pending."""
        return self.open[0] if self.open else None

    @property
    def turn(self) -> str:
        """Whose move it is; a village without an agreement waits for the office."""
        return self.first.turn if self.first else "legal" if self.agreement is None else ""

    @property
    def turns(self) -> tuple[str, ...]:
        """All who can move now, the first one first."""
        return tuple(dict.fromkeys(each for each in (self.turn, *(each.turn for each in self.ready)) if each))

    @property
    def days_late(self) -> int:
        """Days past the earliest missed due date among the sentences that can be closed now; later stages do not count yet."""
        return max((each.days_late for each in self.ready), default=0)

    @property
    def signed(self) -> bool:
        """Has a party signed? From then on the paper stands."""
        return self.agreement is not None and is_signed(self.agreement)

    @property
    def covered(self) -> int:
        """People who are active members."""
        return self.people if self.stage == "active" else 0


def standings(session: Session, today: date, year: int) -> list[Standing]:
    """Every desa that the session may see, in the order of the codes, with its agreement of the year."""
    found = {each.village_code: each for each in agreements_with_facts(session, year)}
    return [standing(village, found.get(village.code), today) for village in villages(session) if village.is_desa]


def standing(village: Village, agreement: Agreement | None, today: date) -> Standing:
    """One village's standing."""
    if agreement is None:
        return Standing(village, None, NONE, (), (), 0, Decimal(), Decimal(), Decimal(), Decimal(), None)
    open_, version = open_conditions(agreement, today), agreement.roster_version
    # Asked once for all stages: the stage is that of the first open sentence, which is what ``current_stage`` says.
    stage = STAGE_OF[open_[0].slug] if open_ else "active"
    return Standing(
        village,
        agreement,
        stage,
        open_,
        ready([each for each in open_ if STAGE_OF[each.slug] == stage]),
        version.participants if version else 0,
        agreement.yearly_total,
        sum((each.amount for each in agreement.standing_lines), Decimal()),
        sum(shortfalls(agreement).values(), Decimal()),
        sum((each.amount or Decimal() for each in agreement.steps if each.kind == "payment"), Decimal()),
        agreement.hold,
    )


def ready(open_: Sequence[Open]) -> tuple[Open, ...]:
    """Those among a stage's open sentences that wait for no other one. Signing waits for the office's own number."""
    slugs = {each.slug for each in open_}
    if open_ and open_[0].slug == "numbers_known" and open_[0].turn == "legal":
        return (open_[0],)
    return tuple(each for each in open_ if not slugs & set(WAITS_FOR.get(each.slug, ())))


def villages(session: Session) -> list[Village]:
    """All units that the session may see, desa and kelurahan, in the order of the codes."""
    return list(session.scalars(select(Village).order_by(Village.code)))


def unasked(session: Session) -> tuple[str, ...]:
    """Conditions that the office asks of nobody: no list offers them."""
    return () if session.scalar(select(Office.id).where(Office.side == 1, Office.paraf_from.is_not(None)).limit(1)) else ("paraf_given",)


def shown_year(session: Session, today: date) -> int:
    """The fiscal year that pages show unless asked for another: the newest that has begun; before any has, the first drawn up."""
    drawn_up = years(session)
    begun = [each for each in drawn_up if each <= today.year]
    return max(begun) if begun else min(drawn_up, default=today.year)


def years(session: Session) -> list[int]:
    """The fiscal years that have agreements, newest first."""
    return list(session.scalars(select(Agreement.fiscal_year).distinct().order_by(Agreement.fiscal_year.desc())))


# --- choosing and sorting ---


@dataclass(frozen=True)
class Filters(Narrowing):
    """What a list is narrowed to, as its address says; an empty value narrows nothing.

    ``open`` is a condition's slug, ``turn`` the role that can move now; both together mean: can close exactly this sentence now.
    """

    kecamatan: str = ""
    stage: str = ""
    open: str = ""
    turn: str = ""
    overdue: str = ""
    hold: str = ""
    pending: str = ""
    q: str = ""

    def hold_for(self, each: Standing) -> bool:
        """Does the village belong to this list?"""
        return (
            (not self.kecamatan or each.village.kecamatan_code == self.kecamatan)
            and (not self.stage or each.stage == self.stage)
            and (not self.pending or each.stage != "active")
            and (not self.overdue or each.days_late > 0)
            and (not self.hold or (each.hold is not None) == (self.hold == "yes"))
            and self._turn_and_sentence(each)
            and self._words(each)
        )

    def _turn_and_sentence(self, each: Standing) -> bool:
        if self.turn:
            if each.agreement is None:
                return self.turn == each.turn and not self.open
            return any(one.turn == self.turn and self.open in ("", one.slug) for one in each.ready)
        return not self.open or any(one.slug == self.open for one in each.open)

    def _words(self, each: Standing) -> bool:
        found = f"{each.village.name} {each.village.code} {each.village.kecamatan.name}".casefold()
        return all(word in found for word in self.q.casefold().split())


def chosen(all_: Iterable[Standing], filters: Filters) -> list[Standing]:
    """The villages of a list."""
    return [each for each in all_ if filters.hold_for(each)]


SORTS: Mapping[str, Callable[[Standing], object]] = {
    "code": lambda each: each.village.code,
    "name": lambda each: (each.village.name.casefold(), each.village.code),
    "stage": lambda each: (ROAD.index(each.stage), -len(each.open)),
    "late": lambda each: each.days_late,
    "people": lambda each: each.people,
    "owed": lambda each: each.owed,
}


def in_order(all_: Iterable[Standing], by: str) -> list[Standing]:
    """Sorted by a column, "-" before it for descending; an unknown one means by code."""
    key = SORTS.get(by.removeprefix("-"), SORTS["code"])
    return sorted(all_, key=key, reverse=by.startswith("-"))  # type: ignore[arg-type]


# --- counting ---


@dataclass(frozen=True)
class Totals:
    """What a set of villages adds up to. Every count stands beside ``villages``, its denominator."""

    villages: int
    stages: Mapping[str, int]
    overdue: int
    held: int
    people: int
    covered: int
    owed: Decimal
    budgeted: Decimal
    short: Decimal
    paid: Decimal

    @property
    def active(self) -> int:
        """Villages whose participants are active members."""
        return self.stages["active"]

    @property
    def pending(self) -> int:
        """Villages that are not there yet."""
        return self.villages - self.active


def totals(all_: Iterable[Standing]) -> Totals:
    """Add up."""
    rows = list(all_)
    counted = Counter(each.stage for each in rows)
    return Totals(
        len(rows),
        {slug: counted[slug] for slug in ROAD},
        sum(each.days_late > 0 for each in rows),
        sum(each.hold is not None for each in rows),
        sum(each.people for each in rows),
        sum(each.covered for each in rows),
        sum((each.owed for each in rows), Decimal()),
        sum((each.budgeted for each in rows), Decimal()),
        sum((each.short for each in rows), Decimal()),
        sum((each.paid for each in rows), Decimal()),
    )


def by_kecamatan(all_: Iterable[Standing]) -> list[tuple[str, str, Totals]]:
    """Code, name and totals of every kecamatan, in the order of the codes."""
    parts: dict[tuple[str, str], list[Standing]] = {}
    for each in all_:
        parts.setdefault((each.village.kecamatan_code, each.village.kecamatan.name), []).append(each)
    return [(code, name, totals(rows)) for (code, name), rows in sorted(parts.items())]


@dataclass(frozen=True)
class CategorySum:
    """People of one category in the pinned list, what they owe, and what the budget leaves uncovered."""

    slug: str
    name: str
    people: int
    per_month: Decimal
    owed: Decimal
    short: Decimal


def by_category(agreement: Agreement) -> list[CategorySum]:
    """One row per category of the pinned list. A person counts once, whatever his months; the monthly sum is that of the first month."""
    version, missing = agreement.roster_version, shortfalls(agreement)
    rows = version.owed if version else []
    first = [each for each in rows if each.first == agreement.month_first]
    return [
        CategorySum(
            slug,
            agreement.category_names.get(slug, slug),
            sum({(each.wage_base, each.month_first, each.month_last): each.people for each in rows if each.category == slug}.values()),
            sum((each.per_month for each in first if each.category == slug), Decimal()),
            owed,
            missing.get(slug, Decimal()),
        )
        for slug, owed in agreement.due_by_category.items()
    ]


@dataclass(frozen=True)
class Task:
    """Something that a role can do now for ``count`` villages; ``filters`` is exactly their list."""

    slug: str
    sentence: str
    count: int
    late: int
    filters: Filters


def tasks(all_: Sequence[Standing], role: str) -> list[Task]:
    """The to-do list of a role, in the order of the road. Villages that rest are not asked for anything."""
    found = []
    for stage in STAGES:
        for condition in stage.conditions:
            filters = Filters(open=condition.slug, turn=role, hold="no")
            mine = chosen(all_, filters)
            if mine:
                late = sum(one.overdue for each in mine for one in each.ready if one.slug == condition.slug)
                found.append(Task(condition.slug, condition.sentence, len(mine), late, filters))
    return found


# Villages that let a due date pass: the office can remind them by letter.
REMIND = Filters(turn="village", overdue="1", hold="no")


def waiting(all_: Sequence[Standing]) -> list[tuple[str, int]]:
    """Every role that can move now, and for how many villages: exactly the list that its filter shows."""
    counted = [(role, len(chosen(all_, Filters(turn=role)))) for role in ("legal", "bagian_hukum", "approver", "village", "camat", "bpjs")]
    return [each for each in counted if each[1]]


# --- one village ---


def agreements_of(session: Session, village: Village) -> list[Agreement]:
    """The village's agreements, newest year first."""
    query = select(Agreement).where(Agreement.village_code == village.code).order_by(Agreement.fiscal_year.desc())
    return list(session.scalars(query))


def village_at_home(session: Session, today: date) -> tuple[Village, Agreement | None]:
    """The one village that a village's account sees, and its agreement of the year that counts now."""
    village = session.scalars(select(Village).order_by(Village.code).limit(1)).one()
    year = shown_year(session, today)
    return village, next((each for each in agreements_of(session, village) if each.fiscal_year == year), None)


def next_step(place: Standing) -> Open | None:
    """What the village can do now; None while others move."""
    return next((each for each in place.ready if each.turn == "village"), None)


def early_step(place: Standing) -> Open | None:
    """Budget evidence that the village can record before its stage has come."""
    if place.stage not in ("draft", "signature"):
        return None
    return next((each for each in place.open if each.turn == "village" and each.slug in ("rkpdes_names", "apbdes_carries")), None)


def papers_of(agreement: Agreement) -> list[Letter]:
    """Issued papers that stand, the annexes first, then the agreement and the rest, newest before older."""
    first = ("lampiran_peserta", "lampiran_iuran", "paket_desa", "perjanjian_desa")
    issued = [each for each in reversed(agreement.letters) if each.state == "issued" and not each.replaced_by_id]
    return sorted(issued, key=lambda each: first.index(each.kind) if each.kind in first else len(first))
