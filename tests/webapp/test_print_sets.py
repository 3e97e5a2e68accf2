"""Both originals of many villages in one PDF: stored papers as they are, what is missing is named, made beside the web."""

from datetime import timedelta
from io import BytesIO

import pikepdf
import pypdfium2
import pytest

from letters.press import Press
from tests.builders import BIALO, NOW_, OTHER, an_agreement, user
from webapp import clock, print_sets
from webapp.db import db
from webapp.issuing import reserve, void
from webapp.models import AuditEvent, ExpeditionEntry, Letter, PrintSet
from webapp.models.print_sets import survey
from webapp.printing import claim, print_letter
from webapp.storage import MissingFile
from webapp.uploads import storage

PAGE = "/cetak-tanda-tangan"
NASKAH = ("perjanjian_desa", "lampiran_peserta", "lampiran_iuran")


@pytest.fixture(scope="module")
def press():
    with Press() as machine:
        yield machine


def issued(press, village_code=BIALO, serial=9001, kinds=NASKAH):
    """An agreement whose papers are printed."""
    agreement = an_agreement("approved", village_code, serial=serial)
    for slug in kinds:
        letter = reserve(slug, agreement, user("legal"))
        db.session.commit()
        assert print_letter(claim(letter.id), press).state == "issued"
    return agreement


def asked(as_, *agreements, **more):
    legal = as_("legal")
    body = {"agreement": [each.code for each in agreements], "content": "naskah", "duplex": "1", "sheet": "after"} | more
    return legal, legal.post(PAGE, body, seen=PAGE)


def texts_of(printed: bytes) -> list[str]:
    return [" ".join(page.get_textpage().get_text_bounded().split()) for page in pypdfium2.PdfDocument(printed)]


def made(press) -> bool:
    db.session.rollback()  # see what the request has written
    return print_sets.make_waiting(press)


def the_set() -> PrintSet:
    db.session.rollback()
    return db.session.query(PrintSet).one()


def test_both_originals_of_all_villages_come_in_one_file(app, as_, press):
    one, other = issued(press), issued(press, OTHER, 9101)
    legal, answer = asked(as_, other, one)
    assert "Sedang disusun" in legal.get(answer.location).text
    assert made(press)
    row = the_set()
    assert [(each["village"], each["title"], each["rangkap"]) for each in row.originals] == [
        (code, title, rangkap) for code in (BIALO, OTHER) for rangkap in (1, 2) for title in ("Perjanjian", "Lampiran I", "Lampiran II")
    ]
    assert "Unduh PDF" in legal.get(answer.location).text
    pdf = legal.get(f"{answer.location}/berkas.pdf")
    with pikepdf.open(BytesIO(pdf.data)) as whole:
        assert len(whole.pages) == row.pages >= sum(each["pages"] for each in row.originals)
        with whole.open_outline() as outline:
            assert [each.title for each in outline.root][::6] == ["Bialo, Perjanjian, rangkap 1", "Tambangan, Perjanjian, rangkap 1", "Lembar ekspedisi"]


def test_each_original_begins_on_a_front_side_and_is_the_stored_one(app, as_, press):
    asked(as_, issued(press), sheet="before")
    made(press)
    row = the_set()
    stored = [storage().get(each["sha256"]) for each in row.originals]
    texts = texts_of(storage().get(row.sha256))
    assert "LEMBAR EKSPEDISI" in texts[0]
    begins = [texts.index(own[0]) for own in map(texts_of, stored)]
    assert all(each % 2 == 0 for each in begins) and begins == sorted(begins)
    for start, own in zip(begins, map(texts_of, stored), strict=True):
        assert texts[start : start + len(own)] == own


def test_what_is_not_issued_is_named_and_not_printed(app, as_, press):
    one = issued(press)
    an_agreement("approved", OTHER, serial=9101)
    legal = as_("legal")
    page = legal.get(PAGE).text
    assert "1 desa siap dicetak" in page and "Perjanjian belum terbit" in page
    asked(as_, one)
    made(press)
    assert the_set().missing == []  # it was not asked for
    ready, left = survey(db.session, 2026, "naskah")
    assert [each.agreement.code for each in ready] == [one.code]
    assert [(each.code, reason) for each, reason in left] == [(f"{OTHER}-2026", "Perjanjian belum terbit")]


def test_a_village_that_was_asked_for_and_is_not_ready_is_told_on_the_sheet(app, as_, press):
    one, other = issued(press), an_agreement("approved", OTHER, serial=9101)
    asked(as_, one, other)
    assert made(press)
    assert the_set().missing == [[f"Desa {other.village.name} ({OTHER})", "Perjanjian belum terbit"]]


def test_the_filter_stands_in_the_link(app, as_, press):
    issued(press)
    legal = as_("legal")
    assert "1 desa siap" in legal.get(f"{PAGE}?kecamatan=73.02.01").text
    assert "Belum ada desa yang siap" in legal.get(f"{PAGE}?kecamatan=73.02.06").text


