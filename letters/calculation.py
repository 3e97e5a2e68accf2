"""What is due, what the budget pays and what stays uncovered: the calculation that goes with every letter about a shortfall."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from letters import sample
from letters.openings import due
from letters.parts import Line, Village


@dataclass(frozen=True, kw_only=True)
class Budgeted:
    """One line of the budget that stands."""

    document: str  # "APB Desa" or "Perubahan APB Desa"
    activity_code: str
    account_code: str
    name: str
    source: str  # "Alokasi Dana Desa"
    categories: tuple[str, ...]
    amount: Decimal
    forbidden: str | None = None  # the article that forbids this source for these people


@dataclass(frozen=True, kw_only=True)
class Uncovered:
    """One category: what is due, what the budget pays of it, and the months that stay unpaid."""

    category: str
    due: Decimal
    covered: Decimal
    short: Decimal
    blth_from: date | None = None
    blth_until: date | None = None
    months: int = 0


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """When the budget can be mended next; ``in_time`` is false when it is another year's budget."""

    document: str  # "Perubahan APB Desa"
    fiscal_year: int
    opens_on: date
    closes_on: date
    article: str
    in_time: bool = True


@dataclass(frozen=True, kw_only=True)
class Calculation:
    """The whole of it, as it stood on a day."""

    village: Village
    fiscal_year: int
    counted_on: date
    people: int
    lines: tuple[Line, ...] = due(())
    budget: tuple[Budgeted, ...] = ()
    uncovered: tuple[Uncovered, ...] = due(())
    due: Decimal = Decimal(0)
    covered: Decimal = Decimal(0)
    short: Decimal = Decimal(0)
    occasion: Occasion | None = None
    notes: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[Uncovered, ...]:
        """The categories that are short."""
        return tuple(each for each in self.uncovered if each.short)

    @property
    def forbidden(self) -> tuple[Budgeted, ...]:
        """The lines whose source may not pay."""
        return tuple(each for each in self.budget if each.forbidden)

    def faults(self) -> Iterator[str]:
        """Sums that contradict each other."""
        if self.due != sum(each.yearly for each in self.lines):
            yield "Kebutuhan iuran berbeda dari jumlah perhitungannya."
        for name, told in (("due", self.due), ("covered", self.covered), ("short", self.short)):
            if told != sum(getattr(each, name) for each in self.uncovered):
                yield "Jumlah kebutuhan, anggaran, atau kekurangan berbeda dari jumlah barisnya."
        for each in self.uncovered:
            if each.due - each.covered != each.short:
                yield f"Kekurangan {each.category} bukan selisih kebutuhan dan anggarannya."


def _uncovered() -> tuple[Uncovered, ...]:
    short = {"Lembaga Kemasyarakatan Desa": (4, Decimal("475200.00")), "Pekerja Rentan": (12, Decimal("3024000.00"))}
    found = []
    for each in sample.LINES:
        months, missing = short.get(each.category, (0, Decimal(0)))
        first = date(2027, 13 - months, 1) if months else None
        found.append(Uncovered(category=each.category, due=each.yearly, covered=each.yearly - missing, short=missing, blth_from=first,
                               blth_until=date(2027, 12, 1) if months else None, months=months))
    return tuple(found)


_UNCOVERED = _uncovered()
_PAID = tuple(
    Budgeted(document="APB Desa", activity_code="1.1.03", account_code=f"5.1.3.{place:02d}", name=f"Jaminan Sosial Ketenagakerjaan {each.category}",
             source="Alokasi Dana Desa", categories=(each.category,), amount=each.covered)
    for place, each in enumerate(_UNCOVERED, 3) if each.covered)

SAMPLE = Calculation(
    village=sample.VILLAGE, fiscal_year=2027, counted_on=date(2027, 7, 5), people=sample.PEOPLE, lines=sample.LINES, budget=_PAID,
    uncovered=_UNCOVERED, due=sample.YEARLY, covered=sum((each.covered for each in _UNCOVERED), Decimal(0)),
    short=sum((each.short for each in _UNCOVERED), Decimal(0)),
    occasion=Occasion(document="Perubahan APB Desa", fiscal_year=2027, opens_on=date(2027, 7, 1), closes_on=date(2027, 9, 30),
                      article="Permendagri 20/2018 Pasal 40"),
    notes=("Baris yang membayar beberapa kategori dibagi sedemikian rupa sehingga kekurangannya sekecil mungkin.",),
)
