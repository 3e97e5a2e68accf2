"""The office's own list of agreements made before: which column holds what, and the rows as texts and days."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from .days import Day, read_day
from .grid import Cell, Grid, read_table
from .reading import Unreadable
from .words import is_blank, level, tidy

# What a column can hold, with the words by which the example file names it.
FIELDS: Mapping[str, str] = {
    "village": "Kode atau nama desa",
    "kecamatan": "Kecamatan",
    "year": "Tahun anggaran",
    "number_kesatu": "Nomor DPMD",
    "number_kedua": "Nomor BPJS",
    "dated_on": "Tanggal perjanjian",
    "place": "Tempat",
    "kesatu": "Penandatangan DPMD",
    "kedua": "Penandatangan BPJS",
    "head": "Kepala Desa",
    "note": "Keterangan",
}
FIRST, SECOND = r"\b(dpmd|dinas|pemda|kesatu|pertama|pihak 1|pihak i)\b", r"\b(bpjs|kedua|pihak 2|pihak ii)\b"
NUMBER, NAME = r"\b(nomor|no|nmr)\b", r"\b(penandatangan|penanda tangan|ttd|tanda tangan|nama|pejabat)\b"
# First fit wins; every pattern of a field must be found in the levelled heading.
PATTERNS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("number_kedua", (NUMBER, SECOND)),
    ("number_kesatu", (NUMBER, FIRST)),
    ("head", (r"\b(kepala desa|kades)\b",)),
    ("kedua", (NAME, SECOND)),
    ("kesatu", (NAME, FIRST)),
    ("kesatu", (r"\bkepala dinas\b",)),
    ("number_kesatu", (NUMBER, r"\b(perjanjian|pks|nota|surat)\b")),
    ("dated_on", (r"\b(tanggal|tgl)\b",)),
    ("year", (r"\b(tahun|ta|thn)\b",)),
    ("kecamatan", (r"\b(kecamatan|kec)\b",)),
    ("village", (r"\b(desa|kode)\b",)),
    ("place", (r"\btempat\b",)),
    ("note", (r"\b(keterangan|ket|catatan)\b",)),
)
NEEDED = ("village", "number_kesatu", "dated_on")


@dataclass(frozen=True)
class ArchiveLine:
    """A row of the list: where it stands and what it says."""

    sheet: str | None
    row: int
    said: Mapping[str, str]
    day: Day


def read_archive(content: bytes, name: str, today: date) -> list[ArchiveLine]:
    """The rows below the headings of every visible sheet. Raises Unreadable when no sheet has the headings that are needed."""
    found: list[ArchiveLine] = []
    known = False
    for grid in read_table(content, name):
        start, columns = _heading(grid)
        if not grid.hidden and columns:
            known = True
            found += [each for number, cells in grid.rows[start:] if (each := _line(grid, number, cells, columns, today))]
    if not known:
        wanted = ", ".join(FIELDS[each] for each in NEEDED)
        raise Unreadable(f"Tidak ada baris judul yang memuat {wanted}. Pakai berkas contoh, atau samakan judul kolomnya.")
    return found


def _heading(grid: Grid) -> tuple[int, dict[str, int]]:
    for place, (_, cells) in enumerate(grid.rows[:30]):
        columns: dict[str, int] = {}
        for column, cell in enumerate(cells):
            field = field_of(tidy(cell)) if isinstance(cell, str) else ""
            if field:
                columns.setdefault(field, column)
        if all(each in columns for each in NEEDED):
            return place + 1, columns
    return 0, {}


def field_of(text: str) -> str:
    """The field that a heading names; empty when it is none that is known."""
    plain = level(text)
    return next((field for field, needed in PATTERNS if all(re.search(each, plain) for each in needed)), "")


def _line(grid: Grid, number: int, cells: Sequence[Cell], columns: Mapping[str, int], today: date) -> ArchiveLine | None:
    own = {field: cells[column] if column < len(cells) else None for field, column in columns.items()}
    if is_blank(own["village"]) or (is_blank(own["number_kesatu"]) and is_blank(own["dated_on"])):
        return None  # a total, a signature or a line between
    said = {field: "" if is_blank(cell) else tidy(cell)[:160] for field, cell in own.items()}
    return ArchiveLine(grid.name, number, {each: said.get(each, "") for each in FIELDS}, read_day(own["dated_on"], today))
