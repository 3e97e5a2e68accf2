"""The register of letters: a number is reserved with its frozen facts, issued when the printed bytes are stored, never used again.

Rule T4: the number and the letter's row come in one transaction; a retry keeps the number; void keeps number and reason.
"""

from __future__ import annotations

import json
import re
import secrets
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, Text, UniqueConstraint, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, deferred, mapped_column, relationship

from workflows import Refused

from ..db import Base, Moment, VillageOwned
from ..seal import Sealed
from .offices import Office
from .series import series_for
from .users import User

ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
TOKENS = ("klas", "urut", "unit", "romawi", "bulan", "tahun", "kode_desa")
DRAWN = text("seq IS NOT NULL")
STATES = {"reserved": "dicadangkan", "issued": "terbit", "void": "batal"}


class Series(Base):
    """One run of numbers per unit and year; ``next`` is the number that comes next."""

    __tablename__ = "series"

    unit: Mapped[str] = mapped_column(String(40), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    next: Mapped[int] = mapped_column(default=1)
    start: Mapped[int] = mapped_column(default=1)


class Rendition(Base):
    """The printed bytes of an issued letter; Rangkap 1 and 2 are two renditions of one letter."""

    __tablename__ = "renditions"
    __table_args__ = (UniqueConstraint("letter_id", "rangkap"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("letters.id"), index=True)
    rangkap: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    pages: Mapped[int]
    size: Mapped[int]
    at: Mapped[datetime] = mapped_column(Moment)


class Letter(VillageOwned, Base):
    """A letter in the register. ``facts`` are frozen JSON; ``version`` counts corrections under the same number.

    ``unit``, ``year`` and ``seq`` are empty for papers that carry another number (an annex, the village's own statement).
    """

    __tablename__ = "letters"
    __table_args__ = (
        UniqueConstraint("unit", "year", "seq", "version"),
        UniqueConstraint("id", "village_code"),
        ForeignKeyConstraint(["agreement_id", "village_code"], ["agreements.id", "agreements.village_code"]),
        # No two drawn numbers read the same, whatever their series, year and pattern. Another register's numbers (without seq) may.
        Index("uq_letters_drawn_number", "number", "version", unique=True, sqlite_where=DRAWN, postgresql_where=DRAWN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), index=True)
    village_code: Mapped[str | None] = mapped_column(String(13), index=True)
    agreement_id: Mapped[int | None] = mapped_column(index=True)
    accord_id: Mapped[int | None] = mapped_column(ForeignKey("accords.id"))
    unit: Mapped[str | None] = mapped_column(String(40))
    year: Mapped[int | None]
    seq: Mapped[int | None]
    number: Mapped[str] = mapped_column(String(160))
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(String(8), default="reserved", index=True)
    token: Mapped[str] = mapped_column(String(40), unique=True)
    dated_on: Mapped[date]
    title: Mapped[str] = mapped_column(String(160))
    addressee: Mapped[str] = mapped_column(String(200), default="")
    facts: Mapped[str] = deferred(mapped_column(Sealed))  # an annex names people: sealed like their NIK (T10)
    facts_digest: Mapped[str] = mapped_column(String(64))
    template: Mapped[str] = mapped_column(String(80))
    renderer: Mapped[str] = mapped_column(String(80), default="")
    public_url: Mapped[str] = mapped_column(String(200))
    contoh: Mapped[bool] = mapped_column(default=False)
    reserved_at: Mapped[datetime] = mapped_column(Moment)
    reserved_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    issued_at: Mapped[datetime | None] = mapped_column(Moment)
    tries: Mapped[int] = mapped_column(default=0)
    try_after: Mapped[datetime | None] = mapped_column(Moment)
    problem: Mapped[str] = mapped_column(Text, default="")
    void_at: Mapped[datetime | None] = mapped_column(Moment)
    void_reason: Mapped[str] = mapped_column(Text, default="")
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("letters.id"))

    renditions: Mapped[list[Rendition]] = relationship(order_by=Rendition.rangkap, lazy="selectin")
    reserved_by: Mapped[User] = relationship(lazy="joined")

    @property
    def sha256(self) -> str:
        """Hash of the first original; empty while it is not printed."""
        return self.renditions[0].sha256 if self.renditions else ""

    @property
    def state_name(self) -> str:
        """The state in the register's words."""
        return "diganti" if self.replaced_by_id else STATES[self.state]

    @property
    def stuck(self) -> bool:
        """Reserved, tried, and not printed."""
        return self.state == "reserved" and bool(self.problem)

    def frozen_facts(self) -> dict[str, Any]:
        """The facts that the paper prints."""
        return json.loads(self.facts)


def number_text(pattern: str, **tokens: object) -> str:
    """The number as it prints, from a pattern such as ``{klas}/{urut}/{unit}/{romawi}/{tahun}``. Raises Refused for an unknown token."""
    unknown = set(re.findall(r"\{(.*?)\}", pattern)) - set(TOKENS)
    if unknown or "{urut}" not in pattern:
        raise Refused(f"Pola nomor {pattern!r} tidak dapat dipakai; token yang dikenal: {', '.join(TOKENS)}, dan {{urut}} wajib ada.")
    return pattern.format(**tokens)


def draw_number(session: Session, unit: str, year: int, start: int = 1, count: int = 1) -> int:
    """The next number of the series, or the first of the next ``count``; two at once never get the same one, and a rollback gives it back.

    ``start`` is the first number of a series that is opened by this draw.
    """
    for _ in range(2):
        drawn = session.execute(
            update(Series).where(Series.unit == unit, Series.year == year).values(next=Series.next + count).returning(Series.next),
            execution_options={"synchronize_session": False},
        ).scalar()
        if drawn is not None:
            return drawn - count
        try:
            with session.begin_nested():
                session.add(Series(unit=unit, year=year, next=start, start=start))
        except IntegrityError:
            continue  # somebody else opened the series first
    raise Refused("Buku nomor tidak dapat dibuka; coba lagi.")


def reserve_number(session: Session, office: Office, archive_code: str, on: date, village_code: str | None, kind: str = "") -> dict[str, Any]:
    """Draw a number of the office for a letter: ``unit``, ``year``, ``seq`` and its text, from the series that the office chose for its kind.

    The year is that of ``on``, the office's own date. Raises Refused when the text stands on another paper already.
    """
    chosen = series_for(session, office, kind, on)
    seq = draw_number(session, chosen.unit, on.year, chosen.start)
    tokens = {"romawi": ROMAN[on.month], "bulan": f"{on.month:02}", "tahun": on.year, "kode_desa": village_code or ""}
    text = number_text(chosen.pattern, klas=archive_code, urut=seq, unit=chosen.unit, **tokens)
    _refuse_taken(session, text, seq)
    return {"unit": chosen.unit, "year": on.year, "seq": seq, "number": text}


def _refuse_taken(session: Session, number: str, seq: int) -> None:
    """A pattern without unit or year, or an archive that was taken over, may have used the text before: it is not printed a second time."""
    from .takeovers import numbers_in_use

    if where := numbers_in_use(session, [number]):
        raise Refused(
            f"Nomor {number} sudah ada di {where[number]}. Cadangkan nomor urut {seq} sebagai blok dan catat pemakaiannya, atau ubah pola nomor serinya; lalu ulangi."
        )


def new_token() -> str:
    """128 random bits for the QR: it names no village and no person (T9)."""
    return secrets.token_urlsafe(16)


def newest_version(session: Session, letter: Letter) -> int:
    """The highest version under this number."""
    same = (Letter.unit == letter.unit, Letter.year == letter.year, Letter.seq == letter.seq)
    return session.scalar(select(Letter.version).where(*same).order_by(Letter.version.desc()).limit(1)) or letter.version


def retry_after(tries: int, now: datetime) -> datetime:
    """When a failed print is tried again by itself: after 30 s, 1, 2, 4 … minutes, at most an hour."""
    return now + timedelta(seconds=min(3600, 30 * 2 ** min(tries, 10)))
