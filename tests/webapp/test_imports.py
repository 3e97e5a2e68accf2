"""Importing lists: nothing is stored before it was seen, all of it or nothing, and all of it can be taken back."""

import io
import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.builders import BIALO, NOW_, OTHER, a_nik, a_person, an_agreement, entries_of, user
from tests.webapp.test_concurrency import at_once
from webapp import clock, importing, sheets
from webapp.db import begin_writing, db, set_scope
from webapp.importing import taking
from webapp.models import Agreement, AuditEvent, ImportPart, ImportStep, RosterEntry, RosterImport
from webapp.models.drafts import hold
from webapp.models.freezing import freeze
from webapp.models.participants import add_people
from webapp.seal import unseal_bytes
from webapp.uploads import storage

CODE = f"{BIALO}-2026"
LIST, NEW = f"/perjanjian/{CODE}/peserta", f"/perjanjian/{CODE}/peserta/impor"
HEAD = "NIK\tNama\tTanggal lahir\tJenis kelamin\tPekerjaan"


def row(serial: int = 9001, nik: str | None = None, born: str = "17-05-1980", sex: str = "L", job: str = "Ketua RT", **more) -> str:
    cells = [a_nik(serial) if nik is None else nik, f"Contoh Orang {serial}", born, sex, job]
    return "\t".join([*cells, *more.values()])


def table(*rows: str, head: str = HEAD) -> str:
    return "\n".join([head, *rows])


def send(person, *rows: str, head: str = HEAD, to: str = NEW, **more):
    """Send a pasted table; the page of the import."""
    answer = person.post(to, {"category": "lkd", "rows": table(*rows, head=head)} | more, seen=to)
    assert answer.status_code == 303, answer.text
    person.at = answer.location
    return person.get(answer.location)


def store(person, **more):
    return person.post(f"{person.at}/simpan", {"seen": person.hidden("seen")} | more)


def the_import() -> RosterImport:
    db.session.rollback()
    return db.session.scalars(select(RosterImport).order_by(RosterImport.id.desc())).first()


def names(village: str = BIALO) -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(RosterEntry.name).where(RosterEntry.village_code == village).order_by(RosterEntry.name)))


def totals(page: str) -> str:
    return re.search(r"(\d+ = \d+ \+ \d+ \+ \d+ \+ \d+)", page)[1]


# --- sent and looked at ---


def test_nothing_is_stored_before_it_was_looked_at(as_):
    an_agreement()
    page = send(as_("village"), row(9001), row(9002, sex="P"), row(9003, nik="12"), "Jumlah\t3").text
    assert totals(page) == "5 = 1 + 1 + 1 + 2"
    assert "NIK harus 16 angka" in page
    assert "Jenis kelamin berbeda dari NIK" in page
    assert a_nik(9001) not in page
    assert "730201••••••9001" in page
    assert names() == []


def test_what_was_seen_is_stored_and_the_rest_goes_home_with_its_reason(as_):
    an_agreement()
    village = as_("village")
    send(village, row(9001), row(9002, sex="P"), row(9003, nik="12"))
    assert store(village).status_code == 303
    assert names() == ["Contoh Orang 9001"]
    village.get(village.at)
    answer = village.post(f"{village.at}/perbaiki")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.data[:2] == b"PK"
    again = village.post(NEW, {"category": "lkd", "file": (io.BytesIO(answer.data), "perbaiki.xlsx")}, seen=NEW, content_type="multipart/form-data")
    page = village.get(again.location).text
    assert "1 dari" not in page
    assert totals(page).split(" = ")[1].startswith("0 + 1 + 1")
    db.session.rollback()
    (event,) = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "import.faulty"))
    assert event.actor == BIALO


