"""What was judged goes on the lists; the rest goes home; the bytes are deleted when their time is over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from workflows import Refused, nik

from .. import clock, sheets
from ..db import begin_writing, db
from ..models import ImportStep, RosterImport, User
from ..models.changes import Change
from ..models.intake import Going, step, store, tell
from ..models.retention import held_imports, refuse_deletion_of
from ..seal import seal_bytes
from ..uploads import storage
from .judging import judge
from .readings import opened, pack, unpack


@dataclass(frozen=True)
class Ready:
    """All that storing needs, made before the write lock; ``left`` names the sealed rows that stay outside."""

    going: list[Going]
    totals: dict[str, Any]
    versions: Mapping[int, int]
    left: str


def prepare(batch: RosterImport, with_flagged: bool, seen: str) -> Ready:
    """Judge once more. Raises Refused when the lists have changed since the page was shown."""
    if batch.state != "read" or batch.deleted:
        raise Refused("Impor ini sudah disimpan, dibuang, atau berkasnya sudah dihapus. Buka halamannya untuk melihat keadaannya.")
    dry = judge(batch)
    if dry.digest != seen:
        raise Refused("Daftar atau berkasnya berubah sejak Anda memeriksanya. Buka halaman impor sekali lagi, periksa, lalu simpan.")
    going = dry.chosen(with_flagged)
    left = storage().put(seal_bytes(pack(dry.faulty(with_flagged))))
    return Ready(going, dry.counts | {"stored": len(going)}, dry.versions, left)


def put_on_lists(batch: RosterImport, ready: Ready, joined: Change | None, by: User, at: datetime, today: date) -> int:
    """Store what was prepared. The write lock is held; the caller commits."""
    return store(db.session, batch, ready.going, ready.totals, ready.versions, ready.left, joined, by, at, today)


def faulty_rows(batch: RosterImport) -> tuple[Sequence[str], list[Sequence[str]]]:
    """Heading and rows of those who are not on a list, as they were sent, with the reason. Raises Refused when the bytes are deleted."""
    if batch.deleted or batch.reading is None:
        raise Refused("Berkas impor ini sudah dihapus; unggah sekali lagi.")
    left = unpack(opened(batch.stored.reading_sha256)) if batch.stored and batch.stored.reading_sha256 else judge(batch).faulty(False)
    head, rows = sheets.faulty_rows(left)
    return head, list(rows)


def masked_text(typed: str) -> str:
    """What was typed for a NIK, for eyes that need not know it, also when it is none."""
    return nik.masked(typed) if len(typed) == 16 else typed[:4] + "•" * max(0, len(typed) - 6) + typed[-2:] if len(typed) > 8 else typed


def drop(batch: RosterImport, by: User, at: datetime) -> None:
    """Throw an import away that was not stored, and its bytes with it. Raises Refused for one that was."""
    if batch.stored or batch.newest("dropped"):
        raise Refused("Impor ini sudah disimpan atau dibuang.")
    refuse_deletion_of(db.session, batch)
    step(batch, "dropped", at, by)
    _delete_bytes(batch, at, by)
    tell(db.session, batch, "import.dropped", at, by)


def _delete_bytes(batch: RosterImport, at: datetime, by: User | None) -> None:
    for sha256 in (batch.sealed_sha256, *(each.reading_sha256 for each in batch.steps if each.reading_sha256)):
        storage().remove(sha256)
    step(batch, "deleted", at, by)


def sweep() -> int:
    """Delete the bytes of imports whose time is over, but for those under a legal hold; how many. Each leaves an event."""
    gone = select(ImportStep.import_id).where(ImportStep.kind == "deleted")
    due = list(db.session.scalars(select(RosterImport.id).where(RosterImport.delete_on < clock.today(), RosterImport.id.not_in(gone))))
    db.session.rollback()
    return sum(_delete_due(id_) for id_ in due)


def _delete_due(id_: int) -> bool:
    begin_writing()
    batch, goes = db.session.get_one(RosterImport, id_), False
    if batch.deleted is None and id_ not in held_imports(db.session):
        _delete_bytes(batch, clock.now(), None)
        tell(db.session, batch, "import.deleted", clock.now(), None)
        goes = True
    db.session.commit()
    return goes
