"""Facts survive JSON, and their digest sees every change."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters import kind
from letters.frozen import dump, facts_digest, load
from letters.parts import Share


def test_a_letter_comes_back_from_json_as_it_went(slug):
    letter = kind(slug).SAMPLE
    assert load(slug, json.loads(json.dumps(dump(letter)))) == letter


def test_the_digest_is_of_the_facts_alone(slug):
    letter = kind(slug).SAMPLE
    assert facts_digest(letter) == facts_digest(load(slug, dump(letter)))
    assert facts_digest(letter) != facts_digest(replace(letter, contoh=False))


def test_an_unknown_fact_is_refused(slug):
    with pytest.raises(ValueError, match="tidak dikenal"):
        load(slug, dump(kind(slug).SAMPLE) | {"jabatan_rahasia": "x"})


def test_a_lacking_fact_is_refused(slug):
    facts = dump(kind(slug).SAMPLE)
    del facts["contoh"]
    with pytest.raises(ValueError, match="contoh"):
        load(slug, facts)


def test_a_fact_of_the_wrong_type_is_refused():
    facts = dump(kind("rekap").SAMPLE)
    with pytest.raises(TypeError):
        load("rekap", facts | {"pending": "23"})
    with pytest.raises(TypeError):
        load("rekap", facts | {"pending": True})


def test_money_may_not_be_a_float():
    with pytest.raises(TypeError):
        dump(replace(kind("lampiran_iuran").SAMPLE, yearly=1.5))


@given(st.decimals(allow_nan=False, allow_infinity=False), st.text(), st.none() | st.decimals(0, 10**12, places=2))
def test_any_value_survives(yearly, name, monthly):
    from letters.frozen import _built

    share = Share(category=name, people=3, monthly=monthly, yearly=Decimal(yearly), fund_sources=(name,))
    assert _built(Share, json.loads(json.dumps(dump(share)))) == share
