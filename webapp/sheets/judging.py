"""From cells to what a row says, and what becomes of it: by itself, then beside the other rows of the file."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from workflows.nik import clean
from workflows.people import REJECTED, Judged, Known, Limits, Told, compare, judge, outcome, remark

from .days import Day, read_day, read_parts
from .grid import Cell, CellError, Grid
from .places import AMBIGUOUS, CODE, UNRESOLVED, is_kelurahan, match
from .reading import Expected, PersonRead, RowRead
from .sorting import Sorted
from .words import SEXES, is_blank, level, shown, tidy

Progress = Callable[[int, int], None]
LONGEST = 300


@dataclass(frozen=True)
class Row:
    """A row meant to be a person, with the columns that hold for it, the line it stands under and what merged cells say for it."""

    sheet: str | None
    number: int
    cells: tuple[Cell, ...]
    columns: Mapping[str, int]
    section: str
    filled: Mapping[str, str]
    women_are_p: bool = True

    def at(self, field: str) -> Cell:
        column = self.columns.get(field, -1)
        found = self.cells[column] if 0 <= column < len(self.cells) else None
        return self.filled.get(field) if found is None else found

    def text(self, field: str, most: int = LONGEST) -> str:
        cell = self.at(field)
        return "" if is_blank(cell) or isinstance(cell, CellError) else tidy(cell)[:most]


class Judge:
    """Judges the rows of all sheets, each by itself and then beside each other."""

    def __init__(self, expected: Expected, several: bool, progress: Progress | None) -> None:
        self.expected, self.several, self.progress = expected, several, progress
        self.limits = expected.limits if isinstance(expected.limits, Limits) else Limits()
        self.places = {each.code: each for each in expected.places}
        self.categories = _category_words(expected.categories)
        self.matched: dict[tuple[str, str], str] = {}

    def all(self, found: Sequence[tuple[Grid, Sorted]]) -> list[RowRead]:
        """The rows in the order of the file."""
        by_sheet = [(grid.name, rows_of(grid, sorted_rows)) for grid, sorted_rows in found]
        rows = [row for _, each in by_sheet for row in each]
        grouped = {name: self._has_categories(each) for name, each in by_sheet}
        heads = {grid.name: sorted_rows.head_text for grid, sorted_rows in found}
        judged = []
        for done, row in enumerate(rows, 1):
            judged.append(self._one(row, grouped[row.sheet], heads[row.sheet]))
            if self.progress and (done % 500 == 0 or done == len(rows)):
                self.progress(done, len(rows))
        known = [
            Known(self._where(row), told, verdict, person.village or row.sheet or "", outcome(slug for slug, _ in reasons) != REJECTED)
            for row, (told, verdict, person, reasons) in zip(rows, judged, strict=True)
        ]
        rounded = _all_rounded(rows, judged)
        return [
            self._finished(row, *each, [*more, *([("nik_rounded", "")] if rounded and each[1].nik else [])])
            for row, each, more in zip(rows, judged, compare(known), strict=True)
        ]

    def _where(self, row: Row) -> str:
        return f"lembar {row.sheet}, baris {row.number}" if self.several and row.sheet else f"baris {row.number}"

    def _finished(self, row: Row, told: Told, verdict: Judged, person: PersonRead, reasons: list, more: list) -> RowRead:
        every = dict([*reasons, *more])
        if "nik_is_kk" in every:
            for each in ("birth_differs", "birth_swapped", "sex_differs"):
                every.pop(each, None)
        slugs = tuple(every)
        remarks = tuple(remark(slug, particulars) for slug, particulars in every.items())
        return RowRead(row.sheet, row.number, person, outcome(slugs), slugs, remarks, tuple(shown(each) for each in row.cells))

    def _one(self, row: Row, grouped: bool, head: Sequence[str]) -> tuple[Told, Judged, PersonRead, list[tuple[str, str]]]:
        day, place = self._birth(row)
        sex, sex_fault = _sex(row)
        category, reasons = self._category(row, grouped)
        nik = row.at("nik")
        told = Told(
            nik=shown(nik)[:120],
            nik_kind="error" if isinstance(nik, CellError) else "number" if isinstance(nik, int | float) and not isinstance(nik, bool) else "text",
            name=_name(row.at("name")),
            job=row.text("job", 1000) or row.text("job_more", 1000),
            birth_on=day.on,
            birth_fault=day.fault,
            birth_typed=day.typed,
            sex=sex,
            sex_fault=sex_fault,
            category=category,
            kk=row.text("kk"),
            nip=row.text("nip"),
            remarks=(row.text("remark"), row.text("marital"), row.text("job_more")),
        )
        verdict = judge(told, self.limits, self.expected.as_of)
        village, more = self._village(row, head)
        wage, wage_fault = _wage(row.at("wage"))
        reasons += more + ([("wage_unreadable", tidy(row.at("wage"))[:20])] if wage_fault else [])
        person = PersonRead(
            nik=clean(told.nik)[:40],
            name=told.name[:LONGEST],
            birth_on=verdict.birth_on,
            sex=verdict.sex,
            job=told.job[:LONGEST],
            category=category,
            wage_base=wage,
            village=village,
            village_text=row.text("village") or row.text("village_code"),
            kecamatan_text=row.text("kecamatan"),
            birth_place=row.text("birth_place") or place,
            mother=row.text("mother"),
            marital=row.text("marital"),
            address=row.text("address"),
            phone=row.text("phone", 60),
            heir_name=row.text("heir_name"),
            heir_relation=row.text("heir_relation"),
            heir_nik=clean(row.text("heir_nik"))[:40],
        )
        return told, verdict, person, [*verdict.reasons, *reasons]

    def _birth(self, row: Row) -> tuple[Day, str]:
        today = self.expected.as_of
        if "birth_year" in row.columns:
            return read_parts(row.at("birth_day"), row.at("birth_month"), row.at("birth_year"), today), ""
        if "birth" in row.columns and not ("birth_both" in row.columns and is_blank(row.at("birth"))):
            day = read_day(row.at("birth"), today)
            return day, day.place
        both = row.at("birth_both")
        if isinstance(both, str) and not isinstance(both, CellError) and not any(each.isdigit() for each in both):
            return Day(), tidy(both).strip(" ,/-")[:LONGEST]
        day = read_day(both, today)
        return day, day.place

    # --- category ---

    def _has_categories(self, rows: Sequence[Row]) -> bool:
        """Does the column that may name categories do so? A column of farmers' groups does not."""
        told = [level(row.text("category")) for row in rows if row.text("category")]
        return bool(told) and (not self.expected.category or sum(each in self.categories for each in told) * 2 >= len(told))

    def _category(self, row: Row, grouped: bool) -> tuple[str, list[tuple[str, str]]]:
        typed = row.text("category")
        if grouped and typed:
            slug = self.categories.get(level(typed), "")
            return slug, [] if slug else [("category_unknown", typed[:40])]
        slug = self.expected.category or self.categories.get(level(row.section), "") or self.categories.get(level(row.sheet or ""), "")
        return slug, [] if slug else [("category_missing", "")]

    # --- village ---

    def _match(self, village: str, kecamatan: str) -> str:
        """Each text is looked up once."""
        if (village, kecamatan) not in self.matched:
            self.matched[village, kecamatan] = match(village, kecamatan, self.expected.places)
        return self.matched[village, kecamatan]

    def _village(self, row: Row, head: Sequence[str]) -> tuple[str, list[tuple[str, str]]]:
        code, name, kecamatan = row.text("village_code"), row.text("village"), row.text("kecamatan")
        answer = self._meant(code, name, kecamatan)
        if self.expected.village:
            return self._beside_expected(answer, name or code, kecamatan)
        if not answer:
            answer = self._from_lines(row, head)
        if not answer:
            return "", [("village_missing", "")]
        if answer in (AMBIGUOUS, UNRESOLVED):
            return "", [("village_ambiguous" if answer == AMBIGUOUS else "village_unknown", " ".join(filter(None, (name or code, kecamatan)))[:60])]
        if is_kelurahan(answer):
            return answer, [("village_kelurahan", self.places[answer].name)]
        return answer, []

    def _meant(self, code: str, name: str, kecamatan: str) -> str:
        """By code, then by name and kecamatan; empty where nothing is said. A code and a name that disagree are asked about."""
        by_code = self._match(code, "") if CODE.search(code) else ""
        by_name = self._match(name, kecamatan) if name else ""
        if by_code and by_name not in ("", AMBIGUOUS, UNRESOLVED, by_code):
            return AMBIGUOUS
        return by_code or by_name or (self._match(code, kecamatan) if code else "")

    def _beside_expected(self, answer: str, name: str, kecamatan: str) -> tuple[str, list[tuple[str, str]]]:
        wanted = self.places.get(self.expected.village)
        if answer == AMBIGUOUS and wanted and self._match(name, wanted.kecamatan) == wanted.code:
            answer = wanted.code
        differs = answer and answer != self.expected.village
        said = " ".join(filter(None, (name, kecamatan)))[:60]
        return self.expected.village, [("village_differs", said)] if differs else []

    def _from_lines(self, row: Row, head: Sequence[str]) -> str:
        """Where no column names the village: the line above the row, the name of the sheet, or the title over the table."""
        kecamatan = next((each for each in head if re.match(r"kec(?:amatan)?\b", each, re.IGNORECASE)), "")
        lines = [row.section, *(each for each in head if re.match(r"(?:desa|ds\b|kelurahan)", each, re.IGNORECASE))]
        named = [re.sub(r"^(desa|kelurahan|kecamatan)\s*:", r"\1 ", each, flags=re.IGNORECASE) for each in (*lines, row.sheet or "") if each]
        kecamatan = re.sub(r"^\w+\.?\s*:?\s*", "", kecamatan)
        for each in named:
            answer = self._match(each, kecamatan)
            if answer != UNRESOLVED:
                return answer
        return ""


