"""One person once: who of a list stands on another village's list in the same months, or is paid for by somebody else (APBD, CSR).

It is asked when a list is looked at and never written into another village's rows; a village learns that there is a twin, never where.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, String, UniqueConstraint, event, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from ..db import Base, unscoped
from . import audit
from .columns import Recorded
from .users import User

# Doubts that other lists raise; they come and go with those lists and are not kept with the person.
LIVE = ("elsewhere", "other_payer")
PAYERS = {"apbd": "APBD kabupaten", "csr": "CSR perusahaan", "other": "pembayar lain"}
AT_ONCE = 5000


class OtherCover(Recorded, Base):
    """Somebody whom another payer covers in a year: no village needs to pay for him. Only the index and the masked NIK are kept."""

    __tablename__ = "other_covers"
    __table_args__ = (UniqueConstraint("year", "payer", "nik_index"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(index=True)
    payer: Mapped[str] = mapped_column(String(8))
    nik_index: Mapped[str] = mapped_column(String(64), index=True)
    nik_masked: Mapped[str] = mapped_column(String(24))
    name: Mapped[str] = mapped_column(String(160), default="")
    source: Mapped[str] = mapped_column(String(160), default="")


@dataclass(frozen=True)
class Twin:
    """Where a person stands besides: on a village's list (``where`` is empty for eyes that may not see it), or with another payer."""

    kind: str
    where: str

    @property
    def sentence(self) -> str:
        """For the person who must look into it."""
        if self.kind == "other_payer":
            return f"Sudah ditanggung {self.where}"
        return f"Juga di daftar {self.where}" if self.where else "Juga ada di daftar desa lain"


@dataclass(frozen=True)
class Standing:
    """A line on some list: whose it is, and the months it covers."""

    nik_index: str
    agreement_id: int
    village_code: str
    village: str
    first: date
    last: date


def standings(session: Session, year: int, indexes: Collection[str] | None = None) -> list[Standing]:
    """Every line of every village's list of the year, or those of the people asked for."""
    with unscoped("satu orang satu kali antardesa dalam satu tahun", session):
        if indexes is None:
            return [Standing(*row) for row in session.execute(_lines(year))]
        entries, wanted = Base.metadata.tables["roster_entries"], list(indexes)
        parts = (wanted[place : place + AT_ONCE] for place in range(0, len(wanted), AT_ONCE))
        return [Standing(*row) for part in parts for row in session.execute(_lines(year).where(entries.c.nik_index.in_(part)))]


def _lines(year: int) -> Select:
    entries, agreements, villages, districts = (Base.metadata.tables[each] for each in ("roster_entries", "agreements", "villages", "kecamatan"))
    name = "Desa " + villages.c.name + " (Kecamatan " + districts.c.name + ")"
    months = (func.coalesce(entries.c.month_first, agreements.c.month_first), func.coalesce(entries.c.month_last, agreements.c.month_last))
    return (
        select(entries.c.nik_index, entries.c.agreement_id, entries.c.village_code, name, *months)
        .join(agreements, agreements.c.id == entries.c.agreement_id)
        .join(villages, villages.c.code == entries.c.village_code)
        .join(districts, districts.c.code == villages.c.kecamatan_code)
        .where(agreements.c.fiscal_year == year)
        .order_by(entries.c.village_code)
    )


def payers_of(session: Session, year: int, indexes: Collection[str] | None = None) -> dict[str, str]:
    """Who else pays for whom in the year."""
    query = select(OtherCover.nik_index, OtherCover.payer).where(OtherCover.year == year)
    if indexes is not None and len(indexes) <= AT_ONCE:
        query = query.where(OtherCover.nik_index.in_(list(indexes)))
    return {index: PAYERS.get(payer, payer) for index, payer in session.execute(query)}


