"""Reads the audit trail: a page of events, and whether the chain still holds, event by event, without keeping it in memory."""

from __future__ import annotations

import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from .db import unscoped
from .heads import contradicted, written
from .models import AuditEvent, AuditHead
from .models.audit import GENESIS, body, canonical, first_break
from .storage import FileStore

AT_ONCE = 500
ON_A_PAGE = 50
MOST_ROWS = 100_000
TABLE_HEAD = ("No.", "Waktu", "Pelaku", "Atas nama", "Tindakan", "Objek", "Rincian", "Sidik sebelumnya", "Sidik")


def verify(session: Session) -> str | None:
    """A sentence about the first link that does not hold; None when the whole chain does."""
    with unscoped("audit verify", session):
        head = session.get(AuditHead, 1)
        if head is None:
            return "kepala rantai tidak ada"
        return first_break(session.scalars(select(AuditEvent).order_by(AuditEvent.seq).execution_options(yield_per=AT_ONCE)), head)


def verify_all(session: Session, store: FileStore) -> str | None:
    """The same, and whether the trail still holds every head that was written outside the database: a tail cut off is found by it."""
    broken = verify(session)
    head = None if broken else contradicted(session, store)
    return broken or (f"{head} yang disimpan di luar basis data tidak ada di rantai: ekornya terpotong, atau ini salinan lama" if head else None)


BUNDLE = Path(__file__).parent / "bundle"


def export_bundle(session: Session, store: FileStore, folder: Path) -> int:
    """Write the whole trail as lines of canonical JSON, its newest link, the heads outside and a verifier that needs Python alone; how many events."""
    folder.mkdir(parents=True, exist_ok=True)
    newest: dict[str, Any] = {"seq": 0, "hash": GENESIS}
    with unscoped("audit export", session), (folder / "events.jsonl").open("w", encoding="utf-8") as lines:
        for each in session.scalars(select(AuditEvent).order_by(AuditEvent.seq).execution_options(yield_per=AT_ONCE)):
            lines.write(canonical(body(each) | {"hash": each.hash}) + "\n")
            newest = {"seq": each.seq, "hash": each.hash}
    (folder / "head.json").write_text(canonical(newest), encoding="utf-8")
    (folder / "outside.json").write_text(canonical([asdict(each) for each in written(store)]), encoding="utf-8")
    shutil.copy(BUNDLE / "periksa_jejak.py", folder)
    return newest["seq"]


def length(session: Session) -> int:
    """How many events the head counts."""
    head = session.get(AuditHead, 1)
    return head.seq if head else 0


@dataclass(frozen=True)
class Page:
    """Some events, newest first, of all that pass the filters."""

    events: tuple[AuditEvent, ...]
    number: int
    pages: int
    total: int
    actions: tuple[str, ...]


def page_of(session: Session, object_: str, actor: str, action: str, number: int) -> Page:
    """The events of an object, an actor, an action (each empty: all)."""
    found = _filtered(object_, actor, action)
    with unscoped("audit page", session):
        total = session.scalar(select(func.count()).select_from(found.subquery())) or 0
        pages = max(1, -(-total // ON_A_PAGE))
        number = min(max(1, number), pages)
        events = session.scalars(found.order_by(AuditEvent.seq.desc()).offset((number - 1) * ON_A_PAGE).limit(ON_A_PAGE))
        actions = session.scalars(select(AuditEvent.action).distinct().order_by(AuditEvent.action))
        return Page(tuple(events), number, pages, total, tuple(actions))


def rows_of(session: Session, object_: str, actor: str, action: str) -> list[tuple[Any, ...]]:
    """The same events as rows of a table file, the newest of them first."""
    with unscoped("audit page", session):
        found = session.scalars(_filtered(object_, actor, action).order_by(AuditEvent.seq.desc()).limit(MOST_ROWS))
        return [(each.seq, each.at, each.actor, each.on_behalf, each.action, each.object, each.detail, each.prev, each.hash) for each in found]


def _filtered(object_: str, actor: str, action: str) -> Select[tuple[AuditEvent]]:
    found = select(AuditEvent)
    if object_:
        found = found.where(AuditEvent.object.icontains(object_, autoescape=True))
    if actor:
        found = found.where(AuditEvent.actor.icontains(actor, autoescape=True))
    return found.where(AuditEvent.action == action) if action else found
