"""Which rows are meant to be people; titles, column numbers, dusun lines, totals, heirs and signatures are not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from workflows.nik import clean
from workflows.people import ERROR, NIP, RELATION, SCIENTIFIC

from .grid import Cell, CellError, Grid
from .headings import Heading, is_heading, read_heading
from .headless import columns_by_content
from .words import COUNTED, SEXES, is_blank, level, shown, tidy

TOTAL = re.compile(r"^(?:sub |grand )?(?:jumlah|total|jml|rekapitulasi|rekap)\b")
SECTION = re.compile(
    r"^(?:dusun|dsn|lingkungan|rt|rw|rk|desa|kelurahan|kecamatan|kec|wilayah|bagian|kelompok|kategori|daftar|data|lampiran|halaman|hal|catatan|ket|keterangan|nb|sumber)\b"
)
NOTES = re.compile(r"^(?:catatan|keterangan|ket|nb|note|petunjuk)$")
SIGNED = re.compile(
    r"^(?:mengetahui|menyetujui|disetujui|diketahui|dibuat|yang membuat|pembuat|disusun|diperiksa|an |a n |atas nama|plt|pj|ttd|tanda tangan"
    r"|kepala desa|kades|sekretaris desa|camat|lurah|bendahara|operator|ketua bpd|kepala dinas|kepala dusun|hormat kami|nip|nrp|npk)\b"
)
PLACE_AND_DAY = re.compile(r"^[a-z ]{3,40} (?:\d{1,2}|) ?(?:[a-z]{3,10} |\d{1,2} )?20\d\d$")
HEIR_ROW = re.compile(r"^(?:nama )?(?:ahli ?waris|waris)\b")
COLUMN_NUMBER = re.compile(r"[(\[]?(\d{1,3}|[a-z])[)\].]?(?:\s*=.*)?", re.IGNORECASE)


MOST_LAYOUTS = 40


@dataclass
class Sorted:
    """The rows of a sheet: those meant to be people with the columns that hold for them and the line they stand under, and the rest."""

    people: list[tuple[int, Sequence[Cell], Mapping[str, int], str]] = field(default_factory=list)
    not_people: int = 0
    columns: Mapping[str, int] = field(default_factory=dict)
    titles: tuple[str, ...] = ()
    of_heirs: bool = False
    missing: str = ""
    head_text: tuple[str, ...] = ()


def sort_rows(grid: Grid, wished: Mapping[str, int] | None) -> Sorted:
    """Every row of the sheet, sorted."""
    headings = dict(_headings(grid))
    usable = {place: each for place, each in headings.items() if "nik" in each.columns and "name" in each.columns and not each.of_heirs}
    found = Sorted()
    if not usable and not wished:
        columns = columns_by_content(grid) if not headings or _lacks_only_words(headings) else {}
        if not columns:
            found.not_people, found.of_heirs = len(grid.rows), any(each.of_heirs for each in headings.values())
            found.missing = _missing(headings)
            return found
        if headings:  # a heading without the word NIK or nama over a column that holds it
            place, heading = next(iter(headings.items()))
            usable = {place: Heading(heading.rows, {**columns, **heading.columns}, heading.titles)}
            headings = usable
    else:
        columns = {}
    first = min(usable, default=None)
    if first is not None:
        columns = dict(usable[first].columns)
        found.titles = usable[first].titles
    found.columns = columns = {field: column for field, column in {**columns, **(wished or {})}.items() if column >= 0}
    _walk(grid, headings, found, first, wished)
    return found


def _lacks_only_words(headings: Mapping[int, Heading]) -> bool:
    return not any(each.of_heirs for each in headings.values()) and any({"nik", "name"} & set(each.columns) for each in headings.values())


def _missing(headings: Mapping[int, Heading]) -> str:
    for heading in headings.values():
        if not heading.of_heirs:
            return "NIK" if "nik" not in heading.columns else "nama"
    return ""


def _headings(grid: Grid) -> Iterator[tuple[int, Heading]]:
    taken = -1
    for place in range(len(grid.rows)):
        if place > taken and (heading := read_heading(grid.rows, place, grid.merged)):
            taken = place + heading.rows - 1
            yield place, heading


def _walk(grid: Grid, headings: Mapping[int, Heading], found: Sorted, first: int | None, wished: Mapping[str, int] | None) -> None:
    columns, of_heirs, tail, section, skip = found.columns, False, False, "", 0
    look = _Look(grid, columns)
    looks = {tuple(columns.items()): look}
    for place, (number, cells) in enumerate(grid.rows):
        if place in headings:
            heading, tail = headings[place], False
            of_heirs, skip = heading.of_heirs, heading.rows
            if not of_heirs and {"nik", "name"} <= set(heading.columns) and not wished:
                columns = heading.columns
                look = looks.get(tuple(columns.items())) or _Look(grid, columns, len(looks) < MOST_LAYOUTS)
                looks[tuple(columns.items())] = look
        if skip:
            skip -= 1
            found.not_people += 1
            continue
        before = first is not None and place < first
        if before and len(found.head_text) < 20:
            found.head_text += tuple(tidy(each) for each in cells if isinstance(each, str))[:4]
        kind = "other" if of_heirs else look.kind(cells, tail or before)
        if kind == "person" and not (before and not look.has_whole_nik(cells)):
            found.people.append((number, cells, columns, section))
            continue
        found.not_people += 1
        tail = tail or kind == "signed"
        if kind == "section":
            section = next((tidy(each) for each in cells if isinstance(each, str) and any(letter.isalpha() for letter in each)), section)


class _Look:
    """Looks at one row at a time, knowing which column holds what."""

    def __init__(self, grid: Grid, columns: Mapping[str, int], ask_numbers: bool = True) -> None:
        self.columns = columns
        self.numbered = ask_numbers and self._is_numbered(grid)

    def _is_numbered(self, grid: Grid) -> bool:
        if "no" not in self.columns:
            return False
        with_nik = [cells for _, cells in grid.rows[:2000] if self.has_whole_nik(cells) and not any(map(_is_relation, self._own_words(cells)))]
        return bool(with_nik) and sum(self._counted(each) for each in with_nik) * 10 >= len(with_nik) * 8

    def at(self, cells: Sequence[Cell], field_: str) -> Cell:
        """The cell of a field."""
        column = self.columns.get(field_, -1)
        return cells[column] if 0 <= column < len(cells) else None

    def _counted(self, cells: Sequence[Cell]) -> bool:
        return bool(COUNTED.fullmatch(shown(self.at(cells, "no")).strip().removesuffix(".0")))

    def has_whole_nik(self, cells: Sequence[Cell]) -> bool:
        """Does a NIK of 16 digits stand where one belongs?"""
        digits = clean(shown(self.at(cells, "nik")))
        return len(digits) == 16 and digits.isdigit()

    def kind(self, cells: Sequence[Cell], tail: bool) -> str:
        """person, section, signed or other."""
        filled = [each for each in cells if each is not None]
        if all(is_blank(each) for each in filled) or _is_column_numbers(filled):
            return "other"
        texts = [level(each) for each in filled if isinstance(each, str) and not isinstance(each, CellError)]
        words = [each for each in texts if re.search("[a-z]", each)]
        name, nik_like = self._name(cells), self._nik_like(cells)
        if is_heading(cells) and not nik_like:
            return "other"
        has_birth, has_sex = self._has_birth(cells), self._has_sex(cells)
        facts = sum((has_birth, has_sex, self.has_whole_nik(cells)))
        if words and TOTAL.match(words[0]) and facts < 2:
            return "other"
        if any(HEIR_ROW.match(each) for each in self._own_words(cells)) or self._is_heir(cells):
            return "other"
        if any(re.match(r"nip \d|nip$|nrp \d", each) for each in words) and not (self.has_whole_nik(cells) and has_birth):
            return "signed"
        if (
            facts == 0
            and not (name and not SIGNED.match(level(name)) and not is_blank(self.at(cells, "job")))
            and not self._counted(cells)
            and words
            and (SIGNED.match(words[0]) or PLACE_AND_DAY.match(words[-1]))
            and len(filled) <= 5
            and not self._told_nik(cells)
        ):
            return "signed"
        if facts == 0 and words and NOTES.match(words[0]):
            return "signed"
        if nik_like:
            return self._with_nik(cells, name, has_birth, has_sex, tail)
        return self._without_nik(cells, name, has_birth, has_sex, tail, words)

    def _own_words(self, cells: Sequence[Cell]) -> list[str]:
        heir = {self.columns.get(each, -1) for each in ("heir_name", "heir_relation", "heir_nik", "remark")}
        return [level(each) for column, each in enumerate(cells) if isinstance(each, str) and column not in heir]

    def _is_heir(self, cells: Sequence[Cell]) -> bool:
        """An unnumbered row under a numbered person, with a relation instead of work."""
        return (
            self.numbered
            and not self._counted(cells)
            and any(RELATION.fullmatch(each) for each in self._own_words(cells))
            and (is_blank(self.at(cells, "job")) or bool(RELATION.fullmatch(level(tidy(self.at(cells, "job"))))))
        )

    def _name(self, cells: Sequence[Cell]) -> str:
        name = "" if is_blank(self.at(cells, "name")) else tidy(self.at(cells, "name"))
        return name if any(each.isalpha() for each in name) and not isinstance(self.at(cells, "name"), CellError) else ""

    def _told_nik(self, cells: Sequence[Cell]) -> bool:
        """Was something written where the NIK belongs, other than a small number?"""
        return not is_blank(self.at(cells, "nik")) and not COUNTED.fullmatch(shown(self.at(cells, "nik")).strip())

    def _nik_like(self, cells: Sequence[Cell]) -> bool:
        cell = self.at(cells, "nik")
        if cell is None or isinstance(cell, date | bool):
            return False
        text = shown(cell).strip()
        if isinstance(cell, CellError) or ERROR.fullmatch(text) or SCIENTIFIC.fullmatch(text):
            return True
        digits = sum(each.isdigit() for each in text)
        return digits >= 8 and digits * 10 >= len(clean(text)) * 6

    def _has_birth(self, cells: Sequence[Cell]) -> bool:
        for field_ in ("birth", "birth_both", "birth_year"):
            cell = self.at(cells, field_)
            if isinstance(cell, date) or (not is_blank(cell) and any(each.isdigit() for each in shown(cell)) and len(shown(cell)) >= 4):
                return True
        return False

    def _has_sex(self, cells: Sequence[Cell]) -> bool:
        return bool(level(tidy(self.at(cells, "sex"))) in SEXES) or not all(is_blank(self.at(cells, each)) for each in ("sex_l", "sex_p"))

    def _with_nik(self, cells: Sequence[Cell], name: str, has_birth: bool, has_sex: bool, tail: bool) -> str:
        text = shown(self.at(cells, "nik")).strip()
        broken = isinstance(self.at(cells, "nik"), CellError) or bool(ERROR.fullmatch(text))
        if broken and not (name or has_birth or has_sex):
            return "other"
        if NIP.fullmatch(clean(text)) and not (has_birth or has_sex or self._counted(cells)):
            return "signed"
        if tail and not (self.has_whole_nik(cells) or has_birth or self._counted(cells)):
            return "other"
        return "person"

    def _without_nik(self, cells: Sequence[Cell], name: str, has_birth: bool, has_sex: bool, tail: bool, words: Sequence[str]) -> str:
        has_job = not is_blank(self.at(cells, "job"))
        counted = self._counted(cells)
        if not name:
            return "person" if has_birth and not tail and (counted or has_sex or has_job) else "section" if len(words) == 1 and not counted else "other"
        if SECTION.match(level(name)) and not (has_birth or has_sex):
            return "signed" if NOTES.match(level(name)) else "section"
        facts = has_birth + has_sex + has_job
        if tail:
            return "person" if counted and (has_birth or has_sex or facts > 1) else "other"
        if not facts and not counted and not (self._told_nik(cells) and not self._counted_by_letter(cells)):
            return "section" if len(words) == 1 else "other"
        return "person"

    def _counted_by_letter(self, cells: Sequence[Cell]) -> bool:
        return bool(re.fullmatch(r"[a-z]{1,4}[.)]?", shown(self.at(cells, "no")).strip(), re.IGNORECASE))


def _is_relation(plain: str) -> bool:
    return bool(RELATION.fullmatch(plain) or HEIR_ROW.match(plain))


def _is_column_numbers(filled: Sequence[Cell]) -> bool:
    """1 2 3 4 …, (1) (2) …, or a b c …, one more from cell to cell."""
    if len(filled) < 3:
        return False
    found = [COLUMN_NUMBER.fullmatch(shown(each).strip().removesuffix(".0")) for each in filled[:60]]
    if not all(found):
        return False
    values = [int(each[1]) if each[1].isdigit() else ord(each[1].casefold()) - 96 for each in found if each]
    return values[0] <= 3 and all(0 < after - before <= 2 for before, after in zip(values, values[1:], strict=False))
