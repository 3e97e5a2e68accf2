"""Forms of the list of participants: one person, pasted rows, reasons."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length, Optional

from workflows import nik

from .. import clock
from ..models import Agreement, Category, RosterEntry
from ..models.participants import Person, twin_of
from ..models.rules import Rulebook
from .base import DayField, Form, Required, RupiahField, choices
from .sheets import read_nik, tidy

SEXES = {"L": "Laki-laki", "P": "Perempuan"}


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
        return Person(self.category.data, tidy(self.name.data), self.read, self.birth_on.data, sex, tidy(self.job.data), base)


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
