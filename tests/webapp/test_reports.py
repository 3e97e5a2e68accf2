"""The recap: aggregates with denominator and cut-off, the same in the file."""

import csv
import io

import pytest

from tests.builders import OTHER, an_agreement
from webapp import clock
from webapp.db import db
from webapp.models.overview import standings, totals


@pytest.mark.parametrize("role", ["monitor", "legal", "approver"])
def test_the_recap_says_of_how_many_and_until_when(as_, role):
    an_agreement("active")
    page = as_(role).get("/laporan").text
    assert "1 dari 109 desa sudah aktif" in page
    assert "per 22 November 2026 pukul 10.00 WITA" in page


def test_the_sum_of_the_file_is_the_sum_of_the_list(as_):
    an_agreement("active")
    an_agreement("frozen", OTHER, serial=9101)
    rows = list(csv.DictReader(io.StringIO(as_("monitor").get("/laporan/unduh.csv").data.decode("utf-8-sig"))))
    last, whole = rows[-1], totals(standings(db.session, clock.today(), 2026))
    assert (int(last["Desa"]), int(last["Aktif"]), int(last["Peserta terdaftar"])) == (whole.villages, whole.active, whole.people)
    assert float(last["Iuran setahun (Rp)"]) == float(whole.owed)
    assert sum(int(each["Desa"]) for each in rows[:-1]) == 109


@pytest.mark.parametrize("role", ["village", "camat", "bpjs", "admin"])
def test_the_recap_is_for_office_and_monitor(as_, role):
    assert as_(role).get("/laporan").status_code == 403
