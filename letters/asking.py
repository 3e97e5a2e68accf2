"""What only the person who wants a paper can say: a kind declares it as ``ASKS``, a page makes a form of it, the answers are frozen as facts."""

from dataclasses import dataclass

#: How an answer is typed, and what it is afterwards: text and long give str, lines a tuple of str, day a date, time "09.00", number and year int,
#: money a Decimal, choice the chosen value. What is left empty is "", () or None.
TYPES = ("text", "long", "lines", "day", "time", "number", "year", "money", "choice")


@dataclass(frozen=True)
class Ask:
    """One question: ``name`` is the key among the answers. ``must`` refuses an empty answer; ``choices`` are value and label."""

    name: str
    label: str
    type: str = "text"
    hint: str = ""
    must: bool = True
    choices: tuple[tuple[str, str], ...] = ()
