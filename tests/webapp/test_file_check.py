"""A file compared with the register: only its own bytes are genuine; altered ones are recognised by their code, and nothing is kept."""

import contextlib
import io
from hashlib import sha256

import pikepdf
import pypdfium2
import pytest
from sqlalchemy import func, select, update

from letters import kind
from letters.press import Issued, to_pdf
from tests.builders import a_file, a_letter, an_agreement, user
from webapp import cli, clock, verification
from webapp.db import db
from webapp.limits import limiter
from webapp.models import Letter, Rendition, StoredFile, signatures
from webapp.page_codes import Unreadable, page_code
from webapp.uploads import storage

from .scans import a_pdf, a_photo, sent


@pytest.fixture(autouse=True)
def _no_tries_yet(app):
    limiter.reset()


@pytest.fixture
def letter(app) -> Letter:
    paper = a_letter(an_agreement("numbered"), "surat_pengantar", state="issued")
    db.session.commit()
    return paper


@pytest.fixture
def printed(letter) -> bytes:
    content = to_pdf(kind("surat_pengantar").SAMPLE, Issued(token=letter.token, public_url="http://localhost:8000"))
    db.session.add(Rendition(letter_id=letter.id, rangkap=1, sha256=storage().put(content), pages=1, size=len(content), at=clock.now()))
    db.session.commit()
    return content


def answer(content: bytes) -> str:
    return verification.check_file(db.session, content).answer


def saved_again(content: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pdf.docinfo["/Title"] = "Naskah lain"
        pdf.save(out)
    return out.getvalue()


def photographed(content: bytes) -> bytes:
    out = io.BytesIO()
    pypdfium2.PdfDocument(content)[0].render(scale=150 / 72).to_pil().rotate(3, expand=True, fillcolor="white").save(out, "JPEG", quality=70)
    return out.getvalue()


def test_its_own_bytes_are_genuine(printed):
    assert answer(printed) == "ASLI"


@pytest.mark.parametrize("altered", [saved_again, photographed, lambda content: content + b"\n% tambahan\n"], ids=["saved again", "photographed", "appended"])
def test_other_bytes_with_its_code_are_altered(printed, letter, altered):
    checked = verification.check_file(db.session, altered(printed))
    assert (checked.answer, checked.verdict.number) == ("BERUBAH", letter.number)


def test_every_single_altered_byte_is_noticed(printed):
    for place in range(0, len(printed), max(1, len(printed) // 12)):
        altered = printed[:place] + bytes([printed[place] ^ 1]) + printed[place + 1 :]
        with contextlib.suppress(Unreadable):
            assert answer(altered) in ("BERUBAH", "TIDAK DIKENAL")


@pytest.mark.parametrize("change", [{"state": "void", "void_at": clock.now(), "void_reason": "Salah"}, {"replaced_by_id": 1}], ids=["void", "replaced"])
def test_a_paper_that_no_longer_stands_is_not_genuine(printed, letter, change):
    db.session.execute(update(Letter).where(Letter.id == letter.id).values(**change))
    db.session.commit()
    assert answer(printed) == "DIGANTI"


def test_a_stranger_is_unknown(app):
    assert answer(a_pdf()) == "TIDAK DIKENAL"
    assert answer(a_photo()) == "TIDAK DIKENAL"


def test_what_cannot_be_opened_says_so(app):
    with pytest.raises(Unreadable, match="bukan PDF"):
        answer(b"bukan naskah")


def test_a_scan_is_genuine_once_somebody_else_has_confirmed_it(app):
    agreement = an_agreement("numbered")
    file = a_file(agreement.village_code)
    signature = signatures.sign(agreement, "kesatu", clock.today(), "Contoh", file, user("approver"), clock.now(), clock.today())
    assert verification._signed_paper(db.session, file.sha256) is None
    signatures.review(signature, agreement, True, "", user("legal"), clock.now(), clock.today())
    assert verification._signed_paper(db.session, file.sha256).kind == "perjanjian_desa"


def test_the_page_compares_and_stores_nothing(nobody, printed):
    before = db.session.scalar(select(func.count()).select_from(StoredFile)), stored()
    page = nobody.post("/periksa", {"berkas": sent(saved_again(printed))}, content_type="multipart/form-data").get_data(as_text=True)
    assert "BERUBAH" in page and "jangan dipakai" in page
    assert (db.session.scalar(select(func.count()).select_from(StoredFile)), stored()) == before


def stored() -> int:
    return sum(each.is_file() for each in storage().root.rglob("*"))


def test_the_page_shows_the_hash_of_what_was_sent(nobody, printed):
    page = nobody.post("/periksa", {"berkas": sent(printed)}, content_type="multipart/form-data").get_data(as_text=True)
    assert "ASLI" in page and sha256(printed).hexdigest() in page


@pytest.mark.parametrize(("content", "sentence"), [(b"", "Pilih berkasnya"), (b"teks", "bukan PDF atau foto")])
def test_the_page_says_what_is_wrong_with_a_file(nobody, content, sentence):
    response = nobody.post("/periksa", {"berkas": sent(content)}, content_type="multipart/form-data")
    assert response.status_code == 422 and sentence in response.get_data(as_text=True)


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("http://localhost/v/abcdefghijklmnopqrstuv?h=1&v=2&r=3", "abcdefghijklmnopqrstuv"),
        ("http://localhost/v/abcdefghijklmnopqrstuv", "abcdefghijklmnopqrstuv"),
        ("http://localhost/v/pendek?h=1", None),
        ("sembarang", None),
    ],
)
def test_a_code_is_ours_or_it_is_not(text, token):
    found = page_code(text)
    assert (found.token if found else None) == token


def test_the_command_says_the_same(app, printed, tmp_path, monkeypatch, capsys):
    from contextlib import nullcontext

    monkeypatch.setattr(cli.verification, "installation", lambda: nullcontext(app))
    for name, content, status in (("asli", printed, 0), ("lain", a_pdf(), 1), ("rusak", b"x", 2)):
        path = tmp_path / f"{name}.pdf"
        path.write_bytes(content)
        assert cli.run(["verify", str(path), "--json"]) == status
    assert cli.run(["verify", str(tmp_path / "tidak-ada.pdf")]) == 2
    assert user("legal").name not in capsys.readouterr().out
