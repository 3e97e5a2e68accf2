"""Agreements made before this register began: taken over from the archive, marked as such, proven later by a scan."""

from datetime import date

import pytest
from sqlalchemy import select

from webapp import clock
from webapp.db import db
from webapp.models import Accord, Agreement, Letter, Takeover, freezing, participants, signatures, takeovers
from webapp.models.letters import draw_number
from webapp.models.takeovers import Archived
from workflows import Refused

from ..builders import BIALO, a_file, a_person, user

ON = date(2026, 2, 3)


@pytest.fixture
def office(app):
    return db.session.scalars(select(Accord)).one()


def a_row(**more) -> Archived:
    usual = {"village_code": BIALO, "fiscal_year": 2026, "number_kesatu": "100.3.7.1/900/DPMD/II/2026", "number_kedua": "PER/900/022026"}
    return Archived(**usual | {"dated_on": ON, "place": "Contoh", "kesatu": "Contoh Satu", "kedua": "Contoh Dua", "head": "Contoh Tiga"} | more)


def taken_over(accord, **more) -> Agreement:
    (agreement,) = takeovers.take_over(db.session, accord, [a_row(**more)], "f" * 64, by=user("legal"), at=clock.now(), today=clock.today())
    return agreement


def acting(login: str = "legal") -> dict:
    return {"by": user(login), "at": clock.now(), "today": clock.today()}


def test_an_agreement_of_the_archive_stands_with_its_numbers_and_signers(office):
    agreement = taken_over(office)
    assert agreement.numbers == ("100.3.7.1/900/DPMD/II/2026", "PER/900/022026")
    assert agreement.parties_seen == ("Contoh Satu", "Contoh Dua", "Contoh Tiga")
    assert "approved" not in [each.slug for each in agreement.open_on(clock.today())]


def test_a_gap_of_the_archive_is_said(office):
    agreement = taken_over(office, kedua="")
    assert agreement.party_gaps == ("nama penandatangan PIHAK KEDUA belum diisi pada data yang diambil alih",)


@pytest.mark.parametrize("more", [{}, {"village_code": "73.02.01.2005"}], ids=["same village", "same number"])
def test_a_village_and_a_number_are_taken_over_once(office, more):
    taken_over(office)
    with pytest.raises(Refused, match=r"sudah (mempunyai|ada)"):
        taken_over(office, **more if more else {"number_kesatu": "100.3.7.1/901/DPMD/II/2026"})


def test_the_first_list_of_what_was_taken_over_is_its_list_not_an_amendment(office):
    agreement = taken_over(office)
    for serial in (9001, 9002):
        participants.add_people(agreement, [a_person(serial)], **acting())
        freezing.freeze(agreement, **acting())
    assert (agreement.roster_version.number, agreement.amendments) == (2, [])
    prove(agreement)
    participants.add_people(agreement, [a_person(9003)], **acting())
    freezing.freeze(agreement, **acting())
    db.session.expire(agreement)
    assert (agreement.roster_version.number, len(agreement.amendments)) == (2, 1)


def prove(agreement: Agreement) -> None:
    for each in takeovers.attach_scan(agreement, ["kesatu", "kedua", "annex"], ON, "Contoh", a_file(BIALO), **acting()):
        signatures.review(each, agreement, True, "", **acting("approver"))


def test_scans_close_the_signature_stage_and_say_where_they_come_from(office):
    agreement = taken_over(office)
    participants.add_people(agreement, [a_person()], **acting())
    freezing.freeze(agreement, **acting())
    assert agreement.current_stage().slug == "signature"
    prove(agreement)
    assert agreement.current_stage().slug == "budgeting"
    assert {each.method for each in agreement.signatures} == {"taken_over"}


def test_its_paper_is_not_issued_again_here(office):
    from webapp import issuing

    agreement = taken_over(office)
    with pytest.raises(Refused, match="diambil alih"):
        issuing.reserve("perjanjian_desa", agreement, user("legal"))
    assert db.session.query(Letter).count() == 0


def test_a_correction_is_a_new_row_and_the_newest_stands(office):
    agreement = taken_over(office)
    takeovers.correct(agreement, a_row(kedua="Contoh Empat"), **acting())
    db.session.expire(agreement)
    assert agreement.parties_seen[1] == "Contoh Empat"
    assert db.session.query(Takeover).count() == 2
    with pytest.raises(Refused, match="berubah"):
        takeovers.correct(agreement, a_row(kedua="Contoh Empat"), **acting())


def test_the_register_goes_on_where_the_office_is(office):
    takeovers.start_series(db.session, "DPMD", 2026, 214, "buku agenda", user("legal"), clock.now())
    assert draw_number(db.session, "DPMD", 2026) == 215
    with pytest.raises(Refused, match="215"):
        takeovers.start_series(db.session, "DPMD", 2026, 300, "buku agenda", user("legal"), clock.now())
