"""Villages whose budget is short: the same rupiah on every page, and letters that are looked at first, numbered once, and sent once."""

import csv
import io
from decimal import Decimal

import pypdfium2
import pytest
from sqlalchemy import select

from letters.press import Press
from tests.builders import BIALO, OTHER, a_line, an_agreement, user
from webapp import clock
from webapp.db import db
from webapp.issuing import preview, reserve
from webapp.models import Agreement, BudgetDocument, Letter
from webapp.models.budgets import record_document, record_line
from webapp.models.drafts import hold
from webapp.models.overview import standings, totals
from webapp.models.shortfalls import KIND, Filters, listing, unanswered
from webapp.printing import claim, print_letter
from webapp.uploads import storage
from workflows import NotYet

PAGE = "/kekurangan-anggaran"
YEARLY = Decimal("393115.68")  # 3 x 10.919,88 x 12


@pytest.fixture(scope="module")
def press():
    with Press() as machine:
        yield machine


def short_by(agreement: Agreement, amount: str) -> Agreement:
    record_line(agreement, a_line(agreement, amount=agreement.yearly_total - Decimal(amount)), user("legal"), clock.now(), clock.today())
    db.session.commit()
    return agreement


def two_short() -> tuple[Agreement, Agreement]:
    return short_by(an_agreement("frozen"), "93115.68"), short_by(an_agreement("frozen", OTHER, serial=9101), "32759.64")


def letters_of(kind: str = KIND) -> list[Letter]:
    db.session.rollback()
    return list(db.session.scalars(select(Letter).where(Letter.kind == kind).order_by(Letter.id)))


def text_of(content: bytes) -> str:
    pdf = pypdfium2.PdfDocument(content)
    try:
        return " ".join(" ".join(page.get_textpage().get_text_bounded().split()) for page in pdf)
    finally:
        pdf.close()


# --- the list ---


def test_the_list_shows_village_category_months_and_the_next_window(as_):
    two_short()
    page = as_("legal").get(PAGE).text
    assert "Rp93.115,68" in page and "Rp32.759,64" in page and "Rp125.875,32" in page
    assert "3 bulan, mulai Oktober 2026" in page and "1 bulan, mulai Desember 2026" in page
    assert "APBDes 2027, 1 Oktober 2026 s.d. 31 Desember 2026" in page
    assert "2 dari 109 desa" in page and "per 22 November 2026 pukul 10.00 WITA" in page


def test_dashboard_list_report_and_file_show_the_same_rupiah(as_):
    two_short()
    an_agreement("budgeted", "73.02.01.2005", serial=9201)
    found = listing(db.session, clock.today(), 2026, Filters())
    assert found.sums.short == totals(standings(db.session, clock.today(), 2026)).short == Decimal("125875.32")
    everything = listing(db.session, clock.today(), 2026, Filters(all="1"))
    assert everything.sums.due == totals(standings(db.session, clock.today(), 2026)).owed == 3 * YEARLY
    legal = as_("legal")
    for page in ("/", PAGE, "/laporan"):
        assert "Rp125.875,32" in legal.get(page).text
    rows = list(csv.DictReader(io.StringIO(legal.get(f"{PAGE}/unduh.csv").get_data().decode("utf-8-sig"))))
    assert sum(Decimal(each["Kurang (Rp)"]) for each in rows) == Decimal("125875.32")
    assert {each["Mulai bulan iuran"] for each in rows} == {"2026-10-01", "2026-12-01"}
    report = list(csv.DictReader(io.StringIO(legal.get("/laporan/unduh.csv").get_data().decode("utf-8-sig"))))
    assert Decimal(report[-1]["Kurang (Rp)"]) == Decimal("125875.32")


