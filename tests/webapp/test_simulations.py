"""What-ifs on the page: steps in the address, the difference by village, kecamatan and category, kept only on request."""

import csv
import io
import re
from decimal import Decimal

import pytest

from tests.builders import BIALO, OTHER, a_person, an_agreement, user
from webapp import clock
from webapp.db import db
from webapp.models import AuditEvent, Simulation
from webapp.models.participants import add_people
from webapp.models.what_if import answer, question, tried

PERSON = Decimal("10919.88")


@pytest.fixture
def two_villages(app):
    return [an_agreement("frozen", BIALO, 3), an_agreement("frozen", OTHER, 2, 9101)]


def asked(*steps, kecamatan=""):
    db.session.rollback()
    return question(db.session, 2026, kecamatan, steps)


def difference(*steps, **more):
    return answer(db.session, asked(*steps, **more)).whole.difference


@pytest.mark.parametrize(
    ("steps", "more"),
    [
        ((), 0),
        (("add:lkd:10:2026-07",), 109 * 10 * 6 * 5_400),
        (("add:lkd:10:2026-07:1500000",), 109 * 10 * 6 * 8_100),
        (("wage:perangkat:5%:2026-01",), 5 * 12 * (Decimal("11465.87") - PERSON)),
        (("wage:perangkat:2224420:2026-07",), 5 * 6 * (Decimal("12011.87") - PERSON)),
        (("join:perangkat:JHT:2026-01",), 5 * 12 * Decimal("115265.40")),
        (("leave:perangkat:JKM:2026-07",), -5 * 6 * Decimal("6066.60")),
        (("add:pekerja_rentan:1:2026-01", "discount:pp50_2025_lain"), 109 * (3 * 16_800 + 9 * 8_400)),
        (("join:perangkat:JHT:2026-01", "leave:perangkat:JHT:2026-01"), 0),
    ],
)
def test_steps_make_a_difference(two_villages, steps, more):
    assert difference(*steps) == more


def test_the_difference_adds_up_in_every_direction(two_villages):
    found = answer(db.session, asked("add:lkd:2:2026-07", "wage:perangkat:5%:2026-03"))
    whole = found.whole.difference
    assert whole == sum(each.difference for each in found.villages) == sum(each.difference for each in found.categories)
    assert whole == sum(each.difference for each, _ in found.kecamatan) == sum(one.difference for _, rows in found.kecamatan for one in rows)
    for each in found.categories:
        assert each.then == sum(one.amount for one in found.origin(each.key))


def test_one_kecamatan_can_be_asked_alone(two_villages):
    assert difference("wage:perangkat:2224420:2026-07", kecamatan="73.02.01") == 3 * 6 * (Decimal("12011.87") - PERSON)


def test_those_of_the_working_list_can_be_added(two_villages):
    people = [a_person(9501, "lkd", wage_base=Decimal(1_000_000)), a_person(9502, "bpd", wage_base=Decimal(1_500_000))]
    add_people(two_villages[0], people, user("legal"), clock.now(), clock.today())
    db.session.commit()
    assert difference("add:lkd:list:2026-07") == 6 * 5_400


def test_what_is_now_equals_the_frozen_lists(two_villages):
    found = answer(db.session, asked())
    assert found.whole.now == sum(each.yearly_total for each in two_villages) and found.stale == 0


@pytest.mark.parametrize(("step", "sentence"), [
    ("add:lkd:0:2026-07", "antara 1 dan 10.000"),
    ("add:dukun:1:2026-07", "Ketentuan dukun untuk 2026 belum diisi"),
    ("add:lkd:1:2027-07", "Bulan mulai harus dalam tahun 2026"),
    ("add:lkd:1:kapan", "tidak terbaca"),
    ("wage:lkd:-100%:2026-01", "Kenaikan di atas -100%"),
    ("wage:lkd:NaN:2026-01", "Kenaikan di atas -100%"),
    ("join:lkd:JKP:2026-01", "Program itu tidak dikenal"),
    ("join:pekerja_rentan:JP:2026-01", ""),
    ("discount:apa", "tidak ada dalam aturan"),
    ("apa", "tidak dikenal"),
])  # fmt: skip
def test_a_step_that_cannot_be_taken_is_told_in_a_sentence(two_villages, as_, step, sentence):
    page = as_("legal").get("/simulasi", query_string={"year": 2026, "step": step})
    assert page.status_code == 200 and sentence in page.get_data(as_text=True)


