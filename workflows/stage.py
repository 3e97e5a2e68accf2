"""The grammar of the law: a stage is a list of conditions, a condition is one sentence about the facts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from .facts import AgreementFacts


def _nothing(_: AgreementFacts) -> str:
    return ""


def _always(_: AgreementFacts) -> bool:
    return True


@dataclass(frozen=True)
class Condition:
    """One sentence that is true or still open.

    ``turn`` is the role whose move it is while the sentence is open; ``because`` names what exactly is missing (a shortfall in rupiah, a
    name), empty when the sentence says it all; ``article`` is the regulation behind it, where there is one. A condition that is not ``asked``
    of these facts does not exist for them: it is neither open nor met.
    """

    slug: str
    sentence: str
    met: Callable[[AgreementFacts], bool]
    turn: Callable[[AgreementFacts], str] | str
    because: Callable[[AgreementFacts], str] = _nothing
    article: str = ""
    asked: Callable[[AgreementFacts], bool] = _always

    def is_open(self, facts: AgreementFacts) -> bool:
        """Asked of these facts, and not true."""
        return self.asked(facts) and not self.met(facts)

    def whose_turn(self, facts: AgreementFacts) -> str:
        """The role that can close the sentence now."""
        return self.turn(facts) if callable(self.turn) else self.turn


@dataclass(frozen=True)
class Open:
    """An open condition of one agreement, seen on one day."""

    slug: str
    sentence: str
    because: str
    turn: str
    article: str
    due_on: date | None
    days_late: int

    @property
    def overdue(self) -> bool:
        """Past its due date."""
        return self.days_late > 0

    def __str__(self) -> str:
        return f"{self.sentence}: {self.because}" if self.because else self.sentence


@dataclass(frozen=True)
class Stage:
    """A stage of the road: its conditions in order, and the slugs of the letters that it offers."""

    slug: str
    title: str
    conditions: tuple[Condition, ...]
    letters: tuple[str, ...] = ()


class NotYet(Exception):
    """An act came too early: ``open`` lists the sentences that are not true yet."""

    def __init__(self, open_: Iterable[Open]) -> None:
        self.open = tuple(open_)
        super().__init__("; ".join(str(each) for each in self.open))


class Refused(Exception):
    """An act that the rules do not allow as things stand; the message is a sentence for the person who tried."""


class NotYours(Refused):
    """An act that somebody else must do: four eyes, or another role."""
