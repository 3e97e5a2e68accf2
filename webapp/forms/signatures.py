"""Forms of signatures: the record with its scan, and the second person's word on it."""

from __future__ import annotations

from datetime import date

from wtforms import RadioField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length

from .base import DayField, EvidenceField, Form, Required, choices


class SignedForm(Form):
    """When and where it was signed."""

    on = DayField("Tanggal ditandatangani", [Required()])
    place = StringField("Tempat", [Required(), Length(max=80)])

    def __init__(self, place: str, earliest: date | None, today: date) -> None:
        super().__init__(data={"place": place})
        self.earliest, self.today = earliest, today

    def validate_on(self, field: DayField) -> None:
        """Not ahead, and not before the agreement."""
        if field.data and field.data > self.today:
            raise ValidationError("Tanggal ini belum tiba.")
        if field.data and self.earliest and field.data < self.earliest:
            raise ValidationError(f"Mendahului tanggal perjanjian ({self.earliest:%d-%m-%Y}).")


class SignatureForm(SignedForm):
    """The same with a scan as one file that proves it."""

    scan = EvidenceField("Pindaian atau foto halaman yang ditandatangani")


class ReviewForm(Form):
    """Confirmed, or rejected with a reason."""

    verdict = RadioField("Bukti ini", [Required()], choices=choices([("confirm", "Cocok dengan naskahnya; dikonfirmasi"), ("reject", "Ditolak")]))
    reason = TextAreaField("Alasan bila ditolak", [Length(max=1000)], render_kw={"rows": 2})

    def validate_reason(self, field: TextAreaField) -> None:
        """A rejection says why."""
        if self.verdict.data == "reject" and not (field.data or "").strip():
            raise ValidationError("Tuliskan mengapa bukti ini ditolak.")
