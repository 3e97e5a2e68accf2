"""E5: the power is cut while people sign, upload and print: whatever was acknowledged is there when the disk comes back, and nothing is half.

A real ``sinergi serve`` works on a folder of an ext4 file system that lives in a file (see ``cutting``); whoever sends forms, and the list of
what was acknowledged, are outside. At a random moment the service and its children are stopped, the file is copied as it stands, and the
service goes on: what was only in the page cache of the mounted file system is not in the copy. The copy is mounted, which replays the
journal, and looked at: every acknowledged act with its event, every file by its hash, the database, the chain, the numbers, no half state,
and the file system itself is clean. No device mapper is needed; what it cannot do is reorder writes that the disk has taken but not
flushed. SQLite only: PostgreSQL's own journal is not ours to try. n counts cuts, a third each of signing, uploading and printing.
Control: the same with a store and a database that do not wait for the disk.
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from sqlalchemy import select, text

from tests.builders import an_agreement
from tests.experiments.clerk import Browser
from tests.experiments.cutting import Disk, must_be_possible
from tests.experiments.e4 import half_done
from tests.experiments.lab import Installation, Lab, Serving
from tests.experiments.outcome import Found, run
from tests.webapp.scans import a_pdf
from webapp.db import db
from webapp.models import Agreement, AuditEvent, BudgetDocument, Deed, Letter, Rendition, Signature, StoredFile, Village

WHAT = "listrik diputus saat menandatangani, mengunggah, dan mencetak: yang sudah dijawab tetap ada, tidak ada yang setengah jadi"
CONTROL = "penyimpanan dan basis data yang tidak menunggu cakram"
DATABASES = ("sqlite",)
FULL = 450
A_RUN = 15  # cuts per service: what it has written grows
VILLAGES, SENDERS, PAUSE = 30, 2, (0.05, 0.6)
SCAN = a_pdf()
FORGETS = """
import os
from webapp import db
careful = db._sqlite_connect
def careless(connection, record):
    careful(connection, record)
    connection.execute("PRAGMA synchronous=OFF")
