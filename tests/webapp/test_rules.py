"""The law as data: shown with source and confidence, written by the administrator, rates never overwritten."""

from datetime import date
from decimal import Decimal

import pytest

from tests.builders import an_agreement
from webapp.db import db, rebuilding
from webapp.models import AuditEvent, CategoryTerms, DueDate, ForbiddenSource, Holiday, LegalBasis, RateRow
from webapp.models.reading import rulebook
from webapp.schema import alembic, upgrade
from workflows.contributions import find_rate

EVERY = (
    "dasar-hukum", "tarif", "batas-upah", "tabel-penghasilan", "potongan", "pembulatan", "umur", "ketentuan", "upah-jabatan", "sumber-terlarang",
    "tahun-sumber", "sumber-dana", "kelompok", "batas-waktu", "hari-libur",
)  # fmt: skip


def now():
    """The database as it is by now: every request has a session of its own."""
    db.session.rollback()
    return db.session


def a_rate(**more):
    return {
        "programme": "JKM", "segment": "BPU", "percent": "", "flat": "7.000", "valid_from": "2027-01-01", "valid_until": "",
        "regulation": "PP Contoh", "confidence": "L", "source": "uji",
    } | more  # fmt: skip


def a_prohibition(**more):
    return {"year": "2027", "fund_source": "DD", "category_slug": "bpd", "article": "Permendesa Contoh", "confidence": "S", "source": "uji"} | more


def flat_in(month: date) -> Decimal:
    db.session.rollback()
    return find_rate(rulebook(now()).rates, "JKM", "BPU", month).flat


@pytest.mark.parametrize("role", ["legal", "approver", "admin"])
def test_every_rule_is_shown_with_its_source_and_confidence(as_, role):
    page = as_(role).get("/aturan").get_data(as_text=True)
    for each in ("0,24%", "Rp6.800,00", "Permendesa PDT 16/2025", "pasti", "kemungkinan besar", "belum pasti", "Permendagri 114/2014 Pasal 29", "Aturan 2027 belum diisi."):
        assert each in page


@pytest.mark.parametrize("role", ["village", "camat", "bpjs", "monitor"])
def test_others_do_not_see_it(as_, role):
    assert as_(role).get("/aturan").status_code == 403


@pytest.mark.parametrize("address", ["tarif/baru", "ketentuan/1", "sumber-terlarang/baru"])
def test_only_the_administrator_writes(as_, address):
    assert as_("legal").get(f"/aturan/{address}").status_code == 403


@pytest.mark.parametrize("kind", EVERY)
def test_every_kind_has_a_form(as_, kind):
    assert as_("admin").get(f"/aturan/{kind}/baru").status_code == 200


@pytest.mark.parametrize(("kind", "key"), [("dasar-hukum", 1), ("ketentuan", 1), ("sumber-dana", "ADD"), ("kelompok", "bpd"), ("batas-waktu", "approved")])
def test_what_may_change_is_shown_as_it_stands(as_, kind, key):
    assert as_("admin").get(f"/aturan/{kind}/{key}").status_code == 200


@pytest.mark.parametrize("address", ["tarif/1", "sumber-terlarang/1", "apa/baru", "apa/1", "ketentuan/999", "ketentuan/x", "kelompok/x"])
def test_what_is_not_there_or_never_changes_is_not_found(as_, address):
    assert as_("admin").get(f"/aturan/{address}").status_code == 404


def test_a_new_rate_ends_the_old_one_the_day_before(as_):
    assert as_("admin").post("/aturan/tarif/baru", a_rate()).status_code == 303
    assert (flat_in(date(2026, 12, 1)), flat_in(date(2027, 1, 1))) == (6800, 7000)
    old = now().query(RateRow).filter_by(programme="JKM", segment="BPU", flat=Decimal(6800)).one()
    assert old.valid_until == date(2026, 12, 31)


