"""E12: the turn of the year by the office's own clock, 31 December 15:59:59 → 16:00:00 UTC, wherever the machine believes to be.

For every time zone that there is, the process is set into it and the same letters are reserved at the same moments around the turn, the clock
going back once in between; numbers, dates, frozen facts and the printed bytes must be those of every other zone, and those that plain
arithmetic (UTC + 8 hours) gives. A series belongs to the date on the paper: when the clock goes back over the turn, the old year's series goes
on where it was, and the new one is not opened a second time. Then eight processes draw numbers over the turn together. n counts the zones.
Control: today as the machine's own zone has it.
"""

from __future__ import annotations

import hashlib
import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy import select

from letters import kind
from letters.press import Issued, to_pdf
from tests.builders import user
from tests.experiments.e3 import wrong
from tests.experiments.lab import Installation, Lab, at_once
from tests.experiments.outcome import Found, run
from webapp import clock, issuing
from webapp.audits import verify
from webapp.db import begin_writing, db, set_scope
from webapp.models import Letter, Office, Series

WHAT = "pergantian tahun menurut jam kantor (WITA) di mesin berzona mana pun, juga bila jamnya mundur: naskah sama, seri berganti sekali"
CONTROL = "tanggal menurut zona mesin"
DATABASES = ("sqlite", "postgresql")
FULL = 600
TURN = datetime(2026, 12, 31, 16, tzinfo=UTC)
SECONDS = (-2, -1, -0.000001, 0, 1, -0.5, 5, 8 * 3600 - 1, 8 * 3600)  # the sixth: the clock goes back
PRINTED = ("surat_pengantar", "surat_teguran", "perjanjian_desa")
OFFICE = timedelta(hours=8)

Seen = list[tuple[Any, ...]]


def trial(lab: Lab, n: int, seed: int) -> Found:
    zones = _zones(n, seed)
    with lab.make().app():
        expected, failures, printed, facts = _expected(), [], {}, {}
        for place, zone in enumerate(zones):
            with _standing_in(zone):
                seen, (slug, sha256) = _around_the_turn(), _print(place)
            failures += [f"{zone}: {each}" for each in _differences(seen, expected, facts)]
            if printed.setdefault(slug, sha256) != sha256:
                failures.append(f"{zone}: {slug} tercetak lain")
    return Found(len(zones), failures + _together(lab, min(8, n)), {"moments": len(SECONDS), "facts": len(SECONDS) * len(zones)})


def _zones(n: int, seed: int) -> list[str]:
    """All that there are, or so many of them; the odd ones first."""
    odd = ["UTC", "Asia/Makassar", "Pacific/Kiritimati", "Pacific/Niue", "Asia/Kathmandu", "America/St_Johns"]
    rest = sorted(available_timezones() - set(odd))
    random.Random(seed).shuffle(rest)
    return (odd + rest)[:n]


@contextmanager
def _standing_in(zone: str) -> Iterator[None]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = zone
    time.tzset()
    try:
        yield
    finally:
        os.environ.pop("TZ") if before is None else os.environ.update(TZ=before)
        time.tzset()


def _around_the_turn() -> Seen:
    """A letter at every moment, all taken back again: year, number, date, and a hash of the frozen facts."""
    seen: Seen = []
    begin_writing()
    for each in SECONDS:
        with clock.at(TURN + timedelta(seconds=each)):
            letter = issuing.reserve("surat_edaran", db.session.get(Office, 1), user("legal"))
            seen.append((letter.year, letter.seq, letter.number, letter.dated_on, hashlib.sha256(letter.facts.encode()).hexdigest()))
    series = db.session.execute(select(Series.year, Series.next).order_by(Series.year)).all()
    db.session.rollback()
    return [*seen, *map(tuple, series)]


def _expected() -> Seen:
    """Years, numbers and dates by arithmetic alone; the facts are those of the first zone."""
    seen, drawn = [], {2026: 0, 2027: 0}
    for each in SECONDS:
        on = (TURN + timedelta(seconds=each) + OFFICE).date()
        drawn[on.year] += 1
        seen.append((on.year, drawn[on.year], on))
    return [*seen, *((year, count + 1) for year, count in drawn.items())]


def _differences(seen: Seen, expected: Seen, facts: dict[tuple, str]) -> Iterator[str]:
    """What differs from arithmetic, and from the facts of the zone before."""
    if len(seen) != len(expected):
        yield f"{len(seen) - len(SECONDS)} seri, seharusnya {len(expected) - len(SECONDS)}"
    for here, there, each in zip(seen, expected, [*SECONDS, "seri", "seri"], strict=False):
        short = (here[0], here[1], here[3]) if len(here) == 5 else here
        if short != there:
            yield f"{each}: {short}, seharusnya {there}"
        elif len(here) == 5 and (facts.setdefault(each, here[4]) != here[4] or f"/{here[1]}/" not in here[2]):
            yield f"{each}: isi naskah berbeda"


def _print(place: int) -> tuple[str, str]:
    slug = PRINTED[place % len(PRINTED)]
    content = to_pdf(kind(slug).SAMPLE, Issued(token="Zk3nq7cXb1TtYp0aLmQvRw", public_url="http://localhost"))
    return slug, hashlib.sha256(content).hexdigest()


def _together(lab: Lab, processes: int) -> list[str]:
    """Several processes over the turn, each by a clock that is a little wrong."""
    made = lab.make()
    at_once(over_the_turn, [(made, place) for place in range(processes)])
    with made.app():
        failures = [] if verify(db.session) is None else ["rantai audit putus"]
        for year in (2026, 2027):
            rows = db.session.execute(select(Letter.seq, Letter.dated_on).where(Letter.year == year)).all()
            failures += [f"{year}: {each}" for each in wrong([seq for seq, _ in rows], 1)]
            failures += [f"{year}: bertanggal {on}" for _, on in rows if on.year != year]
    return failures


def over_the_turn(barrier: Any, made: Installation, place: int) -> None:
    """In a process of its own."""
    with made.app():
        barrier.wait()
        for turn in range(10):
            with clock.at(TURN + timedelta(seconds=turn - 5 + place / 8)):
                set_scope("")
                begin_writing()
                issuing.reserve("surat_edaran", db.session.get(Office, 1), user("legal"))
                db.session.commit()
                db.session.close()


def control(lab: Lab, seed: int) -> Found:
    today = clock.today
    clock.today = lambda: date.fromtimestamp(clock.now().timestamp())
    zones, failures = ("Asia/Makassar", "UTC", "America/St_Johns"), []
    try:
        with lab.make().app():
            for zone in zones:
                with _standing_in(zone):
                    failures += [f"{zone}: {each}" for each in _differences(_around_the_turn(), _expected(), {})]
    finally:
        clock.today = today
    return Found(len(zones), failures)


if __name__ == "__main__":
    run("e12")
