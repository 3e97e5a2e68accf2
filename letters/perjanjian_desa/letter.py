"""The agreement of one village and fiscal year, under the accord; the village head is no party to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from letters import sample
from letters.kind import AGREEMENTS, DRAFT
from letters.parts import AccordCited, LegalBasis, Paper, Party, Share, Signer, Village, due

TITLE = "Perjanjian Pelaksanaan per Desa"
ABOUT = "agreement"
NEEDS = DRAFT
NUMBERED = "drawn"
ARCHIVE_CODE = AGREEMENTS
RENDITIONS = 2
PARAF = True
TEMPLATE_VERSION = 1


@dataclass(frozen=True, kw_only=True)
class Letter:
    """The facts of the agreement."""

    contoh: bool
    paper: Paper
    rangkap: int = 1
    number: str | None = due()  # of PIHAK KESATU
    number_kedua: str | None = None  # BPJS's own; written by hand when it comes later
    dated_on: date | None = None  # the day of signing; may be filled in by hand
    place: str | None = None
    kesatu: Party
    kedua: Party
    village: Village
    head: Signer  # kepala desa: signs the annexes only
    accord: AccordCited
    legal_bases: tuple[LegalBasis, ...] = due(())
    fiscal_year: int
    programmes: tuple[str, ...]  # "Jaminan Kecelakaan Kerja (JKK)", …
    categories: tuple[Share, ...] = due(())
    people: int
    monthly: Decimal | None  # None when it changes within the year
    yearly: Decimal
    blth_from: date
    blth_until: date
    months: int
    payment_due_day: int = 15  # of the month after; PP 44/2015
    filing_days: int = 14  # working days
    validation_days: int = 7  # working days
    court: str  # "Pengadilan Negeri Bulukumba"

    def faults(self) -> Iterator[str]:
        if self.people != sum(each.people for each in self.categories):
            yield "Jumlah peserta berbeda dari jumlah per kategori."
        if self.yearly != sum(each.yearly for each in self.categories):
            yield "Jumlah iuran setahun berbeda dari jumlah per kategori."
        if self.months != months_between(self.blth_from, self.blth_until):
            yield "Jumlah bulan iuran tidak sesuai dengan bulan awal dan akhirnya."


def months_between(first: date, last: date) -> int:
    """Contribution months from the first to the last, both counted."""
    return (last.year - first.year) * 12 + last.month - first.month + 1


SAMPLE = Letter(
    contoh=True, paper=Paper(), number="100.3.7.1/901/DPMD/XI/2026", number_kedua="PER/901/112026",
    dated_on=date(2026, 11, 23), place="Bulukumba", kesatu=sample.KESATU, kedua=sample.KEDUA, village=sample.VILLAGE,
    head=sample.HEAD, accord=sample.ACCORD, legal_bases=sample.LEGAL_BASES, fiscal_year=2027,
    programmes=("Jaminan Kecelakaan Kerja (JKK)", "Jaminan Kematian (JKM)"), categories=sample.SHARES,
    people=sample.PEOPLE, monthly=sample.MONTHLY, yearly=sample.YEARLY, blth_from=date(2027, 1, 1),
    blth_until=date(2027, 12, 1), months=12, court="Pengadilan Negeri Bulukumba",
)
