"""Forms of the expedition book: what goes to whom, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from wtforms import RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length

from ..models import ExpeditionEntry
from ..models.expedition import HOW
from .base import DayField, Form, Required, choices

BY_HAND = [(slug, name.capitalize()) for slug, name in HOW.items() if slug != "diunduh"]


class HandOverForm(Form):
    """A paper goes to somebody."""

    recipient = StringField("Kepada", [Required(), Length(max=200)])
    on = DayField("Tanggal kirim", [Required()])
    how = RadioField("Cara", [Required()], choices=choices(BY_HAND), default="diantar")
    carrier = StringField("Yang membawa", [Length(max=160)], description="Nama pengantar atau penjemput, bila diketahui.")

    def __init__(self, recipient: str, today: date) -> None:
        super().__init__(data={"recipient": recipient, "on": today, "how": "diantar"})
        self.today = today

    def validate_on(self, field: DayField) -> None:
        """Not ahead."""
        if field.data and field.data > self.today:
            raise ValidationError("Tanggal ini belum tiba.")

    def entry(self, **more: object) -> ExpeditionEntry:
        """The row as typed."""
        said = {"on": self.on.data, "how": self.how.data, "carrier": (self.carrier.data or "").strip()}
        return ExpeditionEntry(**said | {"title": "", "recipient": (self.recipient.data or "").strip()} | more)


class HandOverManyForm(HandOverForm):
    """The papers of many villages go out at once: to each its own village head, or all of them to the other party."""

    recipient = SelectField("Kepada", [Required()])

    def __init__(self, kedua: str, today: date) -> None:
        super().__init__("heads", today)
        self.recipient.choices = choices([("heads", "Kepala Desa masing-masing"), (kedua, kedua)])


class ReceiptForm(Form):
    """Received by somebody, or come back."""

    outcome = RadioField("Keadaan", [Required()], choices=choices([("received", "Diterima"), ("returned", "Kembali, tidak terkirim")]), default="received")
    on = DayField("Tanggal", [Required()])
    received_by = StringField("Yang menerima", [Length(max=160)], description="Nama seperti tertulis pada lembar ekspedisi.")
    reason = TextAreaField("Alasan bila kembali", [Length(max=300)], render_kw={"rows": 2})

    def __init__(self, sent_on: date, today: date) -> None:
        super().__init__(data={"on": today, "outcome": "received"})
        self.sent_on, self.today = sent_on, today

    def validate_on(self, field: DayField) -> None:
        """Between the day it went and today."""
        if field.data and not self.sent_on <= field.data <= self.today:
            raise ValidationError(f"Antara tanggal kirim ({self.sent_on:%d-%m-%Y}) dan hari ini.")

    def validate_received_by(self, field: StringField) -> None:
        """A receipt has a name."""
        if self.outcome.data == "received" and not (field.data or "").strip():
            raise ValidationError("Tuliskan siapa yang menerima.")

    def validate_reason(self, field: TextAreaField) -> None:
        """What came back says why."""
        if self.outcome.data == "returned" and not (field.data or "").strip():
            raise ValidationError("Tuliskan mengapa naskah ini kembali.")


class PrintSetForm(Form):
    """How a print set is to be put together. The villages are ticked on the page itself."""

    content = RadioField("Isi")
    duplex = RadioField("Cetak bolak-balik", choices=choices([("1", "Ya: tiap naskah mulai di halaman depan, dengan halaman kosong bila perlu"), ("", "Tidak")]), default="1")
    sheet = RadioField("Lembar ekspedisi")

    def __init__(self, contents: Sequence[tuple[str, str]], sheets: Sequence[tuple[str, str]], content: str) -> None:
        super().__init__(data={"content": content, "duplex": "1", "sheet": "after"})
        self.content.choices, self.sheet.choices = choices(contents), choices((slug, name.capitalize()) for slug, name in sheets)

    def wishes(self) -> dict[str, object]:
        """As typed."""
        return {"content": self.content.data, "duplex": bool(self.duplex.data), "sheet": self.sheet.data}
