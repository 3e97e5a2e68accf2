"""Reads a list of people whom another payer covers: any table in which a column holds NIK; the rest of it is not kept."""

from __future__ import annotations

from dataclasses import dataclass

from workflows import nik

from .discreet import masked
from .models.elsewhere import Covered
from .seal import blind_index
from .sheets.grid import Cell, Grid, read_table

MOST_TOLD = 12


@dataclass(frozen=True)
class CoversRead:
    """The people found, and the rows that seem to hold a NIK which is none."""

    people: tuple[Covered, ...]
    faulty: tuple[int, ...]

    @property
    def said(self) -> str:
        """What was left out, in a sentence; empty when nothing was."""
        if not self.faulty:
            return ""
        shown = ", ".join(str(each) for each in self.faulty[:MOST_TOLD]) + (" …" if len(self.faulty) > MOST_TOLD else "")
        return f" {len(self.faulty)} baris dilewati karena NIK-nya tidak sah: {shown}."


def read_covers(content: bytes, name: str) -> CoversRead:
    """Who is in the file. Raises Unreadable."""
    found: dict[str, Covered] = {}
    faulty: list[int] = []
    for grid in read_table(content, name):
        for number, cells in _rows(grid):
            digits, seems = _nik_in(cells)
            if digits:
                found.setdefault(digits, Covered(blind_index(digits), nik.masked(digits), masked(_name_in(cells))))
            elif seems:
                faulty.append(number)
    return CoversRead(tuple(found.values()), tuple(faulty))


def _rows(grid: Grid) -> tuple[tuple[int, tuple[Cell, ...]], ...]:
    return () if grid.hidden or grid.why_not else grid.rows


def _nik_in(cells: tuple[Cell, ...]) -> tuple[str, bool]:
    """The first NIK of a row, and whether something stands there that should be one."""
    seems = False
    for each in cells:
        if isinstance(each, bool) or not isinstance(each, str | int | float):
            continue
        text = str(each) if isinstance(each, str) else f"{each:.0f}"
        try:
            digits = nik.parse(text).digits
        except nik.BadNik:
            seems = seems or 12 <= sum(letter.isdigit() for letter in text) <= 20
            continue
        if isinstance(each, str) or not digits.endswith("0"):  # a number keeps 15 digits: the sixteenth may have been another
            return digits, True
        seems = True
    return "", seems


def _name_in(cells: tuple[Cell, ...]) -> str:
    texts = [each for each in cells if isinstance(each, str) and len(each) > 2 and not any(letter.isdigit() for letter in each)]
    return " ".join(texts[0].split())[:160] if texts else ""
