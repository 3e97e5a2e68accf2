"""Columns known by their look, where no heading names them; what is not certain is asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from workflows.nik import BadNik, clean, parse

from .days import read_day
from .grid import Cell, Grid
from .words import COUNTED, SEXES, is_blank, level, shown


def columns_by_content(grid: Grid) -> dict[str, int]:
    """Without a heading: the NIK, dates and L/P are known by their look; name and job are the two columns of words that are left."""
    rows = [cells for _, cells in grid.rows[:400]]
    width = max((len(each) for each in rows), default=0)
    like = {column: _looks(rows, column) for column in range(min(width, 60))}
    niks = [column for column, each in like.items() if each == "nik"]
    if not niks:
        return {}
    found = {"nik": niks[0]}
    if len(niks) > 1:
        own = _own_numbers(rows, niks, next((column for column, each in like.items() if each in ("birth", "birth_both")), None))
        if own is None:
            return {}
        found = {"nik": own, "kk": next(each for each in niks if each != own)}
    for name in ("birth", "birth_both", "sex", "no", "wage"):
        if (column := next((column for column, each in like.items() if each == name), None)) is not None:
            found[name] = column
    words = [column for column, each in like.items() if each == "words"]
    if len(words) == 2:
        found |= {"name": words[0], "job": words[1]}
    elif len(words) == 1:
        found["name"] = words[0]
    elif len(words) > 2 and (found["nik"], words[0], found.get("birth"), found.get("sex")) == (0, 1, 2, 3) and words[1] == 4:
        found |= {"name": 1, "job": 4} | ({"category": 5} if 5 in words else {})
    else:
        return {}
    return found


def _own_numbers(rows: Sequence[Sequence[Cell]], niks: Sequence[int], birth: int | None) -> int | None:
    """Which of several columns of 16 digits holds people's own numbers: the one whose dates are the birth dates. Otherwise it is asked."""
    if birth is None:
        return None
    fits = {column: sum(_agree(cells, column, birth) for cells in rows) for column in niks}
    best = max(fits, key=lambda column: fits[column])
    return best if fits[best] * 2 > len(rows) and list(fits.values()).count(fits[best]) == 1 else None


def _agree(cells: Sequence[Cell], nik: int, birth: int) -> bool:
    if max(nik, birth) >= len(cells) or (born := read_day(cells[birth], FAR_FUTURE).on) is None:
        return False
    try:
        return parse(shown(cells[nik])).agrees_with(born)
    except BadNik:
        return False


SAMPLE = 60


def _looks(rows: Sequence[Sequence[Cell]], column: int) -> str:
    cells = [each[column] for each in rows if column < len(each) and not is_blank(each[column])]
    cells = cells[:SAMPLE]
    if not cells:
        return ""
    for kind, fits in (
        ("nik", _is_nik),
        ("sex", _is_sex),
        ("birth", _is_day),
        ("no", _is_count),
        ("wage", _is_amount),
        ("birth_both", _is_place_and_day),
        ("words", _is_words),
    ):
        if sum(fits(each) for each in cells) * 10 >= len(cells) * (6 if kind == "nik" else 7):
            return kind
    return ""


def _is_nik(cell: Cell) -> bool:
    text = clean(shown(cell)) if isinstance(cell, str | int) and not isinstance(cell, bool) else ""
    return 14 <= len(text) <= 18 and sum(each.isdigit() for each in text) >= 12


def _is_sex(cell: Cell) -> bool:
    return isinstance(cell, str) and level(cell) in SEXES


FAR_FUTURE = date(2100, 1, 1)


def _is_day(cell: Cell) -> bool:
    if isinstance(cell, str) and cell.strip().isdigit():
        return False
    found = None if isinstance(cell, int | float) else read_day(cell, FAR_FUTURE)
    return found is not None and found.on is not None and not found.place


def _is_place_and_day(cell: Cell) -> bool:
    return isinstance(cell, str) and bool((found := read_day(cell, FAR_FUTURE)).on and found.place)


def _is_count(cell: Cell) -> bool:
    return bool(COUNTED.fullmatch(shown(cell).strip()))


def _is_amount(cell: Cell) -> bool:
    return bool(re.fullmatch(r"(?:rp)?[\s.]*\d[\d.,]{4,16}", shown(cell).strip(), re.IGNORECASE))


def _is_words(cell: Cell) -> bool:
    return isinstance(cell, str) and any(each.isalpha() for each in cell) and not re.search(r"\d{5}", cell)
