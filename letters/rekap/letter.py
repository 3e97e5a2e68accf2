"""Villages that are not covered yet, by kecamatan, every figure with its denominator and its cut-off."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from letters import sample
from letters.parts import District, Kop, Paper, PendingVillage, Signer

TITLE = "Rekapitulasi Desa yang Belum Selesai"
ABOUT = "kabupaten"
NEEDS = ()
LANDSCAPE = True
TEMPLATE_VERSION = 2


@dataclass(frozen=True, kw_only=True)
class TrailHead:
    """The newest link of the audit trail: on paper it lies outside the database, so that a rewritten or shortened trail is found by it."""

    seq: int
    at: str  # "22-11-2026 pukul 16.00.00 WITA"
    hash: str


@dataclass(frozen=True, kw_only=True)
class Letter:
    """The facts of the recap."""

    contoh: bool
    paper: Paper
    kop: Kop
    kabupaten: str  # "Kabupaten Bulukumba"
    fiscal_year: int
    cut_off_on: date
    cut_off_time: str  # "16.00 WITA"
    districts: tuple[District, ...]
    pending: int
    villages: int
    source: str
    trail: TrailHead | None = None  # None: nothing happened yet
    place: str | None = None  # with a signer only
    signer: Signer | None = None

    def faults(self) -> Iterator[str]:
        if self.pending != sum(len(each.pending) for each in self.districts):
            yield "Jumlah desa yang belum selesai berbeda dari jumlah per kecamatan."
        if self.villages != sum(each.villages for each in self.districts):
            yield "Jumlah desa berbeda dari jumlah per kecamatan."
        for each in self.districts:
            if len(each.pending) > each.villages:
                yield f"Kecamatan {each.name} memuat lebih banyak baris daripada desanya."


def _district(name: str, order: int, villages: int, pending: int) -> District:
    stages = (("Penyusunan", "Daftar peserta telah dibekukan", "Desa"), ("Penandatanganan", "Lampiran ditandatangani Kepala Desa", "Desa"),
              ("Penganggaran", "APB Desa atau perubahannya memuat iuran", "Desa"), ("Kepesertaan", "Iuran pertama telah dibayar", "Desa"))
    return District(name=name, villages=villages, pending=tuple(
        PendingVillage(name=f"Contoh {order}.{n}", code=f"73.02.{90 + order}.29{n:02d}", stage=stages[n % 4][0], sentence=stages[n % 4][1],
                       turn=stages[n % 4][2], days_late=n * 3 if n % 2 else None) for n in range(1, pending + 1)))


SAMPLE = Letter(
    contoh=True, paper=Paper(), kop=sample.KOP, kabupaten="Kabupaten Bulukumba", fiscal_year=2027, cut_off_on=date(2026, 11, 22),
    cut_off_time="16.00 WITA", districts=(_district("Umpama", 1, 12, 9), _district("Misal", 2, 8, 0), _district("Rekaan", 3, 17, 14)),
    pending=23, villages=37, source="Catatan bukti pada Sinergi Desa, Dinas Pemberdayaan Masyarakat dan Desa", place="Bulukumba",
    signer=sample.DPMD_HEAD, trail=TrailHead(seq=4812, at="22-11-2026 pukul 15.58.12 WITA", hash="9f3c0a71" * 8),
)
