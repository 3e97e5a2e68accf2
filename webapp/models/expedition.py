"""The expedition book: what was handed to whom, when, how and by whom, and its receipt. A row is written once; what ends it is a row of its own."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKeyConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db import Base, VillageOwned
from .columns import Recorded
from .users import User

HOW = {"diantar": "diantar", "dijemput": "dijemput", "diunduh": "diunduh dari sistem"}
OUTCOMES = {"received": "diterima", "returned": "kembali"}


class ExpeditionReceipt(Recorded, VillageOwned, Base):
    """What ended a row: somebody received the paper, or it came back with a reason."""

    __tablename__ = "expedition_receipts"
    __table_args__ = (ForeignKeyConstraint(["entry_id", "village_code"], ["expedition_entries.id", "expedition_entries.village_code"]),)

    id: Mapped[int] = mapped_column(primary_key=True)
    village_code: Mapped[str] = mapped_column(String(13), index=True)
    entry_id: Mapped[int] = mapped_column(unique=True)
    outcome: Mapped[str] = mapped_column(String(8))
    on: Mapped[date]
    received_by: Mapped[str] = mapped_column(String(160), default="")
    reason: Mapped[str] = mapped_column(Text, default="")

    by: Mapped[User] = relationship(lazy="joined")


class ExpeditionEntry(Recorded, VillageOwned, Base):
    """A paper of the register, or a signed scan, on its way to somebody. Papers of the office itself carry the kabupaten's prefix, as in the register."""

    __tablename__ = "expedition_entries"
    __table_args__ = (
        ForeignKeyConstraint(["letter_id", "village_code"], ["letters.id", "letters.village_code"]),
        ForeignKeyConstraint(["file_id", "village_code"], ["files.id", "files.village_code"]),
        UniqueConstraint("id", "village_code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    village_code: Mapped[str] = mapped_column(String(13), index=True)
    letter_id: Mapped[int | None] = mapped_column(index=True)
    file_id: Mapped[int | None] = mapped_column(index=True)
    rangkap: Mapped[int | None]
    title: Mapped[str] = mapped_column(String(160))
    number: Mapped[str] = mapped_column(String(160), default="")
    recipient: Mapped[str] = mapped_column(String(200))
    on: Mapped[date]
    how: Mapped[str] = mapped_column(String(8))
    carrier: Mapped[str] = mapped_column(String(160), default="")

    by: Mapped[User] = relationship(lazy="joined")
    receipt: Mapped[ExpeditionReceipt | None] = relationship(
        lazy="joined", foreign_keys=[ExpeditionReceipt.entry_id, ExpeditionReceipt.village_code], overlaps="village_code"
    )

    @property
    def state(self) -> str:
        """open, received or returned."""
        return self.receipt.outcome if self.receipt else "open"
