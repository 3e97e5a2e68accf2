"""Signing on behalf of the head (a.n., u.b.): whom the office lets sign which letters, by which order, from when to when."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db import Base, Listed
from .officials import Official


class Delegation(Base):
    """``title`` is the post of who signs. ``through`` is empty for a.n.; for u.b. it is the post between the head and who signs."""

    __tablename__ = "delegations"

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    official_id: Mapped[int] = mapped_column(ForeignKey("officials.id"))
    title: Mapped[str] = mapped_column(String(200))
    through: Mapped[str] = mapped_column(String(200), default="")
    kinds: Mapped[tuple[str, ...]] = mapped_column(Listed)
    order_by: Mapped[str] = mapped_column(String(120))
    order_number: Mapped[str] = mapped_column(String(120))
    order_on: Mapped[date]
    from_on: Mapped[date]
    until_on: Mapped[date | None]

    official: Mapped[Official] = relationship(lazy="joined")
