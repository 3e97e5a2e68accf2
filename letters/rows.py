"""What stands in the tables of the papers, row by row; parts.py hands these out as well."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from letters.openings import due


@dataclass(frozen=True, kw_only=True)
class Share:
    """One category in the body of the agreement."""

    category: str
    people: int
    monthly: Decimal | None  # None when the month's sum changes within the year
    yearly: Decimal
    fund_sources: tuple[str, ...] = due(())


@dataclass(frozen=True, kw_only=True)
class Person:
    """One row of the participants' annex; the only paper that carries a full NIK."""

    nik: str
    name: str
    sex: str  # L or P
    born_on: date | None = due()
    post: str | None = None
    programmes: tuple[str, ...]
    wage_base: Decimal


@dataclass(frozen=True, kw_only=True)
class Group:
    """The people of one category."""

    category: str
    people: tuple[Person, ...]


@dataclass(frozen=True, kw_only=True)
class Rate:
    """One programme of one category: the rate as printed, its article, the month's sum."""

    programme: str
    rate: str  # "0,24%" or "Rp6.800,00 per orang"
    article: str
    monthly: Decimal


@dataclass(frozen=True, kw_only=True)
class Line:
    """One category over one run of months at one rate."""

    category: str
    segment: str  # PU or BPU
    people: int
    wage_base: Decimal | None  # None: each person's own, see the participants' annex
    rates: tuple[Rate, ...]
    monthly: Decimal
    blth_from: date
    blth_until: date
    months: int
    yearly: Decimal


@dataclass(frozen=True, kw_only=True)
class Enclosure:
    """One thing sent along."""

    title: str
    number: str | None = None
    quantity: str  # "2 (dua) rangkap"
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class Missing:
    """An open condition that is past its date."""

    sentence: str
    due_on: date
    days_late: int


@dataclass(frozen=True, kw_only=True)
class EarlierLetter:
    """A reminder that went before."""

    title: str  # "Surat Teguran I"
    number: str
    dated_on: date


@dataclass(frozen=True, kw_only=True)
class PersonInCharge:
    """Whom to call."""

    name: str
    position: str
    phone: str


@dataclass(frozen=True, kw_only=True)
class PendingVillage:
    """A village that is not active yet, and why."""

    name: str
    code: str
    stage: str  # "Penganggaran"
    sentence: str  # the first open condition
    turn: str  # whose move it is
    days_late: int | None = None


@dataclass(frozen=True, kw_only=True)
class District:
    """One kecamatan of the recap; villages is its denominator."""

    name: str
    villages: int
    pending: tuple[PendingVillage, ...]


@dataclass(frozen=True, kw_only=True)
class AgendaEntry:
    """One row of the buku agenda; a number that no letter carries has its sequence only."""

    seq: int
    unit: str | None = None  # the series, where the office keeps several
    state: str  # dicadangkan, terbit, batal, diganti, hilang, disisihkan
    number: str | None = None
    version: int = 1
    dated_on: date | None = None
    title: str | None = None
    addressee: str | None = None
    reason: str | None = None  # why it is void, or for what it was set aside


@dataclass(frozen=True, kw_only=True)
class Part:
    """One paper inside a package; without sha256 it is a draft."""

    title: str
    number: str | None = None
    sha256: str | None = None
    pages: int | None = None  # counted from the bytes when the package is put together
