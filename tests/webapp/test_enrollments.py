"""Enrollment: each step by the one whose step it is, none too early, a payment held against what is owed."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from tests.builders import BIALO, OTHER, an_agreement
from tests.webapp.scans import a_pdf, sent, with_javascript
from webapp.db import db
from webapp.models import Agreement
from webapp.models.enrollments import amount_due, next_months

CODE = f"{BIALO}-2026"
PAGE = f"/perjanjian/{CODE}/kepesertaan"
MONTH = "32.759,64"  # 3 x 10.919,88


def again() -> Agreement:
    db.session.rollback()
    return db.session.scalars(select(Agreement).where(Agreement.village_code == BIALO)).one()


def a_payment(**more) -> dict:
    return {
        "on": "2026-10-20", "blth_first": "2026-01", "blth_last": "2026-01", "amount": MONTH, "number": "TRX-901", "reason": "", "proof": sent(a_pdf()),
    } | more  # fmt: skip


def test_the_whole_way_from_files_to_active(as_):
    an_agreement("checked")
    village, bpjs = as_("village"), as_("bpjs")
    for person, word, data in (
        (village, "diserahkan", {"on": "2026-10-05", "number": "TT-1"}),
        (bpjs, "divalidasi", {"on": "2026-10-07", "number": "NPP-901"}),
        (bpjs, "kode-iuran", {"on": "2026-10-08", "number": "9000000001"}),
        (village, "pembayaran", a_payment()),
        (bpjs, "aktif", {"on": "2026-10-25", "number": ""}),
    ):
        assert person.get(f"{PAGE}/{word}").status_code == 200
        assert person.post(f"{PAGE}/{word}", data).status_code == 303, word
    assert again().stage == "active"
    page = village.get(PAGE).text
    assert all(each in page for each in ("NPP-901", "9000000001", "TRX-901", f"Rp{MONTH}"))


def test_a_return_says_why_and_starts_the_step_again(as_):
    an_agreement("handed_in")
    bpjs = as_("bpjs")
    assert "Wajib diisi" in bpjs.post(f"{PAGE}/dikembalikan", {"on": "2026-10-06", "reason": ""}).text
    bpjs.post(f"{PAGE}/dikembalikan", {"on": "2026-10-06", "reason": "Dua KTP tidak terbaca"})
    assert again().turn == "village"
    village = as_("village")
    assert "Dua KTP tidak terbaca" in village.get(PAGE).text
    assert village.post(f"{PAGE}/diserahkan", {"on": "2026-10-09"}).status_code == 303


@pytest.mark.parametrize(
    ("until", "who", "word", "sentence"),
    [
        ("signed", "village", "diserahkan", "Anggaran diperiksa camat"),
        ("checked", "bpjs", "divalidasi", "Berkas pendaftaran diserahkan"),
        ("handed_in", "bpjs", "kode-iuran", "Berkas divalidasi"),
        ("validated", "village", "pembayaran", "Kode iuran terbit"),
        ("billed", "bpjs", "aktif", "Iuran pertama dibayar"),
        ("checked", "bpjs", "dikembalikan", "sesudah diserahkan"),
        ("handed_in", "village", "diserahkan", "sudah dicatat"),
    ],
)
def test_a_step_out_of_turn_is_told_what_is_missing(as_, until, who, word, sentence):
    an_agreement(until)
    person = as_(who)
    for answer in (person.get(f"{PAGE}/{word}"), person.post(f"{PAGE}/{word}", {"on": "2026-10-20"}, seen="/kata-sandi")):
        assert answer.status_code == 409
        assert sentence in answer.text


@pytest.mark.parametrize(("who", "word"), [("village", "divalidasi"), ("village", "aktif"), ("bpjs", "pembayaran"), ("camat", "diserahkan"), ("approver", "kode-iuran"), ("legal", "aktif")])
def test_each_step_belongs_to_its_roles(as_, who, word):
    an_agreement("paid")
    person = as_(who)
    assert person.get(f"{PAGE}/{word}").status_code == 403
    assert person.post(f"{PAGE}/{word}", {"on": "2026-10-20"}, seen="/kata-sandi").status_code == 403


def test_the_payment_form_knows_what_is_owed(as_):
    agreement = an_agreement("billed")
    assert amount_due(agreement, date(2026, 1, 1), date(2026, 12, 1)) == agreement.yearly_total
    page = as_("village").get(f"{PAGE}/pembayaran").text
    assert 'value="393.115,68"' in page
    assert 'value="2026-01"' in page


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"amount": "10.000"}, f"menurut daftar Rp{MONTH}"),
        ({"amount": "0"}, "lebih dari nol"),
        ({"blth_last": "2027-01"}, "di dalam masa perjanjian"),
        ({"blth_first": "2026-05"}, "di dalam masa perjanjian"),
        ({"on": "2026-12-01"}, "Tanggal ini belum tiba"),
        ({"number": ""}, "Wajib diisi"),
        ({"proof": None}, "Pilih berkas PDF"),
        ({"proof": sent(with_javascript())}, "berisi program"),
    ],
    ids=["less", "nothing", "beyond", "backwards", "ahead", "number", "no proof", "javascript"],
)
def test_a_payment_that_does_not_add_up_says_so(as_, more, sentence):
    an_agreement("billed")
    page = as_("village").post(f"{PAGE}/pembayaran", a_payment(**more)).text
    assert sentence in page
    assert not any(each.kind == "payment" for each in again().steps)


def test_another_sum_is_taken_with_an_explanation(as_):
    an_agreement("billed")
    assert as_("village").post(f"{PAGE}/pembayaran", a_payment(amount="32.760", reason="Pembulatan tagihan BPJS")).status_code == 303
    assert again().steps[-1].amount == Decimal(32760)
    assert "Pembulatan tagihan BPJS" in as_("bpjs").get(PAGE).text


def test_months_are_paid_once_and_the_next_ones_are_offered(as_):
    an_agreement("billed")
    village = as_("village")
    village.post(f"{PAGE}/pembayaran", a_payment())
    assert next_months(again()) == (date(2026, 2, 1), date(2026, 12, 1))
    assert "sudah tercatat dibayar" in village.post(f"{PAGE}/pembayaran", a_payment()).text
    village.post(f"{PAGE}/pembayaran", a_payment(blth_first="2026-02", blth_last="2026-12", amount="360.356,04"))
    assert next_months(again()) is None


def test_the_same_payment_sent_again_is_one_payment(as_):
    an_agreement("billed")
    village = as_("village")
    village.get(f"{PAGE}/pembayaran")
    key = village.hidden("once")
    for _ in range(3):
        village.post(f"{PAGE}/pembayaran", a_payment(once=key), seen="/kata-sandi")
    assert len([each for each in again().steps if each.kind == "payment"]) == 1


def test_a_terminated_agreement_takes_no_step(as_):
    an_agreement("billed")
    as_("legal").post(f"/perjanjian/{CODE}/jeda", {"kind": "terminated", "on": "2026-11-01", "reason": "Contoh"})
    response = as_("village").post(f"{PAGE}/pembayaran", a_payment(), seen="/kata-sandi")
    assert response.status_code == 409
    assert "diakhiri sejak 01-11-2026" in response.text


def test_another_villages_enrollment_is_not_there(as_):
    an_agreement("billed", OTHER)
    village = as_("village")
    assert village.post(f"/perjanjian/{OTHER}-2026/kepesertaan/pembayaran", a_payment(), seen="/kata-sandi").status_code == 404


@pytest.mark.parametrize("role", ["legal", "approver", "village", "camat", "bpjs"])
def test_every_reader_sees_the_steps(as_, role):
    an_agreement("active")
    page = as_(role).get(PAGE).text
    assert "Kepesertaan aktif" in page
