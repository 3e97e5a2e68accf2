"""A print set for signing: which stored originals go into one PDF, in which order, and what became of it. A job, no evidence: it may be made again."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db import Base, Moment, VillageOwned
from .users import User

STATES = {"waiting": "sedang disusun", "ready": "siap diunduh", "failed": "gagal", "removed": "dihapus sesudah masa simpannya"}


class PrintSet(VillageOwned, Base):
    """``chosen`` are the originals by hash, ``left_out`` villages and why; ``sha256`` names the PDF until it is removed."""

    __tablename__ = "print_sets"

    id: Mapped[int] = mapped_column(primary_key=True)
    village_code: Mapped[str] = mapped_column(String(13), index=True)
    fiscal_year: Mapped[int]
    content: Mapped[str] = mapped_column(String(8))
    duplex: Mapped[bool]
    sheet: Mapped[str] = mapped_column(String(6), default="")
    chosen: Mapped[str] = mapped_column(Text)
    left_out: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[str] = mapped_column(String(8), default="waiting", index=True)
    tries: Mapped[int] = mapped_column(default=0)
    try_after: Mapped[datetime | None] = mapped_column(Moment)
    problem: Mapped[str] = mapped_column(Text, default="")
    pages: Mapped[int] = mapped_column(default=0)
    size: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str | None] = mapped_column(String(64))
    made_at: Mapped[datetime | None] = mapped_column(Moment)

    by: Mapped[User] = relationship(lazy="joined")

    @property
    def originals(self) -> list[dict[str, Any]]:
        """The stored originals in their order."""
        return json.loads(self.chosen)

    @property
    def missing(self) -> list[list[str]]:
        """Villages that are not in it, each with the reason."""
        return json.loads(self.left_out)