def test_flagged_rows_go_in_only_when_one_says_so_and_stay_flagged(as_):
    an_agreement()
    village = as_("village")
    send(village, row(9001), row(9002, sex="P"))
    assert store(village, with_flagged="y").status_code == 303
    db.session.rollback()
    found = {each.name[-4:]: each for each in db.session.scalars(select(RosterEntry))}
    assert (found["9001"].flagged, found["9002"].flagged, found["9002"].flags) == (False, True, ("sex_differs",))
    assert found["9001"].nik == a_nik(9001)


def test_particulars_and_wage_come_along_sealed(as_):
    an_agreement()
    village = as_("village")
    head = HEAD + "\tNama ibu kandung\tAlamat\tNama ahli waris\tDasar upah"
    send(village, row(9001, mother="Ibu Contoh", address="Jalan Contoh 1", heir="Waris Contoh", wage="1.250.000"), head=head)
    store(village)
    (entry,) = db.session.scalars(select(RosterEntry))
    assert (entry.particulars.mother, entry.particulars.heir_name, entry.wage_base) == ("Ibu Contoh", "Waris Contoh", 1250000)
    raw = db.session.connection().exec_driver_sql("SELECT particulars, wage_base FROM roster_entries").one()
    assert b"Ibu" not in bytes(raw[0])
    assert b"125" not in bytes(raw[1])


def test_a_post_with_a_wage_base_of_its_own_gets_that(as_):
    an_agreement()
    village = as_("village")
    send(village, row(9001, job="Sekretaris Desa"), row(9002, job="Kaur Umum"), category="perangkat")
    store(village)
    db.session.rollback()
    assert [each.wage_base for each in db.session.scalars(select(RosterEntry).order_by(RosterEntry.name))] == [2224420, 2022200]


def test_who_is_on_the_list_already_is_rejected_by_name(as_):
    agreement = an_agreement()
    add_people(agreement, [a_person(9001)], user("legal"), clock.now(), clock.today())
    db.session.commit()
    page = send(as_("village"), row(9001), row(9002)).text
    assert "NIK ini sudah ada di daftar atas nama Contoh Peserta 9001" in page
    assert totals(page) == "3 = 1 + 0 + 1 + 1"


def test_a_list_that_changed_since_the_look_is_looked_at_again(as_):
    agreement = an_agreement()
    village = as_("village")
    send(village, row(9001), row(9002))
    add_people(agreement, [a_person(9002)], user("legal"), clock.now(), clock.today())
    db.session.commit()
    answer = store(village)
    assert answer.status_code == 409
    assert "berubah sejak Anda memeriksanya" in answer.text
    assert names() == ["Contoh Peserta 9002"]


def test_a_click_too_many_stores_once(as_):
    an_agreement()
    village = as_("village")
    send(village, row(9001))
    body = {"seen": village.hidden("seen"), "once": village.hidden("once")}
    assert {village.post(f"{village.at}/simpan", body, seen=LIST).status_code for _ in range(3)} == {303}
    assert names() == ["Contoh Orang 9001"]
    village.get(LIST)
    assert village.post(f"{village.at}/simpan", {"seen": body["seen"]}).status_code == 409


def test_an_empty_or_broken_file_changes_nothing(as_):
    an_agreement("frozen")
    village = as_("village")
    for content, name in ((b"", "kosong.xlsx"), (b"PK\x03\x04rusak", "rusak.xlsx"), (b"\x00\x01\x02", "gambar.xlsx")):
        answer = village.post(NEW, {"category": "lkd", "file": (io.BytesIO(content), name)}, seen=NEW, content_type="multipart/form-data")
        shown = village.get(answer.location) if answer.status_code == 303 else answer
        assert "tidak berubah" in shown.text, name
    assert len(names()) == 3


def test_columns_that_were_taken_wrongly_are_corrected(as_):
    an_agreement()
    village = as_("village")
    send(village, row(9001, job="Ketua RT", note="Penyuluh"), head=HEAD + "\tJabatan di kantor")
    choices = {f"kolom-0-{place}": field for place, field in enumerate(("nik", "name", "birth", "sex", "", "job"))}
    village.post(f"{village.at}/baca", {"lembar-0": "1"} | choices)
    assert "Penyuluh" in village.get(village.at).text
    assert the_import().turn == 2


