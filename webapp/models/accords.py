"""The accord: the umbrella instrument between the office and BPJS Ketenagakerjaan, signed once, under which all village agreements stand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, object_session, relationship

from workflows import NotYet, Open, Refused
from workflows.accord import AccordFacts, AccordGap, accord_gaps
from workflows.facts import AccordSeen

from ..db import Base, unscoped
from . import audit
from .columns import Recorded
from .letters import Letter
from .offices import Office
from .officials import Tenure
from .reading import whoswho
from .rules import LegalBasis
from .users import User

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

    by: Mapped[User] = relationship(lazy="joined")


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

    @property
    def signed_by_both(self) -> bool:
        """Both parties have signed: it is not edited any more."""
        return {each.side for each in self.signatures} == {1, 2}

    def signature(self, side: int) -> AccordSignature | None:
        """The side's signature; None while it is missing."""
        return next((each for each in self.signatures if each.side == side), None)

    def in_force_on(self, on: date) -> bool:
        """Signed, begun, and neither run out nor terminated."""
        seen = self.as_seen()
        return seen.signed and seen.valid_from <= on <= seen.valid_until and (seen.terminated_on is None or on < seen.terminated_on)

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
            elif signer.unproven:
                gaps.append(f"{name}: {signer.unproven}")
            elif not (signer.authority or self.institution(side).authority):
                gaps.append(f"{name}: dasar kewenangan {signer.official.name} belum dicatat")
        if not self.mandate:
            gaps.append("PIHAK KESATU: surat kuasa Bupati belum dicatat")
        elif self.mandate_on and self.mandate_on > on:
            gaps.append(f"PIHAK KESATU: surat kuasa Bupati baru diberikan {self.mandate_on:%d-%m-%Y}")
        return tuple(gaps)

    def as_seen(self) -> AccordSeen:
        """The accord as the rules of an agreement see it."""
        return AccordSeen(
            self.number_kesatu,
            self.signed_by_both and bool(self.number_kesatu and self.number_kedua),
            self.valid_from or date.max,
            self.valid_until or date.min,
            self.terminated_on,
        )

    def gaps(self) -> tuple[AccordGap, ...]:
        """The open conditions of the accord itself."""
        parties = tuple(each for each in self.gaps_on(self.dated_on) if "surat kuasa" not in each)
        return accord_gaps(
            AccordFacts(self.dated_on, self.valid_from, self.valid_until, parties, True, self.mandate, len(self.bases), self.mandate_on)
        )


SIDES = {1: "PIHAK KESATU", 2: "PIHAK KEDUA"}
NUMBERS = {1: "number_kesatu", 2: "number_kedua"}
CONTENTS = ("about", "dated_on", "place", "valid_from", "valid_until", "mandate_by", "mandate_number", "mandate_on")


def accords_newest_first(session: Session) -> list[Accord]:
    """All accords."""
    return list(session.scalars(select(Accord).order_by(Accord.valid_from.desc().nulls_first(), Accord.id.desc())))


def draw_up(session: Session, by: User, at: datetime) -> Accord:
    """A new accord, with the parties and the subject of the newest one. Raises Refused while both offices are not known."""
    parties = [session.scalar(select(Office).where(Office.side == side).order_by(Office.id).limit(1)) for side in (1, 2)]
    if None in parties:
        raise Refused("Data kantor dan data BPJS Ketenagakerjaan belum lengkap. Mintalah administrator mengisinya.")
    old = next(iter(accords_newest_first(session)), None)
    if old is not None and not old.signatures:
        raise Refused("Masih ada induk yang belum ditandatangani. Lanjutkan yang itu.")
    usual = old.bases if old else session.scalars(select(LegalBasis).where(LegalBasis.usual).order_by(LegalBasis.rank))
    accord = Accord(
        office=parties[0],
        insurer=parties[1],
        about=old.about if old else "Perlindungan jaminan sosial ketenagakerjaan bagi perangkat, lembaga, dan pekerja rentan desa",
        place=old.place if old else parties[0].seat,  # type: ignore[union-attr]
        bases=list(usual),
    )
    session.add(accord)
    session.flush()
    _record(accord, "accord.drafted", by, at)
    return accord


