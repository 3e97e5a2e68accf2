"""The cells of a file, typed, as the killable child read them; only here is the child started and, if need be, killed (T11)."""

from __future__ import annotations

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


@dataclass(frozen=True)
class Grid:
    """A sheet as cells. ``rows`` holds the number that a user sees and the cells of each row with anything in it; ``merged`` the ranges
    (first row, first column, last row, last column, all from 0); ``far`` cells that stand too far out to be read, by row number and column."""

    name: str | None
    hidden: bool
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]
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
    rows = tuple((number, tuple(_cell(each) for each in cells)) for number, cells in told["rows"])
    merged = tuple((first, left, last, right) for first, left, last, right in told["merged"])
    return Grid(told["name"], told["hidden"], rows, merged, tuple((row, column) for row, column in told["far"]), told["why_not"])


def _cell(told: Any) -> Cell:
    if not isinstance(told, dict):
        return told
    if "e" in told:
        return CellError(told["e"])
    try:
        return date.fromisoformat(told["d"])
    except ValueError:
        return CellError("#NUM!")
