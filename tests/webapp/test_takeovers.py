"""Agreements made before this register began: taken over from the archive, marked as such, proven later by a scan."""

import io
from datetime import date

import pytest
from sqlalchemy import select

from webapp import clock
from webapp.db import begin_writing, db
from webapp.models import Accord, Agreement, Letter, Takeover, freezing, participants, signatures, takeovers
from webapp.models.changes import Change
from webapp.models.letters import draw_number
from webapp.models.takeovers import Archived
from workflows import Refused

from ..builders import BIALO, a_file, a_person, user
from .scans import a_pdf, sent

ON = date(2026, 2, 3)


@pytest.fixture
def office(app):
    return db.session.scalars(select(Accord)).one()


def a_row(**more) -> Archived:
    usual = {"village_code": BIALO, "fiscal_year": 2026, "number_kesatu": "100.3.7.1/900/DPMD/II/2026", "number_kedua": "PER/900/022026"}
    return Archived(**usual | {"dated_on": ON, "place": "Contoh", "kesatu": "Contoh Satu", "kedua": "Contoh Dua", "head": "Contoh Tiga"} | more)


def taken_over(accord, **more) -> Agreement:
    (agreement,) = takeovers.take_over(db.session, accord, [a_row(**more)], "f" * 64, by=user("legal"), at=clock.now(), today=clock.today())
    return agreement


def acting(login: str = "legal") -> dict:
    return {"by": user(login), "at": clock.now(), "today": clock.today()}


def test_an_agreement_of_the_archive_stands_with_its_numbers_and_signers(office):
    agreement = taken_over(office)
    assert agreement.numbers == ("100.3.7.1/900/DPMD/II/2026", "PER/900/022026")
    assert agreement.parties_seen == ("Contoh Satu", "Contoh Dua", "Contoh Tiga")
    assert "approved" not in [each.slug for each in agreement.open_on(clock.today())]


def test_a_gap_of_the_archive_is_said(office):
    agreement = taken_over(office, kedua="")
    assert agreement.party_gaps == ("nama penandatangan PIHAK KEDUA belum diisi pada data yang diambil alih",)


@pytest.mark.parametrize("more", [{}, {"village_code": "73.02.01.2005"}], ids=["same village", "same number"])
def test_a_village_and_a_number_are_taken_over_once(office, more):
    taken_over(office)
    with pytest.raises(Refused, match=r"sudah (mempunyai|ada)"):
        taken_over(office, **more if more else {"number_kesatu": "100.3.7.1/901/DPMD/II/2026"})


def test_the_first_list_of_what_was_taken_over_is_its_list_not_an_amendment(office):
    agreement = taken_over(office)
    for serial in (9001, 9002):
        participants.add_people(agreement, [a_person(serial)], **acting())
        freezing.freeze(agreement, **acting())
    assert (agreement.roster_version.number, agreement.amendments) == (2, [])
    prove(agreement)
    with pytest.raises(Refused):  # now it is a signed list: who joins has a record
        participants.add_person(agreement, a_person(9003), **acting())
    participants.add_person(agreement, a_person(9003), **acting(), joined=Change("joined", clock.today()))
    freezing.freeze(agreement, **acting())
    db.session.expire(agreement)
    assert (agreement.roster_version.number, len(agreement.amendments)) == (2, 1)


def prove(agreement: Agreement) -> None:
    for each in takeovers.attach_scan(agreement, ["kesatu", "kedua", "annex"], ON, "Contoh", a_file(BIALO), **acting()):
        signatures.review(each, agreement, True, "", **acting("approver"))


def test_scans_close_the_signature_stage_and_say_where_they_come_from(office):
    agreement = taken_over(office)
    participants.add_people(agreement, [a_person()], **acting())
    freezing.freeze(agreement, **acting())
    assert agreement.current_stage().slug == "signature"
    prove(agreement)
    assert agreement.current_stage().slug == "budgeting"
    assert {each.method for each in agreement.signatures} == {"taken_over"}