def test_a_rate_for_a_time_lets_the_old_one_return(as_):
    as_("admin").post("/aturan/tarif/baru", a_rate(flat="3.400", valid_from="2026-04-01", valid_until="2026-12-31"))
    assert [flat_in(date(*each, 1)) for each in ((2026, 3), (2026, 4), (2026, 12), (2027, 1))] == [6800, 3400, 3400, 6800]


@pytest.mark.parametrize("valid_from", ["2015-07-01", "2014-01-01"])
def test_a_rate_is_never_overwritten(as_, valid_from):
    assert as_("admin").post("/aturan/tarif/baru", a_rate(valid_from=valid_from)).status_code == 409
    assert flat_in(date(2026, 1, 1)) == 6800


@pytest.mark.parametrize("more", [{"percent": "0,3"}, {"flat": ""}, {"percent": "x", "flat": ""}, {"percent": "101", "flat": ""}])
def test_a_rate_is_either_a_percentage_or_an_amount(as_, more):
    page = as_("admin").post("/aturan/tarif/baru", a_rate(**more))
    assert page.status_code == 200 and "persen" in page.get_data(as_text=True).lower()
    assert now().query(RateRow).count() == 11


def test_a_percentage_is_typed_with_a_comma(as_):
    as_("admin").post("/aturan/tarif/baru", a_rate(segment="PU", percent="0,35", flat=""))
    assert find_rate(rulebook(now()).rates, "JKM", "PU", date(2027, 1, 1)).percent == Decimal("0.35")


def test_the_first_prohibition_fills_a_year(as_):
    assert rulebook(now()).source_rules(2027) is None
    as_("admin").post("/aturan/sumber-terlarang/baru", a_prohibition())
    db.session.rollback()
    assert [each.category for each in rulebook(now()).source_rules(2027)] == ["bpd"]


def test_the_same_prohibition_is_not_made_twice(as_):
    page = as_("admin").post("/aturan/sumber-terlarang/baru", a_prohibition(year="2026")).get_data(as_text=True)
    assert "Larangan ini sudah ada" in page


def test_removing_the_last_prohibition_leaves_the_year_open_and_moves_agreements_back(app, as_):
    agreement, admin = an_agreement("checked"), as_("admin")
    assert agreement.stage == "enrollment"
    for number in [each.id for each in now().query(ForbiddenSource)]:
        assert admin.post(f"/aturan/sumber-terlarang/{number}/hapus").status_code == 303
    db.session.rollback()
    assert (agreement.stage, agreement.turn) == ("budgeting", "legal")
    assert now().query(AuditEvent).filter_by(action="rule.removed").count() == 3


def test_terms_of_a_year_are_added_once_and_changed_afterwards(as_):
    admin = as_("admin")
    data = {"year": "2027", "category_slug": "bpd", "segment": "PU", "programmes": ["JKM", "JKK"], "wage_base": "1.600.000", "confidence": "U", "source": "uji"}
    assert admin.post("/aturan/ketentuan/baru", data).status_code == 303
    row = now().query(CategoryTerms).filter_by(year=2027).one()
    assert (row.programmes, row.wage_base) == (("JKK", "JKM"), Decimal(1600000))
    assert "sudah diisi untuk tahun itu" in admin.post("/aturan/ketentuan/baru", data).get_data(as_text=True)
    admin.post(f"/aturan/ketentuan/{row.id}", data | {"wage_base": "1.700.000"}, seen=f"/aturan/ketentuan/{row.id}")
    db.session.rollback()
    assert row.wage_base == Decimal(1700000)


def test_a_legal_basis_may_end(as_):
    admin = as_("admin")
    data = {"short": "PP 1/2000", "citation": "Peraturan Contoh", "rank": "5", "valid_from": "2000-01-01", "valid_until": "2020-01-01", "usual_basis": "y", "confidence": "S", "source": "uji"}
    admin.post("/aturan/dasar-hukum/baru", data)
    row = now().query(LegalBasis).filter_by(short="PP 1/2000").one()
    assert (row.usual, row.valid_until) == (True, date(2020, 1, 1))
    assert "checked" in admin.get(f"/aturan/dasar-hukum/{row.id}").get_data(as_text=True)


