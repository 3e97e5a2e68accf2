"""Personal data: who had access is told from the trail, a copy and a correction on request; masked by default, and no NIK where none belongs."""

import io
import json
import re
from datetime import timedelta

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from tests.builders import BIALO, OTHER, a_file, a_letter, a_nik, a_person, amended, an_agreement, entries_of, user
from webapp import clock, handing_out
from webapp.db import db, set_scope
from webapp.models import Agreement, AuditEvent, CorrectionAnswer, CorrectionRequest, OtherCover, RosterVersionEntry, corrections, sightings
from webapp.models.participants import MOST_NIK_AN_HOUR, change_person, open_person, remove_person
from webapp.models.particulars import Particulars
from webapp.models.sightings import note
from webapp.seal import blind_index
from workflows import Refused

NIK = a_nik(9001)
SIXTEEN = re.compile(r"(?<!\d)7302\d{12}(?!\d)")


def seen(serial: int = 9001) -> list[tuple[str, str]]:
    db.session.rollback()
    return [(each.actor, each.what) for each in sightings.sightings(db.session, blind_index(a_nik(serial)))]


def one(agreement: Agreement, serial: int = 9001):
    return next(each for each in entries_of(agreement) if each.name.endswith(str(serial)))


def at(agreement: Agreement, serial: int = 9001) -> str:
    return f"/data-pribadi/k{one(agreement, serial).id}"


# --- who had access ---


def test_who_opened_somebody_is_told_with_the_reason(app, as_):
    agreement = an_agreement("frozen")
    as_("bpjs").post(f"/peserta/{one(agreement).id}/nik", {"reason": "Mencocokkan KPJ"}, seen=f"/peserta/{one(agreement).id}")
    assert seen() == [("bpjs", "NIK lengkap dan data pendaftaran dibuka")] and not seen(9002)
    page = as_("legal").get(at(agreement)).get_data(as_text=True)
    assert "Mencocokkan KPJ" in page and "Contoh bpjs" in page and NIK not in page


def test_lists_that_held_him_are_told_and_others_are_not(app, as_):
    agreement, other = an_agreement("signed"), an_agreement("signed", OTHER, serial=9101)
    letter = a_letter(agreement, "lampiran_peserta", unit=None, year=None, seq=None, number="", state="issued")
    db.session.commit()
    legal, code = as_("legal"), agreement.code
    assert legal.get(f"/perjanjian/{code}/peserta.csv").status_code == 200
    assert legal.get(f"/perjanjian/{code}/perubahan.csv").status_code == 200
    assert legal.get(f"/perjanjian/{code}/peserta/banding.csv").status_code == 200
    legal.post(f"/perjanjian/{code}/kepesertaan/berkas", {"reason": "Pendaftaran"}, seen=f"/perjanjian/{code}/kepesertaan/berkas")
    with app.test_request_context(), clock.at(clock.now()):
        from flask_login import login_user

        login_user(user("bpjs"))
        set_scope("")
        handing_out.noted_letter(db.session.get(type(letter), letter.id))
    told = seen()
    assert {what for _, what in told} == {"Daftar diunduh", "Berkas pendaftaran BPJS diunduh", "Naskah berisi daftar diunduh"} and len(told) == 5
    assert ("bpjs", "Naskah berisi daftar diunduh") in told
    assert not seen(9101) and other


def test_a_download_of_a_paper_with_people_is_noted_and_of_one_without_is_not(app, as_):
    from webapp.models import Rendition
    from webapp.uploads import storage

    agreement, ids = an_agreement("signed"), []
    for kind in ("lampiran_peserta", "lampiran_iuran"):
        letter = a_letter(agreement, kind, unit=None, year=None, seq=None, number=kind, state="issued")
        db.session.flush()
        db.session.add(Rendition(letter_id=letter.id, rangkap=1, sha256=storage().put(kind.encode()), pages=1, size=9, at=clock.now()))
        ids.append(letter.id)
    db.session.commit()
    village = as_("village")
    assert [village.get(f"/surat/{each}/rangkap-1.pdf").status_code for each in ids] == [200, 200]
    db.session.rollback()
    events = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "letter.downloaded")).all()
    assert [(each.actor, each.facts["kind"], each.facts["version"]) for each in events] == [(BIALO, "lampiran_peserta", 1)]


