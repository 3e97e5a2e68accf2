"""The first page of each role: what is to do, and figures that agree with the lists behind them."""

import re
from html import unescape

import pytest

from tests.builders import BIALO, OTHER, ROAD, an_agreement

COUNT = re.compile(r'<span class="count">(\d+)</span>.*?<a class="btn[^"]*" href="([^"]+)"', re.S)
FUNNEL = re.compile(r'<a href="([^"]+)">[^<]+</a>\s*<b>(\d+)</b><small>dari (\d+) desa')


def test_a_figure_leads_to_exactly_as_many_villages(as_):
    an_agreement("frozen")
    an_agreement("numbered", OTHER, serial=9101)
    an_agreement("budgeted", "73.02.06.2004", serial=9201)
    legal = as_("legal")
    page = legal.get("/").text
    found = [(int(count), href) for count, href in COUNT.findall(page)] + [(int(count), href) for href, count, _ in FUNNEL.findall(page)]
    assert len(found) > 5, page
    for count, href in found:
        listed = legal.get(unescape(href)).text
        assert re.search(rf"<h1>(Kekurangan anggaran: )?{count} dari 109 desa</h1>", listed), href


@pytest.mark.parametrize("role", ["legal", "approver", "bpjs", "camat", "monitor", "admin"])
def test_everybody_has_a_first_page(as_, role):
    an_agreement("frozen")
    assert as_(role).get("/").status_code == 200


def test_every_figure_says_of_how_many_and_until_when(as_):
    page = as_("legal").get("/").text
    assert "per 22 November 2026 pukul 10.00 WITA" in page
    assert "dari 109 desa" in page


def test_a_village_is_led_home(as_):
    assert as_("village").get("/").location == "/rumah"


def test_an_approver_sees_what_waits_for_him(as_):
    an_agreement("frozen")
    assert "Konsep menunggu persetujuan" in as_("approver").get("/").text


def test_a_monitor_sees_no_village_and_no_person(as_):
    an_agreement("active")
    page = as_("monitor").get("/").text
    assert "Bialo" not in page
    assert "Contoh Peserta" not in page
    assert "1 dari 109 desa sudah aktif" in page


def test_a_camat_sees_the_villages_of_the_kecamatan_alone(as_):
    an_agreement("budgeted")
    page = as_("camat").get("/").text
    assert "Anggaran menunggu pemeriksaan camat" in page
    assert BIALO in page
    assert OTHER not in page


@pytest.mark.parametrize("until", ROAD)
def test_every_step_of_the_road_can_be_shown(as_, until):
    an_agreement(until)
    for role, address in (("legal", "/"), ("legal", f"/perjanjian/{BIALO}-2026"), ("village", "/rumah"), ("bpjs", "/")):
        assert as_(role).get(address).status_code == 200
