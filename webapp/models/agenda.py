"""The agenda (buku agenda): every number of a year in order, and the numbers that are missing — none, by construction."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from .accords import Accord
from .letters import Letter, Series
from .offices import Office


def agenda(session: Session, year: int, unit: str | None = None) -> Sequence[Letter]:
    """The letters of the year with a drawn number, in the order of the numbers and their versions."""
    query = select(Letter).where(Letter.year == year, Letter.seq.is_not(None)).order_by(Letter.unit, Letter.seq, Letter.version)
    return session.scalars(query.where(Letter.unit == unit) if unit else query).all()


def gaps(session: Session, year: int, unit: str | None = None) -> list[int]:
    """Numbers below the next one that no letter carries."""
    missing: list[int] = []
    query = select(Series).where(Series.year == year)
    for series in session.scalars(query.where(Series.unit == unit) if unit else query):
        used = set(session.scalars(select(Letter.seq).where(Letter.unit == series.unit, Letter.year == year)))
        missing += [each for each in range(series.start, series.next) if each not in used]
    return missing


def agenda_rows(session: Session, year: int, state: str = "", wanted: str = "") -> list[Letter]:
    """The agenda filtered by state (reserved, issued, void, replaced) and by words in number, addressee or title."""
    words = wanted.casefold().split()
    return [
        each
        for each in agenda(session, year)
        if (not state or state == ("replaced" if each.replaced_by_id else each.state))
        and all(word in f"{each.number} {each.addressee} {each.title}".casefold() for word in words)
    ]


def agenda_years(session: Session, shown: int) -> list[int]:
    """Years that have a register, newest first, and the one that is shown."""
    return sorted({*session.scalars(select(Series.year)), shown}, reverse=True)


def office_in_hand(session: Session) -> Office | None:
    """The office that keeps the register."""
    return session.scalars(select(Office).where(Office.side == 1).order_by(Office.id)).first()


def accord_in_hand(session: Session) -> Accord | None:
    """The newest accord."""
    return session.scalars(select(Accord).order_by(Accord.id.desc())).first()


def letters_of_office(session: Session) -> list[Letter]:
    """Letters of the office itself that no later version replaced, newest first; a mandate has the number of whoever gives it."""
    own = (Letter.agreement_id.is_(None), Letter.replaced_by_id.is_(None))
    return list(session.scalars(select(Letter).where(*own).order_by(Letter.id.desc())))
