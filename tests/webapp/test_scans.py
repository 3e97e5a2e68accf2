"""Signed pages by telephone: read by their code, straightened, refused by name when they are of another paper, proven page by page."""

from __future__ import annotations

import io
import random
import re
from functools import cache
from pathlib import Path

import pikepdf
import pytest
from PIL import Image
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from letters.marks import Issued
from letters.press import Press
from letters.stamping import quick_response
from tests.builders import BIALO, NOW_, OTHER, a_letter, an_agreement, user
from tests.experiments import photographs
from tests.issued import an_issued_home, issue
from tests.photographs import covered, pages_of, photograph
from tests.webapp.scans import a_pdf, a_photo, locked, sent, with_javascript
from webapp import clock, scan_child, scans
from webapp.db import begin_writing, db
from webapp.models import Agreement, AuditEvent, Letter, Rendition, Scan, ScanPage, StoredFile
from webapp.models.collecting import begin, collected, newest_scan
from webapp.models.signatures import review
from webapp.uploads import storage
from webapp.verification import check_file

CODE = f"{BIALO}-2026"
ANNEX, PAPER = f"/perjanjian/{CODE}/pindai/lampiran", f"/perjanjian/{CODE}/pindai/perjanjian"


@pytest.fixture(scope="module")
def seeded(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Besides: Bialo's agreement, printed."""
    return an_issued_home(seeded, tmp_path_factory.mktemp("issued") / "home")


def again() -> Agreement:
    db.session.rollback()
    return db.session.scalars(select(Agreement).where(Agreement.village_code == BIALO)).one()


def original(kind: str, rangkap: int = 1, version: int | None = None) -> bytes:
    """The bytes of an original as printed; the newest version unless said otherwise."""
    letters = [each for each in again().letters if each.kind == kind and version in (None, each.version)]
    return storage().get(letters[-1].renditions[rangkap - 1].sha256)


@cache
def pages(printed: bytes) -> list[Image.Image]:
    return pages_of(printed)


def jpeg(page: Image.Image) -> bytes:
    out = io.BytesIO()
    page.save(out, "JPEG", quality=80)
    return out.getvalue()


def flat(kind: str, page: int = 1, rangkap: int = 1, version: int | None = None) -> bytes:
    """A page as a scanner sees it."""
    return jpeg(pages(original(kind, rangkap, version))[page - 1])


def all_annex() -> list[bytes]:
    return [jpeg(page) for kind in ("lampiran_peserta", "lampiran_iuran") for page in pages(original(kind))]


def begun(person, base: str = ANNEX, rangkap: int = 1) -> str:
    """The address of a scan that was begun."""
    answer = person.post(base, {"rangkap": str(rangkap)})
    assert answer.status_code == 303, answer.text
    return answer.location


def posted(person, where: str, *contents: bytes, name: str = "foto.jpg", seen: str | None = None, **more):
    """Send files."""
    answer = person.post(where, {"page": [sent(each, name) for each in contents]} | more, seen=seen or where)
    answer.request.environ["wsgi.input"].close()  # a large body lies in a file of the test client
    return answer


def send(person, where: str, *contents: bytes, name: str = "foto.jpg") -> str:
    """Send files and read what the page says then."""
    answer = posted(person, where, *contents, name=name)
    return person.get(answer.location).text if answer.status_code == 303 else answer.text


def recorded(person, where: str, word: str = "lampiran", **more):
    return person.post(f"{where}/{word}", {"on": "2026-03-09", "place": "Bialo"} | more, seen=where)


def told(page: str) -> str:
    """What the page says in its notes."""
    return " ".join(re.sub(r"<[^>]+>", "", each) for each in re.findall(r'<div class="flash.*?</div>', page, re.S))


def the_scan(paper: str = "lampiran", rangkap: int = 1) -> Scan:
    return newest_scan(again(), paper, rangkap)


# --- the road ---------------------------------------------------------------------------------------------------------------------------


def test_from_print_to_verified_with_photographs(as_):
    rng = random.Random(7)
    legal, approver, bpjs, second, village = (as_(who) for who in ("legal", "approver", "bpjs", "legal2", "village"))
    where = begun(legal, PAPER)
    photos = [photograph(page, rng, quarter=place % 4).jpeg for place, page in enumerate(pages(original("perjanjian_desa")))]
    rng.shuffle(photos)
    for place, each in enumerate(photos, 1):
        assert f"{place} dari {len(photos)} halaman diterima" in send(legal, where, each)
    assert recorded(approver, where, "kesatu").status_code == 303
    assert recorded(bpjs, where, "kedua").status_code == 303
    at_home = begun(village)
    photos = [photograph(page, rng).jpeg for kind in ("lampiran_peserta", "lampiran_iuran") for page in pages(original(kind))]
    assert "Semua halaman sudah ada" in send(village, at_home, *photos)
    assert recorded(village, at_home).status_code == 303
    for each in again().signatures:
        page = second.get(f"/tanda-tangan/{each.id}/periksa").text
        assert page.count('src="data:image/jpeg;base64,') >= 4
        assert second.post(f"/tanda-tangan/{each.id}/periksa", {"verdict": "confirm"}).status_code == 303
    agreement = again()
    assert agreement.stage == "budgeting"
    for each in agreement.signatures:
        assert check_file(db.session, storage().get(each.file.sha256)).answer == "ASLI"


def test_pages_of_one_pdf_come_in_any_order(as_):
    village = as_("village")
    where = begun(village)
    with pikepdf.new() as pdf:
        for kind in ("lampiran_iuran", "lampiran_peserta"):
            with pikepdf.open(io.BytesIO(original(kind))) as part:
                pdf.pages.extend(part.pages)
        out = io.BytesIO()
        pdf.save(out)
    assert "Semua halaman sudah ada" in send(village, where, out.getvalue(), name="pindaian.pdf")
    assert recorded(village, where).status_code == 303
    proof = again().signatures[-1].proof
    assert [each.placement.letter.kind for each in proof.pages][0] == "lampiran_peserta"
    with pikepdf.open(io.BytesIO(storage().get(again().signatures[-1].file.sha256))) as pdf:
        assert len(pdf.pages) == len(proof.pages) == len(all_annex())


def test_what_was_sent_stays_as_it_was_and_the_straightened_page_points_back(as_):
    village, photo = as_("village"), photograph(pages(original("lampiran_iuran"))[0], random.Random(3)).jpeg
    send(village, begun(village), photo)
    again()
    page = db.session.scalars(select(ScanPage)).one()
    assert storage().get(page.original.sha256) == photo
    assert (page.picture.original_of_id, page.flattened, page.letter.kind) == (page.original_id, "corners", "lampiran_iuran")


# --- interrupted, doubled, missing ------------------------------------------------------------------------------------------------------


def test_it_goes_on_where_it_stopped_on_another_day_and_device(as_):
    first, *rest = all_annex()
    where = begun(as_("village"))
    send(as_("village"), where, first)
    with clock.at(NOW_.replace(day=23)):
        other = as_("legal")
        assert f"1 dari {1 + len(rest)} halaman diterima" in other.get(ANNEX).text
        assert "Semua halaman sudah ada" in send(other, where, *rest)


def test_one_bad_photo_does_not_take_the_others_with_it(as_):
    village = as_("village")
    page = send(village, begun(village), flat("lampiran_peserta"), a_photo()[:300], flat("lampiran_iuran"))
    assert "Diterima: Lampiran I halaman 1, Lampiran II halaman 1" in told(page)
    assert "rusak atau terpotong" in told(page)


def test_missing_pages_are_named_and_nothing_can_be_recorded(as_):
    village = as_("village")
    where = begun(village)
    page = send(village, where, flat("lampiran_iuran"))
    assert "<b>Belum ada:</b> Lampiran I halaman 1" in page
    answer = recorded(village, where)
    assert (answer.status_code, "Belum lengkap: Lampiran I halaman 1" in answer.text) == (409, True)
    assert not again().signatures


def test_the_same_photo_again_changes_nothing(as_):
    village = as_("village")
    where, photo = begun(village), flat("lampiran_iuran")
    send(village, where, photo)
    assert "1 berkas sudah pernah diterima" in send(as_("legal"), where, photo)
    assert len(the_scan().pages) == 1


def test_a_page_that_comes_twice_is_kept_twice_and_the_newer_counts_on_wish(as_):
    village = as_("village")
    where = begun(village)
    send(village, where, flat("lampiran_iuran"))
    older, photo = the_scan().pages[0], photograph(pages(original("lampiran_iuran"))[0], random.Random(1)).jpeg
    assert "Datang dua kali: Lampiran II halaman 1" in send(village, where, photo)
    newer = the_scan().pages[-1]
    assert [each.scan_page_id for each in collected(the_scan(), again()).placed.values()] == [older.id]
    assert village.post(f"/halaman-pindai/{newer.id}/pakai", seen=where).status_code == 303
    found = collected(the_scan(), again())
    assert [each.scan_page_id for each in found.placed.values()] == [newer.id]
    assert [each.id for each in found.doubles] == [older.id]


def test_a_form_sent_twice_acts_once(as_):
    village = as_("village")
    where = begun(village)
    village.get(where)
    key = village.hidden("once")
    for _ in range(2):
        posted(village, where, flat("lampiran_iuran"), once=key)
    assert len(the_scan().pages) == 1
    send(village, where, flat("lampiran_peserta"))
    village.get(f"{where}/lampiran")
    key = village.hidden("once")
    for _ in range(2):
        assert recorded(village, where, once=key).status_code == 303
    assert len(again().signatures) == 1


def test_begun_anew_the_earlier_pages_stay_readable_and_take_no_more(as_):
    village = as_("village")
    first = begun(village)
    send(village, first, flat("lampiran_iuran"))
    second = begun(village)
    assert first != second
    assert "sudah dimulai ulang" in send(village, first, flat("lampiran_peserta"))
    assert "Lampiran II halaman 1" in village.get(first).text
    assert "0 dari 2 halaman diterima" in village.get(second).text


# --- refused by name --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "sentence"),
    [
        (lambda: flat("perjanjian_desa", 3, version=1), "Halaman 3 ini dari versi 1; yang berlaku versi 2"),
        (lambda: flat("perjanjian_desa", 2, rangkap=2), "Halaman 2 ini dari Rangkap 2; yang sedang dikumpulkan Rangkap 1"),
        (lambda: flat("lampiran_peserta"), "Halaman 1 ini dari Lampiran I: Daftar Peserta; yang sedang dikumpulkan Perjanjian"),
    ],
    ids=["old version", "other rangkap", "other paper"],
)
def test_a_swapped_page_is_refused_by_name_and_not_kept(as_, page, sentence):
    legal = as_("legal")
    where, before = begun(legal, PAPER), len(db.session.scalars(select(StoredFile)).all())
    assert sentence in told(send(legal, where, page()))
    assert (len(the_scan("perjanjian").pages), len(db.session.scalars(select(StoredFile)).all())) == (0, before)


