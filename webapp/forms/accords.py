"""Forms of the accord: what it says, its two numbers, a signature with its scan, its end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from wtforms import SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length

from ..models import Accord, LegalBasis
from ..models.accords import CONTENTS, registered_number
from ..models.rules import CONFIDENCE
from .base import DayField, EvidenceField, Form, Required, choices


class AccordForm(Form):
    """Subject, date, period, mandate and legal bases."""

    about = TextAreaField("Tentang", [Required(), Length(max=500)], render_kw={"rows": 3})
    dated_on = DayField("Tanggal induk", description="Para pihak ditentukan menurut tanggal ini.")
    place = StringField("Tempat", [Length(max=80)])
    valid_from = DayField("Berlaku mulai")
    valid_until = DayField("Berlaku sampai")
    mandate_by = StringField("Pemberi kuasa", [Length(max=120)], description="Biasanya Bupati. Kepala dinas menandatangani atas surat kuasa (PP 28/2018).")
    mandate_number = StringField("Nomor surat kuasa", [Length(max=120)])
    mandate_on = DayField("Tanggal surat kuasa")
    bases = SelectMultipleField("Dasar hukum", coerce=int)

    def __init__(self, accord: Accord, offered: Sequence[LegalBasis]) -> None:
        super().__init__(data={name: getattr(accord, name) for name in CONTENTS} | {"bases": [each.id for each in accord.bases]})
        self.offered = offered
        self.bases.choices = choices((each.id, each.short) for each in offered)

    def validate_valid_until(self, field: DayField) -> None:
        """A period runs forward."""
        if field.data and self.valid_from.data and field.data <= self.valid_from.data:
            raise ValidationError("Harus sesudah tanggal mulai.")

    def validate_mandate_on(self, field: DayField) -> None:
        """The mandate comes first."""
        if field.data and self.dated_on.data and field.data > self.dated_on.data:
            raise ValidationError("Surat kuasa diberikan sebelum atau pada tanggal induk.")

    def now(self) -> dict[str, Any]:
        """What the accord shall say."""
        return {name: self[name].data if name.endswith(("_on", "_from", "_until")) else (self[name].data or "").strip() for name in CONTENTS}

    def chosen(self) -> list[LegalBasis]:
        """The bases that were ticked."""
        return [each for each in self.offered if each.id in set(self.bases.data or ())]

    def outside(self, basis: LegalBasis) -> bool:
        """Is the basis no law on the date as it stands in the form?"""
        on = self.dated_on.data
        return on is not None and (on < basis.valid_from or (basis.valid_until is not None and on > basis.valid_until))

    @staticmethod
    def confidence(basis: LegalBasis) -> str:
        """How sure the office is of it, in words."""
        return CONFIDENCE[basis.confidence]


class NumbersForm(Form):
    """The two numbers: ours from the register where it was printed, the insurer's typed in."""

    kesatu = StringField("Nomor PIHAK KESATU", [Length(max=120)])
    kedua = StringField("Nomor PIHAK KEDUA", [Length(max=120)], description="Nomor dari BPJS Ketenagakerjaan, diketik apa adanya.")

    def __init__(self, accord: Accord) -> None:
        self.registered = registered_number(accord)
        super().__init__(data={"kesatu": accord.number_kesatu or self.registered, "kedua": accord.number_kedua})


class SignatureForm(Form):
    """When and where a side signed, and the scan that proves it."""

    on = DayField("Tanggal ditandatangani", [Required()])
    place = StringField("Tempat", [Required(), Length(max=80)])
    scan = EvidenceField("Pindaian induk yang ditandatangani")

    def __init__(self, accord: Accord, today: date) -> None:
        super().__init__(data={"on": accord.dated_on, "place": accord.place})
        self.earliest, self.today = accord.dated_on, today

    def validate_on(self, field: DayField) -> None:
        """Not ahead, and not before the accord."""
        if field.data and field.data > self.today:
            raise ValidationError("Tanggal ini belum tiba.")
        if field.data and self.earliest and field.data < self.earliest:
            raise ValidationError(f"Mendahului tanggal induk ({self.earliest:%d-%m-%Y}).")


class TerminationForm(Form):
    """From when and why it ends."""

    on = DayField("Berakhir mulai tanggal", [Required()])
    reason = TextAreaField("Alasan", [Required(), Length(max=1000)], render_kw={"rows": 3})
