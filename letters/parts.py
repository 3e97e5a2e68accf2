"""The plain values that several papers share; every one frozen, none knows a database."""

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from letters.openings import due
from letters.rows import (
    AgendaEntry,
    District,
    EarlierLetter,
    Enclosure,
    Group,
    Line,
    Missing,
    Part,
    PendingVillage,
    Person,
    PersonInCharge,
    Rate,
    Share,
)

__all__ = [
    "AccordCited", "AgendaEntry", "AgreementCited", "Contact", "District", "EarlierLetter", "Enclosure", "Group", "Kop",
    "LegalBasis", "Line", "Mandate", "Missing", "Paper", "Part", "Party", "PendingVillage", "Person",
    "PersonInCharge", "Rate", "Recipient", "SIZES", "Share", "Signer", "Village", "due", "picture",
]

CAPACITIES = ("definitif", "Pj.", "Plt.", "Plh.")
SIZES = {"A4": (210, 297), "F4": (215, 330)}


def picture(data: bytes) -> str:
    """An office's emblem (PNG or JPEG) as a fact, so that the paper needs no file."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "data:image/png;base64," + b64encode(data).decode()
    if data.startswith(b"\xff\xd8\xff"):
        return "data:image/jpeg;base64," + b64encode(data).decode()
    raise ValueError("Lambang harus berupa gambar PNG atau JPEG.")


@dataclass(frozen=True, kw_only=True)
class Paper:
    """Sheet and margins in mm; Permendagri 1/2023 says A4, a local rule may say F4."""

    size: str = "A4"
    top: int = 20
    bottom: int = 25
    left: int = 30
    right: int = 20
    kedua_left: bool = True  # PIHAK KEDUA signs in the left column

    @property
    def mm(self) -> tuple[int, int]:
        return SIZES[self.size]


@dataclass(frozen=True, kw_only=True)
class Kop:
    """The letterhead; the last line is the office itself and printed largest."""

    lines: tuple[str, ...]
    address: str | None = due()
    phone: str | None = None
    email: str | None = None
    website: str | None = None
    emblem: str | None = None  # from picture(); None prints a neutral placeholder


@dataclass(frozen=True, kw_only=True)
class Signer:
    """Who signs, as he stands on the paper's date."""

    name: str | None = due()  # with titles
    position: str  # "Kepala Dinas Pemberdayaan Masyarakat dan Desa"
    capacity: str = "definitif"  # definitif, Pj., Plt., Plh.
    on_behalf: str | None = None  # a.n.: "Bupati Bulukumba"
    through: str | None = None  # the office between a.n. and u.b.
    rank: str | None = None
    number_label: str | None = None  # NIP, NPK or none
    number: str | None = None

    @property
    def full_position(self) -> str:
        if self.capacity in ("", "definitif"):
            return self.position
        return f"{self.capacity} {self.position}"

    def faults(self) -> Iterator[str]:
        if self.capacity not in CAPACITIES:
            yield f"Kedudukan {self.capacity} penanda tangan tidak dikenal."
        if self.through and not self.on_behalf:
            yield "Penanda tangan u.b. harus menyebut atas nama siapa."
        if self.on_behalf and self.on_behalf in (self.position, self.full_position):
            yield f"{self.position} tidak menandatangani atas nama dirinya sendiri."


@dataclass(frozen=True, kw_only=True)
class Mandate:
    """Surat kuasa: the Bupati lets the head of an office sign (PP 28/2018)."""

    number: str
    dated_on: date
    giver: str  # "Bupati Bulukumba"


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Where the parties write to each other."""

    unit: str
    address: str
    phone: str | None = None
    email: str | None = None


@dataclass(frozen=True, kw_only=True)
class Party:
    """One side of an agreement, with what gives its signer the right to sign."""

    order: int  # 1 = PIHAK KESATU, 2 = PIHAK KEDUA
    institution: str  # "Dinas Pemberdayaan Masyarakat dan Desa Kabupaten Bulukumba"
    on_behalf_of: str  # "Pemerintah Kabupaten Bulukumba"
    seat: str  # "Jalan … Nomor …, Bulukumba"
    profile: str  # completes "bahwa PIHAK KESATU adalah …"
    signer: Signer
    authority: str | None = due()  # "Keputusan Bupati Bulukumba Nomor … tanggal …"
    mandate: Mandate | None = None
    contact: Contact | None = None
    logo: str | None = None  # from picture()

    @property
    def label(self) -> str:
        return "PIHAK KESATU" if self.order == 1 else "PIHAK KEDUA"


@dataclass(frozen=True, kw_only=True)
class LegalBasis:
    """One line of the preamble, cited in full; the order is the office's."""

    text: str


@dataclass(frozen=True, kw_only=True)
class Village:
    """A desa: keyed by its Kemendagri code, for names repeat."""

    name: str  # "Contoh", without "Desa"
    code: str  # "73.02.01.2001"
    kecamatan: str  # without "Kecamatan"
    kabupaten: str  # "Kabupaten Bulukumba"


@dataclass(frozen=True, kw_only=True)
class AccordCited:
    """The umbrella accord as later papers cite it."""

    title: str  # "Perjanjian Kerja Sama tentang …"
    number_kesatu: str | None = due()
    number_kedua: str | None = None
    dated_on: date | None = due()


@dataclass(frozen=True, kw_only=True)
class AgreementCited:
    """The village agreement as its annexes and letters cite it."""

    number: str | None = due()
    number_kedua: str | None = None
    dated_on: date | None = None
    fiscal_year: int


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """Yth. …, through whom, and where."""

    title: str  # "Kepala Desa Contoh"
    through: str | None = None  # "Camat Umpama"
    place: str
