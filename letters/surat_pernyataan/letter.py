"""The village head's commitment: the list is true and the contributions will be budgeted."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from letters import sample
from letters.parts import Kop, Paper, Signer, Village, due

TITLE = "Surat Pernyataan Kepala Desa"
ABOUT = "agreement"
NEEDS = ("roster_frozen", "contributions_calculated", "statement_number")
NUMBERED = "typed"
TEMPLATE_VERSION = 1


@dataclass(frozen=True, kw_only=True)
class Letter:
    """The facts of the statement."""

    contoh: bool
    paper: Paper
    kop: Kop  # of the village
    number: str | None = due()  # typed in by the village
    place: str
    dated_on: date | None = due()
    village: Village
    head: Signer
    authority: str | None = due()  # the Bupati's decree of appointment
    office_address: str | None = due()
    fiscal_year: int
    people: int
    monthly: Decimal | None
    yearly: Decimal
    blth_from: date
    blth_until: date
    months: int
    fund_sources: tuple[str, ...] = due(())
    copies_to: tuple[str, ...] = ()


SAMPLE = Letter(
    contoh=True, paper=Paper(), kop=sample.VILLAGE_KOP, number="400.10.2.4/903/73.02.99.2901/2026", place="Contoh",
    dated_on=date(2026, 11, 24), village=sample.VILLAGE, head=sample.HEAD,
    authority="Keputusan Bupati Bulukumba Nomor 903 Tahun 2023", office_address="Jalan Poros Umpama Nomor 2, Desa Contoh",
    fiscal_year=2027, people=sample.PEOPLE, monthly=sample.MONTHLY, yearly=sample.YEARLY, blth_from=date(2027, 1, 1),
    blth_until=date(2027, 12, 1), months=12, fund_sources=("ADD", "PBH", "PADes"),
)