def foreign_page(press: Press) -> bytes:
    """A page of another village's annex."""
    agreement = an_agreement("approved", OTHER, serial=9101)
    issue("perjanjian_desa", agreement, press)
    return jpeg(pages_of(storage().get(issue("lampiran_peserta", agreement, press).sha256))[0])


def test_another_villages_page_is_never_stored_here(as_):
    with Press() as press:
        photo = foreign_page(press)
    village, legal = as_("village"), as_("legal")
    where = begun(village)
    assert "tidak dikenal register" in told(send(village, where, photo))
    assert "dari Lampiran I: Daftar Peserta Desa" in told(send(legal, where, photo))
    assert not the_scan().pages
    out = io.BytesIO()
    first = Image.open(io.BytesIO(flat("lampiran_iuran")))
    first.save(out, "PDF", save_all=True, append_images=[Image.open(io.BytesIO(photo))])
    assert "halaman 2 berkas ini dari naskah desa lain" in told(send(legal, where, out.getvalue(), name="semua.pdf"))
    assert not the_scan().pages


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"bukan pdf", "surat.docx", "Berkas harus berupa PDF atau foto"),
        (b"", "kosong.jpg", "berkas ini kosong"),
        (locked(), "kunci.pdf", "terkunci kata sandi"),
        (with_javascript(), "program.pdf", "berisi program"),
        (a_pdf(41), "tebal.pdf", "Paling banyak 40 halaman"),
        (a_photo()[:300], "potong.jpg", "rusak atau terpotong"),
    ],
    ids=["docx", "empty", "locked", "javascript", "too many pages", "cut photo"],
)
def test_hostile_files_are_refused_with_a_sentence(as_, content, name, sentence):
    village = as_("village")
    assert sentence in told(send(village, begun(village), content, name=name))
    assert not the_scan().pages


