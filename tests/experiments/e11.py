"""E11: the same form fifty times at once, with its answer cut off, or clicked twice: one effect, and every answer leads to the same place.

A real ``sinergi serve`` and real connections. n counts forms: a third each of fifty at once, of an answer that is cut (the sender hangs up
and sends again), and of a double click. Nine of ten send a draft back (an act that may be repeated, so that a second effect would show), one
draws a number. Control: the same fifty times without the form's key.
"""

from __future__ import annotations

import random
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import func, select

from tests.builders import BIALO, OTHER, an_agreement
from tests.experiments.clerk import Browser
from tests.experiments.lab import Installation, Lab, Serving
from tests.experiments.outcome import Found, run
from webapp.audits import verify
from webapp.db import db
from webapp.models import Agreement, AuditEvent, Deed, Letter, Return
from webapp.models.agenda import gaps

WHAT = "formulir yang sama 50 kali bersamaan, jawabannya terputus, atau diklik dua kali: satu akibat"
CONTROL = "formulir tanpa kuncinya"
DATABASES = ("sqlite", "postgresql")
FULL = 300
AT_ONCE = 50


def trial(lab: Lab, n: int, seed: int) -> Found:
    dice, failures, made = random.Random(seed), [], _filled(lab)
    with made.app() as app:
        browser = Browser(app, "legal")
    with Serving(made, threads=AT_ONCE) as served, ThreadPoolExecutor(AT_ONCE) as pool:
        for turn in range(n):
            how = HOWS[turn % len(HOWS)]
            url, data = _form(turn)
            answers = how(served, browser, pool, url, data, f"kunci-{seed}-{turn}", dice)
            if len(set(answers)) != 1 or answers[0][0] != 303:
                failures.append(f"{how.__name__} ke-{turn}: {sorted(set(answers))[:3]}")
    with made.app():
        return Found(n, failures + _effects(n, seed), {"requests": sum(len(_counts(turn)) for turn in range(n)), "letters": len(range(0, n, 10))})


def _filled(lab: Lab) -> Installation:
    def fill() -> None:
        an_agreement("frozen")
        an_agreement("numbered", village_code=OTHER, serial=9101)

    return lab.make(fill)


def _form(turn: int) -> tuple[str, dict[str, str]]:
    if turn % 10 == 0:
        return f"/perjanjian/{OTHER}-2026/terbitkan/surat_pengantar", {}
    return f"/perjanjian/{BIALO}-2026/kembalikan", {"reason": f"contoh {turn}"}


def _counts(turn: int) -> range:
    return range((AT_ONCE, 2, 2)[turn % len(HOWS)])


def fifty(served: Serving, browser: Browser, pool: ThreadPoolExecutor, url: str, data: dict[str, str], once: str, dice: random.Random) -> list[tuple[int, str]]:
    """All at the same moment."""
    barrier = Barrier(AT_ONCE)

    def send(_: int) -> tuple[int, str]:
        barrier.wait(60)
        return browser.post(served.port, url, data, once)

    return list(pool.map(send, range(AT_ONCE)))


def cut(served: Serving, browser: Browser, pool: ThreadPoolExecutor, url: str, data: dict[str, str], once: str, dice: random.Random) -> list[tuple[int, str]]:
    """The sender hangs up before the answer, or while it is made, and sends again."""
    line = browser.send(served.port, url, data, once)
    time.sleep(dice.uniform(0, 0.05))
    line.close()
    return [browser.post(served.port, url, data, once)]


def double(served: Serving, browser: Browser, pool: ThreadPoolExecutor, url: str, data: dict[str, str], once: str, dice: random.Random) -> list[tuple[int, str]]:
    """A nervous finger."""
    waits = (0.0, dice.uniform(0, 0.03))

    def click(wait: float) -> tuple[int, str]:
        time.sleep(wait)
        return browser.post(served.port, url, data, once)

    return list(pool.map(click, waits))


HOWS = (fifty, cut, double)


def _effects(n: int, seed: int) -> list[str]:
    """What is in the database that is not one effect per form."""
    time.sleep(0.5)
    reasons = list(db.session.scalars(select(Return.reason)))
    wanted = [f"contoh {turn}" for turn in range(n) if turn % 10]
    letters = db.session.scalar(select(func.count()).select_from(Letter).where(Letter.kind == "surat_pengantar"))
    deeds = set(db.session.scalars(select(Deed.key)))
    events = db.session.scalar(select(func.count()).select_from(AuditEvent).where(AuditEvent.action == "draft.returned"))
    return [
        wrong
        for wrong, is_so in (
            (f"{len(reasons)} pengembalian, seharusnya {len(wanted)}", sorted(reasons) != sorted(wanted)),
            (f"{letters} surat, seharusnya {len(range(0, n, 10))}", letters != len(range(0, n, 10))),
            (f"{events} peristiwa, seharusnya {len(wanted)}", events != len(wanted)),
            ("kunci yang tercatat berbeda", deeds != {f"kunci-{seed}-{turn}" for turn in range(n)}),
            ("nomor hilang", bool(gaps(db.session, 2026))),
            ("rantai audit putus", verify(db.session) is not None),
        )
        if is_so
    ]


def control(lab: Lab, seed: int) -> Found:
    made = _filled(lab)
    with made.app() as app:
        browser = Browser(app, "legal")
    with Serving(made, threads=AT_ONCE) as served, ThreadPoolExecutor(AT_ONCE) as pool:
        fifty(served, browser, pool, f"/perjanjian/{BIALO}-2026/kembalikan", {"reason": "contoh"}, "", random.Random(seed))
    with made.app():
        agreement = db.session.scalars(select(Agreement).where(Agreement.village_code == BIALO)).one()
        return Found(1, [f"{len(agreement.returns)} akibat"] if len(agreement.returns) != 1 else [])


if __name__ == "__main__":
    run("e11")
