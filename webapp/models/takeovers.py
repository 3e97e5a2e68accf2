"""Agreements made on paper before this register began: what the archive tells, marked as taken over, never as witnessed here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from workflows import Refused
from workflows.facts import TakenOver

from ..db import Base, unscoped
from . import audit
from .blocks import BlockUse
from .columns import OfAgreement, Recorded
from .files import StoredFile
from .letters import Letter, Series
from .users import User

if TYPE_CHECKING:
    from .accords import Accord
    from .agreements import Agreement
    from .signatures import Signature


@dataclass(frozen=True)
class Archived:
    """What a row of the archive says of one agreement; an empty word is a gap that the page shows."""

    village_code: str
    fiscal_year: int
    number_kesatu: str
    number_kedua: str
    dated_on: date
    place: str
    kesatu: str
    kedua: str
    head: str
    note: str = ""


class Takeover(Recorded, OfAgreement, Base):
    """What the archive says of an agreement; written once, the newest row stands, so that a correction leaves the earlier one readable."""

    __tablename__ = "takeovers"

    number_kesatu: Mapped[str] = mapped_column(String(120))
    number_kedua: Mapped[str] = mapped_column(String(120))
    kesatu: Mapped[str] = mapped_column(String(160))
    kedua: Mapped[str] = mapped_column(String(160))
    head: Mapped[str] = mapped_column(String(160))
    note: Mapped[str] = mapped_column(Text, default="")
    file_sha256: Mapped[str] = mapped_column(String(64), default="")

    by: Mapped[User] = relationship(lazy="joined")

    def as_seen(self) -> TakenOver:
        """The archive's word as the rules see it."""
        return TakenOver(self.number_kesatu, self.number_kedua, self.kesatu, self.kedua, self.head, self.by.login)

    @property
    def gaps(self) -> tuple[str, ...]:
        """What the archive does not say, a phrase each."""
        said = {"penandatangan PIHAK KESATU": self.kesatu, "penandatangan PIHAK KEDUA": self.kedua, "Kepala Desa penandatangan lampiran": self.head}
        return tuple(f"nama {what} belum diisi pada data yang diambil alih" for what, name in said.items() if not name)


def numbers_in_use(session: Session, numbers: Iterable[str]) -> dict[str, str]:
    """Which of the numbers stand already in the register, among those written by hand, or in the archive taken over, and where, in words."""
    wanted = {each for each in numbers if each}
    with unscoped("nomor ganda antara arsip dan register", session):
        found = dict.fromkeys(session.scalars(select(Letter.number).where(Letter.number.in_(wanted), Letter.seq.is_not(None))), "register")
        found |= dict.fromkeys(session.scalars(select(BlockUse.number).where(BlockUse.number.in_(wanted))), "register (ditulis tangan)")
        taken = select(Takeover.number_kesatu).where(Takeover.number_kesatu.in_(wanted))
        return dict.fromkeys(session.scalars(taken), "arsip yang sudah diambil alih") | found


def take_over(session: Session, accord: Accord, rows: Iterable[Archived], file_sha256: str, by: User, at: datetime, today: date) -> list[Agreement]:
    """Agreements of the archive, all or none. Raises Refused for a village that has one in that year, and for a number in use."""
    from .agreements import Agreement

    rows = list(rows)
    used = numbers_in_use(session, (each.number_kesatu for each in rows))
    made = []
    for row in rows:
        if row.number_kesatu in used:
            raise Refused(f"Nomor {row.number_kesatu} sudah ada di {used[row.number_kesatu]}.")
        if session.scalar(select(Agreement.id).where(Agreement.village_code == row.village_code, Agreement.fiscal_year == row.fiscal_year)):
            raise Refused(f"Desa {row.village_code} sudah mempunyai perjanjian tahun {row.fiscal_year}.")
        agreement = Agreement(village_code=row.village_code, fiscal_year=row.fiscal_year, accord=accord, dated_on=row.dated_on, place=row.place)
        agreement.month_first, agreement.month_last = date(row.fiscal_year, 1, 1), date(row.fiscal_year, 12, 1)
        session.add(agreement)
        session.flush()
        _record(agreement, row, file_sha256, by, at, today)
        made.append(agreement)
    return made


