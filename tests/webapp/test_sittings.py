"""The approver's sitting: what deviates is looked at, the rest is decided once; every village is an item of its own, so a failure loses and repeats nothing."""

import io
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from tests.builders import BIALO, OTHER, a_letter, a_person, an_agreement, user
from tests.webapp.scans import a_pdf
from webapp import clock, upkeep
from webapp import sittings as work
from webapp.db import db, set_scope
from webapp.issuing import void
from webapp.models import Agreement, Approval, AuditEvent, Signature, Sitting, SittingItem, StoredFile, sittings
from webapp.models.approvals import return_draft
from webapp.models.participants import add_people
from workflows import NotYours

THIRD, FOURTH = "73.02.01.2005", "73.02.01.2006"
PAGE, SIGN = "/sidang", "/sidang/tanda-tangan"


def drafts(*codes: str, until: str = "frozen", **more) -> list[Agreement]:
    return [an_agreement(until, code, serial=9001 + 100 * nth, **more) for nth, code in enumerate(codes)]


def marks(page: str) -> list[str]:
    """What the ticked boxes of the page send."""
    return [each.split('"')[0] for each in page.split('name="item" value="')[1:]]


def decided(person, url: str = f"{PAGE}/setujui", **more):
    return person.post(url, {"item": marks(person.get(more.pop("seen", PAGE)).text)} | more)


def all_turns() -> int:
    db.session.rollback()
    turns = 0
    while work.take_next():
        turns += 1
    db.session.rollback()
    return turns


def states() -> dict[str, str]:
    db.session.rollback()
    set_scope("")
    return {each.village_code: each.state for each in db.session.query(SittingItem).order_by(SittingItem.id)}


def approved() -> list[str]:
    db.session.rollback()
    return [each.village_code for each in db.session.query(Approval).order_by(Approval.village_code)]


# --- the table ---


def test_it_counts_what_differs_in_data_only_and_names_what_deviates(app, as_):
    drafts(BIALO, OTHER, THIRD)
    an_agreement("frozen", FOURTH, serial=9401, dated_on=date(2026, 3, 4))
    page = as_("approver").get(PAGE).text
    assert "4 konsep menunggu Anda: 3 berbeda hanya datanya, 1 menyimpang" in page
    assert "Tanggal perjanjian 04-03-2026, kebanyakan 02-03-2026" in page and f"/perjanjian/{FOURTH}-2026/periksa" in page
    assert not any(each.startswith(FOURTH) for each in marks(page)) and len(marks(page)) == 3


def test_what_is_the_same_almost_everywhere_is_said_once(app, as_):
    from webapp.models import Tenure

    for each in db.session.query(Tenure).filter(Tenure.post.has(kind="head_office", office_id=1)):
        each.until_on = date(2026, 11, 30)
    drafts(BIALO, OTHER, THIRD)
    page = as_("approver").get(PAGE).text
    assert "3 berbeda hanya datanya, 0 menyimpang" in page and page.count("berakhir 30-11-2026") == 1


def test_a_list_frozen_twice_is_looked_at_first(app, as_):
    from webapp.models.freezing import freeze

    one, *_ = drafts(BIALO, OTHER, THIRD)
    add_people(one, [a_person(9050)], user("legal"), clock.now(), clock.today())
    freeze(one, user("legal"), clock.now(), clock.today())
    db.session.commit()
    page = as_("approver").get(PAGE).text
    assert "2 berbeda hanya datanya, 1 menyimpang" in page and "sudah 2 kali dibekukan" in page


def test_nothing_waits_is_said(as_):
    assert "Tidak ada konsep yang menunggu" in as_("approver").get(PAGE).text


def test_who_drew_one_up_is_told_that_another_decides(app, as_):
    one, _ = drafts(BIALO, OTHER)
    one.edited("agreement.edited", user("approver"), clock.now(), clock.today())
    db.session.commit()
    page = as_("approver").get(PAGE).text
    assert "1 konsep menunggu Anda" in page and "karena Anda ikut menyusun: 1 desa" in page


