"""The expedition book: what was handed to whom, how and when, and its receipt; as a sheet, what goes along to be receipted by hand."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from letters import sample
from letters.parts import Kop, Paper

TITLE = "Buku Ekspedisi"
ABOUT = "kabupaten"
NEEDS = ()
LANDSCAPE = True
PRINTOUT = True
TEMPLATE_VERSION = 1

STATES = ("diterima", "belum", "kembali")


@dataclass(frozen=True, kw_only=True)
class Handed:
    """One row: a paper or a bundle of papers on its way."""

    on: date | None = None  # a sheet is filled in when it goes
    title: str
    number: str | None = None
    detail: str | None = None  # "Rangkap 1 dan 2, 22 halaman"
    recipient: str
    how: str | None = None
    carrier: str | None = None
    state: str = "belum"
    received_on: date | None = None
    received_by: str | None = None
    reason: str | None = None  # why it came back


@dataclass(frozen=True, kw_only=True)
class Letter:
    """The facts of the print-out."""

    contoh: bool
    paper: Paper
    kop: Kop
    office: str
    sheet: bool = False  # a sheet that goes along, with room for ink
    about: str  # "Tahun 2026", "Rangkap untuk ditandatangani, perjanjian tahun anggaran 2026"
    cut_off_on: date
    cut_off_time: str  # "16.00 WITA"
    entries: tuple[Handed, ...] = ()
    left_out: tuple[str, ...] = ()  # what could not go along, and why

    @property
    def counts(self) -> dict[str, int]:
        """Rows by how they ended."""
        return {state: sum(each.state == state for each in self.entries) for state in STATES}

    def faults(self) -> Iterator[str]:
        for each in self.entries:
            if each.state not in STATES:
                yield f"Keadaan {each.state} tidak dikenal dalam buku ekspedisi."
            if each.state == "diterima" and not (each.received_on and each.received_by):
                yield f"Tanda terima {each.title} tidak menyebut siapa atau kapan."
            if self.sheet and each.state != "belum":
                yield "Lembar ekspedisi hanya memuat naskah yang belum diterima."


SAMPLE = Letter(
    contoh=True, paper=Paper(), kop=sample.KOP, office="Dinas Pemberdayaan Masyarakat dan Desa", about="Tahun 2026",
    cut_off_on=date(2026, 11, 23), cut_off_time="16.00 WITA", entries=(
        Handed(on=date(2026, 11, 20), title="Perjanjian Pelaksanaan beserta Lampiran I dan II", number="100.3.7.1/901/DPMD/XI/2026", detail="Rangkap 1 dan 2",
               recipient="Kepala Desa Contoh", how="diantar", carrier="Contoh Kurir", state="diterima", received_on=date(2026, 11, 21), received_by="Contoh Penerima"),
        Handed(on=date(2026, 11, 20), title="Surat Pengantar", number="400.10.2.2/902/DPMD/XI/2026", recipient="Kepala Desa Umpama", how="dijemput"),
        Handed(on=date(2026, 11, 21), title="Surat Teguran", number="400.10.2.2/903/DPMD/XI/2026", recipient="Kepala Desa Rekaan", how="diantar", carrier="Contoh Kurir",
               state="kembali", received_on=date(2026, 11, 22), reason="kantor desa tutup"),
        Handed(on=date(2026, 11, 22), title="Lampiran bertanda tangan", number="100.3.7.1/901/DPMD/XI/2026", recipient="Kepala Desa Contoh", how="diunduh dari sistem",
               state="diterima", received_on=date(2026, 11, 22), received_by="Contoh Operator"),
    ),
)
