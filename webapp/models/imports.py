"""Imports of lists as records: what was sent, what was made of it, what it put on which list, and whether it was taken back. Nothing is a status."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db import Base, Moment, VillageOwned
from .columns import OfAgreement, Recorded
from .users import User

STATES = {
    "waiting": "Sedang dibaca",
    "unreadable": "Tidak terbaca",
    "read": "Sudah dibaca, belum disimpan",
    "stored": "Tersimpan",
    "undone": "Diurungkan",
    "dropped": "Dibuang",
}


class RosterImport(Recorded, VillageOwned, Base):
    """A list that was sent. ``village_code`` is the village that it is for, or the code prefix of the office's villages when it is for all of them.

    The bytes lie sealed in the file store until ``delete_on``; the row keeps what names them, never what is in them.
    """

    __tablename__ = "roster_imports"
    __table_args__ = (
        ForeignKeyConstraint(["agreement_id", "village_code"], ["agreements.id", "agreements.village_code"]),
        UniqueConstraint("id", "village_code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    village_code: Mapped[str] = mapped_column(String(13), index=True)
    agreement_id: Mapped[int | None] = mapped_column(index=True)
    fiscal_year: Mapped[int]
    category: Mapped[str] = mapped_column(String(20), default="")
    name: Mapped[str] = mapped_column(String(120))
    pasted: Mapped[bool] = mapped_column(default=False)
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    sealed_sha256: Mapped[str] = mapped_column(String(64))
    delete_on: Mapped[date]

    by: Mapped[User] = relationship(lazy="joined")
    steps: Mapped[list[ImportStep]] = relationship(order_by="ImportStep.id", foreign_keys="[ImportStep.import_id, ImportStep.village_code]")
    parts: Mapped[list[ImportPart]] = relationship(order_by="ImportPart.village_code", foreign_keys="ImportPart.import_id")

    def newest(self, *kinds: str) -> ImportStep | None:
        """The newest step of these kinds."""
        return next((each for each in reversed(self.steps) if each.kind in kinds), None)

    @property
    def state(self) -> str:
        """Read from what happened."""
        for kind in ("undone", "stored", "dropped"):
            if self.newest(kind):
                return kind
        asked, answered = self.newest("asked"), self.newest("read", "refused")
        if answered is None or (asked is not None and answered.turn < asked.turn):
            return "waiting"
        return "read" if answered.kind == "read" else "unreadable"

    @property
    def turn(self) -> int:
        """How often it was asked to be read."""
        asked = self.newest("asked")
        return asked.turn if asked else 0

    @property
    def reading(self) -> ImportStep | None:
        """The newest reading that stands."""
        return self.newest("read")

    @property
    def stored(self) -> ImportStep | None:
        """When it was put on the lists, by whom."""
        return self.newest("stored")

    @property
    def undone(self) -> ImportStep | None:
        """When it was taken back, by whom."""
        return self.newest("undone")

    @property
    def deleted(self) -> ImportStep | None:
        """When the sent bytes were deleted."""
        return self.newest("deleted")

    @property
    def whole_office(self) -> bool:
        """Is it for all villages of the office?"""
        return self.agreement_id is None


class ImportStep(VillageOwned, Base):
    """Something that happened to an import: asked (with wishes), read or refused, stored, undone, dropped, deleted. ``turn`` counts the askings."""

    __tablename__ = "roster_import_steps"
    __table_args__ = (
        ForeignKeyConstraint(["import_id", "village_code"], ["roster_imports.id", "roster_imports.village_code"]),
        UniqueConstraint("import_id", "kind", "turn"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(index=True)
    village_code: Mapped[str] = mapped_column(String(13), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    turn: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime] = mapped_column(Moment)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    detail: Mapped[str] = mapped_column(Text, default="{}")
    problem: Mapped[str] = mapped_column(Text, default="")
    reading_sha256: Mapped[str | None] = mapped_column(String(64))

    by: Mapped[User | None] = relationship(lazy="joined")

    @property
    def facts(self) -> dict[str, Any]:
        """Control totals, or what was wished; never a person's data."""
        return json.loads(self.detail)


class ImportPart(Recorded, OfAgreement, Base):
    """What an import put on one village's list: how many people, how many of them with a doubt."""

    __tablename__ = "roster_import_parts"

    import_id: Mapped[int] = mapped_column(ForeignKey("roster_imports.id"), index=True)
    people: Mapped[int]
    flagged: Mapped[int]

    by: Mapped[User] = relationship(lazy="joined")

    @classmethod
    def more_table_args(cls) -> tuple:
        """Once per list."""
        return (UniqueConstraint("import_id", "agreement_id"), UniqueConstraint("id", "village_code"))


class ImportProgress(Base):
    """How far a reading has come; written in small transactions of its own, no evidence."""

    __tablename__ = "roster_import_progress"

    import_id: Mapped[int] = mapped_column(ForeignKey("roster_imports.id"), primary_key=True)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime] = mapped_column(Moment)
