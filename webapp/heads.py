"""The newest link of the audit trail, written outside the database once a day: a tail that was cut off, and an older copy of the database, are found by it (T7, T16)."""

from __future__ import annotations

import contextlib
import json
import os
import re
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows import Refused

from . import clock
from .db import unscoped
from .models import AuditEvent, AuditHead, User, audit
from .storage import FileStore, sync_folder

FOLDER = "audit-heads"
NAME = re.compile(r"(\d{4}-\d\d-\d\d)-(\d{12})\.json")
EXPLAINED = "audit.explained"


@dataclass(frozen=True)
class Head:
    """The newest link of a day: number and hash of the event."""

    day: date
    seq: int
    hash: str

    def __str__(self) -> str:
        return f"kepala rantai {self.day:%d-%m-%Y} (peristiwa {self.seq})"


def written(store: FileStore, newest: int | None = None) -> list[Head]:
    """All heads that lie in the file store, or the ``newest`` few, the oldest link first. What is not readable as a head is an error, not nothing."""
    names = sorted(_names(store), key=lambda each: (each[11:], each))
    return [_read(store.root / FOLDER / each) for each in (names[-newest:] if newest else names)]


def _names(store: FileStore) -> list[str]:
    folder = store.root / FOLDER
    return [each.name for each in folder.iterdir() if NAME.fullmatch(each.name)] if folder.is_dir() else []


def _read(path: Path) -> Head:
    said = json.loads(path.read_text(encoding="utf-8"))
    return Head(date.fromisoformat(said["day"]), int(said["seq"]), str(said["hash"]))


def write(session: Session, store: FileStore, day: date) -> Head | None:
    """Write the newest link of the trail; None while nothing happened. A head that is there stays as it is."""
    newest = session.get(AuditHead, 1, populate_existing=True)
    if newest is None or newest.seq == 0:
        return None
    head = Head(day, newest.seq, newest.hash)
    path = store.root / FOLDER / f"{day.isoformat()}-{head.seq:012d}.json"
    if path.exists():
        return head
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with temporary.open("w", encoding="utf-8") as file:
        file.write(json.dumps(asdict(head), default=str))
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):
        os.link(temporary, path)
    temporary.unlink()
    sync_folder(path.parent)
    return head


def write_daily(session: Session, store: FileStore) -> Head | None:
    """The first call of a day writes the head; later ones look only whether it lies there."""
    day = clock.today()
    if any(each.startswith(day.isoformat()) for each in _names(store)):
        return None
    return write(session, store, day)


def contradicted(session: Session, store: FileStore, newest_only: bool = False) -> Head | None:
    """The newest head outside that the trail no longer holds: its tail was cut off, it was rewritten, or the database is an older copy.

    A head that an administrator has explained counts no more.
    """
    with unscoped("kepala rantai di luar basis data", session):
        explained = _explained(session)
        for head in reversed(written(store, 1 if newest_only else None)):
            if (head.seq, head.hash) not in explained and not _holds(session, head):
                return head
    return None


def _holds(session: Session, head: Head) -> bool:
    return session.scalar(select(AuditEvent.hash).where(AuditEvent.seq == head.seq)) == head.hash


def _explained(session: Session) -> set[tuple[int, str]]:
    rows = session.scalars(select(AuditEvent).where(AuditEvent.action == EXPLAINED))
    return {(int(seq), hash_) for each in rows for seq, hash_ in each.facts["heads"]}


def refuse_when_older(session: Session, store: FileStore) -> None:
    """Raise Refused while the trail contradicts a head outside: such a copy must not give out numbers again."""
    head = contradicted(session, store, newest_only=True)
    if head:
        raise Refused(
            f"Basis data ini tidak memuat {head} yang tersimpan di luar: mungkin salinan lama atau jejaknya terpotong. Nomor tidak diberikan "
            "sampai administrator memeriksa dan menjelaskannya (sinergi audit explain)."
        )


def explain(session: Session, store: FileStore, reason: str, by: User) -> list[Head]:
    """An administrator says why the trail contradicts heads outside; the event names them. Raises Refused without a reason, or when nothing contradicts."""
    if not reason.strip():
        raise Refused("Tuliskan penjelasannya.")
    if contradicted(session, store) is None:
        raise Refused("Jejak sesuai dengan semua kepala rantai di luar; tidak ada yang perlu dijelaskan.")
    with unscoped("kepala rantai di luar basis data", session):
        explained = _explained(session)
        wrong = [each for each in written(store) if (each.seq, each.hash) not in explained and not _holds(session, each)]
    audit.record(session, EXPLAINED, "audit:head", actor=by.login, at=clock.now(), heads=[[each.seq, each.hash] for each in wrong], reason=reason.strip()[:500])
    return wrong
