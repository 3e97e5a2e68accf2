"""Dates, money and numbers the way Indonesian papers write them."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from babel.dates import format_date
from lokal.terbilang import terbilang as _spelled

ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
         (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


def tanggal(on: date) -> str:
    """2 September 2024"""
    return format_date(on, "d MMMM y", locale="id")


def tanggal_angka(on: date) -> str:
    """02-09-2024"""
    return format_date(on, "dd-MM-y", locale="id")


def hari(on: date) -> str:
    """Senin"""
    return format_date(on, "EEEE", locale="id")


def bulan(on: date) -> str:
    """September"""
    return format_date(on, "MMMM", locale="id")


def blth(on: date) -> str:
    """Bulan iuran: Januari 2026"""
    return format_date(on, "MMMM y", locale="id")


def rentang_blth(first: date, last: date) -> str:
    """Januari–Desember 2026, November 2026–Maret 2027, or one month alone."""
    if (first.year, first.month) == (last.year, last.month):
        return blth(first)
    return f"{bulan(first) if first.year == last.year else blth(first)}–{blth(last)}"


def tanggal_terbilang(on: date) -> str:
    """Senin tanggal dua bulan September tahun dua ribu dua puluh empat"""
    return f"{hari(on)} tanggal {terbilang(on.day)} bulan {bulan(on)} tahun {terbilang(on.year)}"


def angka(value: int | Decimal) -> str:
    """12.345 — the point parts thousands."""
    return f"{value:,}".replace(",", "\0").replace(".", ",").replace("\0", ".")


def rupiah(value: Decimal | int, sen: bool = True) -> str:
    """Rp1.234.567,00 — no space after Rp; without sen Rp1.234.567."""
    exact = Decimal(value).quantize(Decimal("0.01" if sen else "1"), ROUND_HALF_UP)
    return f"-Rp{angka(-exact)}" if exact < 0 else f"Rp{angka(exact)}"


def terbilang(value: int) -> str:
    """seribu seratus dua belas"""
    return _spelled(value)


def terbilang_rupiah(value: Decimal | int) -> str:
    """… rupiah, and the sen in words when there are any."""
    exact = Decimal(value).quantize(Decimal("0.01"), ROUND_HALF_UP)
    whole, sen = divmod(exact, 1)
    words = f"{terbilang(int(whole))} rupiah"
    return f"{words} {terbilang(int(sen * 100))} sen" if sen else words


def romawi(value: int) -> str:
    """9 is IX."""
    words = ""
    for worth, letters in ROMAN:
        while value >= worth:
            words, value = words + letters, value - worth
    return words


def jumlah(value: int, unit: str = "") -> str:
    """2 (dua) berkas"""
    return f"{angka(value)} ({terbilang(value)}) {unit}".rstrip()


def rangkai(things: Sequence[str]) -> str:
    """ADD; ADD dan PBH; ADD, PBH, dan PADes"""
    *first, last = things
    return f"{', '.join(first)}{',' if len(first) > 1 else ''} dan {last}" if first else last


def nip(value: str) -> str:
    """19700101 199503 1 901: born, appointed, sex, serial; another kind of number stays as it is."""
    bare = value.replace(" ", "")
    return f"{bare[:8]} {bare[8:14]} {bare[14]} {bare[15:]}" if len(bare) == 18 and bare.isdigit() else value


FILTERS: dict[str, Callable[..., Any]] = {
    each.__name__: each
    for each in (tanggal, tanggal_angka, hari, bulan, blth, rentang_blth, tanggal_terbilang, angka,
                 rupiah, terbilang, terbilang_rupiah, romawi, jumlah, nip, rangkai)
}
