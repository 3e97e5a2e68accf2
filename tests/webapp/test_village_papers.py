"""Decree, request, mandate, invitation and minutes: drawn up from the rows of the office, issued when their sentences are true."""

from datetime import date

import pytest

from letters.press import Press
from tests.builders import BIALO, a_tenure, an_agreement, user
from webapp import clock
from webapp.db import db
from webapp.issuing import order_of, preview, reserve
from webapp.models import Accord, LegalBasis, Letter, Office
from webapp.models.agreements import type_number
from webapp.papers import draw_up
from webapp.papers.keputusan_kepala_desa import number
from webapp.printing import claim, print_letter
from workflows import NotYet, Refused

PAGE = f"/perjanjian/{BIALO}-2026"
MEETING = {
    "event": "Rapat Koordinasi Uji", "held_on": "2026-12-02", "starts_at": "09.00", "venue": "Ruang Rapat Contoh", "fiscal_year": "2026", "audience": "belum_aktif",
    "topics": "Kekurangan anggaran\nJadwal penandatanganan", "bring": "APBDes",
}  # fmt: skip


@pytest.fixture(scope="module")
def press():
    with Press() as machine:
        yield machine


def facts_of(slug, about, answers=None):
    return draw_up(slug, about, order_of(slug, None, clock.today(), answers))


def typed(agreement, owner, text):
    type_number(agreement, owner, text, clock.today(), user("village"), clock.now(), clock.today())


def issue(slug, about, press, answers=None):
    letter = reserve(slug, about, user("legal"), answers)
    db.session.commit()
    letter = print_letter(claim(letter.id), press)
    assert letter.problem == ""
    return letter


# --- keputusan kepala desa ---


@pytest.mark.parametrize(("text", "bare"), [("12", "12"), ("Nomor 12 Tahun 2026", "12"), ("nomor: 100.3.3.3/12", "100.3.3.3/12"), ("12 TAHUN 2026", "12")])
def test_a_decrees_number_is_written_once(text, bare):
    assert number(text) == bare


def test_a_decree_waits_for_the_number_of_the_village(app, as_):
    agreement = an_agreement("frozen")
    with pytest.raises(NotYet) as refusal:
        reserve("keputusan_kepala_desa", agreement, user("legal"))
    assert [each.slug for each in refusal.value.open] == ["decree_number"]
    village = as_("village")
    assert "Nomor keputusan Kepala Desa" in village.get(f"{PAGE}/nomor").text
    assert village.post(f"{PAGE}/nomor", {"owner": "keputusan", "number": "12", "on": "2026-11-20"}, seen=f"{PAGE}/nomor").status_code == 303


def test_a_decree_names_everybody_by_category_and_no_nik(app, press):
    agreement = an_agreement("frozen")
    typed(agreement, "keputusan", "12")
    letter = issue("keputusan_kepala_desa", agreement, press)
    facts = letter.frozen_facts()
    assert (facts["number"], facts["people"], facts["head"]["position"]) == ("12", 3, "KEPALA DESA BIALO")
    assert [each["name"] for each in facts["groups"][0]["people"]] == [each.name for each in agreement.roster_version.people]
    assert "nik" not in letter.facts and "7302011705809001" not in letter.facts


def test_instructions_are_regarded_and_not_rested_on(app):
    agreement = an_agreement("frozen")
    agreement.bases = list(db.session.query(LegalBasis))
    facts = facts_of("keputusan_kepala_desa", agreement)
    assert facts.regards and all(each.text.startswith(("Instruksi", "Surat", "Petunjuk")) for each in facts.regards)
    assert not any(each.text.startswith("Instruksi") for each in facts.legal_bases)


# --- permohonan pendaftaran ---


def test_a_request_cites_both_numbers_and_the_decree_that_exists(app, press):
    agreement = an_agreement("numbered")
    typed(agreement, "permohonan", "400/9/2026")
    assert [each.title for each in facts_of("permohonan_pendaftaran", agreement).enclosures if "Keputusan" in each.title] == []
    typed(agreement, "keputusan", "12")
    issue("keputusan_kepala_desa", agreement, press)
    letter = issue("permohonan_pendaftaran", agreement, press)
    facts = letter.frozen_facts()
    assert (facts["agreement"]["number"], facts["agreement"]["number_kedua"]) == agreement.numbers
    assert [each["number"] for each in facts["enclosures"] if "Keputusan" in each["title"]] == ["12 Tahun 2026"]
    assert (letter.number, facts["yearly"]) == ("400/9/2026", str(agreement.yearly_total))


# --- surat kuasa ---


