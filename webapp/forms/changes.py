"""Forms of monthly changes: somebody leaves, with a day, a month and evidence."""

from __future__ import annotations

from wtforms import RadioField, TextAreaField, ValidationError
from wtforms.validators import Length, Optional

from .. import clock
from ..models import StoredFile
from ..models.changes import KINDS, LEAVING, Change
from .base import DayField, EvidenceField, Form, MonthField, Required, choices


class LeaveForm(Form):
    """Left, died or moved."""

    kind = RadioField("Apa yang terjadi", [Required()], choices=choices([(each, KINDS[each]) for each in LEAVING]))
    on = DayField("Pada tanggal", [Required()])
    month = MonthField("Tidak lagi diiur mulai bulan", [Optional()], description="Kosongkan bila mulai bulan berikutnya: iuran bulan kejadian masih dibayar.")
    reason = TextAreaField("Alasan atau bukti", [Required(), Length(max=500)], render_kw={"rows": 2}, description="Misalnya: Keputusan Kepala Desa Nomor 7 Tahun 2026, atau nomor akta kematian.")
    proof = EvidenceField("Pindaian bukti (bila ada)", required=False)

    def validate_on(self, field: DayField) -> None:
        """Not ahead."""
        if field.data and field.data > clock.today():
            raise ValidationError("Tanggal ini belum tiba.")

    def change(self, file: StoredFile | None) -> Change:
        """What was told."""
        return Change(self.kind.data, self.on.data, self.month.data, self.reason.data, file)
