"""The conditions of enrollment, and what a return takes back."""

import pytest

from workflows import turn
from workflows.facts import StepSeen

from .standin import COMPLETE, DAY, an_agreement, opened

STEPS = COMPLETE["steps_seen"]
RETURNED = StepSeen("returned", DAY, reason="NIK tidak terbaca")
CONDITIONS = ("files_handed_in", "validated", "billing_code", "first_payment", "active")
ROLES = ("village", "bpjs", "bpjs", "village", "bpjs")


@pytest.mark.parametrize("done", range(5))
def test_each_step_opens_the_next(done):
    facts = an_agreement(steps_seen=STEPS[:done])
    assert tuple(opened(facts)) == CONDITIONS[done:]
    assert turn(facts, DAY) == ROLES[done]


@pytest.mark.parametrize("done", [1, 2])
def test_a_return_takes_back_what_was_handed_in(done):
    facts = an_agreement(steps_seen=(*STEPS[:done], RETURNED))
    assert tuple(opened(facts)) == CONDITIONS
    assert opened(facts)["files_handed_in"] == "dikembalikan BPJS: NIK tidak terbaca"
    assert turn(facts, DAY) == "village"


def test_handing_in_again_closes_the_sentence_but_not_the_old_validation():
    facts = an_agreement(steps_seen=(*STEPS[:2], RETURNED, STEPS[0]))
    assert tuple(opened(facts)) == CONDITIONS[1:]
    assert turn(facts, DAY) == "bpjs"


def test_a_second_payment_changes_nothing():
    assert opened(an_agreement(steps_seen=(*STEPS, STEPS[3]))) == {}
