"""The frame of every page: menu by role, CONTOH in a demo, errors that help, events that have words."""

import ast
import re
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.builders import BIALO, an_agreement
from webapp.db import db
from webapp.history import WORDS
from webapp.models import Agreement, Installation

HOUSE = Path(__file__).parents[2]
MENU = re.compile(r'<nav class="menu".*?</nav>', re.S)
FIRST = {"legal": "/", "approver": "/", "village": "/rumah", "camat": "/", "bpjs": "/", "monitor": "/", "admin": "/"}


@pytest.mark.parametrize("role", FIRST)
def test_every_entry_of_the_menu_opens(as_, role):
    an_agreement("signed")
    person = as_(role)
    links = re.findall(r'href="([^"]+)"', MENU.search(person.get(FIRST[role]).text).group())
    assert links[0] == FIRST[role]
    for each in links:
        assert person.get(each).status_code == 200, each


@pytest.mark.parametrize("role", FIRST)
def test_every_link_of_a_first_page_opens(as_, role):
    an_agreement("frozen")
    person = as_(role)
    for each in set(re.findall(r'<a [^>]*href="(/[^"]*)"', person.get(FIRST[role]).text)):
        assert person.get(each.replace("&amp;", "&")).status_code in (200, 302), each


@pytest.mark.parametrize(("role", "until"), [("legal", "empty"), ("legal", "paid"), ("approver", "frozen"), ("village", "numbered"), ("camat", "budgeted"), ("bpjs", "validated")])
def test_every_link_of_the_village_page_opens(as_, role, until):
    an_agreement(until)
    person = as_(role)
    page = person.get(f"/perjanjian/{BIALO}-2026").text
    links = {each for each in re.findall(r'<a [^>]*href="(/[^"]*)"', page) if "pratinjau" not in each}
    answers = {each: person.get(each.replace("&amp;", "&")).status_code for each in links}
    # A signed agreement is no longer edited: that door answers with a sentence.
    assert {each: code for each, code in answers.items() if code not in (200, 302, 409)} == {}


def test_a_demo_says_contoh_on_every_page(as_, nobody):
    db.session.get(Installation, 1).demo = True
    db.session.commit()
    for page in (nobody.get("/masuk"), nobody.get("/tidak-ada"), as_("legal").get("/desa"), as_("village").get("/rumah")):
        assert "<strong>CONTOH</strong>" in page.text


def test_an_installation_with_real_data_does_not_say_contoh(as_):
    assert "<strong>CONTOH</strong>" not in as_("legal").get("/").text


def test_a_refusal_lists_what_is_open_and_whose_turn_it_is(as_):
    an_agreement("frozen")
    approver = as_("approver")
    db.session.scalars(select(Agreement)).one().accord_id = None
    db.session.commit()
    answer = approver.post(f"/perjanjian/{BIALO}-2026/setujui", {"seen": "x"})
    assert answer.status_code == 409
    assert "Perjanjian induk berlaku pada tanggal perjanjian" in answer.text
    assert "Giliran: Staf hukum DPMD" in answer.text
    assert "/induk" in answer.text


def test_an_error_leads_back_to_where_one_came_from_but_never_to_a_stranger(as_):
    legal = as_("legal")
    assert 'href="http://localhost/desa"' in legal.get("/tidak-ada", headers={"Referer": "http://localhost/desa"}).text
    assert "contoh.invalid" not in legal.get("/tidak-ada", headers={"Referer": "http://contoh.invalid/desa"}).text


def test_no_page_holds_script_or_style_of_its_own():
    for each in (HOUSE / "templates").rglob("*.html"):
        markup = re.sub(r"{[{%#].*?[}%#]}", "", each.read_text(), flags=re.S)
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", markup), each


def test_every_form_that_changes_something_acts_once():
    for each in (HOUSE / "templates").rglob("*.html"):
        for form in re.findall(r'<form[^>]*method="post".*?</form>', each.read_text(), re.S):
            assert "once()" in form, each


def test_every_event_has_words():
    said = set()
    for path in (HOUSE / "webapp").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in ("record", "_record", "moved", "edited"):
                texts = [one.value for each in node.args[:3] for one in ast.walk(each) if isinstance(one, ast.Constant) and isinstance(one.value, str)]
                said |= {each for each in texts if re.fullmatch(r"[a-z]+\.[a-z_]+", each)}
    assert said - WORDS.keys() == set()
