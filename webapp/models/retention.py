"""How long what is kept: classes as data, agreements under a legal hold, and the erasing of people from lists whose time is over.

Nothing is erased by itself: a dry run names the counts, an administrator confirms exactly that, and every agreement leaves a record and an event.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import LargeBinary, String, Text, delete, func, select, type_coerce, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from workflows import Refused

from ..db import Base
from ..seal import ERASED, ERASED_INDEX
from . import audit
from .agreements import Agreement
from .changes import RosterChange, next_month
from .corrections import CorrectionRequest
from .elsewhere import forget_twins
from .imports import ImportPart, RosterImport
from .legal_holds import ERASABLE, Erasure, LegalHold, held_agreements
from .offices import Installation
from .rosters import RosterEntry, RosterVersion, RosterVersionEntry
from .users import User

QUIETLY = {"synchronize_session": False}
NOTHING = (0, 0, 0, 0)


class RetentionClass(Base):
    """How long a kind of data is kept. ``years`` None: the service does not delete it (imports count days, see the installation)."""

    __tablename__ = "retention_classes"

    slug: Mapped[str] = mapped_column(String(20), primary_key=True)
    rank: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    years: Mapped[int | None]
    basis: Mapped[str] = mapped_column(Text)
    confidence: Mapped[str] = mapped_column(String(1))

    def span(self, import_days: int) -> str:
        """The time as people say it."""
        if self.slug == "imports":
            return f"{import_days} hari, lalu dihapus sendiri"
        return f"{self.years} tahun sesudah perjanjian berakhir" if self.years else "tidak dihapus oleh layanan"


def classes(session: Session) -> list[RetentionClass]:
    """All classes."""
    return list(session.scalars(select(RetentionClass).order_by(RetentionClass.rank)))


def change_class(session: Session, row: RetentionClass, now: Mapping[str, Any], by: User, at: datetime) -> None:
    """Change how long a class is kept, and why; imports count days. What is not asked for stays."""
    installation = session.get_one(Installation, 1)
    before = {"years": row.years, "confidence": row.confidence} | ({"days": installation.keep_imports_days} if row.slug == "imports" else {})
    for name in ("years", "basis", "confidence"):
        setattr(row, name, now.get(name, getattr(row, name)))
    if row.slug == "imports":
        installation.keep_imports_days = now["days"]
    session.flush()
    said = {name: now[name] for name in ("years", "days", "basis", "confidence") if name in now}
    audit.record(session, "retention.changed", f"retention:{row.slug}", actor=by.login, at=at, before=before, now=said)


# --- legal hold ---


def place_hold(agreement: Agreement, reason: str, by: User, at: datetime) -> LegalHold:
    """From now on nothing of the agreement is deleted. Raises Refused without a reason, or while one stands."""
    _locked(agreement)
    if agreement.legal_hold:
        raise Refused("Perjanjian ini sudah ditahan dari penghapusan.")
    return _hold(agreement, "held", reason, by, at)


def release_hold(agreement: Agreement, reason: str, by: User, at: datetime) -> LegalHold:
    """The ordinary times hold again. Raises Refused without a reason, or when none stands."""
    _locked(agreement)
    if agreement.legal_hold is None:
        raise Refused("Perjanjian ini tidak sedang ditahan dari penghapusan.")
    return _hold(agreement, "released", reason, by, at)


def _locked(agreement: Agreement) -> None:
    """Whoever erases or holds the same agreement waits here, then reads what the other did."""
    agreement._session.refresh(agreement, with_for_update={"of": Agreement})


def _hold(agreement: Agreement, kind: str, reason: str, by: User, at: datetime) -> LegalHold:
    if not reason.strip():
        raise Refused("Tuliskan alasannya.")
    row = LegalHold(kind=kind, reason=reason.strip(), by_id=by.id, at=at)
    agreement.add(row)
    agreement._session.flush()
    agreement._session.expire(agreement, ["legal_holds"])
    action = "hold.placed" if kind == "held" else "hold.released"
    audit.record(agreement._session, action, f"agreement:{agreement.code}", actor=by.login, at=at, village_code=agreement.village_code, reason=reason.strip()[:300])
    return row


def standing_holds(session: Session) -> list[tuple[Agreement, LegalHold]]:
    """Agreements that stand under a hold, by village and year."""
    held = held_agreements(session)
    found = session.scalars(select(Agreement).where(Agreement.id.in_(held)).order_by(Agreement.village_code, Agreement.fiscal_year))
    return [(each, held[each.id]) for each in found]


def holdable(session: Session) -> list[tuple[str, str]]:
    """Agreements that stand under no hold, as choices."""
    held = held_agreements(session)
    found = session.scalars(select(Agreement).order_by(Agreement.fiscal_year.desc(), Agreement.village_code))
    return [(each.code, f"{each.village.full_name}, {each.fiscal_year}") for each in found if each.id not in held]


def held_imports(session: Session) -> set[int]:
    """Imports that touched an agreement under a hold: their sealed files stay."""
    held = set(held_agreements(session))
    own = session.scalars(select(RosterImport.id).where(RosterImport.agreement_id.in_(held)))
    return {*own, *session.scalars(select(ImportPart.import_id).where(ImportPart.agreement_id.in_(held)))}


def refuse_deletion_of(session: Session, batch: RosterImport) -> None:
    """Raise Refused while the file of an import must stay."""
    if batch.id in held_imports(session):
        raise Refused("Berkas impor ini menyangkut perjanjian yang ditahan dari penghapusan; tidak ada yang dihapus sampai penahanannya dilepas.")


# --- what is due ---


@dataclass(frozen=True)
class Ended:
    """An agreement with people on its lists: when it ends, when their time is over, and how many rows that is."""

    agreement: Agreement
    ends_on: date
    due_on: date
    versions: int
    people: int
    entries: int
    changes: int
    held: LegalHold | None

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """Versions, people in them, people on the working list, monthly changes."""
        return self.versions, self.people, self.entries, self.changes


@dataclass(frozen=True)
class DryRun:
    """What erasing would touch today: ``due``; what a hold keeps; what comes later. ``digest`` names exactly this."""

    years: int | None
    basis: str
    due: tuple[Ended, ...]
    held: tuple[Ended, ...]
    later: tuple[Ended, ...]

    @property
    def digest(self) -> str:
        """Changes with every agreement, count and year."""
        seen = [self.years, [[each.agreement.code, each.due_on.isoformat(), *each.counts] for each in self.due]]
        return hashlib.sha256(json.dumps(seen).encode()).hexdigest()

    @property
    def next_on(self) -> date | None:
        """When the next one is due."""
        return min((each.due_on for each in self.later), default=None)

    def total(self, name: str) -> int:
        """Rows of a kind over all that are due."""
        return sum(getattr(each, name) for each in self.due)


def dry_run(session: Session, today: date) -> DryRun:
    """Count, touch nothing."""
    law = session.get_one(RetentionClass, "rosters")
    erased = set(session.scalars(select(Erasure.agreement_id)))
    agreements = [each for each in session.scalars(select(Agreement).order_by(Agreement.village_code, Agreement.fiscal_year)) if each.id not in erased]
    rows, held = _rows(session), held_agreements(session)
    found = [_ended(each, law.years, rows, held.get(each.id)) for each in agreements if each.id in rows]
    over = [each for each in found if each.due_on <= today]
    due, kept = tuple(each for each in over if each.held is None), tuple(each for each in over if each.held)
    return DryRun(law.years, law.basis, due, kept, tuple(each for each in found if each.due_on > today))


def _rows(session: Session) -> dict[int, list[int]]:
    """Per agreement: versions, people in them, people on the working list, monthly changes."""
    frozen = select(RosterVersion.agreement_id, func.count()).join(RosterVersionEntry, RosterVersionEntry.version_id == RosterVersion.id)
    versions, entries, changes = (select(each.agreement_id, func.count()).group_by(each.agreement_id) for each in (RosterVersion, RosterEntry, RosterChange))
    queries = (versions, frozen.group_by(RosterVersion.agreement_id), entries, changes)
    found: dict[int, list[int]] = {}
    for place, query in enumerate(queries):
        for id_, count in session.execute(query):
            found.setdefault(id_, list(NOTHING))[place] = count
    return found


def _ended(agreement: Agreement, years: int | None, rows: Mapping[int, Sequence[int]], held: LegalHold | None) -> Ended:
    after = next_month(agreement.month_last)
    due = date(after.year + years, after.month, 1) if years else date.max
    return Ended(agreement, after - timedelta(days=1), due, *rows.get(agreement.id, NOTHING), held)


# --- erasing ---


def erase(session: Session, seen: str, by: User, at: datetime, today: date) -> tuple[int, int]:
    """Erase the people on the lists that the dry run named; how many agreements and people. Raises Refused when it would be others by now."""
    now = dry_run(session, today)
    if seen != now.digest:
        raise Refused("Yang akan dihapus berubah sejak uji cobanya. Lihat sekali lagi, lalu putuskan.")
    if not now.due:
        raise Refused("Tidak ada data yang masa simpannya habis.")
    if session.get_bind().dialect.name == "sqlite":
        session.connection().exec_driver_sql("PRAGMA secure_delete = ON")  # the old bytes do not stay behind in the file
    for each in now.due:
        _erase(session, each, now.basis, by, at)
    forget_twins(session)
    return len(now.due), now.total("people")


def _erase(session: Session, ended: Ended, basis: str, by: User, at: datetime) -> None:
    agreement = ended.agreement
    _locked(agreement)
    if agreement.legal_hold:
        raise Refused(f"{agreement.village.full_name} baru saja ditahan dari penghapusan; tidak ada yang dihapus. Ulangi uji cobanya.")
    _blank_versions(session, agreement.id)
    _blank(session, RosterChange, agreement.id)
    _blank(session, CorrectionRequest, agreement.id)
    session.execute(delete(RosterEntry).where(RosterEntry.agreement_id == agreement.id), execution_options=QUIETLY)
    counts = dict(zip(("versions", "people", "entries", "changes"), ended.counts, strict=True))
    agreement.add(Erasure(basis=basis, by_id=by.id, at=at, **counts))
    session.flush()
    session.expire(agreement)
    audit.record(session, "roster.erased", f"agreement:{agreement.code}", actor=by.login, at=at, village_code=agreement.village_code, due_on=ended.due_on, **counts)


def _values(table: str, year: int = 0) -> dict[str, Any]:
    """What the guard of the table lets through, and nothing else."""
    becomes = {"sealed": type_coerce(ERASED, LargeBinary), "gone": None, "index": ERASED_INDEX, "year": date(max(year, 1), 1, 1)}
    return {name: becomes[kind] for name, kind in ERASABLE[table].items()}


def _blank(session: Session, model: Any, agreement_id: int) -> None:
    session.execute(update(model).where(model.agreement_id == agreement_id).values(_values(model.__tablename__)), execution_options=QUIETLY)


def _blank_versions(session: Session, agreement_id: int) -> None:
    """Year of birth by year of birth: the day goes, the year stays."""
    versions = select(RosterVersion.id).where(RosterVersion.agreement_id == agreement_id).scalar_subquery()
    mine = RosterVersionEntry.version_id.in_(versions)
    for year in Counter(each.year for each in session.scalars(select(RosterVersionEntry.birth_on).where(mine))):
        born = RosterVersionEntry.birth_on.between(date(year, 1, 1), date(year, 12, 31))
        session.execute(update(RosterVersionEntry).where(mine, born).values(_values("roster_version_entries", year)), execution_options=QUIETLY)


def erasures(session: Session) -> list[tuple[Agreement, Erasure]]:
    """What was erased, the newest first."""
    found = session.scalars(select(Erasure).order_by(Erasure.id.desc()))
    return [(session.get_one(Agreement, each.agreement_id), each) for each in found]