def rows_of(grid: Grid, found: Sorted) -> list[Row]:
    """The rows of a sheet that are meant to be people."""
    fills = _fills(grid, found.columns)
    pria = _is_pria_wanita(found)
    return [Row(grid.name, number, tuple(cells), columns, section, fills.get(number, {}), not pria) for number, cells, columns, section in found.people]


def _fills(grid: Grid, columns: Mapping[str, int]) -> dict[int, dict[str, str]]:
    """What a merged cell says for all rows that it spans."""
    found: dict[int, dict[str, str]] = {}
    wanted = {columns[field]: field for field in ("village_code", "village", "kecamatan", "category", "job") if field in columns}
    by_number = dict(grid.rows)
    for first, left, last, right in grid.merged:
        cells = by_number.get(first + 1, ())
        if last > first and left == right and left in wanted and left < len(cells) and last - first < 20_000:
            for number in range(first + 2, last + 2):
                found.setdefault(number, {})[wanted[left]] = tidy(cells[left])
    return found


def _is_pria_wanita(found: Sorted) -> bool:
    """P and W stand for pria and wanita where nobody is L."""
    said = {level(tidy(cells[columns["sex"]])) for _, cells, columns, _ in found.people if "sex" in columns and columns["sex"] < len(cells)}
    return "w" in said and "p" in said and not said & {"l", "lk", "laki laki"}