def test_who_joined_after_a_list_was_frozen_was_not_on_it(both):
    agreement = amended()
    note(agreement, "enrollment.file", user("bpjs"), clock.now(), version=1)
    note(agreement, "letter.downloaded", user("bpjs"), clock.now(), version=2)
    db.session.commit()
    assert [what for _, what in seen(9301)] == ["Naskah berisi daftar diunduh"]
    assert len(seen(9001)) == 2 and len(seen(9003)) == 2


def test_a_download_before_he_came_did_not_show_him(both):
    agreement = an_agreement("frozen")
    note(agreement, "roster.exported", user("legal"), clock.now() - timedelta(days=1))
    db.session.commit()
    assert not seen()


def test_who_is_on_the_working_list_was_on_it_when_it_went_out(both):
    agreement = an_agreement("frozen")
    note(agreement, "roster.exported", user("legal"), clock.now() + timedelta(minutes=1))
    db.session.commit()
    (found,) = sightings.sightings(db.session, blind_index(NIK))
    assert found.sure


def test_rows_of_an_import_that_were_not_stored_may_have_held_him(app):
    from webapp.importing import take_in
    from webapp.models.intake import tell

    agreement = an_agreement("frozen")
    batch = take_in(b"NIK;Nama", "daftar.csv", False, agreement, 2026, "lkd", user("legal"))
    db.session.add(batch)
    db.session.flush()
    tell(db.session, batch, "import.faulty", clock.now(), user("legal"), rows=1)
    db.session.commit()
    (found,) = sightings.sightings(db.session, blind_index(NIK))
    assert not found.sure and found.whole


def test_a_village_is_told_of_its_own_lists_only(both):
    here, there = an_agreement("frozen"), an_agreement("frozen", OTHER)
    for agreement in (here, there):
        open_person(agreement, one(agreement), "Uji", user("bpjs"), clock.now())
    db.session.commit()
    assert len(seen()) == 2
    set_scope(BIALO)
    assert len(seen()) == 1
    set_scope("")


def test_the_other_payers_list_is_told_too(app, as_):
    an_agreement("frozen")
    db.session.add(OtherCover(year=2026, payer="apbd", nik_index=blind_index(NIK), nik_masked="730201••••••9001", by_id=user("legal").id, at=clock.now()))
    db.session.commit()
    as_("legal").get("/tanggungan-lain/unduh.csv?tahun=2026")
    assert seen() == [("legal", "Daftar tanggungan lain diunduh")]


def test_a_signed_annex_that_is_downloaded_is_noted(app, as_):
    agreement = an_agreement("signed")
    annex, budget = agreement.standing_signature("annex").file_id, a_file(BIALO).id
    db.session.commit()
    legal = as_("legal")
    assert legal.get(f"/berkas/{annex}").status_code == legal.get(f"/berkas/{budget}").status_code == 200
    assert [what for _, what in seen()] == ["Pindaian berisi daftar diunduh"]


def test_the_originals_of_many_villages_are_told_to_those_who_are_in_them(both):
    from webapp.models import audit

    here, there = an_agreement("signed"), an_agreement("signed", OTHER, serial=9101)
    papers = [a_letter(each, "lampiran_peserta", unit=None, year=None, seq=None, number="", state="issued") for each in (here, there)]
    db.session.flush()
    audit.record(db.session, "print_set.downloaded", "print_set:1", actor="legal", at=clock.now(), letters=[papers[0].id])
    db.session.commit()
    assert seen() == [("legal", "Rangkap untuk ditandatangani diunduh")] and not seen(9101)


# --- looked for by NIK ---


