"""Forms by which a what-if grows step by step. They are sent by GET: the address holds the whole question and can be shared."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import request
from sqlalchemy import select
from wtforms import IntegerField, SelectField, StringField, ValidationError
from wtforms.validators import Length, NumberRange, Optional

from ..db import db
from ..models import AdjustmentRow
from ..models.reading import rulebook
from ..models.what_if import LISTED
from .base import Form, MonthField, Required, RupiahField, choices
from .rules import PROGRAMMES, category_choices


class StepForm(Form):
    """A step to come; ``text`` is how the address tells it."""

    title: ClassVar[str]
    slug: ClassVar[str]

    class Meta(Form.Meta):
        csrf = False

    def __init__(self) -> None:
        self.sent = request.args.get("new") == self.slug
        super().__init__(request.args if self.sent else None, prefix=f"{self.slug}-")
        if "category" in self:
            self.category.choices = category_choices()

    def done(self) -> bool:
        """Sent and in order?"""
        return self.sent and self.validate()

    def text(self) -> str:
        """The step as the address tells it."""
        raise NotImplementedError


class AddForm(StepForm):
    """More people."""

    title, slug = "Tambah orang", "add"
    category = SelectField("Kelompok peserta", [Required()])
    people = IntegerField("Orang tiap desa", [Optional(), NumberRange(1, 10_000, "Antara 1 dan 10.000.")], description="Kosongkan untuk menambah yang ada di daftar kerja tetapi belum dibekukan.")
    first = MonthField("Mulai bulan", [Required()])
    wage = RupiahField("Dasar upah", [Optional()], description="Kosongkan untuk dasar upah yang biasa.")

    def text(self) -> str:
        return f"add:{self.category.data}:{self.people.data or LISTED}:{_month(self.first.data)}" + (f":{self.wage.data}" if self.wage.data else "")


class WageForm(StepForm):
    """Other wages."""

    title, slug = "Ubah dasar upah", "wage"
    category = SelectField("Kelompok peserta", [Required()])
    percent = StringField("Naik (persen)", [Length(max=8)], description="Misalnya 5, atau -5 untuk turun. Isi salah satu.", render_kw={"inputmode": "decimal"})
    amount = RupiahField("Menjadi (rupiah)", [Optional()])
    first = MonthField("Mulai bulan", [Required()])

    def validate_percent(self, field: StringField) -> None:
        """Either a percentage or an amount."""
        field.data = (field.data or "").strip().rstrip("%").replace(",", ".")
        if bool(field.data) == bool(self.amount.data):
            raise ValidationError("Isi salah satu: persen atau rupiah.")
        if field.data and not field.data.lstrip("+-").replace(".", "", 1).isdigit():
            raise ValidationError("Tulis persen seperti 5 atau 2,5.")

    def text(self) -> str:
        return f"wage:{self.category.data}:{f'{self.percent.data}%' if self.percent.data else self.amount.data}:{_month(self.first.data)}"


class ProgrammeForm(StepForm):
    """Other programmes."""

    title, slug = "Tambah atau keluarkan program", "programme"
    category = SelectField("Kelompok peserta", [Required()])
    programme = SelectField("Program", [Required()], choices=choices(PROGRAMMES), default="JHT")
    what = SelectField("Tindakan", [Required()], choices=choices([("join", "Mengikuti"), ("leave", "Keluar")]))
    first = MonthField("Mulai bulan", [Required()])

    def text(self) -> str:
        return f"{self.what.data}:{self.category.data}:{self.programme.data}:{_month(self.first.data)}"


class DiscountForm(StepForm):
    """A discount for all."""

    title, slug = "Berlakukan potongan", "discount"
    discount = SelectField("Potongan", [Required()])

    def __init__(self) -> None:
        super().__init__()
        names = {each.slug: each.name for each in db.session.scalars(select(AdjustmentRow))}
        self.discount.choices = choices((each.slug, names[each.slug]) for each in rulebook(db.session).law.adjustments)

    def text(self) -> str:
        return f"discount:{self.discount.data}"


class KeepForm(Form):
    """A name for a simulation that is worth keeping."""

    name = StringField("Nama simulasi", [Required(), Length(max=120)], description="Misalnya Tambah RT/RW mulai Juli.")


STEPS: tuple[type[StepForm], ...] = (AddForm, WageForm, ProgrammeForm, DiscountForm)


def _month(value: Any) -> str:
    return f"{value:%Y-%m}"