def test_a_picture_bomb_is_refused(as_):
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    village = as_("village")
    assert "terlalu besar" in told(send(village, begun(village), out.getvalue(), name="bom.png"))


# --- by hand ----------------------------------------------------------------------------------------------------------------------------


def unread(village, where: str) -> ScanPage:
    photo = photograph(covered(pages(original("lampiran_iuran"))[0]), random.Random(5)).jpeg
    assert "kodenya tidak terbaca" in told(send(village, where, photo))
    return the_scan().pages[-1]


def test_a_page_without_a_readable_code_is_placed_by_hand_with_a_reason_and_the_reviewer_sees_it(as_):
    village = as_("village")
    where = begun(village)
    send(village, where, flat("lampiran_peserta"))
    page = unread(village, where)
    form = f"/halaman-pindai/{page.id}/tempatkan"
    assert "Wajib diisi" in village.post(form, {"slot": "lampiran_iuran-1", "reason": " "}, seen=form).text
    assert village.post(form, {"slot": "lampiran_iuran-1", "reason": "Kode QR tertutup cap"}, seen=form).status_code == 303
    assert "ditempatkan dengan tangan" in village.get(where).text
    recorded(village, where)
    review = as_("legal").get(f"/tanda-tangan/{again().signatures[0].id}/periksa").text
    assert "ditempatkan dengan tangan oleh" in review
    assert "Kode QR tertutup cap" in review


