"""What a NIK says, and what is refused."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from workflows.nik import BadNik, Nik, age_on, clean, masked, parse
from workflows.people import doubts

MAN, WOMAN = "7302011503809001", "7302015503809002"
BORN = date(1980, 3, 15)


def test_a_man_and_a_woman_born_on_the_same_day():
    assert parse(MAN) == Nik(MAN, 15, 3, 80, "L")
    assert parse(WOMAN) == Nik(WOMAN, 15, 3, 80, "P")


@pytest.mark.parametrize("typed", ["73 0201 150380 9001", "7302.0115.0380.9001", "'7302011503809001", "7302-0115-0380-9001", "\u200b7302011503809001\u00a0"])
def test_separators_are_taken_out(typed):
    assert parse(typed).digits == MAN


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "NIK belum diisi."),
        (" - ", "NIK belum diisi."),
        (MAN[:-1], "NIK harus 16 angka, yang diisi 15 angka."),
        (MAN + "1", "NIK harus 16 angka, yang diisi 17 angka."),
        ("73O2011503809001", "NIK hanya boleh berisi angka."),
        ("7302011503809OO1", "NIK hanya boleh berisi angka."),
        ("٧٣٠٢٠١١٥٠٣٨٠٩٠٠١", "NIK hanya boleh berisi angka."),
        ("7.30201E+15", "NIK hanya boleh berisi angka."),
        ("7302011503800000", "Empat angka terakhir NIK tidak mungkin 0000."),
    ],
)
def test_what_is_no_nik_is_refused_with_the_reason(typed, sentence):
    with pytest.raises(BadNik) as refusal:
        parse(typed)
    assert str(refusal.value) == sentence


@pytest.mark.parametrize("day_month_year", ["000180", "320180", "400180", "720180", "310480", "300280", "290281", "150080", "151380", "690281"])
def test_a_date_that_no_calendar_has_is_refused(day_month_year):
    with pytest.raises(BadNik, match="tidak ada di kalender"):
        parse(f"730201{day_month_year}9001")


@pytest.mark.parametrize("day_month_year", ["290280", "290200", "690204", "710180"])
def test_leap_days_and_last_days_of_women_are_dates(day_month_year):
    assert parse(f"730201{day_month_year}9001")


def test_the_middle_is_masked():
    assert masked(MAN) == "730201••••••9001"


@given(some.dates(date(1930, 1, 1), date(2026, 12, 31)), some.sampled_from("LP"), some.integers(1, 9999))
def test_every_real_birth_date_is_read_back(born, sex, serial):
    digits = f"730201{born.day + 40 * (sex == 'P'):02}{born:%m%y}{serial:04}"
    found = parse(digits)
    assert found.agrees_with(born)
    assert found.sex == sex
    assert doubts(found, born, sex, born.replace(year=born.year + 30, day=min(born.day, 28)), False) == ()


@given(some.text())
def test_any_text_is_read_or_refused(text):
    try:
        assert len(parse(text).digits) == 16
    except BadNik:
        assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize(("on", "age"), [(date(2045, 3, 14), 64), (date(2045, 3, 15), 65)])
def test_age_is_counted_in_completed_years(on, age):
    assert age_on(BORN, on) == age


@pytest.mark.parametrize(
    ("difference", "flag"),
    [
        ({"born_on": date(1980, 3, 16)}, "birth_differs"),
        ({"sex": "P"}, "sex_differs"),
        ({"elsewhere": True}, "elsewhere"),
        ({"on": date(2045, 3, 15)}, "aged"),
        ({"on": date(1997, 3, 14)}, "young"),
    ],
)
def test_a_doubt_is_flagged_not_repaired(difference, flag):
    asked = {"nik": parse(MAN), "born_on": BORN, "sex": "L", "on": date(2026, 1, 1), "elsewhere": False}
    assert doubts(**asked) == ()
    assert doubts(**asked | difference) == (flag,)
