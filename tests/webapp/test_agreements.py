"""Drawing up an agreement: started once, renewed from last year, answered for by somebody else, held with a reason."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from tests.builders import BIALO, OTHER, a_person, an_agreement, entries_of, user
from webapp import clock
from webapp.db import db
from webapp.models import Agreement, Approval, AuditEvent, CategoryTerms, LegalBasis
from webapp.models.freezing import freeze
from webapp.models.participants import add_people
from workflows.stages.draft import approval_digest

CODE, NEXT = f"{BIALO}-2026", f"{BIALO}-2027"
NEW = f"/desa/{BIALO}/perjanjian-baru"


def again(code: str = CODE) -> Agreement | None:
    db.session.rollback()
    village, year = code.rsplit("-", 1)
    return db.session.scalar(select(Agreement).where(Agreement.village_code == village, Agreement.fiscal_year == int(year)))


def usual_bases() -> list[int]:
    return list(db.session.scalars(select(LegalBasis.id).where(LegalBasis.usual)))


def a_draft(**more) -> dict:
    return {"accord": 1, "dated_on": "2026-03-02", "place": "Bulukumba", "month_first": "2026-01", "month_last": "2026-12", "bases": usual_bases()} | more


def rules_for_2027() -> None:
    for each in list(db.session.scalars(select(CategoryTerms).where(CategoryTerms.year == 2026))):
        same = {"category_slug": each.category_slug, "segment": each.segment, "programmes": each.programmes, "confidence": "U", "source": "uji"}
        db.session.add(CategoryTerms(year=2027, wage_base=each.wage_base + 100000, **same))
    db.session.commit()


# --- start ---


def test_legal_starts_an_agreement_and_becomes_its_drafter(as_):
    response = as_("legal").post(f"{NEW}?tahun=2026", a_draft())
    assert response.headers["Location"].endswith(f"/perjanjian/{CODE}")
    started = again()
    assert started.drafters == {"legal"}
    assert (started.stage, started.month_last, len(started.bases)) == ("draft", date(2026, 12, 1), len(usual_bases()))


def test_a_form_sent_twenty_times_starts_one(as_):
    legal = as_("legal")
    legal.get(f"{NEW}?tahun=2026")
    key = legal.hidden("once")
    places = {legal.post(f"{NEW}?tahun=2026", a_draft(once=key)).headers["Location"] for _ in range(5)}
    assert len(places) == 1
    db.session.rollback()
    assert len(db.session.scalars(select(Agreement)).all()) == 1


def test_a_second_agreement_of_the_year_is_refused_in_a_sentence(as_):
    an_agreement()
    response = as_("legal").post(f"{NEW}?tahun=2026", a_draft())
    assert response.status_code == 409
    assert "untuk tahun 2026 sudah ada" in response.text


def test_a_kelurahan_gets_none(as_):
    response = as_("legal").post("/desa/73.02.02.1001/perjanjian-baru?tahun=2026", a_draft())
    assert response.status_code == 409
    assert "Kelurahan berada di luar program" in response.text


def test_a_year_without_terms_says_so(as_):
    response = as_("legal").post(f"{NEW}?tahun=2027", a_draft(month_first="2027-01", month_last="2027-12"))
    assert response.status_code == 409
    assert "Ketentuan peserta untuk 2027 belum diisi" in response.text


def test_what_was_typed_stays_when_the_months_are_wrong(as_):
    response = as_("legal").post(f"{NEW}?tahun=2026", a_draft(month_last="2027-03", place="Rumah Jabatan"))
    assert response.status_code == 200
    assert "harus di dalam tahun anggaran 2026" in response.text
    assert 'value="Rumah Jabatan"' in response.text
    assert again() is None


@pytest.mark.parametrize("role", ["approver", "bpjs", "camat", "village"])
def test_others_start_none(as_, role):
    assert as_(role).get(NEW).status_code == 403


# --- renew ---


def test_next_year_renews_with_people_and_usual_wages(as_):
    before = an_agreement("signed")
    add_people(before, [a_person(9031, wage_base=Decimal(3000000))], user("legal"), clock.now(), clock.today())
    db.session.commit()
    rules_for_2027()
    legal = as_("legal")
    page = legal.get(NEW).text
    assert "Perjanjian baru tahun 2027" in page
    assert 'value="2027-03-02"' in page
    legal.post(f"{NEW}?tahun=2027", a_draft(dated_on="2027-03-02", month_first="2027-01", month_last="2027-12"))
    entries = entries_of(again(NEXT))
    assert {each.nik for each in entries} == {each.nik for each in entries_of(before)}
    assert sorted(each.wage_base for each in entries) == [2122200, 2122200, 2122200, 3000000]
    assert not again(NEXT).versions


# --- edit ---


def test_an_edit_makes_a_drafter_and_lapses_the_approval(as_):
    an_agreement("approved")
    legal2 = as_("legal2")
    legal2.get(f"/perjanjian/{CODE}/ubah")
    response = legal2.post(f"/perjanjian/{CODE}/ubah", a_draft(dated_on="2026-03-04", seen=legal2.hidden("seen")))
    assert response.status_code == 303
    edited = again()
    assert edited.dated_on == date(2026, 3, 4)
    assert "legal2" in edited.drafters
    assert "approved" in {each.slug for each in edited.open_on(clock.today())}


def test_of_two_editors_the_second_is_told(as_):
    an_agreement()
    first, second = as_("legal"), as_("legal2")
    for each in (first, second):
        each.get(f"/perjanjian/{CODE}/ubah")
    first.post(f"/perjanjian/{CODE}/ubah", a_draft(place="Gantarang", seen=first.hidden("seen")))
    response = second.post(f"/perjanjian/{CODE}/ubah", a_draft(place="Makassar", seen=second.hidden("seen")))
    assert response.status_code == 409
    assert "Orang lain lebih dahulu bertindak" in response.text
    assert again().place == "Gantarang"


def test_saving_without_a_change_makes_nobody_a_drafter(as_):
    an_agreement()
    legal2 = as_("legal2")
    legal2.get(f"/perjanjian/{CODE}/ubah")
    legal2.post(f"/perjanjian/{CODE}/ubah", a_draft(seen=legal2.hidden("seen")))
    assert again().drafters == {"legal"}


def test_what_is_signed_is_not_edited(as_):
    an_agreement("signed")
    response = as_("legal").get(f"/perjanjian/{CODE}/ubah")
    assert response.status_code == 409
    assert "perubahan dibuat sebagai adendum" in response.text


def test_a_basis_that_is_not_in_force_is_marked_and_keeps_the_sentence_open(as_):
    an_agreement()
    old = db.session.scalar(select(LegalBasis).where(LegalBasis.valid_until < date(2026, 1, 1)))
    legal = as_("legal")
    page = legal.get(f"/perjanjian/{CODE}/ubah").text
    assert "tidak berlaku pada tanggal itu" in page
    legal.post(f"/perjanjian/{CODE}/ubah", a_draft(bases=[old.id], seen=legal.hidden("seen")))
    assert old.short in next(str(each) for each in again().open_on(clock.today()) if each.slug == "legal_bases_chosen")


# --- review and approval ---


def test_the_review_shows_all_that_is_answered_for(as_):
    agreement = an_agreement("frozen")
    page = as_("approver").get(f"/perjanjian/{CODE}/periksa").text
    wanted = ["Contoh Kepala Dinas, S.Sos.", "Contoh Kepala Cabang", "Contoh Kades", "Versi 1", "PP 44/2015", "Rp10.919,88", "0.24%".replace(".", ",")]
    assert [each for each in wanted if each not in page] == []
    assert agreement.bases[0].citation.split("(")[0].strip() in page


def test_the_approver_approves_what_he_saw(as_):
    an_agreement("frozen")
    approver = as_("approver")
    approver.get(f"/perjanjian/{CODE}/periksa")
    assert approver.post(f"/perjanjian/{CODE}/setujui", {"seen": approver.hidden("seen")}).status_code == 303
    assert again().approval_seen.by == "approver"


def test_a_draft_that_changed_meanwhile_is_not_approved(as_):
    agreement = an_agreement("frozen")
    approver = as_("approver")
    approver.get(f"/perjanjian/{CODE}/periksa")
    agreement.dated_on = date(2026, 3, 9)
    agreement.edited("agreement.edited", user("legal"), clock.now(), clock.today())
    db.session.commit()
    response = approver.post(f"/perjanjian/{CODE}/setujui", {"seen": approver.hidden("seen")})
    assert response.status_code == 409
    assert "Isi konsep berubah" in response.text


def test_an_early_approval_is_told_what_is_open(as_):
    an_agreement()
    response = as_("approver").post(f"/perjanjian/{CODE}/setujui", {"seen": "x"})
    assert response.status_code == 409
    assert "Daftar peserta dibekukan dan tidak kosong" in response.text


def test_who_drafted_cannot_approve(as_):
    agreement = an_agreement("frozen")
    assert as_("legal").post(f"/perjanjian/{CODE}/setujui", {"seen": approval_digest(agreement)}).status_code == 403
    agreement.edited("agreement.edited", user("approver"), clock.now(), clock.today())
    db.session.commit()
    response = as_("approver").post(f"/perjanjian/{CODE}/setujui", {"seen": approval_digest(agreement)})
    assert response.status_code == 403
    assert "Yang ikut menyusun tidak boleh menyetujui" in response.text
    assert not again().approvals


def test_several_are_shown_before_they_are_approved(as_):
    an_agreement("frozen")
    an_agreement("empty", OTHER)
    approver = as_("approver")
    page = approver.post("/perjanjian/setujui", {"agreement": [CODE, f"{OTHER}-2026"]}, seen=f"/perjanjian/{CODE}/periksa").text
    assert "Dapat disetujui sekarang" in page
    assert "Belum dapat disetujui (1)" in page
    assert not again().approvals


def test_what_can_be_approved_is_and_the_rest_is_told(as_):
    one, other = an_agreement("frozen"), an_agreement("frozen", OTHER, serial=9101)
    approver = as_("approver")
    seen = {f"seen-{one.code}": approval_digest(one), f"seen-{other.code}": "sudah lain"}
    response = approver.post("/perjanjian/setujui", {"agreement": [one.code, other.code], **seen}, seen=f"/perjanjian/{CODE}/periksa")
    assert response.status_code == 303
    assert again().approval_seen
    assert not again(f"{OTHER}-2026").approvals
    assert "Isi konsep berubah" in approver.get(f"/perjanjian/{CODE}/periksa").text


def test_an_unticked_agreement_is_left_alone(as_):
    one, other = an_agreement("frozen"), an_agreement("frozen", OTHER, serial=9101)
    approver = as_("approver")
    seen = {f"seen-{each.code}": approval_digest(each) for each in (one, other)}
    approver.post("/perjanjian/setujui", {"agreement": [one.code], **seen}, seen=f"/perjanjian/{CODE}/periksa")
    db.session.rollback()
    assert [each.agreement_id for each in db.session.scalars(select(Approval))] == [one.id]


def test_an_unknown_agreement_among_several_is_not_found(as_):
    an_agreement("frozen")
    approver = as_("approver")
    assert approver.post("/perjanjian/setujui", {"agreement": [CODE, "73.02.01.2005-2026"]}, seen=f"/perjanjian/{CODE}/periksa").status_code == 404


def test_a_return_wants_a_reason_and_takes_the_approval_back(as_):
    an_agreement("approved")
    legal = as_("legal")
    assert legal.post(f"/perjanjian/{CODE}/kembalikan", {"reason": " "}).status_code == 409
    assert legal.post(f"/perjanjian/{CODE}/kembalikan", {"reason": "Tanggal keliru"}).status_code == 303
    assert again().approval_seen is None


def test_deviations_come_first(as_):
    agreement = an_agreement("empty")
    add_people(agreement, [a_person(9001, wage_base=Decimal(5000000))], user("legal"), clock.now(), clock.today())
    freeze(agreement, user("legal"), clock.now(), clock.today())
    db.session.commit()
    assert "Dasar upah Perangkat Desa Rp5.000.000,00 untuk 1 orang, biasanya Rp2.022.200,00" in as_("approver").get(f"/perjanjian/{CODE}/periksa").text


# --- hold ---


def held(as_, kind: str, **more):
    return as_("legal").post(f"/perjanjian/{CODE}/jeda", {"kind": kind, "on": "2026-11-20", "reason": "Alasan contoh"} | more)


def test_a_suspended_agreement_rests_and_goes_on(as_):
    an_agreement("frozen")
    assert held(as_, "suspended").status_code == 303
    assert as_("approver").post(f"/perjanjian/{CODE}/setujui", {"seen": "x"}).status_code == 409
    assert held(as_, "resumed").status_code == 303
    assert again().hold is None
    assert again().stage == "draft"


def test_a_terminated_agreement_does_not_come_back(as_):
    an_agreement("frozen")
    held(as_, "terminated")
    page = as_("legal").get(f"/perjanjian/{CODE}/jeda").text
    assert "tidak dapat dilanjutkan lagi" in page
    assert held(as_, "resumed").status_code == 200
    assert again().hold.kind == "terminated"


@pytest.mark.parametrize(("more", "sentence"), [({"on": "2026-12-01"}, "Tanggal ini belum tiba"), ({"reason": ""}, "Wajib diisi")])
def test_a_hold_lacks_nothing(as_, more, sentence):
    an_agreement()
    assert sentence in held(as_, "suspended", **more).text
    assert again().hold is None


def test_every_act_is_in_the_trail(as_):
    an_agreement("frozen")
    held(as_, "suspended")
    db.session.rollback()
    assert {"agreement.started", "roster.frozen", "agreement.suspended"} <= set(db.session.scalars(select(AuditEvent.action)))


def test_another_villages_agreement_is_not_there(as_):
    an_agreement("empty", OTHER)
    village = as_("village")
    for page in ("peserta", "tanda-tangan", "anggaran", "kepesertaan", "peserta/tempel", "peserta/bekukan", "anggaran/dokumen"):
        assert village.get(f"/perjanjian/{OTHER}-2026/{page}").status_code == 404


