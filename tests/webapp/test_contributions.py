"""Contributions from the kabupaten down to the person, each figure with its derivation; discounts that BPJS switches on."""

import base64
import json
import re
from datetime import date
from decimal import Decimal

import pytest

from tests.builders import BIALO, OTHER, a_person, an_agreement, user
from webapp import clock
from webapp.cli import run
from webapp.db import db
from webapp.models import AuditEvent, DiscountSwitch
from webapp.models.contributions import Where, account, shares
from webapp.models.freezing import freeze
from webapp.models.participants import add_people

PERSON = Decimal("10919.88")


@pytest.fixture
def three_villages(app):
    """Two villages of Gantarang with 3 and 2 people, one of another kecamatan with 4."""
    return [an_agreement("frozen", BIALO, 3), an_agreement("frozen", "73.02.01.2005", 2, 9101), an_agreement("frozen", OTHER, 4, 9201)]


def seen(**more):
    db.session.rollback()
    return account(db.session, Where(2026, **more))


def test_parts_add_up_from_the_person_to_the_kabupaten(three_villages):
    top = seen()
    assert [(each.name, each.people, each.amount) for each in top.parts] == [("Gantarang", 5, 60 * PERSON), (top.parts[1].name, 4, 48 * PERSON)]
    assert top.whole.amount == sum(each.amount for each in top.parts) == 9 * 12 * PERSON
    for kecamatan in top.parts:
        inside = seen(kecamatan=kecamatan.key)
        assert inside.whole.amount == kecamatan.amount == sum(each.amount for each in inside.parts)
        for village in inside.parts:
            categories = seen(kecamatan=kecamatan.key, village=village.key)
            assert categories.whole.amount == village.amount == sum(each.amount for each in categories.parts)
            for category in categories.parts:
                people = seen(village=village.key, category=category.key)
                found = shares(db.session, people.whole)
                assert people.whole.amount == category.amount == sum(each.amount for each in found)
                assert len(found) == category.people


def test_months_add_up_to_the_year(three_villages):
    assert sum(amount for _, amount in seen().months) == seen().whole.amount
    assert seen(month=date(2026, 3, 1)).whole.amount == 9 * PERSON


def test_derivations_add_up_to_their_figure(three_villages):
    for part in (*seen().parts, seen(month=date(2026, 3, 1)).whole):
        assert sum(each.amount for each in part.derived) == part.amount
    (one,) = seen().whole.derived
    assert (one.people, one.months, one.per_person, one.charges[0]["derivation"]) == (9, 12, PERSON, "JKK: 0.24% x 2022200 = 4853.28 (PP 44/2015 jo. PP 82/2019 jo. PP 49/2023)")


def test_a_person_of_some_months_counts_for_those_months(app):
    agreement = an_agreement()
    agreement.month_first = date(2026, 1, 1)
    add_people(agreement, [a_person(9001), a_person(9002)], user("legal"), clock.now(), clock.today())
    agreement.entries[0].month_first = date(2026, 7, 1)
    freeze(agreement, user("legal"), clock.now(), clock.today())
    db.session.commit()
    assert seen().whole.amount == 18 * PERSON and seen().whole.people == 2
    assert (seen(month=date(2026, 6, 1)).whole.people, seen(month=date(2026, 7, 1)).whole.people) == (1, 2)
    people = seen(village=BIALO, category="perangkat")
    assert sorted((each.months, each.amount) for each in shares(db.session, people.whole)) == [(6, 6 * PERSON), (12, 12 * PERSON)]


@pytest.mark.parametrize("role", ["legal", "approver", "bpjs", "admin", "monitor"])
def test_the_office_sees_the_whole_kabupaten(three_villages, as_, role):
    page = as_(role).get("/iuran").get_data(as_text=True)
    assert "Rp1.179.347,04" in page and "Gantarang" in page and "belum pasti" in page and "<b>3</b> dari 109 desa" in page


