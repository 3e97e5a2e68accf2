"""E1: every route × every role × another village's objects is refused. Made from the URL map, so that a new route is covered unasked."""

import pytest
from werkzeug.routing import Rule

from tests.builders import BIALO, OTHER, a_file, a_letter, a_scan, an_agreement, entries_of, user
from webapp import clock
from webapp.access import VERBS, may
from webapp.db import db
from webapp.importing import receive
from webapp.models import ExpeditionEntry, Signature, User
from webapp.models.corrections import ask

OWNED = ("village", "agreement", "letter", "file", "entry", "import", "line", "signature", "scan", "scanned", "handed", "subject", "wanted")
# Whose village is another one: a village's account and the camat of another kecamatan.
STRANGERS = ("village", "camat")
OTHER_WORDS = {"slug": "surat_pengantar", "word": "kesatu", "form": "csv", "number": 1, "rangkap": 1}


@pytest.fixture
def foreign(app):
    """An object of every kind, all of a village that the strangers may not see."""
    agreement = an_agreement("budgeted", village_code=OTHER, serial=9101)
    scan, scanned = a_scan(agreement)
    batch = receive(b"NIK;Nama", "daftar.csv", False, agreement, 2026, "lkd", user("legal"))
    letter = a_letter(agreement, "surat_pengantar")
    file = a_file(OTHER)
    wanted = ask(agreement, entries_of(agreement)[0], clock.now(), "Orangnya sendiri", "Nama keliru", user("legal"), clock.now())
    db.session.commit()
    return {
        "village": OTHER,
        "agreement": agreement.code,
        "letter": letter.id,
        "file": file.id,
        "entry": entries_of(agreement)[0].id,
        "import": batch.id,
        "line": agreement.budget_lines[0].id,
        "signature": db.session.query(Signature).first().id,
        "scan": scan.id,
        "scanned": scanned.id,
        "subject": f"k{entries_of(agreement)[0].id}",
        "wanted": wanted.id,
        "handed": db.session.query(ExpeditionEntry).first().id,
    }


def owned_names(rule: Rule) -> list[str]:
    return [name for name in rule.arguments if type(rule._converters[name]).__module__ == "webapp.converters" and name in OWNED]


def addresses(app, foreign) -> list[tuple[Rule, str]]:
    adapter = app.url_map.bind("localhost")
    found = []
    for rule in app.url_map.iter_rules():
        if not owned_names(rule):
            continue
        values = {name: _value(rule, name, foreign) for name in rule.arguments}
        found.append((rule, adapter.build(rule.endpoint, values, method=next(iter(rule.methods - {"HEAD", "OPTIONS"})))))
    return found


def _value(rule: Rule, name: str, foreign):
    items = getattr(rule._converters[name], "items", None)
    return sorted(items)[0] if items else foreign.get(name, OTHER_WORDS.get(name, 1))


@pytest.mark.parametrize("role", STRANGERS)
def test_another_villages_objects_are_not_there(app, as_, foreign, role):
    stranger = as_(role)
    for rule, url in addresses(app, foreign):
        if "GET" in rule.methods:
            assert stranger.get(url).status_code == 404, (role, "GET", url)
        if "POST" in rule.methods:
            assert stranger.post(url, seen="/kata-sandi").status_code == 404, (role, "POST", url)


@pytest.mark.parametrize("role", sorted(VERBS))
def test_a_role_without_the_verb_is_refused(app, as_, foreign, role):
    """Every route with an object of a village, by every role that lacks the verb: 403 where he sees the village, 404 where he does not."""
    person, refused = as_(role), 0
    user = db.session.query(User).filter_by(login=person_login(role)).one()
    for rule, url in addresses(app, foreign):
        verbs = app.view_functions[rule.endpoint].needs.split("|")
        if any(may(user, verb) for verb in verbs):
            continue
        refused += 1
        answer = person.get(url) if "GET" in rule.methods else person.post(url, seen="/kata-sandi")
        assert answer.status_code in (403, 404), (role, url, answer.status_code)
    assert refused


def person_login(role: str) -> str:
    return {"village": BIALO, "camat": "camat-73.02.01"}.get(role, role)


def test_nobody_is_led_to_the_login_page(app, nobody, foreign):
    for rule in app.url_map.iter_rules():
        if not app.view_functions[rule.endpoint].needs or "GET" not in rule.methods:
            continue
        values = {name: _value(rule, name, foreign) for name in rule.arguments}
        url = app.url_map.bind("localhost").build(rule.endpoint, values)
        answer = nobody.get(url)
        assert (answer.status_code, answer.location.split("?")[0]) == (302, "/masuk"), url


def test_the_watch_notices_a_foreign_code(app, as_):
    """The negative control: the watch itself must be able to fail."""
    agreement, village = an_agreement("empty"), as_("village")
    village.scope = "99."
    with pytest.raises(AssertionError, match="shows"):
        village.get(f"/perjanjian/{agreement.code}")


def test_a_search_finds_only_ones_own(app, as_, foreign):
    an_agreement("empty")
    assert OTHER not in as_("camat").get("/desa").text