def test_bpu_join_no_pension(app):
    add_people(an_agreement(), [a_person(9601, "pekerja_rentan", wage_base=Decimal(1_000_000))], user("legal"), clock.now(), clock.today())
    db.session.commit()
    steps = ("add:pekerja_rentan:1:2026-01", "join:pekerja_rentan:JP:2026-01")
    assert "peserta BPU tidak dapat mengikuti JP" in tried(db.session, asked(*steps))[1]


def test_a_form_adds_its_step_to_the_address(two_villages, as_):
    legal = as_("legal")
    sent = {"year": 2026, "step": "wage:perangkat:5%:2026-01", "new": "add", "add-category": "lkd", "add-people": "10", "add-first": "2026-07", "add-wage": ""}
    answered = legal.get("/simulasi", query_string=sent)
    assert answered.status_code == 302
    page = legal.get(answered.headers["Location"]).get_data(as_text=True)
    assert "Tambah 10 orang Lembaga Kemasyarakatan Desa tiap desa mulai Juli 2026" in page and "Dasar upah Perangkat Desa berubah 5% mulai Januari 2026" in page


@pytest.mark.parametrize(("sent", "sentence"), [
    ({"new": "add", "add-category": "lkd", "add-people": "10"}, "Wajib diisi"),
    ({"new": "wage", "wage-category": "lkd", "wage-first": "2026-07"}, "Isi salah satu"),
    ({"new": "wage", "wage-category": "lkd", "wage-first": "2026-07", "wage-percent": "banyak"}, "Tulis persen seperti"),
])  # fmt: skip
def test_a_form_that_is_not_complete_says_so(two_villages, as_, sent, sentence):
    assert sentence in as_("legal").get("/simulasi", query_string={"year": 2026} | sent).get_data(as_text=True)


STEPS = "/simulasi?year=2026&step=add:lkd:10:2026-07"


def test_the_file_adds_up(two_villages, as_):
    rows = list(csv.DictReader(io.StringIO(as_("legal").get(STEPS.replace("?", "/unduh.csv?")).data.decode("utf-8-sig"))))
    assert Decimal(rows[-1]["Selisih (Rp)"]) == 109 * 10 * 6 * 5_400 == sum(Decimal(each["Selisih (Rp)"]) for each in rows if each["Desa"])
    assert as_("legal").get(STEPS.replace("?", "/unduh.xlsx?")).status_code == 200


def test_nothing_is_kept_unless_asked(two_villages, as_):
    as_("legal").get(STEPS)
    assert db.session.query(Simulation).count() == 0


def test_a_simulation_is_kept_by_name_and_taken_away_by_its_maker(two_villages, as_):
    legal, address = as_("legal"), STEPS.replace("?", "/simpan?")
    assert legal.post(address, {"name": "RT/RW mulai Juli"}, seen=address).status_code == 303
    db.session.rollback()
    row = db.session.query(Simulation).one()
    assert (row.difference, row.by.login) == (109 * 10 * 6 * 5_400, "legal")
    assert "Hasilnya masih sama" in legal.get(STEPS).get_data(as_text=True)
    assert "RT/RW mulai Juli" in as_("bpjs").get("/simulasi/tersimpan").get_data(as_text=True)
    away = f"/simulasi/tersimpan/{row.id}/hapus"
    assert as_("bpjs").post(away, {}, seen="/simulasi/tersimpan").status_code == 403
    assert legal.post(away, {}, seen="/simulasi/tersimpan").status_code == 303
    db.session.rollback()
    assert db.session.query(Simulation).count() == 0
    assert {each.action for each in db.session.query(AuditEvent) if each.action.startswith("simulation")} == {"simulation.kept", "simulation.removed"}


@pytest.mark.parametrize(("role", "status"), [("legal", 200), ("approver", 200), ("bpjs", 200), ("village", 403), ("camat", 403), ("monitor", 403)])
def test_simulations_are_for_the_office(as_, role, status):
    assert as_(role).get("/simulasi").status_code == status


def test_a_page_says_no_digits_of_a_person(two_villages, as_):
    assert not re.search(r"\d{16}", as_("legal").get(STEPS).get_data(as_text=True))
