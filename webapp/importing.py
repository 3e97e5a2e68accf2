"""Lists as files: taken in sealed, read by the killable child, judged against the stored lists, and deleted when their time is over.

Everything slow happens before the write lock: reading, judging, indexing. What is stored is what was shown, named by a digest.
"""

from __future__ import annotations

import hashlib
import json
import logging
import zlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from textwrap import shorten
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased, selectinload

from workflows import Refused, nik
from workflows.people import FLAGGED, REASONS, REJECTED, outcome
from workflows.stages.draft import is_signed

from . import clock, sheets
from .db import begin_writing, db, unscoped
from .models import Agreement, ImportProgress, ImportStep, Installation, RosterEntry, RosterImport, User, Village
from .models.agreements import HOLDS
from .models.changes import Change
from .models.elsewhere import LIVE, Twin, payers_of, standings, twins
from .models.intake import Going, step, store, tell
from .models.participants import Person
from .models.particulars import LABELS, Particulars
from .models.reading import rulebook
from .models.retention import held_imports, refuse_deletion_of
from .seal import blind_index, seal_bytes, unseal_bytes
from .sheets.reading import Expected, PersonRead, Place, Reading, RowRead, SheetRead, Unreadable, Wishes
from .storage import MissingFile
from .uploads import storage

log = logging.getLogger("sinergi.imports")

# Larger than this a file is read beside the web, with a page that shows how far it has come.
LARGE, LARGE_ZIP, LARGE_LINES = 500_000, 120_000, 1500
LARGEST = 25 * 1024 * 1024
TOO_LARGE = "Berkas ini lebih besar dari 25 MB. Bagi menjadi beberapa berkas, lalu unggah satu per satu."
FEW, LONGEST, WITHIN = 2000, 300, 30
VILLAGE_REASONS = frozenset({"village_ambiguous", "village_unknown", "village_missing"})


# --- taking in ---


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
    answer = None if is_large(content) else _read(content, batch, Wishes(), None)
    begin_writing()
    db.session.add(batch)
    step(batch, "asked", clock.now(), by, 1, _as_asked(Wishes(), {}))
    if answer is not None:
        _note_answer(batch, 1, answer)
    db.session.flush()
    tell(db.session, batch, "import.received", clock.now(), by, size=batch.size, year=year)
    return batch


def ask_again(batch: RosterImport, wishes: Wishes, villages: Mapping[str, str], by: User) -> None:
    """Read it once more with what the person corrected; the write lock is held when this returns. The caller commits."""
    content = content_of(batch)
    answer = None if is_large(content) else _read(content, batch, wishes, None)
    begin_writing()
    turn = batch.turn + 1
    step(batch, "asked", clock.now(), by, turn, _as_asked(wishes, villages))
    if answer is not None:
        _note_answer(batch, turn, answer)
    db.session.flush()


def content_of(batch: RosterImport) -> bytes:
    """The bytes as they were sent. Raises Refused when they are gone."""
    return _opened(batch.sealed_sha256)


def _opened(sha256: str) -> bytes:
    try:
        return unseal_bytes(storage().get(sha256))
    except MissingFile as error:
        raise Refused("Berkas impor ini tidak ada lagi di penyimpanan. Unggah sekali lagi; daftar peserta tidak berubah.") from error


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


def _read(content: bytes, batch: RosterImport, wishes: Wishes, progress: Callable[[int, int], None] | None) -> Reading | Refusal:
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


def _note_answer(batch: RosterImport, turn: int, answer: Reading | Refusal) -> None:
    if isinstance(answer, Refusal):
        kept = storage().put(seal_bytes(pack(answer.reading))) if answer.reading else None
        step(batch, "refused", clock.now(), None, turn, problem=answer.sentence, reading_sha256=kept)
    else:
        step(batch, "read", clock.now(), None, turn, answer.counts, reading_sha256=storage().put(seal_bytes(pack(answer))))


# --- readings as bytes ---


def pack(reading: Reading) -> bytes:
    """The reading as bytes, to be sealed."""
    return zlib.compress(json.dumps(asdict(reading), default=str, ensure_ascii=False).encode(), 1)