def test_its_paper_is_not_issued_again_here(office):
    from webapp import issuing

    agreement = taken_over(office)
    with pytest.raises(Refused, match="diambil alih"):
        issuing.reserve("perjanjian_desa", agreement, user("legal"))
    assert db.session.query(Letter).count() == 0


def test_a_correction_is_a_new_row_and_the_newest_stands(office):
    agreement = taken_over(office)
    takeovers.correct(agreement, a_row(kedua="Contoh Empat"), **acting())
    db.session.expire(agreement)
    assert agreement.parties_seen[1] == "Contoh Empat"
    assert db.session.query(Takeover).count() == 2
    with pytest.raises(Refused, match="berubah"):
        takeovers.correct(agreement, a_row(kedua="Contoh Empat"), **acting())


def test_the_register_goes_on_where_the_office_is(office):
    takeovers.start_series(db.session, "DPMD", 2026, 214, "buku agenda", user("legal"), clock.now())
    assert draw_number(db.session, "DPMD", 2026) == 215
    with pytest.raises(Refused, match="215"):
        takeovers.start_series(db.session, "DPMD", 2026, 300, "buku agenda", user("legal"), clock.now())


# --- through the web ---

HEAD = "Desa;Kecamatan;Tahun;Nomor DPMD;Nomor BPJS;Tanggal;Tempat;Penandatangan DPMD;Penandatangan BPJS;Kepala Desa;Keterangan"
GOOD = "73.02.01.2005;;2026;100.3.7.1/901/DPMD/II/2026;PER/901/022026;03-02-2026;Contoh;Contoh Satu;Contoh Dua;Contoh Tiga;"


def look(legal, *lines: str, year: int = 2026):
    accord = db.session.scalars(select(Accord)).one()
    content = "\n".join(("DAFTAR PERJANJIAN DESA", HEAD, *lines, ";;;;;;;;;;", "Mengetahui, Kepala Dinas")).encode()
    data = {"accord": str(accord.id), "year": str(year), "file": (io.BytesIO(content), "daftar.csv")}
    return legal.post("/ambil-alih", data, seen="/ambil-alih", content_type="multipart/form-data")


def store(legal, **more):
    return legal.post("/ambil-alih/simpan", {"token": legal.hidden("token")} | more)


def test_a_list_shows_its_fates_first_and_stores_what_was_shown(office, as_):
    legal = as_("legal")
    page = look(legal, GOOD).get_data(as_text=True)
    assert "1 diterima + 0 dengan kekurangan + 0 ditolak" in page
    assert db.session.query(Takeover).count() == 0
    assert store(legal).status_code == 303
    db.session.rollback()
    assert db.session.query(Takeover).one().number_kesatu == "100.3.7.1/901/DPMD/II/2026"
    assert "Diambil alih dari arsip kantor" in legal.get("/perjanjian/73.02.01.2005-2026").get_data(as_text=True)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (("73.02.01.2005;;", "Lembanna;;"), "lebih dari satu kecamatan"),
        (("73.02.01.2005;;", "Antah Berantah;Gantarang;"), "tidak dikenal"),
        (("73.02.01.2005;;", "73.02.02.1001;;"), "di luar program"),
        (("03-02-2026", "31-02-2026"), "tidak terbaca"),
        (("03-02-2026", ""), "belum diisi"),
        (("03-02-2026", "03-02-2027"), "belum tiba"),
        (("100.3.7.1/901/DPMD/II/2026", ""), "nomor DPMD belum diisi"),
        ((";2026;", ";dua ribu;"), "tahun anggaran"),
    ],
)
def test_a_row_that_cannot_be_taken_over_says_why(office, as_, change, why):
    page = look(as_("legal"), GOOD.replace(*change, 1)).get_data(as_text=True)
    assert "0 diterima + 0 dengan kekurangan + 1 ditolak" in page and why in page


