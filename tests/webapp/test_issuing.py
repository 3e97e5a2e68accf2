"""A number is reserved with its facts, printed in a child, issued with its hash; the same facts never give a second paper."""

import json

import pytest

from letters.press import Press
from tests.builders import an_agreement, user
from webapp import clock
from webapp.db import db
from webapp.issuing import order_of, preview, reserve, void
from webapp.models import Letter, Office, Series
from webapp.papers import draw_up
from webapp.printing import claim, print_letter
from webapp.uploads import storage
from workflows import NotYet, Refused


@pytest.fixture(scope="module")
def press():
    with Press() as machine:
        yield machine


def issue(slug, about, press):
    letter = reserve(slug, about, user("legal"))
    db.session.commit()
    return print_letter(claim(letter.id), press)


def test_a_draft_that_is_not_approved_gets_no_number(app):
    with pytest.raises(NotYet) as refusal:
        reserve("perjanjian_desa", an_agreement("frozen"), user("legal"))
    assert [each.slug for each in refusal.value.open] == ["approved"]
    assert db.session.query(Letter).count() == 0


def test_both_originals_are_printed_under_one_number(app, press):
    letter = issue("perjanjian_desa", an_agreement("approved"), press)
    assert (letter.state, letter.number) == ("issued", "100.3.7.1/1/DPMD/XI/2026")
    assert [each.rangkap for each in letter.renditions] == [1, 2]
    assert len({each.sha256 for each in letter.renditions}) == 2
    assert storage().get(letter.sha256).startswith(b"%PDF-")


def test_issuing_again_gives_the_letter_that_stands(app, press):
    agreement = an_agreement("approved")
    first = issue("perjanjian_desa", agreement, press)
    assert reserve("perjanjian_desa", agreement, user("legal")).id == first.id


def test_a_correction_keeps_the_number_and_counts_the_version(app, press):
    agreement = an_agreement("approved")
    first = issue("perjanjian_desa", agreement, press)
    agreement.place = "Gantarang"
    second = issue("perjanjian_desa", agreement, press)
    assert (second.number, second.version) == (first.number, 2)
    assert db.session.get(Letter, first.id).state_name == "diganti"
    assert db.session.get(Series, ("DPMD", 2026)).next == 2


def test_a_whole_package_has_the_pages_of_its_parts(app, press):
    agreement = an_agreement("approved")
    parts = [issue(slug, agreement, press) for slug in ("perjanjian_desa", "lampiran_peserta", "lampiran_iuran")]
    package = issue("paket_desa", agreement, press)
    assert package.problem == ""
    assert [each.pages for each in package.renditions] == [2 + sum(each.renditions[0].pages for each in parts)] * 2


def test_annexes_wait_for_the_number_of_their_agreement(app):
    with pytest.raises(NotYet) as refusal:
        reserve("lampiran_peserta", an_agreement("approved"), user("legal"))
    assert [each.slug for each in refusal.value.open] == ["agreement_numbered"]


def test_the_press_says_why_and_the_number_stays(app, press):
    agreement = an_agreement("numbered")
    letter = reserve("surat_pengantar", agreement, user("legal"))
    db.session.commit()
    broken = Press(command=("false",))
    letter = print_letter(claim(letter.id), broken)
    assert (letter.state, letter.tries) == ("reserved", 1)
    assert "coba lagi" in letter.problem
    letter.try_after = None
    db.session.commit()
    again = print_letter(claim(letter.id), press)
    assert (again.problem, again.state, again.seq) == ("", "issued", letter.seq)


def test_a_letter_is_printed_by_one_worker_only(app):
    letter = reserve("surat_pengantar", an_agreement("numbered"), user("legal"))
    db.session.commit()
    assert claim(letter.id) is not None
    assert claim(letter.id) is None


def test_a_void_number_keeps_its_reason_and_is_not_used_again(app):
    agreement = an_agreement("numbered")
    letter = reserve("surat_pengantar", agreement, user("legal"))
    void(letter, "salah alamat", user("legal"))
    db.session.commit()
    assert reserve("surat_pengantar", agreement, user("legal")).seq == letter.seq + 1
    with pytest.raises(Refused):
        void(letter, "lagi", user("legal"))


def test_the_number_of_an_agreement_in_enrollment_cannot_be_void(app):
    agreement = an_agreement("handed_in")
    with pytest.raises(Refused, match="adendum"):
        void(agreement.paper, "keliru", user("legal"))


def test_a_signed_paper_is_void_with_its_signatures_and_gets_a_new_number(app, press):
    agreement = an_agreement("signed")
    annex = reserve("lampiran_iuran", agreement, user("legal"))
    first = agreement.paper.number
    void(agreement.paper, "nama keliru", user("legal"))
    db.session.commit()
    assert (agreement.stage, agreement.numbers[0], agreement.signatures_seen) == ("signature", None, ())
    assert len(agreement.signatures) == 3  # the evidence itself stays
    assert annex.state == "void"
    second = reserve("perjanjian_desa", agreement, user("legal"))
    assert second.number != first
    assert reserve("lampiran_iuran", agreement, user("legal")).number == second.number


