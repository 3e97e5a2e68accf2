"""The audit trail: each event carries the hash of the one before, so that nobody rewrites the past unseen (T7)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import String, Text, event, select, update
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from ..db import Base, Moment, VillageOwned, unscoped

GENESIS = "0" * 64


class AuditEvent(VillageOwned, Base):
    """Something that happened. ``detail`` is canonical JSON without personal data; ``village_code`` says whose history it is."""

    __tablename__ = "audit_events"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Moment)
    actor: Mapped[str] = mapped_column(String(80))
    on_behalf: Mapped[str] = mapped_column(String(80), default="")
    action: Mapped[str] = mapped_column(String(60), index=True)
    object: Mapped[str] = mapped_column(String(80), index=True)
    village_code: Mapped[str | None] = mapped_column(String(13), index=True)
    detail: Mapped[str] = mapped_column(Text)
    prev: Mapped[str] = mapped_column(String(64), unique=True)
    hash: Mapped[str] = mapped_column(String(64))

    @property
    def facts(self) -> dict[str, Any]:
        """The detail as values."""
        return json.loads(self.detail)


class AuditHead(Base):
    """The newest link; its row is locked last in every writing transaction, so that links are added one at a time."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


def canonical(value: Any) -> str:
    """The one way to write a value as JSON."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)


def body(each: AuditEvent) -> dict[str, Any]:
    """What the hash of an event is taken over; the previous hash is part of it."""
    return {
        "seq": each.seq,
        "at": each.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": each.actor,
        "on_behalf": each.on_behalf,
        "action": each.action,
        "object": each.object,
        "village": each.village_code,
        "detail": each.detail,
        "prev": each.prev,
    }


def link(each: AuditEvent) -> str:
    """The hash of an event: SHA-256 over its canonical JSON."""
    return hashlib.sha256(canonical(body(each)).encode()).hexdigest()


def record(
    session: Session,
    action: str,
    object_: str,
    *,
    actor: str,
    at: datetime,
    village_code: str | None = None,
    on_behalf: str = "",
    **detail: Any,
) -> None:
    """Note an event; it is chained and written when the transaction commits, and not at all when it does not."""
    row = AuditEvent(
        at=at, actor=actor, on_behalf=on_behalf, action=action, object=object_, village_code=village_code, detail=canonical(detail)
    )
    session.info.setdefault("happened", []).append(row)


@event.listens_for(Session, "before_commit")
def _chain(session: Session) -> None:
    happened: list[AuditEvent] = session.info.pop("happened", [])
    if not happened:
        return
    session.flush()
    # Lock the head by writing to it; whoever comes second waits here and then reads our link.
    session.execute(update(AuditHead).where(AuditHead.id == 1).values(seq=AuditHead.seq))
    head = session.execute(select(AuditHead.seq, AuditHead.hash).where(AuditHead.id == 1)).one()
    seq, newest = head.seq, head.hash
    for each in happened:
        seq += 1
        each.seq, each.prev = seq, newest
        each.hash = newest = link(each)
    session.add_all(happened)
    session.execute(update(AuditHead).where(AuditHead.id == 1).values(seq=seq, hash=newest))
    session.flush()


@event.listens_for(Session, "after_transaction_create")
def _mark(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        session.info.setdefault("marks", {})[id(transaction)] = len(session.info.get("happened", []))


@event.listens_for(Session, "after_soft_rollback")
def _did_not_happen(session: Session, transaction: SessionTransaction) -> None:
    """What was rolled back did not happen: all of it, or what came after the savepoint."""
    kept = session.info.get("marks", {}).pop(id(transaction), 0) if transaction.nested else 0
    del session.info.setdefault("happened", [])[kept:]


def newest_link(session: Session) -> AuditEvent | None:
    """The event that the head points at, whoever is looking; None while nothing happened."""
    with unscoped("kepala rantai jejak", session):
        return session.scalar(select(AuditEvent).join(AuditHead, AuditHead.seq == AuditEvent.seq))


def first_break(events: Iterable[AuditEvent], head: AuditHead) -> str | None:
    """A sentence about the first link that does not hold; None when the chain is whole. ``events`` come in order of seq."""
    newest, seq = GENESIS, 0
    for each in events:
        seq += 1
        if each.seq != seq:
            return f"peristiwa {seq} hilang"
        if each.prev != newest or link(each) != each.hash:
            return f"peristiwa {each.seq} berubah"
        newest = each.hash
    if (head.seq, head.hash) != (seq, newest):
        return f"kepala rantai menunjuk peristiwa {head.seq}, rantai berakhir di {seq}"
    return None
