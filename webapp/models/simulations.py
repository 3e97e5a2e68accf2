"""Simulations that somebody wanted to keep: the question as its link asks it, and what it answered on that day."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db import Base, Moment, Rupiah
from .users import User


class Simulation(Base):
    """A what-if with its name. It is no evidence: whoever made it may take it away."""

    __tablename__ = "simulations"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    year: Mapped[int]
    inputs: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    difference: Mapped[Decimal] = mapped_column(Rupiah)
    at: Mapped[datetime] = mapped_column(Moment)
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))

    by: Mapped[User] = relationship()

    @property
    def args(self) -> dict[str, list[str]]:
        """The question as the address of its page."""
        return json.loads(self.inputs)
