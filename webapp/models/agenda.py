"""The agenda (buku agenda): every number of a year in order, and the numbers that are missing — none, by construction."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from .letters import Letter, Series


def agenda(session: Session, year: int, unit: str | None = None) -> Sequence[Letter]:
    """The letters of the year with a drawn number, in the order of the numbers and their versions."""
    query = select(Letter).where(Letter.year == year, Letter.seq.is_not(None)).order_by(Letter.unit, Letter.seq, Letter.version)
    return session.scalars(query.where(Letter.unit == unit) if unit else query).all()


def gaps(session: Session, year: int) -> list[int]:
    """Numbers below the next one that no letter carries."""
    missing: list[int] = []
    for series in session.scalars(select(Series).where(Series.year == year)):
        used = set(session.scalars(select(Letter.seq).where(Letter.unit == series.unit, Letter.year == year)))
        missing += [each for each in range(series.start, series.next) if each not in used]
    return missing
