"""Forms of the law as data. Each kind of rule says its name, its row, how it is found, and whether a standing one may be changed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from wtforms import BooleanField, IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length, NumberRange, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from workflows.agreement import CONDITIONS
from workflows.tariffs import BARRED

from ..db import db
from ..models import Category, CategoryTerms, DueDate, ForbiddenSource, FundSource, LegalBasis, RateRow
from ..models.reading import rulebook
from ..models.rules import CONFIDENCE
from .base import DayField, Form, Required, RupiahField, choices

PROGRAMMES = (("JKK", "JKK (kecelakaan kerja)"), ("JKM", "JKM (kematian)"), ("JHT", "JHT (hari tua)"), ("JP", "JP (pensiun)"))
RISKS = ("I", "II", "III", "IV", "V")
SEGMENTS = (("PU", "PU (penerima upah)"), ("BPU", "BPU (bukan penerima upah)"))
YEAR = NumberRange(2015, 2100, "Tulis tahun seperti 2027.")
SLUG = Regexp(r"^[A-Za-z][A-Za-z0-9_]*$", message="Hanya huruf, angka, dan garis bawah; diawali huruf.")


class RuleForm(Form):
    """What every rule tells: how sure the office is, and where it stands."""

    title: ClassVar[str]
    model: ClassVar[Any]
    fixed: ClassVar[tuple[str, ...]] = ()  # what names the rule and does not change once it stands
    changes: ClassVar[bool] = True
    note: ClassVar[str] = ""

    def __init__(self, row: Any) -> None:
        self.row = row
        super().__init__(data={name: getattr(row, name) for name in self.model.__table__.columns.keys()} if row else self.usual())  # noqa: SIM118
        for name in self.fixed if row else ():
            del self[name]

    def usual(self) -> dict[str, Any]:
        """What a new rule begins with."""
        return {}

    def now(self) -> dict[str, Any]:
        """The rule as typed."""
        return {name: value.strip() if isinstance(value, str) else value for name, value in self.data.items() if name != "csrf_token"}


class Sourced(RuleForm):
    """A rule with confidence and source."""

    confidence = SelectField("Keyakinan", [Required()], choices=choices((key, word.capitalize()) for key, word in CONFIDENCE.items()), default="U")
    source = TextAreaField("Sumber", [Required(), Length(max=1000)], description="Pasal, surat, atau keputusan kantor yang menjadi pegangan.", render_kw={"rows": 2})


class LegalBasisForm(Sourced):
    """A regulation that papers may cite."""

    title, model = "Dasar hukum", LegalBasis
    short = StringField("Sebutan pendek", [Required(), Length(max=80)], description="Misalnya PP 28/2018.")
    citation = TextAreaField("Kutipan lengkap", [Required(), Length(max=2000)], description="Seperti tercetak dalam konsiderans, dengan Lembaran Negara.", render_kw={"rows": 3})
    rank = IntegerField("Urutan", [NumberRange(1, 9999, "Isikan bilangan.")], description="UU lebih dahulu, lalu PP, Perpres dan Inpres, Permen, Perda.")
    valid_from = DayField("Berlaku mulai", [Required()])
    valid_until = DayField("Berlaku sampai", description="Kosongkan selama masih berlaku.")
    usual_basis = BooleanField("Dipilih dengan sendirinya pada perjanjian baru")

    def __init__(self, row: Any) -> None:
        super().__init__(row)
        if row and not self.is_submitted():
            self.usual_basis.data = row.usual

    def validate_valid_until(self, field: DayField) -> None:
        """A time runs forward."""
        _forward(self.valid_from.data, field.data)

    def now(self) -> dict[str, Any]:
        found = super().now()
        return found | {"usual": found.pop("usual_basis")}


class RateForm(Sourced):
    """A contribution rate; a standing one is never overwritten."""

    title, model, changes = "Tarif iuran", RateRow, False
    note = "Tarif yang berlaku sekarang berakhir sehari sebelum tarif baru mulai. Bila tarif baru hanya sementara (ada hari terakhirnya), tarif sekarang tetap dan berlaku lagi sesudahnya."
    programme = SelectField("Program", [Required()], choices=choices(PROGRAMMES))
    segment = SelectField("Segmen", [Required()], choices=choices(SEGMENTS))
    percent = StringField("Persen dari dasar upah", [Length(max=12)], description="Misalnya 0,24. Isi salah satu: persen atau nominal.", render_kw={"inputmode": "decimal"})
    flat = RupiahField("Nominal per orang per bulan")
    valid_from = DayField("Berlaku mulai", [Required()], description="Bulan iuran yang hari pertamanya sudah termasuk memakai tarif ini.")
    valid_until = DayField("Berlaku sampai", description="Hanya untuk tarif sementara.")
    regulation = StringField("Peraturan", [Required(), Length(max=120)])
    risk = SelectField("Kelas risiko JKK", default="", choices=choices([("", "Tanpa kelas (bukan JKK PU)"), *((each, f"Kelas {each}") for each in RISKS)]), description="Hanya untuk JKK penerima upah; perangkat desa memakai kelas I.")
    worker = StringField("Bagian pekerja (persen dari dasar)", [Length(max=12)], description="Bagian dari persen di atas yang dibayar pekerja sendiri, misalnya 2 dari 5,7. Kosong berarti nol.", render_kw={"inputmode": "decimal"})

    def validate_worker(self, field: StringField) -> None:
        """A part of the percentage."""
        field.data = _percent(field.data) or Decimal()
        if not 0 <= field.data <= (self.percent.data if isinstance(self.percent.data, Decimal) else Decimal()):
            raise ValidationError("Bagian pekerja tidak boleh lebih dari tarifnya.")

    def validate_risk(self, field: SelectField) -> None:
        """Classes are for JKK of wage earners, and it has no rate without one."""
        if ((self.programme.data, self.segment.data) == ("JKK", "PU")) != bool(field.data):
            raise ValidationError("Pilih kelas risiko untuk JKK penerima upah; program lain tanpa kelas.")

    def validate_programme(self, field: SelectField) -> None:
        """A programme that the segment may join."""
        if (self.segment.data, field.data) in BARRED:
            raise ValidationError(_sentence(BARRED[self.segment.data, field.data]))

    def validate_percent(self, field: StringField) -> None:
        """Either a percentage or an amount."""
        field.data = _percent(field.data)
        if (field.data is None) == (self.flat.data is None):
            raise ValidationError("Isi salah satu: persen atau nominal.")
        if field.data is not None and not 0 <= field.data <= 100:
            raise ValidationError("Persen antara 0 dan 100.")

    def validate_valid_until(self, field: DayField) -> None:
        """A time runs forward."""
        _forward(self.valid_from.data, field.data)


class TermsForm(Sourced):
    """How a category is insured in a year."""

    title, model, fixed = "Ketentuan kelompok", CategoryTerms, ("year", "category_slug")
    note = "Iuran yang sudah dibekukan dalam daftar peserta tidak berubah; perjanjian yang belum ditandatangani diminta dihitung ulang."
    year = IntegerField("Tahun", [YEAR])
    category_slug = SelectField("Kelompok peserta", [Required()])
    segment = SelectField("Segmen", [Required()], choices=choices(SEGMENTS))
    programmes = SelectMultipleField("Program", [Required()], choices=choices(PROGRAMMES), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput())
    wage_base = RupiahField("Dasar upah sebulan", [Required()])

    def __init__(self, row: Any) -> None:
        super().__init__(row)
        if not row:
            self.category_slug.choices = _categories()

    def validate_category_slug(self, field: SelectField) -> None:
        """One per year and category."""
        if rulebook(db.session).terms(self.year.data or 0, field.data):
            raise ValidationError("Kelompok ini sudah diisi untuk tahun itu; ubah yang sudah ada.")

    def now(self) -> dict[str, Any]:
        return super().now() | {"programmes": tuple(each for each, _ in PROGRAMMES if each in self.programmes.data)}


class FundSourceForm(RuleForm):
    """A fund source of the village budget."""

    title, model, fixed = "Sumber dana", FundSource, ("slug",)
    slug = StringField("Kode", [Required(), Length(max=12), SLUG], description="Singkatan, misalnya PADes.")
    name = StringField("Nama", [Required(), Length(max=80)])
    account = StringField("Kode rekening pendapatan", [Length(max=20)])
    rank = IntegerField("Urutan", [NumberRange(1, 9999, "Isikan bilangan.")])

    def validate_slug(self, field: StringField) -> None:
        """A code is given once."""
        if field.data in rulebook(db.session).fund_sources:
            raise ValidationError("Kode ini sudah ada.")


class CategoryForm(RuleForm):
    """A category of participants."""

    title, model, fixed = "Kelompok peserta", Category, ("slug",)
    slug = StringField("Kode", [Required(), Length(max=20), SLUG], description="Huruf kecil tanpa spasi, misalnya kader_posyandu.")
    name = StringField("Nama", [Required(), Length(max=80)])
    account_hint = StringField("Saran kode rekening", [Length(max=80)])
    rank = IntegerField("Urutan", [NumberRange(1, 9999, "Isikan bilangan.")])

    def validate_slug(self, field: StringField) -> None:
        """A code is given once."""
        if field.data in rulebook(db.session).category_names:
            raise ValidationError("Kode ini sudah ada.")


class ForbiddenForm(Sourced):
    """A fund source that may not pay for a category in a year."""

    title, model, changes = "Sumber dana terlarang", ForbiddenSource, False
    note = "Baris pertama untuk sebuah tahun membuat tahun itu terisi: sejak saat itu anggaran tahun tersebut dapat diperiksa. Isi semua larangannya sekaligus."
    year = IntegerField("Tahun anggaran", [YEAR])
    fund_source = SelectField("Sumber dana", [Required()])
    category_slug = SelectField("Kelompok peserta", [Required()])
    article = StringField("Peraturan dan pasal", [Required(), Length(max=120)])

    def __init__(self, row: Any) -> None:
        super().__init__(row)
        self.fund_source.choices = choices(rulebook(db.session).fund_sources.items())
        self.category_slug.choices = _categories()

    def validate_category_slug(self, field: SelectField) -> None:
        """Each prohibition once a year."""
        rules = rulebook(db.session).source_rules(self.year.data or 0) or ()
        if any((each.fund_source, each.category) == (self.fund_source.data, field.data) for each in rules):
            raise ValidationError("Larangan ini sudah ada untuk tahun itu.")


class DueDateForm(RuleForm):
    """Until when a condition should be met."""

    title, model, fixed = "Batas waktu", DueDate, ("condition",)
    condition = SelectField("Syarat", [Required()])
    years = SelectField("Tahun", coerce=int, choices=choices([(0, "Tahun anggaran"), (-1, "Tahun sebelumnya"), (1, "Tahun berikutnya")]))
    month = IntegerField("Bulan", [NumberRange(1, 12, "Isikan 1 sampai 12.")])
    day = IntegerField("Tanggal", [NumberRange(1, 31, "Isikan 1 sampai 31.")])
    source = TextAreaField("Sumber", [Required(), Length(max=1000)], render_kw={"rows": 2})

    def __init__(self, row: Any) -> None:
        super().__init__(row)
        if not row:
            known = rulebook(db.session).due_rules
            self.condition.choices = choices((slug, each.sentence) for slug, each in CONDITIONS.items() if slug not in known)

    def validate_day(self, field: IntegerField) -> None:
        """A day of that month in a leap year at the latest."""
        try:
            date(2024, self.month.data or 1, field.data or 1)
        except ValueError as error:
            raise ValidationError("Tanggal ini tidak ada dalam bulan itu.") from error


def _percent(text: str | None) -> Decimal | None:
    try:
        return Decimal(text.strip().replace("%", "").replace(",", ".")) if text and text.strip() else None
    except InvalidOperation as error:
        raise ValidationError("Tulis persen seperti 0,24.") from error


def _sentence(phrase: str) -> str:
    return phrase[0].upper() + phrase[1:] + "."


def _forward(first: date | None, last: date | None) -> None:
    if first and last and last < first:
        raise ValidationError("Berakhir sebelum dimulai.")


def _categories() -> list[Any]:
    return choices(rulebook(db.session).category_names.items())


KINDS: dict[str, type[RuleForm]] = {
    "dasar-hukum": LegalBasisForm,
    "tarif": RateForm,
    "ketentuan": TermsForm,
    "sumber-terlarang": ForbiddenForm,
    "sumber-dana": FundSourceForm,
    "kelompok": CategoryForm,
    "batas-waktu": DueDateForm,
}
