"""Lampiran II: what a year costs, by category, each rate with its article."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from letters import sample
from letters.kind import AGREEMENTS, DRAFT
from letters.parts import AgreementCited, Line, Paper, Party, Signer, Village, due

TITLE = "Lampiran II: Perhitungan Iuran"
ABOUT = "agreement"
NEEDS = (*DRAFT, "agreement_numbered")
NUMBERED = "parent"
ARCHIVE_CODE = AGREEMENTS
RENDITIONS = 2
PARAF = True
LANDSCAPE = True
TEMPLATE_VERSION = 1


@dataclass(frozen=True, kw_only=True)
class Letter:
    """The facts of the annex: one frozen calculation."""

    contoh: bool
    paper: Paper
    rangkap: int = 1
    agreement: AgreementCited
    village: Village
    head: Signer
    kesatu: Party | None = None
    kedua: Party | None = None
    lines: tuple[Line, ...] = due(())
    people: int  # a person counts once, also where a category has two lines
    monthly: Decimal | None  # None when it changes within the year
    yearly: Decimal
    notes: tuple[str, ...] = ()  # sources of the rates, the rounding rule
    place: str | None = None
    dated_on: date | None = None

    def faults(self) -> Iterator[str]:
        for each in self.lines:
            if each.monthly != sum(rate.monthly for rate in each.rates):
                yield f"Iuran sebulan {each.category} berbeda dari jumlah programnya."
            if each.yearly != each.monthly * each.months:
                yield f"Iuran setahun {each.category} bukan hasil kali iuran sebulan dan banyaknya bulan."
        if self.yearly != sum(each.yearly for each in self.lines):
            yield "Jumlah iuran setahun berbeda dari jumlah barisnya."


SAMPLE = Letter(
    contoh=True, paper=Paper(), agreement=sample.AGREEMENT, village=sample.VILLAGE, head=sample.HEAD, lines=sample.LINES,
    people=sample.PEOPLE, monthly=sample.MONTHLY, yearly=sample.YEARLY, notes=(
        "Tarif yang dipakai adalah tarif yang berlaku pada tiap Bulan Iuran menurut peraturan yang tercantum pada kolom tarif.",
        "Iuran dibulatkan sampai dua angka di belakang koma untuk tiap orang dan tiap program.",
        "Dasar upah perangkat Desa berbeda menurut jabatan dan tercantum per orang dalam Lampiran I.",
    ), place="Contoh", dated_on=date(2026, 11, 24),
)
