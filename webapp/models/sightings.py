"""Who has had access to a person's data: told from the audit trail, which names lists and lines, never a person (UU 27/2022 ps 7 and 30).

The trail keeps which line was opened, and which list left the service; whose line it was, and who stood on that list, the lists themselves know.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from workflows import Refused

from ..db import unscoped
from ..seal import ERASED_INDEX, Erased, blind_index
from . import audit
from .agreements import Agreement
from .audit import AuditEvent
from .changes import RosterChange
from .corrections import CorrectionRequest, without_numbers
from .elsewhere import OtherCover
from .imports import ImportPart, RosterImport
from .letters import Letter
from .participants import MOST_NIK_AN_HOUR
from .rosters import RosterEntry, RosterVersion, RosterVersionEntry
from .users import User

# One person was opened; a list that holds people went out, with whole NIK or masked; the rows of an import that were not stored.
ONE = {"nik.seen": "NIK lengkap dan data pendaftaran dibuka", "person.exported": "Salinan data pribadi diserahkan", "person.searched": "Dicari dengan NIK"}
WHOLE = {
    "enrollment.file": "Berkas pendaftaran BPJS diunduh",
    "file.downloaded": "Pindaian berisi daftar diunduh",
    "letter.downloaded": "Naskah berisi daftar diunduh",
    "letter.previewed": "Konsep berisi daftar dilihat",
}
MASKED = {"roster.exported": "Daftar diunduh"}
IMPORTED = {"import.faulty": "Baris impor yang tidak disimpan diunduh", "import.exported": "Hasil pemeriksaan impor diunduh"}
# Papers that name people with their whole NIK.
WITH_NIK = ("lampiran_peserta", "paket_desa", "adendum")
OPENING = ("nik.seen", "person.exported", "person.searched")
MOST_FOUND = 200
# How a link names a line: of the working list, of a frozen version.
KEYS = {"entry": "k", "listed": "b"}


@dataclass(frozen=True)
class Place:
    """Where a person stands: a line of a working list or of a frozen version, or a monthly change about him."""

    kind: str
    row: Any
    agreement: Agreement
    at: datetime
    version: RosterVersion | None = None

    @property
    def title(self) -> str:
        """The list, in words."""
        which = {"entry": "Daftar kerja", "listed": f"Daftar versi {self.version.number}" if self.version else "", "change": "Perubahan bulanan"}[self.kind]
        return f"{which} tahun {self.agreement.fiscal_year}, {self.agreement.village.full_name}"

    @property
    def key(self) -> str:
        """How a link names the line; a change has no page of its own."""
        return f"{KEYS[self.kind]}{self.row.id}" if self.kind in KEYS else ""


@dataclass(frozen=True)
class Sighting:
    """Somebody had access: when, who, what, why, which list; ``whole`` with the NIK in full, ``sure`` when the trail leaves no doubt that he was in it."""

    at: datetime
    actor: str
    name: str
    role: str
    what: str
    reason: str
    where: str
    whole: bool
    sure: bool


def index_of(nik: str) -> str:
    """The index by which a NIK is found; the digits go no further."""
    return blind_index(nik)


def places_of(session: Session, index: str) -> list[Place]:
    """Everywhere the person stands within the scope of the session, the oldest first. Raises Erased for a line whose data are gone."""
    if index == ERASED_INDEX:
        raise Erased
    found = [*_entries(session, index), *_listed(session, index), *_changes(session, index)]
    return sorted(found, key=lambda each: each.at)


def _entries(session: Session, index: str) -> list[Place]:
    query = select(RosterEntry, Agreement).join(Agreement, Agreement.id == RosterEntry.agreement_id).where(RosterEntry.nik_index == index)
    return [Place("entry", entry, agreement, entry.at) for entry, agreement in session.execute(query)]


def _listed(session: Session, index: str) -> list[Place]:
    query = (
        select(RosterVersionEntry, RosterVersion, Agreement)
        .join(RosterVersion, RosterVersion.id == RosterVersionEntry.version_id)
        .join(Agreement, Agreement.id == RosterVersion.agreement_id)
        .where(RosterVersionEntry.nik_index == index)
    )
    return [Place("listed", listed, agreement, version.at, version) for listed, version, agreement in session.execute(query)]


def _changes(session: Session, index: str) -> list[Place]:
    query = select(RosterChange, Agreement).join(Agreement, Agreement.id == RosterChange.agreement_id).where(RosterChange.nik_index == index)
    return [Place("change", change, agreement, change.at) for change, agreement in session.execute(query)]


def line_of(session: Session, request: CorrectionRequest) -> str:
    """How a link names the line that a request is about; empty when it is gone."""
    if request.entry_id:
        return f"k{request.entry_id}" if session.get(RosterEntry, request.entry_id) else ""
    row = session.get(RosterVersionEntry, request.listed_id) if request.listed_id else None
    return f"b{row.id}" if row is not None and not row.erased else ""


def covers_of(session: Session, index: str) -> list[OtherCover]:
    """Who else pays for him, year by year."""
    return list(session.scalars(select(OtherCover).where(OtherCover.nik_index == index).order_by(OtherCover.year)))


# --- what the trail tells ---


def sightings(session: Session, index: str) -> list[Sighting]:
    """Every access within the scope, the newest first."""
    places = places_of(session, index)
    found = [*_about_him(session, places), *_of_lists(session, places), *_of_print_sets(session, places), *_of_imports(session, places), *_of_covers(session, index)]
    who = {each.login: each for each in session.scalars(select(User).where(User.login.in_({each.actor for each in found})))}
    named = [replace(each, name=who[each.actor].name, role=who[each.actor].role) if each.actor in who else each for each in found]
    return sorted(named, key=lambda each: each.at, reverse=True)


def _tell(event: AuditEvent, what: str, where: str, whole: bool, sure: bool = True) -> Sighting:
    return Sighting(event.at, event.actor, event.actor, "", what, str(event.facts.get("reason", "")), where, whole, sure)


def _about_him(session: Session, places: Sequence[Place]) -> list[Sighting]:
    """His own line was opened, handed over, or he was looked for."""
    entries = {each.row.id if each.kind == "entry" else each.row.entry_id: each for each in places if each.kind in ("entry", "change")}
    listed = {each.row.id: each for each in places if each.kind == "listed"}
    mine = AuditEvent.object.in_({f"agreement:{each.agreement.code}" for each in places}) & AuditEvent.action.in_(ONE)
    # Looking for somebody across villages is an event of no village; what is told of it here is only that it was he.
    with unscoped("siapa mencari seseorang", session):
        events = session.scalars(select(AuditEvent).where(mine | (AuditEvent.action == "person.searched")).order_by(AuditEvent.seq)).all()
    found = []
    for each in events:
        facts = each.facts
        there = [entries[id_] for id_ in (facts.get("entry"), *facts.get("entries", ())) if id_ in entries]
        there += [listed[id_] for id_ in (facts.get("listed"), *facts.get("lines", ())) if id_ in listed]
        if there:
            looked_for = each.action == "person.searched"
            found.append(_tell(each, ONE[each.action], "" if looked_for else there[0].title, not looked_for))
    return found


def _of_lists(session: Session, places: Sequence[Place]) -> list[Sighting]:
    """A list that held him went out: a frozen one by its number, or the working list."""
    agreements = {f"agreement:{each.agreement.code}": each.agreement for each in places}
    events = session.scalars(select(AuditEvent).where(AuditEvent.object.in_(agreements), AuditEvent.action.in_({**WHOLE, **MASKED})).order_by(AuditEvent.seq))
    found = []
    for each in events:
        agreement, number = agreements[each.object], each.facts.get("version")
        his = [place for place in places if place.agreement is agreement]
        before = [place for place in his if place.at <= each.at]
        if any(place.version and place.version.number == number for place in his) if number else before:
            sure = bool(number) or any(place.kind == "entry" for place in before)
            found.append(_tell(each, WHOLE.get(each.action) or MASKED[each.action], _named(agreement, each.facts), each.action in WHOLE, sure))
    return found


def _named(agreement: Agreement, facts: dict[str, Any]) -> str:
    return " · ".join(filter(None, [f"{agreement.village.full_name}, {agreement.fiscal_year}", str(facts.get("title", ""))]))


def version_on(agreement: Agreement, letter: Letter) -> int | None:
    """The number of the frozen list that a paper carries: its own for an adendum, else the newest before signing that was there when it was drawn up."""
    if letter.kind == "adendum":
        return int(letter.frozen_facts()["version"])
    amended = {each.version_id for each in agreement.amendments}
    pinned = [each.number for each in agreement.versions if each.id not in amended and each.at <= letter.reserved_at]
    return pinned[-1] if pinned else None


def _of_print_sets(session: Session, places: Sequence[Place]) -> list[Sighting]:
    """The originals of many villages were downloaded together, his list among them."""
    agreements = {each.agreement.id: each.agreement for each in places if each.version}
    papers = {each.id: each for each in session.scalars(select(Letter).where(Letter.agreement_id.in_(agreements), Letter.kind.in_(WITH_NIK)))}
    with unscoped("siapa mengunduh rangkap untuk ditandatangani", session):
        events = session.scalars(select(AuditEvent).where(AuditEvent.action == "print_set.downloaded").order_by(AuditEvent.seq)).all()
    found = []
    for each in events:
        for paper in (papers[id_] for id_ in each.facts["letters"] if id_ in papers):
            agreement = agreements[paper.agreement_id or 0]
            if version_on(agreement, paper) in {place.version.number for place in places if place.agreement is agreement and place.version}:
                found.append(_tell(each, "Rangkap untuk ditandatangani diunduh", _named(agreement, {"title": paper.title}), True))
    return found


def _of_imports(session: Session, places: Sequence[Place]) -> list[Sighting]:
    """Rows of imports for his lists that were not stored: he may have been among them."""
    agreements = {each.agreement.id: each.agreement for each in places}
    touched = session.execute(select(ImportPart.import_id, ImportPart.agreement_id).where(ImportPart.agreement_id.in_(agreements))).all()
    own = session.execute(select(RosterImport.id, RosterImport.agreement_id).where(RosterImport.agreement_id.in_(agreements))).all()
    lists = {f"import:{id_}": agreements[agreement_id] for id_, agreement_id in (*touched, *own) if agreement_id is not None}
    events = session.scalars(select(AuditEvent).where(AuditEvent.object.in_(lists), AuditEvent.action.in_(IMPORTED)).order_by(AuditEvent.seq))
    return [_tell(each, IMPORTED[each.action], _named(lists[each.object], {}), each.action == "import.faulty", sure=False) for each in events]


def _of_covers(session: Session, index: str) -> list[Sighting]:
    since = {f"elsewhere:{each.year}": each for each in covers_of(session, index)}
    with unscoped("siapa mengunduh daftar tanggungan lain", session):
        events = session.scalars(select(AuditEvent).where(AuditEvent.object.in_(since), AuditEvent.action == "elsewhere.exported").order_by(AuditEvent.seq)).all()
    return [_tell(each, "Daftar tanggungan lain diunduh", f"Tahun {since[each.object].year}", False) for each in events if since[each.object].at <= each.at]


# --- noted when it happens ---


def note(agreement: Agreement, action: str, by: User, at: datetime, **detail: Any) -> None:
    """A list of people leaves the service, or a paper that carries one."""
    audit.record(agreement._session, action, f"agreement:{agreement.code}", actor=by.login, at=at, village_code=agreement.village_code, **detail)


def check_opening(session: Session, reason: str, by: User, at: datetime) -> str:
    """The reason as the trail keeps it. Raises Refused without one, or when somebody opens too many people in an hour."""
    if not reason.strip():
        raise Refused("Tuliskan untuk apa data ini dibuka.")
    mine = (AuditEvent.action.in_(OPENING), AuditEvent.actor == by.login, AuditEvent.at > at - timedelta(hours=1))
    with unscoped("berapa orang sudah dibuka dalam satu jam", session):
        opened = session.scalar(select(func.count()).select_from(AuditEvent).where(*mine)) or 0
    if opened >= MOST_NIK_AN_HOUR:
        raise Refused(f"Anda sudah membuka atau mencari {MOST_NIK_AN_HOUR} orang dalam satu jam. Tunggu sebelum membuka lagi.")
    return without_numbers(reason)


def search(session: Session, nik: str, reason: str, by: User, at: datetime) -> list[Place]:
    """Look for somebody by his NIK, for a reason; the event names the lines that were found, not the number. Raises Refused as ``check_opening`` does."""
    kept = check_opening(session, reason, by, at)
    places = places_of(session, index_of(nik))
    entries, lines = ([each.row.id for each in places if each.kind == kind][:MOST_FOUND] for kind in ("entry", "listed"))
    audit.record(session, "person.searched", "person", actor=by.login, at=at, entries=entries, lines=lines, found=len(places), reason=kept)
    return places