def test_a_page_whose_code_was_read_is_placed_nowhere_else_but_may_be_left_out(as_):
    village = as_("village")
    where = begun(village)
    send(village, where, flat("lampiran_iuran"))
    form = f"/halaman-pindai/{the_scan().pages[0].id}/tempatkan"
    assert "Pilihan tidak dikenal" in village.post(form, {"slot": "lampiran_peserta-1", "reason": "x"}, seen=form).text
    assert village.post(form, {"slot": "", "reason": "Foto kabur"}, seen=form).status_code == 303
    assert "0 dari 2 halaman diterima" in village.get(where).text
    assert "Datang dua kali" not in told(send(village, where, photograph(pages(original("lampiran_iuran"))[0], random.Random(1)).jpeg))


# --- who, and four eyes -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("who", "base"), [("village", PAPER), ("bpjs", ANNEX), ("approver", ANNEX), ("camat", PAPER), ("monitor", ANNEX), ("admin", ANNEX)])
def test_who_records_no_signature_on_a_paper_collects_no_pages_of_it(as_, who, base):
    assert as_(who).get(base).status_code == 403
    assert as_(who).post(base, {"rangkap": "1"}).status_code == 403


def test_another_village_sees_nothing_of_it(as_):
    village, stranger = as_("village"), as_(OTHER)
    where = begun(village)
    send(village, where, flat("lampiran_iuran"))
    page = the_scan().pages[0].id
    for path in (ANNEX, where, f"{where}/lampiran", f"/halaman-pindai/{page}", f"/halaman-pindai/{page}/tempatkan"):
        assert stranger.get(path).status_code == 404, path
    assert posted(stranger, where, flat("lampiran_iuran"), seen="/kata-sandi").status_code == 404
    assert as_("camat").get(where).status_code == 403


