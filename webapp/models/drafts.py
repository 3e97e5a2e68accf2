"""Drawing up an agreement: start it, or renew last year's, edit it until it is signed, and let it rest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from workflows import Refused
from workflows.nik import parse
from workflows.stages.budgeting import rupiah
from workflows.stages.draft import is_signed

from .accords import Accord
from .agreements import HOLDS, Agreement, AgreementHold, Overtaken
from .lists import with_facts
from .participants import Person, put_on_list
from .reading import rulebook
from .regions import Village
from .rosters import RosterEntry
from .rules import LegalBasis
from .users import User

# Doubts that do not change with the year: what was explained once stays explained.
LASTING = {"birth_differs", "sex_differs"}
# What may follow what: an agreement that has ended does not come back.
NEXT_HOLDS = {None: ("suspended", "terminated"), "suspended": ("resumed", "terminated"), "terminated": ()}


@dataclass(frozen=True)
class Draft:
    """What legal staff decide about an agreement."""

    accord: Accord | None
    dated_on: date | None
    place: str
    month_first: date
    month_last: date
    bases: tuple[LegalBasis, ...]

    @classmethod
    def of(cls, agreement: Agreement) -> Draft:
        """As the agreement stands now."""
        return cls(
            agreement.accord, agreement.dated_on, agreement.place, agreement.month_first, agreement.month_last, tuple(agreement.bases)
        )

    @property
    def digest(self) -> str:
        """Names what an editor saw, so that he does not write over somebody else's change."""
        seen = [self.accord.id if self.accord else None, self.dated_on, self.place, self.month_first, self.month_last]
        return hashlib.sha256(json.dumps([seen, sorted(each.id for each in self.bases)], default=str).encode()).hexdigest()[:32]

    def changes(self, other: Draft) -> tuple[str, ...]:
        """The names of what differs in the other."""
        same = ("accord", "dated_on", "place", "month_first", "month_last")
        found = [each for each in same if getattr(self, each) != getattr(other, each)]
        return tuple(found + (["bases"] if {each.id for each in self.bases} != {each.id for each in other.bases} else []))


def by_codes(session: Session, codes: Sequence[str]) -> list[Agreement] | None:
    """The agreements that links name by these codes, with all their facts; None when one of them is not there for these eyes."""
    wanted = {code.rpartition("-")[::2] for code in codes}
    villages = with_facts(select(Agreement).where(Agreement.village_code.in_([village for village, _ in wanted])).order_by(Agreement.village_code))
    found = [each for each in session.scalars(villages) if (each.village_code, str(each.fiscal_year)) in wanted]
    return found if len(found) == len(wanted) else None


def deviations(agreement: Agreement) -> tuple[str, ...]:
    """What an approver should look at first: all that is not as usual."""
    book, found = rulebook(agreement._session), list(agreement.warnings)
    version = agreement.roster_version
    explained = [each for each in version.people if each.cleared_reason] if version else []
    if explained:
        found.append(f"{len(explained)} peserta bertanda yang sudah dijelaskan")
    for row in version.owed if version else ():
        usual = book.wage_base(agreement.fiscal_year, row.category)
        if row.wage_base not in book.wage_bases(agreement.fiscal_year, row.category):
            wage = f"{rupiah(row.wage_base)} untuk {row.people} orang" + (f", biasanya {rupiah(usual)}" if usual else "")
            found.append(f"Dasar upah {book.category_names.get(row.category, row.category)} {wage}")
    if agreement.accord and {each.id for each in agreement.bases} != {each.id for each in agreement.accord.bases}:
        found.append("Dasar hukum berbeda dari perjanjian induk")
    if version and version.number > 1:
        found.append(f"Daftar peserta sudah {version.number} kali dibekukan")
    return tuple(dict.fromkeys(found))


def newest_before(session: Session, village: Village, year: int) -> Agreement | None:
    """The village's latest agreement of an earlier year, which a new one renews."""
    earlier = select(Agreement).where(Agreement.village_code == village.code, Agreement.fiscal_year < year)
    return session.scalar(earlier.order_by(Agreement.fiscal_year.desc()).limit(1))


def accords(session: Session) -> list[Accord]:
    """The accords to choose from, the newest first."""
    return list(session.scalars(select(Accord).order_by(Accord.valid_from.desc(), Accord.id.desc())))


def legal_bases(session: Session) -> list[LegalBasis]:
    """The legal bases to choose from, in the order of a preamble."""
    return list(session.scalars(select(LegalBasis).order_by(LegalBasis.rank, LegalBasis.valid_from, LegalBasis.id)))


def usual_year(session: Session, village: Village, today: date) -> int:
    """The year that a new agreement is most likely for: this one, or the one after the latest."""
    newest = session.scalar(
        select(Agreement.fiscal_year).where(Agreement.village_code == village.code).order_by(Agreement.fiscal_year.desc()).limit(1)
    )
    return max(today.year, newest + 1) if newest else today.year


def year_gap(session: Session, village: Village, year: int) -> str:
    """Why no agreement can be started for the year, in a sentence; empty when it can."""
    if not village.is_desa:
        return "Kelurahan berada di luar program ini; perjanjian hanya untuk desa."
    if session.scalar(select(Agreement.id).where(Agreement.village_code == village.code, Agreement.fiscal_year == year)):
        return f"Perjanjian {village.full_name} untuk tahun {year} sudah ada."
    if not rulebook(session).has_terms(year):
        return f"Ketentuan peserta untuk {year} belum diisi. Mintalah administrator mengisinya, lalu mulai lagi."
    return ""


