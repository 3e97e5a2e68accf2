"""Who holds which post: shown with what is missing, ended, corrected, followed by the stages of agreements."""

from datetime import date

import pytest

from tests.builders import BIALO, OTHER, a_tenure, an_agreement
from webapp.db import db
from webapp.forms.officials import number_problem
from webapp.models import AuditEvent, Official, Tenure
from webapp.models.reading import whoswho

SEAT = f"/pejabat/jabatan/head_village:{BIALO}"


def now():
    """The database as it is by now: every request has a session of its own."""
    db.session.rollback()
    return db.session


def head_of(code: str, on: date) -> str:
    db.session.rollback()
    held = whoswho(now()).on("head_village", code, on)
    return held.official.name if held else ""


def term_of(code: str) -> Tenure:
    return next(each for each in now().query(Tenure) if each.post.village_code == code)


def a_term(**more):
    return {
        "official": "0", "name": "Contoh Penjabat", "number_kind": "", "number": "", "capacity": "pj", "decree_by": "Keputusan Bupati Bulukumba",
        "decree_number": "902 Tahun 2026", "decree_on": "2026-10-01", "from_on": "2026-10-05", "until_on": "", "end_former": "y",
    } | more  # fmt: skip


@pytest.mark.parametrize("role", ["legal", "approver", "admin"])
def test_posts_and_their_holders_are_listed(as_, role):
    page = as_(role).get("/pejabat").get_data(as_text=True)
    assert "Contoh Kepala Dinas, S.Sos." in page
    assert "111 dari 111 jabatan" in page


@pytest.mark.parametrize("role", ["village", "camat", "bpjs", "monitor"])
def test_others_do_not_see_the_list(as_, role):
    assert as_(role).get("/pejabat").status_code == 403


def test_an_approver_reads_but_does_not_write(as_):
    assert as_("approver").get(SEAT).status_code == 403
    assert "Pejabat baru" not in as_("approver").get("/pejabat").get_data(as_text=True)


def test_filters_narrow_the_list(as_):
    page = as_("legal").get("/pejabat?cari=bialo").get_data(as_text=True)
    assert "1 dari 111 jabatan" in page and "Kepala Desa Bialo" in page


def test_a_list_without_matches_leads_back(as_):
    assert "Tidak ada jabatan yang cocok" in as_("legal").get("/pejabat?cari=tidakada").get_data(as_text=True)


def test_the_list_can_be_taken_along(as_):
    response = as_("legal").get("/pejabat/unduh.csv?cari=bialo")
    assert "Kepala Desa Bialo" in response.get_data(as_text=True)
    assert "attachment" in response.headers["Content-Disposition"]


def test_a_new_term_ends_the_one_before(as_):
    assert as_("legal").post(SEAT, a_term()).status_code == 303
    assert head_of(BIALO, date(2026, 10, 4)) == "Contoh Kades 01.2004"
    assert head_of(BIALO, date(2026, 10, 5)) == "Contoh Penjabat"


def test_an_acting_head_may_stand_beside_the_holder(as_):
    as_("legal").post(SEAT, a_term(capacity="plh", until_on="2026-10-20", end_former=None))
    assert head_of(BIALO, date(2026, 10, 10)) == "Contoh Penjabat"
    assert head_of(BIALO, date(2026, 10, 21)) == "Contoh Kades 01.2004"


def test_one_acting_head_may_lead_several_villages(as_):
    legal = as_("legal")
    legal.post(SEAT, a_term())
    known = now().query(Official).filter_by(name="Contoh Penjabat").one().id
    legal.post(f"/pejabat/jabatan/head_village:{OTHER}", a_term(official=str(known), name=""))
    assert head_of(OTHER, date(2026, 11, 1)) == head_of(BIALO, date(2026, 11, 1)) == "Contoh Penjabat"
    assert now().query(Official).filter_by(name="Contoh Penjabat").count() == 1


def test_somebody_new_needs_a_name(as_):
    assert "Wajib diisi." in as_("legal").post(SEAT, a_term(name=" ")).get_data(as_text=True)


def test_a_term_runs_forward(as_):
    assert "Berakhir sebelum dimulai." in as_("legal").post(SEAT, a_term(until_on="2026-10-04")).get_data(as_text=True)