def test_who_sent_a_page_does_not_confirm_the_signature_that_somebody_else_recorded(as_):
    legal, village = as_("legal"), as_("village")
    where = begun(village)
    send(legal, where, flat("lampiran_iuran"))
    send(village, where, flat("lampiran_peserta"))
    recorded(village, where)
    path = f"/tanda-tangan/{again().signatures[0].id}/periksa"
    assert legal.post(path, {"verdict": "confirm"}, seen="/kata-sandi").status_code == 403
    assert as_("legal2").post(path, {"verdict": "confirm"}).status_code == 303


def test_a_rejected_proof_leaves_its_pages_and_is_mended_by_one_of_them(as_):
    village, legal = as_("village"), as_("legal")
    where = begun(village)
    send(village, where, *all_annex())
    recorded(village, where)
    first = again().signatures[0]
    legal.post(f"/tanda-tangan/{first.id}/periksa", {"verdict": "reject", "reason": "Halaman 1 terpotong"})
    assert legal.get(f"/halaman-pindai/{first.proof.pages[0].placement.scan_page_id}").status_code == 200
    send(village, where, photograph(pages(original("lampiran_peserta"))[0], random.Random(2)).jpeg)
    village.post(f"/halaman-pindai/{the_scan().pages[-1].id}/pakai", seen=where)
    recorded(village, where)
    one, two = again().signatures
    assert one.file.sha256 != two.file.sha256
    assert two.proof.pages[0].placement.scan_page_id == the_scan().pages[-1].id
    assert one.proof.pages[0].placement.scan_page_id != the_scan().pages[-1].id


def test_once_all_have_signed_no_page_comes_any_more(as_):
    village = as_("village")
    where = begun(village)
    send(village, where, *all_annex())
    recorded(village, where)
    assert "sudah ditandatangani" in send(village, where, photograph(pages(original("lampiran_peserta"))[0], random.Random(2)).jpeg)


def test_without_printed_papers_it_says_so_and_leads_to_the_simple_way(as_):
    other = an_agreement("numbered", OTHER, serial=9101)
    page = as_("legal").get(f"/perjanjian/{other.code}/pindai/lampiran")
    assert page.status_code == 200
    assert "belum terbit di layanan ini" in page.text
    assert f"/perjanjian/{other.code}/tanda-tangan/lampiran" in page.text


# --- kept -------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", ["scans", "scan_pages", "scan_placements", "scan_proofs", "scan_proof_pages"])
def test_what_was_written_is_never_changed(as_, table):
    village = as_("village")
    where = begun(village)
    send(village, where, *all_annex())
    recorded(village, where)
    db.session.rollback()
    for sql in (f"UPDATE {table} SET id = id + 900", f"DELETE FROM {table}"):
        with pytest.raises(DatabaseError, match="bukti tidak boleh"):
            db.session.execute(text(sql))
        db.session.rollback()


def test_the_trail_tells_who_sent_how_many_pages(as_):
    village = as_("village")
    send(village, begun(village), *all_annex())
    again()
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "scan.received")).one()
    assert (event.actor, event.village_code, event.facts["placed"]) == (BIALO, BIALO, 2)


def test_one_scan_proves_two_signatures_and_counts_from_the_first_confirmation(as_):
    legal = as_("legal")
    where = begun(legal, PAPER)
    send(legal, where, original("perjanjian_desa"), name="pindaian.pdf")
    recorded(legal, where, "kesatu")
    recorded(as_("bpjs"), where, "kedua")
    one, two = again().signatures
    assert one.file.sha256 == two.file.sha256
    assert check_file(db.session, storage().get(two.file.sha256)).answer == "BERUBAH"
    as_("legal2").post(f"/tanda-tangan/{two.id}/periksa", {"verdict": "confirm"})
    again()
    assert check_file(db.session, storage().get(two.file.sha256)).answer == "ASLI"


