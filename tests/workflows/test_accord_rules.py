"""What the umbrella instrument needs before it is printed with a number."""

from dataclasses import replace
from datetime import date

import pytest

from workflows.accord import AccordFacts, accord_gaps

WHOLE = AccordFacts(date(2026, 1, 5), date(2026, 1, 5), date(2028, 12, 31), (), True, "Surat Kuasa Bupati Nomor 1", 3)


def test_a_whole_accord_has_no_gaps():
    assert accord_gaps(WHOLE) == ()


@pytest.mark.parametrize(
    ("difference", "slug"),
    [
        ({"dated_on": None}, "accord_parties"),
        ({"party_gaps": ("PIHAK KEDUA: tidak ada pejabat",)}, "accord_parties"),
        ({"mandate": ""}, "accord_mandate"),
        ({"mandate_on": date(2026, 1, 6)}, "accord_mandate"),
        ({"bases": 0}, "accord_legal_bases"),
        ({"valid_from": None}, "accord_period"),
        ({"valid_until": None}, "accord_period"),
        ({"valid_until": date(2026, 1, 5)}, "accord_period"),
    ],
)
def test_each_gap_is_named(difference, slug):
    assert [each.slug for each in accord_gaps(replace(WHOLE, **difference))] == [slug]


def test_the_gaps_of_the_parties_are_said():
    (gap,) = accord_gaps(replace(WHOLE, party_gaps=("satu", "dua")))
    assert gap.because == "satu; dua"


def test_no_mandate_is_needed_when_the_regent_signs_himself():
    assert accord_gaps(replace(WHOLE, mandate="", mandate_needed=False)) == ()