def correct(agreement: Agreement, row: Archived, by: User, at: datetime, today: date) -> None:
    """What the archive says, corrected by a new row. Raises Refused for an agreement drawn up here, a number in use, or when nothing differs."""
    agreement.refuse_when_held()
    stands = agreement.takeover
    if stands is None:
        raise Refused("Perjanjian ini disusun di sini, tidak diambil alih dari arsip.")
    if archived(agreement) == row:
        raise Refused("Tidak ada yang berubah.")
    if row.number_kesatu != stands.number_kesatu and (used := numbers_in_use(agreement._session, [row.number_kesatu])):
        raise Refused(f"Nomor {row.number_kesatu} sudah ada di {used[row.number_kesatu]}.")
    agreement.dated_on, agreement.place = row.dated_on, row.place
    _record(agreement, row, stands.file_sha256, by, at, today)


def archived(agreement: Agreement) -> Archived:
    """What stands of an agreement that was taken over."""
    stands = agreement.takeover
    assert stands is not None and agreement.dated_on is not None
    same = {name: getattr(stands, name) for name in ("number_kesatu", "number_kedua", "kesatu", "kedua", "head", "note")}
    return Archived(agreement.village_code, agreement.fiscal_year, dated_on=agreement.dated_on, place=agreement.place, **same)


def _record(agreement: Agreement, row: Archived, file_sha256: str, by: User, at: datetime, today: date) -> None:
    said = asdict(row)
    same = ("number_kesatu", "number_kedua", "kesatu", "kedua", "head", "note")
    agreement.add(Takeover(file_sha256=file_sha256, by=by, by_id=by.id, at=at, **{name: said[name] for name in same}))
    agreement.moved("agreement.taken_over", by, at, today, number=row.number_kesatu, dated_on=row.dated_on, file=file_sha256)


def attach_scan(agreement: Agreement, signers: Iterable[str], on: date, place: str, file: StoredFile, by: User, at: datetime, today: date) -> list[Signature]:
    """The scan of a paper that was signed before this register began, for one or several signers; another person confirms it.

    Raises Refused for an agreement drawn up here, and for what ``signatures.sign`` refuses.
    """
    from .signatures import sign

    if agreement.takeover is None:
        raise Refused("Perjanjian ini disusun di sini; catat tanda tangannya di halaman Tanda tangan.")
    chosen = list(signers)
    if not chosen:
        raise Refused("Pilih tanda tangan siapa yang ada pada pindaian ini.")
    return [sign(agreement, signer, on, place, file, by, at, today) for signer in chosen]


def start_series(session: Session, unit: str, year: int, last_used: int, source: str, by: User, at: datetime) -> Series:
    """The register goes on after the last number that the office gave by hand. Raises Refused once this register has drawn a number of the year."""
    if not 0 < last_used < 100_000:
        raise Refused("Nomor terakhir harus antara 1 dan 99.999.")
    series = session.get(Series, (unit, year)) or Series(unit=unit, year=year, next=1, start=1)
    if series.next != series.start:
        raise Refused(f"Register {year} sudah memberi nomor {series.start} sampai {series.next - 1}; awalnya tidak dapat digeser lagi.")
    series.start = series.next = last_used + 1
    session.add(series)
    session.flush()
    audit.record(session, "register.started", f"series:{unit}:{year}", actor=by.login, at=at, last_used=last_used, source=source)
    return series


def taken_over(session: Session) -> list[Agreement]:
    """The agreements that were taken over, in the order of villages and years."""
    from .agreements import Agreement
    from .lists import with_facts

    ids = select(Takeover.agreement_id).distinct()
    return list(session.scalars(with_facts(select(Agreement).where(Agreement.id.in_(ids)).order_by(Agreement.village_code, Agreement.fiscal_year))))
