"""Minutes of a meeting or a clarification: who met, what was found, what was promised; signed by two, with witnesses."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from letters import sample
from letters.asking import Ask
from letters.parts import Kop, Paper, Signer, due

TITLE = "Berita Acara"
ABOUT = "kabupaten"
NEEDS = ("office_head",)
NUMBERED = "drawn"
ARCHIVE_CODE = "400.10.2.2"  # administrasi pemerintahan desa, Permendagri 83/2022
TEMPLATE_VERSION = 1
ASKS = (
    Ask("event", "Berita acara tentang", hint="Misalnya Rapat Koordinasi Penganggaran, atau Klarifikasi Tunggakan Iuran Desa …"),
    Ask("held_on", "Hari dan tanggal", "day"),
    Ask("starts_at", "Pukul", "time"),
    Ask("venue", "Tempat"),
    Ask("second_name", "Nama pihak kedua", hint="Yang menandatangani bersama kepala kantor."),
    Ask("second_position", "Jabatan pihak kedua", hint="Misalnya Kepala Desa Contoh."),
    Ask("present", "Jumlah yang hadir", "number", hint="Kosongkan bila tidak dihitung.", must=False),
    Ask("points", "Pokok-pokok pembicaraan dan hasilnya", "lines", hint="Satu pada tiap baris."),
    Ask("commitments", "Kesanggupan", "lines", hint="Satu pada tiap baris: siapa, apa, paling lambat kapan.", must=False),
    Ask("witnesses", "Saksi", "lines", hint="Satu pada tiap baris: nama, jabatan.", must=False),
)


@dataclass(frozen=True, kw_only=True)
class Letter:
    """The facts of the minutes."""

    contoh: bool
    paper: Paper
    kop: Kop
    number: str | None = due()
    dated_on: date | None = due()
    event: str | None = due()
    held_on: date | None = due()
    starts_at: str | None = due()
    zone: str = "WITA"
    venue: str | None = due()
    signer: Signer  # the head of the office
    second: Signer
    present: int | None = None
    points: tuple[str, ...] = due(())
    commitments: tuple[str, ...] = ()
    witnesses: tuple[Signer, ...] = ()

    def faults(self) -> Iterator[str]:
        if self.held_on and self.dated_on and self.held_on > self.dated_on:
            yield "Berita acara mendahului hari acaranya."
        if len(self.witnesses) > 6:
            yield "Paling banyak enam saksi."


SAMPLE = Letter(
    contoh=True, paper=Paper(), kop=sample.KOP, number="400.10.2.2/909/DPMD/XII/2026", dated_on=date(2026, 12, 2),
    event="Klarifikasi Penganggaran Iuran Jaminan Sosial Ketenagakerjaan Desa Contoh Tahun Anggaran 2027", held_on=date(2026, 12, 2), starts_at="10.30",
    venue="Ruang Rapat Contoh, Dinas Pemberdayaan Masyarakat dan Desa, Bulukumba", signer=sample.DPMD_HEAD, second=sample.HEAD, present=7, points=(
        "APB Desa Tahun Anggaran 2027 baru memuat iuran untuk enam Bulan Iuran, sedangkan yang diperjanjikan dua belas Bulan Iuran.",
        "Kekurangan terjadi karena pagu ADD diterima sesudah rancangan APB Desa disepakati bersama BPD.",
        "Kekurangan dapat ditutup dalam perubahan APB Desa dari sumber dana yang diperbolehkan.",
    ), commitments=(
        "Kepala Desa Contoh mengusulkan kekurangan iuran dalam perubahan APB Desa paling lambat 30 Juli 2027.",
        "Dinas Pemberdayaan Masyarakat dan Desa mendampingi penyusunannya dan memeriksa hasilnya bersama Camat Umpama.",
    ), witnesses=(Signer(name="RAHMAN SAMARAN, S.H.", position="Penelaah Teknis Kebijakan"), Signer(name="NURHAYATI MISAL", position="Ketua BPD Desa Contoh")),
)
