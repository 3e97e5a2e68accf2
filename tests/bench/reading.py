"""A kabupaten's list of 12,000 rows × 12 columns, read and judged, beside a plain read by the same library: ``python -m tests.bench.reading``.

Both run in turn, five times; rows per second are this machine's, the ratio is comparable. Plain: python-calamine's cells as Python values.
"""

from __future__ import annotations

import io
import json
import random
from datetime import date, timedelta
from statistics import median
from time import perf_counter

import python_calamine

from tests.webapp.sheets.making import PLACES, expected, nik, xlsx
from webapp.sheets import read_roster

ROWS, ROUNDS = 12_000, 5
HEAD = ["No", "NIK", "Nama Lengkap", "Tempat Lahir", "Tanggal Lahir", "L/P", "Pekerjaan", "Desa", "Kecamatan", "Alamat", "Nama Ibu Kandung", "Keterangan"]


def kabupaten(count: int = ROWS, seed: int = 1) -> bytes:
    """Invented people of all desa; one in fifty with a fault."""
    chance, villages, rows = random.Random(seed), [each for each in PLACES if each.code[9] == "2"], [["DAFTAR PESERTA SELURUH DESA"], [], HEAD]
    for place in range(1, count + 1):
        village, born, sex = villages[place % len(villages)], date(1965, 1, 1) + timedelta(days=chance.randrange(15_000)), chance.choice("LP")
        number = nik(1000 + place % 9000, born, sex) if place % 50 else nik(1000 + place % 9000, born, sex)[:-1]
        rows.append(
            [
                place,
                number,
                f"Contoh Orang {place}",
                "Bulukumba",
                born if place % 2 else f"{born:%d-%m-%Y}",
                sex,
                "Petani",
                village.name,
                village.kecamatan,
                "Dusun Contoh",
                f"Contoh Ibu {place}",
                "",
            ]
        )
    return xlsx({"Kabupaten": rows})


def seconds(does) -> tuple[float, object]:
    """How long it takes, and what comes of it."""
    start = perf_counter()
    found = does()
    return perf_counter() - start, found


def plain(content: bytes) -> int:
    """The rows as the library gives them."""
    return len(python_calamine.load_workbook(io.BytesIO(content)).get_sheet_by_index(0).to_python())


def main() -> None:
    """One JSON line."""
    content, ours, theirs = kabupaten(), [], []
    for _ in range(ROUNDS):
        theirs.append(seconds(lambda: plain(content))[0])
        took, reading = seconds(lambda: read_roster(content, "kabupaten.xlsx", expected(village="")))
        ours.append(took)
    told = {
        "rows": ROWS, "columns": len(HEAD), "bytes": len(content), "rounds": ROUNDS,
        "read_and_judged_rows_per_second": round(ROWS / median(ours)), "plain_rows_per_second": round(ROWS / median(theirs)),
        "seconds": round(median(ours), 2), "plain_seconds": round(median(theirs), 3), "ratio": round(median(ours) / median(theirs), 1), "counts": reading.counts,
    }  # fmt: skip
    print(json.dumps(told))


if __name__ == "__main__":
    main()