db._sqlite_connect = careless
os.fsync = lambda handle: None
from webapp.cli import main
main()
"""

Said = tuple[str, str, str]  # which act, the key of its form, what proves it


class Powered(Serving):
    """The service and its children as one group, which can be stopped and let go on."""

    def start(self) -> None:
        with self.log() as log:
            self.process = subprocess.Popen(self.order(), env=self.installation.environment, stdout=log, stderr=log, start_new_session=True)

    def tell(self, what: signal.Signals) -> None:
        assert self.process is not None
        os.killpg(self.process.pid, what)

    def kill(self) -> None:
        if self.process is not None:
            with suppress(ProcessLookupError):
                self.tell(signal.SIGKILL)
            self.process.wait()
            self.process = None


class Careless(Powered):
    """Broken on purpose: it never waits for the disk."""

    COMMAND = (sys.executable, "-c", FORGETS)


class People:
    """They do one kind of act after the other until told to stop; ``said`` is what they were told is done."""

    def __init__(self, act: Act, served: Serving, browser: Browser, codes: list[str], run: str) -> None:
        self.act, self.served, self.browser, self.codes, self.run = act, served, browser, codes, run
        self.said: list[Said] = []
        self.strange: list[str] = []
        self.next, self.spent, self.stop, self.lock = 0, False, threading.Event(), threading.Lock()

    def work(self) -> None:
        while not self.stop.is_set():
            with self.lock:
                turn, self.next = self.next, self.next + 1
            try:
                self.act(self, turn)
            except (OSError, HTTPException, TimeoutError) as error:
                if not self.stop.is_set():
                    self.strange.append(f"{self.act.__name__} ke-{turn}: {type(error).__name__}")

    def send(self, turn: int, url: str, data: dict[str, str], file: tuple[str, bytes] | None = None, proof: str = "") -> str:
        """Send a form until it is taken; where it led. What it proves is noted the moment the answer is there."""
        key = f"{self.run}-{turn}"
        for _ in range(100):
            status, led = self.browser.post(self.served.port, url, data, key, file)
            if status == 303:
                self.said.append((self.act.__name__, key, proof or led))
                return led
            if status not in (409, 503) or self.stop.is_set():
                break
        if not self.stop.is_set():
            self.strange.append(f"{self.act.__name__} ke-{turn}: {status}")
        return ""

    def fetch(self, url: str) -> bytes | None:
        """The bytes of a paper, once it is there."""
        line = HTTPConnection("127.0.0.1", self.served.port, timeout=120)
        try:
            line.request("GET", url, headers={"Cookie": self.browser.cookie})
            answer = line.getresponse()
            content = answer.read()
            return content if answer.status == 200 else None
        finally:
            line.close()


Act = Callable[[People, int], None]


def signing(people: People, turn: int) -> None:
    """A signature with its scan; one village after the other."""
    if turn >= len(people.codes):
        people.spent = True
        people.stop.wait(1)
        return
    scan = SCAN + f"%% tanda tangan {people.run} {turn}\n".encode()
    url = f"/perjanjian/{people.codes[turn]}/tanda-tangan/kesatu"
    people.send(turn, url, {"on": "2026-03-09", "place": "Bulukumba"}, ("scan", scan), f"{people.codes[turn]} {_hash(scan)}")


def uploading(people: People, turn: int) -> None:
    """A budget document with its scan."""
    scan = SCAN + f"%% dokumen {people.run} {turn}\n".encode()
    code = people.codes[turn % len(people.codes)]
    fields = {"kind": "apbdes", "number": f"contoh {people.run} {turn}", "on": "2025-12-20"}
    people.send(turn, f"/perjanjian/{code}/anggaran/dokumen", fields, ("scan", scan), f"{fields['number']} {_hash(scan)}")


def printing(people: People, turn: int) -> None:
    """A letter with its number; then whoever asked for it waits for the paper."""
    led = people.send(turn, f"/perjanjian/{people.codes[turn % len(people.codes)]}/terbitkan/surat_pengantar", {})
    while led and not people.stop.is_set():
        if content := people.fetch(f"{led}/rangkap-1.pdf"):
            people.said.append(("paper", led, _hash(content)))
            return
        people.stop.wait(0.2)


ACTS = (signing, uploading, printing)


def trial(lab: Lab, n: int, seed: int) -> Found:
    must_be_possible(lab.folder)
    dice, made, failures, cuts, told = random.Random(seed), _filled(lab, min(VILLAGES, n)), [], Counter(), Counter()
    for place, act in enumerate(ACTS):
        share = n // len(ACTS) + (place < n % len(ACTS))
        while cuts[act.__name__] < share:
            begin = cuts[act.__name__]
            done, wrong, acknowledged = _run(lab, made, act, min(A_RUN, share - begin), f"{seed}-{begin}", dice, Powered)
            failures += wrong
            cuts[act.__name__] += done
            told[act.__name__] += acknowledged
    return Found(cuts.total(), failures, {"cuts": dict(cuts), "acknowledged": dict(told)})


def _filled(lab: Lab, villages: int) -> Installation:
    def fill() -> None:
        codes = [each.code for each in db.session.scalars(select(Village).order_by(Village.code)) if each.is_desa][:villages]
        for place, code in enumerate(codes):
            an_agreement("numbered", village_code=code, people=1, serial=2000 + place)

    return lab.make(fill)


def _run(lab: Lab, made: Installation, act: Act, cuts: int, run: str, dice: random.Random, kind: type[Powered]) -> tuple[int, list[str], int]:
    """One service, at most so many cuts; how many, what was wrong after each, and how many acts were acknowledged."""
    disk, copy = Disk(lab.folder, "cakram").make(), Disk(lab.folder, "salinan")
    failures: list[str] = []
    turn = 0
    with disk.mounted() as at:
        home = Path(shutil.copytree(made.home, at / "rumah"))
        with Installation(home).app() as app:
            browser, codes = Browser(app, "legal"), [each.code for each in db.session.scalars(select(Agreement).order_by(Agreement.village_code))]
        disk.settle()
        with kind(Installation(home)) as served, _at_work(People(act, served, browser, codes, run)) as people, Installation(copy.at / "rumah").app():
            while turn < cuts and not people.spent:
                turn += 1
                said = _cut(served, people, disk, copy, dice)
                failures += [f"{act.__name__} {run}, putus ke-{turn}: {each}" for each in _after(copy, said)]
    return turn, failures + people.strange, len(people.said)


@contextmanager
def _at_work(people: People) -> Iterator[People]:
    senders = [threading.Thread(target=people.work) for _ in range(SENDERS)]
    for each in senders:
        each.start()
    try:
        yield people
    finally:
        people.stop.set()
        for each in senders:
            each.join()


def _cut(served: Powered, people: People, disk: Disk, copy: Disk, dice: random.Random) -> list[Said]:
    """Once more has been acknowledged, at a random moment: stop, copy, go on. What had been said by then."""
    seen, until = len(people.said), time.monotonic() + 120
    while len(people.said) == seen and not people.spent and time.monotonic() < until:
        time.sleep(0.005)
    time.sleep(dice.choice((0.0, dice.uniform(*PAUSE))))
    served.tell(signal.SIGSTOP)
    try:
        time.sleep(0.05)  # an answer that was on its way arrives
        said = list(people.said)
        disk.cut(copy)
    finally:
        served.tell(signal.SIGCONT)
    return said


def _after(copy: Disk, said: list[Said]) -> list[str]:
    """What is wrong on the disk as it comes back."""
    with copy.mounted():
        try:
            found = [*_lost(said), *_half()]
        except Exception as error:  # a database that cannot be opened is a finding
            found = [f"{type(error).__name__}: {str(error)[:200]}"]
        finally:
            db.session.close()
            db.engine.dispose()
    return found + copy.complaints()


def _lost(said: list[Said]) -> Iterator[str]:
    """What was acknowledged and is not there."""
    deeds = set(db.session.scalars(select(Deed.key)))
    held = {
        "signing": {f"{code} {sha256}" for code, sha256 in _signatures()},
        "uploading": {f"{number} {sha256}" for number, sha256 in db.session.execute(select(BudgetDocument.number, StoredFile.sha256).join(StoredFile, StoredFile.id == BudgetDocument.file_id))},
        "printing": {f"/surat/{each}" for each in db.session.scalars(select(Letter.id))},
        "paper": {f"/surat/{each} {sha256}" for each, sha256 in db.session.execute(select(Rendition.letter_id, Rendition.sha256))},
    }
    for act, key, proof in said:
        if act != "paper" and key not in deeds:
            yield f"{act} {key} hilang"
        elif (f"{key} {proof}" if act == "paper" else proof) not in held[act]:
            yield f"{act} {proof} hilang"


def _signatures() -> Iterator[tuple[str, str]]:
    for each in db.session.scalars(select(Signature)):
        yield db.session.get(Agreement, each.agreement_id).code, each.file.sha256  # type: ignore[union-attr]


def _half() -> Iterator[str]:
    """What is there in part."""
    if (said := db.session.execute(text("PRAGMA integrity_check")).scalar()) != "ok":
        yield f"basis data: {said}"
    events = Counter(db.session.scalars(select(AuditEvent.action)))
    rows = {
        "signature.recorded": len(list(db.session.scalars(select(Signature.id)))),
        "budget.document": len(list(db.session.scalars(select(BudgetDocument.id)))),
        "letter.reserved": len(list(db.session.scalars(select(Letter.id).where(Letter.kind == "surat_pengantar")))),
    }
    yield from (f"{count} baris, {events[action]} peristiwa {action}" for action, count in rows.items() if events[action] != count)
    yield from half_done()


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def control(lab: Lab, seed: int) -> Found:
    done, failures, acknowledged = _run(lab, _filled(lab, 2), uploading, 3, f"{seed}-ceroboh", random.Random(seed), Careless)
    return Found(done, [each for each in failures if "hilang" in each or "rumah" in each], {"acknowledged": acknowledged})


if __name__ == "__main__":
    run("e5")