def test_a_number_and_a_village_stand_once_in_a_list(office, as_):
    page = look(as_("legal"), GOOD, GOOD).get_data(as_text=True)
    assert "1 diterima" in page and "baris sebelumnya" in page and "sudah mempunyai perjanjian" in page


def test_rows_with_gaps_go_in_only_when_wanted(office, as_):
    legal = as_("legal")
    look(legal, GOOD.replace("Contoh Dua", ""))
    assert store(legal).status_code == 422
    look(legal, GOOD.replace("Contoh Dua", ""))
    assert store(legal, with_gaps="1").status_code == 303
    assert "nama penandatangan PIHAK KEDUA" in legal.get("/ambil-alih").get_data(as_text=True)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"satu;dua\n1;2\n"], ids=["empty", "no sheet", "no heading"])
def test_a_file_without_a_list_is_refused_with_the_next_step(office, as_, content):
    accord = db.session.scalars(select(Accord)).one()
    data = {"accord": str(accord.id), "year": "2026", "file": (io.BytesIO(content), "daftar.csv")}
    response = as_("legal").post("/ambil-alih", data, seen="/ambil-alih", content_type="multipart/form-data")
    assert response.status_code == 422 and "field-error" in response.get_data(as_text=True)


def test_a_foreign_payload_is_not_believed(office, as_):
    legal = as_("legal")
    look(legal, GOOD)
    assert legal.post("/ambil-alih/simpan", {"token": legal.hidden("token")[:-4] + "xxxx"}).status_code == 400


def test_a_scan_is_sent_once_for_all_signers_and_confirmed_by_another(office, as_):
    legal = as_("legal")
    look(legal, GOOD)
    store(legal)
    url = "/perjanjian/73.02.01.2005-2026/ambil-alih/pindaian"
    data = {"signers": ["kesatu", "kedua", "annex"], "on": "2026-02-03", "place": "Contoh", "scan": sent(a_pdf())}
    assert legal.post(url, data, seen=url, content_type="multipart/form-data").status_code == 303
    page = as_("approver").get("/perjanjian/73.02.01.2005-2026/tanda-tangan").get_data(as_text=True)
    assert page.count("arsip kantor; tidak disaksikan sistem ini") == 3 and page.count("Periksa bukti") == 3


def test_the_archives_word_is_corrected_on_its_page(office, as_):
    legal = as_("legal")
    look(legal, GOOD)
    store(legal)
    url = "/perjanjian/73.02.01.2005-2026/ambil-alih"
    legal.get(url)
    data = {"number_kesatu": "100.3.7.1/902/DPMD/II/2026", "number_kedua": "PER/901/022026", "dated_on": "2026-02-03", "place": "Contoh", "kesatu": "Contoh Satu"}
    assert legal.post(url, data).status_code == 303
    assert "100.3.7.1/902/DPMD/II/2026" in legal.get("/ambil-alih").get_data(as_text=True)


def test_the_register_is_started_on_its_page_once(office, as_):
    legal = as_("legal")
    data = {"year": "2026", "last_used": "214", "source": "buku agenda"}
    assert legal.post("/agenda/awal", data, seen="/agenda/awal").status_code == 303
    begin_writing()
    draw_number(db.session, "DPMD", 2026)
    db.session.commit()
    assert legal.post("/agenda/awal", data, seen="/agenda/awal").status_code == 409


def test_others_have_no_business_there(as_):
    for role in ("village", "camat", "bpjs", "monitor", "admin", "approver"):
        assert as_(role).get("/ambil-alih").status_code == 403


def test_the_example_file_is_read_back(office, as_):
    from webapp.sheets.archive import FIELDS, field_of, read_archive

    assert [field_of(each) for each in FIELDS.values()] == list(FIELDS)
    (line,) = read_archive(as_("legal").get("/ambil-alih/contoh.xlsx").get_data(), "contoh.xlsx", clock.today())
    assert (line.said["kesatu"], line.said["head"], line.day.on) == ("Contoh Satu", "Contoh Tiga", date(2025, 1, 20))