def _overlap(one: tuple[date, date], other: tuple[date, date]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def twins(session: Session, year: int, asked: Iterable[tuple[str, int, tuple[date, date]]], known: Sequence[Standing], payers: Mapping[str, str]) -> dict[tuple[str, int], tuple[Twin, ...]]:
    """For each (index, agreement, months) asked, where else the person stands in those months."""
    scope, lines, found = session.info.get("scope"), defaultdict(list), {}
    for each in known:
        lines[each.nik_index].append(each)
    for index, agreement_id, months in asked:
        there = [each for each in lines[index] if each.agreement_id != agreement_id and _overlap(months, (each.first, each.last))]
        seen = dict.fromkeys(Twin("elsewhere", each.village if scope is not None and each.village_code.startswith(scope) else "") for each in there)
        if index in payers:
            seen[Twin("other_payer", payers[index])] = None
        if seen:
            found[index, agreement_id] = tuple(seen)
    return found


def twins_of(session: Session, agreement_id: int) -> dict[str, tuple[Twin, ...]]:
    """The people of a list who stand elsewhere too; asked once and forgotten when a list changes."""
    kept = session.info.setdefault("twins", {})
    if agreement_id not in kept:
        entries, agreements = (Base.metadata.tables[each] for each in ("roster_entries", "agreements"))
        year = session.scalar(select(agreements.c.fiscal_year).where(agreements.c.id == agreement_id))
        # The query of one list's own people runs within the scope of the session; looking across lists says so.
        indexes = list(session.scalars(select(entries.c.nik_index).where(entries.c.agreement_id == agreement_id)))
        known = standings(session, year, indexes) if year is not None and indexes else []
        mine = [(each.nik_index, agreement_id, (each.first, each.last)) for each in known if each.agreement_id == agreement_id]
        found = twins(session, year or 0, mine, known, payers_of(session, year or 0, indexes))
        session.info.setdefault("twins", {})[agreement_id] = {index: those for (index, _), those in found.items()}
        kept = session.info["twins"]
    return kept[agreement_id]


@event.listens_for(Session, "after_flush")
def _forget_when_lists_change(session: Session, _: object) -> None:
    changed = {type(each).__tablename__ for each in (*session.new, *session.dirty, *session.deleted)}
    if changed & {"roster_entries", "other_covers", "agreements"}:
        forget_twins(session)


@event.listens_for(Session, "after_commit")
@event.listens_for(Session, "after_soft_rollback")
def forget_twins(session: Session, *_: object) -> None:
    """Ask again next time."""
    session.info.pop("twins", None)


@dataclass(frozen=True)
class Covered:
    """Somebody whom another payer covers, read and checked."""

    nik_index: str
    nik_masked: str
    name: str


def add_covers(session: Session, year: int, payer: str, source: str, people: Sequence[Covered], by: User, at: datetime) -> int:
    """Note whom another payer covers; who is noted already stays as he is. How many are new."""
    there = set(session.scalars(select(OtherCover.nik_index).where(OtherCover.year == year, OtherCover.payer == payer)))
    new = {each.nik_index: each for each in people if each.nik_index not in there}
    session.add_all(
        OtherCover(year=year, payer=payer, nik_index=each.nik_index, nik_masked=each.nik_masked, name=each.name, source=source, by_id=by.id, at=at)
        for each in new.values()
    )
    session.flush()
    audit.record(session, "elsewhere.added", f"elsewhere:{year}", actor=by.login, at=at, payer=payer, people=len(new))
    return len(new)


def remove_covers(session: Session, rows: Sequence[OtherCover], by: User, at: datetime) -> int:
    """Take people off the list of another payer."""
    for each in rows:
        session.delete(each)
    session.flush()
    for year in sorted({each.year for each in rows}):
        audit.record(session, "elsewhere.removed", f"elsewhere:{year}", actor=by.login, at=at, people=sum(each.year == year for each in rows))
    return len(rows)


def covers_of(session: Session, year: int, payer: str = "", text: str = "") -> list[OtherCover]:
    """The people whom others cover in a year, by name; ``text`` looks in name, source and the last digits of the NIK."""
    query = select(OtherCover).where(OtherCover.year == year).order_by(OtherCover.name, OtherCover.id)
    if payer:
        query = query.where(OtherCover.payer == payer)
    words = text.casefold().split()
    return [each for each in session.scalars(query) if all(word in f"{each.name} {each.source} {each.nik_masked[-4:]}".casefold() for word in words)]
