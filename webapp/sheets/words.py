"""Words as people write them: tidied for storing, levelled for comparing. Nothing is guessed here."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import lru_cache

from .grid import Cell, CellError

BLANK = re.compile(r"[\s\-–—._?:*/]*|n/?a|nihil|\(?(?:kosong|lowong)\)?|tidak ada|tdk ada|belum ada", re.IGNORECASE)


def shown(cell: Cell) -> str:
    """The cell as a text that says the same when it is read again."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, date):
        return f"{cell:%d-%m-}{cell.year:04}"
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    return str(cell) if isinstance(cell, int) else repr(cell)


def tidy(cell: Cell) -> str:
    """One line, single spaces, without invisible characters and the apostrophe by which a spreadsheet keeps a text a text."""
    return _tidied(shown(cell))


@lru_cache(maxsize=4096)
def _tidied(text: str) -> str:
    if not text.isascii() or not text.isprintable():
        text = "".join(_visible(each) for each in unicodedata.normalize("NFC", text))
    return " ".join(text.split()).removeprefix("'").strip()


def _visible(each: str) -> str:
    kind = unicodedata.category(each)
    if each.isspace() or kind in ("Zs", "Zl", "Zp", "Cc"):
        return " "
    return "" if kind in ("Cf", "Cs", "Co", "Cn") else each


def is_blank(cell: Cell) -> bool:
    """Nothing, or a mark that says so."""
    return cell is None or (isinstance(cell, str) and not isinstance(cell, CellError) and _says_nothing(cell))


@lru_cache(maxsize=4096)
def _says_nothing(text: str) -> bool:
    return bool(BLANK.fullmatch(_tidied(text)))


# Running numbers as people write them; the words for the sexes, levelled.
COUNTED = re.compile(r"\d{1,5}[.)]?")
SEXES = {
    "l": "L", "lk": "L", "laki": "L", "laki2": "L", "laki 2": "L", "laki laki": "L", "lelaki": "L", "pria": "L", "male": "L", "m": "L", "1": "L",
    "p": "P", "pr": "P", "prp": "P", "perempuan": "P", "wanita": "P", "w": "P", "female": "P", "f": "P", "2": "P", "laki lk": "L", "perempuan pr": "P",
}  # fmt: skip


LETTERS_APART = re.compile(r"\b(?:[a-z] ){1,}[a-z]\b")


@lru_cache(maxsize=4096)
def level(text: str) -> str:
    """For comparing: small letters and digits with single spaces; letters set apart (N I K) are joined."""
    plain = unicodedata.normalize("NFKD", text[:200]).casefold()
    plain = " ".join(re.sub(r"[^a-z0-9]+", " ", plain).split())
    return LETTERS_APART.sub(lambda found: found[0].replace(" ", ""), plain)


def letters_of(column: int) -> str:
    """0 is A, 26 is AA."""
    found, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


def forget() -> None:
    """Names and numbers of people do not stay in memory longer than a file is read."""
    for each in (_tidied, _says_nothing, level):
        each.cache_clear()