@pytest.mark.parametrize(
    ("kind", "number", "problem"),
    [
        ("", "", ""),
        ("", "1", "Pilih jenis nomornya"),
        ("NIP", "190001012000011901", ""),
        ("NIP", "19000101200001190", "18 angka, yang diisi 17"),
        ("NIP", "19000101200001190O", "hanya berisi angka"),
        ("NIP", "190013012000011901", "tidak ada di kalender"),
        ("NIP", "190001012000131901", "tidak ada di kalender"),
        ("NIP", "190001012000013901", "Angka ke-15"),
        ("NPK", "900000901", ""),
        ("NPK", "12", "5 sampai 12"),
    ],
)
def test_numbers_are_what_they_say(kind, number, problem):
    found = number_problem(kind, number)
    assert problem in found and bool(found) == bool(problem)


def test_a_term_that_ends_soon_without_a_successor_stands_on_top(as_):
    legal = as_("legal")
    term = term_of(BIALO)
    legal.post(f"/pejabat/masa-jabatan/{term.id}", {"name": term.official.name, "capacity": "definitif", "decree_by": "x", "decree_number": "1", "from_on": "2022-01-01", "until_on": "2026-12-31"})
    page = legal.get("/pejabat?keadaan=berakhir").get_data(as_text=True)
    assert "1 dari 111 jabatan" in page and "berakhir 39 hari lagi" in page


def test_a_vacant_post_is_counted(as_):
    legal, term = as_("legal"), term_of(BIALO)
    legal.post(f"/pejabat/masa-jabatan/{term.id}", {"name": "x", "capacity": "definitif", "from_on": "2022-01-01", "until_on": "2026-11-01"})
    assert "jabatan kosong hari ini" in legal.get("/pejabat").get_data(as_text=True)


def test_overlaps_are_named(app, as_):
    a_tenure("head_village", "", "Contoh Dua", village_code=BIALO, from_on=date(2026, 5, 1), until_on=date(2027, 1, 1))
    db.session.commit()
    assert "Kepala Desa Bialo: tumpang tindih 1 Mei 2026" in as_("legal").get("/pejabat").get_data(as_text=True)


@pytest.mark.parametrize(
    ("terms", "found"),
    [
        ([], []),
        ([("definitif", (2030, 1, 1), None)], []),
        ([("definitif", (2030, 1, 3), None)], [("kosong", (2030, 1, 1), (2030, 1, 2))]),
        ([("pj", (2026, 5, 1), (2027, 1, 10))], [("tumpang tindih", (2026, 5, 1), (2027, 1, 10))]),
        ([("definitif", (2029, 12, 1), None)], [("tumpang tindih", (2029, 12, 1), (2029, 12, 31))]),
        ([("plh", (2026, 10, 5), (2026, 10, 20)), ("definitif", (2030, 1, 1), None)], []),
    ],
    ids=["one term", "the next day", "two days without", "within", "over the end", "an acting head in between opens no gap"],
)
def test_gaps_and_overlaps_are_told_to_the_day(app, terms, found):
    for capacity, first, last in terms:
        a_tenure("head_village", "", "Contoh Lain", village_code=BIALO, capacity=capacity, from_on=date(*first), until_on=last and date(*last))
    db.session.commit()
    troubles = [(each.kind, each.first, each.last) for each in whoswho(now()).troubles()]
    assert troubles == [(kind, date(*first), date(*last)) for kind, first, last in found]


def test_a_signer_who_was_not_in_office_moves_the_stage_back_to_draft(app, as_):
    agreement = an_agreement("approved")
    assert agreement.stage == "signature"
    term = term_of(BIALO)
    as_("legal").post(f"/pejabat/masa-jabatan/{term.id}", {"name": "x", "capacity": "definitif", "from_on": "2022-01-01", "until_on": "2026-01-31"})
    db.session.rollback()
    assert agreement.stage == "draft"


def test_the_trail_names_the_post_and_no_person(as_):
    as_("legal").post(SEAT, a_term())
    event = now().query(AuditEvent).filter_by(action="official.term_added").one()
    assert event.object == f"post:head_village:{BIALO}"
    assert "Penjabat" not in event.detail


def test_an_unknown_post_is_not_found(as_):
    assert as_("legal").get("/pejabat/jabatan/head_village:99.99.99.9999").status_code == 404
