"""Working days over a calendar of holidays."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from workflows.deadlines import add_working_days

# Idul Fitri 1447 H with shared leave, as the calendar of 2026 has them.
HOLIDAYS = {date(2026, 3, day) for day in (19, 20, 21, 22, 23, 24)}


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2026, 3, 2), 0, date(2026, 3, 2)),
        (date(2026, 3, 2), 1, date(2026, 3, 3)),
        (date(2026, 3, 6), 1, date(2026, 3, 9)),
        (date(2026, 3, 7), 1, date(2026, 3, 9)),
        (date(2026, 3, 18), 1, date(2026, 3, 25)),
        (date(2026, 3, 2), 20, date(2026, 4, 3)),
    ],
    ids=["no day", "next day", "over a weekend", "from a Saturday", "over the feast", "twenty days of evaluation"],
)
def test_weekends_and_holidays_do_not_count(start, days, end):
    assert add_working_days(start, days, HOLIDAYS) == end


def test_no_one_counts_backwards():
    with pytest.raises(ValueError, match="negatif"):
        add_working_days(date(2026, 3, 2), -1, HOLIDAYS)


days = some.integers(0, 40)


@given(some.dates(date(2026, 1, 1), date(2026, 12, 31)), days, days)
def test_waiting_twice_is_waiting_once_for_both(start, first, second):
    assert add_working_days(add_working_days(start, first, HOLIDAYS), second, HOLIDAYS) == add_working_days(start, first + second, HOLIDAYS)


@given(some.dates(date(2026, 1, 1), date(2026, 12, 31)), some.integers(1, 40))
def test_a_deadline_falls_on_a_working_day(start, number):
    end = add_working_days(start, number, HOLIDAYS)
    assert end.weekday() < 5
    assert end not in HOLIDAYS
    assert end - start >= timedelta(days=number)
