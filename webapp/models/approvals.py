"""Approval by a second person, and return with a reason."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from workflows import NotYours, Refused, agreement as law
from workflows.stages.draft import approval_digest, is_signed

from ..db import Base
from .columns import OfAgreement, Recorded

if TYPE_CHECKING:
    from .agreements import Agreement
    from .users import User


class Approval(Recorded, OfAgreement, Base):
    """Somebody answered for exactly these facts (their digest)."""

    __tablename__ = "approvals"

    by_login: Mapped[str] = mapped_column(String(80))
    on: Mapped[date]
    digest: Mapped[str] = mapped_column(String(64))


class Return(Recorded, OfAgreement, Base):
    """The draft goes back to those who drew it up; earlier approvals no longer count."""

    __tablename__ = "returns"

    reason: Mapped[str] = mapped_column(Text)


def approve(agreement: Agreement, by: User, seen: str, at: datetime, on: date) -> Approval:
    """Approve the draft as ``by`` saw it (``seen`` is the digest shown to him).

    Raises NotYours (a drafter, or not an approver), NotYet (an earlier sentence is open), Refused (changed meanwhile, or already approved).
    """
    agreement.refuse_when_held()
    if by.role != "approver" or by.login in agreement.drafters:
        raise NotYours("Yang ikut menyusun tidak boleh menyetujui. Mintalah pejabat lain yang berwenang menyetujuinya.")
    law.require(agreement, on, law.slugs_before("approved"))
    if law.CONDITIONS["approved"].met(agreement):
        raise Refused("Konsep ini sudah disetujui.")
    digest = approval_digest(agreement)
    if seen != digest:
        raise Refused("Isi konsep berubah sejak Anda membukanya. Periksa sekali lagi sebelum menyetujui.")
    approval = Approval(by_id=by.id, by_login=by.login, at=at, on=on, digest=digest)
    agreement.add(approval)
    agreement.moved("approval.given", by, at, on, digest=digest)
    return approval


def return_draft(agreement: Agreement, by: User, reason: str, at: datetime, on: date) -> Return:
    """Send the draft back with a reason. Raises Refused once it is signed or when no reason is given."""
    agreement.refuse_when_held()
    if is_signed(agreement):
        raise Refused("Perjanjian sudah ditandatangani; perubahan dibuat sebagai adendum.")
    if not reason.strip():
        raise Refused("Tuliskan alasan pengembalian.")
    returned = Return(by_id=by.id, at=at, reason=reason.strip())
    agreement.add(returned)
    agreement.moved("draft.returned", by, at, on)
    return returned
