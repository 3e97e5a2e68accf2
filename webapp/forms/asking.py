"""The questions of a kind of paper as a form: what only the person who wants it can say."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from wtforms import Field, IntegerField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length, NumberRange, Optional

from letters import Kind
from letters.asking import Ask
from workflows import Refused

from .. import clock
from ..papers import usual_answers
from .base import DayField, Form, Required, RupiahField, choices


class TimeField(StringField):
    """A time of day. The browser sends 09:00, an Indonesian types 09.00; the answer is 09.00."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Hours and minutes, or a sentence."""
        self.data = valuelist[0].strip() if valuelist else ""
        found = re.fullmatch(r"([01]?\d|2[0-3])[:.]([0-5]\d)", self.data)
        if self.data and not found:
            raise ValidationError("Tulis jam seperti 09.00.")
        if found:
            self.data = f"{int(found[1]):02}.{found[2]}"


class LinesField(TextAreaField):
    """One thing on each line; empty lines are none."""

    def _value(self) -> str:
        return "\n".join(self.data or ())

    def process_formdata(self, valuelist: list[str]) -> None:
        """The lines that say something."""
        self.data = tuple(each.strip() for each in (valuelist[0] if valuelist else "").splitlines() if each.strip())

    def post_validate(self, form: Any, stopped: bool) -> None:
        """Empty lines alone say nothing."""
        if not stopped and not self.data and any(self.raw_data or ()):
            raise ValidationError("Wajib diisi.")


def _whole(ask: Ask, must: list[Any]) -> Field:
    between = NumberRange(2015, 2100, "Tulis tahun seperti 2027.") if ask.type == "year" else NumberRange(0, 10**9, "Isikan bilangan.")
    return IntegerField(ask.label, [*must, between], description=ask.hint)


MAKE: Mapping[str, Callable[[Ask, list[Any]], Field]] = {
    "text": lambda ask, must: StringField(ask.label, [*must, Length(max=300)], description=ask.hint),
    "long": lambda ask, must: TextAreaField(ask.label, [*must, Length(max=4000)], description=ask.hint, render_kw={"rows": 4}),
    "lines": lambda ask, must: LinesField(ask.label, must, description=ask.hint or "Satu pada tiap baris.", render_kw={"rows": 4}),
    "day": lambda ask, must: DayField(ask.label, must, description=ask.hint),
    "time": lambda ask, must: TimeField(ask.label, must, description=ask.hint or "Misalnya 09.00.", render_kw={"inputmode": "numeric", "autocomplete": "off"}),
    "number": _whole,
    "year": _whole,
    "money": lambda ask, must: RupiahField(ask.label, must, description=ask.hint),
    "choice": lambda ask, must: SelectField(ask.label, must, choices=choices(ask.choices), description=ask.hint),
}


class Asking(Form):
    """The form of a kind; a kind without questions has one without fields."""

    asks: tuple[Ask, ...] = ()

    def answers(self) -> dict[str, Any]:
        """The answers by name, spaces around them taken away."""
        return {each.name: self._answer(each.name) for each in self.asks}

    def _answer(self, name: str) -> Any:
        value = self[name].data
        return value.strip() if isinstance(value, str) else value


def asking_form(kind: Kind, about: Any) -> Asking:
    """The form of the kind's questions, filled with what is usual."""
    fields = {each.name: MAKE[each.type](each, [Required()] if each.must else [Optional()]) for each in kind.asks}
    own = type("Asking", (Asking,), {"asks": kind.asks, **fields})
    return own(data=usual_answers(kind.slug, about, clock.today()) if kind.asks else None)


def answers_of(kind: Kind, about: Any) -> dict[str, Any]:
    """What was typed, for a look at the paper. Raises Refused with the sentences of the fields that are not right."""
    form = asking_form(kind, about)
    if not form.finished():
        raise Refused("; ".join(f"{form[name].label.text}: {' '.join(map(str, said))}" for name, said in form.errors.items() if name) or "Isian belum lengkap.")
    return form.answers()
