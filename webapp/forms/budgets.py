"""Forms of the village's budget: documents, lines, the camat's check."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput, ListWidget

from letters.indonesian import rupiah
from workflows.facts import SourceRule

from ..models import AccountSuggestion, Agreement, BudgetLine
from ..models.budgets import KINDS, replaceable
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
    """A line of RKPDes, APBDes or Perubahan that is for contributions. Codes are suggested, never prescribed."""

    document = RadioField("Dokumen", [Required()], choices=choices(KINDS.items()), default="apbdes")
    replaces = SelectField("Menggantikan baris", coerce=int, description="Hanya untuk Perubahan: pilih baris yang diubah, atau biarkan sebagai baris tambahan.")
    categories = SelectMultipleField(
        "Kelompok yang dibayar dari baris ini", choices=[], widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    name = StringField("Nama belanja", [Required(), Length(max=200)])
    activity_code = StringField(
        "Kode kegiatan", [Required(), Length(max=40)], description="Seperti di APBDes, misalnya 1.1.03.", render_kw={"list": "activity-hints", "autocomplete": "off"}
    )
    account_code = StringField("Kode rekening", [Required(), Length(max=40)], render_kw={"list": "account-hints", "autocomplete": "off"})
    fund_source = SelectField("Sumber dana", [Required()])
    amount = RupiahField("Jumlah setahun", [Required()])
    understood = BooleanField("Demikian tertulis di dokumen desa; catat apa adanya")

    def __init__(self, agreement: Agreement, book: Rulebook, hints: Sequence[AccountSuggestion], line: BudgetLine | None = None, document: str = "", category: str = "") -> None:
        hint = next((each for each in hints if each.category_slug == category), None)
        fresh: dict[str, object] = {"document": document} if document in KINDS else {}
        if hint:
            fresh |= {"categories": [category], "activity_code": hint.activity_code, "account_code": hint.account_code, "name": hint.name}
        elif category in book.category_names:
            fresh |= {"categories": [category], "name": f"Jaminan sosial ketenagakerjaan {book.category_names[category]}"}
        super().__init__(obj=line, data=fresh if line is None else {"replaces": line.replaces_id or 0})
        need = set(agreement.due_by_category) or {each.slug for each in book.categories}
        need |= set(line.categories if line else ())
        self.categories.choices = choices([(each.slug, each.name) for each in book.categories if each.slug in need])
        self.fund_source.choices = choices([("", "Pilih sumber dana"), *book.fund_sources.items()])
        others = [(each.id, f"{KINDS[each.document]}: {each.name}, {rupiah(each.amount)}") for each in replaceable(agreement, line)]
        self.replaces.choices = choices([(0, "Tidak menggantikan (baris tambahan)"), *others])
        self.hints = [each for each in hints if each.category_slug in need]
        self.names, self.rules = book.category_names, book.source_rules(agreement.fiscal_year) or ()

    def validate_replaces(self, field: SelectField) -> None:
        """Only the Perubahan changes another line."""
        if field.data and self.document.data != "perubahan":
            raise ValidationError("Hanya baris Perubahan APBDes yang menggantikan baris lain.")

    def validate_categories(self, field: SelectMultipleField) -> None:
        """It pays for somebody."""
        if not field.data:
            raise ValidationError("Pilih paling sedikit satu kelompok.")

    def validate_amount(self, field: RupiahField) -> None:
        """It pays something; a line of the Perubahan may strike another one out."""
        if field.data is not None and field.data <= 0 and not (self.document.data == "perubahan" and self.replaces.data):
            raise ValidationError("Jumlah harus lebih dari nol.")

    @property
    def broken(self) -> list[SourceRule]:
        """The prohibitions that this line would break."""
        return [each for each in self.rules if each.fund_source == self.fund_source.data and each.category in (self.categories.data or ())]

    def validate_fund_source(self, field: SelectField) -> None:
        """A source that may not pay for these people is said at once, with its article; what the village's paper says is recorded all the same."""
        if self.broken and not self.understood.data:
            said = "; ".join(f"{self.names.get(each.category, each.category)}: {each.article}" for each in self.broken)
            raise ValidationError(f"Sumber terlarang untuk {said}. Pilih sumber lain, atau centang di bawah bila memang demikian tertulis di dokumen.")

    def values(self) -> dict[str, object]:
        """The line's columns."""
        names = ("document", "name", "activity_code", "account_code", "fund_source", "amount")
        typed = {each: getattr(self, each).data for each in names}
        return typed | {"categories": tuple(self.categories.data), "replaces_id": self.replaces.data or None}


class CheckForm(Form):
    """The camat's answer to the budget as it was shown."""

    verdict = RadioField("Hasil pemeriksaan", [Required()], choices=choices([("passed", "Sesuai"), ("returned", "Dikembalikan untuk diperbaiki")]))
    reason = TextAreaField("Alasan bila dikembalikan", [Length(max=2000)], render_kw={"rows": 3})
    seen = HiddenField()

    def validate_reason(self, field: TextAreaField) -> None:
        """A return says why."""
        if self.verdict.data == "returned" and not (field.data or "").strip():
            raise ValidationError("Tuliskan alasan pengembalian.")
