"""Approval by a second person, and return with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from workflows import NotYet, NotYours, Refused
from workflows import agreement as law
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


def check_approval(agreement: Agreement, by: User, on: date) -> None:
    """May ``by`` approve it now? Raises NotYours (a drafter, or no approver), NotYet (an earlier sentence is open), Refused (approved already)."""
    agreement.refuse_when_held()
    if by.role != "approver" or by.login in agreement.drafters:
        raise NotYours("Yang ikut menyusun tidak boleh menyetujui. Mintalah pejabat lain yang berwenang menyetujuinya.")
    law.require(agreement, on, law.slugs_before("approved"))
    if law.CONDITIONS["approved"].met(agreement):
        raise Refused("Konsep ini sudah disetujui.")


def _check_seen(agreement: Agreement, seen: str) -> str:
    digest = approval_digest(agreement)
    if seen != digest:
        raise Refused("Isi konsep berubah sejak Anda membukanya. Periksa sekali lagi sebelum menyetujui.")
    return digest


def approve(agreement: Agreement, by: User, seen: str, at: datetime, on: date) -> Approval:
    """Approve the draft as ``by`` saw it (``seen`` is the digest shown to him). Raises what ``check_approval`` does, Refused when it changed."""
    check_approval(agreement, by, on)
    digest = _check_seen(agreement, seen)
    approval = Approval(by_id=by.id, by_login=by.login, at=at, on=on, digest=digest)
    agreement.add(approval)
    agreement.moved("approval.given", by, at, on, digest=digest)
    return approval


def why_not(agreement: Agreement, by: User, on: date, seen: str | None = None) -> str:
    """What keeps ``by`` from approving it (as ``seen``, if given), in a sentence; empty when nothing does."""
    try:
        check_approval(agreement, by, on)
        if seen is not None:
            _check_seen(agreement, seen)
    except (NotYet, Refused) as refusal:
        return str(refusal)
    return ""


def approve_many(seen: Mapping[Agreement, str], by: User, at: datetime, on: date) -> tuple[list[Agreement], dict[Agreement, str]]:
    """Approve what can be approved as it was seen; the rest comes back with the reasons."""
    left = {each: reason for each, digest in seen.items() if (reason := why_not(each, by, on, digest))}
    given = [each for each in seen if each not in left]
    for each in given:
        approve(each, by, seen[each], at, on)
    return given, left


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
