"""Forms of an agreement: its draft, a return, and letting it rest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length

from ..models import Accord, LegalBasis
from ..models.agreements import HOLDS
from ..models.drafts import Draft, holds_on
from ..models.rules import CONFIDENCE
from .base import DayField, Form, MonthField, Required, choices


class DraftForm(Form):
    """Date, place, contribution months, accord and legal bases."""

    accord = SelectField("Perjanjian induk", [Required()], coerce=int)
    dated_on = DayField("Tanggal perjanjian", [Required()], description="Pejabat yang menandatangani ditentukan menurut tanggal ini.")
    place = StringField("Tempat", [Required(), Length(max=80)])
    month_first = MonthField("Bulan iuran (BLTH) pertama", [Required()])
    month_last = MonthField("Bulan iuran (BLTH) terakhir", [Required()])
    bases = SelectMultipleField("Dasar hukum", coerce=int)
    seen = HiddenField()

    def __init__(self, year: int, draft: Draft, accords: Sequence[Accord], offered: Sequence[LegalBasis]) -> None:
        super().__init__(
            data={
                "accord": draft.accord.id if draft.accord else None,
                "dated_on": draft.dated_on,
                "place": draft.place,
                "month_first": draft.month_first,
                "month_last": draft.month_last,
                "bases": [each.id for each in draft.bases],
                "seen": draft.digest,
            }
        )
        self.year, self.accords, self.offered = year, {each.id: each for each in accords}, offered
        self.accord.choices = choices([(each.id, _accord_label(each)) for each in accords])
        self.bases.choices = choices([(each.id, each.short) for each in offered])

    def validate_month_last(self, field: MonthField) -> None:
        """A span within the fiscal year, because money is budgeted per year."""
        first, last = self.month_first.data, field.data
        if first and last and last < first:
            raise ValidationError("Bulan terakhir mendahului bulan pertama.")
        if first and last and {first.year, last.year} != {self.year}:
            raise ValidationError(f"Bulan iuran harus di dalam tahun anggaran {self.year}.")

    def in_force(self, basis: LegalBasis) -> bool:
        """Is the basis law on the date as it stands in the form?"""
        return holds_on(basis, self.dated_on.data)

    @staticmethod
    def confidence(basis: LegalBasis) -> str:
        """How sure the office is of it, in words."""
        return CONFIDENCE[basis.confidence]

    def draft(self) -> Draft:
        """What was decided."""
        chosen = set(self.bases.data or ())
        bases = tuple(each for each in self.offered if each.id in chosen)
        return Draft(self.accords[self.accord.data], self.dated_on.data, self.place.data, self.month_first.data, self.month_last.data, bases)


def _accord_label(accord: Accord) -> str:
    until = f"{accord.valid_until:%d-%m-%Y}" if accord.valid_until else "?"
    return f"{accord.number_kesatu or 'belum bernomor'} (berlaku s.d. {until})"


class ReturnForm(Form):
    """Why a draft goes back."""

    reason = TextAreaField("Apa yang harus diperbaiki?", [Required(), Length(max=2000)], render_kw={"rows": 3})


class HoldForm(Form):
    """Suspend, resume or terminate."""

    kind = RadioField("Tindakan", [Required()])
    on = DayField("Sejak tanggal", [Required()])
    reason = TextAreaField("Alasan", [Required(), Length(max=2000)], render_kw={"rows": 3})

    def __init__(self, kinds: Sequence[str], today: date) -> None:
        super().__init__(data={"on": today})
        words = {"suspended": "Tangguhkan", "resumed": "Lanjutkan", "terminated": "Akhiri (tidak dapat dilanjutkan lagi)"}
        self.kind.choices = choices([(each, words[each]) for each in kinds if each in HOLDS])
        self.today = today

    def validate_on(self, field: DayField) -> None:
        """Not ahead."""
        if field.data and field.data > self.today:
            raise ValidationError("Tanggal ini belum tiba.")
