"""Simulations that somebody wanted to keep: the question as its address asks it, and the digest of what it answered on that day."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from workflows import NotYours, Refused

from ..db import Base, Moment, Rupiah
from . import audit
from .users import User
from .what_if import Answer, Question


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
    def args(self) -> dict[str, Any]:
        """The question as the address of its page."""
        return json.loads(self.inputs)


def kept(session: Session) -> list[Simulation]:
    """The simulations that were kept, newest first."""
    return list(session.scalars(select(Simulation).order_by(Simulation.id.desc())))


def kept_like(session: Session, asked: Question) -> Simulation | None:
    """The newest kept simulation that asked the same."""
    return session.scalar(select(Simulation).where(Simulation.inputs == json.dumps(asked.as_args())).order_by(Simulation.id.desc()).limit(1))


def keep(session: Session, name: str, found: Answer, by: User, at: datetime) -> Simulation:
    """Keep a question with the digest of its answer. Raises Refused when it asks nothing."""
    if not found.question.steps:
        raise Refused("Simulasi tanpa langkah tidak disimpan.")
    args = json.dumps(found.question.as_args())
    row = Simulation(name=name, year=found.question.year, inputs=args, digest=found.digest, difference=found.whole.difference, at=at, by_id=by.id)
    session.add(row)
    session.flush()
    audit.record(session, "simulation.kept", f"simulation:{row.id}", actor=by.login, at=at, name=name, digest=row.digest)
    return row


def take_away(session: Session, row: Simulation, by: User, at: datetime) -> None:
    """Remove a kept simulation. Raises NotYours for anybody but its maker."""
    if row.by_id != by.id:
        raise NotYours(f"Hanya {row.by.name} yang membuatnya dapat menghapus simulasi ini.")
    session.delete(row)
    session.flush()
    audit.record(session, "simulation.removed", f"simulation:{row.id}", actor=by.login, at=at, name=row.name)
