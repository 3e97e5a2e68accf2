"""E3: sixteen processes draw numbers of the register at once, one in ten is rolled back on purpose; none double, none missing.

Each number is drawn as ``reserve`` does it for a circular of the office: number, token, frozen facts and audit event in one transaction;
only the facts are gathered once per process. n counts the numbers that were committed; those rolled back come on top. Who waits 30 seconds
for SQLite is told that the service is busy, which is no loss: he tries again, counted as ``busy``. Control: a draw that reads, then writes,
in transactions of its own, as ``max()+1`` and database sequences do.
"""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

from sqlalchemy import select, text, update
from sqlalchemy.exc import OperationalError

from letters import kind
from tests.builders import user
from tests.experiments.clerk import now
from tests.experiments.lab import Installation, Lab, at_once
from tests.experiments.outcome import Found, run
from webapp import clock, issuing
from webapp.audits import verify
from webapp.db import begin_writing, db, set_scope
from webapp.models import Letter, Office, Series, User
from webapp.models.agenda import gaps
from webapp.papers import draw_up

WHAT = "16 proses menarik nomor bersamaan, satu dari sepuluh dibatalkan: tidak ganda, tidak hilang"
CONTROL = "nomor dibaca dan ditulis di transaksi sendiri"
DATABASES = ("sqlite", "postgresql")
FULL = 8000
PROCESSES, ROLLED_BACK, UNIT, KIND = 16, 0.1, "DPMD", "surat_edaran"


def trial(lab: Lab, n: int, seed: int) -> Found:
    made = lab.make()
    processes = min(PROCESSES, max(2, n // 8))
    shares = [(made, n // processes + (place < n % processes), seed * 1000 + place) for place in range(processes)]
    drawn = at_once(draw, [each for each in shares if each[1]], patience=3600)
    with made.app():
        rows = list(db.session.execute(select(Letter.year, Letter.seq).order_by(Letter.seq)))
        series = db.session.get(Series, (UNIT, 2026))
        failures = [*wrong([seq for _, seq in rows], n), *([] if verify(db.session) is None else ["rantai audit putus"])]
        if sorted(seq for *_, each in drawn for seq in each) != [seq for _, seq in rows]:
            failures.append("nomor yang dijawab bukan nomor yang tersimpan")
        if gaps(db.session, 2026) or series.next != n + 1:
            failures.append(f"seri menunjuk {series.next}")
    return Found(n, failures, {"processes": processes, "rolled_back": sum(each[0] for each in drawn), "busy": sum(each[1] for each in drawn)})


def wrong(numbers: list[int], n: int) -> list[str]:
    """What is double and what is missing."""
    found = [f"nomor {each} dipakai {times} kali" for each, times in Counter(numbers).items() if times > 1]
    return found + [f"nomor {each} hilang" for each in sorted(set(range(1, max([n, *numbers], default=0) + 1)) - set(numbers))]


def draw(barrier: Any, made: Installation, wanted: int, seed: int) -> tuple[int, int, list[int]]:
    """In a process of its own: how many were given up, how often it was too busy, and the numbers that were committed."""
    dice, given_up, busy, kept = random.Random(seed), 0, 0, []
    with made.app():
        office = db.session.scalars(select(Office).where(Office.side == 1)).one()
        facts, ids = draw_up(KIND, office, issuing.order_of(KIND, None, clock.today())), (office.id, user("legal").id)
        db.session.close()
        barrier.wait()
        while len(kept) < wanted:
            try:
                seq = _reserved(facts, ids, gives_up=dice.random() < ROLLED_BACK)
            except OperationalError as error:
                if "locked" not in str(error.orig):
                    raise
                busy += 1
                continue
            finally:
                db.session.rollback()
                db.session.close()
            kept += [seq] if seq else []
            given_up += not seq
    return given_up, busy, kept


def _reserved(facts: Any, ids: tuple[int, int], gives_up: bool) -> int | None:
    """Transaction 1 of ``reserve``; None when it was given up on purpose."""
    with clock.at(now()):
        set_scope("")
        begin_writing()
        office, by, on = db.session.get(Office, ids[0]), db.session.get(User, ids[1]), clock.today()
        letter = issuing._row(kind(KIND), office, facts, by, on, **issuing._number(kind(KIND), office, on))
        if gives_up:
            return None
        seq = letter.seq
        db.session.commit()
        return seq


def control(lab: Lab, seed: int) -> Found:
    made = lab.make(lambda: db.session.add(Series(unit=UNIT, year=2026)))
    drawn = at_once(draw_badly, [(made, 25, seed + place) for place in range(4)])
    numbers = [each for kept in drawn for each in kept]
    return Found(len(numbers), wrong(numbers, len(numbers)))


def draw_badly(barrier: Any, made: Installation, wanted: int, seed: int) -> list[int]:
    """Broken on purpose: the number is read in one transaction, written in the next, used in a third."""
    dice, kept = random.Random(seed), []
    with made.app():
        barrier.wait()
        while len(kept) < wanted:
            seq = db.session.scalar(select(Series.next).where(Series.unit == UNIT))
            begin_writing()
            db.session.execute(update(Series).where(Series.unit == UNIT).values(next=seq + 1))
            db.session.commit()
            begin_writing()
            db.session.execute(text("SELECT 1"))  # here a letter would be written
            db.session.rollback()
            if dice.random() >= ROLLED_BACK:
                kept.append(seq)
    return kept


if __name__ == "__main__":
    run("e3")
