"""Contributions to the sen, and periods that may be cut anywhere."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from workflows.contributions import Group, Law, NoRate, Rate, Terms, charges, find_rate, missing_rates, months_between, owed
from workflows.tariffs import LEVELS, RUPIAH, SEN, Adjustment, Bracket, Ceiling, Rounding, Switch

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


# --- ceilings, incomes, discounts, shares, rounding ---

PENSION = a_rate("JP", percent="3")
CEILINGS = (
    Ceiling("JP", Decimal(10_547_400), date(2025, 3, 1), date(2026, 2, 28), "PP 45/2015 Pasal 29"),
    Ceiling("JP", Decimal(11_086_300), date(2026, 3, 1), None, "PP 45/2015 Pasal 29", "L"),
)
WITH_PENSION = Law((*RATES, PENSION), CEILINGS)
MANAGERS = Terms("perangkat", "PU", ("JKK", "JP"))


def test_the_pension_ceiling_changes_on_1_march():
    spans = owed(WITH_PENSION, [Group(MANAGERS, Decimal(20_000_000), 1)], date(2026, 1, 1), date(2026, 12, 1))
    assert [(each.first.month, each.last.month, each.charges[1].base) for each in spans] == [(1, 2, 10_547_400), (3, 12, 11_086_300)]
    assert [each.charges[1].amount for each in spans] == [Decimal("316422.00"), Decimal("332589.00")]
    assert [each.charges[0].base for each in spans] == [20_000_000, 20_000_000]  # JKK knows no ceiling
    assert [each.charges[1].confidence for each in spans] == ["S", "L"]


def test_a_ceiling_above_the_wage_cuts_nothing():
    assert len(owed(WITH_PENSION, [Group(MANAGERS, Decimal(2_022_200), 1)], date(2026, 1, 1), date(2026, 12, 1))) == 1


@pytest.mark.parametrize("programme", ["JP", "JKP"])
def test_bpu_never_joins_pension_or_unemployment_insurance(programme):
    with pytest.raises(NoRate, match=f"BPU tidak dapat mengikuti {programme}"):
        charges(Law((*RATES, a_rate(programme, "BPU", percent="3"))), Terms("x", "BPU", (programme,)), Decimal(1_000_000), MARCH)


TABLE = (
    Bracket(Decimal(), Decimal(1_100_000), Decimal(1_000_000), JULY_2015, None, "PP 44/2015 Lampiran II"),
    Bracket(Decimal(1_100_000), Decimal(1_300_000), Decimal(1_200_000), JULY_2015, None, "PP 44/2015 Lampiran II", "L"),
)


@pytest.mark.parametrize(("income", "jkk", "confidence"), [(400_000, 10_000, "S"), (1_000_000, 10_000, "S"), ("1099999.99", 10_000, "S"), (1_100_000, 12_000, "L"), (1_200_000, 12_000, "L")])
def test_bpu_pay_from_the_table_of_incomes(income, jkk, confidence):
    found = charges(Law(RATES, brackets=TABLE), WORKERS, Decimal(income), MARCH)
    assert [each.amount for each in found] == [jkk, 6_800]
    assert found[0].confidence == confidence


def test_an_income_without_a_row_is_refused_and_not_guessed():
    law = Law(RATES, brackets=TABLE)
    assert missing_rates(law, [Group(WORKERS, Decimal(1_300_000), 1)], MARCH, MARCH) == ("baris tabel penghasilan BPU untuk Rp1300000 belum diisi",)


def test_wage_earners_do_not_pay_from_the_table():
    assert charges(Law(RATES, brackets=TABLE), STAFF, Decimal(1_250_000), MARCH)[0].base == 1_250_000


OTHERS = Adjustment("lain", "Potongan", ("JKK", "JKM"), "BPU", "lain", Decimal(50), date(2026, 4, 1), date(2026, 12, 31), "PP 50/2025", not_for=("APBD",))
DRIVERS = Adjustment("transportasi", "Potongan", ("JKK", "JKM"), "BPU", "transportasi", Decimal(50), date(2026, 1, 1), date(2027, 3, 31), "PP 50/2025")
HERE = "73.02.01.2004"


def discounted(*said: Switch) -> Law:
    return Law(RATES, adjustments=(OTHERS, DRIVERS), switches=said)


def in_months(law: Law, terms: Terms, village: str = HERE) -> list[int]:
    months = months_between(date(2025, 12, 1), date(2027, 4, 1))
    return [int(sum(each.amount for each in charges(law, terms, Decimal(1_000_000), month, village))) for month in months]


def test_the_discount_is_off_until_bpjs_switches_it_on():
    assert in_months(discounted(), WORKERS) == [16_800] * 17


@pytest.mark.parametrize(("sector", "full_before", "half", "full_after"), [("lain", 4, 9, 4), ("transportasi", 1, 15, 1)])
def test_each_sector_has_its_window(sector, full_before, half, full_after):
    law = discounted(*(Switch(each, "APBDes", "", True) for each in ("lain", "transportasi")))
    found = in_months(law, Terms("pekerja_rentan", "BPU", ("JKK", "JKM"), sector=sector))
    assert found == [16_800] * full_before + [8_400] * half + [16_800] * full_after


def test_the_discount_halves_jkk_and_jkm_but_not_jht():
    terms = Terms("pekerja_rentan", "BPU", ("JKK", "JKM", "JHT"))
    found = charges(discounted(Switch("lain", "APBDes", "", True)), terms, Decimal(1_000_000), date(2026, 4, 1))
    assert [each.amount for each in found] == [5_000, 3_400, 20_000]
    assert "dikurangi 50%" in found[0].derivation and "PP 50/2025" in found[0].derivation and "PP 50/2025" not in found[2].derivation


@pytest.mark.parametrize(
    ("said", "village", "on"),
    [
        ([("", True)], HERE, True),
        ([(HERE, True)], HERE, True),
        ([(HERE, True)], "73.02.06.2003", False),
        ([("", True), (HERE, False)], HERE, False),
        ([(HERE, False), ("", True)], HERE, False),  # what was said of the village itself comes first
        ([("", True), ("", False)], HERE, False),
    ],
)
def test_the_last_word_on_a_payer_counts(said, village, on):
    assert discounted(*(Switch("lain", "APBDes", where, yes) for where, yes in said)).is_on("lain", "APBDes", village) == on


def test_who_is_paid_by_apbd_never_has_the_discount():
    paid = Terms("pekerja_rentan", "BPU", ("JKK", "JKM"), payer="APBD")
    assert in_months(discounted(Switch("lain", "APBD", "", True)), paid) == [16_800] * 17


@pytest.mark.parametrize(("risk", "amount"), [("I", "2400"), ("II", "5400"), ("III", "8900"), ("IV", "12700"), ("V", "17400")])
def test_work_accidents_cost_by_class_of_risk(risk, amount):
    classes = (("I", "0.24"), ("II", "0.54"), ("III", "0.89"), ("IV", "1.27"), ("V", "1.74"))
    law = Law(tuple(replace(a_rate("JKK", percent=percent), risk=name) for name, percent in classes))
    assert charges(law, Terms("x", "PU", ("JKK",), risk), Decimal(1_000_000), MARCH)[0].amount == Decimal(amount)


def test_employer_and_worker_share_a_rate_and_the_total_stays():
    law = Law((replace(a_rate("JHT", percent="5.7"), worker=Decimal(2)), replace(PENSION, worker=Decimal(1))), CEILINGS)
    jht, jp = charges(law, Terms("x", "PU", ("JHT", "JP")), Decimal("2022200.55"), MARCH)
    assert (jht.amount, jht.employer, jht.worker) == (Decimal("115265.43"), Decimal("74821.42"), Decimal("40444.01"))
    assert (jp.employer + jp.worker, jp.worker) == (jp.amount, Decimal("20222.01"))


@pytest.mark.parametrize(
    ("rule", "jkk", "jkm", "three_people"),
    [
        (Rounding(), "4853.28", "6066.60", "32759.64"),
        (Rounding("programme", RUPIAH, "half_up"), "4853", "6067", "32760"),
        (Rounding("programme", RUPIAH, "up"), "4854", "6067", "32763"),
        (Rounding("programme", RUPIAH, "down"), "4853", "6066", "32757"),
        (Rounding("person", RUPIAH, "half_up"), "4853", "6067", "32760"),
        (Rounding("person", RUPIAH, "up"), "4854", "6066", "32760"),
        (Rounding("group", RUPIAH, "down"), "4853.28", "6066.60", "32759"),
    ],
)
def test_rounding_is_a_rule_of_the_law(rule, jkk, jkm, three_people):
    (span,) = owed(Law(RATES, roundings=(rule,)), [Group(STAFF, Decimal(2_022_200), 3)], MARCH, MARCH)
    assert [each.amount for each in span.charges] == [Decimal(jkk), Decimal(jkm)]
    assert span.total == sum(span.by_programme) == Decimal(three_people)


def test_who_comes_or_leaves_within_the_year_owes_for_his_months():
    groups = [Group(STAFF, Decimal(1_000_000), 1, first=date(2026, 7, 1)), Group(STAFF, Decimal(1_000_000), 1, last=date(2026, 2, 1)), Group(STAFF, Decimal(1_000_000), 1, last=date(2025, 12, 1))]
    assert [(each.first.month, each.months, each.total) for each in owed(LAW, groups, date(2026, 1, 1), date(2026, 12, 1))] == [(7, 6, 32_400), (1, 2, 10_800)]


def test_a_derivation_tells_all_that_made_the_figure():
    told = owed(WITH_PENSION, [Group(MANAGERS, Decimal(20_000_000), 2)], MARCH, MARCH)[0].told()[1]
    assert told["derivation"] == "JP: 3% x 11086300, upah 20000000 dibatasi 11086300 = 332589.00 (PP 44/2015; PP 45/2015 Pasal 29)"
    assert (told["monthly"], told["ceiling"], told["confidence"], told["rounding_confidence"]) == ("665178.00", "11086300", "L", "U")


EVERYTHING = Law(
    (*RATES, PENSION, HALF), CEILINGS, TABLE + (Bracket(Decimal(1_300_000), None, Decimal(1_400_000), JULY_2015, None, "x"),),
    (OTHERS, DRIVERS), (Switch("lain", "APBDes", "", True),),
)  # fmt: skip
some_terms = some.sampled_from([STAFF, WORKERS, MANAGERS, Terms("pekerja_rentan", "BPU", ("JKK", "JKM", "JHT"), sector="transportasi")])
rounding_rules = some.builds(Rounding, some.sampled_from(list(LEVELS)), some.sampled_from([SEN, RUPIAH]), some.sampled_from(["half_up", "up", "down"]))
some_groups = some.lists(some.builds(Group, some_terms, bases, some.integers(0, 60), some.none() | months, some.none() | months), max_size=6)


@given(some_groups, rounding_rules, some.lists(months, min_size=2, max_size=2).map(sorted), some.randoms(use_true_random=False))
def test_the_order_of_people_does_not_matter(groups, rule, span, shuffle):
    law, mixed = replace(EVERYTHING, roundings=(rule,)), list(groups)
    shuffle.shuffle(mixed)
    assert sum(each.total for each in owed(law, groups, *span)) == sum(each.total for each in owed(law, mixed, *span))


@given(some_groups, rounding_rules, some.lists(months, min_size=3, max_size=3).map(sorted))
def test_cutting_a_period_changes_nothing_under_any_rule(groups, rule, cut):
    first, middle, last = cut
    law, before = replace(EVERYTHING, roundings=(rule,)), date(middle.year - (middle.month == 1), (middle.month - 2) % 12 + 1, 1)
    parts = (*owed(law, groups, first, before), *owed(law, groups, middle, last))
    assert sum(each.total for each in owed(law, groups, first, last)) == sum(each.total for each in parts)


@given(some_groups, rounding_rules, months)
def test_programmes_shares_and_people_add_up_to_the_whole(groups, rule, month):
    for each in owed(replace(EVERYTHING, roundings=(rule,)), groups, month, month):
        assert each.total == sum(each.by_programme)
        assert all(one.employer + one.worker == one.amount for one in each.charges)
        if rule.level != "group":
            assert each.total == each.per_person * each.group.people


@given(some.lists(bases, max_size=8), rounding_rules)
def test_parts_add_up_to_their_rounded_sum(amounts, rule):
    assert sum(rule.parts(amounts)) == rule.rounded(sum(amounts, Decimal()))
