"""A whole file read as a list of people: which sheets and columns, every row's fate with its reasons; nothing is stored, nothing repaired."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from .grid import Grid, read_table
from .headings import FIELDS
from .judging import Judge, Progress
from .reading import Expected, Reading, SheetRead, Unreadable, Wishes
from .sorting import Sorted, sort_rows
from .words import forget, letters_of, level

NO_TABLE = (
    "Tabel peserta tidak ditemukan. Beri judul kolom NIK, Nama, Tanggal lahir, Jenis kelamin dan Pekerjaan pada satu baris di atas daftarnya, lalu unggah lagi."
)
NO_PEOPLE = "Tabelnya ditemukan, tetapi tidak ada baris peserta di dalamnya. Isi daftarnya, lalu unggah lagi."
HIDDEN = "Lembar ini tersembunyi; dibaca hanya bila diminta."
LEFT_OUT = "Lembar ini dikeluarkan atas permintaan."
OF_HEIRS = "Lembar ini berisi ahli waris, bukan peserta."


def read_roster(content: bytes, name: str, expected: Expected, wishes: Wishes | None = None, progress: Progress | None = None) -> Reading:
    """Every row meant to be a person, with its fate. Raises Unreadable."""
    return read_grids(read_table(content, name), expected, wishes or Wishes(), progress)


def read_pasted(text: str, expected: Expected, wishes: Wishes | None = None, progress: Progress | None = None) -> Reading:
    """The same for a table pasted into a text box. Raises Unreadable."""
    if not text.strip():
        raise Unreadable("Belum ada baris yang ditempel.")
    return read_grids(read_table(b"\xef\xbb\xbf" + text.encode("utf-8", "replace")), expected, wishes or Wishes(), progress)


def read_grids(grids: Sequence[Grid], expected: Expected, wishes: Wishes, progress: Progress | None = None) -> Reading:
    """The fates of the rows of sheets that were read already."""
    try:
        return _read_grids(grids, expected, wishes, progress)
    finally:
        forget()


def _read_grids(grids: Sequence[Grid], expected: Expected, wishes: Wishes, progress: Progress | None) -> Reading:
    sheets, found = [], []
    for grid in grids:
        sheet, rows = _read_sheet(grid, wishes)
        sheets.append(sheet)
        found.append((grid, rows))
    if all(each.why_not for each in sheets):
        raise Unreadable(_why_none(sheets))
    rows = Judge(expected, len(grids) > 1, progress).all(found)
    if not rows:
        raise Unreadable(NO_PEOPLE)
    return Reading(tuple(sheets), tuple(rows))


def _why_none(sheets: Sequence[SheetRead]) -> str:
    told = [f"{each.name}: {each.why_not}" if each.name else each.why_not for each in sheets if each.rows]
    if not told:
        return "Berkas ini tidak berisi tulisan apa pun."
    return told[0] if len(told) == 1 else NO_TABLE + " " + " ".join(told[:5])


def _read_sheet(grid: Grid, wishes: Wishes) -> tuple[SheetRead, Sorted]:
    wished = _wished(wishes, grid.name)
    why_not = grid.why_not
    if not why_not and grid.hidden and grid.name not in wishes.hidden:
        why_not = HIDDEN
    if not why_not and (grid.name or "") in wishes.left_out:
        why_not = LEFT_OUT
    sorted_rows = Sorted(not_people=len(grid.rows)) if why_not else sort_rows(grid, wished)
    if not why_not:
        why_not = _why_not_read(grid, sorted_rows)
        if why_not:
            sorted_rows = replace(sorted_rows, people=[], not_people=len(grid.rows))
    far = _far_rows(grid)
    sheet = SheetRead(
        grid.name, grid.hidden, sorted_rows.columns, sorted_rows.titles, len(grid.rows) + len(far), sorted_rows.not_people + len(far), why_not, _remark(grid)
    )
    return sheet, sorted_rows


def _wished(wishes: Wishes, name: str | None) -> Mapping[str, int] | None:
    columns = (wishes.columns or {}).get(name)
    return {field: column for field, column in columns.items() if field in FIELDS and -1 <= column < 200} if columns else None


def _why_not_read(grid: Grid, rows: Sorted) -> str:
    if not grid.rows:
        return "Lembar ini kosong."
    if rows.of_heirs or (re.search(r"\bahli ?waris\b", level(grid.name or "")) and "job" not in rows.columns):
        return OF_HEIRS
    if rows.missing:
        return f"Kolom {rows.missing} tidak ditemukan. Beri kolom itu judul {rows.missing.upper() if rows.missing == 'NIK' else 'Nama'}, lalu unggah lagi."
    return "" if {"nik", "name"} <= set(rows.columns) else NO_TABLE


def _far_rows(grid: Grid) -> set[int]:
    return {row for row, _ in grid.far} - {number for number, _ in grid.rows}


def _remark(grid: Grid) -> str:
    if not grid.far:
        return ""
    row, column = grid.far[0]
    return f"Ada isi jauh di luar tabel yang tidak dibaca, misalnya di sel {letters_of(column)}{row}."
