"""Forms of the list of participants: one person, rows pasted from a spreadsheet, reasons."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length, Optional

from workflows import nik
from workflows.nik import FLAGS

from .. import clock
from ..models import Agreement, Category, RosterEntry
from ..models.rosters import Person, foresee, twin_of
from ..models.rules import Rulebook
from .base import DayField, Form, Required, RupiahField, choices, parse_rupiah

MOST_ROWS = 500
SEXES = {"L": "Laki-laki", "P": "Perempuan"}


def read_nik(text: str) -> nik.Nik:
    """The NIK, or a ValidationError with the sentence for the form; what a spreadsheet does to long numbers is named."""
    if re.fullmatch(r"\s*\d[.,]\d+E\+?\d+\s*", text, re.IGNORECASE):
        raise ValidationError("NIK diubah Excel menjadi bentuk ilmiah. Jadikan kolomnya teks, lalu ketik NIK-nya lagi.")
    try:
        return nik.parse(text)
    except nik.BadNik as error:
        raise ValidationError(str(error)) from error


class PersonForm(Form):
    """A person on the working list."""

    category = SelectField("Kelompok", [Required()])
    nik = StringField("NIK", render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": 40})
    name = StringField("Nama sesuai KTP", [Required(), Length(max=160)], render_kw={"autocomplete": "off"})
    birth_on = DayField("Tanggal lahir", [Required()])
    sex = SelectField("Jenis kelamin", choices=choices([("", "Menurut NIK"), *SEXES.items()]))
    job = StringField("Jabatan atau pekerjaan", [Required(), Length(max=120)])
    wage_base = RupiahField("Dasar upah per bulan", [Optional()])

    def __init__(self, agreement: Agreement, book: Rulebook, entry: RosterEntry | None = None, category: str = "") -> None:
        usual = book.wage_base(agreement.fiscal_year, category)
        super().__init__(obj=entry, data={"category": category, "wage_base": usual} if entry is None else None)
        if entry is not None and not self.is_submitted():
            self.nik.data = ""
        self.agreement, self.book, self.entry, self.read = agreement, book, entry, None
        self.category.choices = choices([(each.slug, each.name) for each in book.categories])
        self.nik.description = f"Tercatat {entry.nik_masked}. Kosongkan bila tidak berubah." if entry else "16 angka pada KTP."
        self.wage_base.description = "Kosongkan untuk memakai dasar upah yang biasa bagi kelompoknya."

    def validate_nik(self, field: StringField) -> None:
        """A NIK that can be true and is not on the list yet."""
        if self.entry is not None and not (field.data or "").strip():
            self.read = nik.parse(self.entry.nik)
            return
        self.read = read_nik(field.data or "")
        twin = twin_of(self.agreement, self.read, self.entry)
        if twin is not None:
            raise ValidationError(f"NIK ini sudah ada di daftar atas nama {twin.name}.")

    def validate_birth_on(self, field: DayField) -> None:
        """Born before today."""
        if field.data and field.data > clock.today():
            raise ValidationError("Tanggal lahir belum tiba.")

    def validate_category(self, field: SelectField) -> None:
        """Without a usual wage base, one must be typed."""
        if not self.wage_base.raw and self.book.wage_base(self.agreement.fiscal_year, field.data) is None:
            raise ValidationError(f"Ketentuan kelompok ini untuk {self.agreement.fiscal_year} belum diisi; isikan dasar upahnya.")

    def validate_wage_base(self, field: RupiahField) -> None:
        """Nobody's base is nothing."""
        if field.data is not None and field.data <= 0:
            raise ValidationError("Dasar upah harus lebih dari nol.")

    def person(self) -> Person:
        """The checked person."""
        usual = self.book.wage_base(self.agreement.fiscal_year, self.category.data)
        base = self.wage_base.data if self.wage_base.data is not None else usual
        sex = self.sex.data or self.read.sex
        return Person(self.category.data, _tidy(self.name.data), self.read, self.birth_on.data, sex, _tidy(self.job.data), base)


