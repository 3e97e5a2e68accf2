"""Contributions (iuran) by effective date: each figure carries the rate, the regulation and the months it was made from."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from .tariffs import SEN, WORKING_RULE, Adjustment, Bracket, Ceiling, Law, NoRate, Rate, Rounding, Terms, find_rate

__all__ = [
    "Charge", "Group", "Law", "NoRate", "Owed", "Rate", "Terms", "charges", "find_rate", "least_sure", "missing_rates", "months_between", "owed",
]  # fmt: skip


def least_sure(letters: Iterable[str]) -> str:
    """A figure is as sure as the least sure rule behind it: S, L or U."""
    return max(letters, key="SLU".index, default="S")


@dataclass(frozen=True)
class Charge:
    """What one person owes for one programme in one month, in rupiah, with its derivation.

    ``base`` is what the rate was taken of: the wage, the ceiling where the wage is above it, or the base of the income table.
    """

    programme: str
    base: Decimal
    rate: Rate
    amount: Decimal
    wage: Decimal
    exact: Decimal  # before rounding
    rounding: Rounding = WORKING_RULE
    ceiling: Ceiling | None = None
    bracket: Bracket | None = None
    adjustment: Adjustment | None = None

    @property
    def worker(self) -> Decimal:
        """The worker's own share of the amount."""
        return (self.amount * self.rate.worker / self.rate.percent).quantize(SEN, ROUND_HALF_UP) if self.rate.percent else Decimal("0.00")

    @property
    def employer(self) -> Decimal:
        """What the employer, or whoever pays for the person, adds to it."""
        return self.amount - self.worker

    @property
    def regulation(self) -> str:
        """Every regulation behind the figure."""
        rules = (self.rate, self.ceiling, self.bracket, self.adjustment)
        return "; ".join(dict.fromkeys(each.regulation for each in rules if each))

    @property
    def confidence(self) -> str:
        """How sure the office is of the figure; of the rounding it says so apart."""
        rules = (self.rate, self.ceiling, self.bracket, self.adjustment)
        return least_sure(each.confidence for each in rules if each)

    @property
    def derivation(self) -> str:
        """The figure in words: base × rate, discount, regulation."""
        how = f"{self.rate.percent}% x {self.base}" if self.rate.percent is not None else f"nominal tetap {self.rate.flat}"
        capped = f", upah {self.wage} dibatasi {self.ceiling.amount}" if self.ceiling else ""
        table = f", penghasilan {self.wage} memakai dasar {self.bracket.base}" if self.bracket and self.bracket.base != self.wage else ""
        less = f", dikurangi {self.adjustment.percent}%" if self.adjustment else ""
        return f"{self.programme}: {how}{capped}{table}{less} = {self.amount} ({self.regulation})"

    def told(self) -> dict[str, str]:
        """The derivation as plain text, as frozen lists, papers and answers keep it."""
        return {
            "programme": self.programme,
            "rate": f"{self.rate.percent}%".replace(".", ",") if self.rate.percent is not None else "nominal",
            "regulation": self.regulation,
            "confidence": self.confidence,
            "amount": str(self.amount),
            "base": str(self.base),
            "employer": str(self.employer),
            "worker": str(self.worker),
            "ceiling": str(self.ceiling.amount) if self.ceiling else "",
            "bracket": str(self.bracket.base) if self.bracket and self.bracket.base != self.wage else "",
            "reduction": f"{self.adjustment.percent}%".replace(".", ",") if self.adjustment else "",
            "rounding": self.rounding.sentence,
            "rounding_confidence": self.rounding.confidence,
            "rounding_regulation": self.rounding.regulation,
            "derivation": self.derivation,
        }


def months_between(first: date, last: date) -> Iterator[date]:
    """The contribution months from ``first`` to ``last``, both included, each as its first day."""
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)


def charges(law: Law, terms: Terms, wage_base: Decimal, month: date, village: str = "") -> tuple[Charge, ...]:
    """One person's contributions of one month, a Charge per programme.

    ``village`` is the one whose budget pays, where a discount was switched on for it. How it is rounded is a rule of the law: the one of
    BPJS is not verified, its bill decides. Source: PP 44/2015 (JKK, JKM), PP 46/2015 (JHT), PP 45/2015 (JP). Raises NoRate.
    """
    exact = [_exact(law, terms, each, wage_base, month, village) for each in terms.programmes]
    rounding = law.rounding(month)
    if rounding.level == "programme":
        amounts = tuple(rounding.rounded(each.exact) for each in exact)
    elif rounding.level == "person":
        amounts = rounding.parts(each.exact for each in exact)
    else:
        amounts = tuple(WORKING_RULE.rounded(each.exact) for each in exact)  # only the group's sum is rounded; this is its share in sen
    return tuple(replace(each, amount=amount, rounding=rounding) for each, amount in zip(exact, amounts, strict=True))


