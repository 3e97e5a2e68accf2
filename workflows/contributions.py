"""Contributions (iuran) by effective date: each figure carries the rate, the regulation and the months it was made from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

SEN = Decimal("0.01")


class NoRate(LookupError):
    """No rate is valid for the programme, segment and month; the message says which."""


@dataclass(frozen=True)
class Rate:
    """A rate with its time of validity and its source.

    Either ``percent`` of the wage base (0.24 means 0,24 %) or a ``flat`` amount in rupiah per person and month. ``valid_until`` is the
    last day, None while it runs. ``confidence`` is S (sure), L (likely) or U (unsure).
    """

    programme: str
    segment: str
    percent: Decimal | None
    flat: Decimal | None
    valid_from: date
    valid_until: date | None
    regulation: str
    confidence: str = "S"

    def holds_in(self, month: date) -> bool:
        """Is it law in the contribution month?"""
        return self.valid_from <= month and (self.valid_until is None or month <= self.valid_until)


@dataclass(frozen=True)
class Charge:
    """What one person owes for one programme in one month, in rupiah, with its derivation."""

    programme: str
    base: Decimal
    rate: Rate
    amount: Decimal

    @property
    def derivation(self) -> str:
        """The figure in words: base × rate, regulation."""
        how = f"{self.rate.percent}% x {self.base}" if self.rate.percent is not None else "nominal tetap"
        return f"{self.programme}: {how} = {self.amount} ({self.rate.regulation})"


@dataclass(frozen=True)
class Terms:
    """How a category is insured in a year: segment (PU or BPU) and its programmes."""

    category: str
    segment: str
    programmes: tuple[str, ...]


def months_between(first: date, last: date) -> Iterator[date]:
    """The contribution months from ``first`` to ``last``, both included, each as its first day."""
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)


def find_rate(rates: Iterable[Rate], programme: str, segment: str, month: date) -> Rate:
    """The rate valid in ``month``; the youngest where two overlap. Raises NoRate."""
    held = [each for each in rates if (each.programme, each.segment) == (programme, segment) and each.holds_in(month)]
    if not held:
        raise NoRate(f"tarif {programme} {segment} untuk {month:%m-%Y} belum diisi")
    return max(held, key=lambda each: each.valid_from)


def charges(rates: Iterable[Rate], terms: Terms, wage_base: Decimal, month: date) -> tuple[Charge, ...]:
    """One person's contributions of one month, a Charge per programme, each rounded half up to the sen.

    Rounding per person and programme is the office's working rule: the rule of BPJS is not verified, its bill decides.
    Source: PP 44/2015 (JKK, JKM), PP 46/2015 (JHT), PP 45/2015 (JP). Raises NoRate.
    """
    found = tuple(rates)
    return tuple(_charge(find_rate(found, each, terms.segment, month), wage_base) for each in terms.programmes)


def _charge(rate: Rate, wage_base: Decimal) -> Charge:
    raw = wage_base * rate.percent / 100 if rate.percent is not None else rate.flat or Decimal()
    return Charge(rate.programme, wage_base, rate, raw.quantize(SEN, ROUND_HALF_UP))


@dataclass(frozen=True)
class Group:
    """People of one category with one wage base: they owe the same."""

    terms: Terms
    wage_base: Decimal
    people: int


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
    def per_month(self) -> Decimal:
        """Rupiah of the whole group in one month."""
        return self.per_person * self.group.people

    @property
    def total(self) -> Decimal:
        """Rupiah of the whole group over all months of the span."""
        return self.per_month * self.months


def owed(rates: Sequence[Rate], groups: Iterable[Group], first: date, last: date) -> tuple[Owed, ...]:
    """What the groups owe from ``first`` to ``last`` (BLTH, both included), split where a rate changes. Raises NoRate."""
    return tuple(span for group in groups for span in _spans(rates, group, first, last))


def _spans(rates: Sequence[Rate], group: Group, first: date, last: date) -> list[Owed]:
    spans: list[Owed] = []
    for month in months_between(first, last):
        now = charges(rates, group.terms, group.wage_base, month)
        if spans and spans[-1].charges == now:
            past = spans[-1]
            spans[-1] = Owed(group, past.first, month, past.months + 1, now)
        else:
            spans.append(Owed(group, month, month, 1, now))
    return spans


def missing_rates(rates: Sequence[Rate], groups: Iterable[Group], first: date, last: date) -> tuple[str, ...]:
    """A phrase for every programme and segment that lacks a rate in some month; empty when all can be calculated."""
    missing: dict[tuple[str, str], str] = {}
    for group in groups:
        for programme in group.terms.programmes:
            for month in months_between(first, last):
                try:
                    find_rate(rates, programme, group.terms.segment, month)
                except NoRate as error:
                    missing.setdefault((programme, group.terms.segment), str(error))
    return tuple(missing.values())
