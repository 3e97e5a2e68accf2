"""Signing in, and everything that ends it."""

from datetime import timedelta

import pytest

from tests.builders import PASSWORD, a_user, user
from tests.conftest import NOW
from webapp import clock
from webapp.db import begin_writing, db
from webapp.limits import PER_ADDRESS, PER_LOGIN
from webapp.login import INVITATION_LIFE, SESSION_LIFE, hash_password, invite
from webapp.models import LoginAttempt, UserSession

NEW = {"password": "kata sandi baru", "again": "kata sandi baru"}
WRONG = "bukan kata sandinya"


def is_out(person) -> bool:
    response = person.get("/kata-sandi")
    return response.status_code == 302 and "/masuk" in response.headers["Location"]


def a_link(login: str = "village") -> str:
    begin_writing()
    token = invite(user(login), user("admin"))
    db.session.commit()
    return f"/undangan/{token}"


@pytest.mark.parametrize("login", ["legal", "73.02.01.2004", " LEGAL "])
def test_login_and_password_open_the_door(nobody, login):
    assert nobody.sign_in(login, PASSWORD).status_code == 303
    assert not is_out(nobody)


def test_a_wrong_password_and_an_unknown_login_get_the_same_answer(app, nobody):
    def answer(login):
        response = nobody.sign_in(login, WRONG)
        return response.status_code, response.get_data(as_text=True).replace(login, "").replace(nobody.hidden("once"), "").replace(nobody.hidden("csrf_token"), "")

    assert answer("legal") == answer("siapa")
    assert answer("legal")[0] == 401


def test_a_dismissed_user_gets_that_answer_too(app, nobody):
    user("legal").dismissed_at = clock.now()
    db.session.commit()
    assert nobody.sign_in("legal", PASSWORD).status_code == 401


def test_after_eight_failures_even_the_right_password_waits(nobody):
    assert [nobody.sign_in("legal", WRONG).status_code for _ in range(PER_LOGIN)] == [401] * PER_LOGIN
    assert nobody.sign_in("legal", PASSWORD).status_code == 429
    assert nobody.sign_in("approver", PASSWORD).status_code == 303


def test_an_unknown_login_is_limited_as_well(nobody):
    assert [nobody.sign_in("siapa", WRONG).status_code for _ in range(PER_LOGIN + 1)][-1] == 429


def test_the_limit_ends_after_a_while(nobody):
    for _ in range(PER_LOGIN):
        nobody.sign_in("legal", WRONG)
    with clock.at(NOW + timedelta(minutes=16)):
        assert nobody.sign_in("legal", PASSWORD).status_code == 303


def test_one_address_cannot_try_many_logins(app, nobody):
    for number in range(PER_ADDRESS):
        db.session.add(LoginAttempt(kind="login", login=f"x{number}", address="127.0.0.1", at=clock.now()))
    db.session.commit()
    assert nobody.sign_in("legal", PASSWORD).status_code == 429


def test_what_cannot_be_counted_is_refused(nobody, monkeypatch):
    from sqlalchemy.exc import OperationalError

    def broken(*_):
        raise OperationalError("x", {}, Exception("x"))

    monkeypatch.setattr("webapp.login.count_try", broken)
    assert nobody.sign_in("legal", PASSWORD).status_code == 503
    assert is_out(nobody)


def test_the_first_password_is_changed_first(app, nobody):
    a_user("baru", "legal", must_change=True)
    db.session.commit()
    nobody.sign_in("baru", PASSWORD)
    assert nobody.get("/pengguna").headers["Location"].endswith("/kata-sandi")
    assert nobody.post("/kata-sandi", {"present": PASSWORD, **NEW}).status_code == 303
    assert nobody.get("/pengguna").status_code == 200


def test_logout_ends_the_session_for_good(as_):
    legal = as_("legal")
    cookie = legal.client.get_cookie("sinergi").value
    assert legal.post("/keluar").status_code == 303
    assert is_out(legal)
    legal.client.set_cookie("sinergi", cookie)
    assert is_out(legal)


def test_nobody_is_signed_out_by_a_link(as_):
    legal = as_("legal")
    assert legal.get("/keluar").status_code == 405
    assert not is_out(legal)


def test_a_changed_password_ends_the_other_sessions(as_):
    here, there = as_("legal"), as_("legal")
    assert here.post("/kata-sandi", {"present": PASSWORD, **NEW}).status_code == 303
    assert not is_out(here)
    assert is_out(there)