@pytest.mark.parametrize("role", ["legal", "admin"])
def test_somebody_is_found_by_his_nik_for_a_reason(app, as_, role):
    an_agreement("frozen")
    person = as_(role)
    assert person.get("/data-pribadi").status_code == 200
    page = person.post("/data-pribadi/cari", {"nik": f"{NIK[:6]} {NIK[6:12]} {NIK[12:]}", "reason": "Permintaan orangnya"}).get_data(as_text=True)
    assert "Daftar kerja tahun 2026, Desa Bialo, Kecamatan Gantarang" in page and "730201••••••9001" in page and "Permintaan orangnya" in page
    assert not SIXTEEN.search(page)
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "person.searched")).one()
    assert (event.actor, event.facts["found"], len(event.facts["entries"]), len(event.facts["lines"])) == (role, 2, 1, 1)
    assert ("privacy.show" in page or "/data-pribadi/k" in page) == (role == "legal")
    assert seen() == [(role, "Dicari dengan NIK")]


@pytest.mark.parametrize("role", ["village", "approver", "bpjs", "camat", "monitor"])
def test_others_do_not_look_for_anybody(app, as_, role):
    assert as_(role).post("/data-pribadi/cari", {"nik": NIK, "reason": "x"}, seen="/kata-sandi").status_code == 403


@pytest.mark.parametrize("sent", [{"nik": NIK, "reason": " "}, {"nik": NIK[:15], "reason": "Sebab"}, {"nik": "", "reason": "Sebab"}])
def test_without_a_reason_or_a_whole_nik_nothing_is_told_or_noted(app, as_, sent):
    an_agreement("frozen")
    answer = as_("legal").post("/data-pribadi/cari", sent, seen="/data-pribadi")
    assert answer.status_code == 422 and "Bialo" not in answer.get_data(as_text=True).split("<h2>Permintaan")[0]
    assert not db.session.scalars(select(AuditEvent).where(AuditEvent.action == "person.searched")).all()


def test_nobody_found_is_noted_as_well(app, as_):
    assert "Tidak ada orang dengan NIK ini" in as_("legal").post("/data-pribadi/cari", {"nik": a_nik(9999), "reason": "Sebab"}, seen="/data-pribadi").get_data(as_text=True)
    assert db.session.scalars(select(AuditEvent).where(AuditEvent.action == "person.searched")).one().facts["found"] == 0


def test_who_looks_for_too_many_must_wait(app):
    for _ in range(MOST_NIK_AN_HOUR):
        sightings.search(db.session, NIK, "Uji", user("legal"), clock.now())
    db.session.commit()
    with pytest.raises(Refused, match="dalam satu jam"):
        sightings.search(db.session, NIK, "Uji", user("legal"), clock.now())


# --- a copy for him ---


def with_particulars(agreement: Agreement) -> None:
    change_person(agreement, one(agreement), a_person(9001, particulars=Particulars(mother="Contoh Ibu", heir_name="Contoh Waris", address="Dusun Contoh")), user("legal"), clock.now(), clock.today())
    db.session.commit()


def test_the_copy_holds_everything_about_him_and_nobody_else(app, as_):
    agreement = amended()
    with_particulars(agreement)
    legal = as_("legal")
    said = json.loads(legal.post(f"{at(agreement)}/salinan.json", {"reason": "KTP diperlihatkan"}, seen=at(agreement)).get_data())
    assert [each["source"] for each in said["lists"]] == ["Daftar kerja tahun 2026, Desa Bialo, Kecamatan Gantarang", "Daftar versi 1 tahun 2026, Desa Bialo, Kecamatan Gantarang", "Daftar versi 2 tahun 2026, Desa Bialo, Kecamatan Gantarang"]
    assert said["lists"][0]["data"]["NIK"] == NIK and said["lists"][0]["data"]["Nama ibu kandung"] == "Contoh Ibu"
    assert [each["Perubahan"] for each in said["changes"]] == ["Meninggal"]
    assert "9002" not in json.dumps(said) and "UU 27/2022" in json.dumps(said["about"])
    assert seen()[0] == ("legal", "Salinan data pribadi diserahkan")