def test_a_column_can_be_left_out(as_):
    an_agreement()
    village = as_("village")
    send(village, row(9001, mother="Ibu Contoh"), head=HEAD + "\tNama ibu kandung")
    choices = {f"kolom-0-{place}": field for place, field in enumerate(("nik", "name", "birth", "sex", "job", ""))}
    village.post(f"{village.at}/baca", {"lembar-0": "1"} | choices)
    village.get(village.at)
    store(village)
    assert db.session.scalars(select(RosterEntry)).one().particulars.known == {}


def test_corrections_stay_when_something_else_is_corrected(as_):
    an_agreement()
    village = as_("village")
    send(village, row(9001, job="Ketua RT", note="Penyuluh"), head=HEAD + "\tJabatan di kantor")
    choices = {f"kolom-0-{place}": field for place, field in enumerate(("nik", "name", "birth", "sex", "", "job"))}
    village.post(f"{village.at}/baca", {"lembar-0": "1"} | choices)
    village.get(village.at)
    village.post(f"{village.at}/baca", {"lembar-0": "1"} | choices)
    assert "Penyuluh" in village.get(village.at).text


def test_unknown_headings_can_be_told(as_):
    an_agreement()
    village = as_("village")
    page = send(village, row(9001), head="Satu\tDua\tTiga\tEmpat\tLima").text
    assert "Kolom mana dibaca sebagai apa" in page
    choices = {f"kolom-0-{place}": field for place, field in enumerate(("nik", "name", "birth", "sex", "job"))}
    village.post(f"{village.at}/baca", {"lembar-0": "1"} | choices)
    assert "730201••••••9001" in village.get(village.at).text


def test_the_rows_are_filtered_and_exported_masked(as_):
    an_agreement()
    village = as_("village")
    send(village, row(9001), row(9002, nik="12"))
    page = village.get(f"{village.at}?nasib=rejected").text
    assert "Contoh Orang 9002" in page
    assert "Contoh Orang 9001" not in page
    body = village.get(f"{village.at}/baris.csv?nasib=accepted").text
    assert "730201••••••9001" in body
    assert a_nik(9001) not in body


# --- the file ---


def test_the_file_lies_sealed_and_goes_when_its_time_is_over(as_):
    an_agreement()
    send(as_("village"), row(9001))
    batch = the_import()
    kept = storage().get(batch.sealed_sha256)
    assert a_nik(9001).encode() not in kept
    assert a_nik(9001).encode() in unseal_bytes(kept)
    reading = batch.reading.reading_sha256
    db.session.rollback()
    with clock.at(NOW_ + timedelta(days=30)):
        assert importing.sweep() == 0
    with clock.at(NOW_ + timedelta(days=31)):
        assert importing.sweep() == 1
        assert importing.sweep() == 0
    assert not storage().path(batch.sealed_sha256).exists()
    assert not storage().path(reading).exists()
    events = list(db.session.scalars(select(AuditEvent.action).where(AuditEvent.object == f"import:{batch.id}")))
    assert events == ["import.received", "import.deleted"]


def test_a_file_that_is_gone_says_so(as_):
    an_agreement()
    village = as_("village")
    send(village, row(9001))
    storage().remove(the_import().reading.reading_sha256)
    answer = village.get(village.at)
    assert (answer.status_code, "Unggah sekali lagi" in answer.text) == (409, True)


