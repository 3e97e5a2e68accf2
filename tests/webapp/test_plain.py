"""Marks that nobody sees are taken out at the door: a zero character stops no database, and no name reads otherwise than it is stored."""

import pytest

from tests.builders import an_agreement
from tests.experiments.clerk import Clerk
from tests.requests import Person
from webapp.db import db
from webapp.models import Return
from webapp.plain import seen


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Andi Baso", "Andi Baso"),
        ("dua\r\nbaris\tsatu", "dua\r\nbaris\tsatu"),
        ("\u202aAndi\u202c \u200bBaso\ufeff", "Andi Baso"),
        ("BASO \u202egnp.exe", "BASO gnp.exe"),
        ("nol\0 dan \x07bel", "nol dan bel"),
        ("Désa Ünyi", "Désa Ünyi"),
    ],
)
def test_only_what_nobody_sees_is_taken_out(text, left):
    assert seen(text) == left


@pytest.mark.parametrize("url", ["/desa?q=%00", "/desa?q=%E2%80%AE", "/jejak?objek=%00", "/masuk?lanjut=%00", "/agenda?q=a%00b&year=2026"])
def test_a_question_with_such_marks_is_answered(both, url):
    assert Clerk(both, "admin" if "jejak" in url else "legal").get(url).status_code in (200, 302)


@pytest.mark.parametrize("url", ["/v/abc%00defghijklmnopqrst", "/v/abc%E2%80%AEdefghijklmnopqrst"])
def test_an_address_with_such_marks_leads_nowhere(both, url):
    assert both.test_client().get(url).status_code == 404


def test_a_form_with_such_marks_is_stored_without_them(both):
    code = an_agreement("frozen").code
    db.session.close()
    answer = Clerk(both, "legal").post(f"/perjanjian/{code}/kembalikan", {"reason": "perbaiki\0 \u202enama"}, once="kunci\0")
    assert answer.status_code == 303
    assert db.session.query(Return).one().reason == "perbaiki nama"


def test_signing_in_with_such_marks_is_refused_like_any_other(both):
    assert Person(both.test_client()).sign_in("le\0gal", "salah\0").status_code == 401
