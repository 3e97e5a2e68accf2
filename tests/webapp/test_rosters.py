"""The list of participants: plain words about a wrong NIK, nothing doubtful in silence, whole NIK only with a reason."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from tests.builders import BIALO, OTHER, a_nik, a_person, an_agreement, entries_of, user
from webapp import clock
from webapp.db import db
from webapp.models import Agreement, AuditEvent
from webapp.models.freezing import freeze
from webapp.models.participants import MOST_NIK_AN_HOUR, add_people

CODE = f"{BIALO}-2026"
LIST, PASTE = f"/perjanjian/{CODE}/peserta", f"/perjanjian/{CODE}/peserta/tempel"


def again() -> Agreement:
    db.session.rollback()
    return db.session.scalars(select(Agreement).where(Agreement.village_code == BIALO)).one()


def typed(serial: int = 9001, **more) -> dict:
    return {
        "category": "perangkat", "nik": a_nik(serial), "name": "Contoh Satu", "birth_on": "1980-05-17", "sex": "", "job": "Kaur Umum", "wage_base": "",
    } | more  # fmt: skip


def row(serial: int = 9001, nik: str | None = None, born: str = "17-05-1980", sex: str = "L", job: str = "Ketua RT", **more) -> str:
    cells = [a_nik(serial) if nik is None else nik, f"Contoh {serial}", born, sex, job]
    return "\t".join([*cells, *more.values()])


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


@pytest.mark.parametrize(
    ("nik", "sentence"),
    [
        ("", "NIK belum diisi"),
        ("73020117058090", "NIK harus 16 angka, yang diisi 14 angka"),
        ("7302011705809OO1", "NIK hanya boleh berisi angka"),
        ("7302014513809001", "Tanggal di dalam NIK tidak ada di kalender"),
        ("7302011705800000", "tidak mungkin 0000"),
        ("7,30201E+15", "diubah Excel menjadi bentuk ilmiah"),
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
    assert again().entries[0].flags == ("birth_differs", "sex_differs", "elsewhere", "aged")
    page = village.get(LIST).text
    assert "NIK yang sama ada di daftar lain" in page
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
    page = bpjs.post(f"/peserta/{entry.id}/nik", {"reason": f"Cocokkan KTP {a_nik(9001)}", "once": key})
    assert "730201 170580 9001" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    second = bpjs.post(f"/peserta/{entry.id}/nik", {"reason": "lagi", "once": key}, seen=f"/peserta/{entry.id}")
    assert second.status_code == 303
    db.session.rollback()
    (event,) = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "nik.seen"))
    assert (event.actor, event.facts["reason"]) == ("bpjs", "Cocokkan KTP …")


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


# --- pasted ---


FATES = [
    (row(), "diterima", ""),
    (row(born="1980-05-17 00:00:00"), "diterima", ""),
    (row(born="17 Mei 1980"), "diterima", ""),
    (row(sex=""), "diterima", ""),
    (row(nik="7302 0117.0580 9001"), "diterima", ""),
    (row().replace("\t", ";"), "diterima", ""),
    (row(group="Pekerja Rentan", wage="1.000.000"), "diterima", ""),
    (row(sex="P"), "bertanda", "Jenis kelamin berbeda dari NIK"),
    (row(born="18-05-1980"), "bertanda", "Tanggal lahir berbeda"),
    (row(nik="7,30201E+15"), "ditolak", "bentuk ilmiah"),
    (row(nik="123"), "ditolak", "NIK harus 16 angka"),
    (row(born=""), "ditolak", "Tanggal lahir belum diisi"),
    (row(born="31-02-1980"), "ditolak", "tidak terbaca"),
    (row(born="05/17/1980"), "ditolak", "tidak terbaca"),
    (row(sex="X"), "ditolak", "tulis L atau P"),
    (row(job=""), "ditolak", "Nama dan pekerjaan wajib diisi"),
    (row(group="Satpam"), "ditolak", "tidak dikenal; pakai salah satu"),
    (row(group="", wage="banyak"), "ditolak", "Tulis jumlah rupiah"),
    ("hanya\ttiga\tkolom", "ditolak", "hanya berisi 3 kolom"),
]


@pytest.mark.parametrize(("line", "fate", "remark"), FATES, ids=[each[2] or each[0][:40] for each in FATES])
def test_each_pasted_row_meets_its_fate_and_nothing_is_stored(as_, line, fate, remark):
    an_agreement()
    page = as_("village").post(PASTE, {"category": "lkd", "rows": line, "act": "check"}).text
    counts = {each: int(each == fate) for each in ("diterima", "bertanda", "ditolak")}
    assert " · ".join(f"{count} {each}" for each, count in counts.items()) in page
    assert remark in page
    assert not again().entries


def test_duplicates_are_refused_within_the_rows_and_against_the_list(as_):
    with_people()
    page = as_("village").post(PASTE, {"category": "lkd", "rows": "\n".join([row(9001), row(9002), row(9002)]), "act": "check"}).text
    assert "1 diterima · 0 bertanda · 2 ditolak" in page
    assert "atas nama Contoh Peserta 9001" in page


def test_a_head_row_is_skipped(as_):
    an_agreement()
    page = as_("village").post(PASTE, {"category": "lkd", "rows": "NIK\tNama\tLahir\tJK\tPekerjaan\n" + row(), "act": "check"}).text
    assert "1 diterima · 0 bertanda · 0 ditolak" in page


def test_niks_that_a_spreadsheet_rounded_are_refused(as_):
    an_agreement()
    rows = "\n".join(row(9001 + each, nik=a_nik(9010 + 10 * each)) for each in range(3))
    assert "membulatkan angka ke-16" in as_("village").post(PASTE, {"category": "lkd", "rows": rows, "act": "check"}).text


def store(person, rows: list[str], **more):
    shown = person.post(PASTE, {"category": "lkd", "rows": "\n".join(rows), "act": "check"}, seen=PASTE)
    assert shown.status_code == 200
    return person.post(PASTE, {"category": "lkd", "rows": "\n".join(rows), "act": "store", "seen": person.hidden("seen")} | more)


def test_what_passed_is_stored_and_the_rest_stays_to_be_mended(as_):
    an_agreement()
    response = store(as_("village"), [row(9001), row(9002, sex="P"), row(9003, nik="12")])
    assert [each.nik_masked[-4:] for each in again().entries] == ["9001"]
    assert "2 baris belum masuk" in response.text
    assert "Contoh 9002" in response.text
    assert "Contoh 9001" not in response.text.split("<textarea")[1]


def test_flagged_rows_go_in_only_when_one_says_so(as_):
    an_agreement()
    response = store(as_("village"), [row(9001), row(9002, sex="P")], with_flagged="y")
    assert response.status_code == 303
    assert sorted(each.flagged for each in again().entries) == [False, True]


def test_rows_changed_after_the_look_are_looked_at_again(as_):
    an_agreement()
    village = as_("village")
    village.post(PASTE, {"category": "lkd", "rows": row(9001), "act": "check"})
    page = village.post(PASTE, {"category": "lkd", "rows": row(9002), "act": "store", "seen": village.hidden("seen")})
    assert "1 diterima" in page.text
    assert not again().entries


def test_a_stored_paste_sent_again_stores_once(as_):
    an_agreement()
    village = as_("village")
    village.post(PASTE, {"category": "lkd", "rows": row(), "act": "check"})
    body = {"category": "lkd", "rows": row(), "act": "store", "seen": village.hidden("seen"), "once": village.hidden("once")}
    assert {village.post(PASTE, body, seen=LIST).status_code for _ in range(3)} == {303}
    assert len(again().entries) == 1


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
    village.post(f"{LIST}/baru", typed(9020))
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