def unpack(content: bytes) -> Reading:
    """The reading again."""
    said = json.loads(zlib.decompress(content))
    sheets = tuple(SheetRead(**each | {"titles": tuple(each["titles"])}) for each in said["sheets"])
    return Reading(sheets, tuple(_row(each) for each in said["rows"]))


def _row(each: dict[str, Any]) -> RowRead:
    person = each["person"]
    person["birth_on"] = date.fromisoformat(person["birth_on"]) if person["birth_on"] else None
    person["wage_base"] = Decimal(person["wage_base"]) if person["wage_base"] is not None else None
    lists = {name: tuple(each[name]) for name in ("reasons", "remarks", "cells")}
    return RowRead(**each | lists | {"person": PersonRead(**person)})


# --- beside the web ---


def read_waiting() -> bool:
    """Read the oldest import that waits; False when none does. What goes wrong is noted and never ends the work."""
    batch = _oldest_waiting()
    if batch is None:
        db.session.rollback()
        return False
    id_, turn = batch.id, batch.turn
    try:
        answer = _read(content_of(batch), batch, wishes_of(batch.newest("asked")), _progress(id_))
    except Exception:
        log.exception("import %s not read", id_)
        answer = Refusal("Berkas ini tidak dapat dibaca. Simpan sekali lagi sebagai xlsx, lalu unggah lagi.")
    begin_writing()
    try:
        batch = db.session.get_one(RosterImport, id_)
        if not batch.deleted:  # thrown away while it was read
            _note_answer(batch, turn, answer)
        db.session.commit()
    except IntegrityError:  # another worker was faster
        db.session.rollback()
    return True


def _oldest_waiting() -> RosterImport | None:
    answered = aliased(ImportStep)
    done = select(answered.id).where(answered.import_id == ImportStep.import_id, answered.turn == ImportStep.turn, answered.kind.in_(("read", "refused")))
    ended = select(answered.id).where(answered.import_id == ImportStep.import_id, answered.kind.in_(("dropped", "deleted")))
    waiting = select(ImportStep).where(ImportStep.kind == "asked", ~done.exists(), ~ended.exists()).order_by(ImportStep.id)
    for asked in db.session.scalars(waiting):
        batch = db.session.get(RosterImport, asked.import_id)
        if batch is not None and batch.turn == asked.turn:
            return batch
    return None


def _progress(import_id: int) -> Callable[[int, int], None]:
    """Notes how far the reading has come, at most twice in a hundred rows of a hundredth: in small transactions of its own."""
    told = -1

    def note(done: int, total: int) -> None:
        nonlocal told
        share = 50 * done // max(total, 1)
        if share == told:
            return
        told = share
        with Session(db.engine) as session:
            session.connection(execution_options={"writing": True})
            session.merge(ImportProgress(import_id=import_id, done=done, total=total, at=clock.now()))
            session.commit()

    return note


def progress_of(batch: RosterImport) -> dict[str, Any]:
    """How far, for the page and its script."""
    row = db.session.get(ImportProgress, batch.id)
    return {"state": batch.state, "done": row.done if row else 0, "total": row.total if row else 0}


# --- judged against the lists ---


@dataclass(frozen=True)
class VillageCount:
    """What a village's list would get, and why it cannot."""

    village: Village | None
    accepted: int
    flagged: int
    rejected: int
    why_not: str
    signed: bool


@dataclass(frozen=True)
class Question:
    """What a file wrote for a village that may be several or none: how often, and the answer given."""

    key: str
    written: str
    many: int
    answer: str


