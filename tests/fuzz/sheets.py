"""Spoils lists in every way that bytes can be spoilt and reads them: ``python -m tests.fuzz.sheets --n 2000 --seed 1``.

Prints one JSON line: how many were read and how many refused, what crashed (anything but Unreadable), the longest seconds, the most MiB
that a child held, and how many took longer than 5 s or held more than 300 MiB.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import resource
import zipfile
from collections.abc import Callable
from time import perf_counter
from typing import Any

from tests.webapp.sheets.making import HEAD, a_row, assert_totals, csv, expected, html, nik, ods, xls, xlsx
from webapp.sheets import Unreadable, Wishes, faulty_rows, grid
from webapp.sheets.roster import read_grids

LONGEST, MOST_MIB = 5.0, 300
ROWS = [["DAFTAR PESERTA"], HEAD, *(a_row(place) for place in range(1, 9)), a_row(9, nik=int(nik(9010))), a_row(10, birth=29450), ["Jumlah", 10]]
SEEDS = (
    xlsx({"A": ROWS, "B": ROWS}, hidden=["B"]), ods({"A": ROWS}), xls(ROWS), html(ROWS), csv(ROWS), csv(ROWS, ",", "utf-16"), csv(ROWS, "\t", "utf-8-sig"), csv(ROWS, "|", "cp1252"),
)  # fmt: skip
HOSTILE = (
    b"\0", b"\xff\xfe", b'"', b"<", b"&", b";", b"\n" * 500, b"9" * 5000, b"\xf0\x9f\x92\xa3", b"PK\x03\x04", b"%PDF-", b"<table>", b"</c>", b"r=\"XFD1048576\"", b"<!DOCTYPE x>",
    b"number-rows-repeated=\"1048576\"", b"<c r='AAA1'><v>1e999</v></c>", "\u202e\u200b".encode(), b"=cmd|' /C calc'!A0", b"-" * 999, b"0" * 16, b"\r", b"\t" * 300, b"t=\"e\"", b"e+308",
)  # fmt: skip


def spoilt(content: bytes, chance: random.Random) -> bytes:
    """Bytes changed, dropped, added, moved or cut off."""
    found = bytearray(content)
    for _ in range(chance.choice((1, 1, 3, 10, 60))):
        at, length = chance.randrange(len(found) + 1), chance.choice((1, 1, 4, 30, 300))
        how = chance.randrange(6)
        if how == 0:
            found[at : at + length] = chance.randbytes(length)
        elif how == 1:
            del found[at : at + length]
        elif how == 2:
            found[at:at] = chance.choice(HOSTILE)
        elif how == 3:
            found[at:at] = found[chance.randrange(len(found) + 1) :][:length]
        elif how == 4:
            del found[max(at, 1) :]
        else:
            found[at : at + length] = chance.choice(HOSTILE)
    return bytes(found)


def spoilt_inside(content: bytes, chance: random.Random) -> bytes:
    """An archive whose parts were spoilt and packed again, so that they are looked into."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        entries = old.infolist()
        chosen = {each.filename for each in chance.sample(entries, min(len(entries), chance.choice((1, 1, 2, 4))))}
        for entry in entries:
            part = old.read(entry.filename)
            new.writestr(entry.filename, spoilt(part, chance) if entry.filename in chosen else part)
    return out.getvalue()


def a_file(chance: random.Random) -> bytes:
    """One spoilt file."""
    content = chance.choice(SEEDS)
    if content[:2] == b"PK" and chance.random() < 0.7:
        return spoilt_inside(content, chance)
    return spoilt(content, chance)


def look(content: bytes) -> tuple[str, int]:
    """read or refused, and the KiB that the child held. Whatever else is raised is a crash."""
    answer = grid.ask_child(content, measure=True) if content else {"refused": "kosong"}
    if "refused" in answer:
        return "refused", answer.get("peak", 0)
    try:
        reading = read_grids([grid._grid(each) for each in answer["sheets"]], expected(), Wishes())
    except Unreadable:
        return "refused", answer["peak"]
    assert_totals(reading)
    faulty_rows(reading)
    return "read", answer["peak"]


def fuzz(count: int, seed: int, does: Callable[[bytes], tuple[str, int]] = look) -> dict[str, Any]:
    """The outcome of so many files."""
    chance, told = random.Random(seed), {"read": 0, "refused": 0}
    crashes, longest, peak, slow, heavy = [], 0.0, 0, 0, 0
    for place in range(count):
        content, start = a_file(chance), perf_counter()
        try:
            outcome, held = does(content)
            told[outcome] += 1
        except Exception as error:
            crashes.append(f"{place}: {type(error).__name__}: {error}"[:200])
            held = 0
        took = perf_counter() - start
        longest, peak = max(longest, took), max(peak, held)
        slow, heavy = slow + (took > LONGEST), heavy + (held > MOST_MIB * 1024)
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "n": count, "seed": seed, **told, "crashes": len(crashes), "first_crashes": crashes[:5], "longest_seconds": round(longest, 2), "over_5_s": slow,
        "peak_child_mib": round(peak / 1024, 1), "over_300_mib": heavy, "own_mib": round(own / 1024, 1),
    }  # fmt: skip


def main() -> None:
    """One JSON line."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--n", type=int, default=2000)
    asked.add_argument("--seed", type=int, default=1)
    told = asked.parse_args()
    print(json.dumps(fuzz(told.n, told.seed)))


if __name__ == "__main__":
    main()
