"""Accounts: made, invited, dismissed, reinstated; each within the reach of who does it."""

import re

import pytest

from tests.builders import BIALO, OTHER, PASSWORD, a_user, user
from webapp.db import db
from webapp.models import AuditEvent, User

FREE = "73.02.01.2005"


def now():
    """The database as it is by now: every request has a session of its own."""
    db.session.rollback()
    return db.session


def an_account(**more):
    return {"role": "monitor", "name": "Contoh Pemantau", "login": "pemantau-9", "village": "", "kecamatan": ""} | more


def the(login: str) -> User | None:
    db.session.rollback()
    return now().query(User).filter_by(login=login).one_or_none()


def link_in(response) -> str:
    return re.search(r"/undangan/[\w-]+", response.get_data(as_text=True))[0]


@pytest.mark.parametrize("role", ["approver", "village", "camat", "bpjs", "monitor"])
def test_others_do_not_see_accounts(as_, role):
    assert as_(role).get("/pengguna").status_code == 403


def test_the_administrator_sees_everybody_with_role_place_and_last_login(as_):
    page = as_("admin").get("/pengguna").get_data(as_text=True)
    for each in ("Contoh legal", "Desa Bialo, Kecamatan", "Kecamatan Gantarang", "Kabupaten Bulukumba", "belum pernah", "22 November 2026 pukul 10.00"):
        assert each in page


def test_legal_staff_see_villages_only(as_):
    page = as_("legal").get("/pengguna").get_data(as_text=True)
    assert BIALO in page and "Contoh admin" not in page and "camat-73" not in page


@pytest.mark.parametrize(
    ("data", "login", "scope"),
    [
        (an_account(), "pemantau-9", "73.02."),
        (an_account(role="camat", login="camat-9", kecamatan="73.02.06"), "camat-9", "73.02.06."),
        (an_account(role="village", login="", village=FREE), FREE, FREE),
    ],
)
def test_a_new_account_sees_the_place_of_its_role(as_, data, login, scope):
    assert as_("admin").post("/pengguna/baru", data).status_code == 303
    assert (the(login).scope, the(login).role, the(login).must_change) == (scope, data["role"], True)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"login": "legal"}, "sudah dipakai"),
        ({"login": "LEGAL"}, "sudah dipakai"),
        ({"login": "a b"}, "huruf kecil"),
        ({"login": ""}, "huruf kecil"),
        ({"role": "village", "login": ""}, "Pilih desanya."),
        ({"role": "camat"}, "Pilih kecamatannya."),
        ({"name": ""}, "Wajib diisi."),
    ],
)
def test_what_is_missing_is_said_beside_the_field(as_, more, sentence):
    assert sentence in as_("admin").post("/pengguna/baru", an_account(**more)).get_data(as_text=True)


@pytest.mark.parametrize("role", ["admin", "monitor", "legal"])
def test_legal_staff_make_accounts_of_villages_only(as_, role):
    assert "Pilihan tidak dikenal." in as_("legal").post("/pengguna/baru", an_account(role=role)).get_data(as_text=True)
    assert the("pemantau-9") is None
    as_("legal").post("/pengguna/baru", an_account(role="village", login="", village=FREE))
    assert the(FREE).role == "village"


def test_a_link_is_shown_once_and_sets_a_password(app, as_, nobody):
    admin, whom = as_("admin"), user("village")
    response = admin.post(f"/pengguna/{whom.id}/tautan", seen=f"/pengguna/{whom.id}")
    page, link = response.get_data(as_text=True), link_in(response)
    assert response.status_code == 200
    assert 'href="https://wa.me/?text=' in page and 'rel="noreferrer noopener"' in page
    assert link not in admin.get(f"/pengguna/{whom.id}").get_data(as_text=True)
    assert nobody.post(link, {"password": "kata sandi baru", "again": "kata sandi baru"}).status_code == 303
    assert nobody.sign_in(BIALO, "kata sandi baru").status_code == 303


def test_the_same_form_twice_makes_one_link(app, as_):
    admin, whom = as_("admin"), user("village")
    page, key = f"/pengguna/{whom.id}", {"once": "kunci-yang-sama"}
    assert [admin.post(f"{page}/tautan", key, seen=page).status_code for _ in range(2)] == [200, 303]
    db.session.rollback()
    assert now().query(AuditEvent).filter_by(action="invitation.made").count() == 1


def test_legal_staff_invite_villages(app, as_):
    whom = user("village")
    assert as_("legal").post(f"/pengguna/{whom.id}/tautan", seen=f"/pengguna/{whom.id}").status_code == 200


@pytest.mark.parametrize("act", ["tautan", "nonaktifkan", "aktifkan"])
@pytest.mark.parametrize("login", ["admin", "approver", "camat"])
def test_other_accounts_are_not_there_for_legal_staff(app, as_, act, login):
    whom = user(login)
    assert as_("legal").get(f"/pengguna/{whom.id}").status_code == 404
    assert as_("legal").post(f"/pengguna/{whom.id}/{act}", seen="/pengguna/baru").status_code == 404


def test_an_account_of_another_kabupaten_is_not_there(app, as_):
    far = a_user("jauh", "legal", "73.03.")
    db.session.commit()
    assert as_("admin").get(f"/pengguna/{far.id}").status_code == 404


def test_a_dismissed_user_is_out_at_once_and_may_come_back(app, as_):
    admin, village, whom = as_("admin"), as_("village"), user("village")
    assert village.get("/kata-sandi").status_code == 200
    assert admin.post(f"/pengguna/{whom.id}/nonaktifkan", seen=f"/pengguna/{whom.id}").status_code == 303
    assert "/masuk" in village.get("/kata-sandi").headers["Location"]
    assert village.sign_in(BIALO, PASSWORD).status_code == 401
    admin.post(f"/pengguna/{whom.id}/aktifkan", seen=f"/pengguna/{whom.id}")
    assert village.sign_in(BIALO, PASSWORD).status_code == 303
    db.session.rollback()
    actions = {each.action for each in now().query(AuditEvent).filter_by(object=f"user:{BIALO}")}
    assert {"user.dismissed", "user.reinstated"} <= actions


def test_a_dismissed_account_gets_no_link(app, as_, nobody):
    admin, whom = as_("admin"), user(OTHER)
    link = link_in(admin.post(f"/pengguna/{whom.id}/tautan", seen=f"/pengguna/{whom.id}"))
    admin.post(f"/pengguna/{whom.id}/nonaktifkan", seen=f"/pengguna/{whom.id}")
    assert nobody.get(link).status_code == 404
    assert admin.post(f"/pengguna/{whom.id}/tautan", seen=f"/pengguna/{whom.id}").status_code == 409


def test_nobody_dismisses_himself(app, as_):
    whom = user("admin")
    assert as_("admin").post(f"/pengguna/{whom.id}/nonaktifkan", seen="/pengguna/baru").status_code == 409


def test_legal_staff_filter_and_find_by_name(as_):
    assert "1 akun" in as_("admin").get("/pengguna?cari=bpjs2").get_data(as_text=True)
    assert "Tidak ada akun yang cocok" in as_("admin").get("/pengguna?cari=tidakada").get_data(as_text=True)


def test_the_list_can_be_taken_along(as_):
    text = as_("legal").get("/pengguna/unduh.csv").get_data(as_text=True)
    assert BIALO in text and "Contoh admin" not in text
