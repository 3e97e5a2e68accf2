"""The conditions of the budget, the spending of its lines, and the sources that may not pay."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from workflows import turn
from workflows.facts import BudgetLineSeen, BudgetSeen, CheckSeen
from workflows.stages.budgeting import document_of, lines_digest, rupiah, shortages, shortfalls, standing_lines, unpaid_months

from .standin import COMPLETE, DAY, a_line, an_agreement, changed, opened

RKPDES, APBDES = COMPLETE["budgets_seen"]


def test_the_plan_must_name_it():
    assert set(opened(an_agreement(budgets_seen=(APBDES,)))) == {"rkpdes_names", "budget_evidence"}


def test_the_budget_must_carry_it():
    assert set(opened(an_agreement(budgets_seen=(RKPDES,)))) == {"apbdes_carries", "budget_evidence"}


def test_a_changed_budget_carries_it_as_well():
    changed_budget = BudgetSeen("perubahan", "7/2026", date(2026, 8, 1), True)
    assert opened(an_agreement(budgets_seen=(RKPDES, changed_budget))) == {}


def test_each_document_needs_its_evidence():
    bare = BudgetSeen("apbdes", "5/2025", date(2025, 12, 30), False)
    assert opened(an_agreement(budgets_seen=(RKPDES, bare))) == {"budget_evidence": ""}


def test_evidence_handed_in_later_for_the_same_document_counts():
    bare = BudgetSeen("apbdes", "5/2025", date(2025, 12, 30), False)
    assert opened(an_agreement(budgets_seen=(RKPDES, bare, APBDES))) == {}


def test_the_newest_document_is_the_one_with_the_latest_date():
    newer = BudgetSeen("perubahan", "7/2026", date(2026, 8, 1), True)
    assert document_of(an_agreement(budgets_seen=(newer, RKPDES, APBDES)), "apbdes", "perubahan") == newer


def test_without_lines_the_need_is_named():
    assert opened(an_agreement(lines_seen=())) == {"lines_cover": "belum ada baris anggaran; kebutuhan Rp3.000,00"}


def test_a_shortfall_is_named_in_rupiah_with_its_category():
    assert opened(an_agreement(lines_seen=(a_line("1000", "kepala_desa"), a_line("1500.25", "perangkat")))) == {
        "lines_cover": "kurang Rp499,75 untuk Perangkat Desa"
    }


def test_money_for_one_category_does_not_cover_another():
    assert "lines_cover" in opened(an_agreement(lines_seen=(a_line("9000", "kepala_desa"),)))


def test_lines_cover_nothing_while_contributions_are_not_calculated():
    assert opened(an_agreement(due_by_category={}))["lines_cover"] == "iuran belum dihitung"


def test_a_forbidden_source_is_named_with_its_article():
    lines = (a_line("1000", "kepala_desa", source="DD"), a_line("2000", "perangkat"))
    assert opened(an_agreement(lines_seen=lines)) == {
        "no_forbidden_source": "DD tidak boleh membayar Kepala Desa (Permendesa PDT 16/2025)"
    }


@pytest.mark.parametrize("category", ["kepala_desa", "perangkat", "bpd"])
def test_dana_desa_of_2026_pays_neither_head_nor_staff_nor_council(category):
    assert "no_forbidden_source" in opened(an_agreement(lines_seen=(a_line("1", category, "lkd", source="DD"),)))


def test_dana_desa_may_pay_for_others():
    assert "no_forbidden_source" not in opened(an_agreement(lines_seen=(a_line("1", "lkd", source="DD"),)))


def test_a_line_without_money_breaks_no_rule():
    assert "no_forbidden_source" not in opened(an_agreement(lines_seen=(a_line("0", "kepala_desa", source="DD"),)))


def test_a_year_without_rules_stays_open():
    facts = an_agreement(source_rules=None, fiscal_year=2027)
    assert opened(facts) == {"no_forbidden_source": "aturan 2027 belum diisi"}
    assert turn(facts, DAY) == "legal"


def test_a_year_that_forbids_nothing_is_filled():
    assert opened(an_agreement(source_rules=())) == {}


def test_the_camat_has_the_move_until_he_checked():
    facts = an_agreement(check_seen=None)
    assert opened(facts) == {"camat_checked": ""}
    assert turn(facts, DAY) == "camat"


def test_what_the_camat_returned_is_the_villages_move():
    facts = an_agreement(check_seen=CheckSeen(False, DAY, lines_digest(an_agreement()), "baris kurang"))
    assert opened(facts) == {"camat_checked": "dikembalikan: baris kurang"}
    assert turn(facts, DAY) == "village"


@pytest.mark.parametrize(
    "change",
    [
        {"lines_seen": (*COMPLETE["lines_seen"], a_line("1", "perangkat"))},
        {"budgets_seen": (*COMPLETE["budgets_seen"], BudgetSeen("perubahan", "7/2026", DAY, True))},
    ],
)
def test_a_check_lapses_when_the_budget_changes(change):
    facts = changed(an_agreement(), **change)
    assert opened(facts) == {"camat_checked": "anggaran berubah sesudah diperiksa"}
    assert turn(facts, DAY) == "camat"


def test_the_order_of_lines_does_not_let_a_check_lapse():
    turned = tuple(reversed(COMPLETE["lines_seen"]))
    assert opened(changed(an_agreement(), lines_seen=turned)) == {}


def test_a_shared_line_pays_what_single_lines_leave():
    assert shortfalls(an_agreement(lines_seen=(a_line("2000", "kepala_desa", "perangkat"), a_line("1000", "kepala_desa")))) == {}


def test_no_shortfall_is_named_where_the_money_can_be_spent_otherwise():
    # x can be paid from either line, y only from the first: paying x from the first would leave y short.
    need = {"x": Decimal(100), "y": Decimal(100)}
    lines = (a_line("100", "x", "y"), a_line("100", "x", "z"))
    assert shortfalls(an_agreement(due_by_category=need, lines_seen=lines)) == {}


SLUGS = ("a", "b", "c", "d")
amounts = some.integers(0, 5_000_000).map(lambda sen: Decimal(sen) / 100)
needs = some.dictionaries(some.sampled_from(SLUGS), amounts, min_size=1)
lines = some.lists(
    some.builds(
        BudgetLineSeen,
        some.sampled_from(("ADD", "DD", "PBH")),
        some.lists(some.sampled_from((*SLUGS, "z")), min_size=1, unique=True).map(tuple),
        amounts,
    ),
    max_size=5,
)


@given(needs, lines)
def test_shortfalls_are_never_negative_and_never_more_than_the_need(need, found):
    short = shortfalls(an_agreement(due_by_category=need, lines_seen=tuple(found)))
    assert all(0 < missing <= need[category] for category, missing in short.items())


@given(needs, lines)
def test_what_is_paid_and_what_is_missing_make_the_need(need, found):
    """The least that must stay missing: over every set of categories, its need minus all the money that may reach it."""
    short = shortfalls(an_agreement(due_by_category=need, lines_seen=tuple(found)))
    least = Decimal()
    for bits in range(1 << len(SLUGS)):
        chosen = {slug for at, slug in enumerate(SLUGS) if bits >> at & 1}
        reach = sum((each.amount for each in found if chosen & set(each.categories)), Decimal())
        least = max(least, sum((need.get(slug, Decimal()) for slug in chosen), Decimal()) - reach)
    assert sum(short.values(), Decimal()) == least


@given(needs, lines.filter(lambda found: len(found) <= 4))
def test_the_order_of_lines_does_not_matter(need, found):
    outcomes = [shortfalls(an_agreement(due_by_category=need, lines_seen=each)) for each in permutations(found)]
    assert all(each == outcomes[0] for each in outcomes)


@given(needs, lines)
def test_more_money_never_makes_a_larger_shortfall(need, found):
    before = shortfalls(an_agreement(due_by_category=need, lines_seen=tuple(found)))
    after = shortfalls(an_agreement(due_by_category=need, lines_seen=(*found, a_line("1", *SLUGS))))
    assert sum(after.values()) <= sum(before.values())


@pytest.mark.parametrize(("amount", "text"), [("0", "Rp0,00"), ("1234567.5", "Rp1.234.567,50"), ("999", "Rp999,00")])
def test_money_is_written_as_in_indonesia(amount, text):
    assert rupiah(Decimal(amount)) == text


# --- lines of three documents, months that stay unpaid ---


@dataclass(frozen=True)
class ALine:
    id: int
    document: str
    replaces_id: int | None = None


@pytest.mark.parametrize(
    ("lines", "amended", "stands"),
    [
        ([ALine(1, "rkpdes"), ALine(2, "apbdes")], False, [2]),
        ([ALine(1, "apbdes"), ALine(2, "perubahan", 1)], False, [1]),
        ([ALine(1, "apbdes"), ALine(2, "perubahan", 1)], True, [2]),
        ([ALine(1, "apbdes"), ALine(2, "perubahan")], True, [1, 2]),
        ([ALine(1, "apbdes"), ALine(2, "perubahan", 1), ALine(3, "perubahan", 2), ALine(4, "rkpdes")], True, [3]),
    ],
    ids=["plan", "not yet recorded", "replaced", "added", "twice"],
)
def test_what_stands_is_the_apbdes_as_its_recorded_perubahan_made_it(lines, amended, stands):
    assert [each.id for each in standing_lines(lines, amended)] == stands


def by_month(each: str, months: int = 12) -> dict[date, Decimal]:
    return {date(2026, month, 1): Decimal(each) for month in range(1, months + 1)}


@pytest.mark.parametrize(
    ("money", "first", "count"),
    [("0", 1, 12), ("99.99", 1, 12), ("100", 2, 11), ("350", 4, 9), ("1199.99", 12, 1), ("1200", None, 0), ("5000", None, 0)],
)
def test_months_are_paid_in_their_order_and_a_part_is_not_a_month(money, first, count):
    unpaid = unpaid_months(by_month("100"), Decimal(money))
    assert (unpaid[0].month if unpaid else None, len(unpaid)) == (first, count)


def test_every_category_has_a_row_and_the_rows_add_up():
    facts = an_agreement(lines_seen=(a_line("1000", "kepala_desa"), a_line("500", "perangkat")))
    found = shortages(facts, {"kepala_desa": by_month("83.33"), "perangkat": {date(2026, 1, 1): Decimal(500), date(2026, 2, 1): Decimal(1500)}})
    assert [(each.category, each.due, each.covered, each.short, each.runs_out) for each in found] == [
        ("kepala_desa", Decimal(1000), Decimal(1000), Decimal(0), None),
        ("perangkat", Decimal(2000), Decimal(500), Decimal(1500), date(2026, 2, 1)),
    ]
    assert sum(each.short for each in found) == sum(shortfalls(facts).values())
