"""Who signs on the paper's date: capacity with its own order, mandate that was given by then, and letters signed in the head's name."""

from datetime import date

import pytest

from tests.builders import OTHER, a_tenure, an_agreement, user
from webapp import clock
from webapp.db import db
from webapp.issuing import order_of, reserve
from webapp.models import AuditEvent, Delegation, Office, Official, delegations
from webapp.models.delegations import DELEGABLE
from webapp.models.lists import refresh_all
from webapp.papers import draw_up
from workflows import NotYet, Refused

ON = date(2026, 3, 2)


def office() -> Office:
    return db.session.get(Office, 1)


def acting_head(capacity: str, decree: str = "", **more) -> None:
    tenure = a_tenure("head_office", "", "Contoh Pelaksana", capacity=capacity, office_id=1, from_on=date(2026, 2, 1), until_on=date(2026, 12, 31), **more)
    tenure.decree_number = decree
    db.session.flush()


def opens(agreement) -> dict[str, str]:
    return {each.slug: each.because for each in agreement.open_on(clock.today())}


@pytest.mark.parametrize("capacity", ["pj", "plt", "plh"])
def test_who_acts_as_head_needs_an_order_of_his_own(app, capacity):
    """The office's standing speaks for a definitive head only."""
    office().authority = "Peraturan Daerah Nomor 1"
    acting_head(capacity)
    agreement = an_agreement("empty")
    assert "surat perintah" in opens(agreement)["parties_complete"] and "Contoh Pelaksana" in opens(agreement)["parties_complete"]
    assert draw_up("perjanjian_desa", agreement, order_of("perjanjian_desa", None, clock.today())).kesatu.authority == ""


def test_with_an_order_he_signs_and_prints_as_what_he_is(app):
    acting_head("plt", "800/12/2026")
    agreement = an_agreement("empty")
    assert "parties_complete" not in opens(agreement)
    kesatu = draw_up("perjanjian_desa", agreement, order_of("perjanjian_desa", None, clock.today())).kesatu
    assert kesatu.signer.full_position.startswith("Plt. Kepala Dinas") and "800/12/2026" in kesatu.authority


def test_who_signs_is_asked_of_the_papers_date_not_of_today(app):
    acting_head("plh", "800/13/2026", number_kind="")
    agreement = an_agreement("empty", dated_on=date(2026, 1, 20))
    assert agreement.signer(1).official.name == "Contoh Kepala Dinas, S.Sos."


def test_a_letter_of_an_acting_head_without_an_order_is_not_issued(app):
    acting_head("plh")
    with pytest.raises(NotYet) as refusal:
        reserve("undangan", office(), user("legal"), {})
    assert "surat perintah Plh. Contoh Pelaksana belum dicatat" in str(refusal.value)


def test_a_mandate_that_was_given_later_covers_nothing_before(app):
    agreement = an_agreement("empty")
    agreement.accord.mandate_on = date(2026, 3, 9)
    assert opens(agreement)["parties_complete"] == "PIHAK KESATU: surat kuasa Bupati baru diberikan 09-03-2026"
    assert [each.slug for each in agreement.accord.gaps()] == ["accord_mandate"]


# --- a.n., u.b. ---


def a_delegation(**more) -> Delegation:
    usual = {
        "official": Official(name="Contoh Sekretaris, S.H.", number_kind="NIP", number="190001012000019009", rank="Pembina"), "title": "Sekretaris", "through": "",
        "kinds": DELEGABLE, "order_by": "Kepala Dinas", "order_number": "800/9/2026", "order_on": date(2026, 1, 5), "from_on": date(2026, 1, 6), "until_on": None,
    }  # fmt: skip
    return delegations.delegate(db.session, office(), Delegation(**usual | more), user("legal"), clock.now())


def signer(slug: str, on: date | None = None):
    agreement = an_agreement("numbered") if not office_agreements() else office_agreements()[0]
    return draw_up(slug, agreement, order_of(slug, "1", on or clock.today())).signer


def office_agreements():
    from webapp.models import Agreement

    return db.session.query(Agreement).all()


def test_a_letter_is_signed_in_the_heads_name_while_the_order_holds(app):
    row = a_delegation(until_on=date(2026, 11, 30))
    found = signer("surat_pengantar")
    assert (found.name, found.position, found.through) == ("Contoh Sekretaris, S.H.", "Sekretaris", None)
    assert found.on_behalf == "Kepala Dinas Pemberdayaan Masyarakat dan Desa"
    assert signer("surat_pengantar", date(2026, 12, 1)).on_behalf is None
    assert row.holds_on(date(2026, 11, 30))


