"""The agenda (buku agenda): every number of a year in order, and the numbers that are missing — none, by construction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..db import unscoped
from . import letters
from .accords import Accord
from .blocks import BlockUse, NumberBlock
from .letters import Letter, Series
from .offices import Office

STATES = letters.STATES | {"replaced": "diganti", "set_aside": "disisihkan", "by_hand": "terbit, ditulis tangan"}


@dataclass(frozen=True)
class AgendaRow:
    """A row of the agenda: a version of a letter, or a number that was set aside to be written by hand."""

    unit: str
    seq: int
    number: str
    version: int
    dated_on: date | None
    title: str
    addressee: str
    state: str
    reason: str
    at: datetime
    by: str
    issued_at: datetime | None = None
    sha256: str = ""
    letter: Letter | None = None
    block: NumberBlock | None = None

    @property
    def state_name(self) -> str:
        """In the register's words."""
        return STATES[self.state]


def agenda(session: Session, year: int, unit: str | None = None) -> Sequence[Letter]:
    """The letters of the year with a drawn number, in the order of the numbers and their versions."""
    query = select(Letter).where(Letter.year == year, Letter.seq.is_not(None)).order_by(Letter.unit, Letter.seq, Letter.version)
    return session.scalars(query.where(Letter.unit == unit) if unit else query).all()


def all_rows(session: Session, year: int) -> list[AgendaRow]:
    """The whole agenda of a year: drawn numbers and those set aside, series by series, in the order of the numbers."""
    rows = [_of_letter(each) for each in agenda(session, year)]
    for block in session.scalars(select(NumberBlock).where(NumberBlock.year == year)):
        rows += [_of_block(block, seq, use) for seq, use in block.numbers]
    return sorted(rows, key=lambda each: (each.unit, each.seq, each.version))


def _of_letter(each: Letter) -> AgendaRow:
    state = "replaced" if each.replaced_by_id else each.state
    assert each.unit is not None and each.seq is not None
    same = (each.unit, each.seq, each.number, each.version, each.dated_on, each.title, each.addressee, state, each.void_reason)
    return AgendaRow(*same, each.reserved_at, each.reserved_by.name, each.issued_at, each.sha256, letter=each)


def _of_block(block: NumberBlock, seq: int, use: BlockUse | None) -> AgendaRow:
    if use is None:
        return AgendaRow(block.unit, seq, "", 1, None, "", "", "set_aside", block.reason, block.at, block.by.name, block=block)
    state = "by_hand" if use.outcome == "used" else "void"
    return AgendaRow(block.unit, seq, use.number, use.version, use.dated_on, use.title, use.addressee, state, use.reason, use.at, use.by.name, block=block)


def gaps(session: Session, year: int, unit: str | None = None) -> list[int]:
    """Numbers below the next one that neither a letter nor a block carries."""
    return [each.seq for each in check_register(session, year, unit).gaps]


@dataclass(frozen=True)
class Place:
    """A number of a series, and what is wrong with it."""

    unit: str
    year: int
    seq: int
    why: str = ""


@dataclass(frozen=True)
class SeriesSeen:
    """A series as it stands: from which number on it counts, which comes next, how many were drawn, how many set aside."""

    unit: str
    year: int
    start: int
    next: int
    drawn: int
    set_aside: int


@dataclass(frozen=True)
class RegisterCheck:
    """What the register would be ashamed of. Gaps and duplicates are empty by construction; numbers that wait in a block are only told."""

    series: tuple[SeriesSeen, ...]
    gaps: tuple[Place, ...]
    duplicates: tuple[Place, ...]
    misplaced: tuple[Place, ...]
    waiting: tuple[Place, ...]

    @property
    def ok(self) -> bool:
        """Every number from the start of its series to the next is carried exactly once."""
        return not (self.gaps or self.duplicates or self.misplaced)


def check_register(session: Session, year: int | None = None, unit: str | None = None) -> RegisterCheck:
    """Count every series anew, from where the office's own book ended (``start``) to the number that comes next."""
    found = RegisterCheck((), (), (), (), ())
    wanted = [part for part in (Series.year == year if year else None, Series.unit == unit if unit else None) if part is not None]
    with unscoped("nomor hilang dan ganda", session):
        for series in session.scalars(select(Series).where(*wanted).order_by(Series.year, Series.unit)):
            found = _joined(found, _check_series(session, series))
        twice = _same_text(session)
    return replace(found, duplicates=(*found.duplicates, *(each for each in twice if year in (None, each.year) and unit in (None, each.unit))))


