"""An amendment after signing: only what changed, numbered by the register, and the record knows which letter covers it."""

import pytest

from letters.press import Press
from tests.builders import BIALO, a_nik, amended, an_agreement, user
from webapp import clock
from webapp.db import db
from webapp.issuing import order_of, preview, reserve, void
from webapp.models import Amendment, Letter
from webapp.models.agreements import type_number
from webapp.models.amending import adenda
from webapp.models.changes import Change, leave
from webapp.models.freezing import freeze
from webapp.papers import draw_up
from webapp.printing import claim, print_letter
from workflows import NotYet, Refused

PAGE = f"/perjanjian/{BIALO}-2026"


@pytest.fixture(scope="module")
def press():
    with Press() as machine:
        yield machine


def facts_of(agreement, number=None):
    return draw_up("adendum", agreement, order_of("adendum", number, clock.today()))


def test_it_holds_only_who_came_left_or_changed_and_the_sums_agree(app):
    agreement = amended()
    facts = facts_of(agreement)
    assert [each.nik for each in facts.came] == [a_nik(9301)]
    assert [(each.nik, each.note, each.blth_until.month) for each in facts.left] == [(a_nik(9001), "Meninggal 11-06-2026", 6)]
    assert [(each.label, each.before, each.after) for each in facts.altered[0].differences] == [("Jabatan atau pekerjaan", "Kaur Keuangan", "Kasi Pemerintahan")]
    before, after = agreement.roster_version, agreement.amendments[0].version
    assert facts.yearly_before == sum(each.total for each in before.owed) == agreement.yearly_total
    assert facts.yearly == sum(each.total for each in after.owed)
    assert facts.effect == sum(each.effect for kind in (facts.came, facts.left, facts.altered) for each in kind) == sum(each.effect for each in facts.shares)
    assert (facts.people_before, facts.people, facts.ordinal) == (3, 3, 1)


def test_without_a_list_frozen_after_signing_there_is_none(app):
    with pytest.raises(NotYet) as refusal:
        reserve("adendum", an_agreement("signed"), user("legal"))
    assert [each.slug for each in refusal.value.open] == ["amendment_open"]
    assert db.session.query(Letter).filter_by(kind="adendum").count() == 0


def test_it_is_numbered_by_the_register_and_the_amendment_knows_it(app, press):
    agreement = amended()
    assert agreement.amendments[0].letter is None
    letter = reserve("adendum", agreement, user("legal"))
    db.session.commit()
    letter = print_letter(claim(letter.id), press)
    assert (letter.problem, letter.state, len(letter.renditions)) == ("", "issued", 2)
    assert letter.number.startswith("100.3.7.1/")
    assert db.session.query(Amendment).one().letter is letter
    assert agreement.roster_version.number == 1  # what was signed stands as it was


def test_the_number_of_bpjs_makes_a_second_version_under_the_same_number(app, as_):
    agreement = amended()
    first = reserve("adendum", agreement, user("legal"))
    db.session.commit()
    bpjs = as_("bpjs")
    page = bpjs.get(f"{PAGE}/nomor").text
    assert "Nomor adendum ke-1 dari PIHAK KEDUA" in page
    assert bpjs.post(f"{PAGE}/nomor", {"owner": "adendum-2", "number": "PER/9/112026", "on": "2026-11-20"}, seen=f"{PAGE}/nomor").status_code == 303
    db.session.rollback()
    second = reserve("adendum", db.session.merge(agreement), user("legal"))
    assert (second.number, second.version, second.frozen_facts()["number_kedua"]) == (first.number, 2, "PER/9/112026")
    assert db.session.query(Amendment).one().letter is second


def test_the_number_of_the_agreement_is_not_that_of_its_amendment(app):
    agreement = amended()
    with pytest.raises(Refused, match="naskah lain dari perjanjian ini"):
        type_number(agreement, "adendum-2", agreement.numbers[1], clock.today(), user("bpjs"), clock.now(), clock.today())


def test_a_later_list_becomes_the_second_amendment_and_cites_the_first(app):
    agreement = amended()
    first = reserve("adendum", agreement, user("legal"))
    entry = next(each for each in agreement.entries if each.month_last is None)
    leave(agreement, entry, Change("left", clock.today(), reason="Mengundurkan diri"), user("legal"), clock.now(), clock.today())
    freeze(agreement, user("legal"), clock.now(), clock.today())
    assert [(each.ordinal, each.before.number, each.after.number, each.letter) for each in adenda(agreement)] == [(1, 1, 2, first), (2, 2, 3, None)]
    second = reserve("adendum", agreement, user("legal"))
    facts = second.frozen_facts()
    assert (facts["ordinal"], [each["number"] for each in facts["earlier"]], len(facts["left"])) == (2, [first.number], 1)
    assert [each.letter for each in agreement.amendments] == [first, second]


def test_two_lists_frozen_before_it_is_numbered_are_one_amendment(app):
    agreement = amended()
    entry = next(each for each in agreement.entries if each.month_last is None)
    leave(agreement, entry, Change("left", clock.today(), reason="Mengundurkan diri"), user("legal"), clock.now(), clock.today())
    freeze(agreement, user("legal"), clock.now(), clock.today())
    letter = reserve("adendum", agreement, user("legal"))
    assert (letter.frozen_facts()["version_before"], letter.frozen_facts()["version"]) == (1, 3)
    assert [each.letter for each in agreement.amendments] == [letter, letter]


def test_a_void_amendment_waits_for_its_letter_again(app):
    agreement = amended()
    letter = reserve("adendum", agreement, user("legal"))
    void(letter, "salah nomor", user("legal"))
    db.session.commit()
    assert agreement.amendments[0].letter is None
    again = reserve("adendum", agreement, user("legal"))
    assert again.number != letter.number and again.frozen_facts()["ordinal"] == 1


def test_it_is_for_those_who_may_see_nik(app, as_, press):
    letter = reserve("adendum", amended(), user("legal"))
    db.session.commit()
    letter = print_letter(claim(letter.id), press)
    assert letter.problem == ""
    camat = as_("camat")
    assert "memuat NIK" in camat.get(f"/surat/{letter.id}").text
    assert camat.get(f"/surat/{letter.id}/rangkap-1.pdf").status_code == 403
    assert as_("village").get(f"/surat/{letter.id}/rangkap-1.pdf").status_code == 200


def test_the_list_says_which_amendment_waits(app, as_):
    agreement = amended()
    page = as_("legal").get(f"{PAGE}/peserta").text
    assert "menunggu naskahnya" in page and "/terbitkan/adendum" in page
    letter = reserve("adendum", agreement, user("legal"))
    db.session.commit()
    assert letter.number in as_("legal").get(f"{PAGE}/peserta").text


def test_a_preview_changes_nothing_and_repeats(app, press):
    agreement = amended()
    assert preview("adendum", agreement, press) == preview("adendum", agreement, press)
    assert db.session.query(Letter).filter_by(kind="adendum").count() == 0
