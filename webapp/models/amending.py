"""Amendments of an agreement in their order: which frozen lists each one spans, and which letter carries it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .agreement_records import adenda_of
from .letters import Letter
from .rosters import RosterVersion

if TYPE_CHECKING:
    from .agreements import Agreement


@dataclass(frozen=True)
class Adendum:
    """One amendment: from the list that stood to the one that stands afterwards; ``letter`` is None while nobody has numbered it."""

    ordinal: int
    before: RosterVersion
    after: RosterVersion
    letter: Letter | None

    @property
    def owner(self) -> str:
        """Under what name the number that PIHAK KEDUA gives it is typed in."""
        return f"adendum-{self.after.number}"


def adenda(agreement: Agreement) -> tuple[Adendum, ...]:
    """The amendments that are numbered, and after them the one that waits, if a list was frozen since."""
    found: list[Adendum] = []
    stands = agreement.roster_version
    amended = {each.version.number: each.version for each in agreement.amendments}
    if stands is None:
        return ()
    for letter, number in adenda_of(agreement._session, agreement.id):
        if number > stands.number and number in amended:
            found.append(Adendum(len(found) + 1, stands, amended[number], letter))
            stands = amended[number]
    newest = max(amended, default=0)
    if newest > stands.number:
        found.append(Adendum(len(found) + 1, stands, amended[newest], None))
    return tuple(found)


def open_adendum(agreement: Agreement) -> Adendum | None:
    """The amendment that waits for its letter."""
    newest = next(reversed(adenda(agreement)), None)
    return newest if newest and newest.letter is None else None


def standing_adendum(agreement: Agreement) -> Letter | None:
    """The newest amendment's letter; None while another amendment waits for its own."""
    newest = next(reversed(adenda(agreement)), None)
    return newest.letter if newest else None


def adendum_numbered(agreement: Agreement, number: str | None) -> Adendum | None:
    """The amendment that carries this number, or the one that waits, or the newest; None when nothing was frozen after signing."""
    found = adenda(agreement)
    carried = next((each for each in found if each.letter and each.letter.number == number), None)
    return carried or next(reversed(found), None)
