"""Signatures: recorded with a scan by those who may, confirmed by somebody else, never before the draft is approved and numbered."""

from datetime import date

import pytest
from sqlalchemy import select

from tests.builders import BIALO, OTHER, an_agreement
from tests.webapp.scans import HEIC, a_pdf, a_photo, locked, pages_of, sent, with_javascript
from webapp.db import db
from webapp.models import Agreement, Signature, StoredFile
from webapp.uploads import storage

CODE = f"{BIALO}-2026"
PAGE = f"/perjanjian/{CODE}/tanda-tangan"


def again() -> Agreement:
    db.session.rollback()
    return db.session.scalars(select(Agreement).where(Agreement.village_code == BIALO)).one()


def a_scan(**more) -> dict:
    return {"on": "2026-03-09", "place": "Bulukumba", "scan": sent(a_pdf())} | more


def recorded(as_, who: str = "village", word: str = "lampiran") -> Signature:
    assert as_(who).post(f"{PAGE}/{word}", a_scan()).status_code == 303
    return again().signatures[-1]


@pytest.mark.parametrize(("who", "word"), [("approver", "kesatu"), ("legal", "kesatu"), ("bpjs", "kedua"), ("legal", "kedua"), ("village", "lampiran"), ("legal", "lampiran")])
def test_who_may_records_a_signature(as_, who, word):
    an_agreement("numbered")
    signature = recorded(as_, who, word)
    assert (signature.on, signature.place, signature.review) == (date(2026, 3, 9), "Bulukumba", None)


@pytest.mark.parametrize(("who", "word"), [("village", "kesatu"), ("village", "kedua"), ("bpjs", "kesatu"), ("approver", "lampiran"), ("camat", "lampiran"), ("monitor", "kesatu")])
def test_others_do_not(as_, who, word):
    an_agreement("numbered")
    person = as_(who)
    assert person.get(f"{PAGE}/{word}").status_code == 403
    assert person.post(f"{PAGE}/{word}", a_scan()).status_code == 403
    assert not again().signatures


@pytest.mark.parametrize(("until", "sentence"), [("frozen", "Disetujui oleh orang kedua"), ("approved", "belum ada nomor PIHAK KESATU")])
def test_too_early_is_told_before_anything_is_uploaded(as_, until, sentence):
    an_agreement(until)
    village = as_("village")
    for answer in (village.get(f"{PAGE}/lampiran"), village.post(f"{PAGE}/lampiran", a_scan())):
        assert answer.status_code == 409
        assert sentence in answer.text


def test_another_person_confirms(as_):
    an_agreement("numbered")
    signature = recorded(as_)
    assert as_("legal").post(f"/tanda-tangan/{signature.id}/periksa", {"verdict": "confirm"}).status_code == 303
    assert again().standing_signature("annex").as_seen().confirmed_by == "legal"


def test_the_uploader_does_not_confirm(as_):
    an_agreement("numbered")
    signature = recorded(as_, "legal", "kesatu")
    response = as_("legal").post(f"/tanda-tangan/{signature.id}/periksa", {"verdict": "confirm"})
    assert response.status_code == 403
    assert "harus dikonfirmasi orang lain" in response.text
    assert again().signatures[0].review is None


def test_a_rejection_says_why_and_lets_it_be_signed_again(as_):
    an_agreement("numbered")
    signature = recorded(as_)
    legal = as_("legal")
    assert "Tuliskan mengapa bukti ini ditolak" in legal.post(f"/tanda-tangan/{signature.id}/periksa", {"verdict": "reject"}).text
    legal.post(f"/tanda-tangan/{signature.id}/periksa", {"verdict": "reject", "reason": "Halaman 2 tidak terbaca"})
    assert "Halaman 2 tidak terbaca" in as_("village").get(PAGE).text
    assert recorded(as_).id != signature.id


def test_a_signature_that_stands_is_not_given_twice(as_):
    an_agreement("numbered")
    recorded(as_)
    response = as_("legal").post(f"{PAGE}/lampiran", a_scan())
    assert response.status_code == 409
    assert "sudah ditandatangani pada 09-03-2026" in response.text


def test_a_verdict_is_given_once(as_):
    an_agreement("numbered")
    signature = recorded(as_)
    as_("legal").post(f"/tanda-tangan/{signature.id}/periksa", {"verdict": "confirm"})
    assert as_("bpjs").post(f"/tanda-tangan/{signature.id}/periksa", {"verdict": "reject", "reason": "x"}).status_code == 409


