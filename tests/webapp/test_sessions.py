"""One's own sessions: seen, ended one by one or all at once, and nobody else's."""

import re

from tests.builders import user
from webapp import clock
from webapp.db import db
from webapp.models import users


def names(person) -> list[str]:
    return re.findall(r'name="name" value="([0-9a-f]{16})"', person.get("/sesi").get_data(as_text=True))


def test_another_session_is_ended_and_opens_nothing_more(as_):
    here, there = as_("legal"), as_("legal")
    (other,) = names(here)
    assert here.post("/sesi/akhiri", {"name": other}).status_code == 303
    assert there.get("/desa").status_code == 302
    assert here.get("/desa").status_code == 200


def test_all_others_are_ended_at_once_and_this_one_stays(as_):
    here, others = as_("legal"), [as_("legal") for _ in range(3)]
    assert len(names(here)) == 3
    here.post("/sesi/akhiri", {"all": "1"})
    assert names(here) == [] and [each.get("/desa").status_code for each in others] == [302, 302, 302]


def test_somebody_elses_session_cannot_be_ended(as_):
    bpjs, legal = as_("bpjs"), as_("legal")
    (foreign,) = [each.name for each in users.sessions_of(db.session, user("bpjs"), clock.now())]
    legal.get("/sesi")
    legal.post("/sesi/akhiri", {"name": foreign})
    assert bpjs.get("/desa").status_code == 200


def test_the_page_holds_no_token(as_):
    legal = as_("legal")
    page = legal.get("/sesi").get_data(as_text=True)
    (row,) = users.sessions_of(db.session, user("legal"), clock.now())
    assert row.token_hash not in page and "sesi ini" in page