@dataclass(frozen=True)
class Dry:
    """The fate of every row, nothing stored: the reading with what the stored lists say, and who would go where."""

    reading: Reading
    going: Mapping[int, Going]
    villages: tuple[VillageCount, ...]
    questions: tuple[Question, ...]
    versions: Mapping[int, int]
    digest: str

    @property
    def counts(self) -> dict[str, int]:
        """The control totals."""
        return self.reading.counts

    @property
    def signed(self) -> bool:
        """Does it touch an agreement that is signed, where people come by records with dates?"""
        return any(each.signed and (each.accepted or each.flagged) for each in self.villages)

    def chosen(self, with_flagged: bool) -> list[Going]:
        """Who would be stored."""
        fates = {"accepted", "flagged"} if with_flagged else {"accepted"}
        return [going for place, going in self.going.items() if self.reading.rows[place].outcome in fates]

    def faulty(self, with_flagged: bool) -> Reading:
        """The same without the rows that are stored."""
        kept = {"rejected"} if with_flagged else {"rejected", "flagged"}
        return replace(self.reading, rows=tuple(each for each in self.reading.rows if each.outcome in kept))

    def look_for(self, outcome_: str = "", sheet: str = "", village: str = "", text: str = "") -> list[RowRead]:
        """The rows that fit the filters."""
        words = text.casefold().split()
        return [
            each
            for each in self.reading.rows
            if outcome_ in ("", each.outcome)
            and sheet in ("", each.sheet or "")
            and village in ("", each.person.village)
            and all(word in f"{each.person.name} {each.person.job} {each.person.village_text} {each.row}".casefold() for word in words)
        ]


def reading_of(batch: RosterImport) -> Reading:
    """The newest reading; of a file in which no table was found, its columns."""
    found = batch.newest("read", "refused")
    assert found is not None and found.reading_sha256
    return unpack(_opened(found.reading_sha256))


class _Lists:
    """What is stored and decides about rows: agreements, who stands on their lists, and who stands elsewhere."""

    def __init__(self, batch: RosterImport, indexes: Collection[str]) -> None:
        session, year = db.session, batch.fiscal_year
        query = select(Agreement).where(Agreement.fiscal_year == year).options(*(selectinload(getattr(Agreement, each)) for each in ("holds", "signatures", "letters")))
        if batch.agreement_id is not None:
            query = query.where(Agreement.id == batch.agreement_id)
        self.book, self.year = rulebook(session), year
        self.agreements = {each.village_code: each for each in session.scalars(query)}
        self.villages = {each.code: each for each in session.scalars(select(Village))}
        self.signed = {code: is_signed(each) for code, each in self.agreements.items()}
        self.months = {each.id: each.months for each in self.agreements.values()}
        few = indexes if len(indexes) <= FEW else None
        self.known, self.payers = standings(session, year, few), payers_of(session, year, few)
        self.listed = {(each.agreement_id, each.nik_index) for each in self.known}
        self.names = self._names(set(indexes) & {each.nik_index for each in self.known})

    def _names(self, doubled: set[str]) -> dict[tuple[int, str], str]:
        rows = select(RosterEntry.agreement_id, RosterEntry.nik_index, RosterEntry.name).where(RosterEntry.nik_index.in_(doubled))
        return {(agreement_id, index): name for agreement_id, index, name in db.session.execute(rows)} if 0 < len(doubled) <= FEW else {}

    def why_not(self, code: str) -> str:
        """Why nothing can be put on the village's list; empty when something can."""
        village = self.villages.get(code)
        if village is None:
            return "Desa ini di luar wilayah Anda"
        if not village.is_desa:
            return f"{village.full_name} di luar program"
        agreement = self.agreements.get(code)
        if agreement is None:
            return f"Desa {village.name} belum mempunyai perjanjian tahun {self.year}"
        return f"Perjanjian Desa {village.name} {HOLDS[agreement.hold.kind].lower()}" if agreement.hold else ""


def key_of(person: PersonRead) -> str:
    """How an answer names what a file wrote for a village."""
    return f"{person.village_text.strip().casefold()}|{person.kecamatan_text.strip().casefold()}"


def judge(batch: RosterImport) -> Dry:
    """The fate of every row as the lists stand now."""
    asked, read = batch.newest("asked"), reading_of(batch)
    answers = asked.facts.get("villages", {}) if asked else {}
    rows = [_placed(each, batch, answers) for each in read.rows]
    indexes = [blind_index(each.person.nik) if each.outcome != REJECTED else "" for each in rows]
    lists = _Lists(batch, [each for each in indexes if each])
    fates, going = [], {}
    for place, (row, index) in enumerate(zip(rows, indexes, strict=True)):
        fate, candidate = _candidate(row, index, lists)
        fates.append(fate)
        if candidate:
            going[place] = candidate
            lists.listed.add((candidate.agreement_id, index))  # a second row with this NIK would be the same person twice
    there = twins(db.session, batch.fiscal_year, [(each.nik_index, each.agreement_id, lists.months[each.agreement_id]) for each in going.values()], lists.known, lists.payers)
    for place, each in going.items():
        if more := there.get((each.nik_index, each.agreement_id)):
            fates[place] = _doubled(fates[place], more)
    versions = {each.id: each.version for each in lists.agreements.values()}
    return Dry(Reading(read.sheets, tuple(fates)), going, _counted(fates, lists), _questions(read.rows, answers), versions, _digest(batch, fates, going))


