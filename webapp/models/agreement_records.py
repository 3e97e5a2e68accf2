"""Small records around an agreement: bases chosen, who edited, numbers typed in, holds, amendments. Each is a row of its own, never a status."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column, object_session, relationship

from ..db import Base
from .columns import OfAgreement, Recorded
from .letters import Letter
from .rosters import RosterVersion


class AgreementBasis(Base):
    """A legal basis that the agreement cites."""

    __tablename__ = "agreement_bases"

    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreements.id"), primary_key=True)
    basis_id: Mapped[int] = mapped_column(ForeignKey("legal_bases.id"), primary_key=True)


class DraftEdit(Recorded, OfAgreement, Base):
    """Somebody edited facts that an approval covers; he is a drafter and cannot approve."""

    __tablename__ = "draft_edits"

    by_login: Mapped[str] = mapped_column(String(80))
    what: Mapped[str] = mapped_column(String(60))


class TypedNumber(Recorded, OfAgreement, Base):
    """A number that another institution gave: ``owner`` is kedua (BPJS) or village. The newest stands."""

    __tablename__ = "typed_numbers"

    owner: Mapped[str] = mapped_column(String(10))
    number: Mapped[str] = mapped_column(String(120))
    on: Mapped[date | None]


class AgreementHold(Recorded, OfAgreement, Base):
    """Suspended, terminated or resumed, with a reason: a record of its own, never a fifth stage."""

    __tablename__ = "agreement_holds"

    kind: Mapped[str] = mapped_column(String(12))
    on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text)


class Amendment(Recorded, OfAgreement, Base):
    """A later version of the list, opened after signing; it moves no stage back."""

    __tablename__ = "amendments"

    version_id: Mapped[int] = mapped_column(ForeignKey("roster_versions.id"))

    version: Mapped[RosterVersion] = relationship(foreign_keys=[version_id], lazy="joined")

    @property
    def letter(self) -> Letter | None:
        """The adendum that carries this version, or a later one and so this change too; None while it waits for its letter."""
        session = object_session(self)
        carried = adenda_of(session, self.agreement_id) if session is not None else []
        return next((letter for letter, number in carried if number >= self.version.number), None)


def adenda_of(session: Session, agreement_id: int) -> list[tuple[Letter, int]]:
    """The standing adendum letters of an agreement, oldest first, each with the number of the version that it carries."""
    mine = (Letter.agreement_id == agreement_id, Letter.kind == "adendum", Letter.state != "void", Letter.replaced_by_id.is_(None))
    found = [(each, int(each.frozen_facts()["version"])) for each in session.scalars(select(Letter).where(*mine))]
    return sorted(found, key=lambda each: each[1])
