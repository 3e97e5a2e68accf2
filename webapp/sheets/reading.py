"""What was read from a file: every row meant to be a person, its fate and why; nothing here is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


class Unreadable(Exception):
    """The file as a whole is refused; the message is an Indonesian sentence with the next step."""


@dataclass(frozen=True)
class PersonRead:
    """A person as the file gives him, tidied but never repaired; empty or None where the file says nothing legible.

    ``nik`` holds what was typed without separators, also when it is not a NIK. ``category`` is a category slug, empty when the file names
    none. ``village`` is a village code, empty when the file has no village column or the name fits none.
    """

    nik: str = ""
    name: str = ""
    birth_on: date | None = None
    sex: str = ""
    job: str = ""
    category: str = ""
    wage_base: Decimal | None = None
    village: str = ""
    village_text: str = ""
    kecamatan_text: str = ""
    birth_place: str = ""
    mother: str = ""
    marital: str = ""
    address: str = ""
    phone: str = ""
    heir_name: str = ""
    heir_relation: str = ""
    heir_nik: str = ""


@dataclass(frozen=True)
class RowRead:
    """A row meant to be a person: where it stands, what it says, its fate (accepted, flagged or rejected) and why.

    ``row`` is the number that a user sees (for csv the record number); ``reasons`` are slugs of ``workflows.people.REASONS``; ``remarks`` the
    same in Indonesian with the particulars; ``cells`` the row as text, column by column, for the file of faulty rows.
    """

    sheet: str | None
    row: int
    person: PersonRead
    outcome: str
    reasons: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()


@dataclass(frozen=True)
class SheetRead:
    """One sheet of the file: was it hidden, was it read, which columns were taken for what, and how many rows had anything in them.

    ``columns`` maps a field's slug to the column (0 = A); ``titles`` are the headings as found, by column. ``why_not`` says in a sentence why
    the sheet was left out; empty when it was read. ``remark`` tells what else must be known, such as a cell too far out to be read.
    """

    name: str | None
    hidden: bool
    columns: Mapping[str, int]
    titles: tuple[str, ...]
    rows: int
    not_people: int
    why_not: str = ""
    remark: str = ""


@dataclass(frozen=True)
class Reading:
    """The whole file. Rows with anything in them = accepted + flagged + rejected + not people, for each sheet and for the file."""

    sheets: tuple[SheetRead, ...]
    rows: tuple[RowRead, ...]

    @property
    def counts(self) -> dict[str, int]:
        """The control totals: read, accepted, flagged, rejected, not_people."""
        found = dict.fromkeys(("read", "accepted", "flagged", "rejected", "not_people"), 0)
        for row in self.rows:
            found[row.outcome] += 1
        found["read"] = sum(each.rows for each in self.sheets)
        found["not_people"] = sum(each.not_people for each in self.sheets)
        return found


@dataclass(frozen=True)
class Wishes:
    """What the person corrected: hidden sheets wanted, sheets left out, and for a sheet the columns by field slug (as in
    ``SheetRead.columns``; -1 = no column holds it)."""

    hidden: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    columns: Mapping[str | None, Mapping[str, int]] | None = None


@dataclass(frozen=True)
class Place:
    """A unit that a village column may name. ``code`` 73.02.xx.1xxx is a kelurahan."""

    code: str
    name: str
    kecamatan: str


@dataclass(frozen=True)
class Expected:
    """What the list is for: category (empty: the file must say), village code (empty: the file must say), the day, and the words it may use.

    ``categories`` maps slugs to names; ``limits`` are the age limits as data (workflows.people.Limits).
    """

    category: str
    village: str
    as_of: date
    categories: Mapping[str, str]
    places: tuple[Place, ...]
    limits: object
