"""A full NIK goes where it is made to go, and nowhere else: typed into a reason, a name or a note it is sent back with a sentence (T10)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flask import Request

from workflows import Refused
from workflows.nik import BadNik, parse
from workflows.nik import masked as mask

# Fields that are made to carry one (a taxpayer's number is a NIK since 2024; what a request finds wrong is sealed), and secrets, which nobody reads.
CARRIES = frozenset({"nik", "heir_nik", "npwp", "rows", "what", "password", "again", "present"})
NOT_HERE = "Jangan menulis NIK di sini: yang ditulis di ruas ini terbaca di jejak, halaman, dan unduhan. Sebut nama atau nomor barisnya."
# As it stands on a card, in fours, as code-birth-serial, and with the dots of a region's code.
_WRITTEN = re.compile(
    r"(?:(?<![0-9a-z])|(?<=nik))(?:\d{16}|\d{4}(?P<a>[ ._-])\d{4}(?P=a)\d{4}(?P=a)\d{4}|\d{6}(?P<b>[ ._-])\d{6}(?P=b)\d{4}"
    r"|\d{2}(?P<c>[ ._-])\d{2}(?P=c)\d{2}(?P=c)\d{6}(?P=c)\d{4})(?![0-9a-z])",
    re.IGNORECASE | re.ASCII,
)
_PROVINCES = frozenset(map(str, (*range(11, 20), 21, *range(31, 37), *range(51, 54), *range(61, 66), *range(71, 77), 81, 82, *range(91, 98))))


def masked(text: str, instead: str = "") -> str:
    """The text with every NIK in it masked, or with another word instead."""
    return _WRITTEN.sub(lambda found: (instead or mask(_digits(found[0]))) if _is_nik(found[0]) else found[0], text)


def holds_nik(text: str) -> bool:
    """Does a whole NIK stand in it? Another number of 16 digits is none: its date is impossible, or its province."""
    return any(_is_nik(found[0]) for found in _WRITTEN.finditer(text))


def misplaced(request: Request) -> frozenset[str]:
    """The fields of a form that hold a NIK and are not made for it."""
    return frozenset(_misplaced(request))


def refuse(request: Request) -> None:
    """Raise Refused for a form that holds a NIK where none belongs."""
    if misplaced(request):
        raise Refused(NOT_HERE)


def _misplaced(request: Request) -> Iterator[str]:
    return (name for name, value in request.form.items(multi=True) if name not in CARRIES and holds_nik(value))


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _is_nik(text: str) -> bool:
    digits = _digits(text)
    try:
        parse(digits)
    except BadNik:
        return False
    return digits[:2] in _PROVINCES
