"""Letters of the office itself: what the kind asks becomes a form, the answers are frozen, the number comes from the same register."""

from decimal import Decimal

import pypdfium2
import pytest
from sqlalchemy import select

from letters import all_kinds
from letters.asking import TYPES
from letters.press import Press
from tests.builders import an_agreement, user
from webapp.db import db
from webapp.issuing import preview, reserve
from webapp.models import Letter, Office, Tenure
from webapp.printing import claim, print_letter
from webapp.uploads import storage
from workflows import NotYet, Refused

PAGE = "/kantor/naskah"
CIRCULAR = f"{PAGE}/surat_edaran"
ANSWERS = {"fiscal_year": "2027", "on_behalf": "own", "points": "Mengirim salinan Perdes.\n\nMelaporkan kendala."}


@pytest.fixture(scope="module")
def press():
    with Press() as machine:
        yield machine


def written() -> list[Letter]:
    db.session.rollback()
    return list(db.session.scalars(select(Letter).order_by(Letter.id)))


def text_of(content: bytes) -> str:
    pdf = pypdfium2.PdfDocument(content)
    try:
        return " ".join(" ".join(page.get_textpage().get_text_bounded().split()) for page in pdf)
    finally:
        pdf.close()


def test_every_question_has_a_type_that_a_form_knows():
    for kind in all_kinds().values():
        names = [each.name for each in kind.asks]
        assert len(names) == len(set(names))
        for each in kind.asks:
            assert each.type in TYPES and each.label
            assert (each.type == "choice") == bool(each.choices), (kind.slug, each.name)


def test_the_page_offers_what_the_office_writes(as_):
    page = as_("legal").get(PAGE).text
    assert "Surat Edaran Penganggaran" in page
    assert "Buku Agenda" not in page and "Rekapitulasi" not in page


def test_the_form_begins_with_what_is_usual(as_):
    page = as_("legal").get(CIRCULAR).text
    assert 'value="2027"' in page  # in November the next year's budget is being made


def test_a_circular_is_numbered_printed_and_listed(as_, press):
    legal = as_("legal")
    assert legal.post(CIRCULAR, ANSWERS).status_code == 303
    (letter,) = written()
    assert (letter.number, letter.addressee) == ("100.3.4/1/DPMD/XI/2026", "Para Kepala Desa se-Kabupaten Bulukumba")
    assert letter.frozen_facts()["points"] == ["Mengirim salinan Perdes.", "Melaporkan kendala."]
    letter = print_letter(claim(letter.id), press)
    assert (letter.state, letter.problem) == ("issued", "")
    text = text_of(storage().get(letter.sha256))
    for said in (
        "SURAT EDARAN", letter.number, "A. Latar Belakang", "F. Penutup", "10.919,88", "131.038,56", "201.600,00", "5.1.3.04", "1 Juli 2026 s.d. 30 September 2026",
        "mengikuti peraturan menteri", "Melaporkan kendala.", "Contoh Kepala Dinas",
    ):  # fmt: skip
        assert said in text
    assert letter.number in legal.get(PAGE).text
    assert letter.number in legal.get("/agenda").text


def test_the_amounts_of_the_circular_are_those_of_the_lists(app):
    from webapp.issuing import order_of
    from webapp.papers import draw_up

    agreement = an_agreement("frozen", people=1)
    facts = draw_up("surat_edaran", db.session.get(Office, 1), order_of("surat_edaran", None, agreement.dated_on, {"fiscal_year": 2026, "on_behalf": "own", "points": ()}))
    told = {each.category: each for each in facts.amounts}
    assert told["Perangkat Desa"].yearly == agreement.yearly_total == Decimal("131038.56")
    assert [(each.source, each.categories) for each in facts.forbidden] == [("Dana Desa", ("Kepala Desa", "Perangkat Desa", "Anggota BPD"))]


def test_signed_for_the_bupati_says_so(app, press):
    text = text_of(preview("surat_edaran", db.session.get(Office, 1), press, {"fiscal_year": 2026, "on_behalf": "bupati", "points": ()}))
    assert "a.n. Bupati Bulukumba" in text and "Permendesa PDT 16/2025" in text and "KONSEP" in text


def test_a_look_at_it_numbers_nothing(as_):
    legal = as_("legal")
    legal.get(CIRCULAR)
    answer = legal.post("/kantor/pratinjau/surat_edaran", ANSWERS)
    assert answer.mimetype == "application/pdf" and answer.data.startswith(b"%PDF-")
    assert written() == []


def test_a_faulty_answer_stays_beside_its_field_and_numbers_nothing(as_):
    legal = as_("legal")
    page = legal.post(CIRCULAR, ANSWERS | {"fiscal_year": "dua ribu"}).text
    assert "Isikan bilangan bulat" in page and "Melaporkan kendala." in page
    assert legal.post("/kantor/pratinjau/surat_edaran", ANSWERS | {"fiscal_year": ""}, seen=CIRCULAR).status_code == 409
    assert written() == []


def test_the_same_form_twice_is_one_letter(as_):
    legal = as_("legal")
    legal.get(CIRCULAR)
    body = ANSWERS | {"once": legal.hidden("once"), "csrf_token": legal.hidden("csrf_token")}
    for _ in range(2):
        legal.post(CIRCULAR, body, seen="/kata-sandi")
    assert len(written()) == 1


def test_without_a_head_of_the_office_nothing_is_numbered(app):
    for each in db.session.scalars(select(Tenure)):
        if each.post.kind == "head_office":
            each.until_on = each.from_on
    db.session.commit()
    with pytest.raises(NotYet) as refusal:
        reserve("surat_edaran", db.session.get(Office, 1), user("legal"), {"fiscal_year": 2027, "on_behalf": "own"})
    assert [each.slug for each in refusal.value.open] == ["office_head"]


def test_what_is_missing_is_said_before_a_number_is_spent(app):
    from webapp.models import LegalBasis

    for each in db.session.scalars(select(LegalBasis)):
        each.usual = False
    db.session.flush()
    with pytest.raises(Refused, match="legal_bases"), db.session.begin_nested():
        reserve("surat_edaran", db.session.get(Office, 1), user("legal"), {"fiscal_year": 2027, "on_behalf": "own"})


@pytest.mark.parametrize("role", ["approver", "bpjs", "camat", "village", "monitor", "admin"])
def test_only_legal_staff_write_for_the_office(as_, role):
    person = as_(role)
    assert person.get(CIRCULAR).status_code == 403
    assert person.get(PAGE).status_code == (200 if role == "approver" else 403)
