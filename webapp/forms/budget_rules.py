"""Forms of the budget's rules: the windows of its calendar, the codes under which contributions usually stand."""

from __future__ import annotations

from datetime import date
from typing import Any

from wtforms import IntegerField, SelectField, StringField, ValidationError
from wtforms.validators import Length

from letters.indonesian import bulan

from ..db import db
from ..models import AccountSuggestion, BudgetWindow
from ..models.budget_rules import suggested
from ..models.budgets import KINDS
from ..models.reading import rulebook
from ..models.rules import rule_by_key
from .base import Required, choices
from .rules import YEAR, Sourced

MONTHS = [(month, bulan(date(2000, month, 1))) for month in range(1, 13)]


class BudgetWindowForm(Sourced):
    """When a budget document can be made."""

    title, model, fixed = "Jendela anggaran", BudgetWindow, ("document",)
    document = SelectField("Dokumen", [Required()], choices=choices(KINDS.items()))
    years = SelectField("Tahun", coerce=int, choices=choices([(-1, "Tahun sebelum tahun anggaran"), (0, "Tahun anggaran")]))
    month_first = SelectField("Mulai bulan", coerce=int, choices=choices(MONTHS))
    month_last = SelectField("Sampai akhir bulan", coerce=int, choices=choices(MONTHS))
    article = StringField("Peraturan dan pasal", [Required(), Length(max=120)])

    def validate_document(self, field: SelectField) -> None:
        """One window for each document."""
        if rule_by_key(db.session, BudgetWindow, field.data):
            raise ValidationError("Jendela dokumen ini sudah ada; ubah yang sudah ada.")


class AccountSuggestionForm(Sourced):
    """Under which codes a category's contributions usually stand."""

    title, model, removes = "Saran kode rekening", AccountSuggestion, True
    note = "Desa melihatnya sebagai saran dan boleh menulis kode lain. Saran sebuah tahun berlaku sampai tahun berikutnya yang mempunyai saran sendiri."
    year = IntegerField("Mulai tahun anggaran", [YEAR])
    category_slug = SelectField("Kelompok peserta", [Required()])
    activity_code = StringField("Kode kegiatan", [Required(), Length(max=40)])
    account_code = StringField("Kode rekening", [Required(), Length(max=40)])
    name = StringField("Nama belanja", [Required(), Length(max=200)])

    def __init__(self, row: Any) -> None:
        super().__init__(row)
        self.category_slug.choices = choices(rulebook(db.session).category_names.items())

    def validate_account_code(self, field: StringField) -> None:
        """A code once per category and year."""
        same = suggested(db.session, self.year.data or 0, self.category_slug.data, (field.data or "").strip())
        if same is not None and same is not self.row:
            raise ValidationError("Kode ini sudah disarankan untuk kelompok dan tahun itu.")
