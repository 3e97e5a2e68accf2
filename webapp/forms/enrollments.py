"""Forms of the steps at BPJS Ketenagakerjaan."""

from __future__ import annotations

from datetime import date
from typing import Any

from wtforms import StringField, TextAreaField, ValidationError
from wtforms.validators import Length

from ..models import Agreement
from ..models.enrollments import amount_due, next_months
from ..presentation import money
from .base import DayField, EvidenceField, Form, MonthField, Required, RupiahField


class StepForm(Form):
    """A day, and whatever number belongs to it."""

    on = DayField("Tanggal", [Required()])
    number = StringField("Nomor tanda terima (bila ada)", [Length(max=60)])

    def __init__(self, agreement: Agreement, today: date, **data: Any) -> None:
        super().__init__(data={"on": today, **data})
        self.agreement, self.today = agreement, today

    def validate_on(self, field: DayField) -> None:
        """Not ahead, and not before the step that went before."""
        if field.data and field.data > self.today:
            raise ValidationError("Tanggal ini belum tiba.")
        newest = max((each.on for each in self.agreement.steps if each.kind != "payment"), default=None)
        if field.data and newest and field.data < newest:
            raise ValidationError(f"Mendahului langkah sebelumnya ({newest:%d-%m-%Y}).")

    def values(self) -> dict[str, Any]:
        """The step's columns, the evidence aside."""
        return {name: field.data for name, field in self._fields.items() if name not in ("csrf_token", "proof")}


class HandedInForm(StepForm):
    """Files handed in at the branch."""

    proof = EvidenceField("Tanda terima (bila ada)", required=False)


class ReturnedForm(StepForm):
    """Files returned, with a reason."""

    number = StringField("Nomor surat (bila ada)", [Length(max=60)])
    reason = TextAreaField("Apa yang kurang?", [Required(), Length(max=2000)], render_kw={"rows": 3})


class ValidatedForm(StepForm):
    """Files validated; the employer's number is given now."""

    number = StringField("NPP (nomor pendaftaran)", [Required(), Length(max=60)])


class BillingCodeForm(StepForm):
    """The code under which the village pays."""

    number = StringField("Kode iuran", [Required(), Length(max=60)], render_kw={"inputmode": "numeric", "autocomplete": "off"})


class PaymentForm(StepForm):
    """A payment covers contribution months; its sum is held against what these months owe."""

    on = DayField("Tanggal dibayar", [Required()])
    blth_first = MonthField("Untuk bulan iuran (BLTH) dari", [Required()])
    blth_last = MonthField("Sampai bulan iuran (BLTH)", [Required()])
    amount = RupiahField("Jumlah yang dibayar", [Required()])
    number = StringField("Nomor transaksi", [Required(), Length(max=60)])
    reason = TextAreaField("Penjelasan bila jumlahnya berbeda", [Length(max=1000)], render_kw={"rows": 2})
    proof = EvidenceField("Bukti pembayaran")

    def __init__(self, agreement: Agreement, today: date) -> None:
        span = next_months(agreement)
        due = amount_due(agreement, *span) if span else None
        super().__init__(agreement, today, **({"blth_first": span[0], "blth_last": span[1], "amount": due} if span else {}))
        if span:
            self.amount.description = f"Menurut daftar {money(amount_due(agreement, span[0], span[0]))} sebulan untuk {agreement.roster_version.participants} orang."

    def validate_on(self, field: DayField) -> None:
        """Not ahead."""
        if field.data and field.data > self.today:
            raise ValidationError("Tanggal ini belum tiba.")

    def validate_blth_last(self, field: MonthField) -> None:
        """A span within the agreement, and not paid before."""
        first, last = self.blth_first.data, field.data
        if not first or not last:
            return
        begin, end = self.agreement.months
        if not begin <= first <= last <= end:
            raise ValidationError(f"Pilih bulan di dalam masa perjanjian, {begin:%m-%Y} s.d. {end:%m-%Y}.")
        for paid in self.agreement.steps:
            if paid.kind == "payment" and paid.blth_first <= last and first <= paid.blth_last:
                raise ValidationError(f"Bulan {paid.blth_first:%m-%Y} s.d. {paid.blth_last:%m-%Y} sudah tercatat dibayar.")

    def validate_amount(self, field: RupiahField) -> None:
        """Something was paid; a sum that differs from what is owed wants words."""
        if field.data is None or not self.blth_first.data or not self.blth_last.data:
            return
        if field.data <= 0:
            raise ValidationError("Jumlah harus lebih dari nol.")
        due = amount_due(self.agreement, self.blth_first.data, self.blth_last.data)
        if field.data != due and not (self.reason.data or "").strip():
            raise ValidationError(f"Iuran bulan-bulan itu menurut daftar {money(due)}. Bila jumlahnya memang lain, isi penjelasannya di bawah.")


class ActiveForm(StepForm):
    """Membership is active."""

    on = DayField("Aktif sejak", [Required()])
    number = StringField("Nomor bukti kepesertaan (bila ada)", [Length(max=60)])


FORMS: dict[str, type[StepForm]] = {
    "handed_in": HandedInForm,
    "validated": ValidatedForm,
    "billing_code": BillingCodeForm,
    "payment": PaymentForm,
    "active": ActiveForm,
    "returned": ReturnedForm,
}
