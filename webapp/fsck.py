"""Looks at every stored file: is it whole, is it there, does a row speak of it (T5); and at what is stuck."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from . import clock
from .backup import files_of
from .db import Base, unscoped
from .jobs import stuck_letters
from .storage import FileStore

# Hashes of bytes that are not kept: the list that was taken over, and an import before it was sealed.
NOT_KEPT = {("takeovers", "file_sha256"), ("roster_imports", "sha256")}
LEFTOVER_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class Checkup:
    """What was found: files looked at, hashes of broken, missing and unspoken-of ones, leftovers of broken writes, stuck papers."""

    files: int
    broken: tuple[str, ...]
    missing: tuple[str, ...]
    orphans: tuple[str, ...]
    leftovers: int
    stuck: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Nothing that was acknowledged is lost or altered, and nothing is stuck. Orphans take room, no more."""
        return not (self.broken or self.missing or self.stuck)


def check(session: Session, store: FileStore, sweep: bool = False) -> Checkup:
    """Re-hash all files and compare them with the rows. ``sweep`` removes leftovers of broken writes that are older than a day; nothing else."""
    with unscoped("pemeriksaan berkas", session):
        wanted = set(_spoken_of(session))
        stuck = tuple(f"{each.number or each.title}: {each.problem or 'menunggu terlalu lama'}" for each in stuck_letters())
    found, broken = set(), []
    for path in files_of(store.root):
        found.add(path.name)
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != path.name:
                broken.append(path.name)
    return Checkup(len(found), tuple(broken), tuple(sorted(wanted - found)), tuple(sorted(found - wanted)), _leftovers(store, sweep), stuck)


def _spoken_of(session: Session) -> Iterator[str]:
    for table in Base.metadata.tables.values():
        for column in table.columns:
            if column.name.endswith("sha256") and (table.name, column.name) not in NOT_KEPT:
                yield from (each for each in session.scalars(select(column).where(column.is_not(None), column != "").distinct()))


def _leftovers(store: FileStore, sweep: bool) -> int:
    old = clock.now().timestamp() - LEFTOVER_AFTER.total_seconds()
    found = [each for each in store.root.glob("??/.*") if each.is_file()]
    if not sweep:
        return len(found)
    for each in found:
        if each.stat().st_mtime < old:
            each.unlink(missing_ok=True)
    return sum(each.exists() for each in found)