def stamped(agreement: Agreement, kind: str) -> Letter:
    """A paper of one page that holds nothing but its code."""
    letter = a_letter(agreement, kind, state="issued")
    with pikepdf.new() as pdf:
        page, out = pdf.add_blank_page(page_size=(595, 842)), io.BytesIO()
        page.Contents = pdf.make_stream(quick_response(Issued(token=letter.token, public_url="http://localhost").code(1), 30))
        pdf.save(out)
    db.session.flush()
    db.session.add(Rendition(letter_id=letter.id, rangkap=1, sha256=storage().put(out.getvalue()), pages=1, size=len(out.getvalue()), at=clock.now()))
    return letter


def test_the_road_on_both_databases(both):
    agreement, by = an_agreement("numbered", OTHER, serial=9101), user("legal")
    photos = [storage().get(stamped(agreement, kind).sha256) for kind in ("lampiran_peserta", "lampiran_iuran")]
    db.session.commit()
    scan = begin(agreement, "lampiran", 1, by, clock.now(), clock.today())
    db.session.commit()
    brought = scans.take_in(scan, [(each, "pindaian.pdf") for each in (*photos, photos[0])], by)
    db.session.commit()
    assert (brought.placed, brought.again) == (["Lampiran I halaman 1", "Lampiran II halaman 1"], 1)
    built = scans.build(scan)
    begin_writing()
    signature = scans.prove(scan, built, "annex", clock.today(), "Contoh", by)
    db.session.commit()
    review(signature, agreement, True, "", user("legal2"), clock.now(), clock.today())
    db.session.commit()
    assert agreement.standing_signature("annex").as_seen().confirmed_by == "legal2"
    with pytest.raises(DatabaseError, match="bukti tidak boleh"):
        db.session.execute(text("DELETE FROM scan_proofs"))


def test_looking_at_a_page_with_people_on_it_is_noted_and_at_another_it_is_not(as_):
    village, legal = as_("village"), as_("legal")
    where = begun(village)
    send(village, where, *all_annex())
    for each in the_scan().pages:
        assert "data:image/jpeg" in legal.get(f"/halaman-pindai/{each.id}").text
    again()
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "file.downloaded")).one()
    assert (event.actor, event.facts["file"]) == ("legal", next(each.picture_id for each in the_scan().pages if each.letter.kind == "lampiran_peserta"))


# --- the child --------------------------------------------------------------------------------------------------------------------------


def test_a_photograph_is_straightened_to_less_than_two_millimetres(app):
    rng, sheet = random.Random(11), (210.0, 297.0)
    for quarter in range(4):
        page = pages(original("perjanjian_desa"))[quarter]
        photo = photograph(page, rng, quarter)
        picture = scan_child._opened(photo.jpeg)
        _, at = scan_child.code_on(picture)
        flattened, how = scan_child.straightened(picture, at, sheet, 30.0)
        assert how == "corners"
        _, seen = scan_child.code_on(flattened)
        per_mm = flattened.width / (sheet[0] + 2 * scan_child.MARGINS["corners"])
        for (x, y), (wanted_x, wanted_y) in zip(seen, scan_child.code_square(sheet, 30.0), strict=True):
            assert abs(x / per_mm - 4 - wanted_x) < 2
            assert abs(y / per_mm - 4 - wanted_y) < 2


def test_a_sheet_on_a_white_desk_is_straightened_by_its_code(app):
    picture = Image.open(io.BytesIO(flat("perjanjian_desa"))).rotate(1.5, fillcolor="white", resample=Image.Resampling.BICUBIC)
    _, at = scan_child.code_on(picture)
    flattened, how = scan_child.straightened(picture, at, (210.0, 297.0), 30.0)
    (x1, y1), (x2, y2) = scan_child.code_on(flattened)[1][:2]
    assert how == "code"
    assert abs(y2 - y1) / (x2 - x1) < 0.02


def test_ninety_nine_photographs_of_a_hundred_are_read(app):
    """A small n; the full one is ``python -m tests.experiments.photographs``."""
    found = photographs.trial(None, 3, 1)
    assert (found.failures, found.told["unread"]) == ([], 0)
    assert photographs.seen(photograph(covered(photographs.sheets()[0][-1]), random.Random(1))).code is None