def test_hidden_sheets_are_read_only_when_asked_for(as_):
    import xlsxwriter

    an_agreement()
    village, out = as_("village"), io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    for serial, name in ((9001, "Peserta"), (9002, "Simpanan")):
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, HEAD.split("\t"))
        sheet.write_row(1, 0, row(serial).split("\t"))
        if name == "Simpanan":
            sheet.hide()
    book.close()
    body = {"category": "lkd", "file": (io.BytesIO(out.getvalue()), "daftar.xlsx")}
    village.at = village.post(NEW, body, seen=NEW, content_type="multipart/form-data").location
    page = village.get(village.at).text
    assert "Lembar ini tersembunyi" in page
    assert "Contoh Orang 9002" not in page
    village.post(f"{village.at}/baca", {"lembar-0": "1", "lembar-1": "1"})
    assert "Contoh Orang 9002" in village.get(village.at).text
    village.get(village.at)
    village.post(f"{village.at}/baca", {"lembar-1": "1"})
    assert "Contoh Orang 9001" not in village.get(village.at).text


def test_a_discarded_import_leaves_no_bytes(as_):
    an_agreement()
    village = as_("village")
    send(village, row(9001))
    batch = the_import()
    village.post(f"{village.at}/buang")
    assert not storage().path(batch.sealed_sha256).exists()
    assert the_import().state == "dropped"
    assert "dibuang" in village.get(village.at).text


def test_how_long_files_are_kept_is_the_offices_to_say(as_):
    an_agreement()
    legal = as_("legal")
    legal.get("/impor")
    assert legal.post("/impor/masa-simpan", {"days": "7"}).status_code == 303
    send(legal, row(9001))
    assert the_import().delete_on == date(2026, 11, 29)
    assert as_("village").get("/impor").status_code == 403


def test_no_nik_in_events_names_or_addresses(as_, caplog):
    an_agreement()
    village = as_("village")
    content = table(row(9001), row(9002, nik="12")).encode()
    answer = village.post(NEW, {"category": "lkd", "file": (io.BytesIO(content), f"daftar {a_nik(9001)}.csv")}, seen=NEW, content_type="multipart/form-data")
    village.at = answer.location
    village.get(village.at)
    store(village)
    village.get(village.at)
    village.post(f"{village.at}/urungkan")
    db.session.rollback()
    batch = the_import()
    kept = [batch.name, village.at, caplog.text, *(each.detail + each.problem for each in batch.steps)]
    kept += [each.detail + each.object for each in db.session.scalars(select(AuditEvent))]
    assert not [each for each in kept if a_nik(9001) in each]


# --- large ones ---


def test_a_large_file_is_read_beside_the_web_with_a_bar(as_, monkeypatch):
    an_agreement()
    monkeypatch.setattr(taking, "LARGE_LINES", 2)
    village = as_("village")
    page = send(village, *(row(9001 + each) for each in range(5))).text
    assert "<progress" in page
    assert village.get(f"{village.at}/kemajuan").json == {"state": "waiting", "done": 0, "total": 0}
    set_scope("")
    assert importing.read_waiting()
    assert not importing.read_waiting()
    assert village.get(f"{village.at}/kemajuan").json["state"] == "read"
    assert totals(village.get(village.at).text) == "6 = 5 + 0 + 0 + 1"


def test_a_reader_that_breaks_says_so(as_, monkeypatch):
    an_agreement()
    monkeypatch.setattr(taking, "LARGE_LINES", 0)
    village = as_("village")
    send(village, row(9001))

    def broken(*_):
        raise MemoryError

    monkeypatch.setattr(sheets, "read_pasted", broken)
    assert importing.read_waiting()
    assert "tidak dapat dibaca" in village.get(village.at).text


# --- the whole office ---

ALL = HEAD + "\tDesa\tKecamatan"


def office(*rows: str):
    return {"to": "/impor/baru", "head": ALL, "category": "lkd", "year": "2026"}


def test_one_file_fills_the_lists_of_all_villages(as_):
    an_agreement()
    an_agreement(village_code=OTHER)
    legal = as_("legal")
    rows = row(9001, desa="Bialo", kec="Gantarang"), row(9002, desa=OTHER, kec=""), row(9003, desa="Lembanna", kec=""), row(9004, desa="73.02.01.2005", kec="")
    page = send(legal, *rows, **office()).text
    assert totals(page) == "5 = 2 + 0 + 2 + 1"
    assert "belum mempunyai perjanjian tahun 2026" in page
    assert "Desa mana yang dimaksud" in page
    assert store(legal).status_code == 303
    assert (names(), names(OTHER)) == (["Contoh Orang 9001"], ["Contoh Orang 9002"])
    assert "Impor tersimpan" in legal.get(legal.at).text


