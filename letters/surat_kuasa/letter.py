"""A mandate: the Bupati lets the head of the office sign, or the head lets who stands in for him; both sign over meterai."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from letters import sample
from letters.asking import Ask
from letters.parts import Paper, Signer, due

TITLE = "Surat Kuasa"
ABOUT = "accord"
NEEDS = ("accord_parties", "accord_period")
NUMBERED = None  # the giver's own register numbers it
TEMPLATE_VERSION = 1
REGION, STAND_IN = "bupati", "pelaksana"
ASKS = (
    Ask("giver", "Pemberi kuasa", "choice", choices=((REGION, "Bupati kepada kepala kantor"), (STAND_IN, "Kepala kantor kepada pelaksana harian (Plh.)"))),
    Ask("giver_name", "Nama Bupati", hint="Lengkap dengan gelar; kosongkan bila pemberi kuasanya kepala kantor.", must=False),
    Ask("giver_seat", "Alamat kantor pemberi kuasa", hint="Misalnya Jalan Contoh Nomor 1, Bulukumba.", must=False),
    Ask("number", "Nomor surat kuasa", hint="Nomor dari register pemberi kuasa; kosongkan bila ditulis tangan kemudian.", must=False),
    Ask("receiver_name", "Nama pelaksana harian", hint="Hanya bila kepala kantor memberi kuasa; kosongkan bila sudah tercatat di halaman Pejabat.", must=False),
    Ask("receiver_number", "NIP pelaksana harian", must=False),
)


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who gives or receives the mandate."""

    signer: Signer
    seat: str | None = due()


@dataclass(frozen=True, kw_only=True)
class Letter:
    """The facts of the mandate."""

    contoh: bool
    paper: Paper
    number: str | None = None  # given by the giver's register; may be filled in by hand
    place: str
    dated_on: date | None = None  # the day of signing; may be filled in by hand
    giver: Person
    receiver: Person
    on_behalf_of: str  # "Pemerintah Kabupaten Bulukumba"
    subject: str  # of the accord
    insurer: str  # the other party
    resting_on: str | None = None  # the mandate that the giver himself has
    starts_on: date | None = due()
    ends_on: date | None = due()

    def faults(self) -> Iterator[str]:
        if self.giver.signer.name and self.giver.signer.name == self.receiver.signer.name:
            yield "Pemberi dan penerima kuasa orang yang sama."
        if self.starts_on and self.ends_on and self.ends_on <= self.starts_on:
            yield "Masa berlaku kuasa harus berakhir setelah mulai."


SAMPLE = Letter(
    contoh=True, paper=Paper(), number="100.2.2/901/2026", place="Bulukumba", dated_on=date(2026, 1, 5),
    giver=Person(signer=Signer(name="Drs. H. MUH. REKAAN UMPAMA, M.M.", position="Bupati Bulukumba"), seat="Jalan Misal Raya Nomor 1, Bulukumba"),
    receiver=Person(signer=sample.DPMD_HEAD, seat=sample.KESATU.seat), on_behalf_of="Pemerintah Kabupaten Bulukumba",
    subject="Penyelenggaraan Program Jaminan Sosial Ketenagakerjaan bagi Aparatur Pemerintahan Desa, Anggota Lembaga Desa, dan Pekerja Rentan",
    insurer=sample.KEDUA.institution, starts_on=date(2026, 1, 12), ends_on=date(2029, 1, 11),
)
