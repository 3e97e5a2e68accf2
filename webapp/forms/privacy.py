"""Forms about personal data: look for somebody, hand over a copy, note a request and answer it."""

from __future__ import annotations

import re
from datetime import datetime, time

from wtforms import Field, RadioField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length
from wtforms.widgets import TextInput

from .. import clock
from ..models.corrections import OUTCOMES
from .base import DayField, Form, Required, choices


class SearchForm(Form):
    """A NIK, and why. The number is sent in the form's body, never in an address."""

    nik = StringField("NIK", [Required()], description="16 angka. Tidak masuk ke alamat halaman, jejak, atau catatan server.", render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": 40})
    reason = TextAreaField("Untuk apa dicari?", [Required(), Length(max=300)], render_kw={"rows": 2})

    def validate_nik(self, field: StringField) -> None:
        """Sixteen digits, however they are set apart."""
        field.data = re.sub(r"[\s.'-]", "", field.data or "")
        if not re.fullmatch(r"\d{16}", field.data, re.ASCII):
            raise ValidationError("NIK terdiri atas 16 angka.")


class CopyForm(Form):
    """To whom a copy goes, and how it was made sure that it is he."""

    reason = TextAreaField("Diserahkan kepada siapa, dan bagaimana dipastikan orangnya?", [Required(), Length(max=300)], description="Misalnya: kepada orangnya sendiri, KTP asli diperlihatkan. Jangan menulis NIK.", render_kw={"rows": 2})


class ClockField(Field):
    """A time of day as people write it: 14.05 or 14:05."""

    widget = TextInput()

    def __init__(self, *args, **kwargs) -> None:
        kwargs["render_kw"] = {"type": "time", **kwargs.get("render_kw", {})}
        super().__init__(*args, **kwargs)

    def _value(self) -> str:
        return f"{self.data:%H:%M}" if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        found = re.fullmatch(r"(\d{1,2})[.:](\d{2})(?:[.:]\d{2})?", (valuelist[0] if valuelist else "").strip())
        self.data = time(int(found[1]), int(found[2])) if found and int(found[1]) < 24 and int(found[2]) < 60 else None
        if self.data is None:
            raise ValidationError("Tulis jam seperti 14.05.")


class AskForm(Form):
    """A request as it came in."""

    on = DayField("Diterima tanggal", [Required()])
    at = ClockField("Diterima pukul", [Required()])
    asked_by = StringField("Yang meminta", [Required(), Length(max=160)], description="Orangnya sendiri, atau ahli warisnya, dan bagaimana dipastikan orangnya.")
    what = TextAreaField("Apa yang keliru, dan yang benar", [Required(), Length(max=1000)], description="Tersimpan tersegel.", render_kw={"rows": 3})

    def __init__(self) -> None:
        now = clock.at_office(clock.now())
        super().__init__(data={"on": now.date(), "at": now.time()})

    def validate_on(self, field: DayField) -> None:
        """Not ahead."""
        if field.data and field.data > clock.today():
            raise ValidationError("Tanggal ini belum tiba.")

    def received_at(self) -> datetime:
        """The moment in which it came; of today not later than now."""
        return min(datetime.combine(self.on.data, self.at.data, clock.office_zone()), clock.now())


class AnswerForm(Form):
    """What became of a request."""

    outcome = RadioField("Jawaban", [Required()], choices=choices([("corrected", "Sudah dibetulkan di daftar kerja"), ("refused", "Ditolak")]))
    reason = TextAreaField("Alasan", [Length(max=1000)], description="Wajib bila ditolak; disampaikan kepada yang meminta.", render_kw={"rows": 2})

    def validate_reason(self, field: TextAreaField) -> None:
        """A refusal says why."""
        if self.outcome.data == "refused" and not (field.data or "").strip():
            raise ValidationError("Tuliskan mengapa permintaan ini ditolak.")


assert set(OUTCOMES) == {"corrected", "refused"}
