"""Rows pasted from a spreadsheet: each is read as an Indonesian means it, and meets its fate with a reason; nothing is guessed."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from wtforms import ValidationError

from workflows import nik
from workflows.people import REASONS

from ..models import Agreement
from ..models.participants import Person, foresee
from ..models.rules import Rulebook
from .base import parse_rupiah

MOST_ROWS = 500


def read_nik(text: str) -> nik.Nik:
    """The NIK, or a ValidationError with the sentence for the form; what a spreadsheet does to long numbers is named."""
    if re.fullmatch(r"\s*\d[.,]\d+E\+?\d+\s*", text, re.IGNORECASE):
        raise ValidationError("NIK diubah Excel menjadi bentuk ilmiah. Jadikan kolomnya teks, lalu ketik NIK-nya lagi.")
    try:
        return nik.parse(text)
    except nik.BadNik as error:
        raise ValidationError(str(error)) from error


def tidy(text: str) -> str:
    """One line without control characters, single spaces."""
    return re.sub(r"\s+", " ", "".join(each for each in text if each.isprintable() or each.isspace())).strip()


@dataclass(frozen=True)
class Row:
    """A pasted row and its fate: rejected with a reason, accepted, or accepted with doubts."""

    number: int
    line: str
    person: Person | None
    refused: str = ""
    flags: tuple[str, ...] = ()

    @property
    def fate(self) -> str:
        """ditolak, bertanda or diterima."""
        return "ditolak" if self.refused else "bertanda" if self.flags else "diterima"

    @property
    def remarks(self) -> tuple[str, ...]:
        """Why, in words."""
        return (self.refused,) if self.refused else tuple(REASONS[each].sentence for each in self.flags)


@dataclass(frozen=True)
class Sheet:
    """All pasted rows with their fates."""

    rows: tuple[Row, ...]

    def of(self, fate: str) -> list[Row]:
        """The rows with that fate."""
        return [each for each in self.rows if each.fate == fate]

    def going_in(self, with_flagged: bool) -> list[Row]:
        """The rows that would be stored."""
        return [each for each in self.rows if each.fate == "diterima" or (with_flagged and each.fate == "bertanda")]

    @property
    def digest(self) -> str:
        """Names what was shown, so that nothing else is stored."""
        seen = [[each.number, each.line, each.fate, each.remarks] for each in self.rows]
        return hashlib.sha256(json.dumps(seen).encode()).hexdigest()


def read_sheet(text: str, category: str, agreement: Agreement, book: Rulebook, today: date) -> Sheet:
    """The fate of every pasted row, nothing stored. Columns: NIK, nama, tanggal lahir, jenis kelamin, pekerjaan[, kelompok, dasar upah]."""
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if lines and _cells(lines[0][1])[0].casefold() == "nik":
        lines = lines[1:]
    rows = [_read_row(number, line, category, agreement.fiscal_year, book, today) for number, line in lines[:MOST_ROWS]]
    rows += [Row(number, line, None, f"Paling banyak {MOST_ROWS} baris sekali tempel; sisanya tempel kemudian.") for number, line in lines[MOST_ROWS:]]
    rows = _without_rounding(rows)
    people = [each for each in rows if each.person]
    looked = zip(people, foresee(agreement, [each.person for each in people], today), strict=True)
    fates = {row.number: replace(row, refused=outlook.refused, flags=outlook.flags) for row, outlook in looked}
    return Sheet(tuple(fates.get(each.number, each) for each in rows))


def _without_rounding(rows: list[Row]) -> list[Row]:
    # A spreadsheet keeps 15 digits of a number: the sixteenth becomes 0, and a NIK becomes somebody else's.
    people = [each for each in rows if each.person]
    if len(people) < 3 or not all(each.person.nik.digits.endswith("0") for each in people):
        return rows
    sentence = "Semua NIK berakhir 0: lembar sebar membulatkan angka ke-16. Jadikan kolomnya teks dan isi NIK-nya lagi."
    return [replace(each, person=None, refused=sentence) if each.person else each for each in rows]


def _cells(line: str) -> list[str]:
    return [each.strip().strip('"').strip() for each in line.split("\t" if "\t" in line else ";")]


def _read_row(number: int, line: str, category: str, year: int, book: Rulebook, today: date) -> Row:
    cells = _cells(line)
    if len(cells) < 5:
        return Row(number, line, None, f"Baris ini hanya berisi {len(cells)} kolom; paling sedikit lima: NIK, nama, tanggal lahir, jenis kelamin, pekerjaan.")
    try:
        return Row(number, line, _read_person([*cells, "", ""][:7], category, year, book, today))
    except ValidationError as error:
        return Row(number, line, None, str(error))


def _read_person(cells: Sequence[str], category: str, year: int, book: Rulebook, today: date) -> Person:
    typed_nik, name, born, sex, job, group, wage = cells
    read = read_nik(typed_nik)
    if not tidy(name) or not tidy(job):
        raise ValidationError("Nama dan pekerjaan wajib diisi.")
    if len(tidy(name)) > 160 or len(tidy(job)) > 120:
        raise ValidationError("Nama atau pekerjaan terlalu panjang.")
    slug = _read_category(group, category, book.category_names)
    base = parse_rupiah(wage) if wage else book.wage_base(year, slug)
    if not base:
        raise ValidationError("Dasar upah belum diisi dan tidak ada yang biasa bagi kelompok ini.")
    return Person(slug, tidy(name), read, read_day(born, today), _read_sex(sex) or read.sex, tidy(job), base)


def _read_category(typed: str, default: str, names: Mapping[str, str]) -> str:
    if not typed:
        if not default:
            raise ValidationError("Kelompok belum dipilih.")
        return default
    wanted = typed.casefold().replace("_", " ")
    found = [slug for slug, name in names.items() if wanted in (slug.replace("_", " "), name.casefold())]
    if not found:
        raise ValidationError(f"Kelompok {typed[:40]!r} tidak dikenal; pakai salah satu: {', '.join(names.values())}.")
    return found[0]


def _read_sex(typed: str) -> str:
    words = {"": "", "-": "", "l": "L", "lk": "L", "laki-laki": "L", "laki laki": "L", "pria": "L", "p": "P", "pr": "P", "perempuan": "P", "wanita": "P"}
    if typed.casefold() not in words:
        raise ValidationError(f"Jenis kelamin {typed[:20]!r} tidak dikenal; tulis L atau P.")
    return words[typed.casefold()]


MONTHS = ("januari", "februari", "maret", "april", "mei", "juni", "juli", "agustus", "september", "oktober", "november", "desember")


def read_day(typed: str, today: date) -> date:
    """17-05-1980, 17/05/1980, 1980-05-17 or 17 Mei 1980; the day always first. Raises ValidationError."""
    if not typed:
        raise ValidationError("Tanggal lahir belum diisi.")
    text = re.sub(r"[ T]00:00(:00)?$", "", typed.casefold())
    for place, month in enumerate(MONTHS, 1):
        text = re.sub(rf"\s+({month}|{month[:3]})\w*\.?\s+", f"-{place}-", text)
    iso, local = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text), re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", text)
    year, month, day = map(int, iso.groups()) if iso else map(int, reversed(local.groups())) if local else (0, 0, 0)
    try:
        found = date(year, month, day)
    except ValueError as error:
        raise ValidationError(f"Tanggal lahir {typed[:20]!r} tidak terbaca; tulis seperti 17-05-1980.") from error
    if found.year < 1900 or found > today:
        raise ValidationError(f"Tanggal lahir {typed[:20]!r} tidak mungkin.")
    return found
