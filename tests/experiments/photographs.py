"""Photographs of signed pages: turned by 2–5°, seen aslant, in uneven light, 150 dots to the inch as JPEG, the telephone held any way round.

Each photograph is looked at as one that was sent (in the child). A page read as another page or another paper is a failure always; pages
that could not be read are failures once they are more than one in a hundred (the person is asked for another photo). ``off_mm`` is how far
the sheet's corners lie from where they really are once it is straightened. Control: a thumb on the code.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from functools import cache

from PIL import Image

from letters import kind
from letters.press import Issued, to_pdf
from tests.experiments.lab import Lab
from tests.experiments.outcome import Found, run
from tests.photographs import Photograph, covered, pages_of, photograph
from webapp import scan_child
from webapp.scans import Seen, look

WHAT = "foto halaman (miring 2–5°, perspektif, cahaya tidak rata, JPEG 150 dpi): paling sedikit 99 dari 100 terbaca, tidak satu pun salah baca"
CONTROL = "kode tertutup ibu jari"
DATABASES = ("sqlite",)
FULL = 300
KINDS = ("perjanjian_desa", "lampiran_peserta", "lampiran_iuran")
LEFT = 30


@cache
def sheets() -> list[tuple[str, int, int, tuple[int, int], Image.Image]]:
    """Every page of both originals of the three papers that are signed: token, rangkap, page, size in mm, picture."""
    found = []
    for slug in KINDS:
        its, token = kind(slug), f"{slug:x<22}"[:22]
        mm = its.SAMPLE.paper.mm[::-1] if its.landscape else its.SAMPLE.paper.mm
        for rangkap in (1, 2):
            printed = to_pdf(replace(its.SAMPLE, rangkap=rangkap), Issued(token=token, public_url="https://sinergi.contohkab.go.id", rangkap=rangkap))
            found += [(token, rangkap, page, mm, picture) for page, picture in enumerate(pages_of(printed), 1)]
    return found


def seen(photo: Photograph) -> Seen:
    """What the child sees on it."""
    return look(photo.jpeg, {token: (mm, LEFT) for token, _, _, mm, _ in sheets()})[0]


def trial(lab: Lab, n: int, seed: int) -> Found:
    rng, unread, wrong, by, off = random.Random(seed), [], [], Counter(), []
    for each in range(n):
        token, rangkap, page, mm, picture = rng.choice(sheets())
        photo = photograph(picture, rng, quarter=rng.randrange(4))
        found = seen(photo)
        if found.code is None:
            unread.append(f"foto {each} ({token.rstrip('x')} halaman {page}) tidak terbaca")
            continue
        if (found.code.token, found.code.rangkap, found.code.page) != (token, rangkap, page):
            wrong.append(f"foto {each}: {token} halaman {page} dibaca {found.code}")
        by[found.flattened] += 1
        off.append(distance(photo, mm))
    off.sort()
    told = {"read": n - len(unread), "unread": len(unread), "straightened_by": dict(by)}
    if off:
        told |= {"off_mm": {"median": off[len(off) // 2], "p99": off[int(len(off) * 0.99)], "most": off[-1]}}
    return Found(n, wrong + (unread if len(unread) * 100 > n else []), told)


def distance(photo: Photograph, mm: tuple[int, int]) -> float:
    """How far off, in mm, the worst corner of the straightened sheet is."""
    picture = scan_child._opened(photo.jpeg)
    found = scan_child.code_on(picture)
    assert found is not None
    to, _ = scan_child.laid(picture, found[1], mm, LEFT)
    per_mm = abs(complex(*photo.corners[1]) - complex(*photo.corners[0])) / mm[0]
    apart = (abs(complex(*to(x, y)) - complex(*there)) for (x, y), there in zip(scan_child.page_corners(mm), photo.corners, strict=True))
    return round(max(apart) / per_mm, 2)


def control(lab: Lab, seed: int) -> Found:
    rng, photos = random.Random(seed), []
    for _, _, page, _, picture in sheets()[:5]:
        photos.append((page, seen(photograph(covered(picture), rng))))
    return Found(len(photos), [f"halaman {page} tidak terbaca" for page, found in photos if found.code is None])


if __name__ == "__main__":
    run("photographs")
