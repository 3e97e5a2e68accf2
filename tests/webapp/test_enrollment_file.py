"""The file for registration: full NIK as text, a sheet per segment, what is missing counted before, every download an event with its reason."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from tests.builders import BIALO, OTHER, a_nik, a_person, an_agreement, user
from webapp import clock, enrollment_file
from webapp.db import db
from webapp.models import AuditEvent
from webapp.models.freezing import freeze
from webapp.models.participants import add_people
from webapp.models.particulars import Particulars
from workflows import Refused

PAGE = f"/perjanjian/{BIALO}-2026/kepesertaan/berkas"


def mixed():
    """Two wage earners and one vulnerable worker, frozen; one of them with particulars."""
    agreement = an_agreement()
    people = [a_person(9001), a_person(9002, name="=Contoh Rumus"), a_person(9003, "pekerja_rentan", wage_base=Decimal(1000000), job="Petani")]
    add_people(agreement, people, user("legal"), clock.now(), clock.today())
    agreement.entries[0].particulars = Particulars(mother="Contoh Ibu", birth_place="Bulukumba", phone="+62 800-0000-9001", heir_name="Contoh Waris")
    freeze(agreement, user("legal"), clock.now(), clock.today())
    db.session.commit()
    return agreement


def sheets(content: bytes) -> dict[str, list]:
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_each_segment_has_a_sheet_and_every_nik_is_whole_text(app):
    found = sheets(enrollment_file.hand_out(mixed(), "pendaftaran", user("bpjs")))
    assert list(found) == ["PU Penerima upah", "BPU Bukan penerima upah", "Keterangan"]
    assert {row[0] for row in found["PU Penerima upah"][1:]} == {a_nik(9001), a_nik(9002)}
    assert [row[0] for row in found["BPU Bukan penerima upah"][1:]] == [a_nik(9003)]
    head = found["PU Penerima upah"][0]
    assert head[:3] == ["NIK", "Nama sesuai KTP", "Tempat lahir"] and "JP" in head and "JP" not in found["BPU Bukan penerima upah"][0]


def test_dates_and_money_are_dates_and_numbers_and_programmes_are_ticked(app):
    head, row, *_ = sheets(enrollment_file.hand_out(mixed(), "pendaftaran", user("bpjs")))["PU Penerima upah"]
    said = dict(zip(head, row, strict=True))
    assert (said["Tanggal lahir"], said["Upah"], said["Tanggal mulai kepesertaan"]) == (date(1980, 5, 17), 2022200.0, date(2026, 1, 1))
    assert (said["JKK"], said["JKM"], said["JHT"]) == ("Y", "Y", "T")


def test_what_the_list_knows_stands_in_it_and_what_it_lacks_is_counted(app, as_):
    agreement = mixed()
    rows = sheets(enrollment_file.hand_out(agreement, "pendaftaran", user("bpjs")))["PU Penerima upah"]
    mother, phone = rows[0].index("Nama ibu kandung"), rows[0].index("Nomor HP")
    known = next(row for row in rows[1:] if row[mother])
    assert (known[mother], known[phone]) == ("Contoh Ibu", "+62 800-0000-9001")
    counted = {(segment, title): (lacking, of) for segment, title, lacking, of in enrollment_file.missing(enrollment_file.registered(agreement))}
    assert counted["PU", "Nama ibu kandung"] == (1, 2) and counted["BPU", "Nama ibu kandung"] == (1, 1)
    assert ("PU", "Pos-el") not in counted and ("PU", "NIK") not in counted
    page = as_("bpjs").get(PAGE).text
    assert "Nama ibu kandung" in page and "1 dari 2 orang" in page and a_nik(9001) not in page


def test_a_name_like_a_formula_is_no_formula(app):
    rows = sheets(enrollment_file.hand_out(mixed(), "pendaftaran", user("bpjs")))["PU Penerima upah"]
    assert "'=Contoh Rumus" in [row[1] for row in rows]


def test_the_download_is_an_event_with_its_reason_and_without_a_nik(app, as_):
    mixed()
    bpjs = as_("bpjs")
    assert "Jangan menulis NIK di sini" in bpjs.post(PAGE, {"reason": f"Pendaftaran {a_nik(9001)}"}, seen=PAGE).text
    answer = bpjs.post(PAGE, {"reason": "Pendaftaran"}, seen=PAGE)
    assert answer.status_code == 200 and answer.data.startswith(b"PK")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="pendaftaran-{BIALO}-2026.xlsx"'
    again = bpjs.post(PAGE, {"reason": "Kirim ulang"}, seen=PAGE)
    assert again.data.startswith(b"PK")
    db.session.rollback()
    events = list(db.session.scalars(select(AuditEvent).where(AuditEvent.action == "enrollment.file").order_by(AuditEvent.seq)))
    assert [(each.actor, each.facts["reason"], each.facts["people"]) for each in events] == [("bpjs", "Pendaftaran", 3), ("bpjs", "Kirim ulang", 3)]


def test_without_a_reason_there_is_no_file(app, as_):
    mixed()
    assert as_("legal").post(PAGE, {"reason": " "}, seen=PAGE).status_code == 409


def test_without_a_frozen_list_there_is_no_file(app, as_):
    agreement = an_agreement()
    assert "belum dibekukan" in as_("legal").get(PAGE).text
    with pytest.raises(Refused, match="belum dibekukan"):
        enrollment_file.hand_out(agreement, "pendaftaran", user("bpjs"))


def test_it_is_for_those_who_may_see_nik_of_this_village(app, as_):
    mixed()
    assert as_("camat").get(PAGE).status_code == 403
    assert as_("monitor").post(PAGE, {"reason": "x"}).status_code == 403
    assert as_(OTHER).get(PAGE).status_code == 404
    assert as_("village").get(PAGE).status_code == 200
