"""Facts into HTML: Jinja that refuses what it does not know and shows hostile text as text."""

from dataclasses import fields
from functools import cache
from typing import Any
from unicodedata import category

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError

from letters.indonesian import FILTERS
from letters.kind import HERE, Kind, all_kinds
from letters.openings import faults, open_fields
from letters.stopped import PressStopped

#: Metric-compatible stand-ins: Permendagri 1/2023 art. 32 asks for Arial and Bookman Old Style.
FONTS = {"arial": "Liberation Sans", "bookman": "URW Bookman"}


def to_html(letter: Any, issuing: bool = False) -> str:
    """The paper as one HTML document; PressStopped when a fact is missing or contradicts another."""
    its = kind_of(letter)
    if missing := open_fields(letter, issuing):
        raise PressStopped(f"{its.title} belum dapat dicetak: isian kosong ({', '.join(missing)}).")
    if wrong := faults(letter):
        raise PressStopped(f"{its.title} belum dapat dicetak: {' '.join(wrong)}")
    return render(f"{its.slug}/letter.html", its.title, letter=letter, kind=its, font=FONTS[its.font],
                  **{each.name: getattr(letter, each.name) for each in fields(letter)})


def kind_of(letter: Any) -> Kind:
    """The kind whose Letter this is."""
    for each in all_kinds().values():
        if type(letter) is each.Letter:
            return each
    raise PressStopped("Naskah ini tidak berasal dari jenis naskah yang dikenal.")


def render(template: str, title: str, **facts: Any) -> str:
    """A template of this floor, filled in; every failure becomes one sentence."""
    try:
        return _environment().get_template(template).render(**facts)
    except (TemplateError, TypeError, ValueError, AttributeError, LookupError, ArithmeticError) as error:
        raise PressStopped(f"{title} tidak dapat disusun: {error}") from error


@cache
def _environment() -> Environment:
    its = Environment(loader=FileSystemLoader(HERE), undefined=StrictUndefined, autoescape=True,
                      finalize=_printable)
    its.filters.update(FILTERS, blank=_blank)
    return its


def _blank(value: str | None, width: int = 34) -> str:
    """A dotted line to be filled in by hand where the fact is not known yet."""
    return value or "." * width


def _printable(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        raise PressStopped("Ada isian kosong yang ikut hendak dicetak; lengkapi dahulu isian naskah ini.")
    if not isinstance(value, str) or value.isprintable():
        return value
    shown = "".join(map(_shown, value))
    return type(value)(shown)  # what was escaped already stays so


def _shown(letter: str) -> str:
    # A bidi mark in a name could make a line read otherwise than it is stored: print its number instead.
    if letter in "\n\t\r" or category(letter) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"):
        return letter
    return f"[U+{ord(letter):04X}]"
