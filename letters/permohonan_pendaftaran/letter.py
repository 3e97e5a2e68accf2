"""The village asks BPJS to register its participants together; the upload file goes with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from letters import sample
from letters.parts import AgreementCited, Enclosure, Kop, Paper, Recipient, Signer, Village, due

TITLE = "Permohonan Pendaftaran Kolektif"
ABOUT = "agreement"
NEEDS = ("roster_frozen", "contributions_calculated", "nothing_flagged", "agreement_numbered", "application_number")
NUMBERED = "typed"
NUMBER_OWNER = "permohonan"
TEMPLATE_VERSION = 1


@dataclass(frozen=True, kw_only=True)
class Applied:
    """One category that is to be registered."""

    category: str
    segment: str  # PU or BPU
    programmes: tuple[str, ...]  # codes
    people: int
    monthly: Decimal | None  # None when the month's sum changes within the year
    yearly: Decimal


@dataclass(frozen=True, kw_only=True)
class Letter:
    """The facts of the request."""

    contoh: bool
    paper: Paper
    kop: Kop  # of the village
    number: str | None = due()  # typed in by the village
    sifat: str = "Penting"
    place: str
    dated_on: date | None = due()
    recipient: Recipient
    village: Village
    agreement: AgreementCited
    applied: tuple[Applied, ...] = due(())
    people: int
    monthly: Decimal | None
    yearly: Decimal
    blth_from: date
    blth_until: date
    months: int
    enclosures: tuple[Enclosure, ...]
    head: Signer
    copies_to: tuple[str, ...] = ()

    def faults(self) -> Iterator[str]:
        if self.people != sum(each.people for each in self.applied):
            yield "Jumlah peserta berbeda dari jumlah per kategori."
        if self.yearly != sum(each.yearly for each in self.applied):
            yield "Jumlah iuran berbeda dari jumlah per kategori."


SAMPLE = Letter(
    contoh=True, paper=Paper(), kop=sample.VILLAGE_KOP, number="400.10.2.4/906/73.02.99.2901/2026", place="Contoh", dated_on=date(2026, 12, 7),
    recipient=Recipient(title="Kepala BPJS Ketenagakerjaan Cabang Bulukumba", place="Bulukumba"), village=sample.VILLAGE, agreement=sample.AGREEMENT,
    applied=tuple(Applied(category=each.category, segment=line.segment, programmes=("JKK", "JKM"), people=each.people, monthly=each.monthly,
                          yearly=each.yearly) for each, line in zip(sample.SHARES, sample.LINES, strict=True)),
    people=sample.PEOPLE, monthly=sample.MONTHLY, yearly=sample.YEARLY, blth_from=date(2027, 1, 1), blth_until=date(2027, 12, 1), months=12,
    enclosures=(
        Enclosure(title="Berkas unggah data Peserta Penerima Upah dan Bukan Penerima Upah", quantity="1 (satu) berkas", note="salinan digital"),
        Enclosure(title="Keputusan Kepala Desa Contoh tentang Penetapan Peserta", number="903 Tahun 2026", quantity="1 (satu) rangkap"),
        Enclosure(title="Surat Pernyataan Kepala Desa", number="400.10.2.4/903/73.02.99.2901/2026", quantity="1 (satu) rangkap"),
        Enclosure(title="Perjanjian Pelaksanaan beserta Lampiran I dan Lampiran II", number=sample.AGREEMENT.number, quantity="1 (satu) rangkap", note="salinan"),
    ), head=sample.HEAD, copies_to=("Kepala Dinas Pemberdayaan Masyarakat dan Desa Kabupaten Bulukumba", "Camat Umpama"),
)
