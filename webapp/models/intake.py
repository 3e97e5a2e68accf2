"""Putting what an import read on the lists, in one transaction and through the acts of each agreement, and taking the whole of it back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from workflows import Refused
from workflows.nik import masked

from . import audit, changes
from .agreements import Agreement
from .changes import Change, RosterChange
from .elsewhere import forget_twins
from .imports import ImportPart, ImportStep, RosterImport
from .legal_holds import refuse_deletion
from .participants import Person
from .rosters import RosterEntry, RosterVersionEntry
from .users import User

AT_ONCE = 1000


@dataclass(frozen=True)
class Going:
    """A person on his way to a list, with the index that finds him."""

    agreement_id: int
    person: Person
    nik_index: str


def step(batch: RosterImport, kind: str, at: datetime, by: User | None, turn: int = 0, detail: Mapping[str, Any] | None = None, **more: Any) -> ImportStep:
    """Note what happened to an import."""
    row = ImportStep(kind=kind, turn=turn, at=at, by_id=by.id if by else None, detail=json.dumps(detail or {}, ensure_ascii=False), **more)
    batch.steps.append(row)
    return row


def tell(session: Session, batch: RosterImport, action: str, at: datetime, by: User | None, **detail: Any) -> None:
    """The event of an import; it never holds what is in the file."""
    audit.record(session, action, f"import:{batch.id}", actor=by.login if by else "sistem", at=at, village_code=batch.village_code, **detail)


def store(
    session: Session, batch: RosterImport, going: Sequence[Going], totals: Mapping[str, Any], versions: Mapping[int, int], left: str, joined: Change | None,
    by: User, at: datetime, today: date,
) -> int:
    """Put people on the lists that they are for, all or none. ``versions`` are the agreements as they were looked at, ``left`` names the rows left out.

    Raises Refused when it is stored already, when a list has changed since the look, and for what its agreement refuses.
    """
    if batch.state != "read":
        raise Refused("Impor ini tidak dapat disimpan lagi: " + _what_happened(batch))
    if not going:
        raise Refused("Tidak ada baris yang dapat disimpan.")
    session.add(step(batch, "stored", at, by, detail=totals, reading_sha256=left))
    session.flush()  # of two at once the second one ends here
    by_list: dict[int, list[Going]] = {}
    for each in going:
        by_list.setdefault(each.agreement_id, []).append(each)
    agreements = {each.id: each for each in session.scalars(select(Agreement).where(Agreement.id.in_(by_list)).order_by(Agreement.village_code))}
    for agreement in agreements.values():
        if agreement.version != versions[agreement.id]:
            raise Refused(f"Daftar {agreement.village.full_name} berubah sejak Anda memeriksa impor ini. Periksa sekali lagi, lalu simpan.")
        _put(session, batch, agreement, by_list[agreement.id], joined, by, at, today)
    tell(session, batch, "import.stored", at, by, people=len(going), villages=len(by_list), year=batch.fiscal_year)
    return len(going)


def _what_happened(batch: RosterImport) -> str:
    newest = batch.undone or batch.stored
    return f"sudah {'diurungkan' if batch.undone else 'disimpan'} {newest.at:%d-%m-%Y}." if newest else "berkasnya belum dibaca atau sudah dibuang."


def _put(session: Session, batch: RosterImport, agreement: Agreement, going: Sequence[Going], joined: Change | None, by: User, at: datetime, today: date) -> None:
    agreement.refuse_when_held()
    if changes.needs_record(agreement) and joined is None:
        raise Refused(f"Perjanjian {agreement.village.full_name} sudah ditandatangani: isikan tanggal orang-orang ini bergabung.")
    flagged = sum(bool(each.person.flags) for each in going)
    part = ImportPart(import_id=batch.id, people=len(going), flagged=flagged, by_id=by.id, at=at)
    agreement.add(part)
    session.flush()
    rows = [_row(each, agreement, part, by, at) for each in going]
    for place in range(0, len(rows), AT_ONCE):
        session.execute(insert(RosterEntry), rows[place : place + AT_ONCE])
    forget_twins(session)
    if changes.needs_record(agreement) and joined is not None:
        changes.join(agreement, list(session.scalars(select(RosterEntry).where(RosterEntry.part_id == part.id))), joined, by, at, today)
    agreement.edited("roster.imported", by, at, today, **{"people": len(going), "flagged": flagged, "import": batch.id})


def _row(each: Going, agreement: Agreement, part: ImportPart, by: User, at: datetime) -> dict[str, Any]:
    person, digits = each.person, each.person.nik.digits
    return {
        "agreement_id": agreement.id, "village_code": agreement.village_code, "part_id": part.id, "by_id": by.id, "at": at, "category": person.category,
        "name": person.name, "nik": digits, "nik_index": each.nik_index, "nik_masked": masked(digits), "birth_on": person.birth_on, "sex": person.sex,
        "job": person.job, "wage_base": person.wage_base, "particulars": person.particulars, "flags": person.flags, "cleared_reason": "", "cleared_flags": (),
    }  # fmt: skip


def why_not_undo(session: Session, batch: RosterImport) -> str:
    """What keeps the import from being taken back, in a sentence; empty when nothing does."""
    if batch.stored is None or batch.undone is not None:
        return "Impor ini tidak tersimpan di daftar mana pun."
    for part in batch.parts:
        agreement = session.get(Agreement, part.agreement_id)
        if agreement is None:
            return "Sebagian desa dari impor ini tidak dapat Anda lihat."
        found = _why_not(session, part, agreement)
        if found:
            return f"{agreement.village.full_name}: {found}"
    return ""


def _why_not(session: Session, part: ImportPart, agreement: Agreement) -> str:
    if agreement.hold:
        return "perjanjiannya ditangguhkan atau diakhiri."
    mine = RosterEntry.part_id == part.id
    later = [each.id for each in agreement.versions if each.at >= part.at]
    held = select(RosterVersionEntry.version_id).join(RosterEntry, RosterEntry.nik_index == RosterVersionEntry.nik_index).where(mine, RosterVersionEntry.version_id.in_(later)).distinct()
    holding = set(session.scalars(held)) if later else ()
    if holding:
        numbers = ", ".join(str(each.number) for each in agreement.versions if each.id in holding)
        return f"daftar versi {numbers} sudah dibekukan dengan orang dari impor ini."
    if session.scalar(select(RosterChange.id).join(RosterEntry, RosterEntry.id == RosterChange.entry_id).where(mine).limit(1)):
        return "orang dari impor ini tercatat bergabung atau keluar; catat perubahannya satu per satu."
    changed = list(session.scalars(select(RosterEntry.name).where(mine, RosterEntry.changed_at.is_not(None)).order_by(RosterEntry.name).limit(4)))
    if changed:
        return f"data {', '.join(changed[:3])}{' dan lainnya' if len(changed) > 3 else ''} sudah diubah sesudah impor."
    left = part.people - (session.scalar(select(func.count()).select_from(RosterEntry).where(mine)) or 0)
    return f"{left} orang dari impor ini sudah dikeluarkan dari daftar." if left else ""


def undo(session: Session, batch: RosterImport, by: User, at: datetime, today: date) -> int:
    """Take everybody whom the import brought off the lists again. Raises Refused for what ``why_not_undo`` says."""
    why_not = why_not_undo(session, batch)
    if why_not:
        raise Refused(f"Impor ini tidak dapat diurungkan. {why_not}")
    refuse_deletion(session, {each.agreement_id for each in batch.parts})
    session.add(step(batch, "undone", at, by))
    session.flush()
    for part in batch.parts:
        agreement = session.get_one(Agreement, part.agreement_id)
        session.execute(delete(RosterEntry).where(RosterEntry.part_id == part.id), execution_options={"synchronize_session": False})
        forget_twins(session)
        agreement.edited("roster.import_undone", by, at, today, **{"people": part.people, "import": batch.id})
    people = sum(each.people for each in batch.parts)
    tell(session, batch, "import.undone", at, by, people=people, villages=len(batch.parts))
    return people


def imports_of(session: Session, year: int | None = None, state: str = "", agreement: Agreement | None = None) -> list[RosterImport]:
    """The imports within the scope of the session, the newest first."""
    query = select(RosterImport).order_by(RosterImport.id.desc())
    if year:
        query = query.where(RosterImport.fiscal_year == year)
    if agreement is not None:
        mine = select(ImportPart.import_id).where(ImportPart.agreement_id == agreement.id)
        query = query.where((RosterImport.agreement_id == agreement.id) | RosterImport.id.in_(mine))
    return [each for each in session.scalars(query) if state in ("", each.state)]