def _joined(one: RegisterCheck, other: RegisterCheck) -> RegisterCheck:
    return RegisterCheck(*(getattr(one, each.name) + getattr(other, each.name) for each in fields(RegisterCheck)))


def _check_series(session: Session, series: Series) -> RegisterCheck:
    mine = (Letter.unit == series.unit, Letter.year == series.year)
    letters = session.execute(select(Letter.seq, Letter.kind, Letter.village_code, Letter.accord_id, Letter.agreement_id).where(*mine).distinct()).all()
    blocks = session.scalars(select(NumberBlock).where(NumberBlock.unit == series.unit, NumberBlock.year == series.year)).all()
    carried = Counter(each.seq for each in letters)
    aside = Counter(seq for block in blocks for seq in range(block.first, block.last + 1))
    at = partial(Place, series.unit, series.year)
    twice = {seq: "dua naskah" for seq, count in carried.items() if count > 1}
    twice |= dict.fromkeys(carried.keys() & aside.keys(), "naskah dan blok") | {seq: "dua blok" for seq, count in aside.items() if count > 1}
    everything = carried.keys() | aside.keys()
    return RegisterCheck(
        (SeriesSeen(series.unit, series.year, series.start, series.next, len(carried), len(aside)),),
        tuple(at(seq) for seq in range(series.start, series.next) if seq not in everything),
        tuple(at(seq, why) for seq, why in sorted(twice.items())),
        tuple(at(seq, "di luar nomor yang sudah diberi") for seq in sorted(everything) if not series.start <= seq < series.next),
        tuple(at(seq, block.reason) for block in blocks for seq in block.open),
    )


def _same_text(session: Session) -> list[Place]:
    """Two papers whose numbers read the same: drawn, written by hand, or taken over from the archive."""
    seen: dict[str, set[tuple[str, int, int]]] = {}
    for number, *place in session.execute(select(Letter.number, Letter.unit, Letter.year, Letter.seq).where(Letter.seq.is_not(None))):
        seen.setdefault(number, set()).add(tuple(place))
    for block in session.scalars(select(NumberBlock)):
        for seq, use in block.numbers:
            if use and use.number:
                seen.setdefault(use.number, set()).add((block.unit, block.year, seq))
    return [Place(*place, why=f"{number} terbaca sama") for number, places in sorted(seen.items()) if len(places) > 1 for place in sorted(places)]


def agenda_rows(session: Session, year: int, state: str = "", wanted: str = "", unit: str = "") -> list[AgendaRow]:
    """The agenda filtered by series, state and by words in number, addressee or title."""
    words = wanted.casefold().split()
    return [
        each
        for each in all_rows(session, year)
        if (not state or state == each.state) and (not unit or unit == each.unit) and all(word in f"{each.number} {each.addressee} {each.title}".casefold() for word in words)
    ]


def agenda_years(session: Session, shown: int) -> list[int]:
    """Years that have a register, newest first, and the one that is shown."""
    return sorted({*session.scalars(select(Series.year)), shown}, reverse=True)


def units_of_year(session: Session, year: int) -> list[str]:
    """The series that gave out numbers in a year."""
    return list(session.scalars(select(Series.unit).where(Series.year == year).order_by(Series.unit)))


def office_in_hand(session: Session) -> Office | None:
    """The office that keeps the register."""
    return session.scalars(select(Office).where(Office.side == 1).order_by(Office.id)).first()


def accord_in_hand(session: Session) -> Accord | None:
    """The newest accord."""
    return session.scalars(select(Accord).order_by(Accord.id.desc())).first()


def letters_of_office(session: Session) -> list[Letter]:
    """Letters of the office itself that no later version replaced, newest first; a mandate has the number of whoever gives it."""
    own = (Letter.agreement_id.is_(None), Letter.replaced_by_id.is_(None))
    return list(session.scalars(select(Letter).where(*own).order_by(Letter.id.desc())))
