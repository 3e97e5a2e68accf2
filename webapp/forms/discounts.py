"""The form by which BPJS says of a payer whether a discount holds."""

from __future__ import annotations

from sqlalchemy import select
from wtforms import SelectField, TextAreaField, ValidationError
from wtforms.validators import Length

from workflows.tariffs import VILLAGE_BUDGET

from ..db import db
from ..models import AdjustmentRow, DiscountSwitch, Village
from ..models.reading import rulebook
from ..models.tariffs import payers
from .base import Form, Required, choices


class SwitchForm(Form):
    """For whom, on or off, by what evidence."""

    payer = SelectField("Pembayar iuran", [Required()])
    village = SelectField("Desa", default="", description="Hanya untuk APB Desa. Kata tentang satu desa didahulukan dari kata tentang semua desa.")
    on = SelectField("Keadaan", [Required()], choices=choices([("1", "Diberlakukan"), ("0", "Tidak diberlakukan")]))
    evidence = TextAreaField("Dasar keputusan", [Required(), Length(max=1000)], description="Surat atau keputusan BPJS: nomor dan tanggalnya.", render_kw={"rows": 2})

    def __init__(self, adjustment: AdjustmentRow) -> None:
        self.adjustment = adjustment
        super().__init__()
        self.payer.choices = choices(payers(rulebook(db.session).fund_sources).items())
        villages = [each for each in db.session.scalars(select(Village).order_by(Village.name, Village.code)) if each.is_desa]
        self.village.choices = choices([("", "Semua desa"), *((each.code, f"{each.name} ({each.kecamatan.name})") for each in villages)])

    def validate_village(self, field: SelectField) -> None:
        """Only village budgets are told apart by village."""
        if field.data and self.payer.data != VILLAGE_BUDGET:
            raise ValidationError("Desa hanya dipilih bila pembayarnya APB Desa.")

    def said(self) -> DiscountSwitch:
        """The record."""
        return DiscountSwitch(payer=self.payer.data, village=self.village.data or "", on=self.on.data == "1", evidence=self.evidence.data.strip())
