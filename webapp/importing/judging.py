"""The fate of every row as the stored lists stand: who would go on which list, and why not."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from workflows import nik
from workflows.people import FLAGGED, REASONS, REJECTED, outcome
from workflows.stages.draft import is_signed

from ..db import db
from ..models import Agreement, RosterEntry, RosterImport, Village
from ..models.agreements import HOLDS
from ..models.elsewhere import LIVE, Twin, payers_of, standings, twins
from ..models.intake import Going
from ..models.participants import Person
from ..models.particulars import LABELS, Particulars
from ..models.reading import rulebook
from ..seal import blind_index
from ..sheets.reading import PersonRead, Reading, RowRead
from .readings import reading_of

FEW, LONGEST = 2000, 300
VILLAGE_REASONS = frozenset({"village_ambiguous", "village_unknown", "village_missing"})


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
