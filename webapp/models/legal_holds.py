"""Records that keep data from being deleted, and of its deletion: who, when, why. A hold is released by a record; what was erased stays told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, String, Text, UniqueConstraint, event, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from workflows import Refused

from ..db import Base
from .columns import OfAgreement, Recorded
from .users import User

# What erasing makes of a row, column by column: "sealed" the erased mark, "gone" nothing, "index" the erased word, "year" the first of January.
# The blind index and the birth date go too: with the data key a NIK is found again from either and its masked form.
ERASABLE: Mapping[str, Mapping[str, str]] = {
    "roster_version_entries": {"nik": "sealed", "wage_base": "sealed", "particulars": "gone", "nik_index": "index", "birth_on": "year"},
    "roster_changes": {"nik_index": "index"},
    "correction_requests": {"what": "sealed"},
}


KEPT = "Perjanjian ini ditahan dari penghapusan ({}). Tidak ada yang dihapus sampai penahanannya dilepas."


class LegalHold(Recorded, OfAgreement, Base):
    """``held`` or ``released``, with a reason; while the newest is held, nothing of the agreement is deleted."""

    __tablename__ = "legal_holds"

    kind: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(Text)

    by: Mapped[User] = relationship(lazy="joined")


class Erasure(Recorded, OfAgreement, Base):
    """The personal data on an agreement's lists were erased: how many rows of what, on which basis."""

    __tablename__ = "erasures"

    versions: Mapped[int]
    people: Mapped[int]
    entries: Mapped[int]
    changes: Mapped[int]
    basis: Mapped[str] = mapped_column(Text)

    by: Mapped[User] = relationship(lazy="joined")

    @classmethod
    def more_table_args(cls) -> tuple:
        """Once."""
        return (UniqueConstraint("agreement_id"),)


def held_agreements(session: Session, ids: set[int] | None = None) -> dict[int, LegalHold]:
    """The agreements within the scope that stand under a hold (of these, or of all), each with it."""
    query = select(LegalHold).order_by(LegalHold.id)
    newest = {each.agreement_id: each for each in session.scalars(query if ids is None else query.where(LegalHold.agreement_id.in_(ids)))}
    return {id_: each for id_, each in newest.items() if each.kind == "held"}


def refuse_deletion(session: Session, ids: set[int]) -> None:
    """Raise Refused when one of the agreements stands under a hold."""
    for hold in held_agreements(session, ids).values():
        raise Refused(KEPT.format(hold.reason))


@event.listens_for(OfAgreement, "before_delete", propagate=True)
def _nothing_of_a_held_agreement_goes(_: Any, connection: Connection, row: OfAgreement) -> None:
    holds = LegalHold.__table__
    newest = connection.execute(select(holds.c.kind, holds.c.reason).where(holds.c.agreement_id == row.agreement_id).order_by(holds.c.id.desc()).limit(1)).first()
    if newest is not None and newest.kind == "held":
        raise Refused(KEPT.format(newest.reason))
