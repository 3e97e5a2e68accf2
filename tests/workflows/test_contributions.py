"""Contributions to the sen, and periods that may be cut anywhere."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from workflows.contributions import Group, Law, NoRate, Rate, Terms, charges, find_rate, missing_rates, months_between, owed

JULY_2015 = date(2015, 7, 1)


def a_rate(programme, segment="PU", percent=None, flat=None, valid_from=JULY_2015, valid_until=None):
    return Rate(programme, segment, percent and Decimal(percent), flat and Decimal(flat), valid_from, valid_until, "PP 44/2015")


PU = (a_rate("JKK", percent="0.24"), a_rate("JKM", percent="0.30"))
BPU = (a_rate("JKK", "BPU", percent="1"), a_rate("JKM", "BPU", flat="6800"), a_rate("JHT", "BPU", percent="2"))
RATES = PU + BPU
LAW = Law(RATES)
STAFF = Terms("perangkat", "PU", ("JKK", "JKM"))
WORKERS = Terms("pekerja_rentan", "BPU", ("JKK", "JKM"))
MARCH = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("base", "jkk", "jkm", "both"),
    [
        ("2426640", "5823.94", "7279.92", "13103.86"),
        ("2224420", "5338.61", "6673.26", "12011.87"),
        ("2022200", "4853.28", "6066.60", "10919.88"),
        ("1500000", "3600", "4500", "8100"),
        ("1000000", "2400", "3000", "5400"),
    ],
)
def test_wage_earners_owe_to_the_sen(base, jkk, jkm, both):
    found = charges(LAW, STAFF, Decimal(base), MARCH)
    assert [each.amount for each in found] == [Decimal(jkk), Decimal(jkm)]
    assert sum(each.amount for each in found) == Decimal(both)


def test_others_owe_16800_at_the_lowest_income():
    assert [each.amount for each in charges(LAW, WORKERS, Decimal(1_000_000), MARCH)] == [10_000, 6_800]


def test_others_owe_36800_with_old_age_savings():
    terms = Terms("pekerja_rentan", "BPU", ("JKK", "JKM", "JHT"))
    assert sum(each.amount for each in charges(LAW, terms, Decimal(1_000_000), MARCH)) == 36_800


def test_each_figure_says_how_it_came_about():
    first, _ = charges(LAW, STAFF, Decimal(1_500_000), MARCH)
    assert first.derivation == "JKK: 0.24% x 1500000 = 3600.00 (PP 44/2015)"


def test_half_a_sen_goes_up():
    assert charges(Law((a_rate("JKK", percent="0.5"),)), Terms("x", "PU", ("JKK",)), Decimal("1"), MARCH)[0].amount == Decimal("0.01")


HALF = a_rate("JKM", "BPU", flat="3400", valid_from=date(2026, 4, 1), valid_until=date(2026, 12, 31))


@pytest.mark.parametrize(("month", "amount"), [(date(2026, 3, 1), 6800), (date(2026, 4, 1), 3400), (date(2026, 12, 1), 3400), (date(2027, 1, 1), 6800)])
def test_of_two_rates_the_younger_one_holds_in_its_window(month, amount):
    assert find_rate((*RATES, HALF), "JKM", "BPU", month).flat == amount


def test_a_year_is_cut_where_a_rate_changes():
    spans = owed(Law((*RATES, HALF)), [Group(WORKERS, Decimal(1_000_000), 10)], date(2026, 1, 1), date(2026, 12, 1))
    assert [(each.first.month, each.last.month, each.months, each.per_person) for each in spans] == [(1, 3, 3, 16_800), (4, 12, 9, 13_400)]
    assert sum(each.total for each in spans) == 10 * (3 * 16_800 + 9 * 13_400)


def test_a_month_without_a_rate_is_refused_and_named():
    ends = (a_rate("JKK", percent="0.24", valid_until=date(2026, 6, 30)), PU[1])
    group = Group(STAFF, Decimal(1_000_000), 1)
    with pytest.raises(NoRate, match="tarif JKK PU untuk 07-2026 belum diisi"):
        owed(Law(ends), [group], date(2026, 1, 1), date(2026, 12, 1))
    assert missing_rates(Law(ends), [group], date(2026, 1, 1), date(2026, 12, 1)) == ("tarif JKK PU untuk 07-2026 belum diisi",)
    assert missing_rates(LAW, [group], date(2026, 1, 1), date(2026, 12, 1)) == ()


def test_months_run_over_the_turn_of_the_year():
    assert list(months_between(date(2026, 11, 15), date(2027, 1, 31))) == [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)]


def test_a_span_that_ends_before_it_begins_holds_no_month():
    assert list(months_between(date(2026, 2, 1), date(2026, 1, 31))) == []


months = some.integers(0, 35).map(lambda n: date(2025 + n // 12, n % 12 + 1, 1))
bases = some.integers(0, 10**12).map(lambda sen: Decimal(sen) / 100)


@given(some.lists(months, min_size=3, max_size=3).map(sorted), bases, some.integers(0, 500), some.sampled_from([STAFF, WORKERS]))
def test_cutting_a_period_changes_nothing(cut, base, people, terms):
    first, middle, last = cut
    law, groups = Law((*RATES, HALF)), [Group(terms, base, people)]
    before_middle = date(middle.year - (middle.month == 1), (middle.month - 2) % 12 + 1, 1)
    whole = sum(each.total for each in owed(law, groups, first, last))
    parts = sum(each.total for each in (*owed(law, groups, first, before_middle), *owed(law, groups, middle, last)))
    assert whole == parts


@given(bases, some.integers(0, 500), some.integers(0, 500))
def test_splitting_a_group_changes_nothing(base, some_people, more_people):
    def total(people):
        return sum(each.total for each in owed(LAW, [Group(STAFF, base, people)], MARCH, MARCH))

    assert total(some_people) + total(more_people) == total(some_people + more_people)