def test_by_order_of_the_secretary_it_is_u_b(app):
    a_delegation(title="Kepala Bidang Contoh", through="Sekretaris")
    found = signer("surat_teguran")
    assert (found.through, found.position) == ("Sekretaris", "Kepala Bidang Contoh")


def test_in_the_name_of_an_acting_head_his_capacity_is_said(app):
    acting_head("plt", "800/12/2026")
    a_delegation(from_on=date(2026, 3, 1))
    assert signer("surat_pengantar").on_behalf.startswith("Plt. Kepala Dinas")


def test_agreements_are_never_signed_in_somebody_elses_name(app):
    a_delegation()
    agreement = an_agreement("numbered")
    assert draw_up("perjanjian_desa", agreement, order_of("perjanjian_desa", "1", clock.today())).kesatu.signer.on_behalf is None
    with pytest.raises(Refused, match="korespondensi"):
        a_delegation(kinds=("perjanjian_desa",), from_on=date(2027, 1, 1))


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"title": "Kepala Dinas Pemberdayaan Masyarakat dan Desa"}, "atas nama dirinya sendiri"),
        ({"through": "Sekretaris"}, "di antara kepala kantor"),
        ({"order_number": ""}, "bernomor"),
        ({"order_on": date(2026, 2, 1)}, "tidak bertanggal sesudah"),
        ({"kinds": ()}, "korespondensi"),
        ({"until_on": date(2025, 1, 1)}, "sebelum dimulai"),
        ({"from_on": date(2030, 1, 2), "order_on": date(2030, 1, 1)}, "tidak ada yang dapat diatasnamakan"),
    ],
)
def test_what_cannot_be_signed_in_the_heads_name_is_refused(app, more, sentence):
    with pytest.raises(Refused, match=sentence):
        a_delegation(**more)


def test_two_do_not_sign_the_same_letters_at_once(app):
    first = a_delegation()
    with pytest.raises(Refused, match="Akhiri dahulu"):
        a_delegation(title="Kepala Bidang Contoh")
    delegations.end_delegation(db.session, first, date(2026, 6, 30), user("legal"), clock.now())
    assert a_delegation(title="Kepala Bidang Contoh", from_on=date(2026, 7, 1)).id != first.id


def test_legal_staff_adds_and_ends_it_and_it_is_in_the_trail(app, as_):
    legal = as_("legal")
    body = {
        "official": "0", "name": "Contoh Sekretaris", "number": "", "rank": "", "title": "Sekretaris", "through": "", "kinds": ["undangan"], "order_by": "Kepala Dinas",
        "order_number": "800/9/2026", "order_on": "2026-11-20", "from_on": "2026-11-22", "until_on": "",
    }  # fmt: skip
    assert legal.post("/pejabat/atas-nama/baru", body).status_code == 303
    assert "Contoh Sekretaris" in legal.get("/pejabat/atas-nama").text
    row = db.session.query(Delegation).one()
    legal.post(f"/pejabat/atas-nama/{row.id}/akhiri", {"last": "2026-11-30"})
    db.session.rollback()
    assert db.session.query(Delegation).one().until_on == date(2026, 11, 30)
    actions = [each.action for each in db.session.query(AuditEvent).filter(AuditEvent.action.like("official.delegat%")).order_by(AuditEvent.seq)]
    assert actions == ["official.delegated", "official.delegation_ended"]


def test_an_order_after_its_beginning_is_told_at_the_field(app, as_):
    body = {"official": "0", "name": "", "title": "Sekretaris", "kinds": ["undangan"], "order_by": "x", "order_number": "1", "order_on": "2026-12-20", "from_on": "2026-11-22"}
    page = as_("legal").post("/pejabat/atas-nama/baru", body).text
    assert "bertanggal sesudah mulai berlaku" in page and "Wajib diisi" in page


@pytest.mark.parametrize("role", ["village", "camat", "bpjs", "monitor"])
def test_others_do_not_see_it(as_, role):
    assert as_(role).get("/pejabat/atas-nama").status_code == 403


def test_an_agreement_of_another_day_has_another_signer(app):
    acting_head("plt", "800/12/2026")
    before, after = an_agreement("empty", dated_on=date(2026, 1, 20)), an_agreement("empty", OTHER, serial=9101)
    refresh_all(db.session, clock.today())
    assert before.signer(1).capacity == "definitif" and after.signer(1).capacity == "plt"
