"""The road as a whole: which stage, whose move, what is refused, what is late."""

from datetime import date, timedelta

import pytest

from workflows import STAGES, NotYet, current_stage, open_conditions, require, turn, whole_road
from workflows.agreement import CONDITIONS, slugs_before
from workflows.deadlines import DueRule

from .standin import COMPLETE, DAY, an_agreement, opened

BREAKS = {"draft": {"party_gaps": ("x",)}, "signature": {"numbers": (None, None)}, "budgeting": {"lines_seen": ()}, "enrollment": {"steps_seen": ()}}


def test_the_stages_stand_in_the_order_of_the_law():
    assert [each.slug for each in STAGES] == ["draft", "signature", "budgeting", "enrollment"]


def test_a_complete_agreement_is_active_and_nobodys_move():
    assert current_stage(an_agreement()) is None
    assert turn(an_agreement(), DAY) is None


@pytest.mark.parametrize("slug", BREAKS)
def test_the_stage_is_the_first_with_an_open_sentence(slug):
    assert current_stage(an_agreement(**BREAKS[slug])).slug == slug


def test_budget_evidence_recorded_early_moves_no_stage():
    assert current_stage(an_agreement(numbers=(None, None), steps_seen=())).slug == "signature"


def test_the_move_is_that_of_the_first_open_sentence_of_the_stage():
    assert turn(an_agreement(numbers=("1", None), steps_seen=()), DAY) == "bpjs"


def test_every_sentence_is_said_once():
    sentences = [each.sentence for each in CONDITIONS.values()]
    assert len(set(sentences)) == len(sentences) == sum(len(stage.conditions) for stage in STAGES)


def test_the_road_shows_every_sentence_open_or_closed():
    road = whole_road(an_agreement(lines_seen=()), DAY)
    assert [condition.slug for _, conditions in road for condition, _ in conditions] == [each for each in CONDITIONS if each != "paraf_given"]
    assert [open_.slug for _, conditions in road for _, open_ in conditions if open_] == ["lines_cover"]


def test_a_refusal_names_every_open_sentence_that_was_asked_for():
    with pytest.raises(NotYet) as refusal:
        require(an_agreement(numbers=("1", None), lines_seen=(), steps_seen=()), DAY, ["numbers_known", "lines_cover", "approved"])
    assert [each.slug for each in refusal.value.open] == ["numbers_known", "lines_cover"]
    assert "Nomor kedua pihak diketahui: belum ada nomor PIHAK KEDUA" in str(refusal.value)


def test_nothing_is_refused_where_all_is_closed():
    require(an_agreement(), DAY, CONDITIONS)


def test_what_stands_before_a_sentence():
    assert slugs_before("accord_in_force") == ()
    assert slugs_before("validated")[-1] == "files_handed_in"
    assert len(slugs_before("active")) == len(CONDITIONS) - 1


DUE = {"annex_signed": DueRule(0, 3, 31, "kalender kantor")}


@pytest.mark.parametrize(("today", "late"), [(date(2026, 3, 30), 0), (date(2026, 3, 31), 0), (date(2026, 4, 1), 1), (date(2026, 12, 31), 275)])
def test_a_sentence_is_late_from_the_day_after_its_due_date(today, late):
    (found,) = open_conditions(an_agreement(signatures_seen=COMPLETE["signatures_seen"][:2]), today)
    assert (found.due_on, found.days_late, found.overdue) == (date(2026, 3, 31), late, late > 0)


def test_without_a_rule_nothing_is_due():
    (found,) = open_conditions(an_agreement(lines_seen=()), DAY + timedelta(days=999))
    assert (found.due_on, found.overdue) == (None, False)


def test_a_due_date_may_lie_in_the_year_before():
    assert DueRule(-1, 9, 30, "Permendagri 114/2014 Pasal 29").due_on(2026) == date(2025, 9, 30)


def test_the_last_day_of_february_is_understood_in_every_year():
    rule = DueRule(0, 2, 29, "kalender kantor")
    assert (rule.due_on(2027), rule.due_on(2028)) == (date(2027, 2, 28), date(2028, 2, 29))


def test_every_condition_has_a_sentence_of_its_own_stage_only():
    assert set(opened(an_agreement(party_gaps=("x",)))) == {"parties_complete"}