def test_the_present_password_must_fit(as_):
    legal = as_("legal")
    assert "tidak cocok" in legal.post("/kata-sandi", {"present": WRONG, **NEW}).get_data(as_text=True)
    assert legal.sign_in("legal", PASSWORD).status_code == 303


def test_guessing_the_present_password_is_limited(as_):
    legal = as_("legal")
    answers = [legal.post("/kata-sandi", {"present": WRONG, **NEW}, seen="/kata-sandi").status_code for _ in range(PER_LOGIN + 1)]
    assert answers == [200] * PER_LOGIN + [429]


@pytest.mark.parametrize(("password", "again", "sentence"), [("pendek", "pendek", "Harus 10 sampai 200 karakter."), ("kata sandi baru", "lain sekali", "Tidak sama")])
def test_a_weak_or_mistyped_password_is_refused(as_, password, again, sentence):
    assert sentence in as_("legal").post("/kata-sandi", {"present": PASSWORD, "password": password, "again": again}).get_data(as_text=True)


def test_a_session_ends_by_itself(as_):
    legal = as_("legal")
    with clock.at(NOW + SESSION_LIFE + timedelta(minutes=1)):
        assert is_out(legal)


def test_an_invitation_sets_a_password_once(app, nobody):
    link = a_link()
    assert nobody.post(link, NEW).status_code == 303
    assert nobody.get(link).status_code == 404
    assert nobody.sign_in("73.02.01.2004", NEW["password"]).status_code == 303


def test_an_invitation_used_ends_the_sessions_before(app, as_, nobody):
    village = as_("village")
    nobody.post(a_link(), NEW)
    assert is_out(village)


def test_an_invitation_expires(app, nobody):
    link = a_link()
    with clock.at(NOW + INVITATION_LIFE + timedelta(minutes=1)):
        assert nobody.get(link).status_code == 404


def test_a_newer_invitation_takes_the_older_ones_place(app, nobody):
    old, new = a_link(), a_link()
    assert (nobody.get(old).status_code, nobody.get(new).status_code) == (404, 200)


def test_a_guessed_invitation_is_not_found(nobody):
    assert nobody.get("/undangan/tebakan").status_code == 404


def test_a_dismissed_user_is_out_at_once(app, as_):
    legal = as_("legal")
    begin_writing()
    user("legal").dismissed_at = clock.now()
    db.session.commit()
    assert is_out(legal)


@pytest.mark.parametrize("target", ["https://jahat.invalid", "//jahat.invalid", "/\\jahat.invalid", "javascript:alert(1)", "jahat"])
def test_the_way_back_leads_only_to_our_own_pages(nobody, target):
    response = nobody.post("/masuk", {"login": "legal", "password": PASSWORD}, seen="/masuk", query_string={"lanjut": target})
    assert response.status_code == 303
    assert "jahat" not in response.headers["Location"] and "javascript" not in response.headers["Location"]


def test_the_way_back_leads_to_the_page_that_was_wanted(nobody):
    wanted = nobody.get("/pejabat?cari=x").headers["Location"]
    response = nobody.post(wanted, {"login": "legal", "password": PASSWORD}, seen=wanted)
    assert response.headers["Location"] == "/pejabat?cari=x"


@pytest.mark.parametrize("address", ["/masuk", "/kata-sandi", "/keluar", "/pengguna/baru"])
def test_a_form_without_its_key_is_refused(as_, address):
    admin = as_("admin")
    assert admin.client.post(address, data={"login": "legal", "password": PASSWORD}).status_code == 400


def test_only_the_hash_of_a_session_is_kept(as_):
    legal = as_("legal")
    db.session.rollback()
    token = next(row.token_hash for row in db.session.query(UserSession))
    assert token not in legal.client.get_cookie("sinergi").value and len(token) == 64


def test_the_service_hashes_with_argon2id_at_the_full_price():
    from argon2 import DEFAULT_TIME_COST, PasswordHasher, extract_parameters

    told = extract_parameters(hash_password("kata sandi panjang"))
    usual = extract_parameters(PasswordHasher().hash("x"))
    assert (told.type.name, told.memory_cost, told.time_cost) == ("ID", usual.memory_cost, DEFAULT_TIME_COST)
