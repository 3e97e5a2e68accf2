"""Forms of the law as data (rates: tariffs.py). Each kind of rule says its name, its row, and what may be done with a standing one."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from wtforms import BooleanField, IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length, NumberRange, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from workflows.agreement import CONDITIONS
from workflows.tariffs import BARRED, VILLAGE_BUDGET

from ..db import db
from ..models import Category, CategoryTerms, DueDate, ForbiddenSource, FundSource, Holiday, LegalBasis, PostWage, SourceYear
from ..models.reading import rulebook
from ..models.rules import CONFIDENCE
from ..models.tariffs import SECTORS, payers
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
    removes: ClassVar[bool] = False
    ends: ClassVar[bool] = False
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
        forward(self.valid_from.data, field.data)

    def now(self) -> dict[str, Any]:
        found = super().now()
        return found | {"usual": found.pop("usual_basis")}


class TermsForm(Sourced):
    """How a category is insured in a year."""

    title, model, fixed = "Ketentuan kelompok", CategoryTerms, ("year", "category_slug")
    note = "Iuran yang sudah dibekukan dalam daftar peserta tidak berubah; perjanjian yang belum ditandatangani diminta dihitung ulang."
    year = IntegerField("Tahun", [YEAR])
    category_slug = SelectField("Kelompok peserta", [Required()])
    segment = SelectField("Segmen", [Required()], choices=choices(SEGMENTS))
    programmes = SelectMultipleField("Program", [Required()], choices=choices(PROGRAMMES), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput())
    wage_base = RupiahField("Dasar upah sebulan", [Required()])
    risk = SelectField("Kelas risiko JKK", default="I", choices=choices((each, f"Kelas {each}") for each in RISKS), description="Perangkat dan lembaga desa: kelas I. Hanya dipakai pada segmen PU.")
    sector = SelectField("Sektor", default="lain", choices=choices((slug, name.capitalize()) for slug, name in SECTORS.items()), description="Menentukan jendela potongan PP 50/2025 untuk BPU.")
    payer = SelectField("Pembayar iuran", default=VILLAGE_BUDGET, description="Siapa yang membayar iuran kelompok ini; potongan berlaku menurut pembayarnya.")

    def __init__(self, row: Any) -> None:
        super().__init__(row)
        self.payer.choices = choices(payers(rulebook(db.session).fund_sources).items())
        if not row:
            self.category_slug.choices = category_choices()

    def validate_programmes(self, field: SelectMultipleField) -> None:
        """Programmes that the segment may join."""
        for each in field.data:
            if (self.segment.data, each) in BARRED:
                raise ValidationError(sentence(BARRED[self.segment.data, each]))

    def validate_category_slug(self, field: SelectField) -> None:
        """One per year and category."""
        if rulebook(db.session).terms(self.year.data or 0, field.data):
            raise ValidationError("Kelompok ini sudah diisi untuk tahun itu; ubah yang sudah ada.")

    def now(self) -> dict[str, Any]:
        return super().now() | {"programmes": tuple(each for each, _ in PROGRAMMES if each in self.programmes.data)}


class PostWageForm(Sourced):
    """The wage base of a post that is not that of its category."""

    title, model, fixed, removes = "Dasar upah jabatan", PostWage, ("year", "category_slug"), True
    note = "Dipakai sebagai usulan saat peserta dengan jabatan itu dicatat; yang sudah dicatat tidak berubah."
    year = IntegerField("Tahun", [YEAR])
    category_slug = SelectField("Kelompok peserta", [Required()])
    posts = StringField("Jabatan", [Required(), Length(max=160)], description="Beberapa sebutan dipisah koma, misalnya sekretaris desa, sekdes.")
    wage_base = RupiahField("Dasar upah sebulan", [Required()])

    def __init__(self, row: Any) -> None:
        super().__init__(row)
        if not row:
            self.category_slug.choices = category_choices()

    def validate_posts(self, field: StringField) -> None:
        """The same posts once a year."""
        year, slug = (self.row.year, self.row.category_slug) if self.row else (self.year.data, self.category_slug.data)
        same = [each for each in rulebook(db.session).post_wages if (each.year, each.category_slug, each.posts) == (year, slug, field.data.strip())]
        if any(each is not self.row for each in same):
            raise ValidationError("Jabatan ini sudah diisi untuk tahun itu.")


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

    title, model, changes, removes = "Sumber dana terlarang", ForbiddenSource, False, True
    note = "Baris pertama untuk sebuah tahun membuat tahun itu terisi: sejak saat itu anggaran tahun tersebut dapat diperiksa. Isi semua larangannya sekaligus."
    year = IntegerField("Tahun anggaran", [YEAR])
    fund_source = SelectField("Sumber dana", [Required()])
    category_slug = SelectField("Kelompok peserta", [Required()])
    article = StringField("Peraturan dan pasal", [Required(), Length(max=120)])

    def __init__(self, row: Any) -> None:
        super().__init__(row)
        self.fund_source.choices = choices(rulebook(db.session).fund_sources.items())
        self.category_slug.choices = category_choices()

    def validate_category_slug(self, field: SelectField) -> None:
        """Each prohibition once a year."""
        rules = rulebook(db.session).source_rules(self.year.data or 0) or ()
        if any((each.fund_source, each.category) == (self.fund_source.data, field.data) for each in rules):
            raise ValidationError("Larangan ini sudah ada untuk tahun itu.")


class SourceYearForm(Sourced):
    """A year for which everything that is forbidden has been said."""

    title, model, changes, removes = "Tahun sumber dana", SourceYear, False, True
    note = "Menyatakan tahun itu sudah diisi lengkap, juga bila tidak ada sumber yang dilarang. Isi hanya sesudah peraturan tahun itu dibaca."
    year = IntegerField("Tahun anggaran", [YEAR])
    article = StringField("Peraturan dan pasal", [Required(), Length(max=120)], description="Peraturan yang dibaca, juga bila tidak melarang apa pun.")

    def validate_year(self, field: IntegerField) -> None:
        """Said once."""
        if db.session.get(SourceYear, field.data or 0):
            raise ValidationError("Tahun ini sudah dinyatakan terisi.")


class HolidayForm(RuleForm):
    """A public holiday or shared leave."""

    title, model, changes, removes = "Hari libur", Holiday, False, True
    note = "Dipakai untuk menghitung hari kerja pada surat. Hari libur daerah boleh ditambah dengan sumbernya."
    day = DayField("Tanggal", [Required()])
    name = StringField("Nama", [Required(), Length(max=120)])
    source = TextAreaField("Sumber", [Required(), Length(max=1000)], description="Misalnya SKB 3 Menteri atau keputusan Bupati.", render_kw={"rows": 2})

    def validate_day(self, field: DayField) -> None:
        """A day is one holiday."""
        if field.data and db.session.get(Holiday, field.data):
            raise ValidationError("Tanggal ini sudah tercatat sebagai hari libur.")


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


def sentence(phrase: str) -> str:
    """A phrase of the law as a sentence for a form."""
    return f"{phrase[0].upper()}{phrase[1:]}."


def forward(first: date | None, last: date | None) -> None:
    """A time runs forward. Raises ValidationError."""
    if first and last and last < first:
        raise ValidationError("Berakhir sebelum dimulai.")


def category_choices() -> list[Any]:
    """The categories of the office."""
    return choices(rulebook(db.session).category_names.items())
