"""Dates, money and numbers in the official forms, by table."""

from datetime import date
from decimal import Decimal

import pytest

from letters import indonesian as id_


@pytest.mark.parametrize(("number", "words"), [
    (0, "nol"), (1, "satu"), (10, "sepuluh"), (11, "sebelas"), (12, "dua belas"), (19, "sembilan belas"), (20, "dua puluh"),
    (21, "dua puluh satu"), (100, "seratus"), (101, "seratus satu"), (111, "seratus sebelas"), (200, "dua ratus"),
    (999, "sembilan ratus sembilan puluh sembilan"), (1000, "seribu"), (1001, "seribu satu"), (1100, "seribu seratus"),
    (2000, "dua ribu"), (2026, "dua ribu dua puluh enam"), (10000, "sepuluh ribu"), (11000, "sebelas ribu"),
    (100000, "seratus ribu"), (101000, "seratus satu ribu"), (1000000, "satu juta"), (1001000, "satu juta seribu"),
    (1100000, "satu juta seratus ribu"), (11000000, "sebelas juta"), (1000000000, "satu miliar"),
    (890000000, "delapan ratus sembilan puluh juta"), (1077000000, "satu miliar tujuh puluh tujuh juta"),
    (1000000000000, "satu triliun"),
])
def test_numbers_in_words(number, words):
    assert id_.terbilang(number) == words


@pytest.mark.parametrize(("value", "text"), [
    ("0", "Rp0,00"), ("1234567", "Rp1.234.567,00"), ("13103.86", "Rp13.103,86"), ("0.005", "Rp0,01"), ("-5400", "-Rp5.400,00"),
    ("890000000", "Rp890.000.000,00"),
])
def test_money(value, text):
    assert id_.rupiah(Decimal(value)) == text


def test_money_without_sen():
    assert id_.rupiah(Decimal("5400"), sen=False) == "Rp5.400"


def test_money_in_words_names_the_sen_when_there_are_any():
    assert id_.terbilang_rupiah(Decimal("8100")) == "delapan ribu seratus rupiah"
    assert id_.terbilang_rupiah(Decimal("13103.86")) == "tiga belas ribu seratus tiga rupiah delapan puluh enam sen"


def test_a_date_in_figures_and_in_words():
    day = date(2024, 9, 2)
    assert id_.tanggal(day) == "2 September 2024"
    assert id_.tanggal_angka(day) == "02-09-2024"
    assert id_.tanggal_terbilang(day) == "Senin tanggal dua bulan September tahun dua ribu dua puluh empat"


@pytest.mark.parametrize(("day", "name"), [(1, "Senin"), (2, "Selasa"), (3, "Rabu"), (4, "Kamis"), (5, "Jumat"), (6, "Sabtu"), (7, "Minggu")])
def test_days(day, name):
    assert id_.hari(date(2024, 1, day)) == name


def test_months():
    names = ["Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"]
    assert [id_.bulan(date(2026, n, 1)) for n in range(1, 13)] == names
    assert id_.blth(date(2026, 1, 1)) == "Januari 2026"
    assert id_.rentang_blth(date(2026, 1, 1), date(2026, 12, 1)) == "Januari–Desember 2026"
    assert id_.rentang_blth(date(2026, 11, 1), date(2027, 3, 1)) == "November 2026–Maret 2027"
    assert id_.rentang_blth(date(2026, 4, 1), date(2026, 4, 1)) == "April 2026"


@pytest.mark.parametrize(("number", "roman"), [(1, "I"), (4, "IV"), (9, "IX"), (11, "XI"), (12, "XII"), (14, "XIV"), (40, "XL"), (2026, "MMXXVI")])
def test_roman(number, roman):
    assert id_.romawi(number) == roman


def test_a_quantity_with_its_words():
    assert id_.jumlah(2, "berkas") == "2 (dua) berkas"


@pytest.mark.parametrize(("things", "words"), [(("ADD",), "ADD"), (("ADD", "PBH"), "ADD dan PBH"), (("ADD", "PBH", "PADes"), "ADD, PBH, dan PADes")])
def test_a_list_is_told_as_a_sentence_tells_it(things, words):
    assert id_.rangkai(things) == words