def test_the_filter_and_the_export_show_the_same(app, as_):
    drafts(BIALO, OTHER)
    approver = as_("approver")
    assert len(marks(approver.get(f"{PAGE}?kecamatan=73.02.06").text)) == 1
    rows = CalamineWorkbook.from_filelike(io.BytesIO(approver.get(f"{PAGE}/unduh.xlsx?kecamatan=73.02.06").data)).get_sheet_by_index(0).to_python()
    assert [each[0] for each in rows] == ["Kode", OTHER] and rows[1][5] == 3


@pytest.mark.parametrize("role", ["village", "camat", "bpjs", "monitor", "admin"])
def test_others_have_no_table(as_, role):
    assert as_(role).get(PAGE).status_code == 403


# --- approving ---


def test_the_plain_ones_are_approved_once(both, as_):
    drafts(BIALO, OTHER, THIRD)
    approver = as_("approver")
    answer = decided(approver)
    assert answer.status_code == 303 and "3 desa menunggu giliran" in approver.get(answer.location).text
    assert all_turns() == 3 and approved() == sorted([BIALO, OTHER, THIRD])
    assert "3 dari 3 desa disetujui" in approver.get(answer.location).text
    assert db.session.query(Approval).first().by_login == "approver"
    assert db.session.query(AuditEvent).filter_by(action="approval.given").count() == 3
    assert "Tidak ada konsep yang menunggu" in approver.get(PAGE).text


def test_what_changed_meanwhile_is_skipped_by_name_with_its_reason(app, as_):
    one, other = drafts(BIALO, OTHER)
    approver = as_("approver")
    items = marks(approver.get(PAGE).text)
    one.dated_on = date(2026, 3, 4)
    one.edited("agreement.edited", user("legal"), clock.now(), clock.today())
    db.session.commit()
    answer = approver.post(f"{PAGE}/setujui", {"item": items})
    all_turns()
    assert approved() == [OTHER] and states() == {BIALO: "refused", OTHER: "done"}
    page = approver.get(answer.location).text
    assert "1 dari 2 desa disetujui" in page and "Isi konsep berubah sejak Anda membukanya" in page
    assert "1 konsep menunggu Anda" in approver.get(PAGE).text and other


def test_what_is_returned_after_it_began_is_not_approved(app, as_):
    one, _ = drafts(BIALO, OTHER)
    decided(as_("approver"))
    db.session.rollback()
    return_draft(db.session.get(Agreement, one.id), user("legal"), "Pasal 3 keliru", clock.now(), clock.today())
    db.session.commit()
    all_turns()
    assert approved() == [OTHER]


def test_a_crash_in_the_middle_loses_nothing_and_repeats_nothing(both, as_, monkeypatch):
    drafts(BIALO, OTHER, THIRD)
    decided(as_("approver"))
    db.session.rollback()
    assert work.take_next()

    class Killed(BaseException):
        pass

    def die(*_):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(db.session, "commit", die)
        with pytest.raises(Killed):
            work.take_next()
    db.session.rollback()
    assert sorted(states().values()) == ["", "", "done"] and len(approved()) == 1
    assert all_turns() == 2 and len(approved()) == 3


def test_what_failed_is_repeated_alone(app, as_, monkeypatch):
    drafts(BIALO, OTHER)
    approver = as_("approver")
    answer = decided(approver)
    real = sittings._DO["approve"]

    def once_out_of_order(session, sitting, item, *more):
        if item.village_code == OTHER:
            raise OSError("disk")
        real(session, sitting, item, *more)

    with monkeypatch.context() as patch:
        patch.setitem(sittings._DO, "approve", once_out_of_order)
        all_turns()
    assert states() == {BIALO: "done", OTHER: "failed"}
    assert "1 desa gagal" in approver.get(answer.location).text
    assert any(each.name.startswith("Sidang") for each in upkeep._sittings(db.session))
    assert approver.post(f"{answer.location}/ulangi").status_code == 303
    assert all_turns() == 1 and len(approved()) == 2
    assert approver.post(f"{answer.location}/ulangi").status_code == 409
    assert as_("legal").post(f"{answer.location}/ulangi", seen=PAGE).status_code == 403


