"""The law of contributions as values: rates, ceilings, income tables, discounts and rounding, each with its time of validity and its source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from functools import cached_property
from typing import TypeVar

SEN, RUPIAH = Decimal("0.01"), Decimal("1")
VILLAGE_BUDGET = "APBDes"  # the payer of an agreement's people unless the terms of their category name another

# Programmes that a segment cannot join, and why (PP 45/2015, PP 37/2021).
BARRED: Mapping[tuple[str, str], str] = {
    ("BPU", "JP"): "peserta BPU tidak dapat mengikuti JP (Jaminan Pensiun): program ini hanya untuk penerima upah",
    ("BPU", "JKP"): "peserta BPU tidak dapat mengikuti JKP (Jaminan Kehilangan Pekerjaan): program ini hanya untuk penerima upah",
}


class NoRate(LookupError):
    """No rate is valid for the programme, segment and month; the message says which."""


class Dated:
    """What holds from a day on, until its last day or while it runs."""

    valid_from: date
    valid_until: date | None

    def holds_in(self, month: date) -> bool:
        """Is it law in the contribution month (on its first day)?"""
        return self.valid_from <= month and (self.valid_until is None or month <= self.valid_until)


@dataclass(frozen=True)
class Rate(Dated):
    """A rate with its time of validity and its source.

    Either ``percent`` of the wage base (0.24 means 0,24 %) or a ``flat`` amount in rupiah per person and month. ``valid_until`` is the
    last day, None while it runs. ``confidence`` is S (sure), L (likely) or U (unsure). ``worker`` is the part of the percentage that the
    worker pays himself; ``risk`` is the class of JKK, empty where there are none.
    """

    programme: str
    segment: str
    percent: Decimal | None
    flat: Decimal | None
    valid_from: date
    valid_until: date | None
    regulation: str
    confidence: str = "S"
    worker: Decimal = Decimal()
    risk: str = ""


@dataclass(frozen=True)
class Ceiling(Dated):
    """The highest wage that counts for a programme. That of JP changes on 1 March of each year (PP 45/2015 Pasal 29)."""

    programme: str
    amount: Decimal
    valid_from: date
    valid_until: date | None
    regulation: str
    confidence: str = "S"


@dataclass(frozen=True)
class Bracket(Dated):
    """A row of the table of incomes for BPU: who earns ``at_least`` so much and less than ``below`` pays from ``base`` (PP 44/2015 Lampiran II)."""

    at_least: Decimal
    below: Decimal | None
    base: Decimal
    valid_from: date
    valid_until: date | None
    regulation: str
    confidence: str = "S"


@dataclass(frozen=True)
class Adjustment(Dated):
    """A discount for a time: ``percent`` off. It holds only for payers that BPJS switched it on for, never for those in ``not_for``."""

    slug: str
    name: str
    programmes: tuple[str, ...]
    segment: str
    sector: str
    percent: Decimal
    valid_from: date
    valid_until: date | None
    regulation: str
    confidence: str = "S"
    not_for: tuple[str, ...] = ()


@dataclass(frozen=True)
class Switch:
    """BPJS said for a payer whether a discount holds. ``village`` names the village whose budget pays, empty means all payers of that name."""

    adjustment: str
    payer: str
    village: str
    on: bool


LEVELS = {"programme": "tiap orang dan tiap program", "person": "jumlah iuran tiap orang", "group": "jumlah iuran tiap kelompok dengan dasar yang sama"}
UNITS = {SEN: "sen", RUPIAH: "rupiah"}
MODES = {"half_up": ("terdekat (setengah ke atas)", ROUND_HALF_UP), "up": ("di atasnya", ROUND_UP), "down": ("di bawahnya", ROUND_DOWN)}


@dataclass(frozen=True)
class Rounding(Dated):
    """What is rounded, to which unit, and which way."""

    level: str = "programme"
    unit: Decimal = SEN
    mode: str = "half_up"
    valid_from: date = date.min
    valid_until: date | None = None
    regulation: str = "aturan kerja kantor; belum diverifikasi"
    confidence: str = "U"

    def rounded(self, amount: Decimal) -> Decimal:
        """The amount by this rule."""
        return ((amount / self.unit).to_integral_value(MODES[self.mode][1]) * self.unit).quantize(SEN)

    def parts(self, amounts: Iterable[Decimal]) -> tuple[Decimal, ...]:
        """The amounts rounded so that they add up to their rounded sum: each is what the running sum grows by."""
        found, so_far, before = [], Decimal(), Decimal()
        for each in amounts:
            so_far += each
            found.append(self.rounded(so_far) - before)
            before = self.rounded(so_far)
        return tuple(found)

    @property
    def sentence(self) -> str:
        """The rule in words."""
        return f"{LEVELS[self.level]} dibulatkan ke {UNITS.get(self.unit, f'kelipatan {self.unit} rupiah')} {MODES[self.mode][0]}"


WORKING_RULE = Rounding()  # holds while no row says otherwise


@dataclass(frozen=True)
class Terms:
    """How a category is insured in a year: segment (PU or BPU), its programmes, the risk class of its work, its sector, and who pays."""

    category: str
    segment: str
    programmes: tuple[str, ...]
    risk: str = "I"
    sector: str = "lain"
    payer: str = VILLAGE_BUDGET


Held = TypeVar("Held", bound=Dated)


def newest(rules: Iterable[Held], month: date) -> Held | None:
    """Of the rules that hold in the month the youngest; a later row replaces an earlier one of the same day."""
    return max((each for each in rules if each.holds_in(month)), key=lambda each: each.valid_from, default=None)


@dataclass(frozen=True)
class Law:
    """Everything that contributions are reckoned with."""

    rates: tuple[Rate, ...] = ()
    ceilings: tuple[Ceiling, ...] = ()
    brackets: tuple[Bracket, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    switches: tuple[Switch, ...] = ()  # in the order in which they were said
    roundings: tuple[Rounding, ...] = ()

    @cached_property
    def turns(self) -> tuple[date, ...]:
        """The days on which some rule begins, or no longer holds: between two of them everything stays the same."""
        rules = (*self.rates, *self.ceilings, *self.brackets, *self.adjustments, *self.roundings)
        ends = {each.valid_until + timedelta(days=1) for each in rules if each.valid_until and each.valid_until < date.max}
        return tuple(sorted({each.valid_from for each in rules} | ends))

    def ceiling(self, programme: str, month: date) -> Ceiling | None:
        """The ceiling of the programme in the month."""
        return newest((each for each in self.ceilings if each.programme == programme), month)

    def rounding(self, month: date) -> Rounding:
        """The rounding rule of the month."""
        return newest(self.roundings, month) or WORKING_RULE

    def bracket(self, income: Decimal, month: date) -> Bracket | None:
        """The row of the income table; None while there is no table at all. Raises NoRate where the table has no row for the income."""
        table = [each for each in self.brackets if each.holds_in(month)]
        if not table:
            return None
        found = newest((each for each in table if each.at_least <= income and (each.below is None or income < each.below)), month)
        if found is None:
            raise NoRate(f"baris tabel penghasilan BPU untuk Rp{income} belum diisi")
        return found

    def adjustment(self, programme: str, terms: Terms, month: date, village: str) -> Adjustment | None:
        """The discount that holds in the month for the programme and payer."""
        mine = [each for each in self.adjustments if programme in each.programmes and (each.segment, each.sector) == (terms.segment, terms.sector)]
        return newest((each for each in mine if terms.payer not in each.not_for and self.is_on(each.slug, terms.payer, village)), month)

    def is_on(self, adjustment: str, payer: str, village: str = "") -> bool:
        """Did BPJS switch the discount on for the payer? What was said last counts, for the village itself before what was said for all."""
        said = {each.village: each.on for each in self.switches if (each.adjustment, each.payer) == (adjustment, payer)}
        return said.get(village, said.get("", False))


def find_rate(rates: Iterable[Rate], programme: str, segment: str, month: date, risk: str = "I") -> Rate:
    """The rate valid in ``month``; the youngest where two overlap. Raises NoRate."""
    if (segment, programme) in BARRED:
        raise NoRate(BARRED[segment, programme])
    mine = (each for each in rates if (each.programme, each.segment) == (programme, segment) and each.risk in ("", risk))
    found = newest(mine, month)
    if found is None:
        raise NoRate(f"tarif {programme} {segment} untuk {month:%m-%Y} belum diisi")
    return found
