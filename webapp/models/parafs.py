"""Paraf koordinasi: Bagian Hukum has read the draft, these very facts, before it goes to the approver."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from workflows import NotYet, NotYours, Refused
from workflows import agreement as law
from workflows.stages.draft import approval_digest

from ..db import Base
from .columns import OfAgreement, Recorded

if TYPE_CHECKING:
    from .agreements import Agreement
    from .users import User


class Paraf(Recorded, OfAgreement, Base):
    """Bagian Hukum's initials under exactly these facts (their digest)."""

    __tablename__ = "parafs"

    by_login: Mapped[str] = mapped_column(String(80))
    on: Mapped[date]
    digest: Mapped[str] = mapped_column(String(64))


def check_paraf(agreement: Agreement, by: User, on: date) -> None:
    """May ``by`` initial it now? Raises NotYours (a drafter, or not of Bagian Hukum), NotYet (an earlier sentence is open), Refused (not asked, or given)."""
    agreement.refuse_when_held()
    paraf = law.CONDITIONS["paraf_given"]
    if not paraf.asked(agreement):
        raise Refused("Paraf Bagian Hukum tidak diminta untuk perjanjian ini.")
    if by.role != "bagian_hukum" or by.login in agreement.drafters:
        raise NotYours("Paraf koordinasi diberikan oleh Bagian Hukum yang tidak ikut menyusun.")
    law.require(agreement, on, law.slugs_before("paraf_given"))
    if paraf.met(agreement):
        raise Refused("Konsep ini sudah diparaf.")


def why_not_paraf(agreement: Agreement, by: User, on: date) -> str:
    """What keeps ``by`` from initialling it, in a sentence; empty when nothing does."""
    try:
        check_paraf(agreement, by, on)
    except (NotYet, Refused) as refusal:
        return str(refusal)
    return ""


def give_paraf(agreement: Agreement, by: User, seen: str, at: datetime, on: date) -> Paraf:
    """Initial the draft as ``by`` saw it. Raises what ``check_paraf`` does, Refused when it changed."""
    check_paraf(agreement, by, on)
    digest = approval_digest(agreement)
    if seen != digest:
        raise Refused("Isi konsep berubah sejak Anda membukanya. Periksa sekali lagi sebelum memaraf.")
    paraf = Paraf(by_id=by.id, by_login=by.login, at=at, on=on, digest=digest)
    agreement.add(paraf)
    agreement.moved("paraf.given", by, at, on, digest=digest)
    return paraf