def test_a_double_click_is_one_sitting(app, as_):
    drafts(BIALO, OTHER)
    approver = as_("approver")
    body = {"item": marks(approver.get(PAGE).text), "once": approver.hidden("once"), "csrf_token": approver.hidden("csrf_token")}
    first, second = approver.post(f"{PAGE}/setujui", body), approver.post(f"{PAGE}/setujui", body)
    assert first.location == second.location and db.session.query(Sitting).count() == 1


def test_two_who_decide_at_once_approve_once(app, as_):
    drafts(BIALO)
    for each in (as_("approver"), as_("approver")):
        each.get(PAGE)
        db.session.rollback()
        item = f"{BIALO}-2026 {sittings.on_the_table(sittings.of_year(db.session, 2026), user('approver')).plain[0].seen}"
        each.post(f"{PAGE}/setujui", {"item": [item]})
    assert all_turns() == 2 and len(approved()) == 1
    assert [each.state for each in db.session.query(SittingItem).order_by(SittingItem.id)] == ["done", "refused"]


def test_nothing_chosen_and_a_stranger_are_refused(app, as_):
    drafts(BIALO)
    approver = as_("approver")
    assert approver.post(f"{PAGE}/setujui", {}, seen=PAGE).status_code == 409
    assert approver.post(f"{PAGE}/setujui", {"item": [f"{OTHER}-2026 x"]}, seen=PAGE).status_code == 404
    assert as_("legal").post(f"{PAGE}/setujui", {"item": []}, seen=PAGE).status_code == 403


def test_who_was_dismissed_meanwhile_decides_nothing(app, as_):
    drafts(BIALO)
    decided(as_("approver"))
    db.session.rollback()
    user("approver").dismissed_at = clock.now()
    db.session.commit()
    all_turns()
    assert not approved() and "sudah ditutup" in db.session.query(SittingItem).one().reason


def test_bagian_hukum_initials_the_plain_ones_once_and_they_go_on_to_the_approver(app, as_):
    from tests.webapp.test_parafs import switched_on

    switched_on()
    drafts(BIALO, OTHER, THIRD)
    jurist, approver = as_("bagian_hukum"), as_("approver")
    assert "Tidak ada konsep yang menunggu" in approver.get(PAGE).text
    answer = decided(jurist, f"{PAGE}/paraf")
    assert all_turns() == 3 and "3 dari 3 desa diparaf" in jurist.get(answer.location).text
    assert "Tidak ada konsep yang menunggu" in jurist.get(PAGE).text and "3 konsep menunggu Anda" in approver.get(PAGE).text
    assert approver.post(f"{PAGE}/paraf", {"item": []}).status_code == 403 and jurist.post(f"{PAGE}/setujui", {"item": []}).status_code == 403


# --- recording that PIHAK KESATU signed ---


def recorded(person, on: str = "2026-03-09", **more):
    items = marks(person.get(SIGN).text)
    return person.post(SIGN, {"item": items, "on": on, "place": "Bulukumba", "minutes": (io.BytesIO(a_pdf()), "berita-acara.pdf")} | more, content_type="multipart/form-data")


def signatures() -> list[Signature]:
    db.session.rollback()
    return list(db.session.query(Signature).order_by(Signature.village_code))


def test_one_scan_of_the_minutes_proves_the_signing_of_many(app, as_):
    drafts(BIALO, OTHER, until="numbered")
    answer = recorded(as_("approver"))
    assert answer.status_code == 303 and all_turns() == 2
    found = signatures()
    assert [(each.village_code, each.signer, each.on, each.by.login, each.review) for each in found] == [
        (code, "kesatu", date(2026, 3, 9), "approver", None) for code in (BIALO, OTHER)
    ]
    files = db.session.query(StoredFile).filter(StoredFile.id.in_([each.file_id for each in found])).all()
    assert {each.village_code for each in files} == {BIALO, OTHER} and len({each.sha256 for each in files}) == 1


