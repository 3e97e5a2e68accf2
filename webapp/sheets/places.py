"""Which village a text means: by code, then by name and kecamatan with the usual spellings. What is not certain is asked, never guessed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TypeVar

from .reading import Place

Thing = TypeVar("Thing")
AMBIGUOUS, UNRESOLVED = "ambiguous", "unresolved"
CODE = re.compile(r"(?<!\d)(\d{2})[.\-/ ]?(\d{2})[.\-/ ]?(\d{2})[.\-/ ]?(\d{4})(?!\d)")
KIND = re.compile(
    r"\b(?:desa\s*/\s*kel(?:urahan)?|kel(?:urahan)?\s*/\s*desa|pemerintah desa|pemdes|desa|ds|dsa|kelurahan|kel|lurah|lk)\b[\s.:]*", re.IGNORECASE
)
DISTRICT = re.compile(r"[\s,;/(\-–]*\b(?:kecamatan|kec|kcmtn)\b[\s.:]*", re.IGNORECASE)
REGENCY = re.compile(r"[\s,;/(\-–]*\b(?:kabupaten|kab)\b[\s.:]*(?:bulukumba)?[\s)]*$", re.IGNORECASE)
SHORTENED = re.compile(r"((?:[a-z]|[a-z]{2,4}\.)(?=[\s.]))[\s.]+([a-z].*)", re.IGNORECASE)
KELURAHAN = re.compile(r"\b(?:kelurahan|kel|lurah)\b", re.IGNORECASE)


@lru_cache(maxsize=4096)
def letters(text: str) -> str:
    """Only the letters and digits, small: Rilau Ale is Rilauale, BONTO-TIRO is Bontotiro, Bulo2 is Bulo Bulo."""
    plain = re.sub(r"([a-z]+) ?2(?!\d)", r"\1\1", unicodedata.normalize("NFKD", text[:120]).casefold())
    return re.sub(r"[^a-z0-9]+", "", plain)


@lru_cache(maxsize=4096)
def simple(text: str) -> str:
    """Without what people write now this way, now that: doubled letters, old spellings."""
    for old, new in (("oe", "u"), ("dj", "j"), ("tj", "c"), ("y", "i"), ("q", "k"), ("v", "p"), ("f", "p")):
        text = text.replace(old, new)
    return re.sub(r"(.)\1+", r"\1", text)


def match(village_text: str, kecamatan_text: str, places: tuple[Place, ...]) -> str:
    """The code of the village that is meant, "ambiguous" when several fit, "unresolved" when none does."""
    return _match(village_text.strip()[:120], kecamatan_text.strip()[:120], tuple(places))


@lru_cache(maxsize=4096)
def _match(village_text: str, kecamatan_text: str, places: tuple[Place, ...]) -> str:
    if code := CODE.search(village_text):
        wanted = ".".join(code.groups())
        return wanted if any(each.code == wanted for each in places) else UNRESOLVED
    village, within = _apart(village_text, places)
    kecamatan = REGENCY.sub("", DISTRICT.sub(" ", kecamatan_text)).strip() if kecamatan_text else within
    if not letters(village):
        return UNRESOLVED
    if not letters(kecamatan):
        return _answer(_alike(village, places, anywhere=True), village_text)
    meant = _kecamatan(kecamatan, places)
    if meant is None:
        return UNRESOLVED
    found = _alike(village, [each for each in places if each.kecamatan == meant], anywhere=False)
    if len(found) == 1 and letters(found[0].name) != letters(village) and any(letters(each.name) == letters(village) for each in places):
        return AMBIGUOUS  # the very name stands in another kecamatan: which of the two was mistaken, the name or the kecamatan?
    return _answer(found, village_text)


def _answer(found: list[Place], village_text: str) -> str:
    """One: its code. Several: the word desa or kelurahan may decide."""
    if len(found) > 1 and KIND.search(village_text):
        urban = bool(KELURAHAN.search(village_text)) and not re.search(r"\bdesa\b", village_text, re.IGNORECASE)
        found = [each for each in found if is_kelurahan(each.code) == urban] or found
    return found[0].code if len(found) == 1 else AMBIGUOUS if found else UNRESOLVED


def is_kelurahan(code: str) -> bool:
    """Told by the first digit of the last part."""
    return code.rpartition(".")[2].startswith("1")


def _apart(text: str, places: tuple[Place, ...]) -> tuple[str, str]:
    """The name of the village and, when the text names it too, of its kecamatan."""
    text = REGENCY.sub("", text)
    parts = DISTRICT.split(text, maxsplit=1)
    if len(parts) == 2:
        return _bare(parts[0]), parts[1].strip(" )(.,")
    name, _, rest = re.sub(r"\s*[(,;/]\s*|\s+[-–]\s+", "\0", _bare(text)).partition("\0")
    rest = rest.strip(" )\0")
    return (name, rest) if rest and _kecamatan(rest, places) else (_bare(text), "")


def _bare(text: str) -> str:
    return re.sub(r"^\d{1,4}[.)\s-]+", "", KIND.sub(" ", text).strip(" .,:()"))


def _kecamatan(text: str, places: tuple[Place, ...]) -> str | None:
    found = _nearest(letters(text), _kecamatan_names(places), letters, anywhere=False)
    return found[0] if len(found) == 1 else None


@lru_cache(maxsize=8)
def _kecamatan_names(places: tuple[Place, ...]) -> list[str]:
    return sorted({each.kecamatan for each in places})


def _alike(village: str, places: Iterable[Place], anywhere: bool) -> list[Place]:
    places = list(places)
    if (short := SHORTENED.match(village)) and not any(letters(each.name) == letters(village) for each in places):
        start, rest = letters(short[1]), letters(short[2])
        return [each for each in places if letters(each.name).startswith(start[:1]) and letters(each.name).endswith(rest) and letters(each.name) != rest]
    return _nearest(letters(village), list(places), lambda each: letters(each.name), anywhere)


def _nearest(wanted: str, things: list[Thing], name: Callable[[Thing], str], anywhere: bool) -> list[Thing]:
    """The same letters; else the same but for doubled letters and old spellings; else one letter off (two in a long name).

    Where no kecamatan narrows the choice, a letter may be off only in a long name, and nothing else may be near."""
    if same := [each for each in things if name(each) == wanted]:
        return same
    if same := [each for each in things if simple(name(each)) == simple(wanted)]:
        return same
    if len(wanted) < (7 if anywhere else 4):
        return []
    off = {place: distance(wanted, name(each)) for place, each in enumerate(things) if _may_be_near(wanted, name(each))}
    limit = 1 if anywhere or len(wanted) < 9 else 2
    near = [things[place] for place, steps in off.items() if steps <= limit]
    rivals = sum(steps <= limit + 1 for steps in off.values()) if anywhere else len(near)
    return near if len(near) != 1 or rivals == 1 else []


def _may_be_near(one: str, other: str) -> bool:
    """A quick look before counting: two steps change at most two letters to two others, and the length by two."""
    return abs(len(one) - len(other)) <= 2 and len(set(one) ^ set(other)) <= 4


def distance(one: str, other: str) -> int:
    """Letters added, dropped, exchanged or turned round; 9 for more than three."""
    if abs(len(one) - len(other)) > 3:
        return 9
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        last, before, row = before, row, [i]
        for j, right in enumerate(other, 1):
            steps = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                steps = min(steps, last[j - 2] + 1)
            row.append(steps)
    return row[-1]