@pytest.mark.parametrize(("role", "people"), [("legal", True), ("bpjs", True), ("monitor", False), ("admin", False)])
def test_people_are_for_those_who_may_see_lists(three_villages, as_, role, people):
    page = as_(role).get(f"/iuran?village={BIALO}&category=perangkat").get_data(as_text=True)
    assert ("Contoh Peserta 9001" in page) == people
    assert "Rp393.115,68" in page


def test_a_camat_sees_the_own_kecamatan(three_villages, as_):
    page = as_("camat").get("/iuran").get_data(as_text=True)
    assert "Rp655.192,80" in page and "Contoh Peserta" not in page
    assert as_("camat").get(f"/iuran?kecamatan={OTHER[:8]}").status_code == as_("camat").get(f"/iuran?village={OTHER}").status_code == 404


def test_a_village_sees_its_own(three_villages, as_):
    village = as_("village")
    assert "Rp393.115,68" in village.get("/iuran").get_data(as_text=True)
    assert "Contoh Peserta 9001" in village.get("/iuran?category=perangkat").get_data(as_text=True)
    assert village.get(f"/iuran?village={OTHER}&category=perangkat").status_code == 404


@pytest.mark.parametrize("address", ["?year=2026&month=2026-03", "?month=ngawur", "?kecamatan=73.02.01", f"?village={BIALO}", "?category=perangkat", "?year=2031"])
def test_every_part_opens(three_villages, as_, address):
    assert as_("legal").get(f"/iuran{address}").status_code == 200


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("name", ["unduh", "rincian"])
@pytest.mark.parametrize("address", ["", "?kecamatan=73.02.01", f"?village={BIALO}&category=perangkat", "?month=2026-03"])
def test_every_table_is_a_file_as_well(three_villages, as_, name, form, address):
    assert as_("legal").get(f"/iuran/{name}.{form}{address}").status_code == 200


def test_the_file_holds_the_same_sum(three_villages, as_):
    last = as_("legal").get("/iuran/unduh.csv").get_data(as_text=True).strip().splitlines()[-1].split(",")
    assert last[1] == "Jumlah" and last[-1] == "1179347.04" and sum(map(Decimal, last[4:-1])) == Decimal(last[-1])


# --- discounts ---

SWITCH = "/iuran/potongan/pp50_2025_lain"


def a_word(**more):
    return {"payer": "APBDes", "village": "", "on": "1", "evidence": "Surat BPJS Contoh"} | more


def vulnerable(village: str = BIALO, serial: int = 9301):
    agreement = an_agreement(village_code=village)
    people = [a_person(serial, "pekerja_rentan", wage_base=Decimal(1_000_000), job="Petani")]
    add_people(agreement, people, user("legal"), clock.now(), clock.today())
    freeze(agreement, user("legal"), clock.now(), clock.today())
    db.session.commit()
    return agreement


def test_a_discount_is_off_until_bpjs_says_otherwise_and_asks_to_freeze_again(app, as_):
    agreement = vulnerable()
    assert agreement.yearly_total == 12 * 16_800
    assert "Belum diberlakukan bagi siapa pun" in as_("legal").get("/iuran/potongan").get_data(as_text=True)
    assert as_("bpjs").post(SWITCH, a_word(village=BIALO), seen=SWITCH).status_code == 303
    db.session.rollback()
    assert "bekukan sekali lagi" in " ".join(agreement.missing_rates)
    version = freeze(agreement, user("legal"), clock.now(), clock.today())
    assert sum(each.total for each in version.owed) == 3 * 16_800 + 9 * 8_400
    assert db.session.query(AuditEvent).filter_by(action="discount.switched").count() == 1


def test_another_village_keeps_the_full_rate(app, as_):
    vulnerable()
    as_("bpjs").post(SWITCH, a_word(village=OTHER), seen=SWITCH)
    db.session.rollback()
    assert vulnerable("73.02.01.2005", 9302).yearly_total == 12 * 16_800


def test_only_bpjs_switches(as_):
    assert as_("legal").get(SWITCH).status_code == 403
    assert as_("legal").post(SWITCH, a_word(), seen="/iuran/potongan").status_code == 403


