"""A sitting: many agreements approved, or their signing recorded, in one go. Each village is an item of its own, so that what failed can go on."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db import Base, Listed, Moment, VillageOwned
from .columns import Recorded
from .users import User


class SittingItem(VillageOwned, Base):
    """One agreement of a sitting, as it was ``seen``; ``state`` is empty until it was its turn, then done or refused. A job, no evidence."""

    __tablename__ = "sitting_items"
    __table_args__ = (
        ForeignKeyConstraint(["agreement_id", "village_code"], ["agreements.id", "agreements.village_code"]),
        UniqueConstraint("sitting_id", "agreement_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sittings.id"))
    agreement_id: Mapped[int] = mapped_column(index=True)
    village_code: Mapped[str] = mapped_column(String(13), index=True)
    seen: Mapped[str] = mapped_column(String(64), default="")
    state: Mapped[str] = mapped_column(String(8), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime | None] = mapped_column(Moment)


class Sitting(Recorded, VillageOwned, Base):
    """What was decided once: to approve, or that these parties signed on that day in that place, with the minutes as one scan or none."""

    __tablename__ = "sittings"

    id: Mapped[int] = mapped_column(primary_key=True)
    village_code: Mapped[str] = mapped_column(String(13), index=True)
    fiscal_year: Mapped[int]
    act: Mapped[str] = mapped_column(String(8))
    signers: Mapped[tuple[str, ...]] = mapped_column(Listed, default=())
    on: Mapped[date]
    place: Mapped[str] = mapped_column(String(80), default="")
    sha256: Mapped[str | None] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(120), default="")
    size: Mapped[int] = mapped_column(default=0)

    by: Mapped[User] = relationship(lazy="joined")
    items: Mapped[list[SittingItem]] = relationship(order_by=[SittingItem.village_code, SittingItem.id])