def registered_number(accord: Accord) -> str:
    """The number that the office's own register gave the printed accord; empty while there is none."""
    session = object_session(accord)
    assert session is not None
    with unscoped("the accord's own letter belongs to no village", session):
        mine = select(Letter.number).where(Letter.kind == accord.kind, Letter.accord_id == accord.id, Letter.state != "void")
        return session.scalar(mine.order_by(Letter.id.desc()).limit(1)) or ""


def refuse_when_signed(accord: Accord) -> None:
    """Raise Refused once a side has signed: what is signed stands."""
    if accord.signatures:
        raise Refused("Induk ini sudah ditandatangani; isinya tidak diubah lagi. Buat induk baru, atau akhiri yang ini.")


def edit(accord: Accord, now: Mapping[str, Any], bases: list[LegalBasis], by: User, at: datetime) -> None:
    """Change what the accord says. Raises Refused once a side has signed."""
    refuse_when_signed(accord)
    changed = [name for name in CONTENTS if getattr(accord, name) != now[name]]
    for name in changed:
        setattr(accord, name, now[name])
    if {each.id for each in accord.bases} != {each.id for each in bases}:
        accord.bases = bases
        changed.append("bases")
    _record(accord, "accord.changed", by, at, changed=changed)


def type_numbers(accord: Accord, kesatu: str, kedua: str, by: User, at: datetime) -> None:
    """Write down the two numbers. Raises Refused when a number that stands on a signed accord would change."""
    for side, number in ((1, kesatu.strip()), (2, kedua.strip())):
        known = getattr(accord, NUMBERS[side])
        if known and known != number and accord.signatures:
            raise Refused(f"Nomor {known} sudah tercantum pada induk yang ditandatangani dan tidak diubah lagi.")
        setattr(accord, NUMBERS[side], number)
    _record(accord, "accord.numbered", by, at, kesatu=accord.number_kesatu, kedua=accord.number_kedua)


def sign(accord: Accord, side: int, on: date, place: str, sha256: str, by: User, at: datetime, today: date) -> AccordSignature:
    """Record a side's signature with its scan. Raises NotYet while the accord has gaps, Refused when it is signed or the day is impossible."""
    gaps = accord.gaps()
    if gaps:
        raise NotYet(Open(each.slug, each.sentence, each.because, "legal", "", None, 0) for each in gaps)
    if accord.signature(side):
        raise Refused("Pihak ini sudah menandatangani. Tanda tangan tidak dicatat dua kali.")
    if accord.terminated_on:
        raise Refused("Induk ini sudah diakhiri.")
    if on > today:
        raise Refused("Tanggal penandatanganan belum tiba.")
    if accord.dated_on and on < accord.dated_on:
        raise Refused(f"Tanggal penandatanganan mendahului tanggal induk ({accord.dated_on:%d-%m-%Y}).")
    signature = AccordSignature(side=side, on=on, place=place.strip(), sha256=sha256, by=by, by_id=by.id, at=at)
    accord.signatures.append(signature)
    _record(accord, "accord.signed", by, at, side=side, on=on, file=sha256)
    return signature


def terminate(accord: Accord, on: date, reason: str, by: User, at: datetime) -> None:
    """End the accord before its time; the reason stays in the trail. Raises Refused when it never began or has ended."""
    if not accord.signed_by_both or accord.terminated_on:
        raise Refused("Hanya induk yang ditandatangani kedua pihak dan belum diakhiri yang dapat diakhiri.")
    if accord.dated_on and on < accord.dated_on:
        raise Refused(f"Tanggal pengakhiran mendahului tanggal induk ({accord.dated_on:%d-%m-%Y}).")
    if not reason.strip():
        raise Refused("Tuliskan alasan pengakhiran.")
    accord.terminated_on = on
    _record(accord, "accord.terminated", by, at, on=on, reason=reason.strip())


def termination_reason(accord: Accord) -> str:
    """Why it was ended, as the trail says."""
    session = object_session(accord)
    assert session is not None
    with unscoped("the accord's own trail belongs to no village", session):
        mine = select(audit.AuditEvent).where(audit.AuditEvent.object == f"accord:{accord.id}", audit.AuditEvent.action == "accord.terminated")
        event = session.scalar(mine.limit(1))
    return event.facts.get("reason", "") if event else ""


def _record(accord: Accord, action: str, by: User, at: datetime, **detail: Any) -> None:
    session = object_session(accord)
    assert session is not None
    session.flush()
    audit.record(session, action, f"accord:{accord.id}", actor=by.login, at=at, **detail)
