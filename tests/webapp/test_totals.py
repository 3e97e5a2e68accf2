"""One truth: page, list, export, recap, command and paper of the same thing show the same rupiah, from the person to the kabupaten."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest

from letters.indonesian import rupiah
from tests.builders import BIALO, OTHER, a_person, an_agreement, user
from webapp import clock
from webapp.db import db
from webapp.models import Agreement, CategoryTerms
from webapp.models.contributions import Where, account, shares
from webapp.models.freezing import freeze
from webapp.models.overview import by_category, by_kecamatan, standings, totals
from webapp.models.participants import add_people
from webapp.papers import Order, draw_up

PLACES = (BIALO, "73.02.01.2005", OTHER)
WAGES = {"kepala_desa": 2426640, "perangkat": 2022200, "bpd": 1500000, "lkd": 1000000, "pekerja_rentan": 1000000}


@pytest.fixture
def villages(app):
    """Three villages with all kinds of people: two segments, four programmes, an odd wage, people who came and left within the year."""
    terms = db.session.query(CategoryTerms).filter_by(category_slug="kepala_desa").one()
    terms.programmes = ("JKK", "JKM", "JHT", "JP")
    return [a_village(code, 9001 + 100 * number) for number, code in enumerate(PLACES)]


def a_village(code: str, serial: int) -> Agreement:
    agreement = an_agreement(village_code=code)
    people = [a_person(serial + number, category, wage_base=Decimal(wage)) for number, (category, wage) in enumerate(WAGES.items())]
    people.append(a_person(serial + 20, "kepala_desa", wage_base=Decimal("15000000.33")))
    people.append(a_person(serial + 21, "pekerja_rentan", wage_base=Decimal(1_150_000)))
    add_people(agreement, people, user("legal"), clock.now(), clock.today())
    agreement.entries[0].month_first, agreement.entries[1].month_last = date(2026, 7, 1), date(2026, 3, 1)
    freeze(agreement, user("legal"), clock.now(), clock.today())
    db.session.commit()
    return agreement


def frozen(agreements) -> Decimal:
    return sum((each.total for agreement in agreements for each in agreement.roster_version.owed), Decimal())


def cells(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_dashboard_list_recap_export_and_page_show_the_same_sum(villages, as_):
    whole, legal = frozen(villages), as_("legal")
    rows = standings(db.session, clock.today(), 2026)
    assert totals(rows).owed == whole == account(db.session, Where(2026)).whole.amount
    listed = cells(legal.get("/desa/unduh.csv").data.decode("utf-8-sig"))
    assert sum(Decimal(each["Iuran setahun (Rp)"]) for each in listed) == whole
    recap = cells(legal.get("/laporan/unduh.csv").data.decode("utf-8-sig"))
    assert Decimal(recap[-1]["Iuran setahun (Rp)"]) == whole
    exported = cells(legal.get("/iuran/unduh.csv").data.decode("utf-8-sig"))
    assert Decimal(exported[-1]["Jumlah (Rp)"]) == whole
    lines = cells(legal.get("/iuran/rincian.csv").data.decode("utf-8-sig"))
    assert sum(Decimal(each["Jumlah iuran (Rp)"]) for each in lines) == whole
    assert rupiah(whole) in legal.get("/iuran").text and rupiah(whole) in legal.get("/laporan").text


def test_every_kecamatan_is_the_same_on_recap_and_page(villages):
    recap = {code: each.owed for code, _, each in by_kecamatan(standings(db.session, clock.today(), 2026)) if each.owed}
    assert recap == {each.key: each.amount for each in account(db.session, Where(2026)).parts}


@pytest.mark.parametrize("number", range(len(PLACES)))
def test_a_village_is_the_same_on_its_page_its_list_and_its_annex(villages, as_, number):
    agreement = villages[number]
    annex = draw_up("lampiran_iuran", agreement, Order(clock.today(), None, True))
    part = account(db.session, Where(2026, village=agreement.village_code))
    assert annex.yearly == agreement.yearly_total == part.whole.amount == sum(each.yearly for each in annex.lines)
    assert not list(annex.faults())
    assert rupiah(annex.yearly) in as_("legal").get(f"/perjanjian/{agreement.code}").text
    body = draw_up("perjanjian_desa", agreement, Order(clock.today(), None, True))
    assert body.yearly == annex.yearly and body.people == annex.people == part.whole.people


@pytest.mark.parametrize("number", range(len(PLACES)))
def test_categories_months_and_people_add_up_to_their_village(villages, number):
    agreement = villages[number]
    part = account(db.session, Where(2026, village=agreement.village_code))
    assert {each.key: each.amount for each in part.parts} == dict(agreement.due_by_category)
    assert {each.slug: each.owed for each in by_category(agreement)} == {each.key: each.amount for each in part.parts}
    assert {each.slug: each.people for each in by_category(agreement)} == {each.key: each.people for each in part.parts}
    assert sum(amount for _, amount in part.months) == part.whole.amount
    for each in part.parts:
        inside = account(db.session, Where(2026, village=agreement.village_code, category=each.key))
        assert sum(share.amount for share in shares(db.session, inside.whole)) == each.amount
        assert sum(one.amount for one in each.derived) == each.amount


def test_the_annex_says_what_is_rounded_shared_and_not_settled(villages):
    annex = draw_up("lampiran_iuran", villages[0], Order(clock.today(), None, True))
    told = " ".join(annex.notes)
    assert "dibulatkan ke sen terdekat (setengah ke atas) menurut aturan kerja kantor; belum diverifikasi" in told
    assert "bagian yang ditanggung peserta sendiri" in told
    assert "Aturan JKK BPU (PP 44/2015 Lampiran II) kemungkinan besar benar tetapi belum dipastikan." in told
    assert "Anggota BPD, Lembaga Kemasyarakatan Desa memakai ketentuan kantor yang belum dipastikan" in told
    assert {"3% dari Rp11.086.300,00", "1% dari Rp1.200.000,00"} <= {rate.rate for each in annex.lines for rate in each.rates}
