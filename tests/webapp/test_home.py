"""A village's own page: light, one next step, its papers."""

import gzip
import re

import pytest

from tests.builders import OTHER, ROAD, a_letter, an_agreement
from webapp.db import db

LIMIT = 60 * 1024


def sent(person, address: str) -> bytes:
    with person.client.application.app_context():
        return person.client.get(address, headers={"Accept-Encoding": "gzip"}).data


@pytest.mark.parametrize("until", ["empty", "signed", "active"])
def test_the_first_load_is_at_most_60_kilobytes(as_, until):
    an_agreement(until)
    village = as_("village")
    packed = sent(village, "/rumah")
    page = gzip.decompress(packed).decode()
    assets = set(re.findall(r'(?:href|src)="(/aset/[^"]+)"', page))
    assert len(assets) == 4
    assert len(packed) + sum(len(sent(village, each)) for each in assets) <= LIMIT


def test_there_is_one_next_step(as_):
    an_agreement("empty")
    page = as_("village").get("/rumah").text
    assert page.count("btn-lg") == 1
    assert "Daftar peserta dibekukan dan tidak kosong" in page


def test_it_says_who_is_to_act_when_the_village_is_not(as_):
    an_agreement("frozen")
    page = as_("village").get("/rumah").text
    assert '<h2 class="mt-0">Pejabat penyetuju</h2>' in page
    assert "Terakhir bergerak 22 November 2026" in page
    assert "btn-lg" not in page


@pytest.mark.parametrize("until", ROAD)
def test_the_step_asked_for_is_one_the_village_can_take(as_, until):
    an_agreement(until)
    page = as_("village").get("/rumah").text
    assert ("Langkah Anda" in page) == (until in ("empty", "numbered", "signed", "checked", "billed"))


def test_issued_papers_are_offered_the_annex_first(as_):
    agreement = an_agreement("numbered")
    a_letter(agreement, "perjanjian_desa", state="issued", title="Perjanjian Contoh")
    a_letter(agreement, "lampiran_peserta", state="issued", title="Lampiran Contoh", unit=None, year=None, seq=None)
    a_letter(agreement, "surat_pengantar", state="void", title="Batal Contoh")
    db.session.commit()
    page = as_("village").get("/rumah").text
    assert 0 < page.index("Lampiran Contoh") < page.index("Perjanjian Contoh")
    assert "Batal Contoh" not in page


def test_a_village_without_agreement_is_told_so(as_):
    assert "Belum ada perjanjian untuk desa ini" in as_("village").get("/rumah").text


def test_a_village_sees_itself_alone(as_):
    an_agreement("active", OTHER)
    page = as_("village").get("/rumah").text
    assert "Desa Bialo" in page
    assert OTHER not in page


def test_the_office_has_no_home_of_its_own(as_):
    assert as_("legal").get("/rumah").status_code == 403


def test_the_signed_annex_comes_first_among_the_downloads(app, as_):
    agreement = an_agreement("signed")
    annex = agreement.standing_signature("annex")
    page = as_("village").get("/rumah").text
    assert "Lampiran bertanda tangan" in page
    assert f"/berkas/{annex.file_id}" in page
