"""What the two originals of one letter cost: run by hand, ``python -m tests.bench.two_originals``; ratios are comparable, seconds are not.

Plain: every original laid out anew, the collector on. Kept: the last layout is kept. Child: kept, and the collector off, as the child prints.
"""

import gc
from collections.abc import Callable
from dataclasses import replace
from statistics import median
from time import perf_counter
from typing import Any

from letters import kind, press, sample
from letters.press import Issued, to_pdf

ROUNDS = 5
TOKEN = "Zk3nq7cXb1TtYp0aLmQvRw"


def both(letter: Any, kept: bool) -> None:
    """Rangkap 1, then Rangkap 2."""
    press._laid.cache_clear()
    for rangkap in (1, 2):
        if not kept:
            press._laid.cache_clear()
        to_pdf(replace(letter, rangkap=rangkap), Issued(TOKEN, "https://sinergi.contoh.invalid", 1, rangkap))


def seconds(does: Callable[..., None], *told: Any) -> float:
    start = perf_counter()
    does(*told)
    return perf_counter() - start


def in_the_child(letter: Any) -> None:
    gc.collect()
    gc.disable()
    try:
        both(letter, True)
    finally:
        gc.enable()


def papers() -> dict[str, Any]:
    groups = sample.groups(("Kepala Desa", 1), ("Perangkat Desa", 10), ("Lembaga Kemasyarakatan Desa", 62), ("Pekerja Rentan", 37))
    return {
        "perjanjian_desa": kind("perjanjian_desa").SAMPLE,
        "lampiran_peserta, 110 orang": replace(kind("lampiran_peserta").SAMPLE, groups=groups, people=110),
        "lampiran_iuran": kind("lampiran_iuran").SAMPLE,
    }


def main() -> None:
    print(f"{'both originals':30} {'plain':>8} {'kept':>8} {'child':>8}   speed of kept, child")
    for name, letter in papers().items():
        both(letter, False)  # fonts and styles are warm
        turns = [(seconds(both, letter, False), seconds(both, letter, True), seconds(in_the_child, letter)) for _ in range(ROUNDS)]
        plain, kept, child = (median(each) for each in zip(*turns, strict=True))
        print(f"{name:30} {plain:7.2f}s {kept:7.2f}s {child:7.2f}s   x{plain / kept:.2f}  x{plain / child:.2f}")


if __name__ == "__main__":
    main()
