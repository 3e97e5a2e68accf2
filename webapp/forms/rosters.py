"""Forms of the list of participants: one person with his particulars, the day of joining, reasons."""

from __future__ import annotations

from wtforms import HiddenField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length, Optional, Regexp

from workflows import nik
from workflows.people import Told, judge, remark

from .. import clock
from ..models import Agreement, RosterEntry
from ..models.changes import Change, needs_record
from ..models.participants import Person, twin_of
from ..models.particulars import HIDDEN, LABELS, Particulars
from ..models.rules import Rulebook
from ..sheets.words import tidy
from .base import DayField, Form, MonthField, Required, RupiahField, choices

SEXES = {"L": "Laki-laki", "P": "Perempuan"}


MARITAL = ("Belum kawin", "Kawin", "Cerai hidup", "Cerai mati")


def read_nik(text: str, book: Rulebook) -> nik.Nik:
    """The NIK, or a ValidationError with the sentence for the form; what a spreadsheet does to long numbers is named."""
    found = judge(Told(text, "nama", "pekerjaan"), book.limits_on(clock.today()), clock.today())
    if found.nik is None:
        raise ValidationError(f"{remark(*found.reasons[0])}.")
    return found.nik


class PersonForm(Form):
    """A person on the working list."""

    category = SelectField("Kelompok", [Required()])
    nik = StringField("NIK", render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": 40})
    name = StringField("Nama sesuai KTP", [Required(), Length(max=160)], render_kw={"autocomplete": "off"})
    birth_on = DayField("Tanggal lahir", [Required()])
    sex = SelectField("Jenis kelamin", choices=choices([("", "Menurut NIK"), *SEXES.items()]))
    job = StringField("Jabatan atau pekerjaan", [Required(), Length(max=120)])
    wage_base = RupiahField("Dasar upah per bulan", [Optional()])
    birth_place = StringField(LABELS["birth_place"], [Length(max=80)])
    mother = StringField(LABELS["mother"], [Length(max=160)])
    marital = SelectField(LABELS["marital"], choices=choices([("", "Belum diisi"), *((each, each) for each in MARITAL)]), validate_choice=False)
    address = StringField(LABELS["address"], [Length(max=300)])
    postcode = StringField(LABELS["postcode"], [Optional(), Regexp(r"^\d{5}$", message="Kode pos terdiri atas 5 angka.")], render_kw={"inputmode": "numeric"})
    phone = StringField(LABELS["phone"], [Length(max=40)], render_kw={"inputmode": "tel"})
    email = StringField(LABELS["email"], [Optional(), Length(max=120), Regexp(r"^[^@\s]+@[^@\s]+\.[^@\s]+$", message="Tulis alamat pos-el seperti nama@contoh.id.")])
    npwp = StringField(LABELS["npwp"], [Length(max=30)])
    workplace = StringField(LABELS["workplace"], [Length(max=160)])
    heir_name = StringField(LABELS["heir_name"], [Length(max=160)])
    heir_relation = StringField(LABELS["heir_relation"], [Length(max=60)])
    heir_nik = StringField(LABELS["heir_nik"], [Length(max=40)], render_kw={"inputmode": "numeric", "autocomplete": "off"})
    heir_phone = StringField(LABELS["heir_phone"], [Length(max=40)], render_kw={"inputmode": "tel"})
    joined_on = DayField("Bergabung pada tanggal")
    month = MonthField("Iuran mulai bulan", [Optional()], description="Kosongkan bila mulai bulan tanggal itu.")
    reason = StringField("Dasar penambahan", [Length(max=300)], description="Misalnya nomor keputusan kepala desa.")

    def __init__(self, agreement: Agreement, book: Rulebook, entry: RosterEntry | None = None, category: str = "") -> None:
        super().__init__(obj=entry, data={"category": category} if entry is None else None)
        if entry is not None and not self.is_submitted():
            self.nik.data = ""
        self.agreement, self.book, self.entry, self.read = agreement, book, entry, None
        self.category.choices = choices([(each.slug, each.name) for each in book.categories])
        self.nik.description = f"Tercatat {entry.nik_masked}. Kosongkan bila tidak berubah." if entry else "16 angka pada KTP."
        self.wage_base.description = "Kosongkan untuk memakai dasar upah yang biasa bagi kelompok dan jabatannya."
        self.joins = entry is None and needs_record(agreement)
        if not self.joins:
            del self.joined_on, self.month, self.reason
        for name in LABELS:  # what is hidden is not shown in a form either; what stays empty stays as it is
            self[name].description = "Sudah tercatat. Kosongkan bila tidak berubah." if entry and getattr(entry.particulars, name) and name in HIDDEN else self[name].description
            if entry is not None and not self.is_submitted() and name not in HIDDEN:
                self[name].data = getattr(entry.particulars, name)

    def validate_nik(self, field: StringField) -> None:
        """A NIK that can be true and is not on the list yet."""
        if self.entry is not None and not (field.data or "").strip():
            self.read = nik.parse(self.entry.nik)
            return
        self.read = read_nik(field.data or "", self.book)
        twin = twin_of(self.agreement, self.read, self.entry)
        if twin is not None:
            raise ValidationError(f"NIK ini sudah ada di daftar atas nama {twin.name}.")

    def validate_birth_on(self, field: DayField) -> None:
        """Born before today."""
        if field.data and field.data > clock.today():
            raise ValidationError("Tanggal lahir belum tiba.")

    def validate_category(self, field: SelectField) -> None:
        """Without a usual wage base, one must be typed."""
        if not self.wage_base.raw and self.book.wage_base(self.agreement.fiscal_year, field.data, tidy(self.job.data or "")) is None:
            raise ValidationError(f"Ketentuan kelompok ini untuk {self.agreement.fiscal_year} belum diisi; isikan dasar upahnya.")

    def validate_wage_base(self, field: RupiahField) -> None:
        """Nobody's base is nothing."""
        if field.data is not None and field.data <= 0:
            raise ValidationError("Dasar upah harus lebih dari nol.")

    def person(self) -> Person:
        """The checked person."""
        usual = self.book.wage_base(self.agreement.fiscal_year, self.category.data, tidy(self.job.data))
        base = self.wage_base.data if self.wage_base.data is not None else usual
        sex = self.sex.data or self.read.sex
        return Person(self.category.data, tidy(self.name.data), self.read, self.birth_on.data, sex, tidy(self.job.data), base, self._particulars())

    def _particulars(self) -> Particulars:
        """What was typed; of what is hidden, an empty field leaves what is recorded."""
        typed = {name: tidy(self[name].data or "") for name in LABELS}
        kept = self.entry.particulars.known if self.entry else {}
        return Particulars(**typed | {name: kept.get(name, "") for name in HIDDEN if not typed[name]})

    def joined(self) -> Change | None:
        """The joining, where the agreement is signed already."""
        return Change("joined", self.joined_on.data, self.month.data, self.reason.data or "") if self.joins else None

    def validate_joined_on(self, field: DayField) -> None:
        """A signed list grows by records with a date."""
        if not field.data:
            raise ValidationError("Perjanjian sudah ditandatangani: isikan tanggal orang ini bergabung.")
        if field.data > clock.today():
            raise ValidationError("Tanggal ini belum tiba.")

    def validate_heir_nik(self, field: StringField) -> None:
        """A NIK that can be true, when there is one."""
        if (field.data or "").strip():
            field.data = read_nik(field.data, self.book).digits


class ReasonForm(Form):
    """Why: a doubt is none, a NIK is looked at."""

    reason = TextAreaField("Alasan", [Required(), Length(max=1000)], render_kw={"rows": 2})


class FreezeForm(Form):
    """The list as it was shown."""

    seen = HiddenField()
