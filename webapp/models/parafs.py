"""Paraf koordinasi: Bagian Hukum has read the draft, these very facts, before it goes to the approver."""

from __future__ import annotations

from datetime import date

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from ..db import Base
from .columns import OfAgreement, Recorded


class Paraf(Recorded, OfAgreement, Base):
    """Bagian Hukum's initials under exactly these facts (their digest)."""

    __tablename__ = "parafs"

    by_login: Mapped[str] = mapped_column(String(80))
    on: Mapped[date]
    digest: Mapped[str] = mapped_column(String(64))
