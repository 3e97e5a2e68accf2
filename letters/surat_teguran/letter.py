"""Reminder I, II or III: what is late, whom it hurts, and by when an answer is due."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from letters import sample
from letters.parts import (
    AgreementCited,
    EarlierLetter,
    Kop,
    Missing,
    Paper,
    PersonInCharge,
    Recipient,
    Signer,
    Village,
    due,
)

TITLE = "Surat Teguran"
ABOUT = "agreement"
NEEDS = ("something_overdue",)
NUMBERED = "drawn"
ARCHIVE_CODE = "400.10.2.2"
TEMPLATE_VERSION = 1


@dataclass(frozen=True, kw_only=True)
class Letter:
    """The facts of the reminder."""

    contoh: bool
    paper: Paper
    kop: Kop
    level: int  # 1, 2 or 3
    number: str | None = due()
    sifat: str = "Penting"
    place: str
    dated_on: date | None = due()
    recipient: Recipient
    village: Village
    fiscal_year: int
    agreement: AgreementCited | None = None  # None while it has no number: the paper then speaks of a draft
    stage: str  # "penganggaran"
    missing: tuple[Missing, ...] = due(())
    counted_on: date  # the day up to which days late are counted
    people: int = 0  # 0 while no list is frozen: the paper is then silent about people and money
    yearly: Decimal = Decimal(0)
    earlier: tuple[EarlierLetter, ...] = ()
    reply_by: date | None = due()
    pic: PersonInCharge
    signer: Signer
    copies_to: tuple[str, ...] = ()

    def faults(self) -> Iterator[str]:
        if self.level not in (1, 2, 3):
            yield "Teguran hanya mengenal tingkat I, II, dan III."


SAMPLE = Letter(
    contoh=True, paper=Paper(), kop=sample.KOP, level=2, number="400.10.2.2/904/DPMD/XI/2026", place="Bulukumba",
    dated_on=date(2026, 11, 23), recipient=sample.RECIPIENT, village=sample.VILLAGE, agreement=sample.AGREEMENT, fiscal_year=2027,
    stage="penganggaran", missing=(
        Missing(sentence="APB Desa atau perubahannya memuat iuran", due_on=date(2026, 10, 30), days_late=24),
        Missing(sentence="Bukti penganggaran telah diunggah", due_on=date(2026, 11, 6), days_late=17),
    ), counted_on=date(2026, 11, 23), people=sample.PEOPLE, yearly=sample.YEARLY,
    earlier=(EarlierLetter(title="Surat Teguran I", number="400.10.2.2/899/DPMD/XI/2026", dated_on=date(2026, 11, 9)),),
    reply_by=date(2026, 12, 4), pic=sample.PIC, signer=sample.DPMD_HEAD,
    copies_to=("Bupati Bulukumba (sebagai laporan)", "Inspektur Daerah Kabupaten Bulukumba", "Camat Umpama"),
)
