"""Paraf koordinasi: a step that the office switches on from a date; given on exact facts by Bagian Hukum, lapsing when they change."""

import re
from datetime import date

import pytest

from tests.builders import BIALO, OTHER, an_agreement, user
from webapp import clock
from webapp.db import db
from webapp.issuing import reserve
from webapp.models import Agreement, AuditEvent, Office, Paraf
from webapp.models.approvals import approve, return_draft
from webapp.models.lists import refresh_all
from webapp.models.parafs import give_paraf
from workflows import NotYet, NotYours, Refused, whole_road
from workflows.stages.draft import approval_digest

CODE = f"{BIALO}-2026"


def switched_on(on: date = date(2026, 1, 1)) -> None:
    db.session.get(Office, 1).paraf_from = on
    db.session.flush()
    refresh_all(db.session, clock.today())


def given(agreement: Agreement, by: str = "bagian_hukum") -> Paraf:
    paraf = give_paraf(agreement, user(by), approval_digest(agreement), clock.now(), clock.today())
    db.session.commit()
    return paraf


def slugs(agreement: Agreement) -> list[str]:
    return [each.slug for each in agreement.open_on(clock.today())]


def road(agreement: Agreement) -> list[str]:
    return [condition.slug for _, conditions in whole_road(agreement, clock.today()) for condition, _ in conditions]


def test_while_it_is_off_the_condition_does_not_exist(app, as_):
    agreement = an_agreement("frozen")
    assert "paraf_given" not in road(agreement)
    assert "Diparaf" not in as_("legal").get("/desa").text
    with pytest.raises(Refused, match="tidak diminta"):
        given(agreement)


def test_switched_on_it_stands_between_the_flags_and_the_approval(app):
    switched_on()
    agreement = an_agreement("frozen")
    found = road(agreement)
    assert found[found.index("nothing_flagged") + 1 : found.index("approved") + 1] == ["paraf_given", "approved"]
    assert agreement.turn == "bagian_hukum"
    with pytest.raises(NotYet) as refusal:
        approve(agreement, user("approver"), approval_digest(agreement), clock.now(), clock.today())
    assert [each.slug for each in refusal.value.open] == ["paraf_given"]


def test_initialled_it_goes_to_the_approver_and_on(app):
    switched_on()
    agreement = an_agreement("frozen")
    given(agreement)
    assert agreement.turn == "approver"
    approve(agreement, user("approver"), approval_digest(agreement), clock.now(), clock.today())
    assert reserve("perjanjian_desa", agreement, user("legal")).number


def test_it_is_asked_by_the_agreements_date(app):
    switched_on(date(2026, 3, 3))
    assert "paraf_given" not in road(an_agreement("frozen"))  # dated 2 March
    assert "paraf_given" in road(an_agreement("frozen", OTHER, serial=9101, dated_on=date(2026, 3, 3)))


def test_it_lapses_when_a_fact_changes(app):
    switched_on()
    agreement = an_agreement("frozen")
    given(agreement)
    agreement.dated_on = date(2026, 3, 4)
    agreement.edited("agreement.edited", user("legal"), clock.now(), clock.today())
    assert {each.slug: each.because for each in agreement.open_on(clock.today())}["paraf_given"] == "isinya berubah sesudah diparaf"
    given(agreement)
    assert "paraf_given" not in slugs(agreement)


def test_a_return_takes_it_back(app):
    switched_on()
    agreement = an_agreement("frozen")
    given(agreement)
    return_draft(agreement, user("bagian_hukum"), "pasal 3 keliru", clock.now(), clock.today())
    assert "paraf_given" in slugs(agreement)


def test_without_it_no_number_is_drawn_although_approved_before(app):
    agreement = an_agreement("approved")
    switched_on()
    with pytest.raises(NotYet) as refusal:
        reserve("perjanjian_desa", agreement, user("legal"))
    assert [each.slug for each in refusal.value.open] == ["paraf_given"]
    given(agreement)
    assert reserve("perjanjian_desa", agreement, user("legal")).number


def test_what_was_signed_before_stands_and_is_not_asked(app):
    agreement = an_agreement("signed")
    switched_on()
    assert "paraf_given" not in road(agreement)
    assert agreement.stage == "budgeting"


def test_what_was_initialled_and_signed_keeps_its_tick(app):
    switched_on()
    agreement = an_agreement("frozen")
    given(agreement)
    assert "paraf_given" in road(agreement)


@pytest.mark.parametrize("by", ["legal2", "approver", "bpjs"])
def test_nobody_else_gives_it(app, by):
    switched_on()
    with pytest.raises(NotYours):
        given(an_agreement("frozen"), by)


def test_who_drew_it_up_does_not_initial_it(app):
    switched_on()
    agreement = an_agreement("frozen")
    agreement.edited("agreement.edited", user("bagian_hukum"), clock.now(), clock.today())
    with pytest.raises(NotYours):
        given(agreement)


def test_it_is_not_given_twice_nor_too_early(app):
    switched_on()
    with pytest.raises(NotYet):
        given(an_agreement("empty"))
    agreement = an_agreement("frozen", OTHER, serial=9101)
    given(agreement)
    with pytest.raises(Refused, match="sudah diparaf"):
        given(agreement)


def test_bagian_hukum_reads_the_draft_and_initials_what_was_shown(app, as_):
    switched_on()
    an_agreement("frozen")
    db.session.commit()
    jurist = as_("bagian_hukum")
    assert "Konsep menunggu paraf Bagian Hukum" in jurist.get("/").text
    page = f"/perjanjian/{CODE}/periksa"
    assert "Paraf konsep ini" in jurist.get(page).text and "Setujui konsep ini" not in jurist.page
    assert jurist.post(f"/perjanjian/{CODE}/paraf", {"seen": jurist.hidden("seen")}).status_code == 303
    db.session.rollback()
    paraf = db.session.query(Paraf).one()
    assert (paraf.by_login, paraf.on, paraf.at) == ("bagian_hukum", clock.today(), clock.now())
    assert db.session.query(AuditEvent).filter_by(action="paraf.given").count() == 1
    assert "Diparaf Bagian Hukum" in as_("approver").get(page).text


def test_what_changed_meanwhile_is_not_initialled(app, as_):
    switched_on()
    an_agreement("frozen")
    db.session.commit()
    answer = as_("bagian_hukum").post(f"/perjanjian/{CODE}/paraf", {"seen": "x"})
    assert answer.status_code == 409 and "Isi konsep berubah" in answer.text


def test_bagian_hukum_sees_no_nik(app, as_):
    agreement = an_agreement("numbered")
    jurist = as_("bagian_hukum")
    assert jurist.get(f"/perjanjian/{agreement.code}/pratinjau/lampiran_peserta").status_code == 403
    assert jurist.get(f"/perjanjian/{agreement.code}/peserta").status_code == 200
    assert "••••••" in jurist.page and not re.search(r"\b7302\d{12}\b", jurist.page)


def test_the_administrator_switches_it_on_and_off_with_a_date(app, as_):
    from tests.webapp.test_offices import an_office

    agreement = an_agreement("frozen")
    admin = as_("admin")
    admin.post("/kantor", an_office(paraf_from="2026-01-01"))
    db.session.rollback()
    assert db.session.get(Agreement, agreement.id).turn == "bagian_hukum"
    assert "Diparaf Bagian Hukum" in as_("legal").get("/desa").text
    admin.post("/kantor", an_office(paraf_from=""))
    db.session.rollback()
    assert db.session.get(Agreement, agreement.id).turn == "approver"