def test_a_due_date_must_be_in_the_calendar(as_):
    admin = as_("admin")
    assert "tidak ada dalam bulan itu" in admin.post("/aturan/batas-waktu/approved", {"years": "0", "month": "4", "day": "31", "source": "uji"}).get_data(as_text=True)
    admin.post("/aturan/batas-waktu/approved", {"years": "-1", "month": "4", "day": "30", "source": "uji"}, seen="/aturan/batas-waktu/approved")
    assert (now().get(DueDate, "approved").years, now().get(DueDate, "approved").day) == (-1, 30)


def test_every_change_leaves_an_event(as_):
    as_("admin").post("/aturan/tarif/baru", a_rate())
    event = now().query(AuditEvent).filter_by(action="rule.added").one()
    assert event.facts["now"]["regulation"] == "PP Contoh"


@pytest.mark.parametrize("kind", EVERY)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_every_table_can_be_taken_along(as_, kind, form):
    response = as_("legal").get(f"/aturan/{kind}/unduh.{form}")
    assert response.status_code == 200 and f"aturan-{kind}" in response.headers["Content-Disposition"]


def test_an_installation_in_use_gets_the_new_rules_and_keeps_its_own(app, as_):
    as_("admin").post("/aturan/tarif/baru", a_rate())
    before = sorted((each.programme, each.segment, each.risk, each.valid_from, str(each.percent)) for each in now().query(RateRow))
    db.session.close()
    with rebuilding(db.engine):
        alembic.downgrade("1795347054")
    upgrade()
    assert sorted((each.programme, each.segment, each.risk, each.valid_from, str(each.percent)) for each in now().query(RateRow)) == before
    assert now().query(RateRow).filter_by(programme="JHT", segment="PU").one().worker == 2
    law = rulebook(now()).law
    assert (law.ceiling("JP", date(2026, 3, 1)).amount, len(law.brackets), len(law.adjustments), law.rounding(date(2026, 1, 1)).confidence) == (11086300, 15, 2, "U")


DATED = {"valid_from": "2027-03-01", "valid_until": "", "regulation": "PP Contoh", "confidence": "U", "source": "uji"}


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("batas-upah", {"programme": "JP", "amount": "11.600.000"}),
        ("tabel-penghasilan", {"at_least": "5.200.000", "below": "5.700.000", "base": "5.450.000"}),
        ("potongan", {"slug": "contoh", "name": "Potongan contoh", "programmes": ["JKM"], "segment": "BPU", "sector": "lain", "percent": "25", "not_for": "APBD"}),
        ("pembulatan", {"level": "person", "unit": "1", "mode": "up"}),
        ("umur", {"kind": "oldest", "years": "70"}),
    ],
)
def test_dated_rules_are_added_and_succeed_what_ran(as_, kind, data):
    assert as_("admin").post(f"/aturan/{kind}/baru", DATED | data).status_code == 303
    book, day = rulebook(now()), date(2027, 4, 1)
    found = {
        "batas-upah": book.law.ceiling("JP", day).amount == 11_600_000 and book.law.ceiling("JP", date(2027, 2, 1)).amount == 11_086_300,
        "tabel-penghasilan": any(each.base == 5_450_000 for each in book.law.brackets),
        "potongan": [each.not_for for each in book.law.adjustments if each.slug == "contoh"] == [("APBD",)],
        "pembulatan": book.law.rounding(day).sentence.endswith("ke rupiah di atasnya"),
        "umur": book.limits_on(day).oldest == 70 and book.limits_on(date(2027, 2, 1)).oldest == 65,
    }
    assert found[kind]


def test_age_limits_carry_their_source(app):
    found = rulebook(now()).limits_on(date(2026, 3, 1))
    assert (found.oldest, found.youngest, found.source) == (65, 17, "Permenaker 5/2021; ketentuan kantor")
    assert rulebook(now()).limit_on("pension", date(2026, 1, 1)).years == 59