@pytest.mark.parametrize(
    ("args", "shown", "hidden"),
    [
        ("?kecamatan=73.02.06", "Rp32.759,64", "Rp93.115,68"),
        ("?category=bpd", "Tidak ada kekurangan anggaran yang cocok", "Rp93.115,68"),
        ("?q=bialo", "Rp93.115,68", "Rp32.759,64"),
        ("?source=DD", "Tidak ada kekurangan", "Rp93.115,68"),
    ],
)
def test_filters_stand_in_the_address(as_, args, shown, hidden):
    two_short()
    page = as_("legal").get(PAGE + args).text
    assert shown in page
    assert hidden not in page


def test_the_list_is_sorted_by_what_is_short(as_):
    two_short()
    page = as_("legal").get(f"{PAGE}?sort=short").text
    assert page.index("Rp32.759,64") < page.index("Rp93.115,68")
    assert 'aria-sort="ascending"' in page


def test_a_camat_sees_his_own_and_a_monitor_sums_only(as_):
    two_short()
    page = as_("camat").get(PAGE).text
    assert "Rp93.115,68" in page and OTHER not in page
    monitor = as_("monitor")
    page = monitor.get(PAGE).text
    assert "Rp125.875,32" in page
    assert "Bialo" not in page and BIALO not in page
    assert BIALO not in monitor.get(f"{PAGE}/unduh.csv").text
    assert monitor.get(f"{PAGE}/surat").status_code == 403
    assert as_("village").get(PAGE).status_code == 403


# --- letters ---


def test_one_letter_carries_the_calculation_as_its_annex_in_one_file(app, press):
    agreement = short_by(an_agreement("frozen"), "93115.68")
    letter = reserve(KIND, agreement, user("legal"))
    db.session.commit()
    letter = print_letter(claim(letter.id), press)
    assert (letter.state, letter.problem) == ("issued", "")
    text = text_of(storage().get(letter.sha256))
    for said in (letter.number, "Rp", "93.115,68", "393.115,68", "300.000,00", "Oktober–Desember 2026", "C. Kekurangan per kategori", "JKK 0,24%", "APB Desa Tahun Anggaran 2027"):
        assert said in text


def test_the_calculation_alone_can_be_looked_at(app, press):
    text = text_of(preview("lampiran_perhitungan", short_by(an_agreement("frozen"), "93115.68"), press))
    assert "93.115,68" in text and "B. Baris anggaran yang dicatat" in text


def test_a_budget_that_suffices_gets_no_letter(app):
    with pytest.raises(NotYet) as refusal:
        reserve(KIND, an_agreement("budgeted"), user("legal"))
    assert [each.slug for each in refusal.value.open] == ["something_short"]


def test_the_same_shortfall_is_told_once_until_the_answer_is_due(app):
    agreement = short_by(an_agreement("frozen"), "93115.68")
    letter = reserve(KIND, agreement, user("legal"))
    db.session.commit()
    with pytest.raises(NotYet) as refusal:
        reserve(KIND, agreement, user("legal"))
    assert letter.number in str(refusal.value.open[0].because)
    assert unanswered(agreement, clock.today()).id == letter.id
    from datetime import timedelta

    assert unanswered(agreement, clock.today() + timedelta(days=30)) is None
    short_by(agreement, "393015.68")  # a further 100 rupiah: another shortfall
    assert unanswered(agreement, clock.today()) is None


def test_all_that_are_short_are_looked_at_then_numbered_in_one_go(as_, app):
    two_short()
    legal = as_("legal")
    page = legal.get(f"{PAGE}/surat").text
    assert "2 dari 2 desa yang kurang dapat disurati" in page
    assert letters_of() == []
    answer = legal.post(f"{PAGE}/surat", {"agreement": [f"{BIALO}-2026", f"{OTHER}-2026"]})
    assert "2 dari 2 naskah dicadangkan" in answer.text
    assert [each.number for each in letters_of()] == ["400.10.2.4/1/DPMD/XI/2026", "400.10.2.4/2/DPMD/XI/2026"]