def _placed(row: RowRead, batch: RosterImport, answers: Mapping[str, str]) -> RowRead:
    """The row with the village that it is for: the list's own, or the one that was answered for what the file wrote."""
    if batch.agreement_id is not None:
        return replace(row, person=replace(row.person, village=batch.village_code))
    answer = answers.get(key_of(row.person), "")
    if not answer or not VILLAGE_REASONS & set(row.reasons):
        return row
    kept = [(slug, said) for slug, said in zip(row.reasons, row.remarks, strict=True) if slug not in VILLAGE_REASONS]
    left = tuple(slug for slug, _ in kept)
    return replace(row, person=replace(row.person, village=answer), outcome=outcome(left), reasons=left, remarks=tuple(said for _, said in kept))


def _candidate(row: RowRead, index: str, lists: _Lists) -> tuple[RowRead, Going | None]:
    """Who would go on which list, or the row rejected with the reason."""
    if row.outcome == REJECTED:
        return row, None
    person, agreement, why_not = row.person, lists.agreements.get(row.person.village), lists.why_not(row.person.village)
    base = person.wage_base or lists.book.wage_base(lists.year, person.category, person.job or "")
    if agreement is None or why_not:
        return _rejected(row, why_not), None
    if (agreement.id, index) in lists.listed:
        name = lists.names.get((agreement.id, index), "")
        return _rejected(row, f"NIK ini sudah ada di daftar{f' atas nama {name}' if name else ''}"), None
    if base is None:
        return _rejected(row, f"Dasar upah kosong, dan ketentuan kelompok ini untuk {lists.year} belum diisi"), None
    flags = tuple(each for each in row.reasons if each in REASONS and each not in LIVE)
    who = Person(person.category, person.name, nik.parse(person.nik), person.birth_on, person.sex, person.job, base, particulars_of(person), flags)  # type: ignore[arg-type]
    return row, Going(agreement.id, who, index)


def particulars_of(person: PersonRead) -> Particulars:
    """What the file says about a person beside the list; longer than anything real it is cut."""
    return Particulars(**{name: str(getattr(person, name, ""))[:LONGEST] for name in LABELS})


def _rejected(row: RowRead, sentence: str) -> RowRead:
    return replace(row, outcome=REJECTED, remarks=(*row.remarks, sentence))


def _doubled(row: RowRead, there: Sequence[Twin]) -> RowRead:
    return replace(row, outcome=FLAGGED, reasons=(*row.reasons, *dict.fromkeys(each.kind for each in there)), remarks=(*row.remarks, *(each.sentence for each in there)))


def _counted(rows: Iterable[RowRead], lists: _Lists) -> tuple[VillageCount, ...]:
    found: dict[str, Counter[str]] = {}
    for each in rows:
        found.setdefault(each.person.village, Counter())[each.outcome] += 1
    return tuple(
        VillageCount(lists.villages.get(code), many["accepted"], many["flagged"], many["rejected"], lists.why_not(code) if code else "", lists.signed.get(code, False))
        for code, many in sorted(found.items())
    )


def _questions(read: Iterable[RowRead], answers: Mapping[str, str]) -> tuple[Question, ...]:
    """What the file wrote for a village that may be several or none, with the answer that was given."""
    found: Counter[tuple[str, str]] = Counter()
    for each in read:
        if VILLAGE_REASONS & set(each.reasons) and each.person.village_text:
            written = each.person.village_text + (f", {each.person.kecamatan_text}" if each.person.kecamatan_text else "")
            found[key_of(each.person), written] += 1
    return tuple(Question(key, written, many, answers.get(key, "")) for (key, written), many in found.items())


