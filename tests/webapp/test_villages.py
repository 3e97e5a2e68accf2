"""The list of villages and the page of one."""

import pytest

from tests.builders import BIALO, OTHER, an_agreement
from webapp import clock
from webapp.db import db
from webapp.models import AgreementHold
from webapp.models.overview import Filters, by_kecamatan, chosen, standings, tasks, totals


def all_():
    return standings(db.session, clock.today(), 2026)


def test_all_desa_are_listed_and_kelurahan_are_not(as_):
    page = as_("legal").get("/desa").text
    assert page.count('<th scope="row">') == 109
    assert as_("legal").get("/desa?kind=kelurahan").text.count('<th scope="row">') == 27


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=bialo", 1),
        (f"q={BIALO}", 1),
        ("stage=signature", 1),
        ("stage=none", 107),
        ("open=approved", 1),
        ("turn=approver&open=approved", 1),
        ("turn=bpjs", 1),
        ("overdue=1", 2),
        ("pending=1", 109),
        ("hold=yes", 0),
        ("q=tidak+ada+desa+begini", 0),
    ],
)
def test_the_address_narrows_the_list(as_, query, found):
    an_agreement("frozen")
    an_agreement("numbered", OTHER, serial=9101)
    assert f"<h1>{found} dari 109 desa</h1>" in as_("legal").get(f"/desa?{query}").text


def test_list_kecamatan_and_stages_add_up(app):
    an_agreement("frozen")
    an_agreement("active", OTHER, serial=9101)
    whole, parts = totals(all_()), [each for _, _, each in by_kecamatan(all_())]
    assert whole.villages == sum(whole.stages.values()) == sum(each.villages for each in parts) == 109
    for figure in ("overdue", "people", "covered", "owed", "budgeted", "paid", "pending", "active"):
        assert getattr(whole, figure) == sum(getattr(each, figure) for each in parts)


def test_the_stage_shown_is_the_stage_stored(app):
    for until, code in (("empty", BIALO), ("numbered", OTHER), ("active", "73.02.06.2004")):
        an_agreement(until, code, serial=9101 + int(code[-1]) * 100)
    for each in all_():
        if each.agreement:
            assert (each.stage, each.turn) == (each.agreement.stage, each.agreement.turn)


def test_a_village_that_rests_is_asked_for_nothing(app):
    agreement = an_agreement("frozen")
    assert [each.slug for each in tasks(all_(), "approver")] == ["approved"]
    agreement.add(AgreementHold(kind="suspended", on=clock.today(), reason="Contoh", by_id=1, at=clock.now()))
    db.session.commit()
    assert tasks(all_(), "approver") == []
    assert len(chosen(all_(), Filters(hold="yes"))) == 1


def test_a_sentence_that_waits_for_another_is_nobodys_task(app):
    an_agreement("empty")
    assert tasks(all_(), "approver") == []


def test_the_village_page_shows_every_condition_and_whose_turn_it_is(as_):
    an_agreement("approved")
    page = as_("legal").get(f"/perjanjian/{BIALO}-2026").text
    for sentence in ("Disetujui oleh orang kedua", "Nomor kedua pihak diketahui", "Kepesertaan aktif"):
        assert sentence in page
    assert "Giliran: Staf hukum DPMD" in page
    assert "Permendagri 114/2014 Pasal 29" in page


def test_a_button_is_shown_to_those_who_may_press_it(as_):
    an_agreement("frozen")
    address = f"/perjanjian/{BIALO}-2026"
    assert "Periksa dan setujui" in as_("approver").get(address).text
    assert "Periksa dan setujui" not in as_("legal").get(address).text


def test_no_nik_is_on_the_village_page(as_):
    an_agreement("active")
    page = as_("legal").get(f"/perjanjian/{BIALO}-2026").text
    assert "730201" not in page.replace("73.02.01", "")


def test_the_desa_address_leads_to_the_newest_agreement(as_):
    legal = as_("legal")
    assert "Belum ada perjanjian" in legal.get(f"/desa/{BIALO}").text
    an_agreement("empty")
    assert legal.get(f"/desa/{BIALO}").location == f"/perjanjian/{BIALO}-2026"


def test_a_kelurahan_is_shown_as_outside(as_):
    assert "di luar program" in as_("legal").get("/desa/73.02.02.1001").text


def test_another_villages_page_is_not_there(as_):
    an_agreement("active", OTHER)
    village = as_("village")
    assert village.get(f"/perjanjian/{OTHER}-2026").status_code == 404
    assert village.get(f"/desa/{OTHER}").status_code == 404


def test_a_camat_finds_his_kecamatan_alone(as_):
    an_agreement("active", OTHER)
    camat = as_("camat")
    assert camat.get(f"/perjanjian/{OTHER}-2026").status_code == 404
    assert OTHER not in camat.get("/desa").text
