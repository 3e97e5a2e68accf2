"""Requests of a person to have his data corrected (UU 27/2022 ps 30): recorded when they come in, due within 3×24 hours, closed by a correction or a refusal."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKeyConstraint, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, object_session, relationship

from workflows import Refused

from ..db import Base, Moment, VillageOwned
from ..seal import Sealed
from . import audit
from .changes import RosterChange
from .columns import OfAgreement, Recorded
from .rosters import RosterEntry
from .users import User

if TYPE_CHECKING:
    from .agreements import Agreement

WITHIN = timedelta(hours=72)
OUTCOMES = {"corrected": "Dibetulkan", "refused": "Ditolak"}
GONE = "(dihapus pada akhir masa simpannya)"


class CorrectionAnswer(Recorded, VillageOwned, Base):
    """What became of a request."""

    __tablename__ = "correction_answers"
    __table_args__ = (ForeignKeyConstraint(["request_id", "village_code"], ["correction_requests.id", "correction_requests.village_code"]),)

    id: Mapped[int] = mapped_column(primary_key=True)
    village_code: Mapped[str] = mapped_column(String(13), index=True)
    request_id: Mapped[int] = mapped_column(unique=True)
    outcome: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(Text, default="")

    by: Mapped[User] = relationship(lazy="joined")


class CorrectionRequest(Recorded, OfAgreement, Base):
    """Somebody says that what a list tells about him is wrong. ``what`` is sealed: it holds the right data as he gave them.

    ``entry_id`` is his line on the working list, ``listed_id`` the one of a frozen version where he stands on no working list any more.
    """

    __tablename__ = "correction_requests"

    entry_id: Mapped[int | None]
    listed_id: Mapped[int | None]
    name: Mapped[str] = mapped_column(String(160))
    nik_masked: Mapped[str] = mapped_column(String(24))
    received_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment)
    asked_by: Mapped[str] = mapped_column(String(160))
    what: Mapped[str] = mapped_column(Sealed(GONE))

    by: Mapped[User] = relationship(lazy="joined")
    answer: Mapped[CorrectionAnswer | None] = relationship(
        lazy="joined", foreign_keys=[CorrectionAnswer.request_id, CorrectionAnswer.village_code], overlaps="village_code"
    )

    @classmethod
    def more_table_args(cls) -> tuple:
        """An answer is of the same village."""
        return (UniqueConstraint("id", "village_code"),)

    @property
    def state(self) -> str:
        """open, corrected or refused."""
        return self.answer.outcome if self.answer else "open"

    def late_on(self, now: datetime) -> bool:
        """Was it, or is it still, not answered in time?"""
        return (self.answer.at if self.answer else now) > self.due_at


def without_numbers(text: str) -> str:
    """A reason as the trail keeps it: long numbers, which might be somebody's, left out."""
    return re.sub(r"\d{6,}", "…", text.strip())[:300]


def ask(agreement: Agreement, subject: Any, received_at: datetime, asked_by: str, what: str, by: User, at: datetime) -> CorrectionRequest:
    """Note a request about a line of a list. Raises Refused for a moment ahead, or without what is wrong."""
    if received_at > at:
        raise Refused("Saat permintaan diterima belum tiba.")
    if not what.strip() or not asked_by.strip():
        raise Refused("Tuliskan siapa yang meminta dan apa yang keliru.")
    on_working_list = isinstance(subject, RosterEntry)
    row = CorrectionRequest(
        entry_id=subject.id if on_working_list else None, listed_id=None if on_working_list else subject.id, name=subject.name, nik_masked=subject.nik_masked,
        received_at=received_at, due_at=received_at + WITHIN, asked_by=asked_by.strip(), what=what.strip(), by_id=by.id, at=at,
    )  # fmt: skip
    agreement.add(row)
    agreement._session.flush()
    _record(agreement._session, "correction.asked", row, f"agreement:{agreement.code}", by, at, due_at=row.due_at)
    return row


def answer(agreement: Agreement, request: CorrectionRequest, outcome: str, reason: str, by: User, at: datetime) -> CorrectionAnswer:
    """Close a request. Raises Refused when it is closed, refused without a reason, or called corrected while nothing was changed since it came."""
    session = agreement._session
    if request.answer:
        raise Refused("Permintaan ini sudah dijawab.")
    if outcome == "refused" and not reason.strip():
        raise Refused("Tuliskan mengapa permintaan ini ditolak; alasannya disampaikan kepada yang meminta.")
    if outcome == "corrected" and not _corrected(session, request):
        raise Refused("Data orang ini belum diubah sejak permintaannya dicatat. Betulkan dahulu di daftar, atau tolak dengan alasan.")
    row = CorrectionAnswer(request_id=request.id, village_code=request.village_code, outcome=outcome, reason=reason.strip(), by_id=by.id, at=at)
    session.add(row)
    session.flush()
    session.expire(request)
    late = request.late_on(at)
    _record(session, "correction.answered", request, f"agreement:{agreement.code}", by, at, outcome=outcome, late=late, reason=without_numbers(reason))
    return row


def _corrected(session: Session, request: CorrectionRequest) -> bool:
    """Was his line changed, or did he join or leave, since the request was noted?"""
    entry = session.get(RosterEntry, request.entry_id) if request.entry_id else None
    if entry is not None and entry.changed_at and entry.changed_at >= request.at:
        return True
    moved = select(RosterChange.id).where(RosterChange.entry_id == request.entry_id, RosterChange.agreement_id == request.agreement_id, RosterChange.at >= request.at)
    return request.entry_id is not None and session.scalar(moved.limit(1)) is not None


def _record(session: Session, action: str, row: CorrectionRequest, object_: str, by: User, at: datetime, **detail: Any) -> None:
    audit.record(session, action, object_, actor=by.login, at=at, village_code=row.village_code, request=row.id, entry=row.entry_id, **detail)


def requests_of(session: Session, state: str = "") -> list[CorrectionRequest]:
    """The requests within the scope: open ones first by their due time, then those that were answered, the newest first."""
    found = session.scalars(select(CorrectionRequest).order_by(CorrectionRequest.due_at)).all()
    ordered = [*(each for each in found if each.answer is None), *reversed([each for each in found if each.answer])]
    return [each for each in ordered if state in ("", each.state)]


def agreement_of(request: CorrectionRequest) -> Agreement:
    """The agreement whose list it is about."""
    from .agreements import Agreement

    session = object_session(request)
    assert session is not None
    return session.get_one(Agreement, request.agreement_id)


def open_requests(session: Session, now: datetime) -> tuple[int, int]:
    """How many wait, and how many of them are late."""
    waiting = requests_of(session, "open")
    return len(waiting), sum(each.late_on(now) for each in waiting)