def test_a_rule_ends_but_says_what_it_said(as_):
    row = now().query(RateRow).filter_by(programme="JP").one()
    address, data = f"/aturan/tarif/{row.id}/akhiri", {"last": "2026-12-31", "why": "uji"}
    assert as_("admin").get(address).status_code == 200
    assert as_("admin").post(address, data | {"last": "2014-01-01"}, seen=address).status_code == 409
    assert as_("admin").post(address, data, seen=address).status_code == 303
    assert (now().get(RateRow, row.id).valid_until, now().get(RateRow, row.id).percent) == (date(2026, 12, 31), 3)
    assert as_("admin").post(address, data, seen=address).status_code == 409
    assert now().query(AuditEvent).filter_by(action="rule.ended").count() == 1


@pytest.mark.parametrize("address", ["kelompok/bpd/akhiri", "tarif/999/akhiri", "hari-libur/x/hapus", "kelompok/bpd/hapus", "apa/1/hapus"])
def test_what_cannot_end_or_go_is_not_found(as_, address):
    assert as_("admin").post(f"/aturan/{address}", {}, seen="/aturan").status_code == 404


@pytest.mark.parametrize("programme", ["JP"])
def test_bpu_never_joins_jp_as_rate_or_as_terms(as_, programme):
    page = as_("admin").post("/aturan/tarif/baru", a_rate(programme=programme, percent="3", flat="")).get_data(as_text=True)
    assert "Peserta BPU tidak dapat mengikuti JP" in page
    data = {"year": "2027", "category_slug": "pekerja_rentan", "segment": "BPU", "programmes": ["JKK", programme], "wage_base": "1.000.000", "confidence": "U", "source": "uji"}
    assert "Peserta BPU tidak dapat mengikuti JP" in as_("admin").post("/aturan/ketentuan/baru", data).get_data(as_text=True)


def test_a_year_that_forbids_nothing_can_be_said_to_be_filled_in(as_):
    admin = as_("admin")
    assert rulebook(now()).source_rules(2027) is None
    admin.post("/aturan/tahun-sumber/baru", {"year": "2027", "article": "Permendesa Contoh", "confidence": "L", "source": "uji"})
    db.session.rollback()
    assert rulebook(now()).source_rules(2027) == ()
    assert "tidak ada yang dilarang" in admin.get("/aturan").get_data(as_text=True)
    admin.post("/aturan/tahun-sumber/2027/hapus", {}, seen="/aturan")
    db.session.rollback()
    assert rulebook(now()).source_rules(2027) is None


def test_holidays_are_added_with_their_source_and_taken_out(as_):
    admin = as_("admin")
    data = {"day": "2027-02-04", "name": "Hari Jadi Bulukumba", "source": "Keputusan Bupati Contoh"}
    admin.post("/aturan/hari-libur/baru", data)
    assert now().get(Holiday, date(2027, 2, 4)).source == "Keputusan Bupati Contoh"
    assert "sudah tercatat" in admin.post("/aturan/hari-libur/baru", data).get_data(as_text=True)
    assert admin.post("/aturan/hari-libur/2027-02-04/hapus", {}, seen="/aturan").status_code == 303
    assert now().get(Holiday, date(2027, 2, 4)) is None


def test_a_post_has_a_wage_base_of_its_own(as_):
    book = rulebook(now())
    assert book.wage_base(2026, "perangkat", "Sekretaris Desa") == book.wage_base(2026, "perangkat", "SEKDES") == 2_224_420
    assert book.wage_base(2026, "perangkat", "Kaur Keuangan") == book.wage_base(2026, "perangkat") == 2_022_200
    assert book.wage_bases(2026, "perangkat") == {Decimal(2022200), Decimal(2224420)}
    data = {"year": "2026", "category_slug": "perangkat", "posts": "kepala dusun", "wage_base": "2.100.000", "confidence": "U", "source": "uji"}
    assert as_("admin").post("/aturan/upah-jabatan/baru", data).status_code == 303
    db.session.rollback()
    assert rulebook(now()).wage_base(2026, "perangkat", "Kepala Dusun Contoh") == 2_100_000
