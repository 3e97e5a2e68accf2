"""One person once: across villages, months and payers. Everybody learns that there is a twin; where, only who may see it."""

import io
from dataclasses import replace
from datetime import date

from sqlalchemy import select

from tests.builders import BIALO, OTHER, a_nik, a_person, an_agreement, user
from webapp import clock
from webapp.db import begin_writing, db, set_scope
from webapp.models import Agreement, AuditEvent, OtherCover, RosterEntry
from webapp.models.changes import Change, leave
from webapp.models.freezing import freeze, reckon
from webapp.models.participants import add_people, add_person, clear_flags

LIST, COVERS = f"/perjanjian/{BIALO}-2026/peserta", "/tanggungan-lain"


def of(village: str) -> Agreement:
    db.session.rollback()
    return db.session.scalars(select(Agreement).where(Agreement.village_code == village)).one()


def put(agreement: Agreement, serial: int = 9001, **more) -> None:
    add_people(agreement, [a_person(serial, **more)], user("legal"), clock.now(), clock.today())
    db.session.commit()


def doubled() -> tuple[Agreement, Agreement]:
    first, second = an_agreement(), an_agreement(village_code=OTHER)
    put(first)
    put(second)
    return of(BIALO), of(OTHER)


def test_both_lists_see_a_twin_and_nothing_was_written_into_the_earlier_one(app):
    first, second = doubled()
    assert [each.entries[0].doubts for each in (first, second)] == [("elsewhere",), ("elsewhere",)]
    assert [each.entries[0].flags for each in (first, second)] == [(), ()]
    assert [reckon(each).flagged_open for each in (first, second)] == [1, 1]


def test_the_twin_is_gone_when_the_other_list_lets_go(app):
    _, second = doubled()
    second.entries.clear()
    db.session.commit()
    assert of(BIALO).entries[0].doubts == ()


def test_the_other_village_is_named_only_to_those_who_may_see_it(as_):
    doubled()
    assert "Juga ada di daftar desa lain" in as_("village").get(LIST).text
    for role in ("legal", "approver", "bpjs"):
        assert "Juga di daftar Desa " in as_(role).get(LIST).text


def test_the_names_stay_hidden_on_both_databases(both):
    doubled()
    for scope, said in ((BIALO, "Juga ada di daftar desa lain"), ("73.02.", "Juga di daftar Desa")):
        db.session.rollback()
        set_scope(scope)
        entry = db.session.scalars(select(RosterEntry).where(RosterEntry.village_code == BIALO)).one()
        assert entry.flag_sentences[0].startswith(said)
        assert db.session.info["scope"] == scope


def test_a_twin_that_appears_after_the_clearing_is_a_new_doubt(app):
    first, second = an_agreement(), an_agreement(village_code=OTHER)
    put(first, birth_on=date(1950, 5, 17))
    first = of(BIALO)
    clear_flags(first, first.entries[0], "Masih bekerja", user("legal"), clock.now(), clock.today())
    db.session.commit()
    assert not of(BIALO).entries[0].flagged
    put(second, birth_on=date(1950, 5, 17))
    entry = of(BIALO).entries[0]
    assert (entry.doubts, entry.flagged) == (("aged", "elsewhere"), True)
    freeze(of(BIALO), user("legal"), clock.now(), clock.today())
    frozen = of(BIALO).versions[-1] if of(BIALO).versions else None
    assert frozen is None  # rolled back by looking again: nothing was committed


def test_freezing_holds_the_open_doubt(app):
    first, _ = doubled()
    version = freeze(first, user("legal"), clock.now(), clock.today())
    assert (version.flagged_open, version.people[0].flags, version.people[0].flagged) == (1, ("elsewhere",), True)


def test_who_moved_in_july_may_stand_on_the_next_list_from_august(app):
    an_agreement("signed", people=1)
    an_agreement("signed", OTHER, people=1, serial=9101)
    first, by = of(BIALO), user("legal")
    leave(first, first.entries[0], Change("moved", date(2026, 7, 10), reason="Surat pindah"), by, clock.now(), clock.today())
    db.session.commit()
    person, second = replace(a_person(9001)), of(OTHER)
    add_person(second, person, by, clock.now(), clock.today(), Change("joined", date(2026, 8, 3)))
    db.session.commit()
    assert of(BIALO).entries[0].doubts == ()
    assert all(each.doubts == () for each in of(OTHER).entries)