def test_somebody_else_confirms_them_all_at_once(app, as_):
    drafts(BIALO, OTHER, until="numbered")
    approver = as_("approver")
    location = recorded(approver).location
    all_turns()
    assert "Orang lain yang mengonfirmasinya" in approver.get(location).text
    assert approver.post(f"{location}/konfirmasi").status_code == 403
    legal = as_("legal")
    assert "2 bukti menunggu dikonfirmasi" in legal.get(location).text
    assert legal.post(f"{location}/konfirmasi").status_code == 303 and all_turns() == 2
    assert [(each.review.confirmed, each.review.by.login) for each in signatures()] == [(True, "legal")] * 2
    assert legal.post(f"{location}/konfirmasi", seen=location).status_code == 409


def test_what_was_rejected_alone_is_not_confirmed_with_the_rest(app, as_):
    from webapp.models.signatures import review

    one, other = drafts(BIALO, OTHER, until="numbered")
    location = recorded(as_("approver")).location
    all_turns()
    review(signatures()[0], db.session.get(Agreement, one.id), False, "Nomornya tidak disebut", user("legal"), clock.now(), clock.today())
    db.session.commit()
    as_("legal").post(f"{location}/konfirmasi", seen=location)
    all_turns()
    assert [each.review.confirmed for each in signatures()] == [False, True] and other


def test_a_day_before_one_agreement_is_refused_for_that_one_only(app, as_):
    an_agreement("numbered")
    an_agreement("numbered", OTHER, serial=9101, dated_on=date(2026, 3, 20))
    location = recorded(approver := as_("approver")).location
    all_turns()
    assert states() == {BIALO: "done", OTHER: "refused"} and [each.village_code for each in signatures()] == [BIALO]
    assert "mendahului tanggal perjanjian" in approver.get(location).text
    assert db.session.query(StoredFile).filter_by(name="berita-acara.pdf").count() == 1  # nothing lies about for the one that was not recorded


def test_a_paper_that_was_corrected_meanwhile_is_not_recorded(app, as_):
    one, *_ = drafts(BIALO, until="numbered")
    approver = as_("approver")
    items = marks(approver.get(SIGN).text)
    agreement = db.session.get(Agreement, one.id, populate_existing=True)
    void(agreement.paper, "Salah ketik", user("legal"))
    a_letter(agreement)
    db.session.commit()
    recorded(approver, item=items)
    all_turns()
    assert states() == {BIALO: "refused"} and not signatures()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [({"on": "2030-01-01"}, "belum tiba"), ({"place": " "}, "Wajib diisi"), ({"minutes": ""}, "Pilih berkas PDF")],
)
def test_what_is_wrong_is_told_at_the_field_and_what_was_ticked_stays(app, as_, wrong, sentence):
    drafts(BIALO, OTHER, until="numbered")
    approver = as_("approver")
    page = recorded(approver, **({"item": marks(approver.get(SIGN).text)[:1]} | wrong)).text
    assert sentence in page and page.count(" checked") == 1 and not db.session.query(Sitting).count()


def test_nobody_confirms_his_own(app):
    agreement = an_agreement("numbered")
    sitting = sittings.begin(db.session, "sign", {agreement: sittings.paper_digest(agreement)}, "73.02.", user("legal"), clock.now(), date(2026, 3, 9))
    with pytest.raises(NotYours):
        sittings.confirm_all(db.session, sitting, user("legal"), clock.now(), clock.today())


def test_the_result_can_be_downloaded(app, as_):
    drafts(BIALO)
    approver = as_("approver")
    location = decided(approver).location
    all_turns()
    assert "disetujui" in approver.get(f"{location}/hasil.csv").get_data(as_text=True)
