"""The public page of a paper: what the register says, no person, and nothing for guesses."""

import pytest
from sqlalchemy import update

from tests.builders import a_letter, an_agreement, user
from webapp import clock
from webapp.db import db
from webapp.limits import limiter
from webapp.models import Letter, Rendition


@pytest.fixture(autouse=True)
def _no_tries_yet(app):
    limiter.reset()


@pytest.fixture
def letter(app) -> Letter:
    agreement = an_agreement("numbered")
    paper = agreement.letter_of("perjanjian_desa")
    paper.state = "issued"
    for rangkap in (1, 2):
        db.session.add(Rendition(letter_id=paper.id, rangkap=rangkap, sha256=f"{rangkap}" * 64, pages=7, size=1, at=clock.now()))
    db.session.commit()
    return paper


def page_of(nobody, letter, query: str = "") -> str:
    return nobody.get(f"/v/{letter.token}{query}").get_data(as_text=True)


def test_it_says_what_the_register_says(nobody, letter):
    page = page_of(nobody, letter, "?h=2&v=1&r=2")
    for each in ("TERBIT", letter.number, "22 November 2026", "Desa Bialo, Kecamatan Gantarang", "BPJS Ketenagakerjaan Cabang Bulukumba", "halaman 2 dari 7, rangkap 2", "1" * 16, "2" * 16):
        assert each in page
    assert "1" * 17 not in page and "Tidak cocok" not in page


def test_it_names_no_person(nobody, letter):
    page = page_of(nobody, letter)
    for each in ("Contoh Kepala", "Contoh Kades", "Contoh Peserta", user("legal").name):
        assert each not in page


@pytest.mark.parametrize(("query", "doubt"), [("?v=2", "menyebut versi 2"), ("?h=8&r=1", "halaman 8 tidak ada"), ("?h=0", "halaman 0 tidak ada"), ("?r=3", "Rangkap 3 tidak ada")])
def test_a_code_that_does_not_fit_is_doubted(nobody, letter, query, doubt):
    assert doubt in page_of(nobody, letter, query)


def test_an_odd_query_changes_nothing(nobody, letter):
    assert "TERBIT" in page_of(nobody, letter, "?h=%3Cscript%3E&v=x&r=")


def test_a_void_paper_says_since_when_but_a_typed_reason_may_name_somebody(nobody, letter):
    db.session.execute(update(Letter).where(Letter.id == letter.id).values(state="void", void_at=clock.now(), void_reason="Salah tanggal"))
    db.session.commit()
    page = page_of(nobody, letter)
    assert "BATAL" in page and "22 November 2026" in page and "Salah tanggal" not in page


def test_a_replaced_paper_names_the_newer_version(nobody, letter):
    with db.session.no_autoflush:
        newer = a_letter(an_agreement_of(letter), version=2, unit=letter.unit, year=letter.year, seq=letter.seq, number=letter.number)
    db.session.flush()
    letter.replaced_by_id = newer.id
    db.session.commit()
    assert "diganti oleh versi 2" in page_of(nobody, letter)


def an_agreement_of(letter):
    from webapp.models import Agreement

    return db.session.get(Agreement, letter.agreement_id)


def test_a_reserved_paper_is_not_issued_yet(app, nobody):
    paper = an_agreement("numbered").letter_of("perjanjian_desa")
    assert "BELUM TERBIT" in page_of(nobody, paper)


def test_an_example_says_so(app, nobody):
    agreement = an_agreement("numbered")
    paper = a_letter(agreement, "surat_pengantar", contoh=True)
    db.session.commit()
    page = page_of(nobody, paper)
    assert "CONTOH" in page and "Penerbit" in page


@pytest.mark.parametrize("token", ["tidak-ada", "x" * 500, "1"])
def test_a_guess_finds_nothing(nobody, token):
    response = nobody.get(f"/v/{token}")
    assert response.status_code == 404
    assert "TIDAK DIKENAL" in response.get_data(as_text=True)


def test_guessing_is_slowed_down(nobody):
    answers = [nobody.get("/v/tebakan").status_code for _ in range(61)]
    assert answers[:60] == [404] * 60 and answers[60] == 429


def test_who_is_signed_in_sees_the_same(as_, letter):
    assert "TERBIT" in as_("73.02.06.2003").get(f"/v/{letter.token}").get_data(as_text=True)