def test_the_copy_as_a_workbook_reads_like_a_letter(app, as_):
    agreement = an_agreement("frozen")
    answer = as_("village").post(f"{at(agreement)}/salinan.xlsx", {"reason": "Orangnya sendiri"}, seen=at(agreement))
    assert NIK not in answer.headers["Content-Disposition"] and "Contoh" not in answer.headers["Content-Disposition"]
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.get_data()))
    assert book.sheet_names == ["Data", "Siapa yang melihat", "Keterangan"]
    assert ["Daftar kerja tahun 2026, Desa Bialo, Kecamatan Gantarang", "NIK", NIK] in book.get_sheet_by_name("Data").to_python()


def test_a_village_copies_its_own_lists_only(app, as_):
    agreement, there = an_agreement("frozen"), an_agreement("frozen", OTHER)
    said = as_("village").post(f"{at(agreement)}/salinan.json", {"reason": "Orangnya sendiri"}, seen=at(agreement)).get_data(as_text=True)
    assert "Bialo" in said and db.session.get(Agreement, there.id).village.name not in said


def test_there_is_no_copy_without_a_reason(app, as_):
    agreement = an_agreement("frozen")
    answer = as_("legal").post(f"{at(agreement)}/salinan.json", {"reason": " "}, seen=at(agreement))
    assert answer.status_code == 409 and NIK not in answer.get_data(as_text=True) and not seen()


def test_who_stands_on_a_frozen_list_alone_has_a_page_too(app, as_):
    agreement = an_agreement("frozen")
    line = db.session.scalars(select(RosterVersionEntry).order_by(RosterVersionEntry.id)).first()
    remove_person(agreement, one(agreement), user("legal"), clock.now(), clock.today())
    db.session.commit()
    legal = as_("legal")
    assert legal.get(f"/data-pribadi/b{line.id}").status_code == 200
    assert legal.post(f"/data-pribadi/b{line.id}/salinan.json", {"reason": "Sebab"}).status_code == 200
    assert legal.get(f"/data-pribadi/b{line.id}/akses.csv").status_code == 200


@pytest.mark.parametrize("end", ["", "/pembetulan", "/akses.csv"])
def test_somebody_of_another_village_is_not_there(app, as_, end):
    there = an_agreement("frozen", OTHER)
    line = db.session.scalars(select(RosterVersionEntry)).first()
    village = as_("village")
    assert village.get(f"{at(there)}{end}").status_code == 404 == village.get(f"/data-pribadi/b{line.id}{end}").status_code


@pytest.mark.parametrize("role", ["approver", "bpjs", "camat", "monitor", "admin"])
def test_others_do_not_see_the_page_of_a_person(app, as_, role):
    assert as_(role).get(at(an_agreement("frozen"))).status_code in (403, 404)


# --- corrections ---


def asked(agreement: Agreement, hours: int = 1) -> CorrectionRequest:
    row = corrections.ask(agreement, one(agreement), clock.now() - timedelta(hours=hours), "Orangnya sendiri, KTP", "Tempat lahir keliru", user("legal"), clock.now())
    db.session.commit()
    return row


def answered(row: CorrectionRequest, outcome: str, reason: str = "") -> CorrectionAnswer:
    found = corrections.answer(corrections.agreement_of(row), row, outcome, reason, user("legal"), clock.now())
    db.session.commit()
    return found


def test_a_request_is_noted_through_the_page_and_waits_on_the_to_do_list(app, as_):
    agreement, legal = an_agreement("frozen"), as_("legal")
    sent = {"on": "2026-11-22", "at": "08.30", "asked_by": "Orangnya sendiri, KTP", "what": f"NIK yang benar {a_nik(9555)}"}
    assert legal.post(f"{at(agreement)}/pembetulan", sent).status_code == 303
    db.session.rollback()
    row = db.session.scalars(select(CorrectionRequest)).one()
    assert row.due_at - row.received_at == timedelta(hours=72) and clock.at_office(row.received_at).hour == 8
    home = legal.get("/").get_data(as_text=True)
    assert "Permintaan pembetulan data pribadi belum dijawab" in home and "terlambat" not in home
    with clock.at(clock.now() + timedelta(hours=73)):
        assert corrections.open_requests(db.session, clock.now()) == (1, 1)
    assert a_nik(9555) in legal.get(f"/data-pribadi/permintaan/{row.id}").get_data(as_text=True)
    assert not SIXTEEN.search(legal.get("/data-pribadi").get_data(as_text=True) + legal.get("/data-pribadi/permintaan.csv").get_data(as_text=True))


