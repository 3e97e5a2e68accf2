"""The office tells a village head that the budget does not carry the year's contributions; the calculation is bound behind it, one paper."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from letters import calculation, sample
from letters.calculation import Calculation
from letters.parts import EarlierLetter, Kop, Paper, PersonInCharge, Recipient, Signer, Village, due

TITLE = "Surat Kekurangan Anggaran"
ABOUT = "agreement"
NEEDS = ("roster_frozen", "something_short", "shortfall_untold", "office_head")
NUMBERED = "drawn"
ARCHIVE_CODE = "400.10.2.4"  # keuangan dan aset desa, Permendagri 83/2022
TEMPLATE_VERSION = 1


@dataclass(frozen=True, kw_only=True)
class Letter:
    """The facts of the letter and of its annex."""

    contoh: bool
    paper: Paper
    kop: Kop
    number: str | None = due()
    sifat: str = "Penting"
    place: str
    dated_on: date | None = due()
    recipient: Recipient
    village: Village
    calculation: Calculation
    earlier: EarlierLetter | None = None
    reply_by: date | None = due()
    pic: PersonInCharge
    signer: Signer
    copies_to: tuple[str, ...] = ()

    def faults(self) -> Iterator[str]:
        yield from self.calculation.faults()


SAMPLE = Letter(
    contoh=True, paper=Paper(), kop=sample.KOP, number="400.10.2.4/907/DPMD/VII/2027", place="Bulukumba", dated_on=date(2027, 7, 5),
    recipient=sample.RECIPIENT, village=sample.VILLAGE, calculation=calculation.SAMPLE,
    earlier=EarlierLetter(title="Surat Kekurangan Anggaran", number="400.10.2.4/890/DPMD/VI/2027", dated_on=date(2027, 6, 1)),
    reply_by=date(2027, 7, 19), pic=sample.PIC, signer=sample.DPMD_HEAD, copies_to=("Bupati Bulukumba (sebagai laporan)", "Camat Umpama"),
)
