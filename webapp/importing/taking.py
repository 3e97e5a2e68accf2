"""A list that was sent: kept sealed, and read at once unless it is large."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from textwrap import shorten
from typing import Any

from sqlalchemy import select

from .. import clock, sheets
from ..db import begin_writing, db, unscoped
from ..models import Agreement, ImportStep, Installation, RosterImport, User, Village
from ..models.intake import step, tell
from ..models.reading import rulebook
from ..seal import seal_bytes
from ..sheets.reading import Expected, Place, Reading, SheetRead, Unreadable, Wishes
from ..uploads import storage
from .readings import content_of, pack

# Larger than this a file is read beside the web, with a page that shows how far it has come.
LARGE, LARGE_ZIP, LARGE_LINES = 500_000, 120_000, 1500
LARGEST = 25 * 1024 * 1024
TOO_LARGE = "Berkas ini lebih besar dari 25 MB. Bagi menjadi beberapa berkas, lalu unggah satu per satu."
WITHIN = 30


def is_large(content: bytes) -> bool:
    """Is it read beside the web? Sheets in a ZIP unpack to much more than they weigh."""
    return len(content) > (LARGE_ZIP if content[:2] == b"PK" else LARGE) or content.count(b"\n") > LARGE_LINES and content[:2] != b"PK"


def take_in(content: bytes, name: str, pasted: bool, agreement: Agreement | None, year: int, category: str, by: User) -> RosterImport:
    """The row of a list that was sent; its bytes lie sealed in the store before the row is written. Not in the session yet."""
    keep = db.session.get_one(Installation, 1).keep_imports_days
    return RosterImport(
        village_code=agreement.village_code if agreement else by.scope, agreement_id=agreement.id if agreement else None, fiscal_year=year, category=category,
        name=name, pasted=pasted, size=len(content), sha256=hashlib.sha256(content).hexdigest(), sealed_sha256=storage().put(seal_bytes(content)),
        delete_on=clock.today() + timedelta(days=keep), by_id=by.id, at=clock.now(),
    )  # fmt: skip


def receive(content: bytes, name: str, pasted: bool, agreement: Agreement | None, year: int, category: str, by: User) -> RosterImport:
    """Take a list in and, unless it is large, read it: all before the write lock, which is held when this returns. The caller commits."""
    batch = take_in(content, name, pasted, agreement, year, category, by)
    answer = None if is_large(content) else read(content, batch, Wishes(), None)
    begin_writing()
    db.session.add(batch)
    step(batch, "asked", clock.now(), by, 1, _as_asked(Wishes(), {}))
    if answer is not None:
        note_answer(batch, 1, answer)
    db.session.flush()
    tell(db.session, batch, "import.received", clock.now(), by, size=batch.size, year=year)
    return batch


def ask_again(batch: RosterImport, wishes: Wishes, villages: Mapping[str, str], by: User) -> None:
    """Read it once more with what the person corrected; the write lock is held when this returns. The caller commits."""
    content = content_of(batch)
    answer = None if is_large(content) else read(content, batch, wishes, None)
    begin_writing()
    turn = batch.turn + 1
    step(batch, "asked", clock.now(), by, turn, _as_asked(wishes, villages))
    if answer is not None:
        note_answer(batch, turn, answer)
    db.session.flush()


def _as_asked(wishes: Wishes, villages: Mapping[str, str]) -> dict[str, Any]:
    columns = {sheet or "": dict(chosen) for sheet, chosen in (wishes.columns or {}).items()}
    return {"hidden": wishes.hidden, "left_out": wishes.left_out, "columns": columns, "villages": dict(villages)}


def wishes_of(asked: ImportStep | None) -> Wishes:
    """What the person corrected, as the step keeps it."""
    said = asked.facts if asked else {}
    columns = {sheet or None: chosen for sheet, chosen in said.get("columns", {}).items()}
    return Wishes(tuple(said.get("hidden", ())), tuple(said.get("left_out", ())), columns or None)


def expected_of(batch: RosterImport) -> Expected:
    """What the list is for, in the words that it may use."""
    book, today = rulebook(db.session), clock.today()
    with unscoped("nama desa untuk membaca kolom desa"):
        places = tuple(Place(each.code, each.name, each.kecamatan.name) for each in db.session.scalars(select(Village).order_by(Village.code)))
    village = "" if batch.agreement_id is None else batch.village_code
    return Expected(batch.category, village, today, book.category_names, places, book.limits_on(today))


@dataclass(frozen=True)
class Refusal:
    """Why a file is refused, and its sheets with their columns where it has any: then a person can say what they hold."""

    sentence: str
    reading: Reading | None = None


def read(content: bytes, batch: RosterImport, wishes: Wishes, progress: Callable[[int, int], None] | None) -> Reading | Refusal:
    """The reading, or what refuses the file."""
    expected = expected_of(batch)
    try:
        if batch.pasted:
            return sheets.read_pasted(content.decode(), expected, wishes, progress)
        return sheets.read_roster(content, batch.name, expected, wishes, progress)
    except Unreadable as error:
        return Refusal(str(error), _only_columns(content))


def _only_columns(content: bytes) -> Reading | None:
    """The sheets of a file in which no table was found, each with its widest early row as titles; None when it has no cells."""
    try:
        grids = [each for each in sheets.read_table(content) if each.rows and not each.why_not]
    except Unreadable:
        return None
    found = []
    for grid in grids:
        widest = max((cells for _, cells in grid.rows[:WITHIN]), key=lambda cells: sum(each is not None for each in cells))
        titles = tuple("" if each is None else shorten(str(each), 40, placeholder="…") for each in widest)
        found.append(SheetRead(grid.name, grid.hidden, {}, titles, len(grid.rows), len(grid.rows), "" if not grid.hidden else "Lembar ini tersembunyi."))
    return Reading(tuple(found), ()) if found else None


def note_answer(batch: RosterImport, turn: int, answer: Reading | Refusal) -> None:
    """Keep the reading or the refusal as a step of that turn."""
    if isinstance(answer, Refusal):
        kept = storage().put(seal_bytes(pack(answer.reading))) if answer.reading else None
        step(batch, "refused", clock.now(), None, turn, problem=answer.sentence, reading_sha256=kept)
    else:
        step(batch, "read", clock.now(), None, turn, answer.counts, reading_sha256=storage().put(seal_bytes(pack(answer))))
