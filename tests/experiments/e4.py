"""E4: the web process is killed (``kill -9``) again and again while people send forms: nothing acknowledged is lost, double or half done.

Four real ``sinergi serve`` on one database, each in a process of its own and ended by its id alone; when one is killed, at a random moment
while forms are on their way to it, the people go on at the next with the same form and the same key until they get an answer, and the killed
one starts again. New forms are handed out only once the next one answers, so that no kill meets an idle service; ``under_way`` counts the
kills at which a form was on its way in that very moment. Three kinds of forms: a draft sent back, a budget document with an upload, a letter with its number. Afterwards every answer is
looked for: one effect each, the file whole, the number in the row, the event in a whole chain, the cache of stages as the evidence says. n
counts kills; two and a half forms are acknowledged per kill. Control: a service that acknowledges before it has committed, as one that takes
a form for done when it was sent.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from http.client import HTTPException

from sqlalchemy import func, select

from tests.builders import BIALO, OTHER, an_agreement
from tests.experiments.clerk import Browser
from tests.experiments.lab import Installation, Lab, Serving
from tests.experiments.outcome import Found, run
from tests.webapp.scans import a_pdf
from webapp import fsck
from webapp.audits import verify
from webapp.db import db
from webapp.models import AuditEvent, BudgetDocument, Deed, Letter, Return
from webapp.models.agenda import gaps
from webapp.models.lists import agreements_with_facts
from webapp.uploads import storage

WHAT = "proses web dimatikan (kill -9) selagi formulir dikirim: tidak ada yang hilang, ganda, atau setengah jadi"
CONTROL = "dianggap diterima begitu terkirim"
DATABASES = ("sqlite", "postgresql")
FULL = 200
FORMS_PER_KILL, SENDERS, TRIES, SERVICES = 2.5, 3, 400, 4
SCAN = a_pdf()


class Crowd:
    """People who send forms until all are acknowledged."""

    def __init__(self, served: list[Serving], browser: Browser, wanted: int, seed: int) -> None:
        self.served, self.browser, self.wanted, self.seed = served, browser, wanted, seed
        self.alive, self.next, self.acknowledged = 0, 0, {}
        self.allowed, self.flying, self.again, self.strange = 0, 0, 0, []
        self.lock = threading.Lock()

    def work(self) -> None:
        while (turn := self._take()) < self.wanted:
            with self.lock:
                self.flying += 1
            self._until_answered(turn)
            with self.lock:
                self.flying -= 1

    def _take(self) -> int:
        """The next form, once it is handed out."""
        with self.lock:
            self.next += 1
            turn = self.next - 1
        while self.allowed <= turn < self.wanted:
            time.sleep(0.002)
        return turn

    def _until_answered(self, turn: int) -> None:
        url, data, file = form(turn)
        for _ in range(TRIES):
            try:
                status, led = self.browser.post(self.served[self.alive].port, url, data, key(self.seed, turn), file)
            except (OSError, HTTPException):
                with self.lock:
                    self.again += 1
                time.sleep(0.05)
                continue
            if status == 303:
                with self.lock:
                    self.acknowledged[turn] = led
                return
            if status != 409 and status != 503:  # overtaken by another form on the same agreement, or busy: told so, and sent again
                self.strange.append(f"formulir {turn}: {status}")
                return
        self.strange.append(f"formulir {turn}: tidak pernah dijawab")


def key(seed: int, turn: int) -> str:
    return f"kunci-{seed}-{turn}"


def form(turn: int) -> tuple[str, dict[str, str], tuple[str, bytes] | None]:
    if turn % 5 == 4:
        return f"/perjanjian/{OTHER}-2026/terbitkan/surat_pengantar", {}, None
    if turn % 5 in (1, 3):
        fields = {"kind": "apbdes", "number": f"contoh {turn}", "on": "2025-12-20"}
        return f"/perjanjian/{OTHER}-2026/anggaran/dokumen", fields, ("scan", SCAN + b"%% %d\n" % turn)
    return f"/perjanjian/{BIALO}-2026/kembalikan", {"reason": f"contoh {turn}"}, None


def _filled(lab: Lab) -> tuple[Installation, Browser]:
    def fill() -> None:
        an_agreement("frozen")
        an_agreement("numbered", village_code=OTHER, serial=9101)

    made = lab.make(fill)
    with made.app() as app:
        return made, Browser(app, "legal")


def trial(lab: Lab, n: int, seed: int) -> Found:
    dice = random.Random(seed)
    made, browser = _filled(lab)
    served = [Serving(made) for _ in range(SERVICES)]
    crowd = Crowd(served, browser, int(n * FORMS_PER_KILL), seed)
    senders = [threading.Thread(target=crowd.work) for _ in range(SENDERS)]
    try:
        for each in served:
            each.start()
        for each in served:
            each.wait()
        for each in senders:
            each.start()
        under_way = _kill(served, crowd, n, dice)
        for each in senders:
            each.join()
    finally:
        for each in served:
            each.kill()
    with made.app():
        return Found(n, [*crowd.strange, *_wrong(crowd)], {"under_way": under_way, "acknowledged": len(crowd.acknowledged), "sent_again": crowd.again})


def _kill(served: list[Serving], crowd: Crowd, n: int, dice: random.Random) -> int:
    """One after the other, each in the midst of work, while the next one answers; how many had a form on its way."""
    under_way = 0
    for turn in range(n):
        following = (crowd.alive + 1) % len(served)
        served[following].wait()
        crowd.allowed = crowd.wanted if turn == n - 1 else int((turn + 1) * FORMS_PER_KILL)
        until = time.monotonic() + 5
        while not crowd.flying and time.monotonic() < until:
            time.sleep(0.002)
        time.sleep(dice.uniform(0, 0.25))
        under_way += crowd.flying > 0
        victim, crowd.alive = served[crowd.alive], following
        victim.kill()
        victim.start()
    return under_way


def _wrong(crowd: Crowd) -> list[str]:
    """What was acknowledged and is not there once, and what is there that nobody was told of."""
    turns = range(crowd.wanted)
    said = {turn: f"contoh {turn}" for turn in turns}
    returns, documents = Counter(db.session.scalars(select(Return.reason))), Counter(db.session.scalars(select(BudgetDocument.number)))
    deeds = {each.key: each.location for each in db.session.execute(select(Deed.key, Deed.location))}
    letters = {f"/surat/{each}" for each in db.session.scalars(select(Letter.id).where(Letter.kind == "surat_pengantar"))}
    found = [f"formulir {turn}: tidak dijawab" for turn in turns if turn not in crowd.acknowledged]
    for turn, led in crowd.acknowledged.items():
        times = int(led in letters) if turn % 5 == 4 else (documents if turn % 5 in (1, 3) else returns)[said[turn]]
        if times != 1 or deeds.get(key(crowd.seed, turn)) != led:
            found.append(f"formulir {turn}: {times} akibat, kunci menunjuk {deeds.get(key(crowd.seed, turn))}")
    counts = (sum(returns.values()), sum(documents.values()), len(letters), len(deeds))
    wanted = (sum(each % 5 in (0, 2) for each in turns), sum(each % 5 in (1, 3) for each in turns), sum(each % 5 == 4 for each in turns), len(turns))
    return found + ([] if counts == wanted else [f"pengembalian, dokumen, surat, kunci: {counts}, seharusnya {wanted}"]) + _half(counts)


def _half(counts: tuple[int, ...]) -> list[str]:
    """Rows without event, and whatever else is half done."""
    events = Counter(db.session.scalars(select(AuditEvent.action)))
    told = (events["draft.returned"], events["budget.document"], events["letter.reserved"])
    return ([] if told == counts[:3] else [f"peristiwa {told}, seharusnya {counts[:3]}"]) + half_done()


def half_done() -> list[str]:
    """Letters without bytes, a stage that its evidence does not give, a broken chain, a lost file, a gap in the numbers."""
    checked = fsck.check(db.session, storage())
    found = [f"berkas rusak {len(checked.broken)}, hilang {len(checked.missing)}"] if checked.broken or checked.missing else []
    found += ["nomor hilang"] if gaps(db.session, 2026) else []
    found += [f"rantai: {broken}" for broken in [verify(db.session)] if broken]
    for each in db.session.scalars(select(Letter).where(Letter.kind == "surat_pengantar")):
        if (each.state == "issued") != bool(each.renditions):
            found.append(f"surat {each.seq} setengah terbit")
    for agreement in agreements_with_facts(db.session):
        stage = agreement.current_stage()
        if agreement.stage != (stage.slug if stage else "active"):
            found.append(f"singgahan tahap {agreement.code}")
    return found + ([] if db.session.scalar(select(func.count()).select_from(AuditEvent)) else ["tidak ada peristiwa"])


def control(lab: Lab, seed: int) -> Found:
    dice, lost, n = random.Random(seed), [], 3
    made, browser = _filled(lab)
    served = Serving(made)
    for turn in range(n):
        with served:
            line = browser.send(served.port, f"/perjanjian/{BIALO}-2026/kembalikan", {"reason": f"contoh {turn}"}, key(seed, turn))
            time.sleep(dice.uniform(0, 0.005))
        line.close()
    with made.app():
        kept = set(db.session.scalars(select(Return.reason)))
    lost = [f"formulir {turn} hilang" for turn in range(n) if f"contoh {turn}" not in kept]
    return Found(n, lost)


if __name__ == "__main__":
    run("e4")
