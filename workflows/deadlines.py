"""When something is due: working days over a calendar that is handed in, and due dates as data of the office."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class DueRule:
    """A fixed day of the fiscal year: ``years`` is added to it (-1 = the year before), then ``month`` and ``day``."""

    years: int
    month: int
    day: int
    source: str

    def due_on(self, fiscal_year: int) -> date:
        """The last day on which the condition is still in time; 29 February is the last day of that month."""
        year = fiscal_year + self.years
        return date(year, self.month, min(self.day, monthrange(year, self.month)[1]))


def add_working_days(start: date, days: int, holidays: Collection[date]) -> date:
    """The day that lies ``days`` working days after ``start``; Saturdays, Sundays and ``holidays`` do not count.

    Raises ValueError when ``days`` is negative.
    """
    if days < 0:
        raise ValueError("jumlah hari kerja tidak boleh negatif")
    day = start
    while days:
        day += timedelta(days=1)
        if day.weekday() < 5 and day not in holidays:
            days -= 1
    return day
