"""The one table of reasons and fates, and rows judged alone and beside each other."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from workflows.nik import parse
from workflows.people import (
    ACCEPTED,
    FLAGGED,
    REASONS,
    REJECTED,
    Known,
    Limits,
    Told,
    birth_in,
    compare,
    day_of_serial,
    doubts,
    judge,
    outcome,
    remark,
    whole_year,
)

ON = date(2026, 11, 22)
MAN = "7302011708809001"
BORN = date(1980, 8, 17)


def told(**more) -> Told:
    return Told(**{"nik": MAN, "name": "Contoh Satu", "job": "Petani", "birth_on": BORN, "sex": "L", "category": "pekerja_rentan"} | more)


def slugs(**more) -> list[str]:
    return [slug for slug, _ in judge(told(**more), Limits(), ON).reasons]


def test_every_reason_has_one_fate_and_a_sentence():
    assert {each.fate for each in REASONS.values()} == {FLAGGED, REJECTED}
    assert len({each.sentence for each in REASONS.values()}) == len(REASONS)
    assert not [each.sentence for each in REASONS.values() if each.sentence.endswith(".")]


def test_the_worst_reason_decides():
    assert outcome([]) == ACCEPTED
    assert outcome(["aged", "sex_differs"]) == FLAGGED
    assert outcome(["aged", "nik_length"]) == REJECTED
    assert remark("nik_length", "yang diisi 15 angka") == "NIK harus 16 angka: yang diisi 15 angka"


@pytest.mark.parametrize(
    ("difference", "reasons"),
    [
        ({}, []),
        ({"nik": ""}, ["nik_missing"]),
        ({"nik": "7,3E+15"}, ["nik_scientific"]),
        ({"nik": "#N/A"}, ["nik_error"]),
        ({"nik": "#REF!", "nik_kind": "error"}, ["nik_error"]),
        ({"nik": "198008172005011001"}, ["nik_is_nip"]),
        ({"nik": "7302011708809010", "nik_kind": "number"}, ["nik_rounded"]),
        ({"nik": "7302011708809010"}, []),
        ({"kk": MAN}, ["kk_is_nik"]),
        ({"kk": MAN, "birth_on": date(1990, 1, 1)}, ["nik_is_kk"]),
        ({"name": " - "}, ["name_missing"]),
        ({"job": ""}, ["job_missing"]),
        ({"job": "Istri"}, ["maybe_heir"]),
        ({"birth_on": None}, ["birth_offered"]),
        ({"birth_on": None, "nik": "1"}, ["nik_length", "birth_missing"]),
        ({"birth_on": None, "birth_fault": "birth_unreal"}, ["birth_unreal"]),
        ({"birth_on": date(2026, 11, 23)}, ["birth_impossible"]),
        ({"birth_on": date(1915, 1, 1)}, ["birth_impossible"]),
        ({"birth_on": date(1980, 8, 18)}, ["birth_differs"]),
        ({"sex": "P"}, ["sex_differs"]),
        ({"sex": ""}, []),
        ({"sex": "", "sex_fault": True}, ["sex_unreadable"]),
        ({"job": "Anggota TNI AD"}, ["civil_servant"]),
        ({"job": "Anggota TNI AD", "category": "perangkat"}, []),
        ({"name": "Alm. Contoh"}, ["deceased"]),
        ({"name": "<b>Contoh</b>"}, ["name_odd"]),
    ],
)
def test_a_row_by_itself(difference, reasons):
    assert slugs(**difference) == reasons


def test_a_missing_sex_follows_from_the_nik():
    assert judge(told(nik="7302015708809001", sex=""), Limits(), ON).sex == "P"


def test_age_limits_are_handed_in():
    old = date(1961, 11, 22)
    asked = {"nik": "7302012211619001", "birth_on": old}
    assert slugs(**asked) == ["aged"]
    assert [slug for slug, _ in judge(told(**asked), Limits(70, 17, "uji"), ON).reasons] == []
    assert [slug for slug, _ in judge(told(**asked), Limits(70, 67, "uji"), ON).reasons] == ["young"]


def test_day_and_month_exchanged_is_a_doubt_of_its_own():
    assert doubts(parse("7302010508809001"), date(1980, 5, 8), "L", ON, False) == ("birth_swapped",)
    assert doubts(parse("7302010808809001"), date(1980, 8, 8), "L", ON, False) == ()


@pytest.mark.parametrize(("digits", "year"), [(80, 1980), (26, 2026), (27, 1927), (0, 2000), (99, 1999)])
def test_two_digits_mean_the_latest_year_that_has_been(digits, year):
    assert whole_year(digits, ON) == year


def test_a_birth_date_is_offered_from_the_nik():
    assert birth_in(parse(MAN), ON) == BORN
    assert birth_in(parse("7302012912269001".replace("2912", "2811")), ON) == date(1926, 11, 28)
    assert birth_in(parse("7302012902009001"), ON) == date(2000, 2, 29)


def test_serial_numbers_of_days():
    assert day_of_serial(29450) == BORN
    assert day_of_serial(1980) is None


def known(place: int, **more) -> Known:
    row = told(**more)
    return Known(f"baris {place}", row, judge(row, Limits(), ON), "73.02.01.2004")


def test_rows_beside_each_other():
    rows = [known(2), known(3, name="Contoh Dua"), known(4, nik="7302011708809004", name="Contoh Empat"), known(5, nik="7302011708809044", name="contoh  EMPAT")]
    assert compare(rows) == [[("nik_shared", "baris 3")], [("repeated", "baris 2")], [("nik_near", "baris 5")], [("nik_near", "baris 4")]]


def test_a_number_that_fits_nobody_is_a_familys():
    rows = [known(2, birth_on=date(1990, 1, 2)), known(3, name="Contoh Dua", birth_on=date(1991, 1, 2))]
    assert [[slug for slug, _ in each] for each in compare(rows)] == [["nik_is_kk"], ["nik_is_kk"]]


@given(some.integers(1, 9), some.integers(0, 15), some.integers(0, 9))
def test_one_digit_off_is_found_wherever_it_is(serial, at, digit):
    one = f"730201170880{serial:04}"
    other = one[:at] + str(digit) + one[at + 1 :]
    rows = [known(2, nik=one), known(3, nik=other)]
    found = [[slug for slug, _ in each] for each in compare(rows)]
    if one == other:
        assert found == [[], ["repeated"]]
    elif rows[1].judged.nik:
        assert found == [["nik_near"], ["nik_near"]]


def test_ten_thousand_namesakes_are_compared_in_no_time():
    rows = [known(place, nik=f"730201170880{place:04}") for place in range(1, 9999)]
    assert len(compare(rows)) == 9998