def _sex(row: Row) -> tuple[str, bool]:
    if "sex_l" in row.columns:
        man, woman = not is_blank(row.at("sex_l")), not is_blank(row.at("sex_p"))
        return ("", man) if man == woman else ("L" if man else "P", False)
    cell = row.at("sex")
    if is_blank(cell):
        return "", False
    said = level(tidy(cell).removesuffix(".0"))
    if said == "p" and not row.women_are_p:
        return "L", False
    return SEXES.get(said, ""), said not in SEXES


def _name(cell: Cell) -> str:
    return "" if isinstance(cell, CellError) or is_blank(cell) else tidy(cell)[:1000]


def _wage(cell: Cell) -> tuple[Decimal | None, bool]:
    """An amount of rupiah as people write it, and whether something stands there that is none."""
    if is_blank(cell):
        return None, False
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _believed(Decimal(str(cell)))
    text = re.sub(r"^rp\.?|\s|,-$|\.-$|(?:/\s*)?(?:bulan|bln|per\s*bulan)$", "", tidy(cell).casefold().strip(), flags=re.IGNORECASE)
    text = re.sub(r"^rp\.?", "", text).removesuffix(",-").removesuffix(".-")
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?|\d+,\d{1,2}", text):
        text = text.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?", text):
        text = text.replace(",", "")
    try:
        return _believed(Decimal(text)) if re.fullmatch(r"\d{1,13}(?:\.\d{1,2})?", text) else (None, True)
    except InvalidOperation:
        return None, True


def _believed(amount: Decimal) -> tuple[Decimal | None, bool]:
    if not amount.is_finite() or amount < 0 or amount > Decimal("1e12"):
        return None, True
    return (amount.quantize(Decimal("0.01")) if amount % 1 else amount.quantize(Decimal(1))) or None, False


def _all_rounded(rows: Sequence[Row], judged: Sequence[tuple]) -> bool:
    """Texts too were once numbers, when every NIK of a list ends in 0."""
    whole = [verdict.nik for _, verdict, _, _ in judged if verdict.nik]
    return len(whole) >= 3 and all(each.digits.endswith("0") for each in whole)


CATEGORY_WORDS = {
    "kepala_desa": "kades|kepala desa|kepala desa definitif|pj kepala desa",
    "perangkat": "perangkat|perangkat desa|aparat desa|aparatur desa|aparat|pemerintah desa",
    "staf": "staf|staf desa|staff|staff desa",
    "bpd": "bpd|anggota bpd|badan permusyawaratan desa|pengurus bpd",
    "lkd": "lkd|lembaga kemasyarakatan desa|lembaga kemasyarakatan|rt|rw|rt rw|ketua rt|ketua rw|lpm|pkk|karang taruna|posyandu|kader|kader posyandu|linmas|satlinmas",
    "imam": "imam|imam desa|pegawai syara|imam dan pegawai syara|guru mengaji|guru tpa",
    "pekerja_rentan": "pekerja rentan|rentan|bpu|pekerja bukan penerima upah|bukan penerima upah|buruh tani dan nelayan",
}


def _category_words(categories: Mapping[str, str]) -> dict[str, str]:
    found = {word: slug for slug, words in CATEGORY_WORDS.items() if slug in categories for word in words.split("|")}
    return found | {level(name): slug for slug, name in categories.items()} | {level(slug): slug for slug in categories}
