"""Monthly changes after signing: who joined, left, died or moved, on which day, and from which contribution month it counts. Records, never edits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKeyConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflows import Refused

from ..db import Base
from .columns import OfAgreement, Recorded
from .files import StoredFile
from .rosters import RosterEntry
from .users import User

if TYPE_CHECKING:
    from .agreements import Agreement

KINDS = {"joined": "Bergabung", "left": "Berhenti", "died": "Meninggal", "moved": "Pindah"}
LEAVING = ("left", "died", "moved")


class RosterChange(Recorded, OfAgreement, Base):
    """``month`` is the first contribution month in which somebody who joined is covered, or somebody who left is covered no longer."""

    __tablename__ = "roster_changes"

    entry_id: Mapped[int] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(8))
    on: Mapped[date]
    month: Mapped[date] = mapped_column(index=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    category: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(160))
    nik_index: Mapped[str] = mapped_column(String(64), index=True)
    nik_masked: Mapped[str] = mapped_column(String(24))
    file_id: Mapped[int | None]

    by: Mapped[User] = relationship(lazy="joined")
    file: Mapped[StoredFile | None] = relationship(foreign_keys="[RosterChange.file_id, RosterChange.village_code]", viewonly=True)

    @classmethod
    def more_table_args(cls) -> tuple:
        """Evidence of the same village."""
        return (ForeignKeyConstraint(["file_id", "village_code"], ["files.id", "files.village_code"]),)


@dataclass(frozen=True)
class Change:
    """What somebody tells: kind, day, the month from which it counts (None: the usual one), why, with which evidence."""

    kind: str
    on: date
    month: date | None = None
    reason: str = ""
    file: StoredFile | None = None


def next_month(month: date) -> date:
    """The contribution month after."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def month_before(month: date) -> date:
    """The contribution month before."""
    return date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)


def usual_month(kind: str, on: date) -> date:
    """Who joins is covered from the month of the day; who leaves is paid for to the end of it."""
    return on.replace(day=1) if kind == "joined" else next_month(on.replace(day=1))


def needs_record(agreement: Agreement) -> bool:
    """Once a signed paper carries the list, people come and go by records with dates; before that the list is a draft."""
    return agreement.list_stands


def check(agreement: Agreement, change: Change, today: date) -> date:
    """The month from which the change counts. Raises Refused for a day ahead, or a month outside the agreement."""
    first, last = agreement.months
    month = (change.month or usual_month(change.kind, change.on)).replace(day=1)
    if change.on > today:
        raise Refused("Tanggal perubahan belum tiba.")
    if change.kind in LEAVING and not change.reason.strip():
        raise Refused("Tuliskan alasan atau bukti perubahannya, misalnya nomor surat keterangan.")
    if change.kind == "joined" and not first <= month <= last:
        raise Refused(f"Bulan mulai harus di dalam masa perjanjian ({first:%m-%Y} s.d. {last:%m-%Y}).")
    if change.kind in LEAVING and not first <= month <= next_month(last):
        raise Refused(f"Bulan berakhir harus di dalam masa perjanjian ({first:%m-%Y} s.d. {last:%m-%Y}).")
    return month


def note(agreement: Agreement, entry: RosterEntry, change: Change, month: date, by: User, at: datetime) -> RosterChange:
    """The record of a change about somebody on the list."""
    row = RosterChange(
        entry_id=entry.id, kind=change.kind, on=change.on, month=month, reason=change.reason.strip(), category=entry.category, name=entry.name,
        nik_index=entry.nik_index, nik_masked=entry.nik_masked, file_id=change.file.id if change.file else None, by_id=by.id, at=at,
    )  # fmt: skip
    agreement.add(row)
    return row


def join(agreement: Agreement, entries: Sequence[RosterEntry], change: Change, by: User, at: datetime, today: date) -> date:
    """Those who were just put on a signed list are covered from a month on, and each has a record of it."""
    month = check(agreement, change, today)
    for each in entries:
        each.month_first = month if month > agreement.month_first else None
    agreement._session.flush()
    for each in entries:
        note(agreement, each, change, month, by, at)
    return month


def leave(agreement: Agreement, entry: RosterEntry, change: Change, by: User, at: datetime, today: date) -> RosterChange:
    """Somebody leaves a signed list: he stays on it with his last month; one who was never covered is taken off.

    Raises Refused before signing, for one who has left already, and for what ``check`` refuses.
    """
    agreement.refuse_when_held()
    if not needs_record(agreement):
        raise Refused("Perjanjian belum ditandatangani; keluarkan orangnya langsung dari daftar kerja.")
    if change.kind not in LEAVING:
        raise Refused("Pilih berhenti, meninggal, atau pindah.")
    if entry.month_last is not None:
        raise Refused(f"{entry.name} sudah tercatat keluar; bulan iuran terakhirnya {entry.month_last:%m-%Y}.")
    month = check(agreement, change, today)
    row = note(agreement, entry, change, month, by, at)
    first = entry.month_first or agreement.month_first
    if month <= first:
        agreement.entries.remove(entry)
    else:
        entry.month_last = min(month_before(month), agreement.month_last)
        entry.changed_at = at
    agreement.edited(f"roster.{change.kind}", by, at, today, entry=entry.id, month=f"{month:%m-%Y}")
    return row


def changes_of(agreement: Agreement, kind: str = "", month: date | None = None) -> list[RosterChange]:
    """The monthly changes of an agreement, the newest first."""
    return [each for each in reversed(agreement.changes) if kind in ("", each.kind) and month in (None, each.month)]
