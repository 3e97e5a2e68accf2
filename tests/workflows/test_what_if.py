"""What-ifs: added people, other wages, other programmes, a discount; from a month on, one after the other."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from workflows.contributions import Group, Law, Rate, Terms, owed
from workflows.tariffs import Adjustment
from workflows.what_if import AddPeople, BadStep, ChangeProgramme, ChangeWage, Plan, SwitchDiscount, after

JULY, YEAR = date(2026, 7, 1), (date(2026, 1, 1), date(2026, 12, 1))


def a_rate(programme, segment, percent=None, flat=None):
    return Rate(programme, segment, percent and Decimal(percent), flat and Decimal(flat), date(2015, 7, 1), None, "PP 44/2015")


HALF = Adjustment("lain", "x", ("JKK", "JKM"), "BPU", "lain", Decimal(50), date(2026, 4, 1), date(2026, 12, 31), "PP 50/2025")
RATES = (a_rate("JKK", "PU", "0.24"), a_rate("JKM", "PU", "0.30"), a_rate("JHT", "PU", "5.7"), a_rate("JKK", "BPU", "1"), a_rate("JKM", "BPU", flat="6800"))
STAFF, WORKERS = Terms("perangkat", "PU", ("JKK", "JKM")), Terms("pekerja_rentan", "BPU", ("JKK", "JKM"))
PLAN = Plan((Group(STAFF, Decimal(1_000_000), 2), Group(WORKERS, Decimal(1_000_000), 1)), Law(RATES, adjustments=(HALF,)))
NOW = 12 * (2 * 5_400 + 16_800)


def total(plan):
    return sum(each.total for each in owed(plan.law, plan.groups, *YEAR))


@pytest.mark.parametrize(
    ("step", "more"),
    [
        (AddPeople(Terms("lkd", "PU", ("JKK", "JKM")), 10, Decimal(1_000_000), JULY), 6 * 10 * 5_400),
        (ChangeWage("perangkat", date(2026, 1, 1), percent=Decimal(5)), 12 * 2 * 270),
        (ChangeWage("perangkat", JULY, percent=Decimal(5)), 6 * 2 * 270),
        (ChangeWage("perangkat", JULY, amount=Decimal(2_000_000)), 6 * 2 * 5_400),
        (ChangeProgramme("perangkat", "JHT", True, JULY), 6 * 2 * 57_000),
        (ChangeProgramme("perangkat", "JKM", False, JULY), -6 * 2 * 3_000),
        (SwitchDiscount("lain"), -9 * 8_400),
        (ChangeWage("tidak_ada", JULY, percent=Decimal(5)), 0),
    ],
)
def test_a_step_changes_the_sum_from_its_month_on(step, more):
    assert total(after(PLAN, [step])) - NOW == more


def test_steps_follow_one_another():
    steps = [ChangeWage("perangkat", JULY, amount=Decimal(2_000_000)), ChangeProgramme("perangkat", "JHT", True, JULY)]
    assert total(after(PLAN, steps)) - NOW == 6 * 2 * (5_400 + 114_000)


def test_added_people_get_what_is_changed_afterwards():
    add = AddPeople(STAFF, 1, Decimal(1_000_000), JULY)
    raise_ = ChangeWage("perangkat", date(2026, 10, 1), amount=Decimal(2_000_000))
    assert total(after(PLAN, [add, raise_])) - NOW == 6 * 5_400 + 3 * 3 * 5_400


def test_bpu_join_no_pension():
    with pytest.raises(BadStep, match="BPU tidak dapat mengikuti JP"):
        after(PLAN, [ChangeProgramme("pekerja_rentan", "JP", True, JULY)])


@given(some.integers(1, 12), some.sampled_from(["perangkat", "pekerja_rentan"]))
def test_a_change_that_changes_nothing_costs_nothing(month, category):
    assert total(after(PLAN, [ChangeWage(category, date(2026, month, 1), percent=Decimal(0))])) == NOW
