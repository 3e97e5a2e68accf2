"""What is due, what the budget pays and what is short, as a paper of its own; a letter about the shortfall carries the same pages as its annex."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from letters import calculation, sample
from letters.calculation import Calculation
from letters.parts import AgreementCited, Paper, Signer, Village, due

TITLE = "Perhitungan Kebutuhan dan Kekurangan Anggaran Iuran"
ABOUT = "agreement"
NEEDS = ("roster_frozen", "office_head")
NUMBERED = "parent"
TEMPLATE_VERSION = 1


@dataclass(frozen=True, kw_only=True)
class Letter:
    """The facts of the paper."""

    contoh: bool
    paper: Paper
    village: Village
    agreement: AgreementCited
    calculation: Calculation
    yearly: Decimal
    place: str
    dated_on: date | None = due()
    signer: Signer

    def faults(self) -> Iterator[str]:
        yield from self.calculation.faults()


SAMPLE = Letter(
    contoh=True, paper=Paper(), village=sample.VILLAGE, agreement=sample.AGREEMENT, calculation=calculation.SAMPLE, yearly=sample.YEARLY,
    place="Bulukumba", dated_on=date(2027, 7, 5), signer=sample.DPMD_HEAD,
)
