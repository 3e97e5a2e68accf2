"""What a NIK says and whether it can be true. No digit is ever invented, and a doubt is flagged, not repaired.

Form: PPKKCC DDMMYY SSSS, women DD + 40; no check digit. PPKKCC is where it was first issued, not where its bearer lives.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date

# Kinds of characters that stand between digits and mean nothing: invisible ones, spaces, dashes.
BETWEEN = ("Cf", "Cc", "Zs", "Zl", "Zp", "Pd")


class BadNik(ValueError):
    """The text is not a NIK; the message says why, ``slug`` is the reason in ``workflows.people.REASONS``, ``particulars`` what belongs to it."""

    def __init__(self, sentence: str, slug: str, particulars: str = "") -> None:
        super().__init__(sentence)
        self.slug, self.particulars = slug, particulars


@dataclass(frozen=True)
class Nik:
    """A NIK of 16 digits with the day, month, two-digit year and sex that it holds."""

    digits: str
    day: int
    month: int
    year: int
    sex: str

    def agrees_with(self, born_on: date) -> bool:
        """Is it the same date? The century is the typed date's; the NIK has only two digits of the year."""
        return (self.day, self.month, self.year) == (born_on.day, born_on.month, born_on.year % 100)


def clean(text: str) -> str:
    """The text without separators, apostrophes and invisible characters; letters stay, so that they are seen and refused."""
    if text.isdigit() and text.isascii():
        return text
    return "".join(each for each in text if unicodedata.category(each) not in BETWEEN and each not in ".,'’‘´`ʼ′\"“”_/:;")


def parse(text: str) -> Nik:
    """Read a NIK. Raises BadNik."""
    digits = clean(text)
    if not digits:
        raise BadNik("NIK belum diisi.", "nik_missing")
    if not (digits.isascii() and digits.isdigit()):
        raise BadNik("NIK hanya boleh berisi angka.", "nik_letters")
    if len(digits) != 16:
        raise BadNik(f"NIK harus 16 angka, yang diisi {len(digits)} angka.", "nik_length", f"yang diisi {len(digits)} angka")
    day, month, year = int(digits[6:8]), int(digits[8:10]), int(digits[10:12])
    sex = "P" if day > 40 else "L"
    day -= 40 if day > 40 else 0
    if digits[12:] == "0000":
        raise BadNik("Empat angka terakhir NIK tidak mungkin 0000.", "nik_serial")
    try:
        date(2000 + year if year % 4 == 0 else 1900 + year, month, day)
    except ValueError as error:
        raise BadNik("Tanggal di dalam NIK tidak ada di kalender; apakah ini nomor KK?", "nik_date") from error
    return Nik(digits, day, month, year, sex)


def masked(digits: str) -> str:
    """The NIK for eyes that need not know it: the birth date inside is personal too (UU 27/2022)."""
    return f"{digits[:6]}••••••{digits[12:]}"


def age_on(born_on: date, on: date) -> int:
    """Completed years."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))