def _digest(batch: RosterImport, rows: Iterable[RowRead], going: Mapping[int, Going]) -> str:
    seen = [batch.id, batch.turn, [[each.sheet, each.row, each.outcome, each.remarks, each.person.village] for each in rows], [[place, each.agreement_id] for place, each in going.items()]]
    return hashlib.sha256(json.dumps(seen).encode()).hexdigest()


# --- stored, downloaded, deleted ---


@dataclass(frozen=True)
class Ready:
    """All that storing needs, made before the write lock; ``left`` names the sealed rows that stay outside."""

    going: list[Going]
    totals: dict[str, Any]
    versions: Mapping[int, int]
    left: str


def prepare(batch: RosterImport, with_flagged: bool, seen: str) -> Ready:
    """Judge once more. Raises Refused when the lists have changed since the page was shown."""
    if batch.state != "read" or batch.deleted:
        raise Refused("Impor ini sudah disimpan, dibuang, atau berkasnya sudah dihapus. Buka halamannya untuk melihat keadaannya.")
    dry = judge(batch)
    if dry.digest != seen:
        raise Refused("Daftar atau berkasnya berubah sejak Anda memeriksanya. Buka halaman impor sekali lagi, periksa, lalu simpan.")
    going = dry.chosen(with_flagged)
    left = storage().put(seal_bytes(pack(dry.faulty(with_flagged))))
    return Ready(going, dry.counts | {"stored": len(going)}, dry.versions, left)


def put_on_lists(batch: RosterImport, ready: Ready, joined: Change | None, by: User, at: datetime, today: date) -> int:
    """Store what was prepared. The write lock is held; the caller commits."""
    return store(db.session, batch, ready.going, ready.totals, ready.versions, ready.left, joined, by, at, today)


def faulty_rows(batch: RosterImport) -> tuple[Sequence[str], list[Sequence[str]]]:
    """Heading and rows of those who are not on a list, as they were sent, with the reason. Raises Refused when the bytes are deleted."""
    if batch.deleted or batch.reading is None:
        raise Refused("Berkas impor ini sudah dihapus; unggah sekali lagi.")
    left = unpack(_opened(batch.stored.reading_sha256)) if batch.stored and batch.stored.reading_sha256 else judge(batch).faulty(False)
    head, rows = sheets.faulty_rows(left)
    return head, list(rows)


def masked_text(typed: str) -> str:
    """What was typed for a NIK, for eyes that need not know it, also when it is none."""
    return nik.masked(typed) if len(typed) == 16 else typed[:4] + "•" * max(0, len(typed) - 6) + typed[-2:] if len(typed) > 8 else typed


def drop(batch: RosterImport, by: User, at: datetime) -> None:
    """Throw an import away that was not stored, and its bytes with it. Raises Refused for one that was."""
    if batch.stored or batch.newest("dropped"):
        raise Refused("Impor ini sudah disimpan atau dibuang.")
    refuse_deletion_of(db.session, batch)
    step(batch, "dropped", at, by)
    _delete_bytes(batch, at, by)
    tell(db.session, batch, "import.dropped", at, by)


def _delete_bytes(batch: RosterImport, at: datetime, by: User | None) -> None:
    for sha256 in (batch.sealed_sha256, *(each.reading_sha256 for each in batch.steps if each.reading_sha256)):
        storage().remove(sha256)
    step(batch, "deleted", at, by)


def sweep() -> int:
    """Delete the bytes of imports whose time is over, but for those under a legal hold; how many. Each leaves an event."""
    gone = select(ImportStep.import_id).where(ImportStep.kind == "deleted")
    due = list(db.session.scalars(select(RosterImport.id).where(RosterImport.delete_on < clock.today(), RosterImport.id.not_in(gone))))
    db.session.rollback()
    return sum(_delete_due(id_) for id_ in due)


def _delete_due(id_: int) -> bool:
    begin_writing()
    batch, goes = db.session.get_one(RosterImport, id_), False
    if batch.deleted is None and id_ not in held_imports(db.session):
        _delete_bytes(batch, clock.now(), None)
        tell(db.session, batch, "import.deleted", clock.now(), None)
        goes = True
    db.session.commit()
    return goes
