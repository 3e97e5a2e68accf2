"""The certificate of an agreement's life: who did what when, with the hashes that prove it; it says what was witnessed here and what was taken over."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from letters import sample
from letters.parts import Kop, Paper, due

TITLE = "Sertifikat Riwayat Perjanjian"
ABOUT = "history"  # made on the page of an agreement's history, by whoever may see it
NEEDS = ()
LANDSCAPE = True
TEMPLATE_VERSION = 1

HEX = 64


@dataclass(frozen=True, kw_only=True)
class Told:
    """One line about the agreement; a dotted line where nothing is known yet."""

    name: str
    value: str | None = None


@dataclass(frozen=True, kw_only=True)
class Happened:
    """One event of the trail."""

    seq: int
    day: str  # "22-11-2026"
    time: str  # "10.00.00"
    what: str  # "Konsep disetujui"
    detail: str | None = None
    who: str
    role: str | None = None
    object: str  # "perjanjian 73.02.99.2901-2027", "naskah 12"
    taken_over: bool = False
    hash: str


@dataclass(frozen=True, kw_only=True)
class Original:
    """The bytes of one original as they were stored."""

    rangkap: int
    pages: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A paper of the register, in one version."""

    title: str
    number: str | None = None
    version: int
    dated_on: date
    state: str  # terbit, diganti, batal, dicadangkan
    reason: str | None = None  # why it is void
    originals: tuple[Original, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Signed:
    """A signature with its evidence and the second person's word on it."""

    signer: str  # "PIHAK KESATU"
    on: date
    place: str
    method: str  # "tanda tangan basah"
    taken_over: bool = False
    recorded: str  # "Contoh Staf, 22-11-2026 10.00"
    verdict: str  # "Dikonfirmasi Contoh Pejabat, 22-11-2026 10.05"
    stands: bool
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Proof:
    """A file that proves something else: a budget document, a payment, the archive's table."""

    what: str
    number: str | None = None
    on: date | None = None
    recorded: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Chain:
    """Where this life lies in the whole trail, and whether the trail holds."""

    first: int  # numbers of the first and the last event listed
    last: int
    length: int  # of the whole trail when this was drawn up
    head: str  # its newest link
    broken: str | None = None  # a sentence about the first link that does not hold
    outside_day: date | None = None  # the newest head kept outside the database
    outside_seq: int = 0
    outside_hash: str | None = None


@dataclass(frozen=True, kw_only=True)
class Letter:
    """The facts of the certificate."""

    contoh: bool
    paper: Paper
    kop: Kop
    village: str  # "Desa Contoh"
    fiscal_year: int
    cut_off_on: date
    cut_off_time: str  # "16.00.00 WITA"
    about: tuple[Told, ...] = due(())
    taken_over: str | None = None  # a sentence, for an agreement made before this register began
    events: tuple[Happened, ...] = due(())
    accesses: int = 0  # times that a list of people was looked at or taken along: in the trail, not listed here
    papers: tuple[Kept, ...] = ()
    signatures: tuple[Signed, ...] = ()
    proofs: tuple[Proof, ...] = ()
    chain: Chain | None = due()
    check_at: str  # "https://…/periksa"

    def faults(self) -> Iterator[str]:
        places = [each.seq for each in self.events]
        if places != sorted(set(places)):
            yield "Peristiwa tidak berurutan."
        if self.chain is not None and places and (places[0], places[-1]) != (self.chain.first, self.chain.last):
            yield "Letak riwayat di rantai berbeda dari peristiwanya."
        if any(len(each) != HEX for each in (*(each.hash for each in self.events), *((self.chain.head,) if self.chain else ()))):
            yield "Ada sidik yang tidak lengkap."


def _hash(number: int) -> str:
    return f"{number * 7919:08x}" * 8


_LIFE = (
    ("Perjanjian mulai disusun", None, "Rahman Samaran, S.H.", "Staf hukum DPMD"),
    ("Peserta ditambah dari impor", "54 orang", "Contoh Operator", "Desa"),
    ("Daftar peserta dibekukan", "versi 1, 54 orang", "Contoh Operator", "Desa"),
    ("Konsep disetujui", None, "Drs. H. Andi Contoh Umpama, M.Si.", "Pejabat penyetuju"),
    ("Nomor naskah dicadangkan", "Perjanjian Pelaksanaan · 100.3.7.1/901/DPMD/XI/2026", "Rahman Samaran, S.H.", "Staf hukum DPMD"),
    ("Naskah terbit", "Perjanjian Pelaksanaan · 100.3.7.1/901/DPMD/XI/2026", "sistem", None),
    ("Tanda tangan dicatat", "PIHAK KESATU", "Rahman Samaran, S.H.", "Staf hukum DPMD"),
    ("Bukti tanda tangan dikonfirmasi", "PIHAK KESATU", "Drs. H. Andi Contoh Umpama, M.Si.", "Pejabat penyetuju"),
)

SAMPLE = Letter(
    contoh=True, paper=Paper(), kop=sample.KOP, village="Desa Contoh", fiscal_year=2027, cut_off_on=date(2026, 11, 23), cut_off_time="16.00.00 WITA",
    about=(
        Told(name="Desa", value="Desa Contoh (73.02.99.2901), Kecamatan Umpama, Kabupaten Bulukumba"),
        Told(name="Nomor PIHAK KESATU", value=sample.AGREEMENT.number), Told(name="Nomor PIHAK KEDUA", value=sample.AGREEMENT.number_kedua),
        Told(name="Tanggal perjanjian", value="23 November 2026"), Told(name="PIHAK KESATU", value="Drs. H. ANDI CONTOH UMPAMA, M.Si."), Told(name="PIHAK KEDUA"),
    ),
    events=tuple(
        Happened(seq=900 + place, day="23-11-2026", time=f"09.{place:02}.00", what=what, detail=detail, who=who, role=role, object="perjanjian 73.02.99.2901-2027", hash=_hash(900 + place))
        for place, (what, detail, who, role) in enumerate(_LIFE, 1)
    ),
    accesses=3,
    papers=(Kept(title="Perjanjian Pelaksanaan", number=sample.AGREEMENT.number, version=1, dated_on=date(2026, 11, 23), state="terbit",
                 originals=(Original(rangkap=1, pages=9, sha256=_hash(11)), Original(rangkap=2, pages=9, sha256=_hash(12)))),),
    signatures=(Signed(signer="PIHAK KESATU", on=date(2026, 11, 23), place="Bulukumba", method="tanda tangan basah", recorded="Rahman Samaran, S.H., 23-11-2026 09.07",
                       verdict="Dikonfirmasi Drs. H. Andi Contoh Umpama, M.Si., 23-11-2026 09.08", stands=True, sha256=_hash(21)),),
    proofs=(Proof(what="APBDes", number="8 Tahun 2026", on=date(2026, 11, 20), recorded="Contoh Operator, 23-11-2026 09.30", sha256=_hash(31)),),
    chain=Chain(first=901, last=908, length=950, head=_hash(950), outside_day=date(2026, 11, 23), outside_seq=890, outside_hash=_hash(890)),
    check_at="https://sinergi.contoh.invalid/periksa",
)
