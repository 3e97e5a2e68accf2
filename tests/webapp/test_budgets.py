"""The village's budget: what is short in rupiah, what is forbidden and why, and the camat's word on what he saw."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from tests.builders import BIALO, OTHER, a_line, an_agreement, user
from tests.webapp.scans import a_pdf, locked, sent
from webapp import clock
from webapp.db import db
from webapp.models import Agreement, AuditEvent
from webapp.models.budgets import record_line

CODE = f"{BIALO}-2026"
PAGE = f"/perjanjian/{CODE}/anggaran"


def again() -> Agreement:
    db.session.rollback()
    return db.session.scalars(select(Agreement).where(Agreement.village_code == BIALO)).one()


def opens() -> set[str]:
    return {each.slug for each in again().open_on(clock.today())}


def a_document(**more) -> dict:
    return {"kind": "rkpdes", "number": "5 Tahun 2025", "on": "2025-09-20", "scan": sent(a_pdf())} | more


def typed(**more) -> dict:
    return {
        "categories": ["perangkat"], "name": "Jaminan ketenagakerjaan", "activity_code": "1.1.03", "account_code": "5.1.3.04",
        "fund_source": "ADD", "amount": "400.000", "document": "apbdes", "replaces": "0",
    } | more  # fmt: skip


def checked(as_, verdict: str = "passed", reason: str = "", who: str = "camat", seen: str | None = None):
    camat = as_(who)
    camat.get(PAGE)
    return camat.post(f"{PAGE}/periksa", {"verdict": verdict, "reason": reason, "seen": camat.hidden("seen") if seen is None else seen})


# --- documents ---


@pytest.mark.parametrize("until", ["empty", "frozen", "signed"])
def test_a_village_records_its_documents_at_any_stage(as_, until):
    an_agreement(until)
    assert as_("village").post(f"{PAGE}/dokumen", a_document()).status_code == 303
    assert "rkpdes_names" not in opens()


def test_a_corrected_document_stands_though_its_date_is_earlier(as_):
    an_agreement("frozen")
    village = as_("village")
    village.post(f"{PAGE}/dokumen", a_document(on="2026-09-20", number="5 Tahun 2026"))
    village.post(f"{PAGE}/dokumen", a_document(on="2025-09-20", number="5 Tahun 2025"))
    from workflows.stages.budgeting import document_of

    assert document_of(again(), "rkpdes").number == "5 Tahun 2025"
    assert "5 Tahun 2026" in village.get(PAGE).text


@pytest.mark.parametrize(
    ("more", "sentence"),
    [({"on": "2026-12-30"}, "Tanggal ini belum tiba"), ({"scan": sent(locked())}, "terkunci kata sandi"), ({"kind": ""}, "Wajib diisi"), ({"scan": None}, "Pilih berkas PDF")],
    ids=["ahead", "locked", "kind", "file"],
)
def test_a_document_lacks_nothing_and_what_was_typed_stays(as_, more, sentence):
    an_agreement()
    page = as_("village").post(f"{PAGE}/dokumen", a_document(number="Perdes Contoh 9") | more).text
    assert sentence in page
    assert 'value="Perdes Contoh 9"' in page
    assert not again().documents


# --- lines ---


def test_the_shortfall_is_named_in_rupiah(as_):
    an_agreement("frozen")  # 3 x 10.919,88 x 12 = 393.115,68
    village = as_("village")
    village.post(f"{PAGE}/baris", typed(amount="300.000"))
    page = village.get(PAGE).text
    assert "Rp393.115,68" in page
    assert "Rp93.115,68" in page
    line = again().budget_lines[0]
    assert village.post(f"/anggaran/baris/{line.id}", typed(amount="Rp 393.115,68")).status_code == 303
    assert "lines_cover" not in opens()
    assert again().budget_lines[0].amount == Decimal("393115.68")


def test_a_forbidden_source_is_shown_with_its_article(as_):
    an_agreement("frozen")
    village = as_("village")
    warned = village.post(f"{PAGE}/baris", typed(fund_source="DD")).text
    assert "Permendesa PDT 16/2025" in warned
    assert not again().budget_lines
    assert village.post(f"{PAGE}/baris", typed(fund_source="DD", understood="y")).status_code == 303
    page = village.get(PAGE).text
    assert "sumber terlarang" in page
    assert "Permendesa PDT 16/2025" in page
    assert "no_forbidden_source" in opens()


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"amount": "banyak"}, "Tulis jumlah rupiah"),
        ({"amount": "0"}, "lebih dari nol"),
        ({"categories": []}, "paling sedikit satu kelompok"),
        ({"fund_source": ""}, "Wajib diisi"),
        ({"fund_source": "RAHASIA"}, "Pilihan tidak dikenal"),
    ],
)
def test_a_wrong_line_says_so_beside_the_field(as_, more, sentence):
    an_agreement("frozen")
    response = as_("village").post(f"{PAGE}/baris", typed(name="Belanja Contoh Tetap") | more)
    assert sentence in response.text
    assert 'value="Belanja Contoh Tetap"' in response.text
    assert not again().budget_lines


def test_a_line_for_a_category_is_prefilled_with_its_account(as_):
    an_agreement("frozen")
    page = as_("village").get(f"{PAGE}/baris?kelompok=perangkat").text
    assert 'value="5.1.3.04"' in page
    assert '<option value="5.1.3.04">Jaminan Sosial Ketenagakerjaan Perangkat Desa</option>' in page
    assert 'value="1.1.03"' in page


def test_a_line_is_removed_and_the_trail_keeps_what_it_said(as_):
    an_agreement("budgeted")
    line = again().budget_lines[0]
    as_("village").post(f"/anggaran/baris/{line.id}/hapus")
    assert not again().budget_lines
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "budget.line_removed")).one()
    assert event.facts["amount"] == "393115.68"


def test_the_same_line_sent_again_is_one_line(as_):
    an_agreement("frozen")
    village = as_("village")
    village.get(f"{PAGE}/baris")
    body = typed(once=village.hidden("once"))
    for _ in range(4):
        village.post(f"{PAGE}/baris", body, seen="/kata-sandi")
    assert len(again().budget_lines) == 1


@pytest.mark.parametrize("role", ["camat", "bpjs", "approver"])
def test_those_who_look_do_not_write(as_, role):
    an_agreement("budgeted")
    person = as_(role)
    assert person.get(PAGE).status_code == 200
    assert person.get(f"{PAGE}/baris").status_code == 403
    assert person.post(f"{PAGE}/dokumen", a_document()).status_code == 403


def test_another_villages_lines_are_not_there(as_):
    other = an_agreement("budgeted", OTHER)
    village = as_("village")
    line = other.budget_lines[0].id
    for answer in (village.get(f"/anggaran/baris/{line}"), village.post(f"/anggaran/baris/{line}/hapus", seen="/kata-sandi"), village.get(f"/perjanjian/{OTHER}-2026/anggaran")):
        assert answer.status_code == 404


# --- RKPDes, APBDes, Perubahan ---


def lines_of() -> list[tuple[str, Decimal]]:
    return [(each.document, each.amount) for each in again().standing_lines]


def test_a_line_of_the_plan_pays_nothing(as_):
    an_agreement("frozen")
    as_("village").post(f"{PAGE}/baris", typed(document="rkpdes", amount="400.000"))
    assert lines_of() == []
    assert "lines_cover" in opens()


def test_a_perubahan_replaces_the_line_it_names_once_its_perdes_is_recorded(as_):
    an_agreement("frozen")
    village = as_("village")
    village.post(f"{PAGE}/baris", typed(amount="300.000"))
    first = again().budget_lines[0].id
    assert village.post(f"{PAGE}/baris", typed(document="perubahan", replaces=str(first), amount="400.000")).status_code == 303
    assert lines_of() == [("apbdes", Decimal(300000))]
    assert "belum dihitung: dokumen Perubahan belum dicatat" in village.get(PAGE).text
    village.post(f"{PAGE}/dokumen", a_document(kind="perubahan", on="2026-09-20"))
    assert lines_of() == [("perubahan", Decimal(400000))]
    assert "lines_cover" not in opens()
    assert "digantikan Perubahan" in village.get(PAGE).text


def test_a_perubahan_adds_a_line_or_strikes_one_out(as_):
    an_agreement("frozen")
    village = as_("village")
    village.post(f"{PAGE}/dokumen", a_document(kind="perubahan", on="2026-09-20"))
    village.post(f"{PAGE}/baris", typed(amount="300.000"))
    village.post(f"{PAGE}/baris", typed(document="perubahan", amount="93.115,68"))
    assert "lines_cover" not in opens()
    first = again().budget_lines[0].id
    village.post(f"{PAGE}/baris", typed(document="perubahan", replaces=str(first), amount="0"))
    assert lines_of() == [("perubahan", Decimal("93115.68")), ("perubahan", Decimal(0))]


def test_only_a_perubahan_replaces_and_what_is_replaced_is_not_removed(as_):
    an_agreement("frozen")
    village = as_("village")
    village.post(f"{PAGE}/baris", typed(amount="300.000"))
    first = again().budget_lines[0].id
    assert "Hanya baris Perubahan" in village.post(f"{PAGE}/baris", typed(replaces=str(first))).text
    village.post(f"{PAGE}/baris", typed(document="perubahan", replaces=str(first), amount="1"))
    assert village.post(f"/anggaran/baris/{first}/hapus", seen=PAGE).status_code == 409
    again_named = village.post(f"{PAGE}/baris", typed(document="perubahan", replaces=str(first), amount="2"))
    assert "Pilihan tidak dikenal" in again_named.text
    assert len(again().budget_lines) == 2


def test_the_page_says_which_months_stay_unpaid_and_when_it_can_be_mended(as_):
    an_agreement("frozen")
    village = as_("village")
    village.post(f"{PAGE}/baris", typed(amount="300.000"))  # 32.759,64 a month: nine months
    page = village.get(PAGE).text
    assert "3 bulan, mulai Oktober 2026" in page
    assert "Tidak ada lagi waktu perubahan anggaran untuk tahun 2026. Kesempatan berikutnya: APBDes 2027, 1 Oktober 2026 s.d. 31 Desember 2026" in page


# --- the camat ---


def test_the_camat_finds_it_right(as_):
    an_agreement("budgeted")
    assert checked(as_).status_code == 303
    assert again().stage == "enrollment"


def test_the_camat_returns_it_and_the_village_reads_why(as_):
    an_agreement("budgeted")
    assert "Tuliskan alasan pengembalian" in checked(as_, "returned").text
    assert checked(as_, "returned", "Nomor Perdes keliru").status_code == 303
    assert again().turn == "village"
    assert "Nomor Perdes keliru" in as_("village").get(PAGE).text


def test_a_check_of_an_unfinished_budget_comes_too_early(as_):
    agreement = an_agreement("signed")
    record_line(agreement, a_line(agreement, amount=Decimal(1000)), user("legal"), clock.now(), clock.today())
    db.session.commit()
    response = checked(as_)
    assert response.status_code == 409
    assert "RKPDes memuat kegiatan" in response.text
    assert "kurang Rp" in response.text


def test_an_empty_budget_is_not_returned(as_):
    an_agreement("signed")
    response = checked(as_, "returned", "Belum ada")
    assert response.status_code == 409


def test_a_budget_that_changed_after_the_look_is_not_checked(as_):
    agreement = an_agreement("budgeted")
    camat = as_("camat")
    camat.get(PAGE)
    record_line(agreement, a_line(agreement, amount=Decimal(1000)), user("legal"), clock.now(), clock.today())
    db.session.commit()
    response = camat.post(f"{PAGE}/periksa", {"verdict": "passed", "seen": camat.hidden("seen")})
    assert response.status_code == 409
    assert "Anggaran berubah sejak Anda membukanya" in response.text


def test_a_change_after_the_check_asks_for_another(as_):
    agreement = an_agreement("checked")
    record_line(agreement, a_line(agreement, amount=Decimal(1000)), user("legal"), clock.now(), clock.today())
    db.session.commit()
    assert "camat_checked" in opens()
    assert checked(as_).status_code == 303


def test_the_camat_of_another_kecamatan_finds_nothing(as_):
    an_agreement("budgeted")
    camat = as_("camat-73.02.06")
    assert camat.get(PAGE).status_code == 404
    assert camat.post(f"{PAGE}/periksa", {"verdict": "passed"}, seen="/kata-sandi").status_code == 404


@pytest.mark.parametrize("role", ["legal", "village", "approver"])
def test_nobody_but_a_camat_checks(as_, role):
    an_agreement("budgeted")
    assert checked(as_, who=role).status_code == 403


# --- an installation of the first version ---


def test_lines_of_the_first_version_find_their_document_and_keep_their_sum(app):
    from tests.builders import a_file
    from webapp.db import rebuilding
    from webapp.models import AccountSuggestion, BudgetDocument, BudgetWindow
    from webapp.models.budgets import record_document
    from webapp.schema import alembic, upgrade

    agreement, by = an_agreement("budgeted"), user("legal")
    an_agreement("budgeted", OTHER, serial=9101)
    record_document(agreement, BudgetDocument(kind="perubahan", number="3", on=clock.today(), file=a_file(BIALO)), by, clock.now(), clock.today())
    record_line(agreement, a_line(agreement, amount=Decimal(5000)), by, clock.now(), clock.today())
    db.session.commit()
    agreement.budget_lines[0].at -= timedelta(days=30)  # recorded before the Perubahan
    db.session.commit()
    before = sum(each.amount for each in again().standing_lines)
    db.session.close()
    with rebuilding(db.engine):
        alembic.downgrade("1795347054")
    upgrade()
    db.session.close()
    assert [(each.document, each.replaces_id) for each in again().budget_lines] == [("apbdes", None), ("perubahan", None)]
    assert sum(each.amount for each in again().standing_lines) == before
    assert {each.document for each in db.session.scalars(select(BudgetWindow))} == {"rkpdes", "apbdes", "perubahan"}
    assert db.session.scalars(select(AccountSuggestion)).first() is not None
