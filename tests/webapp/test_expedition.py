"""The expedition book: rows that are written once, receipts that end them, the village's own download as a receipt."""

import io
from datetime import date

import pytest
from python_calamine import CalamineWorkbook

from tests.builders import BIALO, NOW_, OTHER, a_letter, an_agreement, user
from webapp import clock
from webapp.db import db
from webapp.history import history_of
from webapp.models import AuditEvent, ExpeditionEntry, ExpeditionReceipt, expedition
from workflows import Refused


def acting(login: str = "legal") -> dict:
    return {"by": user(login), "at": clock.now(), "today": clock.today()}


def an_issued_letter(village_code=BIALO, serial=9001):
    letter = a_letter(an_agreement("numbered", village_code, serial=serial), "surat_pengantar", state="issued", title="Surat Pengantar", addressee="Desa Bialo")
    db.session.commit()
    return letter


def a_row(letter, **more) -> ExpeditionEntry:
    entry = ExpeditionEntry(**{"recipient": "Kepala Desa Bialo", "on": date(2026, 11, 22), "how": "diantar", "carrier": "Contoh Kurir", "title": ""} | more)
    return expedition.hand_over(letter, entry, **acting())


def handed(as_, letter, **more):
    legal = as_("legal")
    body = {"recipient": "Kepala Desa Bialo", "on": "2026-11-22", "how": "dijemput", "carrier": "Contoh Sekdes"} | more
    return legal, legal.post(f"/surat/{letter.id}/serahkan", body, seen=f"/surat/{letter.id}/serahkan")


def test_a_paper_goes_out_and_its_receipt_is_written_down(app, as_):
    letter = an_issued_letter()
    legal, answer = handed(as_, letter)
    assert answer.status_code == 303
    assert "belum ada tanda terima" in legal.get(f"/surat/{letter.id}").text
    entry = seen(ExpeditionEntry)
    url = f"/ekspedisi/{entry.id}/tanda-terima"
    legal.post(url, {"outcome": "received", "on": "2026-11-22", "received_by": "Contoh Penerima"}, seen=url)
    page = legal.get("/ekspedisi").text
    assert "diterima 22-11-2026, Contoh Penerima" in page and "0 belum ada tanda terima" in page
    assert legal.post(url, {"outcome": "received", "on": "2026-11-22", "received_by": "Lain"}, seen=url).status_code == 200
    assert seen(ExpeditionReceipt).received_by == "Contoh Penerima"


def test_the_recipient_is_proposed(app, as_):
    letter = an_issued_letter()
    assert 'value="Kepala Desa Bialo"' in as_("legal").get(f"/surat/{letter.id}/serahkan").text


@pytest.mark.parametrize(
    ("more", "sentence"),
    [({"on": date(2026, 12, 1)}, "belum tiba"), ({"on": date(2026, 11, 1)}, "mendahului tanggal naskah")],
)
def test_a_row_has_a_possible_day(app, more, sentence):
    with pytest.raises(Refused, match=sentence):
        a_row(an_issued_letter(), **more)


@pytest.mark.parametrize("state", ["reserved", "void"])
def test_only_what_stands_goes_out(app, state):
    letter = an_issued_letter()
    letter.state = state
    with pytest.raises(Refused, match="hanya naskah terbit"):
        a_row(letter)


def test_the_same_paper_is_not_twice_on_its_way_and_goes_again_after_it_came_back(app):
    letter = an_issued_letter()
    entry = a_row(letter)
    with pytest.raises(Refused, match="tanda terimanya belum ada"):
        a_row(letter)
    expedition.receive(entry, "returned", date(2026, 11, 22), "", "kantor tutup", **acting())
    assert a_row(letter).id != entry.id
    assert a_row(letter, recipient="BPJS Ketenagakerjaan").state == "open"


@pytest.mark.parametrize(("said", "sentence"), [(("received", "", ""), "siapa yang menerima"), (("returned", "", ""), "mengapa")])
def test_a_receipt_lacks_nothing(app, said, sentence):
    entry, (outcome, name, reason) = a_row(an_issued_letter()), said
    with pytest.raises(Refused, match=sentence):
        expedition.receive(entry, outcome, date(2026, 11, 22), name, reason, **acting())


@pytest.mark.parametrize("on", [date(2026, 11, 21), date(2026, 11, 23)])
def test_a_receipt_lies_between_sending_and_today(app, on):
    entry = a_row(an_issued_letter())
    with pytest.raises(Refused, match="antara tanggal kirim"):
        expedition.receive(entry, "received", on, "Contoh", "", **acting())


def test_many_are_received_on_one_day_and_what_ended_meanwhile_is_left(app, as_):
    one, two = a_row(an_issued_letter()), a_row(an_issued_letter(OTHER, 9101))
    expedition.receive(one, "returned", date(2026, 11, 22), "", "salah alamat", **acting())
    db.session.commit()
    legal = as_("legal")
    legal.post("/ekspedisi/tanda-terima", {"entry": [one.id, two.id]}, seen="/ekspedisi")
    db.session.rollback()
    assert (one.state, two.state, two.receipt.received_by) == ("returned", "received", "Kepala Desa Bialo")