def test_a_double_click_numbers_nothing_twice(as_):
    two_short()
    legal = as_("legal")
    legal.get(f"{PAGE}/surat")
    body = {"agreement": [f"{BIALO}-2026"], "once": legal.hidden("once"), "csrf_token": legal.hidden("csrf_token")}
    legal.post(f"{PAGE}/surat", body)
    second = legal.post(f"{PAGE}/surat", body, seen="/kata-sandi")
    assert second.status_code == 303 and second.location.endswith("/surat/antrean")
    assert len(letters_of()) == 1


def test_who_was_told_already_is_skipped_by_name_and_the_rest_goes_on(as_):
    two_short()
    legal = as_("legal")
    legal.post(f"{PAGE}/surat", {"agreement": [f"{BIALO}-2026"]})
    page = legal.get(f"{PAGE}/surat").text
    assert "1 dari 2 desa" in page and "400.10.2.4/1/DPMD/XI/2026" in page
    answer = legal.post(f"{PAGE}/surat", {"agreement": [f"{BIALO}-2026", f"{OTHER}-2026"]})
    assert "1 dari 2 naskah dicadangkan" in answer.text and "masih menunggu jawaban" in answer.text
    assert [each.village_code for each in letters_of()] == [BIALO, OTHER]
    assert len({each.seq for each in letters_of()}) == 2


def test_a_village_at_rest_is_skipped(as_):
    agreement, _ = two_short()
    hold(agreement, "suspended", clock.today(), "Sengketa batas", user("legal"), clock.now(), clock.today())
    db.session.commit()
    page = as_("legal").get(f"{PAGE}/surat").text
    assert "1 dari 2 desa" in page and "Perjanjian berjalan (Sengketa batas)" in page


@pytest.mark.parametrize("role", ["approver", "camat", "bpjs", "village", "monitor"])
def test_only_the_office_sends_letters(as_, role):
    two_short()
    person = as_(role)
    assert person.get(f"{PAGE}/surat").status_code == 403
    assert person.post(f"{PAGE}/surat", {"agreement": [f"{BIALO}-2026"]}, seen="/kata-sandi").status_code == 403


def test_a_cured_shortfall_leaves_the_list(as_):
    agreement, _ = two_short()
    record_document(agreement, BudgetDocument(kind="perubahan", number="3 Tahun 2026", on=clock.today()), user("legal"), clock.now(), clock.today())
    line = a_line(agreement)
    line.document, line.replaces_id = "perubahan", agreement.budget_lines[0].id
    record_line(agreement, line, user("legal"), clock.now(), clock.today())
    db.session.commit()
    page = as_("legal").get(PAGE).text
    assert "Rp93.115,68" not in page and "1 dari 109 desa" in page


# --- the calendar and the codes are the office's ---


def test_the_office_moves_a_window_and_the_pages_follow(as_):
    agreement, _ = two_short()
    admin = as_("admin")
    assert "Juli–September tahun anggaran" in admin.get("/aturan").text
    answer = admin.post("/aturan/kalender-anggaran/perubahan", {"years": "0", "month_first": "7", "month_last": "11", "article": "Perbup Contoh", "confidence": "S", "source": "Uji"})
    assert answer.status_code == 303
    page = as_("village").get(f"/perjanjian/{agreement.code}/anggaran").text
    assert "Dapat diperbaiki sekarang: Perubahan APBDes 2026, 1 Juli 2026 s.d. 30 November 2026 (Perbup Contoh)" in page


def test_a_suggested_code_of_a_later_year_leaves_the_earlier_years_alone(as_):
    agreement = an_agreement("frozen")
    admin = as_("admin")
    body = {"year": "2027", "category_slug": "perangkat", "activity_code": "1.1.03", "account_code": "5.1.3.99", "name": "Uji", "confidence": "U", "source": "Uji"}
    assert admin.post("/aturan/kode-rekening/baru", body).status_code == 303
    assert "sudah disarankan" in admin.post("/aturan/kode-rekening/baru", body).text
    page = as_("village").get(f"/perjanjian/{agreement.code}/anggaran/baris").text
    assert "5.1.3.04" in page and "5.1.3.99" not in page
