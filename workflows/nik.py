"""What a NIK says and whether it can be true. No digit is ever invented, and a doubt is flagged, not repaired.

Form: PPKKCC DDMMYY SSSS, women DD + 40; no check digit. PPKKCC is where it was first issued, not where its bearer lives.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date

# What each doubt about a participant says to the person who must clear it.
FLAGS = {
    "birth_differs": "Tanggal lahir berbeda dari tanggal di dalam NIK",
    "sex_differs": "Jenis kelamin berbeda dari NIK",
    "elsewhere": "NIK yang sama ada di daftar lain",
    "aged": "Berusia 65 tahun atau lebih",
    "young": "Berusia di bawah 17 tahun",
}
OLDEST, YOUNGEST = 65, 17


class BadNik(ValueError):
    """The text is not a NIK; the message says why."""


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
    kept = (each for each in text if unicodedata.category(each) not in ("Cf", "Cc", "Zs") and each not in ".,-'’`_/")
    return "".join(kept)


def parse(text: str) -> Nik:
    """Read a NIK. Raises BadNik."""
    digits = clean(text)
    if not digits:
        raise BadNik("NIK belum diisi.")
    if not (digits.isascii() and digits.isdigit()):
        raise BadNik("NIK hanya boleh berisi angka.")
    if len(digits) != 16:
        raise BadNik(f"NIK harus 16 angka, yang diisi {len(digits)} angka.")
    day, month, year = int(digits[6:8]), int(digits[8:10]), int(digits[10:12])
    sex = "P" if day > 40 else "L"
    day -= 40 if day > 40 else 0
    if digits[12:] == "0000":
        raise BadNik("Empat angka terakhir NIK tidak mungkin 0000.")
    try:
        date(2000 + year if year % 4 == 0 else 1900 + year, month, day)
    except ValueError as error:
        raise BadNik("Tanggal di dalam NIK tidak ada di kalender; apakah ini nomor KK?") from error
    return Nik(digits, day, month, year, sex)


def masked(digits: str) -> str:
    """The NIK for eyes that need not know it: the birth date inside is personal too (UU 27/2022)."""
    return f"{digits[:6]}••••••{digits[12:]}"


def age_on(born_on: date, on: date) -> int:
    """Completed years."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def doubts(nik: Nik, born_on: date, sex: str, on: date, elsewhere: bool) -> tuple[str, ...]:
    """The slugs of FLAGS that apply. Age limits: under 65 at registration (Permenaker 5/2021, article not verified)."""
    age = age_on(born_on, on)
    found = {
        "birth_differs": not nik.agrees_with(born_on),
        "sex_differs": nik.sex != sex,
        "elsewhere": elsewhere,
        "aged": age >= OLDEST,
        "young": age < YOUNGEST,
    }
    return tuple(slug for slug, applies in found.items() if applies)
