"""Forms of the dated rules that contributions are reckoned with. A standing one is never overwritten: a new one succeeds it, or it is ended."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from wtforms import IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from workflows.tariffs import BARRED, LEVELS, MODES, UNITS

from ..models import AdjustmentRow, AgeLimit, BracketRow, CeilingRow, RateRow, RoundingRow
from ..models.tariffs import LIMITS, SECTORS
from .base import DayField, Form, Required, RupiahField, choices
from .budget_rules import AccountSuggestionForm, BudgetWindowForm
from .rules import (
    PROGRAMMES,
    RISKS,
    SEGMENTS,
    SLUG,
    CategoryForm,
    DueDateForm,
    ForbiddenForm,
    FundSourceForm,
    HolidayForm,
    LegalBasisForm,
    PostWageForm,
    RuleForm,
    Sourced,
    SourceYearForm,
    TermsForm,
    forward,
    sentence,
)  # fmt: skip


class Dated(Sourced):
    """A rule with its time of validity and its regulation."""

    changes, ends = False, True
    note = "Yang berlaku sekarang berakhir sehari sebelum yang baru mulai. Bila yang baru hanya sementara (ada hari terakhirnya), yang sekarang berlaku lagi sesudahnya."
    valid_from = DayField("Berlaku mulai", [Required()], description="Bulan iuran yang hari pertamanya sudah termasuk memakai aturan ini.")
    valid_until = DayField("Berlaku sampai", description="Hanya untuk aturan sementara.")
    regulation = StringField("Peraturan dan pasal", [Required(), Length(max=120)])

    def validate_valid_until(self, field: DayField) -> None:
        """A time runs forward."""
        forward(self.valid_from.data, field.data)


class RateForm(Dated):
    """A contribution rate; a standing one is never overwritten."""

    title, model = "Tarif iuran", RateRow
    note = "Tarif yang berlaku sekarang berakhir sehari sebelum tarif baru mulai. Bila tarif baru hanya sementara (ada hari terakhirnya), tarif sekarang tetap dan berlaku lagi sesudahnya."
    programme = SelectField("Program", [Required()], choices=choices(PROGRAMMES))
    segment = SelectField("Segmen", [Required()], choices=choices(SEGMENTS))
    percent = StringField("Persen dari dasar upah", [Length(max=12)], description="Misalnya 0,24. Isi salah satu: persen atau nominal.", render_kw={"inputmode": "decimal"})
    flat = RupiahField("Nominal per orang per bulan")
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
            raise ValidationError(sentence(BARRED[self.segment.data, field.data]))

    def validate_percent(self, field: StringField) -> None:
        """Either a percentage or an amount."""
        field.data = _percent(field.data)
        if (field.data is None) == (self.flat.data is None):
            raise ValidationError("Isi salah satu: persen atau nominal.")
        if field.data is not None and not 0 <= field.data <= 100:
            raise ValidationError("Persen antara 0 dan 100.")


class CeilingForm(Dated):
    """The highest wage that counts for a programme."""

    title, model = "Batas upah", CeilingRow
    programme = SelectField("Program", [Required()], choices=choices(each for each in PROGRAMMES if each[0] == "JP"), default="JP")
    amount = RupiahField("Upah tertinggi sebulan", [Required()], description="Batas JP berubah tiap 1 Maret.")


class BracketForm(Dated):
    """A row of the table of incomes."""

    title, model = "Baris tabel penghasilan BPU", BracketRow
    at_least = RupiahField("Penghasilan mulai", [Required()])
    below = RupiahField("Penghasilan di bawah", [Optional()], description="Kosongkan untuk baris tertinggi.")
    base = RupiahField("Dasar iuran", [Required()])

    def validate_below(self, field: RupiahField) -> None:
        """A row holds some income."""
        if field.data is not None and self.at_least.data is not None and field.data <= self.at_least.data:
            raise ValidationError("Harus lebih besar dari penghasilan mulai.")


class AdjustmentForm(Dated):
    """A discount for a time."""

    title, model = "Potongan iuran", AdjustmentRow
    note = "Potongan mati sampai BPJS memberlakukannya bagi seorang pembayar di halaman Potongan iuran."
    slug = StringField("Kode", [Required(), Length(max=40), SLUG], description="Misalnya pp50_2025_lain.")
    name = StringField("Nama", [Required(), Length(max=120)])
    programmes = SelectMultipleField("Program", [Required()], choices=choices(PROGRAMMES), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput())
    segment = SelectField("Segmen", [Required()], choices=choices(SEGMENTS), default="BPU")
    sector = SelectField("Sektor", [Required()], choices=choices((slug, name.capitalize()) for slug, name in SECTORS.items()))
    percent = StringField("Potongan (persen)", [Required(), Length(max=12)], description="50 berarti separuh iuran.", render_kw={"inputmode": "decimal"})
    not_for = StringField("Tidak berlaku bagi pembayar", [Length(max=120)], description="Kode pembayar dipisah koma, misalnya APBD.")

    def validate_percent(self, field: StringField) -> None:
        """A part of the contribution."""
        field.data = _percent(field.data)
        if field.data is None or not 0 < field.data <= 100:
            raise ValidationError("Potongan lebih dari 0 dan paling banyak 100.")

    def now(self) -> dict:
        """The rule as typed."""
        found = super().now()
        payers = tuple(each.strip() for each in (found["not_for"] or "").split(",") if each.strip())
        return found | {"programmes": tuple(each for each, _ in PROGRAMMES if each in self.programmes.data), "not_for": payers}


class RoundingForm(Dated):
    """How contributions are rounded."""

    title, model = "Aturan pembulatan", RoundingRow
    level = SelectField("Yang dibulatkan", [Required()], choices=choices((slug, name.capitalize()) for slug, name in LEVELS.items()))
    unit = SelectField("Satuan", [Required()], coerce=Decimal, choices=choices((unit, name.capitalize()) for unit, name in UNITS.items()))
    mode = SelectField("Arah", [Required()], choices=choices((slug, name.capitalize()) for slug, (name, _) in MODES.items()))


class AgeLimitForm(Dated):
    """An age from which a person is looked at twice."""

    title, model = "Batas umur", AgeLimit
    kind = SelectField("Batas", [Required()], choices=choices(LIMITS.items()))
    years = IntegerField("Umur (tahun)", [NumberRange(1, 120, "Isikan umur dalam tahun.")])


class EndForm(Form):
    """Until when a rule holds, and why."""

    last = DayField("Hari terakhir berlaku", [Required()])
    why = TextAreaField("Alasan dan sumber", [Required(), Length(max=1000)], render_kw={"rows": 2})


def _percent(text: str | None) -> Decimal | None:
    try:
        return Decimal(text.strip().replace("%", "").replace(",", ".")) if text and text.strip() else None
    except InvalidOperation as error:
        raise ValidationError("Tulis persen seperti 0,24.") from error


KINDS: dict[str, type[RuleForm]] = {
    "dasar-hukum": LegalBasisForm,
    "tarif": RateForm,
    "batas-upah": CeilingForm,
    "tabel-penghasilan": BracketForm,
    "potongan": AdjustmentForm,
    "pembulatan": RoundingForm,
    "umur": AgeLimitForm,
    "ketentuan": TermsForm,
    "upah-jabatan": PostWageForm,
    "sumber-terlarang": ForbiddenForm,
    "tahun-sumber": SourceYearForm,
    "sumber-dana": FundSourceForm,
    "kelompok": CategoryForm,
    "batas-waktu": DueDateForm,
    "hari-libur": HolidayForm,
    "kalender-anggaran": BudgetWindowForm,
    "kode-rekening": AccountSuggestionForm,
}