def test_all_versions_of_a_void_number_are_void(app, press):
    agreement = an_agreement("approved")
    first = issue("perjanjian_desa", agreement, press)
    agreement.place = "Gantarang"
    second = reserve("perjanjian_desa", agreement, user("legal"))
    void(second, "salah", user("legal"))
    db.session.commit()
    assert {db.session.get(Letter, each).state for each in (first.id, second.id)} == {"void"}
    assert agreement.paper is None
    assert reserve("perjanjian_desa", agreement, user("legal")).version == 1


def test_a_reminder_needs_something_overdue(app):
    with pytest.raises(NotYet):
        reserve("surat_teguran", an_agreement("active"), user("legal"))


@pytest.mark.parametrize("slug", ["perjanjian_desa", "lampiran_peserta", "lampiran_iuran", "surat_pengantar", "surat_pernyataan", "surat_teguran", "paket_desa"])
def test_a_preview_changes_nothing_and_repeats(app, press, slug):
    agreement = an_agreement("frozen")
    first = preview(slug, agreement, press)
    assert preview(slug, agreement, press) == first
    assert db.session.query(Letter).count() == 0


def test_office_papers_print_too(app, press):
    agreement = an_agreement("frozen")
    for slug, about in (("perjanjian_kerja_sama", agreement.accord), ("rekap", db.session.get(Office, 1))):
        assert preview(slug, about, press).startswith(b"%PDF-")


def test_frozen_facts_are_sealed_in_the_database(app):
    agreement = an_agreement("numbered")
    reserve("lampiran_peserta", agreement, user("legal"))
    db.session.commit()
    raw = db.session.connection().exec_driver_sql("SELECT facts FROM letters WHERE kind = 'lampiran_peserta'").scalar()
    assert b"9001" not in raw and b"nik" not in raw
    letter = db.session.query(Letter).filter_by(kind="lampiran_peserta").one()
    assert json.loads(letter.facts)["people"] == 3


def test_every_kind_can_be_drawn_up(app):
    from letters import all_kinds

    agreement = an_agreement("numbered")
    about = {"agreement": agreement, "accord": agreement.accord, "kabupaten": db.session.get(Office, 1), "history": agreement}
    for slug, kind in all_kinds().items():
        assert draw_up(slug, about[kind.about], order_of(slug, "1", clock.today())).contoh is False


def test_a_covering_letter_waits_for_the_number_that_it_cites(app):
    with pytest.raises(NotYet) as refusal:
        reserve("surat_pengantar", an_agreement("approved"), user("legal"))
    assert [each.slug for each in refusal.value.open] == ["agreement_numbered"]


@pytest.mark.parametrize(("until", "people"), [("empty", 0), ("frozen", 3), ("numbered", 3)])
def test_a_village_can_be_reminded_at_any_stage(app, press, until, people):
    agreement = an_agreement(until)
    letter = issue("surat_teguran", agreement, press)
    facts = json.loads(letter.facts)
    assert (letter.state, letter.problem, facts["people"]) == ("issued", "", people)
    assert (facts["agreement"] is None) == (until != "numbered")


def test_a_reminder_blames_the_village_for_nothing_that_others_owe(app):
    agreement = an_agreement("frozen")
    facts = draw_up("surat_teguran", agreement, order_of("surat_teguran", "1", clock.today()))
    late = {str(each) for each in agreement.open_on(clock.today()) if each.overdue and each.turn != "village"}
    assert facts.missing and late and not {each.sentence for each in facts.missing} & late


def test_the_agenda_is_printed_from_the_register_and_never_issued(app, press):
    agreement, office = an_agreement("numbered"), db.session.get(Office, 1)
    reserve("surat_pengantar", agreement, user("legal"))
    series = db.session.get(Series, ("DPMD", 2026))
    series.next += 1  # as if a row had been lost
    db.session.commit()
    facts = draw_up("buku_agenda", office, order_of("buku_agenda", None, clock.today()))
    assert [(each.seq, each.state) for each in facts.entries] == [(1, "dicadangkan"), (2, "dicadangkan"), (3, "hilang")]
    assert preview("buku_agenda", office, press) == preview("buku_agenda", office, press)
    with pytest.raises(NotYet):
        reserve("buku_agenda", office, user("legal"))


def test_parties_are_named_as_the_law_knows_them(app):
    agreement = an_agreement("frozen")
    facts = draw_up("perjanjian_desa", agreement, order_of("perjanjian_desa", None, clock.today()))
    assert facts.kesatu.institution == "Dinas Pemberdayaan Masyarakat dan Desa Kabupaten Bulukumba"
    assert facts.kedua.on_behalf_of == "BPJS Ketenagakerjaan"
    assert facts.kedua.signer.position == "Kepala BPJS Ketenagakerjaan Cabang Bulukumba"


@pytest.mark.parametrize("slug", ["perjanjian_desa", "lampiran_peserta", "lampiran_iuran", "surat_pernyataan", "paket_desa"])
def test_a_village_without_a_list_can_be_previewed_but_not_issued(app, press, slug):
    agreement = an_agreement("empty")
    assert preview(slug, agreement, press).startswith(b"%PDF-")
    with pytest.raises(NotYet) as refusal:
        reserve(slug, agreement, user("legal"))
    assert "roster_frozen" in {each.slug for each in refusal.value.open}
