"""Forms of papers: a number that another institution gave, the reason of a void."""

from __future__ import annotations

from typing import Any

from wtforms import RadioField, StringField
from wtforms.validators import Length

from .base import DayField, Form, Required


class NumberForm(Form):
    """A number as it stands on the other institution's paper."""

    owner = RadioField("Nomor siapa", [Required()])
    number = StringField("Nomor", [Required(), Length(max=120)], description="Tulis persis seperti di naskahnya, misalnya PER/12/032026.")
    on = DayField("Tanggal naskah", [Required()])

    def __init__(self, owners: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.owner.choices = owners
        if len(owners) == 1 and not self.owner.data:
            self.owner.data = owners[0][0]


class VoidForm(Form):
    """Why a number is void."""

    reason = StringField("Alasan pembatalan", [Required(), Length(max=300)])
