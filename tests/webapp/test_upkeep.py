"""The administrator's page: each thing that goes wrong stands on it with what to do next; what can be mended there is."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.builders import BIALO, a_letter, an_agreement, user
from tests.webapp.test_heads import cut_the_tail
from webapp import clock, fsck, heads, heartbeats, jobs, upkeep
from webapp.db import db
from webapp.importing import take_in
from webapp.models import Accord, AuditEvent, Heartbeat, Tenure, audit
from webapp.models.intake import step
from webapp.uploads import storage


def lines() -> dict[str, upkeep.Line]:
    db.session.rollback()
    return {each.name: each for each in upkeep.look(db.session, storage())}


def later(**more):
    return clock.at(clock.now() + timedelta(**more))


@pytest.mark.parametrize("role", ["legal", "approver", "village", "camat", "bpjs", "monitor"])
def test_others_do_not_see_it(as_, role):
    assert as_(role).get("/keadaan").status_code == 403


def test_the_page_and_its_file_say_the_same(app, as_):
    admin = as_("admin")
    page, file = admin.get("/keadaan").get_data(as_text=True), admin.get("/keadaan/unduh.csv").get_data(as_text=True)
    for each in lines().values():
        assert each.name in page and each.name in file
    assert "Belum pernah dibuat." in page and "perlu ditangani" in page


def test_every_line_that_is_not_good_says_what_to_do(app):
    for each in lines().values():
        assert each.state in upkeep.STATES and (each.state == "good" or each.todo), each


def test_a_worker_that_stands_still_is_missed(both):
    assert lines()["Mesin cetak"].state == "late"
    assert heartbeats.beat("press")
    assert lines()["Mesin cetak"].state == "good"
    with later(minutes=11):
        assert "Berhenti" in lines()["Mesin cetak"].todo


def test_a_heartbeat_is_written_at_most_once_a_minute(both):
    assert [heartbeats.beat("press") for _ in range(3)] == [True, False, False]
    with later(seconds=61):
        assert heartbeats.beat("press")
    assert db.session.scalars(select(Heartbeat.worker)).all() == ["press"]


def test_the_workers_beat(app, monkeypatch):
    import threading

    stop = threading.Event()

    def once(*_):
        stop.set()
        return False

    monkeypatch.setattr(jobs, "work_once", once)
    monkeypatch.setattr(jobs.importing, "read_waiting", once)
    jobs.work(app, stop)
    stop.clear()
    jobs.read_imports(app, stop)
    assert set(db.session.scalars(select(Heartbeat.worker))) == {"press", "imports"}


def test_a_stuck_letter_is_tried_again_from_there(app, as_):
    letter = a_letter(an_agreement("approved"), problem="huruf tidak ditemukan", tries=9)
    db.session.commit()
    admin = as_("admin")
    assert "huruf tidak ditemukan" in admin.get("/keadaan").get_data(as_text=True)
    assert admin.post(f"/keadaan/naskah/{letter.id}/coba-lagi", seen="/keadaan").status_code == 303
    db.session.rollback()
    assert not jobs.stuck_letters() and jobs.next_letter() == letter.id


def test_only_an_administrator_tries_again_from_there(app, as_):
    letter = a_letter(an_agreement("approved"), problem="huruf tidak ditemukan", tries=9)
    db.session.commit()
    assert as_("legal").post(f"/keadaan/naskah/{letter.id}/coba-lagi").status_code == 403


def test_an_import_that_nobody_reads_is_stuck(app):
    batch = take_in(b"NIK;Nama", "daftar.csv", False, an_agreement("empty"), 2026, "lkd", user("legal"))
    db.session.add(batch)
    step(batch, "asked", clock.now(), user("legal"), 1)
    db.session.commit()
    assert f"Impor {batch.id}" not in lines()
    with later(minutes=40):
        assert lines()[f"Impor {batch.id}"].state == "late"


@pytest.mark.parametrize(("days", "state"), [(6, "good"), (8, "late")])
def test_an_old_copy_is_missed(app, days, state):
    audit.record(db.session, "backup.made", "backup", actor="sistem", at=clock.now(), files=3)
    db.session.commit()
    with later(days=days):
        assert lines()["Cadangan terakhir"].state == state


def test_what_fsck_counted_is_told(app):
    found = fsck.check(db.session, storage())
    heartbeats.beat("fsck", files=found.files, broken=0, missing=1)
    assert "1 hilang" in lines()["Pemeriksaan berkas"].said
    heartbeats.beat("fsck", files=found.files, broken=0, missing=0)
    assert lines()["Pemeriksaan berkas"].state == "good"


def test_a_trail_cut_short_is_explained_there(app, as_):
    an_agreement("approved")
    heads.write_daily(db.session, storage())
    assert lines()["Kepala di luar"].state == "good"
    cut_the_tail()
    admin = as_("admin")
    assert "Basis data tidak memuat" in admin.get("/keadaan").get_data(as_text=True)
    assert admin.post("/keadaan/jelaskan", {"reason": " "}).status_code == 422
    assert "Wajib diisi" in admin.page
    assert admin.post("/keadaan/jelaskan", {"reason": "Dipulihkan dari cadangan kemarin"}, seen="/keadaan").status_code == 303
    assert heads.contradicted(db.session, storage()) is None
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "audit.explained")).one()
    assert (event.actor, event.facts["reason"]) == ("admin", "Dipulihkan dari cadangan kemarin")


def test_what_ends_within_ninety_days_is_told(app):
    an_agreement("active")
    accord = db.session.scalars(select(Accord)).one()
    accord.valid_until = clock.today() + timedelta(days=90)
    tenure = db.session.scalars(select(Tenure).order_by(Tenure.id)).first()
    tenure.until_on = date(2026, 12, 31)
    db.session.commit()
    found = lines()
    assert found["Perjanjian induk"].state == "soon" and "20 Februari 2027" in found["Perjanjian induk"].said
    assert "1 berakhir dalam 90 hari" in found["Masa jabatan"].said
    assert "1 perjanjian tahun 2026 berakhir paling lambat 31 Desember 2026; tahun 2027 sudah disusun untuk 0 dari 109 desa" in found["Perjanjian desa 2026"].said
    assert "sumber dana terlarang" in found["Aturan tahun 2027"].said


def test_next_years_rules_are_not_asked_for_in_spring(app):
    with clock.at(clock.now() - timedelta(days=200)):
        assert "Aturan tahun 2027" not in lines()


def test_a_guard_that_is_gone_is_named(both):
    from sqlalchemy import text

    on = " ON approvals" if db.engine.dialect.name == "postgresql" else ""
    db.session.execute(text(f"DROP TRIGGER keep_approvals_update{on}"))
    db.session.commit()
    assert "keep_approvals_update" in lines()["Penjaga bukti"].said


def test_sealed_imports_beyond_their_time_are_told(app):
    batch = take_in(b"NIK;Nama", "daftar.csv", False, an_agreement("empty"), 2026, "lkd", user("legal"))
    db.session.add(batch)
    db.session.commit()
    assert "1 tersimpan tersegel" in lines()["Berkas impor"].said
    with later(days=33):
        assert lines()["Berkas impor"].state == "late"


def test_lists_beyond_their_time_are_told_and_lead_to_the_decision(app, as_):
    an_agreement("frozen")
    assert "1 Januari 2037" in lines()["Daftar peserta"].said
    with clock.at(clock.now().replace(year=2037, month=1, day=3)):
        assert "1 perjanjian dengan 3 orang" in lines()["Daftar peserta"].said
        assert 'href="/masa-simpan"' in as_("admin").get("/keadaan").get_data(as_text=True)


def test_what_cannot_be_looked_at_is_a_line(app, monkeypatch):
    monkeypatch.setattr(upkeep.schema, "is_current", lambda: 1 / 0)
    assert "ZeroDivisionError" in lines()["Migrasi dan penjaga"].said


def test_the_administrator_sees_no_person(app, as_):
    an_agreement("active", village_code=BIALO)
    assert "Contoh Peserta" not in as_("admin").get("/keadaan").get_data(as_text=True)
