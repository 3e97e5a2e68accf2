"""DPMD sends agreement and annexes to the village head, through the camat, for signature."""

from dataclasses import dataclass
from datetime import date

from letters import sample
from letters.kind import DRAFT
from letters.parts import AgreementCited, Enclosure, Kop, Paper, PersonInCharge, Recipient, Signer, Village, due

TITLE = "Surat Pengantar"
ABOUT = "agreement"
NEEDS = (*DRAFT, "agreement_numbered")  # it cites the number
NUMBERED = "drawn"
ARCHIVE_CODE = "400.10.2.2"  # administrasi pemerintahan desa, Permendagri 83/2022
TEMPLATE_VERSION = 1


@dataclass(frozen=True, kw_only=True)
class Letter:
    """The facts of the letter."""

    contoh: bool
    paper: Paper
    kop: Kop
    number: str | None = due()
    sifat: str = "Penting"
    place: str
    dated_on: date | None = due()
    recipient: Recipient
    village: Village
    agreement: AgreementCited
    enclosures: tuple[Enclosure, ...]
    return_by: date | None = due()  # the signed annexes come back by then
    contact: PersonInCharge | None = None
    signer: Signer
    copies_to: tuple[str, ...] = ()


SAMPLE = Letter(
    contoh=True, paper=Paper(), kop=sample.KOP, number="400.10.2.2/902/DPMD/XI/2026", place="Bulukumba",
    dated_on=date(2026, 11, 23), recipient=sample.RECIPIENT, village=sample.VILLAGE, agreement=sample.AGREEMENT,
    enclosures=(
        Enclosure(title="Perjanjian Pelaksanaan Desa Contoh Tahun Anggaran 2027", number=sample.AGREEMENT.number,
                  quantity="2 (dua) rangkap", note="untuk diketahui"),
        Enclosure(title="Lampiran I: Daftar Peserta", quantity="2 (dua) rangkap", note="untuk ditandatangani"),
        Enclosure(title="Lampiran II: Perhitungan Iuran", quantity="2 (dua) rangkap", note="untuk ditandatangani"),
    ), return_by=date(2026, 12, 4), contact=sample.PIC, signer=sample.DPMD_HEAD,
    copies_to=("Bupati Bulukumba (sebagai laporan)", "Kepala BPJS Ketenagakerjaan Cabang Bulukumba", "Camat Umpama"),
)
