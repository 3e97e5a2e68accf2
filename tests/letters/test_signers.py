"""Capacity, a.n. and u.b., and the order of signers print rightly on every kind that has them."""

import re
from dataclasses import fields, is_dataclass, replace

import pytest

from letters import PressStopped, all_kinds, kind
from letters.parts import Signer
from letters.press import Preview, to_pdf
from letters.printing import to_html


def changed(value, change):
    """The letter with every signer changed."""
    if isinstance(value, Signer):
        return change(value)
    if isinstance(value, tuple):
        return tuple(changed(each, change) for each in value)
    if is_dataclass(value):
        return replace(value, **{each.name: changed(getattr(value, each.name), change) for each in fields(value)})
    return value


def signers_of(value):
    if isinstance(value, Signer):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from signers_of(each)
    elif is_dataclass(value):
        for each in fields(value):
            yield from signers_of(getattr(value, each.name))


SIGNED = sorted(slug for slug, its in all_kinds().items() if any(signers_of(its.SAMPLE)))
BY_BOTH = sorted(slug for slug, its in all_kinds().items() if getattr(its.SAMPLE, "kesatu", None) and not isinstance(its.SAMPLE.kesatu, str))
OFFICE = sorted(slug for slug, its in all_kinds().items() if isinstance(getattr(its.SAMPLE, "signer", None), Signer))


def block(html: str) -> str:
    """The signatures, without their markup."""
    found = "".join(re.findall(r'<table class="signatures">(.*?)</table>', html, re.DOTALL))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found))


@pytest.mark.parametrize("capacity", ["Pj.", "Plt.", "Plh."])
@pytest.mark.parametrize("signed", SIGNED)
def test_who_acts_for_another_signs_as_such(signed, capacity):
    letter = kind(signed).SAMPLE
    if signed == "surat_kuasa":
        letter = replace(letter, receiver=replace(letter.receiver, signer=replace(letter.receiver.signer, capacity=capacity)))
    else:
        letter = changed(letter, lambda each: replace(each, capacity=capacity))
    signatures = block(to_html(letter))
    for each in signers_of(letter):
        if each.capacity == capacity and each.name and each.name in signatures:
            assert f"{capacity} {each.position}" in signatures, each.position


@pytest.mark.parametrize("signed", SIGNED)
def test_a_definitive_head_signs_without_any_word_before_his_post(signed):
    assert not re.search(r"\b(Pj|Plt|Plh)\.|a\.n\.|u\.b\.", block(to_html(kind(signed).SAMPLE)))


@pytest.mark.parametrize("both", BY_BOTH)
def test_the_order_of_the_parties_is_the_offices_choice(both):
    letter = kind(both).SAMPLE
    for kedua_left in (True, False):
        its = replace(letter, paper=replace(letter.paper, kedua_left=kedua_left))
        signatures = block(to_html(its))
        one, two = (signatures.index(each.signer.name) for each in (its.kesatu, its.kedua))
        assert (two < one) == kedua_left


@pytest.mark.parametrize(("capacity", "said"), [("definitif", "diangkat"), ("Pj.", "diangkat"), ("Plt.", "ditunjuk"), ("Plh.", "ditunjuk")])
def test_who_runs_an_office_for_another_was_designated_not_appointed(capacity, said):
    html = to_html(changed(kind("perjanjian_desa").SAMPLE, lambda each: replace(each, capacity=capacity)))
    assert set(re.findall(r"yang (\w+) berdasarkan", html)) == {said}


@pytest.mark.parametrize("annex", ["lampiran_peserta", "lampiran_iuran"])
@pytest.mark.parametrize("kedua_left", [True, False])
def test_both_parties_on_an_annex_keep_the_same_order(annex, kedua_left):
    from letters import sample

    letter = replace(kind(annex).SAMPLE, kesatu=sample.KESATU, kedua=sample.KEDUA)
    signatures = block(to_html(replace(letter, paper=replace(letter.paper, kedua_left=kedua_left))))
    assert (signatures.index(sample.KEDUA.signer.name) < signatures.index(sample.KESATU.signer.name)) == kedua_left
    assert sample.HEAD.name in signatures


@pytest.mark.parametrize("letter_of_office", OFFICE)
def test_a_letter_signed_on_behalf_says_so_above_the_post(letter_of_office):
    letter = kind(letter_of_office).SAMPLE
    if letter.signer.name is None:
        pytest.skip("unsigned")
    head = letter.signer.full_position
    secretary = replace(letter.signer, name="Contoh Sekretaris, S.H.", position="Sekretaris", on_behalf=head)
    signatures = block(to_html(replace(letter, signer=secretary)))
    assert f"a.n. {head} Sekretaris, " in signatures and "Contoh Sekretaris, S.H." in signatures
    below = replace(secretary, name="Contoh Kepala Bidang", position="Kepala Bidang Contoh", through="Sekretaris")
    assert f"a.n. {head} Sekretaris, u.b. Kepala Bidang Contoh, " in block(to_html(replace(letter, signer=below)))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"on_behalf": "Kepala Dinas Contoh", "position": "Kepala Dinas Contoh"}, "atas nama dirinya sendiri"),
        ({"on_behalf": "Plt. Kepala Dinas Contoh", "position": "Kepala Dinas Contoh", "capacity": "Plt."}, "atas nama dirinya sendiri"),
        ({"through": "Sekretaris"}, "atas nama siapa"),
        ({"capacity": "Wakil"}, "tidak dikenal"),
    ],
)
def test_a_signer_who_contradicts_himself_stops_the_press(wrong, sentence):
    letter = kind("surat_pengantar").SAMPLE
    with pytest.raises(PressStopped, match=sentence):
        to_pdf(replace(letter, signer=replace(letter.signer, **wrong)), Preview())
