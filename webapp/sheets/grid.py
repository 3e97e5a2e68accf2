"""The cells of a file, typed, as the killable child read them; only here is the child started and, if need be, killed (T11)."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from .reading import Unreadable

CHILD = Path(__file__).with_name("child.py")
MOST_ROWS = 20_000
LARGEST = 25 * 1024 * 1024
SECONDS = 60


class CellError(str):
    """A cell in which the spreadsheet shows an error: #N/A, #REF! …"""


Cell = str | int | float | bool | date | CellError | None
Rows = tuple[tuple[int, tuple[Cell, ...]], ...]


@dataclass(frozen=True)
class Grid:
    """A sheet as cells. ``rows`` holds the number that a user sees and the cells of each row with anything in it; ``merged`` the ranges
    (first row, first column, last row, last column, all from 0); ``far`` cells that stand too far out to be read, by row number and column."""

    name: str | None
    hidden: bool
    rows: Rows
    merged: tuple[tuple[int, int, int, int], ...] = ()
    far: tuple[tuple[int, int], ...] = ()
    why_not: str = ""


def read_table(content: bytes, name: str = "") -> tuple[Grid, ...]:
    """The sheets of a file, whatever its name says. Raises Unreadable."""
    if not content:
        raise Unreadable(_about(name) + "Berkas ini kosong.")
    if len(content) > LARGEST:
        raise Unreadable(_about(name) + "Berkas ini lebih besar dari 25 MB. Bagi menjadi beberapa berkas.")
    answer = ask_child(content)
    if "refused" in answer:
        raise Unreadable(_about(name) + answer["refused"])
    return tuple(_grid(each) for each in answer["sheets"])


def _about(name: str) -> str:
    return f"{name}: " if name else ""


def ask_child(content: bytes, measure: bool = False) -> dict[str, Any]:
    """The child's answer; its seconds grow with the file, so that a small one cannot hold anything up for long."""
    seconds = 4 + 3 * len(content) // 1_000_000
    job = {"size": len(content), "most_rows": MOST_ROWS, "seconds": min(seconds, SECONDS), "measure": measure}
    try:
        run = subprocess.run(
            [sys.executable, "-I", str(CHILD)], input=json.dumps(job).encode() + b"\n" + content, capture_output=True, timeout=SECONDS, check=True
        )
        return json.loads(run.stdout)
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError, ValueError):
        return {"refused": "Berkas ini tidak dapat dibaca: rusak atau terlalu berat. Salin hanya tabelnya ke lembar sebar baru, lalu unggah lagi."}


def _grid(told: dict[str, Any]) -> Grid:
    rows: Rows = tuple((number, tuple(_cell(each) for each in cells)) for number, cells in told["rows"])
    merged = tuple((first, left, last, right) for first, left, last, right in told["merged"])
    if rows and all(len(cells) == 1 for _, cells in rows):
        rows = _apart(rows)
    return Grid(told["name"], told["hidden"], rows, merged, tuple((row, column) for row, column in told["far"]), told["why_not"])


def _apart(rows: Rows) -> Rows:
    """A csv that a spreadsheet put into one column, cell by cell what it was."""
    for delimiter in ";\t|,":
        wide = sum(isinstance(cells[0], str) and cells[0].count(delimiter) >= 2 for _, cells in rows)
        if wide >= 2 and wide * 2 >= len(rows):
            return tuple((number, tuple(each.strip() or None for each in _split(cells[0], delimiter))) for number, cells in rows)
    return rows


def _split(cell: Cell, delimiter: str) -> list[str]:
    return next(csv.reader([str(cell).replace("\n", " ")], delimiter=delimiter, skipinitialspace=True), [""])


def _cell(told: Any) -> Cell:
    if not isinstance(told, dict):
        return told
    if "e" in told:
        return CellError(told["e"])
    try:
        return date.fromisoformat(told["d"])
    except ValueError:
        return CellError("#NUM!")
