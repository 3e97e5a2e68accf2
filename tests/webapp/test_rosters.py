"""The list of participants: plain words about a wrong NIK, nothing doubtful in silence, whole NIK only with a reason."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from tests.builders import BIALO, OTHER, a_nik, a_person, an_agreement, entries_of, user
from webapp import clock
from webapp.db import db
from webapp.models import Agreement, AuditEvent, RosterEntry
from webapp.models.freezing import freeze
from webapp.models.participants import MOST_NIK_AN_HOUR, add_people
from webapp.models.particulars import Particulars

CODE = f"{BIALO}-2026"
LIST = f"/perjanjian/{CODE}/peserta"


def again() -> Agreement:
    db.session.rollback()
    return db.session.scalars(select(Agreement).where(Agreement.village_code == BIALO)).one()


def typed(serial: int = 9001, **more) -> dict:
    return {
        "category": "perangkat", "nik": a_nik(serial), "name": "Contoh Satu", "birth_on": "1980-05-17", "sex": "", "job": "Kaur Umum", "wage_base": "",
    } | more  # fmt: skip


def with_people(count: int = 1, **more) -> Agreement:
    agreement = an_agreement()
    add_people(agreement, [a_person(9001 + each, **more) for each in range(count)], user("legal"), clock.now(), clock.today())
    db.session.commit()
    return agreement


# --- one person ---


def test_a_village_adds_a_person_with_the_usual_wage_and_the_sex_of_the_nik(as_):
    an_agreement()
    assert as_("village").post(f"{LIST}/baru", typed(nik=a_nik(9001, sex="P"))).status_code == 303
    (entry,) = again().entries
    assert (entry.sex, entry.wage_base, entry.flags, entry.nik) == ("P", Decimal(2022200), (), a_nik(9001, sex="P"))
    assert again().drafters == {"legal", BIALO}


def test_a_post_with_a_wage_base_of_its_own_gets_that(as_):
    an_agreement()
    as_("village").post(f"{LIST}/baru", typed(job="Sekretaris Desa"))
    (entry,) = again().entries
    assert entry.wage_base == Decimal(2224420)


@pytest.mark.parametrize(
    ("nik", "sentence"),
    [
        ("", "NIK belum diisi"),
        ("73020117058090", "NIK harus 16 angka: yang diisi 14 angka"),
        ("7302011705809OO1", "NIK hanya boleh berisi angka"),
        ("7302014513809001", "Tanggal di dalam NIK tidak ada di kalender"),
        ("7302011705800000", "tidak mungkin 0000"),
        ("7,30201E+15", "diubah lembar sebar menjadi bentuk ilmiah"),
    ],
)
def test_a_wrong_nik_is_told_in_plain_words_and_the_rest_stays(as_, nik, sentence):
    an_agreement()
    response = as_("village").post(f"{LIST}/baru", typed(nik=nik, name="Contoh Tetap Ada"))
    assert sentence in response.text
    assert 'value="Contoh Tetap Ada"' in response.text
    assert not again().entries


def test_the_same_nik_twice_on_a_list_is_told_beside_the_field(as_):
    with_people()
    response = as_("village").post(f"{LIST}/baru", typed(9001))
    assert "sudah ada di daftar atas nama Contoh Peserta 9001" in response.text
    assert response.status_code == 200


def test_doubts_flag_and_do_not_repair(as_):
    an_agreement()
    add_people(an_agreement(village_code=OTHER), [a_person(9001)], user("legal"), clock.now(), clock.today())
    db.session.commit()
    village = as_("village")
    village.post(f"{LIST}/baru", typed(9001, birth_on="1950-01-02", sex="P"))
    assert again().entries[0].doubts == ("birth_differs", "sex_differs", "aged", "elsewhere")
    page = village.get(LIST).text
    assert "Juga ada di daftar desa lain" in page
    assert OTHER not in page


def test_a_person_is_corrected_without_typing_the_nik_again(as_):
    (entry,) = with_people().entries
    village = as_("village")
    page = village.get(f"/peserta/{entry.id}/ubah").text
    assert entry.nik_masked in page
    assert a_nik(9001) not in page
    village.post(f"/peserta/{entry.id}/ubah", typed(nik="", name="Contoh Baru", wage_base="2.500.000"))
    (entry,) = again().entries
    assert (entry.name, entry.wage_base, entry.nik) == ("Contoh Baru", Decimal(2500000), a_nik(9001))


def test_a_person_leaves_the_working_list_and_stays_in_the_frozen_one(as_):
    agreement = an_agreement("frozen")
    entry = agreement.entries[0]
    assert as_("village").post(f"/peserta/{entry.id}/hapus").status_code == 303
    assert (len(again().entries), again().roster_version.participants) == (2, 3)


def test_a_person_of_another_village_is_not_there(as_):
    other = an_agreement("frozen", OTHER)
    (entry, *_) = other.entries
    village = as_("village")
    for page in ("", "/ubah"):
        assert village.get(f"/peserta/{entry.id}{page}").status_code == 404
    for act in ("hapus", "nik", "jelaskan"):
        assert village.post(f"/peserta/{entry.id}/{act}", {"reason": "x"}).status_code in (403, 404)
    db.session.rollback()
    assert len(entries_of(other)) == 3


def test_the_list_is_masked_searched_and_filtered(as_):
    with_people(3)
    bpjs = as_("bpjs")
    page = bpjs.get(LIST).text
    assert a_nik(9001) not in page
    assert "730201••••••9002" in page
    assert "1 dari 3 orang" in bpjs.get(f"{LIST}?q=9002").text
    assert "0 dari 3 orang" in bpjs.get(f"{LIST}?tanda=1").text
    assert "Tidak ada yang cocok" in bpjs.get(f"{LIST}?q=tidakada").text


def test_the_camat_and_the_monitor_do_not_see_people(as_):
    with_people()
    assert as_("camat").get(LIST).status_code == 403
    assert as_("monitor").get(LIST).status_code == 403


def test_the_export_is_masked(as_):
    with_people()
    body = as_("bpjs").get(f"{LIST}.csv").text
    assert "730201••••••9001" in body
    assert a_nik(9001) not in body
    assert as_("legal").get(f"{LIST}.xlsx").data[:2] == b"PK"


# --- doubts and NIK ---


def registered(**more) -> dict:
    return typed(9001, mother="Ibu Rahasia", heir_name="Waris Rahasia", heir_nik=a_nik(9077), address="Jalan Contoh 1") | more


def test_mother_and_heirs_are_hidden_until_one_gives_a_reason(as_):
    an_agreement()
    village, bpjs = as_("village"), as_("bpjs")
    village.post(f"{LIST}/baru", registered())
    (entry,) = again().entries
    for person, page in ((village, ""), (village, "/ubah"), (bpjs, "")):
        shown = person.get(f"/peserta/{entry.id}{page}").text
        assert "Jalan Contoh 1" in shown
        assert "Rahasia" not in shown
        assert a_nik(9077) not in shown
    opened = bpjs.post(f"/peserta/{entry.id}/nik", {"reason": "Cocokkan formulir"}, seen=f"/peserta/{entry.id}").text
    assert "Ibu Rahasia" in opened
    assert a_nik(9077) in opened
    db.session.rollback()
    (event,) = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "nik.seen"))
    assert "Rahasia" not in event.detail


def test_what_is_hidden_stays_when_a_person_is_corrected_and_is_frozen_with_him(as_):
    an_agreement()
    village = as_("village")
    village.post(f"{LIST}/baru", registered())
    (entry,) = again().entries
    village.post(f"/peserta/{entry.id}/ubah", typed(nik="", name="Contoh Baru", heir_name="Waris Baru", address=""), seen=f"/peserta/{entry.id}/ubah")
    kept = again().entries[0].particulars
    assert (kept.mother, kept.heir_name, kept.heir_nik, kept.address) == ("Ibu Rahasia", "Waris Baru", a_nik(9077), "")
    freeze(again(), user("legal"), clock.now(), clock.today())
    db.session.commit()
    assert again().roster_version.people[0].particulars == kept
    village.post(f"/peserta/{entry.id}/ubah", typed(nik="", name="Contoh Baru", mother="Ibu Lain"), seen=f"/peserta/{entry.id}/ubah")
    assert "Bekukan daftar" in village.get(LIST).text


def test_wages_and_particulars_lie_sealed(both):
    agreement = an_agreement(people=0)
    add_people(agreement, [a_person(9001, particulars=Particulars(mother="Ibu Rahasia"))], user("legal"), clock.now(), clock.today())
    freeze(agreement, user("legal"), clock.now(), clock.today())
    db.session.commit()
    for name in ("roster_entries", "roster_version_entries"):
        raw = db.session.connection().exec_driver_sql(f"SELECT particulars, wage_base, nik FROM {name}").one()
        assert not any(b"Rahasia" in bytes(each) or b"20222" in bytes(each) or a_nik(9001).encode() in bytes(each) for each in raw)
    assert db.session.scalars(select(RosterEntry)).one().wage_base == Decimal(2022200)


def test_a_doubt_is_cleared_with_a_reason_and_holds_after_the_next_freeze(as_):
    agreement = with_people(birth_on=date(1950, 5, 17))
    freeze(agreement, user("legal"), clock.now(), clock.today())
    db.session.commit()
    (entry,) = agreement.entries
    legal = as_("legal")
    assert legal.post(f"/peserta/{entry.id}/jelaskan", {"reason": " "}).status_code == 409
    assert as_("village").post(f"/peserta/{entry.id}/jelaskan", {"reason": "Masih bekerja"}).status_code == 403
    legal.post(f"/peserta/{entry.id}/jelaskan", {"reason": "Masih bekerja, SK terlampir"})
    assert again().roster_seen.flagged_open == 1
    legal.get(f"{LIST}/bekukan")
    legal.post(f"{LIST}/bekukan", {"seen": legal.hidden("seen")})
    assert again().roster_seen.flagged_open == 0


def test_a_whole_nik_is_shown_once_and_the_trail_keeps_the_reason_without_it(as_):
    (entry,) = with_people().entries
    bpjs = as_("bpjs")
    bpjs.get(f"/peserta/{entry.id}")
    key = bpjs.hidden("once")
    assert "Jangan menulis NIK di sini" in bpjs.post(f"/peserta/{entry.id}/nik", {"reason": f"Cocokkan KTP {a_nik(9001)}", "once": key}).text
    page = bpjs.post(f"/peserta/{entry.id}/nik", {"reason": "Cocokkan KTP", "once": key}, seen=f"/peserta/{entry.id}")
    assert "730201 170580 9001" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    second = bpjs.post(f"/peserta/{entry.id}/nik", {"reason": "lagi", "once": key}, seen=f"/peserta/{entry.id}")
    assert second.status_code == 303
    db.session.rollback()
    (event,) = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "nik.seen"))
    assert (event.actor, event.facts["reason"]) == ("bpjs", "Cocokkan KTP")


def test_a_nik_without_a_reason_stays_masked(as_):
    (entry,) = with_people().entries
    response = as_("bpjs").post(f"/peserta/{entry.id}/nik", {"reason": ""})
    assert response.status_code == 409
    assert "730201 170580" not in response.text


def test_nobody_reads_a_list_of_niks_one_by_one(as_):
    (entry,) = with_people().entries
    bpjs = as_("bpjs")
    answers = [bpjs.post(f"/peserta/{entry.id}/nik", {"reason": "uji", "once": f"k{each}"}, seen=f"/peserta/{entry.id}").status_code for each in range(MOST_NIK_AN_HOUR + 1)]
    assert answers == [200] * MOST_NIK_AN_HOUR + [409]


# --- frozen ---


def test_freezing_shows_the_sum_and_then_holds_it(as_):
    with_people(2)
    village = as_("village")
    page = village.get(f"{LIST}/bekukan").text
    assert "Rp262.077,12" in page  # 2 x 10.919,88 x 12
    response = village.post(f"{LIST}/bekukan", {"seen": village.hidden("seen")})
    assert response.headers["Location"].endswith("/peserta/versi/1")
    shown = village.get(f"{LIST}/versi/1").text
    assert "Rp262.077,12" in shown
    assert "PP 44/2015 jo. PP 82/2019" in shown
    assert a_nik(9001) not in shown


def test_a_list_that_changed_after_the_look_is_not_frozen(as_):
    agreement = with_people(2)
    village = as_("village")
    village.get(f"{LIST}/bekukan")
    add_people(agreement, [a_person(9050)], user("legal"), clock.now(), clock.today())
    db.session.commit()
    response = village.post(f"{LIST}/bekukan", {"seen": village.hidden("seen")})
    assert response.status_code == 409
    assert "Daftar berubah sejak Anda membukanya" in response.text
    assert not again().versions


def test_an_empty_list_is_not_frozen(as_):
    an_agreement()
    village = as_("village")
    assert "Daftar peserta masih kosong" in village.get(f"{LIST}/bekukan", follow_redirects=True).text
    assert village.post(f"{LIST}/bekukan", {"seen": "x"}).status_code == 409


def test_an_unchanged_list_is_not_frozen_twice(as_):
    an_agreement("frozen")
    response = as_("village").post(f"{LIST}/bekukan", {"seen": "x"})
    assert response.status_code == 409
    assert "Daftar tidak berubah sejak versi 1" in response.text


def test_freezing_after_signing_opens_an_amendment(as_):
    an_agreement("signed")
    village = as_("village")
    assert "isikan tanggal orang ini bergabung" in village.post(f"{LIST}/baru", typed(9020)).text
    village.post(f"{LIST}/baru", typed(9020, joined_on="2026-07-15"))
    assert "membuka adendum" in village.get(f"{LIST}/bekukan").text
    village.post(f"{LIST}/bekukan", {"seen": village.hidden("seen")})
    agreement = again()
    assert (agreement.roster_version.number, [each.version.number for each in agreement.amendments]) == (1, [2])
    assert agreement.stage == "budgeting"


def test_what_is_not_settled_says_so(as_):
    agreement = an_agreement()
    add_people(agreement, [a_person(9001, category="lkd", wage_base=Decimal(1000000))], user("legal"), clock.now(), clock.today())
    freeze(agreement, user("legal"), clock.now(), clock.today())
    db.session.commit()
    assert "belum pasti" in as_("legal").get(f"{LIST}/versi/1").text