def _tidy(text: str) -> str:
    return re.sub(r"\s+", " ", "".join(each for each in text if each.isprintable() or each.isspace())).strip()


class ReasonForm(Form):
    """Why: a doubt is none, a NIK is looked at."""

    reason = TextAreaField("Alasan", [Required(), Length(max=1000)], render_kw={"rows": 2})


class FreezeForm(Form):
    """The list as it was shown."""

    seen = HiddenField()


class PasteForm(Form):
    """Rows copied out of a spreadsheet."""

    category = SelectField("Kelompok bagi baris tanpa kolom kelompok", choices=[])
    rows = TextAreaField("Baris dari lembar sebar", [Required(), Length(max=200_000)], render_kw={"rows": 10, "spellcheck": "false", "wrap": "off"})
    with_flagged = BooleanField("Masukkan juga baris bertanda; tandanya harus diselesaikan sebelum konsep disetujui")
    seen = HiddenField()

    def __init__(self, categories: Sequence[Category], **data: object) -> None:
        super().__init__(data=data)
        self.category.choices = choices([("", "Pilih kelompok"), *((each.slug, each.name) for each in categories)])


@dataclass(frozen=True)
class Row:
    """A pasted row and its fate: rejected with a reason, accepted, or accepted with doubts."""

    number: int
    line: str
    person: Person | None
    refused: str = ""
    flags: tuple[str, ...] = ()

    @property
    def fate(self) -> str:
        """ditolak, bertanda or diterima."""
        return "ditolak" if self.refused else "bertanda" if self.flags else "diterima"

    @property
    def remarks(self) -> tuple[str, ...]:
        """Why, in words."""
        return (self.refused,) if self.refused else tuple(FLAGS[each] for each in self.flags)


@dataclass(frozen=True)
class Sheet:
    """All pasted rows with their fates."""

    rows: tuple[Row, ...]

    def of(self, fate: str) -> list[Row]:
        """The rows with that fate."""
        return [each for each in self.rows if each.fate == fate]

    def going_in(self, with_flagged: bool) -> list[Row]:
        """The rows that would be stored."""
        return [each for each in self.rows if each.fate == "diterima" or (with_flagged and each.fate == "bertanda")]

    @property
    def digest(self) -> str:
        """Names what was shown, so that nothing else is stored."""
        seen = [[each.number, each.line, each.fate, each.remarks] for each in self.rows]
        return hashlib.sha256(json.dumps(seen).encode()).hexdigest()


def read_sheet(text: str, category: str, agreement: Agreement, book: Rulebook, today: date) -> Sheet:
    """The fate of every pasted row, nothing stored. Columns: NIK, nama, tanggal lahir, jenis kelamin, pekerjaan[, kelompok, dasar upah]."""
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if lines and _cells(lines[0][1])[0].casefold() == "nik":
        lines = lines[1:]
    rows = [_read_row(number, line, category, agreement.fiscal_year, book, today) for number, line in lines[:MOST_ROWS]]
    rows += [Row(number, line, None, f"Paling banyak {MOST_ROWS} baris sekali tempel; sisanya tempel kemudian.") for number, line in lines[MOST_ROWS:]]
    rows = _without_rounding(rows)
    people = [each for each in rows if each.person]
    looked = zip(people, foresee(agreement, [each.person for each in people], today), strict=True)
    fates = {row.number: replace(row, refused=outlook.refused, flags=outlook.flags) for row, outlook in looked}
    return Sheet(tuple(fates.get(each.number, each) for each in rows))


def _without_rounding(rows: list[Row]) -> list[Row]:
    # A spreadsheet keeps 15 digits of a number: the sixteenth becomes 0, and a NIK becomes somebody else's.
    people = [each for each in rows if each.person]
    if len(people) < 3 or not all(each.person.nik.digits.endswith("0") for each in people):
        return rows
    sentence = "Semua NIK berakhir 0: lembar sebar membulatkan angka ke-16. Jadikan kolomnya teks dan isi NIK-nya lagi."
    return [replace(each, person=None, refused=sentence) if each.person else each for each in rows]