def test_a_mandate_comes_from_the_accord(app, press):
    accord = db.session.query(Accord).one()
    letter = issue("surat_kuasa", accord, press, {"giver": "bupati", "giver_name": "Contoh Bupati", "number": accord.mandate_number})
    facts = letter.frozen_facts()
    assert (facts["giver"]["signer"]["name"], facts["giver"]["signer"]["position"]) == ("Contoh Bupati", "Bupati Bulukumba")
    assert (facts["receiver"]["signer"]["name"], facts["ends_on"], letter.number) == ("Contoh Kepala Dinas, S.Sos.", "2029-01-04", accord.mandate_number)
    assert accord.number_kesatu == "100.3.7.1/901/DPMD/I/2026"  # a mandate is no new number of the accord


def test_the_head_lets_his_stand_in_sign(app):
    accord = db.session.query(Accord).one()
    a_tenure("head_office", "Kepala Dinas", "Contoh Pelaksana", office_id=1, capacity="plh", from_on=date(2026, 11, 20), until_on=date(2026, 11, 30), number_kind="NIP", number="1")
    db.session.commit()
    facts = facts_of("surat_kuasa", accord)
    assert (facts.giver.signer.name, facts.receiver.signer.name, facts.receiver.signer.capacity) == ("Contoh Kepala Dinas, S.Sos.", "Contoh Pelaksana", "Plh.")
    assert "Surat Kuasa Bupati Bulukumba Nomor 100.3.7/902/2026" in facts.resting_on


# --- undangan, berita acara ---


def test_an_invitation_goes_to_those_who_are_not_active_or_to_all(app):
    an_agreement("active")
    office = db.session.get(Office, 1)
    pending = facts_of("undangan", office, {"audience": "belum_aktif", "fiscal_year": 2026})
    everybody = facts_of("undangan", office, {"audience": "semua", "fiscal_year": 2026})
    assert (len(pending.invited), len(everybody.invited)) == (108, 109)
    assert "Kepala Desa Bialo" not in [each.title for each in pending.invited] and pending.invited[0].why == "Belum disusun"


def test_an_invitation_is_written_on_the_page_of_the_office(app, as_, press):
    legal = as_("legal")
    page = "/kantor/naskah/undangan"
    assert "Pokok bahasan" in legal.get(page).text
    assert legal.post(page, MEETING, seen=page).status_code == 303
    db.session.rollback()
    letter = db.session.query(Letter).one()
    assert letter.number.startswith("000.1.5/")
    facts = letter.frozen_facts()
    assert (facts["event"], facts["held_on"], facts["topics"]) == ("Rapat Koordinasi Uji", "2026-12-02", ["Kekurangan anggaran", "Jadwal penandatanganan"])
    assert print_letter(claim(letter.id), press).problem == ""


def test_an_invitation_to_a_day_that_has_passed_spends_no_number(app):
    answers = MEETING | {"held_on": date(2026, 1, 5), "topics": (), "bring": ()}
    with pytest.raises(Refused, match="mendahului"):
        reserve("undangan", db.session.get(Office, 1), user("legal"), answers)
    assert db.session.query(Letter).count() == 0


def test_minutes_keep_who_met_and_what_was_promised(app, press):
    answers = {
        "event": "Klarifikasi Uji", "held_on": clock.today(), "starts_at": "10.00", "venue": "Kantor Desa", "second_name": "Contoh Kades",
        "second_position": "Kepala Desa Bialo", "present": 4, "points": ("Satu hal.",), "commitments": ("Satu janji.",), "witnesses": ("Contoh Saksi, S.H., Ketua BPD",),
    }  # fmt: skip
    letter = issue("berita_acara", db.session.get(Office, 1), press, answers)
    facts = letter.frozen_facts()
    assert [(each["name"], each["position"]) for each in facts["witnesses"]] == [("Contoh Saksi, S.H.", "Ketua BPD")]
    assert (facts["second"]["name"], facts["commitments"]) == ("Contoh Kades", ["Satu janji."])


# --- pages ---


def test_a_villages_page_offers_first_what_its_stage_asks_for(app, as_):
    an_agreement("numbered")
    page = as_("legal").get(PAGE).text
    assert page.index("Keputusan Kepala Desa tentang Penetapan Peserta") < page.index("Surat Pernyataan Kepala Desa") and "untuk tahap ini" in page


@pytest.mark.parametrize("slug", ["keputusan_kepala_desa", "permohonan_pendaftaran", "adendum"])
def test_a_village_that_has_nothing_yet_can_be_looked_at(app, press, slug):
    assert preview(slug, an_agreement("empty"), press).startswith(b"%PDF-")


def test_the_page_of_enrollment_leads_to_request_and_file(app, as_):
    an_agreement("checked")
    page = as_("legal").get(f"{PAGE}/kepesertaan").text
    assert "/kepesertaan/berkas" in page and "/terbitkan/permohonan_pendaftaran" in page
    assert "/kepesertaan/berkas" not in as_("camat").get(f"{PAGE}/kepesertaan").text
