"""The accord: the umbrella instrument between the office and BPJS Ketenagakerjaan, signed once, under which all village agreements stand."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, object_session, relationship

from workflows.accord import AccordFacts, AccordGap, accord_gaps
from workflows.facts import AccordSeen

from ..db import Base
from .columns import Recorded
from .offices import Office
from .officials import Tenure
from .reading import whoswho
from .rules import LegalBasis

HEADS = {1: "head_office", 2: "head_bpjs"}


class AccordBasis(Base):
    """A legal basis that the accord cites."""

    __tablename__ = "accord_bases"

    accord_id: Mapped[int] = mapped_column(ForeignKey("accords.id"), primary_key=True)
    basis_id: Mapped[int] = mapped_column(ForeignKey("legal_bases.id"), primary_key=True)


class AccordSignature(Recorded, Base):
    """A party's signature on the accord, with its scan."""

    __tablename__ = "accord_signatures"
    __table_args__ = (UniqueConstraint("accord_id", "side"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    accord_id: Mapped[int] = mapped_column(ForeignKey("accords.id"))
    side: Mapped[int]
    on: Mapped[date]
    place: Mapped[str] = mapped_column(String(80))
    sha256: Mapped[str] = mapped_column(String(64))


class Accord(Base):
    """Nota kesepakatan or PKS (PP 28/2018). A head of office signs it on the Bupati's surat kuasa, recorded as the mandate."""

    __tablename__ = "accords"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(30), default="perjanjian_kerja_sama")
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    insurer_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    about: Mapped[str] = mapped_column(Text)
    dated_on: Mapped[date | None]
    place: Mapped[str] = mapped_column(String(80), default="")
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    terminated_on: Mapped[date | None]
    number_kesatu: Mapped[str] = mapped_column(String(120), default="")
    number_kedua: Mapped[str] = mapped_column(String(120), default="")
    mandate_by: Mapped[str] = mapped_column(String(120), default="")
    mandate_number: Mapped[str] = mapped_column(String(120), default="")
    mandate_on: Mapped[date | None]
    text_version: Mapped[int] = mapped_column(default=1)

    office: Mapped[Office] = relationship(foreign_keys=[office_id], lazy="joined")
    insurer: Mapped[Office] = relationship(foreign_keys=[insurer_id], lazy="joined")
    bases: Mapped[list[LegalBasis]] = relationship(secondary="accord_bases", order_by=LegalBasis.rank)
    signatures: Mapped[list[AccordSignature]] = relationship(order_by=AccordSignature.side)

    @property
    def mandate(self) -> str:
        """The surat kuasa as it prints; empty while it is not recorded."""
        if not self.mandate_number or not self.mandate_on:
            return ""
        return f"Surat Kuasa {self.mandate_by} Nomor {self.mandate_number} tanggal {self.mandate_on:%d-%m-%Y}"

    def institution(self, side: int) -> Office:
        """PIHAK KESATU (1) or PIHAK KEDUA (2)."""
        return self.office if side == 1 else self.insurer

    def signer_on(self, side: int, on: date) -> Tenure | None:
        """Who signs for the side on that day."""
        session = object_session(self)
        assert session is not None
        return whoswho(session).on(HEADS[side], self.institution(side).id, on)

    def gaps_on(self, on: date | None) -> tuple[str, ...]:
        """What the two parties lack on that day, a phrase each."""
        if on is None:
            return ("tanggal belum ditetapkan",)
        gaps = []
        for side, name in ((1, "PIHAK KESATU"), (2, "PIHAK KEDUA")):
            signer = self.signer_on(side, on)
            if signer is None:
                gaps.append(f"{name}: tidak ada pejabat {self.institution(side).short_name} pada {on:%d-%m-%Y}")
            elif not (signer.authority or self.institution(side).authority):
                gaps.append(f"{name}: dasar kewenangan {signer.official.name} belum dicatat")
        if not self.mandate:
            gaps.append("PIHAK KESATU: surat kuasa Bupati belum dicatat")
        return tuple(gaps)

    def as_seen(self) -> AccordSeen:
        """The accord as the rules of an agreement see it."""
        return AccordSeen(
            self.number_kesatu,
            {each.side for each in self.signatures} == {1, 2} and bool(self.number_kesatu and self.number_kedua),
            self.valid_from or date.max,
            self.valid_until or date.min,
            self.terminated_on,
        )

    def gaps(self) -> tuple[AccordGap, ...]:
        """The open conditions of the accord itself."""
        parties = tuple(each for each in self.gaps_on(self.dated_on) if "surat kuasa" not in each)
        return accord_gaps(
            AccordFacts(self.dated_on, self.valid_from, self.valid_until, parties, True, self.mandate, len(self.bases))
        )
