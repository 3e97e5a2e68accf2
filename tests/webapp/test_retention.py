"""Erasing people from lists whose time is over: only after a dry run and a yes, never under a hold, and nothing else of the evidence changes."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from tests.builders import BIALO, OTHER, a_nik, a_person, amended, an_agreement, entries_of, user
from webapp import audits, clock, importing
from webapp.db import begin_writing, db
from webapp.importing import take_in
from webapp.models import (
    Agreement,
    AuditEvent,
    Erasure,
    Installation,
    RetentionClass,
    RosterChange,
    RosterEntry,
    RosterVersionEntry,
    retention,
)
from webapp.models.changes import Change, leave
from webapp.models.corrections import CorrectionRequest, ask
from webapp.models.intake import step, undo
from webapp.models.participants import add_person, remove_person
from webapp.seal import ERASED, Erased, blind_index
from webapp.uploads import storage
from workflows import Refused

OVER = date(2037, 1, 1)


def then():
    """The clock on the day on which the lists of 2026 are due."""
    return clock.at(clock.now().replace(year=2037, month=1, day=2))


def erase(session=None):
    begin_writing()
    done = retention.erase(db.session, retention.dry_run(db.session, OVER).digest, user("admin"), clock.now(), OVER)
    db.session.commit()
    return done


def raw(column: str, table: str = "roster_version_entries"):
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("SELECT set_config('sinergi.scope', '%', true)"))
    return [bytes(each) if isinstance(each, memoryview) else each for each in db.session.execute(text(f"SELECT {column} FROM {table} ORDER BY id")).scalars()]


def test_the_dry_run_counts_and_touches_nothing(both):
    amended()
    found = retention.dry_run(db.session, OVER)
    assert [each.counts for each in found.due] == [(2, 7, 4, 2)] and found.due[0].due_on == OVER
    assert not retention.dry_run(db.session, OVER - timedelta(days=1)).due
    assert retention.dry_run(db.session, date(2030, 1, 1)).next_on == OVER
    assert raw("nik")[0] != ERASED


def test_the_personal_columns_go_and_nothing_else(both):
    agreement = amended()
    kept = ("id", "name", "nik_masked", "job", "category", "sex", "position", "flags")
    before, digests = {each: raw(each) for each in kept}, [each.digest for each in agreement.versions]
    assert erase() == (1, 7)
    assert {each: raw(each) for each in kept} == before and [each.digest for each in db.session.get(Agreement, agreement.id).versions] == digests
    assert set(raw("nik")) == set(raw("wage_base")) == {ERASED} and set(raw("particulars")) == {None}
    assert set(raw("nik_index")) == {"erased"} == set(raw("nik_index", "roster_changes"))
    assert {str(each) for each in raw("birth_on")} == {"1980-01-01"}
    assert not db.session.scalars(select(RosterEntry)).all() and len(db.session.scalars(select(RosterChange)).all()) == 2


def test_the_event_counts_and_names_nobody(both):
    agreement = amended()
    erase()
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "roster.erased")).one()
    assert (event.object, event.actor, event.facts["people"], event.facts["entries"]) == (f"agreement:{agreement.code}", "admin", 7, 4)
    assert "Contoh" not in event.detail and audits.verify(db.session) is None
    assert db.session.scalars(select(Erasure)).one().people == 7


def test_what_was_erased_cannot_be_read_back_nor_found(both):
    agreement = amended()
    erase()
    with pytest.raises(Erased):
        _ = db.session.scalars(select(RosterVersionEntry)).first().nik
    assert db.session.scalars(select(RosterVersionEntry)).first().wage_base is None
    assert not db.session.scalars(select(RosterVersionEntry.id).where(RosterVersionEntry.nik_index == blind_index(a_nik()))).all()
    with pytest.raises(Erased):
        db.session.get(Agreement, agreement.id).refuse_when_held()


def test_no_copy_of_the_sealed_bytes_stays_in_the_file(app):
    agreement = amended()
    sealed = raw("nik")[0]
    path = storage().root.parent / "sinergi.db"
    assert agreement and sealed
    erase()
    db.session.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    db.session.rollback()
    assert sealed not in path.read_bytes()


def test_the_same_is_not_erased_twice(both):
    amended()
    erase()
    assert not retention.dry_run(db.session, OVER).due
    with pytest.raises(Refused, match="masa simpannya habis"):
        erase()


def test_another_count_than_the_one_seen_erases_nothing(both):
    amended()
    seen = retention.dry_run(db.session, OVER).digest
    an_agreement("frozen", OTHER, serial=9101)
    with pytest.raises(Refused, match="berubah sejak uji cobanya"):
        retention.erase(db.session, seen, user("admin"), clock.now(), OVER)


GUARDED = [
    "UPDATE roster_version_entries SET nik = {mark}",
    "UPDATE roster_version_entries SET nik = {mark}, wage_base = {mark}, particulars = NULL, nik_index = 'erased'",
    "UPDATE roster_version_entries SET nik = {mark}, wage_base = {mark}, particulars = NULL, nik_index = 'erased', birth_on = '1980-01-01', name = 'Lain'",
    "UPDATE roster_version_entries SET nik = {mark}, wage_base = {mark}, particulars = NULL, nik_index = 'erased', birth_on = '1981-01-01'",
    "UPDATE roster_version_entries SET nik = {other}, wage_base = {mark}, particulars = NULL, nik_index = 'erased', birth_on = '1980-01-01'",
    "UPDATE roster_version_entries SET name = 'Lain'",
    "DELETE FROM roster_version_entries",
    "UPDATE roster_changes SET nik_index = 'lain'",
    "UPDATE roster_changes SET nik_index = 'erased', name = 'Lain'",
    "UPDATE correction_requests SET asked_by = 'Lain'",
]


@pytest.mark.parametrize("statement", GUARDED)
def test_the_guard_lets_nothing_but_erasing_through(both, statement):
    agreement = amended()
    ask(agreement, agreement.entries[0], clock.now(), "Orangnya sendiri", "Nama keliru", user("legal"), clock.now())
    db.session.commit()
    postgres = db.engine.dialect.name == "postgresql"
    mark, other = ("'\\x657261736564'", "'\\x00'") if postgres else ("x'657261736564'", "x'00'")
    if postgres:
        db.session.execute(text("SELECT set_config('sinergi.scope', '%', true)"))
    with pytest.raises(DBAPIError, match="bukti"):
        db.session.execute(text(statement.format(mark=mark, other=other).replace("\\x", "\\\\x") if not postgres else statement.format(mark=mark, other=other)))
    db.session.rollback()


def test_what_a_person_asked_to_correct_goes_with_the_list(both):
    agreement = amended()
    ask(agreement, agreement.entries[0], clock.now(), "Orangnya sendiri", "Nama keliru", user("legal"), clock.now())
    db.session.commit()
    erase()
    assert db.session.scalars(select(CorrectionRequest)).one().what == "(dihapus pada akhir masa simpannya)"


# --- legal hold ---


def held(agreement: Agreement) -> None:
    retention.place_hold(agreement, "Perkara nomor 9/Pdt.G/2026", user("legal"), clock.now())
    db.session.commit()


def test_nothing_is_erased_under_a_hold(both):
    agreement = amended()
    an_agreement("frozen", OTHER, serial=9101)
    held(agreement)
    found = retention.dry_run(db.session, OVER)
    assert [each.agreement.village_code for each in found.due] == [OTHER] and [each.agreement.village_code for each in found.held] == [BIALO]
    assert erase() == (1, 3)
    assert entries_of(agreement) and db.session.get(Agreement, agreement.id).entries[0].nik


def test_a_hold_is_released_by_a_record(both):
    agreement = amended()
    held(agreement)
    with pytest.raises(Refused, match="sudah ditahan"):
        held(agreement)
    retention.release_hold(agreement, "Putusan sudah berkekuatan tetap", user("admin"), clock.now())
    db.session.commit()
    assert [each.kind for each in agreement.legal_holds] == ["held", "released"] and agreement.legal_hold is None
    assert [each.action for each in db.session.scalars(select(AuditEvent).where(AuditEvent.action.startswith("hold.")).order_by(AuditEvent.seq))] == ["hold.placed", "hold.released"]
    assert erase() == (1, 7)


@pytest.mark.parametrize("act", [retention.place_hold, retention.release_hold])
def test_a_hold_needs_a_reason(app, act):
    agreement = an_agreement("empty")
    if act is retention.release_hold:
        held(agreement)
    with pytest.raises(Refused, match="alasannya"):
        act(agreement, "  ", user("legal"), clock.now())


def test_a_hold_that_comes_between_dry_run_and_yes_wins(both):
    agreement = amended()
    seen = retention.dry_run(db.session, OVER).digest
    held(agreement)
    with pytest.raises(Refused):
        retention.erase(db.session, seen, user("admin"), clock.now(), OVER)


def test_nobody_is_taken_off_a_list_under_a_hold(app):
    agreement = an_agreement("frozen")
    held(agreement)
    with pytest.raises(Refused, match="Perkara nomor"):
        remove_person(agreement, agreement.entries[0], user("legal"), clock.now(), clock.today())
    db.session.rollback()
    assert len(entries_of(agreement)) == 3


def test_who_leaves_under_a_hold_stays_on_the_list_with_his_last_month(app):
    agreement = an_agreement("signed")
    held(agreement)
    one = agreement.entries[0]
    leave(agreement, one, Change("left", date(2026, 6, 11), reason="Surat 9"), user("legal"), clock.now(), clock.today())
    db.session.commit()
    assert len(entries_of(agreement)) == 3


def an_import(agreement: Agreement):
    batch = take_in(b"NIK;Nama", "daftar.csv", False, agreement, 2026, "lkd", user("legal"))
    db.session.add(batch)
    step(batch, "asked", clock.now(), user("legal"), 1)
    db.session.commit()
    return batch


def test_sealed_imports_of_a_held_agreement_stay_beyond_their_time(app):
    agreement, other = an_agreement("empty"), an_agreement("empty", OTHER)
    kept, gone = an_import(agreement), an_import(other)
    held(agreement)
    with clock.at(clock.now() + timedelta(days=60)):
        assert importing.sweep() == 1
    assert kept.deleted is None and gone.deleted is not None
    with pytest.raises(Refused, match="ditahan"):
        importing.drop(kept, user("legal"), clock.now())
    db.session.rollback()
    retention.release_hold(agreement, "Selesai", user("legal"), clock.now())
    db.session.commit()
    with clock.at(clock.now() + timedelta(days=60)):
        assert importing.sweep() == 1


def test_an_import_is_not_taken_back_under_a_hold(app, as_):
    from tests.webapp.test_imports import NEW, row, send, store, the_import

    agreement, legal = an_agreement("empty"), as_("legal")
    assert NEW.startswith(f"/perjanjian/{agreement.code}")
    send(legal, row())
    store(legal)
    batch = the_import()
    held(db.session.get(Agreement, batch.parts[0].agreement_id))
    with pytest.raises(Refused, match="ditahan"):
        undo(db.session, batch, user("legal"), clock.now(), clock.today())


# --- classes ---


def test_a_class_that_is_not_deleted_makes_nothing_due(app):
    amended()
    retention.change_class(db.session, db.session.get(RetentionClass, "rosters"), {"years": None}, user("admin"), clock.now())
    db.session.commit()
    found = retention.dry_run(db.session, date(2100, 1, 1))
    assert not found.due and len(found.later) == 1


def test_a_changed_class_leaves_an_event_with_what_it_said(app):
    retention.change_class(db.session, db.session.get(RetentionClass, "rosters"), {"years": 5, "basis": "JRA", "confidence": "S"}, user("admin"), clock.now())
    db.session.commit()
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "retention.changed")).one()
    assert (event.facts["before"]["years"], event.facts["now"]["years"]) == (10, 5)


# --- pages ---


@pytest.mark.parametrize(("role", "status"), [("legal", 200), ("admin", 200), ("village", 403), ("approver", 403), ("bpjs", 403), ("camat", 403), ("monitor", 403)])
def test_who_sees_how_long_what_is_kept(as_, role, status):
    assert as_(role).get("/masa-simpan").status_code == status


def test_only_an_administrator_decides_to_erase(app, as_):
    amended()
    with then():
        legal = as_("legal")
        assert "Administrator memutuskannya" in legal.get("/masa-simpan").get_data(as_text=True)
        assert legal.get("/masa-simpan/hapus").status_code == 403 == legal.post("/masa-simpan/hapus", {"yes": "HAPUS"}, seen="/masa-simpan").status_code
        assert legal.get("/masa-simpan/kelas/rosters").status_code == 403


def test_the_page_erases_what_it_showed_after_the_word(app, as_):
    amended()
    with then():
        admin = as_("admin")
        page = admin.get("/masa-simpan/hapus").get_data(as_text=True)
        assert "Tidak dapat diurungkan" in page and "Contoh Peserta" not in page
        for word in ("", "hapus", "YA"):
            assert admin.post("/masa-simpan/hapus", {"yes": word, "seen": admin.hidden("seen")}).status_code == 200
        assert raw("nik")[0] != ERASED
        assert admin.post("/masa-simpan/hapus", {"yes": "HAPUS", "seen": "lain"}).status_code == 409
        admin.get("/masa-simpan/hapus")
        assert admin.post("/masa-simpan/hapus", {"yes": "HAPUS", "seen": admin.hidden("seen")}).status_code == 303
        assert "Yang sudah dihapus" in admin.get("/masa-simpan").get_data(as_text=True)
    db.session.rollback()
    assert raw("nik")[0] == ERASED


def test_the_dry_run_as_a_file_says_what_is_held(app, as_):
    agreement = amended()
    an_agreement("frozen", OTHER, serial=9101)
    held(agreement)
    with then():
        text_ = as_("admin").get("/masa-simpan/uji-coba.csv").get_data(as_text=True)
    assert "ditahan" in text_ and "dapat dihapus" in text_


def test_an_agreement_is_held_and_released_by_the_page(app, as_):
    agreement = an_agreement("frozen")
    legal = as_("legal")
    assert legal.post("/masa-simpan/penahanan", {"agreement": agreement.code, "reason": " "}, seen="/masa-simpan").status_code == 422
    assert legal.post("/masa-simpan/penahanan", {"agreement": agreement.code, "reason": "Perkara 9"}, seen="/masa-simpan").status_code == 303
    assert "Perkara 9" in legal.get("/masa-simpan").get_data(as_text=True)
    assert as_("village").post(f"/masa-simpan/penahanan/{agreement.code}/lepas", {"reason": "x"}, seen="/kata-sandi").status_code == 403
    assert legal.post(f"/masa-simpan/penahanan/{agreement.code}/lepas", {"reason": ""}, seen="/masa-simpan").status_code == 409
    assert legal.post(f"/masa-simpan/penahanan/{agreement.code}/lepas", {"reason": "Selesai"}, seen="/masa-simpan").status_code == 303
    db.session.rollback()
    assert db.session.get(Agreement, agreement.id).legal_hold is None


@pytest.mark.parametrize(("slug", "sent", "span"), [("rosters", {"years": "7"}, "7 tahun"), ("rosters", {"years": ""}, "tidak dihapus"), ("imports", {"days": "14"}, "14 hari"), ("audit", {}, "tidak dihapus")])
def test_a_class_is_changed_by_the_page(app, as_, slug, sent, span):
    admin = as_("admin")
    assert admin.post(f"/masa-simpan/kelas/{slug}", {"basis": "JRA Contoh", "confidence": "S"} | sent).status_code == 303
    db.session.rollback()
    row = db.session.get(RetentionClass, slug)
    assert row.basis == "JRA Contoh" and span in row.span(db.session.get_one(Installation, 1).keep_imports_days)


@pytest.mark.parametrize("sent", [{"years": "0"}, {"years": "101"}, {"years": "x"}, {"basis": ""}])
def test_a_class_that_cannot_be_is_asked_for_again(app, as_, sent):
    assert as_("admin").post("/masa-simpan/kelas/rosters", {"years": "10", "basis": "x", "confidence": "S"} | sent).status_code == 200
    assert as_("admin").get("/masa-simpan/kelas/lain").status_code == 404


def test_pages_of_an_erased_list_say_so_and_break_nowhere(app, as_):
    agreement = amended("active")
    line = db.session.scalars(select(RosterVersionEntry)).first().id
    erase()
    legal, at = as_("legal"), f"/perjanjian/{agreement.code}"
    fine = ("", "/peserta", "/peserta/versi/1", "/perubahan", "/kepesertaan", "/peserta.csv", "/perubahan.csv", "/anggaran")
    assert {each: legal.get(at + each).status_code for each in fine} == dict.fromkeys(fine, 200)
    assert "Data pribadi sudah dihapus" in legal.get(f"{at}/peserta/versi/1").get_data(as_text=True)
    for url in (f"{at}/peserta/banding", f"{at}/kepesertaan/berkas", f"{at}/pratinjau/lampiran_peserta", f"/data-pribadi/b{line}"):
        answer = legal.get(url)
        assert answer.status_code == 409 and "sudah dihapus pada akhir masa simpannya" in answer.get_data(as_text=True), url
    assert legal.get("/iuran").status_code == legal.get("/").status_code == 200


def test_an_erased_list_takes_nobody_in(app):
    agreement = amended()
    erase()
    with pytest.raises(Erased):
        add_person(db.session.get(Agreement, agreement.id), a_person(9444), user("legal"), clock.now(), clock.today(), Change("joined", date(2026, 10, 1)))
