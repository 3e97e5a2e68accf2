"""Large lists are read beside the web, and tell how far they have come."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from .. import clock
from ..db import begin_writing, db
from ..models import ImportProgress, ImportStep, RosterImport
from .readings import content_of
from .taking import Refusal, note_answer, read, wishes_of

log = logging.getLogger("sinergi.imports")


def read_waiting() -> bool:
    """Read the oldest import that waits; False when none does. What goes wrong is noted and never ends the work."""
    batch = _oldest_waiting()
    if batch is None:
        db.session.rollback()
        return False
    id_, turn = batch.id, batch.turn
    try:
        answer = read(content_of(batch), batch, wishes_of(batch.newest("asked")), _progress(id_))
    except Exception:
        log.exception("import %s not read", id_)
        answer = Refusal("Berkas ini tidak dapat dibaca. Simpan sekali lagi sebagai xlsx, lalu unggah lagi.")
    begin_writing()
    try:
        batch = db.session.get_one(RosterImport, id_)
        if not batch.deleted:  # thrown away while it was read
            note_answer(batch, turn, answer)
        db.session.commit()
    except IntegrityError:  # another worker was faster
        db.session.rollback()
    return True


def _oldest_waiting() -> RosterImport | None:
    answered = aliased(ImportStep)
    done = select(answered.id).where(answered.import_id == ImportStep.import_id, answered.turn == ImportStep.turn, answered.kind.in_(("read", "refused")))
    ended = select(answered.id).where(answered.import_id == ImportStep.import_id, answered.kind.in_(("dropped", "deleted")))
    waiting = select(ImportStep).where(ImportStep.kind == "asked", ~done.exists(), ~ended.exists()).order_by(ImportStep.id)
    for asked in db.session.scalars(waiting):
        batch = db.session.get(RosterImport, asked.import_id)
        if batch is not None and batch.turn == asked.turn:
            return batch
    return None


def _progress(import_id: int) -> Callable[[int, int], None]:
    """Notes how far the reading has come, at most twice in a hundred rows of a hundredth: in small transactions of its own."""
    told = -1

    def note(done: int, total: int) -> None:
        nonlocal told
        share = 50 * done // max(total, 1)
        if share == told:
            return
        told = share
        with Session(db.engine) as session:
            session.connection(execution_options={"writing": True})
            session.merge(ImportProgress(import_id=import_id, done=done, total=total, at=clock.now()))
            session.commit()

    return note


def progress_of(batch: RosterImport) -> dict[str, Any]:
    """How far, for the page and its script."""
    row = db.session.get(ImportProgress, batch.id)
    return {"state": batch.state, "done": row.done if row else 0, "total": row.total if row else 0}
