"""The accord: drawn up, numbered, signed by both sides, ended; what is signed stands."""

import io
from datetime import date

import pikepdf
import pytest

from tests.builders import an_accord, an_agreement, user
from webapp import clock
from webapp.db import db
from webapp.models import Accord, AccordSignature, AuditEvent, accords
from workflows import Refused

ONE = "/induk/1"


def now():
    """The database as it is by now: every request has a session of its own."""
    db.session.rollback()
    return db.session


def pdf() -> io.BytesIO:
    document, out = pikepdf.new(), io.BytesIO()
    document.add_blank_page()
    document.save(out)
    return io.BytesIO(out.getvalue())


def a_scan(**more):
    return {"on": "2026-01-05", "place": "Bulukumba", "scan": (pdf(), "induk.pdf")} | more


@pytest.fixture
def drawn_up(app):
    accord = an_accord(signed=False)
    db.session.commit()
    return accord.id


@pytest.mark.parametrize("role", ["legal", "approver", "bpjs"])
def test_the_accord_in_force_is_shown_with_parties_and_numbers(as_, role):
    page = as_(role).get("/induk").get_data(as_text=True)
    assert all(each in page for each in ("Berlaku", "100.3.7.1/901/DPMD/I/2026", "PER/901/012026", "Contoh Kepala Dinas, S.Sos.", "100.3.7/902/2026"))


@pytest.mark.parametrize("role", ["village", "camat", "monitor", "admin"])
def test_others_do_not_see_it(as_, role):
    assert as_(role).get("/induk").status_code == 403


@pytest.mark.parametrize("address", ["ubah", "nomor", "tanda-tangan/1", "akhiri"])
def test_only_legal_staff_change_it(as_, address):
    assert as_("bpjs").get(f"{ONE}/{address}").status_code == 403


def test_what_both_have_signed_is_not_edited(as_):
    response = as_("legal").get(f"{ONE}/ubah")
    assert response.status_code == 409
    assert "sudah ditandatangani" in response.get_data(as_text=True)


def test_a_new_accord_takes_parties_and_bases_from_the_last(as_):
    assert as_("legal").post("/induk/baru").status_code == 303
    new = now().get(Accord, 2)
    assert (new.office_id, new.insurer_id, new.number_kesatu, new.dated_on) == (1, 2, "", None)
    assert len(new.bases) == len(now().get(Accord, 1).bases) > 0


def test_only_one_accord_is_drawn_up_at_a_time(as_, drawn_up):
    assert as_("legal").post("/induk/baru").status_code == 409


def test_its_gaps_are_sentences(as_, drawn_up):
    legal = as_("legal")
    legal.post(f"/induk/{drawn_up}/ubah", {"about": "Perlindungan", "dated_on": ""})
    page = legal.get(f"/induk/{drawn_up}").get_data(as_text=True)
    for sentence in ("Para pihak lengkap pada tanggal induk", "Surat kuasa Bupati", "Dasar hukum induk dipilih", "Masa berlaku induk ditetapkan"):
        assert sentence in page


def test_an_impossible_period_is_said_beside_the_field(as_, drawn_up):
    page = as_("legal").post(f"/induk/{drawn_up}/ubah", {"about": "x", "valid_from": "2026-01-05", "valid_until": "2026-01-05"}).get_data(as_text=True)
    assert "Harus sesudah tanggal mulai." in page


def test_it_is_not_signed_while_it_has_gaps(as_, drawn_up):
    legal = as_("legal")
    legal.post(f"/induk/{drawn_up}/ubah", {"about": "Perlindungan", "dated_on": "2026-01-05"})
    response = legal.post(f"/induk/{drawn_up}/tanda-tangan/1", a_scan())
    assert response.status_code == 409
    assert "Masa berlaku induk ditetapkan" in response.get_data(as_text=True)


def test_numbered_and_signed_by_both_sides_it_comes_into_force(as_, drawn_up):
    legal = as_("legal")
    legal.post(f"/induk/{drawn_up}/nomor", {"kesatu": "1/DPMD", "kedua": "PER/1"})
    assert not now().get(Accord, drawn_up).in_force_on(clock.today())
    for side in (1, 2):
        assert legal.post(f"/induk/{drawn_up}/tanda-tangan/{side}", a_scan()).status_code == 303
    db.session.rollback()
    assert now().get(Accord, drawn_up).in_force_on(clock.today())
    assert {each.action for each in now().query(AuditEvent).filter_by(object=f"accord:{drawn_up}")} >= {"accord.numbered", "accord.signed"}


def test_a_side_signs_once(as_, drawn_up):
    legal = as_("legal")
    legal.post(f"/induk/{drawn_up}/tanda-tangan/1", a_scan())
    response = legal.post(f"/induk/{drawn_up}/tanda-tangan/1", a_scan(), seen=f"/induk/{drawn_up}/nomor")
    assert response.status_code == 409
    db.session.rollback()
    assert now().query(AccordSignature).filter_by(accord_id=drawn_up).count() == 1


@pytest.mark.parametrize(("on", "sentence"), [("2026-12-01", "belum tiba"), ("2026-01-04", "Mendahului tanggal induk")])
def test_impossible_days_are_said_beside_the_field(as_, drawn_up, on, sentence):
    assert sentence in as_("legal").post(f"/induk/{drawn_up}/tanda-tangan/1", a_scan(on=on)).get_data(as_text=True)


def test_without_a_scan_nothing_is_recorded(as_, drawn_up):
    page = as_("legal").post(f"/induk/{drawn_up}/tanda-tangan/1", a_scan(scan=None)).get_data(as_text=True)
    assert "Pilih berkas PDF atau foto" in page


def test_the_scan_comes_back_as_it_was_sent(as_, drawn_up):
    legal, sent = as_("legal"), pdf()
    legal.post(f"/induk/{drawn_up}/tanda-tangan/2", a_scan(scan=(io.BytesIO(sent.getvalue()), "induk.pdf")))
    response = legal.get(f"/induk/{drawn_up}/pindaian/2")
    assert response.data == sent.getvalue()
    assert "attachment" in response.headers["Content-Disposition"]


def test_a_number_on_a_signed_accord_does_not_change(as_):
    assert as_("legal").post(f"{ONE}/nomor", {"kesatu": "lain", "kedua": "PER/901/012026"}).status_code == 409


def test_ending_it_takes_the_ground_from_agreements_of_a_later_day(app, as_):
    agreement = an_agreement("numbered")
    assert agreement.stage == "signature"
    as_("legal").post(f"{ONE}/akhiri", {"on": "2026-02-01", "reason": "Dibuat induk baru"})
    db.session.rollback()
    assert agreement.stage == "draft"
    page = as_("legal").get(ONE).get_data(as_text=True)
    assert "Diakhiri" in page and "Dibuat induk baru" in page


def test_it_ends_once(app):
    accord = now().get(Accord, 1)
    accords.terminate(accord, date(2026, 11, 1), "selesai", user("legal"), clock.now())
    with pytest.raises(Refused):
        accords.terminate(accord, date(2026, 11, 2), "lagi", user("legal"), clock.now())


@pytest.mark.parametrize("address", ["/induk/99", "/induk/1/tanda-tangan/3", "/induk/1/pindaian/3"])
def test_what_is_not_there_is_not_found(as_, address):
    assert as_("legal").get(address).status_code == 404