@pytest.mark.parametrize(("more", "status", "sentence"), [
    ({"payer": "APBD"}, 409, "tidak berlaku bagi peserta yang iurannya dibayar APBD"),
    ({"on": "0"}, 409, "memang belum diberlakukan"),
    ({"payer": "CSR", "village": BIALO}, 200, "Desa hanya dipilih bila pembayarnya APB Desa"),
    ({"evidence": " "}, 200, "Wajib diisi"),
])  # fmt: skip
def test_what_does_not_fit_is_refused_with_a_sentence(as_, more, status, sentence):
    answer = as_("bpjs").post(SWITCH, a_word(**more), seen=SWITCH)
    assert answer.status_code == status and sentence in answer.get_data(as_text=True)


def test_a_word_stands_until_the_next_one(as_):
    bpjs = as_("bpjs")
    assert [bpjs.post(SWITCH, a_word(on=on), seen=SWITCH).status_code for on in ("1", "1", "0", "1")] == [303, 409, 303, 303]
    page = bpjs.get("/iuran/potongan").get_data(as_text=True)
    assert len(re.findall("sudah diganti", page)) >= 1 and "Surat BPJS Contoh" in page
    assert db.session.query(DiscountSwitch).count() == 3


def test_an_unknown_discount_is_not_found(as_):
    assert as_("bpjs").get("/iuran/potongan/apa").status_code == 404


# --- at the command line ---


@pytest.fixture
def told(app, tmp_path, monkeypatch, capsys):
    """What ``sinergi contributions`` prints as JSON, or the sentence of its refusal."""
    monkeypatch.setenv("SINERGI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SINERGI_SECRET_KEY", "hanya-untuk-uji-" * 4)
    monkeypatch.setenv("SINERGI_DATA_KEY", base64.b64encode(b"k" * 32).decode())

    def tell(*words):
        db.session.rollback()
        status = run(["contributions", *words, "--json"])
        out = capsys.readouterr()
        return json.loads(out.out) if status == 0 else (status, out.err)

    return tell


PERSON_WORDS = ("--category", "perangkat", "--wage", "2022200", "--month", "2026-03")


def test_the_command_tells_one_persons_month_as_text(told):
    answer = told(*PERSON_WORDS)
    assert (answer["JKK"], answer["JKM"], answer["total"], answer["segment"], answer["month"]) == ("4853.28", "6066.60", "10919.88", "PU", "2026-03")
    assert [each["amount"] for each in answer["derivation"]] == ["4853.28", "6066.60"]
    assert answer["derivation"][0]["rounding_confidence"] == "U"


def test_the_command_tells_a_period_cut_where_a_rule_changes(told, as_):
    as_("bpjs").post(SWITCH, a_word(), seen=SWITCH)
    answer = told("--category", "pekerja_rentan", "--month", "2026-03", "--until", "2026-12")
    assert [(each["first"], each["last"], each["per_month"], each["total"]) for each in answer["spans"]] == [("2026-03", "2026-03", "16800.00", "16800.00"), ("2026-04", "2026-12", "8400.00", "75600.00")]
    assert answer["total"] == "92400.00"


def test_the_command_tells_what_frozen_lists_owe(told, three_villages):
    assert told()["total"] == "1179347.04"
    assert told("--kecamatan", "73.02.01")["total"] == "655192.80"
    village = told("--village", BIALO)
    assert (village["total"], village["people"], village["parts"][0]["derivation"][0]["per_person"]) == ("393115.68", "3", "10919.88")
    assert told("--month", "2026-03")["total"] == "98278.92"


@pytest.mark.parametrize(("words", "sentence"), [
    (("--category", "perangkat"), "--month 2026-03"),
    ((*PERSON_WORDS, "--until", "2026-01"), "lebih awal"),
    ((*PERSON_WORDS[:4], "--month", "maret"), "tidak dikenal"),
    (("--category", "apa", "--month", "2026-03"), "belum diisi"),
    (("--category", "perangkat", "--month", "2014-03"), "belum diisi"),
    (("--village", "73.02.99.2001"), "Tidak ada desa"),
])  # fmt: skip
def test_the_command_refuses_with_a_sentence(told, words, sentence):
    status, said = told(*words)
    assert status == 2 and sentence in said
