"""Forms of photographed pages: which original is collected, and which page a photo is when its code cannot be read."""

from __future__ import annotations

from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import AnyOf, Length

from ..models.collecting import Collected, slot_key
from .base import Form, Required, choices


class BeginForm(Form):
    """Which of the originals lies on the table."""

    rangkap = IntegerField("Rangkap", [AnyOf((1, 2), "Pilih rangkap 1 atau 2.")])


class PlaceForm(Form):
    """Where a page belongs, said by hand."""

    slot = SelectField("Halaman ini adalah", [], choices=[])
    reason = StringField("Alasan", [Required(), Length(max=300)], description="Misalnya: kode QR tertutup cap; nomor halaman di kaki kertas terbaca.")

    def __init__(self, found: Collected, readable: bool) -> None:
        super().__init__(data={"slot": slot_key(found.missing[0])} if found.missing else None)
        free = [(slot_key(each), each.name + ("" if found.at(each) is None else " (mengganti yang ada)")) for each in found.slots]
        self.slot.choices = choices([*([] if readable else free), ("", "tidak dipakai")])