def test_the_same_form_sent_again_signs_once(as_):
    an_agreement("numbered")
    village = as_("village")
    village.get(f"{PAGE}/lampiran")
    key = village.hidden("once")
    answers = {village.post(f"{PAGE}/lampiran", a_scan(once=key), seen="/kata-sandi").headers.get("Location") for _ in range(3)}
    assert len(answers) == 1
    assert len(again().signatures) == 1


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"on": "2026-12-24"}, "Tanggal ini belum tiba"),
        ({"on": "2026-02-01"}, "Mendahului tanggal perjanjian"),
        ({"on": "31-02-2026"}, "Tanggal ini tidak ada"),
        ({"place": ""}, "Wajib diisi"),
        ({"scan": None}, "Pilih berkas PDF atau foto"),
        ({"scan": sent(b"bukan pdf", "surat.docx")}, "Berkas harus berupa PDF atau foto"),
        ({"scan": sent(b"")}, "berkas ini kosong"),
        ({"scan": sent(a_pdf()[:200])}, "rusak atau terpotong"),
        ({"scan": sent(locked())}, "terkunci kata sandi"),
        ({"scan": sent(with_javascript())}, "berisi program"),
        ({"scan": sent(a_photo()[:300], "foto.jpg")}, "rusak atau terpotong"),
    ],
    ids=["ahead", "before", "no day", "no place", "no file", "docx", "empty", "cut", "locked", "javascript", "cut photo"],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(as_, more, sentence):
    an_agreement("numbered")
    response = as_("village").post(f"{PAGE}/lampiran", a_scan(place="Kantor Desa Contoh") | more)
    assert response.status_code == 200
    assert sentence in response.text
    assert ('value="Kantor Desa Contoh"' in response.text) == (more.get("place") is None)
    assert not again().signatures


def test_photos_of_a_telephone_become_one_pdf_and_the_originals_stay(as_):
    an_agreement("numbered")
    photos = [sent(a_photo(), "hal1.jpg"), sent(a_photo("PNG"), "hal2.png"), sent(HEIC, "hal3.heic")]
    assert as_("village").post(f"{PAGE}/lampiran", a_scan(scan=photos)).status_code == 303
    whole = again().signatures[0].file
    assert (whole.media_type, pages_of(storage().get(whole.sha256))) == ("application/pdf", 3)
    kept = db.session.scalars(select(StoredFile).where(StoredFile.original_of_id == whole.id)).all()
    assert {each.media_type for each in kept} == {"image/jpeg", "image/png", "image/heic"}
    assert storage().get(next(each.sha256 for each in kept if each.media_type == "image/heic")) == HEIC


def test_a_file_that_arrived_need_not_be_sent_again(as_):
    an_agreement("numbered")
    village = as_("village")
    page = village.post(f"{PAGE}/lampiran", a_scan(place="", scan=sent(a_photo(), "hal1.jpg"))).text
    assert "Sudah diterima: hal1.jpg" in page
    village.post(f"{PAGE}/lampiran", a_scan(scan=sent(a_photo(), "hal2.jpg"), scan_kept=village.hidden("scan_kept")))
    assert pages_of(storage().get(again().signatures[0].file.sha256)) == 2


def test_pages_are_added_one_by_one(as_):
    an_agreement("numbered")
    village = as_("village")
    village.post(f"{PAGE}/lampiran", {"more": "1", "on": "", "place": "", "scan": sent(a_photo(), "hal1.jpg")})
    village.post(f"{PAGE}/lampiran", {"more": "1", "scan": sent(a_photo(), "hal2.jpg"), "scan_kept": village.hidden("scan_kept")})
    village.post(f"{PAGE}/lampiran", a_scan(scan=None, scan_kept=village.hidden("scan_kept")))
    assert pages_of(storage().get(again().signatures[0].file.sha256)) == 2


def test_a_bad_page_among_those_added_is_told(as_):
    an_agreement("numbered")
    response = as_("village").post(f"{PAGE}/lampiran", {"more": "1", "scan": sent(b"bukan", "hal1.jpg")})
    assert "Berkas harus berupa PDF atau foto" in response.text


def test_somebody_elses_kept_file_does_not_count(as_):
    an_agreement("numbered")
    village = as_("village")
    village.post(f"{PAGE}/lampiran", a_scan(place=""))
    stolen = village.hidden("scan_kept")
    assert "Pilih berkas PDF atau foto" in as_("legal").post(f"{PAGE}/lampiran", a_scan(scan=None, scan_kept=stolen)).text


def test_another_villages_signature_is_not_there(as_):
    other = an_agreement("signed", OTHER)
    village = as_("village")
    assert village.get(f"/perjanjian/{other.code}/tanda-tangan").status_code == 404
    assert village.post(f"/perjanjian/{other.code}/tanda-tangan/lampiran", a_scan(), seen="/kata-sandi").status_code == 404
    assert village.post(f"/tanda-tangan/{other.signatures[0].id}/periksa", {"verdict": "confirm"}, seen="/kata-sandi").status_code in (403, 404)


@pytest.mark.parametrize("role", ["legal", "approver", "village", "camat", "bpjs"])
def test_the_page_shows_where_the_three_stand(as_, role):
    an_agreement("signed")
    page = as_(role).get(PAGE).text
    assert page.count("dikonfirmasi</span>") == 3