def suggest(session: Session, village: Village, year: int, today: date) -> Draft:
    """A new agreement as it would usually be: last year's shifted to this one, else the newest accord and the usual bases."""
    before = newest_before(session, village, year)
    newest = session.scalar(select(Accord).order_by(Accord.valid_from.desc(), Accord.id.desc()).limit(1))
    accord = before.accord if before and before.accord and _covers(before.accord, year) else newest
    on = _same_day(before.dated_on, year - before.fiscal_year) if before and before.dated_on else today if today.year == year else None
    bases = before.bases if before else session.scalars(select(LegalBasis).where(LegalBasis.usual).order_by(LegalBasis.rank))
    return Draft(
        accord,
        on,
        before.place if before else accord.office.seat if accord else "",
        before.month_first.replace(year=year) if before else date(year, 1, 1),
        before.month_last.replace(year=year) if before else date(year, 12, 1),
        tuple(each for each in bases if holds_on(each, on)),
    )


def _covers(accord: Accord, year: int) -> bool:
    return accord.valid_until is not None and accord.valid_until.year >= year and accord.terminated_on is None


def _same_day(on: date, years: int) -> date:
    day = 28 if (on.month, on.day) == (2, 29) else on.day
    return on.replace(year=on.year + years, day=day)


def holds_on(basis: LegalBasis, on: date | None) -> bool:
    """Is the basis law on that day (on any day, while none is chosen)?"""
    return on is None or (basis.valid_from <= on and (basis.valid_until is None or on <= basis.valid_until))


def start(session: Session, village: Village, year: int, draft: Draft, by: User, at: datetime, today: date) -> Agreement:
    """Start the agreement of a village for a year; the people of last year's list come along.

    Raises Refused for a kelurahan, a year without terms, and when there is one already.
    """
    gap = year_gap(session, village, year)
    if gap:
        raise Refused(gap)
    before = newest_before(session, village, year)
    agreement = Agreement(village_code=village.code, fiscal_year=year)
    _write(agreement, draft)
    session.add(agreement)
    session.flush()
    people = _take_over(before, agreement, by, at, today) if before else 0
    agreement.edited("agreement.started", by, at, today, renews=before.code if before else "", people=people)
    return agreement


def _write(agreement: Agreement, draft: Draft) -> None:
    agreement.accord, agreement.dated_on, agreement.place = draft.accord, draft.dated_on, draft.place
    agreement.month_first, agreement.month_last, agreement.bases = draft.month_first, draft.month_last, list(draft.bases)


def _take_over(before: Agreement, agreement: Agreement, by: User, at: datetime, today: date) -> int:
    session, book = agreement._session, rulebook(agreement._session)
    rows = select(RosterEntry).where(RosterEntry.agreement_id == before.id).options(undefer(RosterEntry.nik), undefer(RosterEntry.particulars)).order_by(RosterEntry.id)
    old = {each.nik_index: each for each in session.scalars(rows)}
    people = []
    for each in old.values():
        usual, now = book.wage_base(before.fiscal_year, each.category, each.job), book.wage_base(agreement.fiscal_year, each.category, each.job)
        base = now if now is not None and each.wage_base == usual else each.wage_base
        people.append(Person(each.category, each.name, parse(each.nik), each.birth_on, each.sex, each.job, base, each.particulars))
    for entry in put_on_list(agreement, people, by, at, today):
        explained = old[entry.nik_index]
        if entry.flags == explained.flags and set(entry.flags) <= LASTING:
            entry.cleared_reason, entry.cleared_flags = explained.cleared_reason, explained.cleared_flags
    return len(people)


def refuse_when_signed(agreement: Agreement) -> None:
    """Raise Refused once a party has signed."""
    if is_signed(agreement):
        raise Refused("Perjanjian ini sudah ditandatangani; perubahan dibuat sebagai adendum.")


def edit(agreement: Agreement, draft: Draft, seen: str, by: User, at: datetime, today: date) -> tuple[str, ...]:
    """Change the draft as ``by`` saw it (``seen`` is the digest of that); who edits becomes a drafter. Returns what changed.

    Raises Refused once it is signed, Overtaken when somebody else changed it meanwhile.
    """
    agreement.refuse_when_held()
    refuse_when_signed(agreement)
    now = Draft.of(agreement)
    if seen != now.digest:
        raise Overtaken(f"agreement:{agreement.code}")
    changed = now.changes(draft)
    if changed:
        _write(agreement, draft)
        agreement.edited("agreement.edited", by, at, today, changed=changed)
    return changed


def hold(agreement: Agreement, kind: str, on: date, reason: str, by: User, at: datetime, today: date) -> None:
    """Suspend, resume or terminate, with a reason. Raises Refused for what cannot follow, a day ahead, or no reason."""
    newest = agreement.hold
    if kind not in NEXT_HOLDS[newest.kind if newest else None]:
        state = HOLDS[newest.kind].lower() if newest else "berjalan"
        raise Refused(f"Perjanjian ini {state}; tidak dapat {HOLDS[kind].lower()}.")
    if on > today:
        raise Refused("Tanggal ini belum tiba.")
    if agreement.holds and on < agreement.holds[-1].on:
        raise Refused(f"Tanggal ini mendahului catatan sebelumnya ({agreement.holds[-1].on:%d-%m-%Y}).")
    if not reason.strip():
        raise Refused("Tuliskan alasannya.")
    agreement.add(AgreementHold(kind=kind, on=on, reason=reason.strip(), by_id=by.id, at=at))
    agreement.moved(f"agreement.{kind}", by, at, today, on=on)
