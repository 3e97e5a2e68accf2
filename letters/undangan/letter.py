"""An invitation to the village heads; whom it invites stands in its annex."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from letters import sample
from letters.asking import Ask
from letters.parts import Kop, Paper, PersonInCharge, Recipient, Signer, due

TITLE = "Undangan"
ABOUT = "kabupaten"
NEEDS = ("office_head",)
NUMBERED = "drawn"
ARCHIVE_CODE = "000.1.5"  # rapat, Permendagri 83/2022
TEMPLATE_VERSION = 1
ALL, PENDING = "semua", "belum_aktif"
ASKS = (
    Ask("event", "Acara", hint="Misalnya Rapat Koordinasi Penganggaran Jaminan Sosial Ketenagakerjaan."),
    Ask("held_on", "Hari dan tanggal", "day"),
    Ask("starts_at", "Pukul", "time"),
    Ask("venue", "Tempat", hint="Nama ruang dan alamatnya."),
    Ask("fiscal_year", "Tahun anggaran yang dibahas", "year"),
    Ask("audience", "Yang diundang", "choice", choices=((ALL, "Semua Kepala Desa"), (PENDING, "Kepala Desa yang perjanjiannya belum aktif"))),
    Ask("topics", "Pokok bahasan", "lines", hint="Satu pada tiap baris.", must=False),
    Ask("bring", "Yang perlu dibawa", "lines", hint="Satu pada tiap baris, misalnya APBDes tahun berjalan.", must=False),
)


@dataclass(frozen=True, kw_only=True)
class Invited:
    """One addressee of the annex."""

    title: str  # "Kepala Desa Contoh"
    kecamatan: str
    why: str = ""  # the stage, where only those are invited who are not active


@dataclass(frozen=True, kw_only=True)
class Letter:
    """The facts of the invitation."""

    contoh: bool
    paper: Paper
    kop: Kop
    number: str | None = due()
    sifat: str = "Penting"
    place: str
    dated_on: date | None = due()
    recipient: Recipient
    event: str | None = due()
    fiscal_year: int
    held_on: date | None = due()
    starts_at: str | None = due()  # "09.00"
    zone: str = "WITA"
    venue: str | None = due()
    topics: tuple[str, ...] = ()
    bring: tuple[str, ...] = ()
    pending: bool = False  # only those are invited whose agreement is not active
    invited: tuple[Invited, ...] = due(())
    pic: PersonInCharge
    signer: Signer
    copies_to: tuple[str, ...] = ()

    def faults(self) -> Iterator[str]:
        if self.held_on and self.dated_on and self.held_on < self.dated_on:
            yield "Acara mendahului tanggal undangannya."


SAMPLE = Letter(
    contoh=True, paper=Paper(), kop=sample.KOP, number="000.1.5/908/DPMD/XI/2026", place="Bulukumba", dated_on=date(2026, 11, 23),
    recipient=Recipient(title="Para Kepala Desa (daftar terlampir)", place="Tempat"),
    event="Rapat Koordinasi Penganggaran Jaminan Sosial Ketenagakerjaan Desa", fiscal_year=2027, held_on=date(2026, 12, 2), starts_at="09.00",
    venue="Ruang Rapat Contoh, Dinas Pemberdayaan Masyarakat dan Desa, Jalan Contoh Raya Nomor 1, Bulukumba",
    topics=("Kekurangan anggaran iuran Tahun Anggaran 2027 dan cara menutupnya", "Jadwal penandatanganan Lampiran I dan Lampiran II"),
    bring=("APB Desa Tahun Anggaran 2027 beserta penjabarannya", "Stempel Pemerintah Desa"), pending=True,
    invited=tuple(Invited(title=f"Kepala Desa Contoh {n}", kecamatan="Umpama" if n < 20 else "Misal", why="Penganggaran" if n % 3 else "Penandatanganan") for n in range(1, 41)),
    pic=sample.PIC, signer=sample.DPMD_HEAD, copies_to=("Bupati Bulukumba (sebagai laporan)", "Kepala BPJS Ketenagakerjaan Cabang Bulukumba", "Para Camat"),
)
