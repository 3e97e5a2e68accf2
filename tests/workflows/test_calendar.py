"""The budget calendar: which window is open or comes next, and what is said when a year has none left."""

from datetime import date

import pytest

from workflows.calendar import Window, next_window

WINDOWS = (
    Window("rkpdes", -1, 7, 9, "Permendagri 114/2014 Pasal 29"),
    Window("apbdes", -1, 10, 12, "Permendagri 20/2018 Pasal 38 ayat (2)"),
    Window("perubahan", 0, 7, 9, "Permendagri 20/2018 Pasal 40", "L"),
)


@pytest.mark.parametrize(
    ("day", "document", "fiscal_year", "is_open"),
    [
        (date(2025, 6, 30), "rkpdes", 2026, False),
        (date(2025, 7, 1), "rkpdes", 2026, True),
        (date(2025, 9, 30), "rkpdes", 2026, True),
        (date(2025, 10, 1), "apbdes", 2026, True),
        (date(2025, 12, 31), "apbdes", 2026, True),
        (date(2026, 1, 1), "perubahan", 2026, False),
        (date(2026, 9, 30), "perubahan", 2026, True),
        (date(2026, 10, 1), "apbdes", 2027, True),
    ],
)
def test_the_window_of_a_day(day, document, fiscal_year, is_open):
    found = next_window(day, 2026, WINDOWS)
    assert (found.window.document, found.fiscal_year, found.is_open(day)) == (document, fiscal_year, is_open)
    assert found.in_time == (fiscal_year == 2026)
    assert found.closes_on >= day


def test_an_old_year_is_answered_with_the_first_window_that_is_left():
    found = next_window(date(2026, 11, 22), 2021, WINDOWS)
    assert (found.window.document, found.fiscal_year, found.in_time) == ("apbdes", 2027, False)


def test_without_a_calendar_nothing_is_known():
    assert next_window(date(2026, 11, 22), 2026, ()) is None


def test_a_window_may_run_past_the_end_of_the_year():
    assert Window("perubahan", 0, 11, 2, "Ketentuan kantor").dates(2026) == (date(2026, 11, 1), date(2027, 2, 28))
