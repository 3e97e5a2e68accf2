"""Signing on behalf of the head (a.n., u.b.): whom the office lets sign which letters, by which order, from when to when."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import ForeignKey, String, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from workflows import Refused

from ..db import Base, Listed
from . import audit
from .offices import Office
from .officials import Official
from .reading import whoswho
from .users import User

# Correspondence that a head may let others sign. Agreements, decrees and circulars are his own: for those a surat kuasa is needed.
DELEGABLE = ("surat_pengantar", "surat_teguran", "surat_kekurangan_anggaran", "lampiran_perhitungan", "undangan")


class Delegation(Base):
    """``title`` is the post of who signs. ``through`` is empty for a.n.; for u.b. it is the post between the head and who signs."""

    __tablename__ = "delegations"

    id: Mapped[int] = mapped_column(primary_key=True)
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    official_id: Mapped[int] = mapped_column(ForeignKey("officials.id"))
    title: Mapped[str] = mapped_column(String(200))
    through: Mapped[str] = mapped_column(String(200), default="")
    kinds: Mapped[tuple[str, ...]] = mapped_column(Listed)
    order_by: Mapped[str] = mapped_column(String(120))
    order_number: Mapped[str] = mapped_column(String(120))
    order_on: Mapped[date]
    from_on: Mapped[date]
    until_on: Mapped[date | None]

    official: Mapped[Official] = relationship(lazy="joined")

    def holds_on(self, on: date) -> bool:
        """May he sign on that day?"""
        return self.from_on <= on and (self.until_on is None or on <= self.until_on)


def delegations(session: Session) -> list[Delegation]:
    """All of them, the newest first."""
    return list(session.scalars(select(Delegation).order_by(Delegation.from_on.desc(), Delegation.id.desc())))


def delegation_for(session: Session, office: Office, kind: str, on: date) -> Delegation | None:
    """Who signs a kind of letter in the head's name on its date; None when the head signs himself, or there is no head in whose name to sign."""
    if kind not in DELEGABLE or whoswho(session).on("head_office", office.id, on) is None:
        return None
    mine = select(Delegation).where(Delegation.office_id == office.id).order_by(Delegation.id.desc())
    return next((each for each in session.scalars(mine) if kind in each.kinds and each.holds_on(on)), None)


def delegate(session: Session, office: Office, row: Delegation, by: User, at: datetime) -> Delegation:
    """Let somebody sign letters in the head's name. Raises Refused for the head himself, a missing or later order, or a kind that another signs then."""
    head = whoswho(session).on("head_office", office.id, row.from_on)
    if head is None:
        raise Refused(f"Tidak ada kepala {office.short_name} pada {row.from_on:%d-%m-%Y}; tidak ada yang dapat diatasnamakan.")
    if row.title.casefold() in (head.post.title.casefold(), head.position.casefold()) or (row.official is not None and row.official.id == head.official_id):
        raise Refused("Kepala kantor tidak menandatangani atas nama dirinya sendiri. Pilih pejabat di bawahnya.")
    if row.through and row.through.casefold() in (row.title.casefold(), head.post.title.casefold()):
        raise Refused("Untuk u.b., jabatan perantara berada di antara kepala kantor dan yang menandatangani.")
    if not row.order_number or row.order_on > row.from_on:
        raise Refused("Surat perintahnya harus bernomor dan tidak bertanggal sesudah mulai berlaku.")
    if not row.kinds or set(row.kinds) - set(DELEGABLE):
        raise Refused("Pilih naskah korespondensi yang boleh ditandatangani atas nama.")
    if row.until_on is not None and row.until_on < row.from_on:
        raise Refused("Masa berlakunya berakhir sebelum dimulai.")
    later = (Delegation.until_on.is_(None), Delegation.until_on >= row.from_on)
    for each in session.scalars(select(Delegation).where(Delegation.office_id == office.id, or_(*later))):
        if set(each.kinds) & set(row.kinds) and (row.until_on is None or each.from_on <= row.until_on):
            raise Refused(f"{each.official.name} sudah menandatangani naskah yang sama sejak {each.from_on:%d-%m-%Y}. Akhiri dahulu yang itu.")
    row.office_id = office.id
    session.add(row)
    session.flush()
    detail = {"kinds": list(row.kinds), "from_on": row.from_on, "until_on": row.until_on, "official": row.official_id}
    audit.record(session, "official.delegated", f"office:{office.id}", actor=by.login, at=at, **detail)
    return row


def end_delegation(session: Session, row: Delegation, last: date, by: User, at: datetime) -> None:
    """Say until when; the day before it began means never. Raises Refused before that."""
    if last < row.from_on - timedelta(days=1):
        raise Refused("Masa berlakunya berakhir sebelum dimulai.")
    row.until_on = last
    session.flush()
    audit.record(session, "official.delegation_ended", f"office:{row.office_id}", actor=by.login, at=at, delegation=row.id, until_on=last)