def test_an_ambiguous_village_is_asked_and_answered(as_):
    lembanna = "73.02.06.2004"
    an_agreement(village_code=lembanna)
    legal = as_("legal")
    page = send(legal, row(9003, desa="Lembanna", kec=""), **office()).text
    assert "Lembanna" in page
    legal.post(f"{legal.at}/baca", {"lembar-0": "1", "tanya-1": "lembanna|", "desa-1": lembanna})
    page = legal.get(legal.at).text
    assert totals(page) == "2 = 1 + 0 + 0 + 1"
    store(legal)
    assert names(lembanna) == ["Contoh Orang 9003"]


def test_held_villages_are_named_before_storing(as_):
    agreement = an_agreement()
    an_agreement(village_code=OTHER)
    hold(agreement, "suspended", clock.today(), "Contoh", user("legal"), clock.now(), clock.today())
    db.session.commit()
    legal = as_("legal")
    page = send(legal, row(9001, desa=BIALO, kec=""), row(9002, desa=OTHER, kec=""), **office()).text
    assert "Perjanjian Desa Bialo ditangguhkan" in page
    store(legal)
    assert (names(), names(OTHER)) == ([], ["Contoh Orang 9002"])


def test_a_village_sees_its_part_of_the_offices_import_and_nothing_else(as_):
    an_agreement()
    an_agreement(village_code=OTHER)
    legal, village = as_("legal"), as_("village")
    send(legal, row(9001, desa=BIALO, kec=""), row(9002, desa=OTHER, kec=""), **office())
    store(legal)
    assert village.get(legal.at).status_code == 404
    page = village.get(LIST).text
    assert "Impor kantor untuk semua desa" in page
    assert "9002" not in page


def test_a_village_never_sees_anothers_import(as_):
    an_agreement()
    an_agreement(village_code=OTHER)
    other = as_(OTHER)
    send(other, row(9001), to=f"/perjanjian/{OTHER}-2026/peserta/impor")
    village = as_("village")
    assert village.get(other.at).status_code == 404
    for act in ("simpan", "buang", "urungkan", "baca", "perbaiki"):
        assert village.post(f"{other.at}/{act}", seen=LIST).status_code == 404


def test_whole_rows_go_back_only_to_who_sent_them_and_to_legal_staff(as_):
    an_agreement()
    legal, village = as_("legal"), as_("village")
    send(legal, row(9001), row(9002, nik="12"))
    village.get(legal.at)
    assert village.post(f"{legal.at}/perbaiki").status_code == 403


# --- taken back ---


def stored(as_, *rows: str):
    village = as_("village")
    send(village, *rows)
    assert store(village).status_code == 303
    village.get(village.at)
    return village


def test_an_import_is_taken_back_as_a_whole(as_):
    agreement = an_agreement()
    add_people(agreement, [a_person(9050)], user("legal"), clock.now(), clock.today())
    db.session.commit()
    village = stored(as_, row(9001), row(9002))
    assert len(names()) == 3
    assert village.post(f"{village.at}/urungkan").status_code == 303
    assert names() == ["Contoh Peserta 9050"]
    assert "Impor diurungkan" in village.get(village.at).text
    assert village.post(f"{village.at}/urungkan", seen=LIST).status_code == 409


def test_what_a_frozen_list_holds_is_not_taken_back(as_):
    agreement = an_agreement()
    village = stored(as_, row(9001))
    freeze(agreement, user("legal"), clock.now(), clock.today())
    db.session.commit()
    answer = village.post(f"{village.at}/urungkan")
    assert answer.status_code == 409
    assert "daftar versi 1 sudah dibekukan" in answer.text
    assert "versi 1 sudah dibekukan" in village.get(village.at).text


