"""The certificate of an agreement's life: read back from its PDF, verified by its bytes, made by whoever may see the agreement."""

import io

import pypdfium2
import pytest

from letters.press import Press
from tests.builders import BIALO, OTHER, a_file, a_nik, an_agreement, user
from tests.webapp.test_heads import cut_the_tail
from webapp import audits, certificates, clock, heads, verification
from webapp.db import db
from webapp.issuing import preview, reserve
from webapp.models import Agreement, Letter, drafts
from webapp.models.takeovers import Archived, attach_scan, take_over
from webapp.printing import claim, print_letter
from webapp.uploads import storage
from workflows import Refused


@pytest.fixture(scope="module")
def press():
    with Press() as machine:
        yield machine


def asked(person, agreement: Agreement) -> Letter:
    """The certificate that a person gets who asks for it."""
    answer = person.post(f"/perjanjian/{agreement.code}/riwayat")
    assert answer.status_code == 303, answer.text
    db.session.rollback()
    return db.session.get(Letter, int(answer.location.rsplit("/", 1)[1]))


def printed(letter: Letter, press: Press) -> tuple[bytes, str]:
    """Its bytes and its words, with hashes joined again."""
    letter = print_letter(claim(letter.id), press)
    assert letter.state == "issued", letter.problem
    content = storage().get(letter.sha256)
    with pypdfium2.PdfDocument(io.BytesIO(content)) as pdf:
        return content, " ".join(" ".join(page.get_textpage().get_text_bounded().split()) for page in pdf)


def test_a_whole_life_is_read_back_and_the_paper_is_genuine(app, as_, press):
    agreement = an_agreement("active")
    heads.write_daily(db.session, storage())
    letter = asked(as_("legal"), agreement)
    content, text = printed(letter, press)
    joined = text.replace(" ", "")
    events, _ = certificates.life_of(db.session, agreement)
    for each in events:
        assert each.hash in joined and f" {each.seq} " in text
    for said in ("Konsep disetujui", "Pejabat penyetuju", "tanda tangan basah", "Dikonfirmasi Contoh approver", agreement.numbers[0], "PER/902/032026", "utuh", "10.00.00", "Desa Bialo (73.02.01.2004)"):
        assert said.replace(" ", "") in joined, said
    for signature in agreement.signatures:
        assert signature.file.sha256 in joined
    assert heads.written(storage())[-1].hash in joined
    assert verification.check_file(db.session, content).answer == verification.GENUINE
    assert a_nik(9001) not in joined and "ContohPeserta" not in joined


def test_asked_twice_it_is_one_paper_until_something_happens(app, as_, press):
    agreement, village = an_agreement("signed"), as_("village")
    first = asked(village, agreement).id
    assert asked(as_("legal"), agreement).id == first
    drafts.hold(agreement, "suspended", clock.today(), "Menunggu", user("legal"), clock.now(), clock.today())
    db.session.commit()
    second = asked(village, agreement)
    assert second.id != first and "Ditangguhkan" in second.facts  # a life that rests can be certified too


@pytest.mark.parametrize("role", ["legal", "bagian_hukum", "approver", "village", "camat", "bpjs"])
def test_who_sees_the_agreement_sees_its_life(app, as_, role):
    agreement, person = an_agreement("budgeted"), as_(role)
    assert f"/perjanjian/{agreement.code}/riwayat" in person.get(f"/perjanjian/{agreement.code}").text
    page = person.get(f"/perjanjian/{agreement.code}/riwayat").text
    assert "Konsep disetujui" in page and "Buat sertifikat riwayat" in page and a_nik(9001) not in page


def test_a_village_has_no_certificate_of_another(app, as_):
    other = an_agreement("frozen", village_code=OTHER)
    assert as_("village").get(f"/perjanjian/{other.code}/riwayat").status_code == 404
    assert as_("village").post(f"/perjanjian/{other.code}/riwayat", seen="/kata-sandi").status_code == 404
    assert as_("monitor").get(f"/perjanjian/{other.code}/riwayat").status_code == 403


def test_what_was_taken_over_is_never_told_as_witnessed(app, as_, press):
    accord = an_agreement("empty", village_code=OTHER).accord
    row = Archived(BIALO, 2026, "100.3.7.1/7/DPMD/I/2026", "PER/7/012026", clock.today().replace(month=1), "Bulukumba", "Contoh Lama, Kepala", "Contoh Dua, Kepala", "")
    (agreement,) = take_over(db.session, accord, [row], "a" * 64, user("legal"), clock.now(), clock.today())
    attach_scan(agreement, ["kesatu"], clock.today().replace(month=1, day=30), "Bulukumba", a_file(BIALO), user("legal"), clock.now(), clock.today())
    db.session.commit()
    _, text = printed(asked(as_("village"), agreement), press)
    assert "tidak disaksikannya" in text and "(diambil alih, tidak disaksikan)" in text and "diambil alih dari arsip, tidak disaksikan" in text
    assert "a" * 64 in text.replace(" ", "") and "100.3.7.1/7/DPMD/I/2026" in text
    assert "Kepala Desa penandatangan lampiran belum diisi" in text


def test_looks_at_the_list_are_counted_not_listed(app, as_, press):
    agreement, village = an_agreement("frozen"), as_("village")
    village.get(f"/perjanjian/{agreement.code}/pratinjau/lampiran_peserta")
    _, text = printed(asked(village, agreement), press)
    assert "1 (satu) kali daftar peserta" in text and "Konsep berisi daftar peserta dilihat" not in text


def test_a_chain_that_does_not_hold_is_said_on_the_paper(app, as_, press):
    from sqlalchemy import text as sql

    agreement = an_agreement("approved")
    db.session.execute(sql("DROP TRIGGER keep_audit_events_update"))
    db.session.execute(sql("UPDATE audit_events SET actor = 'lain' WHERE seq = 1"))
    db.session.commit()
    _, text = printed(asked(as_("legal"), agreement), press)
    assert "RANTAI TIDAK UTUH: peristiwa 1 berubah" in text and "utuh," not in text


def test_an_older_copy_certifies_nothing(app, as_):
    agreement = an_agreement("approved")
    heads.write_daily(db.session, storage())
    cut_the_tail()
    answer = as_("legal").post(f"/perjanjian/{agreement.code}/riwayat")
    assert answer.status_code == 409 and "salinan lama" in answer.text


def test_an_agreement_without_an_accord_has_a_life_too(app, as_, press):
    agreement = an_agreement("empty", accord=None)
    _, text = printed(asked(as_("legal"), agreement), press)
    assert "Perjanjian mulai disusun" in text and "Belum ada tanda tangan yang dicatat" in text


def test_the_certificates_own_making_is_in_the_trail(app, as_):
    agreement = an_agreement("approved")
    asked(as_("village"), agreement)
    assert audits.verify(db.session) is None
    newest = audits.page_of(db.session, agreement.code, BIALO, "letter.reserved", 1).events[0]
    assert newest.facts["kind"] == "sertifikat_riwayat"


def test_a_draft_claims_no_chain_and_a_certificate_without_its_trail_is_refused(app, press):
    agreement = an_agreement("approved")
    with pypdfium2.PdfDocument(io.BytesIO(preview(certificates.KIND, agreement, press))) as pdf:
        text = " ".join(" ".join(page.get_textpage().get_text_bounded().split()) for page in pdf)
    assert "konsep ini belum memuatnya" in text and "UTUH" not in text.upper()
    with pytest.raises(Refused):
        reserve(certificates.KIND, agreement, user("legal"))
