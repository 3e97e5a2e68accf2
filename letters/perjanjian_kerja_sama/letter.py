"""The accord: signed once for several years, the umbrella of every village's agreement."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from letters import sample
from letters.kind import AGREEMENTS
from letters.parts import LegalBasis, Paper, Party, due

TITLE = "Perjanjian Kerja Sama"
ABOUT = "accord"
NEEDS = ("accord_parties", "accord_mandate", "accord_legal_bases", "accord_period")
NUMBERED = "drawn"
ARCHIVE_CODE = AGREEMENTS
RENDITIONS = 2
PARAF = True
TEMPLATE_VERSION = 1


@dataclass(frozen=True, kw_only=True)
class Letter:
    """The facts of the accord."""

    contoh: bool
    paper: Paper
    rangkap: int = 1
    number: str | None = due()  # of PIHAK KESATU
    number_kedua: str | None = None
    dated_on: date | None = None
    place: str | None = None
    subject: str  # what follows TENTANG
    kesatu: Party
    kedua: Party
    kabupaten: str  # "Kabupaten Bulukumba"
    legal_bases: tuple[LegalBasis, ...] = due(())
    programmes: tuple[str, ...]  # at least JKK and JKM
    categories: tuple[str, ...]  # who may be a participant
    starts_on: date | None = due()
    ends_on: date | None = due()
    evaluation_months: int = 3
    notice_months: int = 3  # before the end: talks on renewal
    court: str

    def faults(self) -> Iterator[str]:
        if self.starts_on and self.ends_on and self.ends_on <= self.starts_on:
            yield "Tanggal berakhir harus setelah tanggal mulai."


SAMPLE = Letter(
    contoh=True, paper=Paper(), number=sample.ACCORD.number_kesatu, number_kedua=sample.ACCORD.number_kedua,
    dated_on=sample.ACCORD.dated_on, place="Bulukumba",
    subject="Penyelenggaraan Program Jaminan Sosial Ketenagakerjaan bagi Aparatur Pemerintahan Desa, Anggota Lembaga Desa, "
            "dan Pekerja Rentan",
    kesatu=sample.KESATU, kedua=sample.KEDUA, kabupaten="Kabupaten Bulukumba", legal_bases=sample.LEGAL_BASES,
    programmes=("Jaminan Kecelakaan Kerja (JKK)", "Jaminan Kematian (JKM)"),
    categories=("Kepala Desa dan perangkat Desa", "staf Desa", "anggota Badan Permusyawaratan Desa",
                "pengurus lembaga kemasyarakatan Desa, termasuk rukun tetangga dan rukun warga", "imam Desa", "Pekerja Rentan"),
    starts_on=date(2026, 1, 12), ends_on=date(2029, 1, 11), court="Pengadilan Negeri Bulukumba",
)
