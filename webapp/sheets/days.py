"""A birth date as people write it: the day first, months in all their spellings, serial numbers of spreadsheets. Never repaired."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from workflows.people import day_of_serial, whole_year

from .grid import Cell, CellError
from .words import is_blank, shown, tidy

MONTHS = {
    1: "januari january jan januwari", 2: "februari pebruari february feb peb febuari pebuari", 3: "maret march mar mrt", 4: "april apr aprl",
    5: "mei may mai", 6: "juni june jun", 7: "juli july jul", 8: "agustus august agt ags agus agst agust aug agu", 9: "september sept sep sepetember",
    10: "oktober october okt oct", 11: "november nopember nov nop nopem", 12: "desember december des dec",
}  # fmt: skip
MONTH_OF = {word: month for month, words in MONTHS.items() for word in words.split()}
ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10, "xi": 11, "xii": 12}
BETWEEN = r"\s*[-–—/.,\s|\\]\s*"
CLOCK = re.compile(r"(?<=\d)[\sT]+\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:\.\d+)?)?(?:\s*(?:am|pm|wita|wib|z))?$", re.IGNORECASE)
DAY_NAMES = re.compile(r"^(?:senin|selasa|rabu|kamis|jum'?at|sabtu|minggu|ahad)\b[\s,/-]*", re.IGNORECASE)
DAY_FIRST = re.compile(rf"(\d{{1,2}}){BETWEEN}(\d{{1,2}}){BETWEEN}(\d{{4}}|\d{{2}})")
YEAR_FIRST = re.compile(rf"(\d{{4}}){BETWEEN}(\d{{1,2}}){BETWEEN}(\d{{1,2}})")
NAMED = re.compile(r"(\d{1,2})[\s\-–/.,]*([a-z]{1,10})[\s\-–/.,'’]*(\d{4}|\d{2})")
NAMED_FIRST = re.compile(r"([a-z]{3,10})[\s\-–/.,]*(\d{1,2})[\s\-–/.,]+(\d{4})")
DATE_AT_END = re.compile(r"^(?P<place>\D*?[^\W\d_].*?)[\s,/;:.|\-–]+(?P<day>\d{1,4}(?:[\s\-–/.,|\\].*)?)$", re.DOTALL)
DATE_AT_START = re.compile(r"^(?P<day>\d[^,;|]*\d)\s*[,;/|\s]\s*(?P<place>[^\W\d_][^\d]*)$")


@dataclass(frozen=True)
class Day:
    """What was read: the date, or why there is none (a slug of ``workflows.people.REASONS``); both empty where nothing stands."""

    on: date | None = None
    fault: str = ""
    typed: str = ""
    place: str = ""


UNREADABLE, UNREAL, IMPOSSIBLE = "birth_unreadable", "birth_unreal", "birth_impossible"


def read_day(cell: Cell, today: date) -> Day:
    """A birth date from a cell of any kind; a place before or behind it is taken apart."""
    typed = tidy(cell)
    if isinstance(cell, CellError):
        return Day(fault=UNREADABLE, typed=typed)
    if isinstance(cell, date):
        return Day(cell, typed=typed)
    if is_blank(cell) or cell == 0:
        return Day()
    if isinstance(cell, bool):
        return Day(fault=UNREADABLE, typed=typed)
    if isinstance(cell, int | float):
        return _of_digits(str(int(cell)), today, typed) if cell == int(cell) else _of_moment(cell, typed)
    return _of_text(typed[:120], today)


def _of_moment(cell: float, typed: str) -> Day:
    found = day_of_serial(int(cell)) if 0 < cell < 100_000 else None
    return Day(found, "" if found else UNREADABLE, typed)


def _of_text(typed: str, today: date) -> Day:
    text = DAY_NAMES.sub("", CLOCK.sub("", typed)).strip(" ,.'’")
    if found := _of_words(text, today, typed):
        return found
    apart = DATE_AT_END.match(text) or DATE_AT_START.match(text)
    if apart and (found := _of_words(DAY_NAMES.sub("", apart["day"]).strip(" ,.'’"), today, typed)):
        return Day(found.on, found.fault, typed, apart["place"].strip(" ,/;:.-–|"))
    return Day(fault=UNREADABLE, typed=typed)


def _of_words(text: str, today: date, typed: str) -> Day | None:
    text = text.casefold()
    if re.fullmatch(r"\d+", text):
        return _of_digits(text, today, typed)
    if found := YEAR_FIRST.fullmatch(text):
        return _made(int(found[3]), int(found[2]), found[1], today, typed)
    if found := DAY_FIRST.fullmatch(text):
        return _made(int(found[1]), int(found[2]), found[3], today, typed)
    if found := NAMED.fullmatch(text):
        month = MONTH_OF.get(found[2]) or ROMAN.get(found[2])
        return _made(int(found[1]), month, found[3], today, typed) if month else Day(fault=UNREADABLE, typed=typed)
    if (found := NAMED_FIRST.fullmatch(text)) and found[1] in MONTH_OF:
        return _made(int(found[2]), MONTH_OF[found[1]], found[3], today, typed)
    return None


def _of_digits(text: str, today: date, typed: str) -> Day:
    """17081980, 19800817, 170880, or the serial number of a day. A year alone is no date."""
    if len(text) == 8:
        for day, month, year in ((text[:2], text[2:4], text[4:]), (text[6:], text[4:6], text[:4])):
            if 1900 <= int(year) <= today.year:
                return _made(int(day), int(month), year, today, typed)
    if len(text) == 6:
        return _made(int(text[:2]), int(text[2:4]), text[4:], today, typed)
    serial = day_of_serial(int(text)) if len(text) in (4, 5) else None
    if serial and not 1900 <= int(text) <= today.year:
        return Day(serial, typed=typed)
    return Day(fault=UNREADABLE, typed=typed)


def _made(day: int, month: int, year: str, today: date, typed: str) -> Day:
    whole = whole_year(int(year), today) if len(year) == 2 else int(year)
    if whole < 1900:
        return Day(fault=IMPOSSIBLE, typed=typed)
    try:
        found = date(whole, month, day)
        return Day(found if len(year) == 4 or found <= today else date(whole - 100, month, day), typed=typed)
    except ValueError:
        return Day(fault=UNREAL, typed=typed)


def read_parts(day: Cell, month: Cell, year: Cell, today: date) -> Day:
    """A birth date in three columns."""
    if all(is_blank(each) for each in (day, month, year)):
        return Day()
    named = MONTH_OF.get(tidy(month).casefold().strip(".")) or ROMAN.get(tidy(month).casefold())
    parts = [shown(each).strip().removesuffix(".0") for each in (day, named or month, year)]
    typed = "-".join(parts)
    if not all(re.fullmatch(r"\d{1,2}", each) for each in parts[:2]) or not re.fullmatch(r"\d{4}|\d{2}", parts[2]):
        return Day(fault=UNREADABLE, typed=typed)
    return _made(int(parts[0]), int(parts[1]), parts[2], today, typed)
