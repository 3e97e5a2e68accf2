"""The conditions of the draft, one change each."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from workflows import turn, whole_road
from workflows.facts import ApprovalSeen, BasisSeen, ParafSeen, TakenOver
from workflows.stages.draft import approval_digest

from .standin import COMPLETE, DAY, a_signature, an_agreement, changed, opened

ACCORD, ROSTER = COMPLETE["accord_seen"], COMPLETE["roster_seen"]


def test_a_complete_agreement_has_nothing_open():
    assert opened(an_agreement()) == {}


@pytest.mark.parametrize(
    ("accord", "because"),
    [
        (None, "perjanjian ini belum dikaitkan dengan induknya"),
        (replace(ACCORD, signed=False), "100.3.7.1/1/DPMD/I/2026 belum ditandatangani kedua pihak"),
        (replace(ACCORD, signed=False, number=""), "induk belum ditandatangani kedua pihak"),
        (replace(ACCORD, valid_from=DAY + timedelta(days=1)), "masa berlaku 03-02-2026 s.d. 31-12-2028"),
        (replace(ACCORD, valid_until=DAY - timedelta(days=1)), "masa berlaku 01-01-2026 s.d. 01-02-2026"),
        (replace(ACCORD, terminated_on=DAY), "induk diakhiri pada 02-02-2026"),
    ],
)
def test_the_accord_must_be_in_force_on_the_date(accord, because):
    assert opened(an_agreement(accord_seen=accord)) == {"accord_in_force": because}


@pytest.mark.parametrize(
    "accord",
    [
        replace(ACCORD, valid_from=DAY),
        replace(ACCORD, valid_until=DAY),
        replace(ACCORD, terminated_on=DAY + timedelta(days=1)),
    ],
)
def test_the_first_and_the_last_day_of_the_accord_count(accord):
    assert opened(an_agreement(accord_seen=accord)) == {}


def test_without_a_date_accord_parties_and_bases_stay_open():
    assert opened(an_agreement(dated_on=None)) == {
        "accord_in_force": "tanggal perjanjian belum ditetapkan",
        "parties_complete": "tanggal perjanjian belum ditetapkan",
        "legal_bases_chosen": "",
    }


def test_each_gap_of_the_parties_is_named():
    assert opened(an_agreement(party_gaps=("satu", "dua"))) == {"parties_complete": "satu; dua"}


def test_a_basis_must_be_chosen():
    assert opened(an_agreement(bases_seen=())) == {"legal_bases_chosen": ""}


@pytest.mark.parametrize("span", [(DAY + timedelta(days=1), None), (date(2000, 1, 1), DAY - timedelta(days=1))])
def test_a_basis_that_is_no_law_on_the_date_is_named(span):
    bases = (*COMPLETE["bases_seen"], BasisSeen("PP 1/2000", *span))
    assert opened(an_agreement(bases_seen=bases)) == {"legal_bases_chosen": "tidak berlaku pada tanggal itu: PP 1/2000"}


@pytest.mark.parametrize("roster", [None, replace(ROSTER, participants=0)])
def test_a_list_must_be_frozen_and_not_empty(roster):
    assert "roster_frozen" in opened(an_agreement(roster_seen=roster))


def test_without_a_list_nothing_says_that_no_one_is_flagged():
    assert set(opened(an_agreement(roster_seen=None))) == {"roster_frozen", "nothing_flagged"}


def test_flagged_people_are_counted():
    assert opened(an_agreement(roster_seen=replace(ROSTER, flagged_open=3))) == {"nothing_flagged": "3 peserta bertanda"}


def test_a_missing_rate_is_named():
    assert opened(an_agreement(missing_rates=("tarif JKK PU untuk 03-2026 belum diisi",))) == {
        "contributions_calculated": "tarif JKK PU untuk 03-2026 belum diisi"
    }


def test_without_approval_the_last_sentence_is_open():
    assert opened(an_agreement(approval_seen=None, signatures_seen=())) == {
        "approved": "", "signed_kesatu": "", "signed_kedua": "", "annex_signed": "",
    }


CHANGES = {
    "fiscal_year": 2027,
    "dated_on": DAY + timedelta(days=1),
    "months": (date(2026, 2, 1), date(2026, 12, 1)),
    "accord_seen": replace(ACCORD, number="lain"),
    "parties_seen": ("Contoh Sembilan, Pj. Kepala Dinas, SK 9", *COMPLETE["parties_seen"][1:]),
    "bases_seen": (BasisSeen("UU 40/2004", date(2004, 10, 19), None),),
    "roster_seen": replace(ROSTER, digest="b" * 64),
    "due_by_category": {"kepala_desa": Decimal("1000.01"), "perangkat": Decimal("2000.00")},
}


@pytest.mark.parametrize("fact", CHANGES)
def test_an_approval_lapses_when_a_fact_changes(fact):
    approved = an_agreement(signatures_seen=())
    assert opened(changed(approved, **{fact: CHANGES[fact]}))["approved"] == "isinya berubah sesudah disetujui"


@pytest.mark.parametrize("fact", CHANGES)
@pytest.mark.parametrize("side", ["kesatu", "kedua"])
def test_what_a_party_has_signed_stands_as_approved(fact, side):
    signed = an_agreement(signatures_seen=(a_signature(side),))
    assert "approved" not in opened(changed(signed, **{fact: CHANGES[fact]}))


def test_the_village_heads_signature_on_the_annex_keeps_no_approval_alive():
    annex_only = an_agreement(signatures_seen=(a_signature("annex"),))
    assert "approved" in opened(changed(annex_only, fiscal_year=2027))


def test_an_approval_of_a_drafter_is_none():
    facts = an_agreement(signatures_seen=(), drafters=frozenset({"hukum", "pejabat"}))
    assert opened(facts)["approved"] == "pejabat ikut menyusun"


def test_the_digest_does_not_depend_on_the_order_of_categories():
    turned = dict(reversed(COMPLETE["due_by_category"].items()))
    assert approval_digest(an_agreement(due_by_category=turned)) == approval_digest(an_agreement())


def test_an_approval_of_other_facts_does_not_count():
    assert "approved" in opened(an_agreement(signatures_seen=(), approval_seen=ApprovalSeen("pejabat", DAY, "0" * 64)))


def test_an_amount_is_one_amount_however_many_noughts_it_was_reckoned_with():
    long, short = ({"kepala_desa": Decimal(amount)} for amount in ("655192.80", "655192.8"))
    assert approval_digest(an_agreement(due_by_category=long)) == approval_digest(an_agreement(due_by_category=short))
    assert approval_digest(an_agreement(due_by_category={"kepala_desa": Decimal("655192.81")})) != approval_digest(an_agreement(due_by_category=short))


# --- paraf koordinasi: on from a date ---

FROM = DAY - timedelta(days=10)


def test_without_the_offices_wish_nobody_is_asked_for_a_paraf():
    assert "paraf_given" not in [condition.slug for _, conditions in whole_road(an_agreement(), DAY) for condition, _ in conditions]


def test_a_draft_of_that_date_waits_for_bagian_hukum():
    facts = an_agreement(paraf_from=FROM, signatures_seen=())
    assert "paraf_given" in opened(facts) and turn(changed(facts, approval_seen=None), DAY) == "bagian_hukum"


@pytest.mark.parametrize(("on", "asked"), [(DAY, True), (DAY + timedelta(days=1), False)])
def test_the_day_itself_counts(on, asked):
    assert ("paraf_given" in opened(an_agreement(paraf_from=on, signatures_seen=()))) == asked


def test_a_paraf_is_given_on_exactly_these_facts_by_no_drafter():
    facts = an_agreement(paraf_from=FROM, signatures_seen=())
    given = changed(facts, paraf_seen=ParafSeen("jurist", DAY, approval_digest(facts)))
    assert "paraf_given" not in opened(given)
    assert opened(changed(given, fiscal_year=2027))["paraf_given"] == "isinya berubah sesudah diparaf"
    assert opened(changed(given, drafters=frozenset({"jurist"})))["paraf_given"] == "jurist ikut menyusun"


def test_what_was_signed_without_a_paraf_or_taken_over_is_not_asked_for_one():
    assert "paraf_given" not in opened(an_agreement(paraf_from=FROM))
    assert "paraf_given" not in opened(an_agreement(paraf_from=FROM, taken_over=TakenOver("1", "2", "a", "b", "c", "legal"), signatures_seen=()))


def test_what_was_signed_on_a_paraf_stands():
    facts = an_agreement(paraf_from=FROM, paraf_seen=ParafSeen("jurist", DAY, "0" * 64))
    assert "paraf_given" not in opened(facts)
