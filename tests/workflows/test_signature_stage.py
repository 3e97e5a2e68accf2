"""The conditions of signing: two numbers, three signatures, each seen by four eyes."""

import pytest

from workflows import open_conditions, turn
from workflows.facts import TakenOver
from workflows.stages.draft import is_signed

from .standin import COMPLETE, DAY, a_signature, an_agreement, opened

SIGNERS = {"kesatu": "signed_kesatu", "kedua": "signed_kedua", "annex": "annex_signed"}
WAITING = "bukti sudah diunggah, menunggu dikonfirmasi orang lain"


def signed_but(signer, **difference):
    others = tuple(each for each in COMPLETE["signatures_seen"] if each.signer != signer)
    return an_agreement(signatures_seen=(*others, a_signature(signer, **difference)) if difference else others)


@pytest.mark.parametrize(
    ("numbers", "because"),
    [
        ((None, None), "belum ada nomor PIHAK KESATU dan PIHAK KEDUA"),
        (("1", None), "belum ada nomor PIHAK KEDUA"),
        ((None, "2"), "belum ada nomor PIHAK KESATU"),
        (("1", ""), "belum ada nomor PIHAK KEDUA"),
    ],
)
def test_both_numbers_must_be_known(numbers, because):
    assert opened(an_agreement(numbers=numbers)) == {"numbers_known": because}


def test_the_office_numbers_first_then_the_insurer():
    assert turn(an_agreement(numbers=(None, None)), DAY) == "legal"
    assert turn(an_agreement(numbers=("1", None)), DAY) == "bpjs"


@pytest.mark.parametrize(("signer", "slug"), SIGNERS.items())
def test_a_missing_signature_is_open(signer, slug):
    assert opened(signed_but(signer)) == {slug: ""}


@pytest.mark.parametrize(("signer", "role"), [("kesatu", "approver"), ("kedua", "bpjs"), ("annex", "village")])
def test_whose_signature_is_missing_has_the_move(signer, role):
    assert turn(signed_but(signer), DAY) == role


@pytest.mark.parametrize(("signer", "slug"), SIGNERS.items())
@pytest.mark.parametrize(
    "difference",
    [{"confirmed_by": None}, {"confirmed_by": "hukum", "uploaded_by": "hukum"}, {"evidence": False}, {"place": ""}],
    ids=["not confirmed", "confirmed by the uploader", "without evidence", "without place"],
)
def test_a_signature_counts_with_evidence_and_four_eyes(signer, slug, difference):
    assert opened(signed_but(signer, **difference)) == {slug: WAITING}
    assert turn(signed_but(signer, **difference), DAY) == "legal"


def test_what_was_taken_over_needs_no_approval_here_but_a_scan_that_somebody_else_confirms():
    archive = TakenOver("100.3.7.1/7/DPMD/2025", "PER/7/2025", "Contoh Satu", "Contoh Dua", "Contoh Tiga", "hukum")
    facts = an_agreement(taken_over=archive, approval_seen=None, bases_seen=(), signatures_seen=())
    assert opened(facts) == dict.fromkeys(("signed_kesatu", "signed_kedua", "annex_signed"), "diambil alih dari arsip; pindaian naskahnya belum diunggah")
    assert {each.turn for each in open_conditions(facts, DAY)} == {"legal"}


def test_what_was_taken_over_counts_as_signed_so_that_its_paper_stands():
    archive = TakenOver("100.3.7.1/7/DPMD/2025", "", "", "", "", "hukum")
    assert is_signed(an_agreement(taken_over=archive, signatures_seen=()))
    assert not is_signed(an_agreement(signatures_seen=()))
