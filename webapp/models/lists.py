"""Reads many agreements with everything the rules ask, in a fixed number of queries."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from ..db import unscoped
from .accords import Accord
from .agreements import Agreement
from .rosters import RosterVersion


def agreements_with_facts(session: Session, year: int | None = None) -> list[Agreement]:
    """All agreements that the session may see, of one fiscal year or of all, in the order of their village codes."""
    query = select(Agreement).order_by(Agreement.village_code, Agreement.fiscal_year)
    if year is not None:
        query = query.where(Agreement.fiscal_year == year)
    return list(session.scalars(with_facts(query)))


def with_facts(query: Select[tuple[Agreement]]) -> Select[tuple[Agreement]]:
    """The query, loading what the conditions of every stage read."""
    own = ("bases", "edits", "approvals", "parafs", "returns", "typed_numbers", "letters", "signatures", "documents", "budget_lines", "checks", "steps", "holds", "amendments", "takeovers")
    return query.options(
        *(selectinload(getattr(Agreement, each)) for each in own),
        selectinload(Agreement.versions).selectinload(RosterVersion.owed),
        selectinload(Agreement.accord).options(selectinload(Accord.signatures), selectinload(Accord.bases)),
    )


def newest_year(session: Session) -> int | None:
    """The newest fiscal year that has agreements."""
    return session.scalar(select(Agreement.fiscal_year).order_by(Agreement.fiscal_year.desc()).limit(1))


def refresh_all(session: Session, today: date) -> int:
    """Write the stage of every agreement afresh, after facts that many share (accord, officials, rules) have changed; how many moved."""
    session.flush()
    session.expire_all()
    with unscoped("shared facts changed", session):
        before = {each: (each.stage, each.turn) for each in agreements_with_facts(session)}
        for each in before:
            each.refresh(today)
        return sum((each.stage, each.turn) != was for each, was in before.items())