def test_the_book_goes_out_as_a_file_and_on_paper_with_the_same_filters(app, as_):
    entry = a_row(an_issued_letter())
    expedition.receive(entry, "received", date(2026, 11, 22), "Contoh Penerima", "", **acting())
    a_row(an_issued_letter(OTHER, 9101))
    db.session.commit()
    legal = as_("legal")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(legal.get("/ekspedisi/unduh.xlsx?state=received").data)).get_sheet_by_index(0).to_python()
    assert len(rows) == 2 and rows[1][10] == "Contoh Penerima"
    assert "belum ada tanda terima" in legal.get("/ekspedisi/unduh.csv").get_data().decode("utf-8-sig")
    assert legal.get("/ekspedisi/cetak.pdf?state=open").data.startswith(b"%PDF-")
    app.extensions["press"].close()


def test_the_printed_book_holds_the_rows_of_its_year_and_filter(app):
    from webapp.issuing import order_of
    from webapp.models import Office
    from webapp.papers import draw_up

    a_row(an_issued_letter())
    office = db.session.get(Office, 1)
    facts = draw_up("buku_ekspedisi", office, order_of("buku_ekspedisi", None, clock.today(), {"year": 2026, "state": "open"}))
    assert [each.state for each in facts.entries] == ["belum"] and "yang belum" in facts.about
    assert not draw_up("buku_ekspedisi", office, order_of("buku_ekspedisi", None, clock.today(), {"year": 2025})).entries


# --- the signed annex ---


def seen(model):
    """The one row, as requests have written it."""
    db.session.rollback()
    return db.session.query(model).one()


def the_annex():
    agreement = an_agreement("signed")
    return agreement, agreement.standing_signature("annex")


def test_a_confirmed_annex_waits_for_its_village(app):
    _, annex = the_annex()
    entry = seen(ExpeditionEntry)
    assert (entry.file_id, entry.how, entry.recipient, entry.state) == (annex.file_id, "diunduh", "Kepala Desa Bialo", "open")


def test_the_first_download_is_the_receipt_and_a_second_changes_nothing(app, as_):
    _, annex = the_annex()
    village = as_("village")
    first = village.post(f"/berkas/{annex.file_id}/terima", seen="/rumah")
    assert first.status_code == 200 and first.data.startswith(b"%PDF-")
    receipt = seen(ExpeditionReceipt)
    assert (receipt.by.login, receipt.at, receipt.received_by) == (BIALO, NOW_, f"Contoh {BIALO}")
    with clock.at(NOW_.replace(hour=5)):
        assert village.post(f"/berkas/{annex.file_id}/terima", seen="/rumah").data == first.data
        assert village.get(f"/berkas/{annex.file_id}").data == first.data
    db.session.rollback()
    assert seen(ExpeditionReceipt).at == NOW_
    assert db.session.query(AuditEvent).filter_by(action="expedition.received").count() == 1


def test_the_same_form_sent_again_leads_to_the_file(app, as_):
    _, annex = the_annex()
    village = as_("village")
    village.get("/rumah")
    body = {"once": village.hidden("once"), "csrf_token": village.hidden("csrf_token")}
    answers = []
    for _ in range(3):
        with app.app_context():
            answers.append(village.client.post(f"/berkas/{annex.file_id}/terima", data=body))
    assert [each.status_code for each in answers] == [200, 303, 303]
    assert answers[1].location == f"/berkas/{annex.file_id}"


def test_a_link_to_the_file_asks_the_village_first_and_nobody_else(app, as_):
    _, annex = the_annex()
    page = as_("village").get(f"/berkas/{annex.file_id}")
    assert page.mimetype == "text/html" and "catat diterima" in page.text
    assert as_("legal").get(f"/berkas/{annex.file_id}").mimetype == "application/pdf"
    assert db.session.query(ExpeditionReceipt).count() == 0


def test_nobody_else_receives_for_the_village(app, as_):
    _, annex = the_annex()
    assert as_("legal").post(f"/berkas/{annex.file_id}/terima", seen="/kata-sandi").status_code == 403
    assert as_(OTHER).post(f"/berkas/{annex.file_id}/terima", seen="/kata-sandi").status_code == 404


def test_a_file_that_is_gone_is_not_received(app, as_):
    from webapp.uploads import storage

    _, annex = the_annex()
    village = as_("village")
    village.get("/rumah")
    storage().path(annex.file.sha256).unlink()
    assert village.post(f"/berkas/{annex.file_id}/terima").status_code == 500
    assert db.session.query(ExpeditionReceipt).count() == 0


def test_the_agreements_history_tells_of_it(app, as_):
    agreement, annex = the_annex()
    as_("village").post(f"/berkas/{annex.file_id}/terima", seen="/rumah")
    db.session.rollback()
    told = [each.action for each, _ in history_of(db.session, agreement) if each.action.startswith("expedition.")]
    assert told[:2] == ["expedition.received", "expedition.handed"]


@pytest.mark.parametrize("role", ["village", "camat", "bpjs", "monitor", "admin"])
def test_others_do_not_see_the_book(app, as_, role):
    assert as_(role).get("/ekspedisi").status_code == 403
