"""What many facts of one transaction lean on — the rulebook, the terms of officials — read once per session and forgotten at its end."""

from __future__ import annotations

from sqlalchemy import event
from sqlalchemy.orm import Session

from .officials import Official, Post, Tenure, WhosWho
from .rules import Rulebook
from .tariffs import RateRow

KEPT = ("rulebook", "whoswho")
LAW = {Rulebook.__module__, RateRow.__module__}  # the modules whose rows the rulebook reads


def rulebook(session: Session) -> Rulebook:
    """The law as it stands in this transaction."""
    if "rulebook" not in session.info:
        session.info["rulebook"] = Rulebook(session)
    return session.info["rulebook"]


def whoswho(session: Session) -> WhosWho:
    """The terms of all officials as they stand in this transaction."""
    if "whoswho" not in session.info:
        session.info["whoswho"] = WhosWho.of(session)
    return session.info["whoswho"]


@event.listens_for(Session, "after_commit")
@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, *_: object) -> None:
    for each in KEPT:
        session.info.pop(each, None)


@event.listens_for(Session, "after_flush")
def _forget_when_changed(session: Session, _: object) -> None:
    changed = {type(each) for each in (*session.new, *session.dirty, *session.deleted)}
    if changed & {Official, Post, Tenure} or any(each.__module__ in LAW for each in changed):
        _forget(session)
