"""The conditions of signing: two numbers, three signatures, each seen by four eyes."""

import pytest

from workflows import turn

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