def test_what_all_three_have_signed_is_not_printed_again_unasked(app):
    agreement = an_agreement("signed")
    db.session.query(Letter).filter_by(agreement_id=agreement.id).one().state = "issued"
    db.session.flush()
    _, left = survey(db.session, 2026, "naskah")
    assert left[0][1] in ("Lampiran I belum terbit", "sudah ditandatangani ketiganya")


def test_nothing_ticked_is_refused(app, as_, press):
    issued(press)
    legal, answer = asked(as_)
    assert answer.status_code == 409
    assert "Belum ada desa" in answer.text


def test_a_package_bound_before_a_correction_is_not_printed(app, as_, press):
    agreement = issued(press, kinds=(*NASKAH, "paket_desa"))
    assert survey(db.session, 2026, "paket")[0]
    agreement.place = "Gantarang"
    letter = reserve("perjanjian_desa", agreement, user("legal"))
    db.session.commit()
    print_letter(claim(letter.id), press)
    ready, left = survey(db.session, 2026, "paket")
    assert not ready and "terbitkan paketnya sekali lagi" in left[0][1]


def test_a_paper_voided_meanwhile_is_not_handed_out(app, as_, press):
    agreement = issued(press)
    legal, answer = asked(as_, agreement)
    made(press)
    void(agreement.paper, "nama keliru", user("legal"))
    db.session.commit()
    refused = legal.get(f"{answer.location}/berkas.pdf")
    assert refused.status_code == 409 and "Jangan dicetak" in refused.text
    assert "Jangan dicetak" in legal.get(answer.location).text


def test_a_set_that_fails_says_why_and_can_be_tried_again(app, as_, press, monkeypatch):
    legal, answer = asked(as_, issued(press))

    def gone(*_):
        raise MissingFile("berkas tidak ada di penyimpanan")

    with monkeypatch.context() as broken:
        broken.setattr(print_sets.storage(), "get", gone)
        for hours in range(print_sets.MOST_TRIES):
            with clock.at(NOW_ + timedelta(hours=hours + 1)):
                assert made(press)
    page = legal.get(answer.location).text
    assert "Gagal disusun" in page and "berkas tidak ada di penyimpanan" in page
    legal.post(f"{answer.location}/coba-lagi", seen=answer.location)
    assert made(press)
    assert the_set().state == "ready"


def test_the_file_is_deleted_after_its_days_and_can_be_asked_for_again(app, as_, press):
    agreement = issued(press)
    legal, answer = asked(as_, agreement)
    made(press)
    sha256 = the_set().sha256
    assert print_sets.sweep() == 0
    with clock.at(NOW_ + timedelta(days=8)):
        assert print_sets.sweep() == 1
    assert not storage().path(sha256).exists() and the_set().state == "removed"
    assert "sudah dihapus" in legal.get(answer.location).text
    assert storage().get(agreement.paper.sha256)


def test_the_same_set_asked_for_later_keeps_its_file(app, as_, press):
    agreement = issued(press)
    for days in (0, 5):
        with clock.at(NOW_ + timedelta(days=days)):
            asked(as_, agreement, sheet="")
            made(press)
    with clock.at(NOW_ + timedelta(days=8)):
        assert print_sets.sweep() == 1
    db.session.expire_all()
    newest = db.session.query(PrintSet).order_by(PrintSet.id.desc()).first()
    assert storage().get(newest.sha256)


def test_the_villages_of_a_set_go_out_with_one_row_each(app, as_, press):
    one, other = issued(press), issued(press, OTHER, 9101)
    legal, answer = asked(as_, one, other)
    made(press)
    body = {"recipient": "heads", "on": "2026-11-22", "how": "diantar", "carrier": "Contoh Kurir"}
    done = legal.post(f"{answer.location}/serahkan", body, seen=answer.location)
    page = legal.get(done.location).text
    assert "2 pengiriman, 2 belum ada tanda terima" in page and "Kepala Desa Bialo" in page
    assert {each.number for each in db.session.query(ExpeditionEntry)} == {one.paper.number, other.paper.number}
    again = legal.post(f"{answer.location}/serahkan", body, seen=answer.location)
    assert again.status_code == 409 and "tanda terimanya belum ada" in again.text


def test_asking_and_making_are_in_the_trail(app, as_, press):
    asked(as_, issued(press))
    made(press)
    assert [each.action for each in db.session.query(AuditEvent).filter(AuditEvent.action.like("print_set.%")).order_by(AuditEvent.seq)] == ["print_set.ordered", "print_set.made"]


@pytest.mark.parametrize("role", ["village", "camat", "bpjs", "monitor", "approver", "admin"])
def test_others_make_none(app, as_, role):
    assert as_(role).get(PAGE).status_code == 403
