"""Forms of the village's budget: documents, lines, the camat's check."""

from __future__ import annotations

from datetime import date

from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput, ListWidget

from ..models import Agreement, BudgetLine
from ..models.budgets import KINDS
from ..models.rules import Rulebook
from .base import DayField, EvidenceField, Form, Required, RupiahField, choices


class DocumentForm(Form):
    """RKPDes, APBDes or its Perubahan."""

    kind = RadioField("Dokumen", [Required()], choices=choices(KINDS.items()))
    number = StringField("Nomor peraturan desa", [Required(), Length(max=120)], description="Misalnya: Peraturan Desa Nomor 5 Tahun 2025.")
    on = DayField("Tanggal ditetapkan", [Required()])
    scan = EvidenceField("Halaman yang memuat jaminan sosial ketenagakerjaan")

    def __init__(self, kind: str, today: date) -> None:
        super().__init__(data={"kind": kind if kind in KINDS else None})
        self.today = today

    def validate_on(self, field: DayField) -> None:
        """Not ahead."""
        if field.data and field.data > self.today:
            raise ValidationError("Tanggal ini belum tiba.")


class LineForm(Form):
    """A line of the APBDes that pays contributions."""

    categories = SelectMultipleField(
        "Kelompok yang dibayar dari baris ini", choices=[], widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    name = StringField("Nama belanja", [Required(), Length(max=200)])
    activity_code = StringField("Kode kegiatan", [Required(), Length(max=40)], description="Seperti di APBDes, misalnya 1.1.03.")
    account_code = StringField("Kode rekening", [Required(), Length(max=40)], render_kw={"list": "account-hints", "autocomplete": "off"})
    fund_source = SelectField("Sumber dana", [Required()])
    amount = RupiahField("Jumlah setahun", [Required()])

    def __init__(self, agreement: Agreement, book: Rulebook, line: BudgetLine | None = None, category: str = "") -> None:
        hint = next((each for each in book.categories if each.slug == category), None)
        fresh = {"categories": [category], "account_code": hint.account_hint, "name": f"Jaminan sosial ketenagakerjaan {hint.name}"} if hint else {}
        super().__init__(obj=line, data=fresh if line is None else None)
        need = set(agreement.due_by_category) or {each.slug for each in book.categories}
        need |= set(line.categories if line else ())
        self.categories.choices = choices([(each.slug, each.name) for each in book.categories if each.slug in need])
        self.fund_source.choices = choices([("", "Pilih sumber dana"), *book.fund_sources.items()])
        self.hints = [(each.account_hint, each.name) for each in book.categories if each.account_hint and each.slug in need]

    def validate_categories(self, field: SelectMultipleField) -> None:
        """It pays for somebody."""
        if not field.data:
            raise ValidationError("Pilih paling sedikit satu kelompok.")

    def validate_amount(self, field: RupiahField) -> None:
        """It pays something."""
        if field.data is not None and field.data <= 0:
            raise ValidationError("Jumlah harus lebih dari nol.")

    def values(self) -> dict[str, object]:
        """The line's columns."""
        names = ("name", "activity_code", "account_code", "fund_source", "amount")
        return {each: getattr(self, each).data for each in names} | {"categories": tuple(self.categories.data)}


class CheckForm(Form):
    """The camat's answer to the budget as it was shown."""

    verdict = RadioField("Hasil pemeriksaan", [Required()], choices=choices([("passed", "Sesuai"), ("returned", "Dikembalikan untuk diperbaiki")]))
    reason = TextAreaField("Alasan bila dikembalikan", [Length(max=2000)], render_kw={"rows": 3})
    seen = HiddenField()

    def validate_reason(self, field: TextAreaField) -> None:
        """A return says why."""
        if self.verdict.data == "returned" and not (field.data or "").strip():
            raise ValidationError("Tuliskan alasan pengembalian.")
