"""E10: the restore drill under load: a copy made while others write comes back equal, and the next number follows.

Two processes write all the while, each act a file in the store, a number with its letter and an audit event in one transaction. The copy is
restored into an empty installation and compared: every table row by row with the snapshot, every file by its hash, the chain and its head;
whatever was acknowledged before the copy began is in it. Then a letter is numbered, one after the last. n counts drills. Control: a copy
that takes the files first and the database afterwards.
"""

from __future__ import annotations

import hashlib
import random
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, func, select, text

from letters import kind
from tests.builders import a_file, an_agreement, user
from tests.experiments.clerk import now
from tests.experiments.lab import Installation, Lab, beside
from tests.experiments.outcome import Found, run
from webapp import audits, backup, clock, fsck, issuing
from webapp.db import Base, begin_writing, db, set_scope
from webapp.models import AuditEvent, AuditHead, Letter, Office
from webapp.models.agenda import gaps
from webapp.papers import draw_up
from webapp.uploads import storage

WHAT = "cadangan yang dibuat saat layanan sibuk dipulihkan: tabel, berkas, dan rantai sama, nomor berikutnya menyusul"
CONTROL = "berkas disalin dahulu, basis data kemudian"
DATABASES = ("sqlite", "postgresql")
FULL = 30
WRITERS, KIND = 2, "surat_edaran"


def trial(lab: Lab, n: int, seed: int) -> Found:
    dice, failures, told = random.Random(seed), [], {"events_while_copying": 0, "files": 0}
    base = lab.make(lambda: an_agreement("active"))
    for turn in range(n):
        wrong, more = _drill(lab, lab.copy(base), dice, backup.backup)
        failures += [f"latihan {turn + 1}: {each}" for each in wrong]
        told = {name: told[name] + more[name] for name in told}
    return Found(n, [*failures, *([] if told["events_while_copying"] else ["tidak ada yang menulis saat disalin"])], told)


def _drill(lab: Lab, made: Installation, dice: random.Random, copy: Any) -> tuple[list[str], dict[str, int]]:
    destination = made.home / "cadangan"
    with beside(write, [(made, dice.randrange(10**6)) for _ in range(WRITERS)]), made.app():
        _until_busy(dice)
        before = _acknowledged()
        manifest = copy(destination)
        after = _acknowledged()[-1][0]
    return _restored(lab, destination, before), {"events_while_copying": after - before[-1][0], "files": manifest.files}


def _until_busy(dice: random.Random) -> None:
    """Wait until the writers are at work, and a little longer."""
    start = db.session.scalar(select(func.count()).select_from(AuditEvent))
    db.session.rollback()
    until = time.monotonic() + 120
    while (db.session.scalar(select(func.count()).select_from(AuditEvent)) or 0) < start + 4 and time.monotonic() < until:
        db.session.rollback()
        time.sleep(0.05)
    db.session.rollback()
    time.sleep(dice.uniform(0, 0.2))


def _acknowledged() -> list[tuple[int, str]]:
    """The events as anybody can read them now: all of them have been answered as done."""
    found = [(seq, hash_) for seq, hash_ in db.session.execute(select(AuditEvent.seq, AuditEvent.hash).order_by(AuditEvent.seq))]
    db.session.rollback()
    return found


def _restored(lab: Lab, source: Path, before: list[tuple[int, str]]) -> list[str]:
    empty, wrong = lab.empty(), []
    with empty.app():
        try:
            manifest = backup.restore(source)
        except Exception as error:
            return [f"tidak dapat dipulihkan: {type(error).__name__} {str(error)[:200]}"]
        set_scope("")
        wrong += _different_tables(source / backup.SNAPSHOT)
        head = db.session.get(AuditHead, 1)
        if (head.seq, head.hash) != (manifest.audit_seq, manifest.audit_hash) or audits.verify_all(db.session, storage()):
            wrong.append("rantai audit berbeda")
        if not set(before) <= set(_acknowledged()):
            wrong.append("yang sudah dijawab sebelum disalin tidak ikut")
        found = fsck.check(db.session, storage())
        wrong += [f"{len(each)} berkas {name}" for name, each in (("rusak", found.broken), ("hilang", found.missing)) if each]
        wrong += [] if found.files == manifest.files else [f"{found.files} berkas, seharusnya {manifest.files}"]
        wrong += _next_number()
    return wrong


def _different_tables(snapshot: Path) -> list[str]:
    engine = create_engine(f"sqlite:///{snapshot}")
    with engine.connect() as copied, db.engine.connect() as here:
        if here.dialect.name == "postgresql":
            here.execute(text("SELECT set_config('sinergi.scope', '%', true)"))
        names = [each for each in Base.metadata.tables if _rows(copied, each) != _rows(here, each)]
    engine.dispose()
    return [f"tabel {each} berbeda" for each in names]


def _rows(connection: Connection, name: str) -> tuple[int, str]:
    """How many rows a table has, and a hash over all of them in whatever order they come."""
    rows = sorted(repr(tuple(row)) for row in connection.execute(select(Base.metadata.tables[name])))
    return len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest()


def _next_number() -> list[str]:
    last = db.session.scalar(select(func.max(Letter.seq)).where(Letter.year == 2026)) or 0
    db.session.rollback()
    begin_writing()
    letter = issuing.reserve(KIND, db.session.get(Office, 1), user("legal"))
    seq = letter.seq
    a_file("73.02.01.2005")  # ids go on after those that came back
    db.session.commit()
    return [] if seq == last + 1 and gaps(db.session, 2026) == [] else [f"nomor berikutnya {seq}, seharusnya {last + 1}"]


def write(stop: Any, made: Installation, seed: int) -> int:
    """In a process of its own: acts until it is told to stop; how many."""
    dice, done = random.Random(seed), 0
    with made.app():
        office = db.session.get(Office, 1)
        facts = draw_up(KIND, office, issuing.order_of(KIND, None, clock.today()))
        while not stop.is_set():
            with clock.at(now()):
                set_scope("")
                content = dice.randbytes(20_000)
                storage().put(content)
                begin_writing()
                office, by, on = db.session.get(Office, 1), user("legal"), clock.today()
                issuing._row(kind(KIND), office, facts, by, on, **issuing._number(kind(KIND), office, on))
                _file_row(content)
                db.session.commit()
                db.session.close()
                done += 1
    return done


def _file_row(content: bytes) -> None:
    from webapp.models import StoredFile

    sha256 = hashlib.sha256(content).hexdigest()
    db.session.add(StoredFile(village_code="73.02.01.2004", sha256=sha256, size=len(content), media_type="application/pdf", name="bukti.pdf", by_id=user("legal").id, at=clock.now()))


def control(lab: Lab, seed: int) -> Found:
    base = lab.make(lambda: an_agreement("active"))
    wrong, _ = _drill(lab, base, random.Random(seed), _files_first)
    return Found(1, wrong)


def _files_first(destination: Path) -> backup.Manifest:
    """Broken on purpose: what is stored between the two is spoken of, but not there."""
    files, real = [], backup._copy_files
    backup._copy_files = lambda root, store: files[0]
    try:
        files.append(real(storage().root, backup.FileStore(destination.with_name("dahulu") / backup.FILES)))
        time.sleep(1)
        made = backup.backup(destination)
        destination.with_name("dahulu").joinpath(backup.FILES).rename(destination / backup.FILES)
    finally:
        backup._copy_files = real
    return made


if __name__ == "__main__":
    run("e10")