def test_who_moved_too_early_is_a_twin_in_the_months_of_both(app):
    an_agreement("signed", people=1)
    an_agreement("signed", OTHER, people=1, serial=9101)
    second = of(OTHER)
    add_person(second, a_person(9001), user("legal"), clock.now(), clock.today(), Change("joined", date(2026, 8, 3)))
    db.session.commit()
    assert of(BIALO).entries[0].doubts == ("elsewhere",)


# --- other payers ---


def note(legal, *rows: str, **more):
    body = {"payer": "apbd", "year": "2026", "source": "Daftar contoh", "rows": "\n".join(rows)}
    return legal.post(f"{COVERS}/baru", body | more, seen=f"{COVERS}/baru")


def test_whom_another_payer_covers_is_flagged_on_every_list(as_):
    an_agreement()
    put(of(BIALO))
    legal = as_("legal")
    answer = note(legal, "No\tNama\tNIK", f"1\tContoh Satu\t{a_nik(9001)}", f"2\tContoh Dua\t{a_nik(9002)}", "3\tContoh Tiga\t730201170580900")
    assert answer.status_code == 303
    page = legal.get(answer.location).text
    assert "2 orang dicatat" in page
    assert "1 baris dilewati karena NIK-nya tidak sah: 4" in page
    assert a_nik(9001) not in page
    assert of(BIALO).entries[0].doubts == ("other_payer",)
    assert "Sudah ditanggung APBD kabupaten" in as_("village").get(LIST).text
    cover = db.session.scalars(select(OtherCover).order_by(OtherCover.id)).first()
    assert (cover.name, cover.nik_masked) == ("Contoh Satu", "730201••••••9001")


def test_noted_twice_is_noted_once_and_can_be_taken_off(as_):
    an_agreement()
    put(of(BIALO))
    legal = as_("legal")
    for _ in range(2):
        answer = note(legal, f"Contoh Satu\t{a_nik(9001)}")
    assert "0 orang dicatat; 1 sudah ada" in legal.get(answer.location).text
    db.session.rollback()
    cover = db.session.scalars(select(OtherCover)).one()
    assert legal.post(f"{COVERS}/hapus", {"orang": str(cover.id)}).status_code == 303
    assert of(BIALO).entries[0].doubts == ()
    assert [each.action for each in db.session.scalars(select(AuditEvent).where(AuditEvent.object == "elsewhere:2026"))] == ["elsewhere.added", "elsewhere.added", "elsewhere.removed"]


def test_a_file_without_any_nik_changes_nothing(as_):
    legal = as_("legal")
    page = note(legal, "", file=(io.BytesIO(b"Nama;Alamat\nContoh;Jalan"), "daftar.csv")).text
    assert "Tidak ada NIK yang sah" in page


def test_a_nik_that_a_spreadsheet_may_have_rounded_is_not_taken(app):
    from webapp.covering import read_covers
    from webapp.exports import _xlsx

    read = read_covers(_xlsx(("NIK",), [(7302011705809010,), (7302011705809011,)], ()), "a.xlsx")
    assert (len(read.people), read.faulty) == (1, (2,))


def test_only_the_office_keeps_that_list(as_):
    for role in ("village", "bpjs", "approver"):
        assert as_(role).get(COVERS).status_code == 403


def test_the_list_is_filtered_and_exported_masked(as_):
    legal = as_("legal")
    note(legal, f"Contoh Satu\t{a_nik(9001)}")
    note(legal, f"Contoh Dua\t{a_nik(9002)}", payer="csr")
    assert "Contoh Satu" not in legal.get(f"{COVERS}?pembayar=csr").text
    assert "Belum ada orang" in legal.get(f"{COVERS}?q=tidakada").text
    body = legal.get(f"{COVERS}/unduh.csv").text
    assert "730201••••••9002" in body
    assert a_nik(9002) not in body


def test_an_import_flags_twins_before_anything_is_stored(as_):
    an_agreement()
    an_agreement(village_code=OTHER)
    put(of(OTHER), 9001)
    begin_writing()
    db.session.add(OtherCover(year=2026, payer="csr", nik_index=_index(9002), nik_masked="x", by_id=user("legal").id, at=clock.now()))
    db.session.commit()
    from tests.webapp.test_imports import row, send, totals

    page = send(as_("village"), row(9001), row(9002), row(9003)).text
    assert totals(page) == "4 = 1 + 2 + 0 + 1"
    assert "Juga ada di daftar desa lain" in page
    assert "Sudah ditanggung CSR perusahaan" in page


def _index(serial: int) -> str:
    from webapp.seal import blind_index

    return blind_index(a_nik(serial))