def _cells(line: str) -> list[str]:
    return [each.strip().strip('"').strip() for each in line.split("\t" if "\t" in line else ";")]


def _read_row(number: int, line: str, category: str, year: int, book: Rulebook, today: date) -> Row:
    cells = _cells(line)
    if len(cells) < 5:
        return Row(number, line, None, f"Baris ini hanya berisi {len(cells)} kolom; paling sedikit lima: NIK, nama, tanggal lahir, jenis kelamin, pekerjaan.")
    try:
        return Row(number, line, _read_person([*cells, "", ""][:7], category, year, book, today))
    except ValidationError as error:
        return Row(number, line, None, str(error))


def _read_person(cells: Sequence[str], category: str, year: int, book: Rulebook, today: date) -> Person:
    typed_nik, name, born, sex, job, group, wage = cells
    read = read_nik(typed_nik)
    if not _tidy(name) or not _tidy(job):
        raise ValidationError("Nama dan pekerjaan wajib diisi.")
    if len(_tidy(name)) > 160 or len(_tidy(job)) > 120:
        raise ValidationError("Nama atau pekerjaan terlalu panjang.")
    slug = _read_category(group, category, book.category_names)
    base = parse_rupiah(wage) if wage else book.wage_base(year, slug)
    if not base:
        raise ValidationError("Dasar upah belum diisi dan tidak ada yang biasa bagi kelompok ini.")
    return Person(slug, _tidy(name), read, read_day(born, today), _read_sex(sex) or read.sex, _tidy(job), base)


def _read_category(typed: str, default: str, names: Mapping[str, str]) -> str:
    if not typed:
        if not default:
            raise ValidationError("Kelompok belum dipilih.")
        return default
    wanted = typed.casefold().replace("_", " ")
    found = [slug for slug, name in names.items() if wanted in (slug.replace("_", " "), name.casefold())]
    if not found:
        raise ValidationError(f"Kelompok {typed[:40]!r} tidak dikenal; pakai salah satu: {', '.join(names.values())}.")
    return found[0]


def _read_sex(typed: str) -> str:
    words = {"": "", "-": "", "l": "L", "lk": "L", "laki-laki": "L", "laki laki": "L", "pria": "L", "p": "P", "pr": "P", "perempuan": "P", "wanita": "P"}
    if typed.casefold() not in words:
        raise ValidationError(f"Jenis kelamin {typed[:20]!r} tidak dikenal; tulis L atau P.")
    return words[typed.casefold()]


MONTHS = ("januari", "februari", "maret", "april", "mei", "juni", "juli", "agustus", "september", "oktober", "november", "desember")


def read_day(typed: str, today: date) -> date:
    """17-05-1980, 17/05/1980, 1980-05-17 or 17 Mei 1980; the day always first. Raises ValidationError."""
    if not typed:
        raise ValidationError("Tanggal lahir belum diisi.")
    text = re.sub(r"[ T]00:00(:00)?$", "", typed.casefold())
    for place, month in enumerate(MONTHS, 1):
        text = re.sub(rf"\s+({month}|{month[:3]})\w*\.?\s+", f"-{place}-", text)
    iso, local = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text), re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", text)
    year, month, day = map(int, iso.groups()) if iso else map(int, reversed(local.groups())) if local else (0, 0, 0)
    try:
        found = date(year, month, day)
    except ValueError as error:
        raise ValidationError(f"Tanggal lahir {typed[:20]!r} tidak terbaca; tulis seperti 17-05-1980.") from error
    if found.year < 1900 or found > today:
        raise ValidationError(f"Tanggal lahir {typed[:20]!r} tidak mungkin.")
    return found
