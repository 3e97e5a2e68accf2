"""The doors of the papers: preview, number, print, download, void, agenda."""

import pytest

from letters.press import Press
from tests.builders import BIALO, a_letter, an_agreement
from webapp.db import db
from webapp.jobs import work_once
from webapp.models import Letter

AGREEMENT = f"/perjanjian/{BIALO}-2026"


@pytest.fixture(scope="module")
def press():
    with Press() as machine:
        yield machine


def test_a_draft_says_what_is_missing_before_it_may_be_issued(app, as_):
    an_agreement("frozen")
    page = as_("legal").get(f"{AGREEMENT}/terbitkan/perjanjian_desa").text
    assert "Disetujui oleh orang kedua" in page
    assert "Terbitkan Perjanjian" not in page


def test_acting_too_early_is_refused_with_the_sentence(app, as_):
    an_agreement("frozen")
    answer = as_("legal").post(f"{AGREEMENT}/terbitkan/perjanjian_desa")
    assert answer.status_code == 409
    assert "Disetujui oleh orang kedua" in answer.text


def test_a_letter_is_numbered_printed_and_downloaded(app, as_, press):
    an_agreement("approved")
    legal = as_("legal")
    answer = legal.post(f"{AGREEMENT}/terbitkan/perjanjian_desa", seen=f"{AGREEMENT}/terbitkan/perjanjian_desa")
    assert "sedang dicetak" in legal.get(answer.location).text
    assert work_once(press)
    assert "Rangkap 2" in legal.get(answer.location).text
    pdf = legal.get(f"{answer.location}/rangkap-2.pdf")
    assert pdf.data.startswith(b"%PDF-")
    assert pdf.headers["Content-Disposition"].startswith("attachment")


def test_the_same_form_sent_twenty_times_draws_one_number(app, as_):
    an_agreement("numbered")
    legal = as_("legal")
    legal.get(f"{AGREEMENT}/terbitkan/surat_pengantar")
    body = {"once": legal.hidden("once"), "csrf_token": legal.hidden("csrf_token")}
    before = db.session.query(Letter).count()
    answers = {legal.client.post(f"{AGREEMENT}/terbitkan/surat_pengantar", data=body).location for _ in range(20)}
    assert len(answers) == 1
    assert db.session.query(Letter).count() == before + 1


def test_the_village_head_downloads_his_annex(app, as_, press):
    agreement = an_agreement("numbered")
    as_("legal").post(f"{AGREEMENT}/terbitkan/lampiran_iuran")
    while work_once(press):
        pass
    letter = db.session.query(Letter).filter_by(kind="lampiran_iuran").one()
    assert letter.problem == ""
    assert as_("village").get(f"/surat/{letter.id}/rangkap-1.pdf").status_code == 200
    assert as_("73.02.06.2003").get(f"/surat/{letter.id}/rangkap-1.pdf").status_code == 404
    assert agreement.village_code == BIALO


def test_a_void_number_stays_in_the_agenda_with_its_reason(app, as_):
    letter = a_letter(an_agreement("numbered"), "surat_pengantar")
    db.session.commit()
    legal = as_("legal")
    legal.post(f"/surat/{letter.id}/batalkan", {"reason": "salah alamat"}, seen=f"/surat/{letter.id}")
    page = legal.get("/agenda?state=void").text
    assert letter.number in page
    assert "salah alamat" in page


def test_the_agenda_goes_out_as_a_file(app, as_):
    an_agreement("numbered")
    legal = as_("legal")
    assert "100.3.7.1/1/DPMD/XI/2026" in legal.get("/agenda/unduh.csv").get_data().decode("utf-8-sig")
    assert legal.get("/agenda/unduh.xlsx").data.startswith(b"PK")


def test_many_are_issued_and_the_rest_is_told_why(app, as_):
    an_agreement("approved")
    an_agreement("empty", village_code="73.02.06.2003")
    legal = as_("legal")
    page = legal.post("/surat/terbitkan", {"slug": "perjanjian_desa", "agreement": [f"{BIALO}-2026", "73.02.06.2003-2026"]}, seen="/desa").text
    assert "1 dari 2 naskah" in page
    assert "Daftar peserta dibekukan" in page


def test_a_number_of_bpjs_is_typed_once_and_belongs_to_one_agreement(app, as_):
    an_agreement("approved")
    an_agreement("approved", village_code="73.02.06.2003", serial=9101)
    bpjs, number = as_("bpjs"), {"owner": "kedua", "number": "PER/77/032026", "on": "2026-03-09"}
    assert bpjs.post(f"{AGREEMENT}/nomor", number, seen=f"{AGREEMENT}/nomor").status_code == 303
    other = "/perjanjian/73.02.06.2003-2026/nomor"
    again = bpjs.post(other, number, seen=other)
    assert again.status_code == 409
    assert "sudah dipakai perjanjian desa lain" in again.text


def test_the_village_types_only_the_number_of_its_statement(app, as_):
    an_agreement("approved")
    village = as_("village")
    page = village.get(f"{AGREEMENT}/nomor").text
    assert "Nomor surat pernyataan" in page and "Nomor perjanjian dari PIHAK KEDUA" not in page


def test_a_preview_comes_as_a_pdf_that_loads_nothing(app, as_):
    an_agreement("frozen")
    answer = as_("village").get(f"{AGREEMENT}/pratinjau/lampiran_iuran")
    assert answer.mimetype == "application/pdf"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    app.extensions["press"].close()


def test_an_unknown_kind_is_not_found(app, as_):
    an_agreement("frozen")
    assert as_("legal").get(f"{AGREEMENT}/pratinjau/surat_cinta").status_code == 404


def test_a_paper_with_nik_is_not_for_the_camat(app, as_, press):
    an_agreement("numbered")
    as_("legal").post(f"{AGREEMENT}/terbitkan/lampiran_peserta")
    while work_once(press):
        pass
    letter = db.session.query(Letter).filter_by(kind="lampiran_peserta").one()
    camat = as_("camat")
    assert "memuat NIK" in camat.get(f"/surat/{letter.id}").text
    assert camat.get(f"/surat/{letter.id}/rangkap-1.pdf").status_code == 403


def test_a_refusal_among_many_gives_its_number_back(app, as_):
    """The office names no contact: drawing up fails after the number was drawn."""
    from webapp.models import AuditEvent, Office, Series

    an_agreement("numbered")
    db.session.get(Office, 1).contact = ""
    db.session.commit()
    events = db.session.query(AuditEvent).count()
    page = as_("legal").post("/surat/terbitkan", {"slug": "surat_pengantar", "agreement": [f"{BIALO}-2026"]}, seen="/desa").text
    assert "Narahubung kantor belum diisi" in page
    db.session.rollback()
    assert db.session.get(Series, ("DPMD", 2026)).next == 2
    assert db.session.query(AuditEvent).filter(AuditEvent.action.like("letter.%")).count() == 0
    assert db.session.query(AuditEvent).count() == events + 1  # the login