def test_people_who_were_changed_since_are_named(as_):
    an_agreement()
    village = stored(as_, row(9001), row(9002))
    first, second = db.session.scalars(select(RosterEntry).order_by(RosterEntry.id))
    village.post(f"/peserta/{first.id}/ubah", {"category": "lkd", "nik": "", "name": "Contoh Baru", "birth_on": "1980-05-17", "sex": "", "job": "Ketua RW", "wage_base": ""}, seen=f"/peserta/{first.id}/ubah")
    assert "data Contoh Baru sudah diubah" in village.post(f"{village.at}/urungkan", seen=LIST).text
    village.post(f"/peserta/{first.id}/hapus", seen=LIST)
    village.post(f"/peserta/{second.id}/hapus", seen=LIST)
    assert "2 orang dari impor ini sudah dikeluarkan" in village.post(f"{village.at}/urungkan", seen=LIST).text


# --- after signing ---


def test_after_signing_an_import_asks_for_the_day_of_joining(as_):
    agreement = an_agreement("signed")
    village = as_("village")
    page = send(village, row(9050)).text
    assert "Bergabung pada tanggal" in page
    assert "isikan tanggal orang-orang ini bergabung" in store(village).text
    village.get(village.at)
    assert store(village, joined_on="2026-07-15").status_code == 303
    db.session.rollback()
    entry = next(each for each in entries_of(agreement) if each.name == "Contoh Orang 9050")
    assert entry.month_first == date(2026, 7, 1)
    (change,) = db.session.scalars(select(Agreement).where(Agreement.village_code == BIALO)).one().changes
    assert (change.kind, change.on, change.month, change.name) == ("joined", date(2026, 7, 15), date(2026, 7, 1), "Contoh Orang 9050")
    assert "tercatat bergabung" in village.post(f"{village.at}/urungkan", seen=LIST).text


# --- two at once ---


def prepared(both) -> tuple[int, importing.Ready]:
    agreement = an_agreement()
    batch = importing.receive(table(row(9001), row(9002)).encode(), "contoh", True, agreement, 2026, "lkd", user("legal"))
    db.session.commit()
    ready = importing.prepare(batch, False, importing.judge(batch).digest)
    id_ = batch.id
    db.session.commit()
    db.session.close()
    return id_, ready


def test_of_two_who_store_the_same_import_one_wins(both):
    id_, ready = prepared(both)

    def storing(by):
        return lambda: importing.put_on_lists(db.session.get(RosterImport, id_), ready, None, user(by), clock.now(), clock.today())

    outcome = at_once(both, storing("legal"), storing("legal2"))
    assert sorted(each is None for each in outcome) == [False, True], outcome
    assert len(names()) == 2
    assert db.session.query(ImportPart).count() == 1


def test_of_two_who_take_it_back_one_wins(both):
    from webapp.models.intake import undo

    id_, ready = prepared(both)
    begin_writing()
    importing.put_on_lists(db.session.get(RosterImport, id_), ready, None, user("legal"), clock.now(), clock.today())
    db.session.commit()
    db.session.close()
    outcome = at_once(both, *[lambda: undo(db.session, db.session.get(RosterImport, id_), user("legal"), clock.now(), clock.today())] * 2)
    assert sorted(each is None for each in outcome) == [False, True], outcome
    assert names() == []


def test_the_steps_of_an_import_are_never_rewritten(both):
    from sqlalchemy import text
    from sqlalchemy.exc import DBAPIError

    prepared(both)
    for name in ("roster_imports", "roster_import_steps"):
        with pytest.raises(DBAPIError, match="bukti"), db.session.begin_nested():
            db.session.execute(text(f"DELETE FROM {name}"))
    assert db.session.query(ImportStep).count() == 2
