"""Writes the README's table of experiments from ``docs/experiments.jsonl``: ``python -m tests.experiments.table``.

Each line as it was run; of several lines of one experiment on one database the last one counts.
"""

from __future__ import annotations

import json
from typing import Any

from tests.experiments.everything import LINES
from tests.experiments.lab import ROOT

README = ROOT / "README.md"
BEGIN, END = "<!-- percobaan -->", "<!-- akhir percobaan -->"
HEAD = ("", "Yang dicoba", "Basis data", "n", "Gagal", "Batas 95 %", "Kontrol (sengaja rusak)", "Detik", "Commit", "Tanggal")
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL", "PHOTOGRAPHS": "Foto"}


def lines() -> list[dict[str, Any]]:
    """The newest line of every experiment on every database, in order."""
    told = [json.loads(each) for each in LINES.read_text(encoding="utf-8").splitlines() if each]
    newest = {(each["experiment"], each["database"]): each for each in told}
    return sorted(newest.values(), key=lambda each: (not each["experiment"][1:].isdigit(), int(each["experiment"][1:]) if each["experiment"][1:].isdigit() else 0, each["database"] != "sqlite"))


def table() -> str:
    """The table in Markdown."""
    rows = [HEAD, ("---",) * len(HEAD), *map(row, lines())]
    return "\n".join("|" + "|".join(f" {cell} " for cell in each) + "|" for each in rows)


def row(line: dict[str, Any]) -> tuple[str, ...]:
    """One experiment."""
    first = (NAMES.get(line["experiment"], line["experiment"]), line["what"], NAMES[line["database"]])
    last = (line["commit"], line["on"])
    if "skipped" in line:
        return (*first, "–", "–", "–", f"dilewati: {line['skipped']}", "–", *last)
    control = line["control"]
    caught = "terlihat" if control["caught"] else "TIDAK TERLIHAT"
    return (*first, _number(line["n"]) + _more(line), _number(line["failures"]), _bound(line), f"{control['what']}: {caught}", _number(round(line["seconds"])), *last)


def _more(line: dict[str, Any]) -> str:
    """What else was tried beside the n that are counted."""
    if "genuine" in line:
        return f" (dan {_number(line['genuine'])} asli)"
    return f" ({_number(line['read'])} terbaca)" if "read" in line else ""


def _bound(line: dict[str, Any]) -> str:
    """The rate of failure lies below it; none when something failed, or when n allows for some."""
    return "–" if not line["bound"] or "read" in line else f"{line['bound'] * 100:.2g} %".replace(".", ",")


def _number(value: int) -> str:
    return f"{value:,}".replace(",", ".")


def written(readme: str) -> str:
    """The README with the table between its markers."""
    before, _, rest = readme.partition(BEGIN)
    return f"{before}{BEGIN}\n{table()}\n{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    README.write_text(written(README.read_text(encoding="utf-8")), encoding="utf-8")