def _exact(law: Law, terms: Terms, programme: str, wage: Decimal, month: date, village: str) -> Charge:
    rate = find_rate(law.rates, programme, terms.segment, month, terms.risk)
    ceiling, bracket, base = law.ceiling(programme, month), None, wage
    if rate.percent is not None and terms.segment == "BPU":
        bracket = law.bracket(wage, month)
        base = bracket.base if bracket else wage
    ceiling = ceiling if ceiling and base > ceiling.amount else None
    base = ceiling.amount if ceiling else base
    whole = base * rate.percent / 100 if rate.percent is not None else rate.flat or Decimal()
    less = law.adjustment(programme, terms, month, village)
    exact = whole * (100 - less.percent) / 100 if less else whole
    return Charge(programme, base, rate, exact, wage, exact, ceiling=ceiling, bracket=bracket, adjustment=less)


@dataclass(frozen=True)
class Group:
    """People of one category with one wage base: they owe the same. ``first`` and ``last`` bound their months where they came or left."""

    terms: Terms
    wage_base: Decimal
    people: int
    first: date | None = None
    last: date | None = None
    village: str = ""

    def months(self, first: date, last: date) -> Iterator[date]:
        """Their months within a span."""
        return months_between(max(first, self.first or first), min(last, self.last or last))


@dataclass(frozen=True)
class Owed:
    """What a group owes over a span of months in which one set of rates holds. ``per_person`` is one month of one person."""

    group: Group
    first: date
    last: date
    months: int
    charges: tuple[Charge, ...]

    @property
    def per_person(self) -> Decimal:
        """Rupiah of one person in one month."""
        return sum((each.amount for each in self.charges), Decimal())

    @property
    def by_programme(self) -> tuple[Decimal, ...]:
        """Rupiah of the whole group in one month, programme by programme."""
        rounding = self.charges[0].rounding if self.charges else WORKING_RULE
        if rounding.level == "group":
            return rounding.parts(each.exact * self.group.people for each in self.charges)
        return tuple(each.amount * self.group.people for each in self.charges)

    @property
    def per_month(self) -> Decimal:
        """Rupiah of the whole group in one month."""
        return sum(self.by_programme, Decimal())

    @property
    def total(self) -> Decimal:
        """Rupiah of the whole group over all months of the span."""
        return self.per_month * self.months

    def told(self) -> list[dict[str, str]]:
        """The derivation of each programme as plain text, with the group's rupiah of a month beside the person's."""
        return [each.told() | {"monthly": str(amount)} for each, amount in zip(self.charges, self.by_programme, strict=True)]


def owed(law: Law, groups: Iterable[Group], first: date, last: date) -> tuple[Owed, ...]:
    """What the groups owe from ``first`` to ``last`` (BLTH, both included), split where a rule changes. Raises NoRate."""
    return tuple(span for group in groups for span in _spans(law, group, first, last))


def _spans(law: Law, group: Group, first: date, last: date) -> list[Owed]:
    spans: list[Owed] = []
    for start, end, months in _stretches(law, group, first, last):
        now = charges(law, group.terms, group.wage_base, start, group.village)
        if spans and spans[-1].charges == now:
            past = spans[-1]
            spans[-1] = Owed(group, past.first, end, past.months + months, now)
        else:
            spans.append(Owed(group, start, end, months, now))
    return spans


def _stretches(law: Law, group: Group, first: date, last: date) -> Iterator[tuple[date, date, int]]:
    """The group's months in runs in which no rule begins or ends: first month, last month, how many."""
    run: list[date] = []
    for month in group.months(first, last):
        if run and bisect_right(law.turns, month) != bisect_right(law.turns, run[0]):
            yield run[0], run[-1], len(run)
            run = []
        run.append(month)
    if run:
        yield run[0], run[-1], len(run)


def missing_rates(law: Law, groups: Iterable[Group], first: date, last: date) -> tuple[str, ...]:
    """A phrase for every programme and segment that lacks a rule in some month; empty when all can be calculated."""
    missing: dict[tuple[str, str], str] = {}
    for group in groups:
        for programme in group.terms.programmes:
            for month, _, _ in _stretches(law, group, first, last):
                try:
                    _exact(law, group.terms, programme, group.wage_base, month, group.village)
                except NoRate as error:
                    missing.setdefault((programme, group.terms.segment), str(error))
    return tuple(missing.values())
