"""The rows that must be mended, with their original columns and why; made to be dropped back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .headings import FIELDS
from .reading import Reading, RowRead, SheetRead
from .words import letters_of, level


def faulty_rows(reading: Reading) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Head and rows of the flagged and rejected people with their original columns and, last, why; made to be mended and dropped back.

    A NIK that a spreadsheet may have rounded goes back with a question mark for the digit that is not known: it cannot come in unmended."""
    sheets = {each.name: each for each in reading.sheets}
    faulty = [row for row in reading.rows if row.outcome != "accepted"]
    first = sheets[faulty[0].sheet] if faulty else reading.sheets[0]
    head = _head(first, faulty)
    places = dict(first.columns)
    rows = []
    for row in faulty:
        cells = _aligned(row, sheets[row.sheet], first, places, len(head))
        nik = places.get("nik", -1)
        if "nik_rounded" in row.reasons and 0 <= nik < len(cells):
            cells[nik] = row.person.nik[:15] + "?"
        rows.append((*cells, "; ".join(row.remarks)))
    return (*head, "Alasan"), rows


def _head(first: SheetRead, faulty: Sequence[RowRead]) -> list[str]:
    width = max(
        [len(first.titles), *(column + 1 for column in first.columns.values()), *(len(each.cells) for each in faulty if each.sheet == first.name)], default=0
    )
    by_column = {column: FIELDS[field] for field, column in first.columns.items()}
    titles = [first.titles[column] if column < len(first.titles) else "" for column in range(width)]
    kept = [title or by_column.get(column, f"Kolom {letters_of(column)}") for column, title in enumerate(titles)]
    return ["" if level(each).startswith("alasan") else each for each in kept]


def _aligned(row: RowRead, sheet: SheetRead, first: SheetRead, places: Mapping[str, int], width: int) -> list[str]:
    cells = list(row.cells[:width]) + [""] * (width - len(row.cells))
    if sheet is not first and dict(sheet.columns) != dict(first.columns):
        cells = [""] * width
        for field, column in sheet.columns.items():
            if field in places and column < len(row.cells):
                cells[places[field]] = row.cells[column]
    for column, title in enumerate(first.titles):
        if level(title).startswith("alasan") and column < width:
            cells[column] = ""
    return cells
