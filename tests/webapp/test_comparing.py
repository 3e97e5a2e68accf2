"""Two lists beside each other: who came, left and changed, and the rupiah; a changed NIK is a change, not a coming and going."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

from tests.builders import BIALO, a_nik, amended, an_agreement
from webapp.models.comparing import Side, compare

PAGE = f"/perjanjian/{BIALO}-2026/peserta/banding"


@dataclass
class Somebody:
    """A person of a list, without a database."""

    nik_index: str
    name: str = "Contoh Satu"
    category: str = "perangkat"
    birth_on: date = date(1980, 5, 17)
    sex: str = "L"
    job: str = "Kaur Umum"
    wage_base: Decimal = Decimal(1000000)
    month_first: date | None = None
    month_last: date | None = None
    nik_masked: str = "730201••••••9001"


def a_side(*people, category="perangkat", per_person="5400", months=12, month_last=None):
    first, last = date(2026, 1, 1), date(2026, 12, 1) if month_last is None else month_last
    row = SimpleNamespace(
        category=category, wage_base=Decimal(1000000), month_first=None, month_last=month_last, first=first, last=last, months=months,
        per_person=Decimal(per_person), total=Decimal(per_person) * months * len(people),
    )  # fmt: skip
    return Side("uji", people, (row,))


def test_people_are_the_same_by_nik():
    found = compare(a_side(Somebody("a"), Somebody("b")), a_side(Somebody("b"), Somebody("c", name="Contoh Tiga")))
    assert ([each.person.nik_index for each in found.came], [each.person.nik_index for each in found.left]) == (["c"], ["a"])
    assert (found.changed, found.unchanged, found.effect) == ((), 1, 0)


def test_a_corrected_nik_of_the_same_person_is_a_change():
    found = compare(a_side(Somebody("a", name="contoh  satu")), a_side(Somebody("z", name="Contoh Satu")))
    assert (found.came, found.left) == ((), ())
    assert [each.field for each in found.changed[0].differences] == ["nik", "name"]


def test_two_people_of_one_name_and_birth_date_are_not_taken_for_each_other():
    found = compare(a_side(Somebody("a")), a_side(Somebody("y"), Somebody("z")))
    assert (len(found.came), len(found.left), found.changed) == (2, 1, ())


def test_every_difference_is_told_with_what_was_and_what_is():
    found = compare(a_side(Somebody("a")), a_side(Somebody("a", job="Kaur Keuangan", birth_on=date(1980, 5, 18))))
    assert [(each.label, each.before, each.after) for each in found.changed[0].differences] == [
        ("Tanggal lahir", date(1980, 5, 17), date(1980, 5, 18)), ("Jabatan atau pekerjaan", "Kaur Umum", "Kaur Keuangan"),
    ]  # fmt: skip


def test_the_effect_of_people_sums_up_to_that_of_the_lists():
    before, after = a_side(Somebody("a"), Somebody("b", name="Dua")), a_side(Somebody("a"), Somebody("c", name="Tiga"), Somebody("d", name="Empat"), per_person="6000")
    found = compare(before, after)
    people = sum(each.effect for kind in (found.came, found.left, found.changed) for each in kind)
    kept = Decimal(600 * 12)  # who stayed owes more by the new rate
    assert people + kept == found.effect == sum(each.effect for each in found.effects) == after.total() - before.total()


def test_who_is_covered_for_the_first_months_only_has_left():
    whole, half = a_side(Somebody("a"), Somebody("b", name="Dua")), a_side(Somebody("b", name="Dua", month_last=date(2026, 6, 1)), months=6, month_last=date(2026, 6, 1))
    after = Side("uji", (Somebody("a"), *half.people), (*a_side(Somebody("a")).owed, *half.owed))
    found = compare(whole, after)
    assert ([each.person.nik_index for each in found.left], found.changed) == (["b"], ())
    assert found.left[0].effect == -5400 * 6 == found.effect
    assert (found.effects[0].people_before, found.effects[0].people_after) == (2, 1)


def test_a_list_without_sums_says_why_and_is_compared_all_the_same():
    found = compare(a_side(Somebody("a")), Side("kerja", (), (), "Daftar peserta masih kosong."))
    assert not found.reckoned and len(found.left) == 1


# --- the page ---


def test_the_page_compares_the_two_newest_versions(app, as_):
    amended()
    page = as_("village").get(PAGE).text
    assert "1 orang masuk, 1 keluar, 1 berubah, 1 tetap" in page
    assert "Contoh Baru" in page and "Kasi Pemerintahan" in page and "Kaur Keuangan" in page
    assert "730201••••••9301" in page and a_nik(9301) not in page


def test_the_working_list_is_compared_with_what_was_frozen(app, as_):
    amended(frozen=False)
    page = as_("legal").get(PAGE).text
    assert "Daftar kerja sekarang" in page and "1 orang masuk, 1 keluar, 1 berubah" in page


def test_an_unchanged_list_says_so(app, as_):
    an_agreement("frozen")
    assert "Tidak ada perbedaan: 3 orang" in as_("legal").get(PAGE).text


def test_without_a_frozen_list_there_is_nothing_to_compare(app, as_):
    an_agreement("empty")
    assert "Belum ada versi yang dibekukan" in as_("legal").get(PAGE).text


def test_a_list_that_is_not_there_is_not_found(app, as_):
    an_agreement("frozen")
    assert as_("legal").get(f"{PAGE}?dari=1&ke=9").status_code == 404


def test_the_comparison_goes_out_as_a_file_with_masked_nik(app, as_):
    amended()
    legal = as_("legal")
    body = legal.get(f"{PAGE}.csv").get_data().decode("utf-8-sig")
    assert "Masuk,Contoh Baru,730201••••••9301" in body and a_nik(9301) not in body
    assert legal.get(f"{PAGE}.xlsx").data.startswith(b"PK")


def test_the_camat_and_other_villages_do_not_compare_people(app, as_):
    an_agreement("frozen")
    assert as_("camat").get(PAGE).status_code == 403
    assert as_("73.02.06.2003").get(PAGE).status_code == 404
