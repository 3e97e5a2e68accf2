"""Numbers set aside to be written by hand while the system is down; each is accounted for later. A number of a block is never drawn."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db import Base
from .columns import Recorded
from .users import User


class BlockUse(Recorded, Base):
    """What became of one number of a block: used for a paper, or void with a reason. The newest version stands; a correction says why."""

    __tablename__ = "number_block_uses"
    __table_args__ = (UniqueConstraint("unit", "year", "seq", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    block_id: Mapped[int] = mapped_column(ForeignKey("number_blocks.id"), index=True)
    unit: Mapped[str] = mapped_column(String(40))
    year: Mapped[int]
    seq: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)
    outcome: Mapped[str] = mapped_column(String(4))
    number: Mapped[str] = mapped_column(String(160), default="")
    dated_on: Mapped[date | None]
    title: Mapped[str] = mapped_column(String(160), default="")
    addressee: Mapped[str] = mapped_column(String(200), default="")
    reason: Mapped[str] = mapped_column(Text, default="")

    by: Mapped[User] = relationship(lazy="joined")


class NumberBlock(Recorded, Base):
    """A run of numbers of a series, first and last included."""

    __tablename__ = "number_blocks"
    __table_args__ = (UniqueConstraint("unit", "year", "first"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(String(40))
    year: Mapped[int]
    first: Mapped[int]
    last: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)

    by: Mapped[User] = relationship(lazy="joined")
    uses: Mapped[list[BlockUse]] = relationship(order_by=[BlockUse.seq, BlockUse.version])