@pytest.mark.parametrize("sent", [{"on": "2026-11-23"}, {"at": "25.00"}, {"what": ""}, {"asked_by": " "}])
def test_a_request_that_cannot_be_is_asked_for_again(app, as_, sent):
    agreement = an_agreement("frozen")
    answer = as_("legal").post(f"{at(agreement)}/pembetulan", {"on": "2026-11-22", "at": "08:30", "asked_by": "Ia", "what": "Nama"} | sent)
    assert answer.status_code == 200 and not db.session.scalars(select(CorrectionRequest)).all()


def test_it_is_closed_by_a_correction_that_was_made(both):
    agreement = an_agreement("frozen")
    row = asked(agreement)
    with pytest.raises(Refused, match="belum diubah"):
        answered(row, "corrected")
    db.session.rollback()
    with_particulars(db.session.get(Agreement, agreement.id))
    assert answered(row, "corrected").outcome == "corrected" and row.state == "corrected"
    with pytest.raises(Refused, match="sudah dijawab"):
        answered(row, "refused", "Sebab")


def test_it_is_refused_with_a_reason(both):
    row = asked(an_agreement("frozen"))
    with pytest.raises(Refused, match="mengapa"):
        answered(row, "refused", " ")
    db.session.rollback()
    assert answered(row, "refused", f"KTP menyebut {NIK}").reason
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "correction.answered")).one()
    assert event.facts["outcome"] == "refused" and NIK not in event.detail


def test_the_village_answers_its_own_and_sees_no_others(app, as_):
    here, there = asked(an_agreement("frozen")), asked(an_agreement("frozen", OTHER))
    village = as_("village")
    assert village.get(f"/data-pribadi/permintaan/{there.id}").status_code == 404
    assert village.post(f"/data-pribadi/permintaan/{here.id}", {"outcome": "refused", "reason": ""}).status_code == 200
    assert village.post(f"/data-pribadi/permintaan/{here.id}", {"outcome": "refused", "reason": "Sudah benar"}).status_code == 303
    db.session.rollback()
    assert here.state == "refused" and there.state == "open"


def test_the_village_sees_on_its_own_page_what_waits(app, as_):
    asked(an_agreement("frozen"))
    assert "1 permintaan pembetulan data pribadi belum dijawab" in as_("village").get("/rumah").get_data(as_text=True)


def test_what_is_wrong_lies_sealed(both):
    from sqlalchemy import text

    asked(an_agreement("frozen"))
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("SELECT set_config('sinergi.scope', '%', true)"))
    assert b"Tempat lahir" not in bytes(db.session.execute(text("SELECT what FROM correction_requests")).scalar())


# --- the canary ---


def test_no_nik_leaves_by_pages_addresses_events_or_logs(app, as_, caplog):
    agreement = amended()
    legal, pages = as_("legal"), []
    where = at(agreement)
    legal.post("/data-pribadi/cari", {"nik": NIK, "reason": f"Uji {NIK}"}, seen="/data-pribadi")
    pages.append(legal.page)
    legal.post(f"/peserta/{one(agreement).id}/nik", {"reason": f"Uji {NIK}"}, seen=where)
    legal.post(f"{where}/salinan.xlsx", {"reason": f"Uji {NIK}"}, seen=where)
    legal.post(f"{where}/pembetulan", {"on": "2026-11-22", "at": "08.30", "asked_by": "Ia", "what": f"NIK {NIK}"})
    for url in ("/data-pribadi", where, f"{where}/akses.csv", "/data-pribadi/permintaan.csv", "/masa-simpan", "/"):
        pages.append(legal.get(url).get_data(as_text=True))
    db.session.rollback()
    events = [each.detail + each.object for each in db.session.scalars(select(AuditEvent))]
    assert not [each for each in (*pages, *events, caplog.text, where) if SIXTEEN.search(each)]
    assert not [each for each in events if blind_index(NIK) in each or "Contoh Peserta" in each]
