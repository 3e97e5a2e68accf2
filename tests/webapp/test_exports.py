"""Tables as files: no formula of a stranger runs, totals are those of the page."""

import csv
import io
from datetime import date
from decimal import Decimal
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from tests.builders import BIALO, an_agreement
from webapp.db import db
from webapp.exports import plain, table_file
from webapp.models import Village

HOSTILE = ("=1+1", "+62811", "-1", "@SUM(A1)", "\t=1", "\r=1")


def sheet_rows(content: bytes) -> list[list]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("Data").to_python()


@pytest.mark.parametrize("text", HOSTILE)
def test_a_formula_is_defused(app, text):
    assert plain(text) == "'" + text


def test_numbers_and_days_stay_what_they_are(app):
    with app.test_request_context():
        content = table_file("xlsx", "uji", ["a", "b", "c"], [(-5, Decimal("-1.50"), date(2026, 1, 2))]).data
    assert sheet_rows(content)[1] == [-5, -1.5, date(2026, 1, 2)]


def test_a_csv_opens_in_excel_with_its_letters(app):
    with app.test_request_context():
        content = table_file("csv", "uji", ["Désa"], [("=1",)]).data
    assert content.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(content.decode("utf-8-sig")))) == [["Désa"], ["'=1"]]


def test_no_formula_is_in_the_sheet_even_from_a_hostile_name(as_):
    db.session.get(Village, BIALO).name = '=HYPERLINK("http://contoh.invalid";"x")'
    an_agreement("frozen")
    answer = as_("legal").get("/desa/unduh.xlsx")
    sheet = ZipFile(io.BytesIO(answer.data)).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert b"hyperlink" not in sheet.lower()


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_the_file_holds_the_rows_of_the_page(as_, form):
    an_agreement("frozen")
    answer = as_("legal").get(f"/desa/unduh.{form}?stage=draft")
    assert "attachment" in answer.headers["Content-Disposition"]
    if form == "csv":
        assert len(list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))) == 2
    else:
        assert len(sheet_rows(answer.data)) == 2


def test_only_known_forms_are_made(as_):
    assert as_("legal").get("/desa/unduh.exe").status_code == 404
