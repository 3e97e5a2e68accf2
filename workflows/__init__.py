"""The law: stages, their conditions and order, contributions, deadlines.

Pure functions and frozen values on the standard library alone: no clock, no file, no network, no ORM. Whoever asks hands in the facts,
the day and the calendar; the same question always has the same answer.
"""

from .agreement import STAGES, current_stage, open_conditions, require, turn, whole_road
from .facts import AgreementFacts
from .stage import Condition, NotYet, NotYours, Open, Refused, Stage

__all__ = [
    "STAGES",
    "AgreementFacts",
    "Condition",
    "NotYet",
    "NotYours",
    "Open",
    "Refused",
    "Stage",
    "current_stage",
    "open_conditions",
    "require",
    "turn",
    "whole_road",
]
