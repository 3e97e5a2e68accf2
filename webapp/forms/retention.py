"""Forms about how long what is kept: a class, a hold, its release, and the yes to what the dry run named."""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField, IntegerField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length, NumberRange, Optional

from ..models import RetentionClass
from ..models.rules import CONFIDENCE
from .base import Form, Required, choices

YES = "HAPUS"


class ClassForm(Form):
    """How long, on which basis, how sure. Imports count days; what the service never deletes has no time."""

    days = IntegerField("Masa simpan (hari)", [Required(), NumberRange(1, 365, "Antara 1 dan 365 hari.")])
    years = IntegerField("Masa simpan sesudah perjanjian berakhir (tahun)", [Optional(), NumberRange(1, 100, "Antara 1 dan 100 tahun.")], description="Kosongkan bila tidak boleh dihapus.")
    basis = TextAreaField("Dasar", [Required(), Length(max=1000)], render_kw={"rows": 3})
    confidence = SelectField("Keyakinan", [Required()], choices=choices(CONFIDENCE.items()))

    def __init__(self, row: RetentionClass, days: int) -> None:
        super().__init__(obj=row, data={"days": days})
        if row.slug != "imports":
            del self.days
        if row.slug != "rosters":
            del self.years

    def now(self) -> dict[str, Any]:
        """What is asked for and was typed."""
        return {name: self[name].data for name in ("days", "years", "basis", "confidence") if name in self}


class HoldForm(Form):
    """An agreement that must be kept as it is, and why."""

    agreement = SelectField("Perjanjian", [Required()])
    reason = TextAreaField("Alasan", [Required(), Length(max=1000)], description="Misalnya nomor perkara, pemeriksaan, atau sengketa klaim.", render_kw={"rows": 2})

    def __init__(self, agreements: list[tuple[str, str]]) -> None:
        super().__init__()
        self.agreement.choices = choices([("", "Pilih desa dan tahun"), *agreements])


class ReleaseForm(Form):
    """Why the hold is over."""

    reason = TextAreaField("Alasan", [Required(), Length(max=1000)], render_kw={"rows": 2})


class EraseForm(Form):
    """Exactly what the dry run named, and a word typed by hand."""

    seen = HiddenField()
    yes = StringField(f"Ketik {YES} untuk memutuskan", [Required()], render_kw={"autocomplete": "off"})

    def validate_yes(self, field: StringField) -> None:
        """The word itself."""
        if (field.data or "").strip() != YES:
            raise ValidationError(f"Ketik {YES} dengan huruf besar.")
