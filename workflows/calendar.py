"""The budget calendar of a village: when RKPDes, APBDes and its Perubahan can be made, as windows that the office keeps as data."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Window:
    """The months in which a budget document of a fiscal year can be made: ``years`` is added to it (-1 = the year before)."""

    document: str
    years: int
    month_first: int
    month_last: int
    article: str
    confidence: str = "S"
    source: str = ""

    def dates(self, fiscal_year: int) -> tuple[date, date]:
        """First and last day for that fiscal year. A window that runs past December ends in the following year."""
        year = fiscal_year + self.years
        ends = year + (self.month_last < self.month_first)
        return date(year, self.month_first, 1), date(ends, self.month_last, monthrange(ends, self.month_last)[1])


@dataclass(frozen=True)
class Opening:
    """A window in a fiscal year. ``in_time`` is false when the year that was asked about has none left and this is a later year's."""

    window: Window
    fiscal_year: int
    opens_on: date
    closes_on: date
    in_time: bool

    def is_open(self, day: date) -> bool:
        """Can it be used on that day?"""
        return self.opens_on <= day <= self.closes_on


def openings(fiscal_year: int, windows: Iterable[Window], asked: int) -> list[Opening]:
    """The windows of a fiscal year in the order in which they close."""
    found = [Opening(each, fiscal_year, *each.dates(fiscal_year), fiscal_year == asked) for each in windows]
    return sorted(found, key=lambda each: (each.closes_on, each.opens_on, each.window.document))


def next_window(day: date, fiscal_year: int, windows: Iterable[Window]) -> Opening | None:
    """The window that is open on ``day`` or opens next for the fiscal year; when none is left, the first one left for a later year.

    None only while the office has written down no window at all.
    """
    known = tuple(windows)
    last = max(fiscal_year, day.year) + 2
    for year in range(fiscal_year, last + 1):
        for each in openings(year, known, fiscal_year):
            if each.closes_on >= day:
                return each
    return None
