"""What all forms share: Indonesian sentences, dates and money as they are written here, files that are not sent twice."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import g, request
from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import Field, FileField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, StopValidation
from wtforms.widgets import TextInput

from .. import discreet, uploads


def choices(pairs: Iterable[tuple[Any, str]]) -> list[SelectChoice]:
    """Values and labels as the choices of a field."""
    return [SelectChoice(value, label) for value, label in pairs]


SENTENCES = {
    "This field is required.": "Wajib diisi.",
    "Not a valid choice.": "Pilihan tidak dikenal.",
    "Not a valid choice": "Pilihan tidak dikenal.",
    "Not a valid integer value.": "Isikan bilangan bulat.",
    "Invalid Choice: could not coerce.": "Pilihan tidak dikenal.",
    "Invalid input.": "Isian tidak sesuai.",
    "Field must be between %(min)d and %(max)d characters long.": "Harus %(min)d sampai %(max)d karakter.",
    "The CSRF token is missing.": "Muat ulang halaman, lalu kirim lagi.",
}


class _Indonesian:
    """Sentences of WTForms in Indonesian."""

    def gettext(self, text: str) -> str:
        return SENTENCES.get(text, text)

    def ngettext(self, one: str, many: str, n: int) -> str:
        if "at least" in one:
            return "Paling sedikit %(min)d karakter."
        if "longer than" in one:
            return "Paling banyak %(max)d karakter."
        return one if n == 1 else many


class Form(FlaskForm):
    """A form of this house."""

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: Any) -> Any:
            return _Indonesian()

        def render_field(self, field: Field, render_kw: dict) -> Markup:
            if field.errors:
                render_kw.setdefault("aria-invalid", "true")
                render_kw.setdefault("aria-describedby", f"{field.id}-errors")
                render_kw["class"] = f"{render_kw.get('class', '')} is-invalid".strip()
            return super().render_field(field, render_kw)

    def validate(self, extra_validators: Any = None) -> bool:
        """Valid, and without a NIK in a field that is not made to carry one."""
        valid = super().validate(extra_validators)
        told = [each for each in self if each.name in discreet.misplaced(request)]
        for each in told:
            each.errors = [*each.errors, discreet.NOT_HERE]
        return valid and not told

    def finished(self) -> bool:
        """Sent, valid, and not only to add another page of a scan."""
        if self.is_submitted() and "more" in request.form:
            for each in self:
                each.errors = [g.upload_errors[each.name]] if each.name in g.get("upload_errors", {}) else []
            return False
        return self.is_submitted() and self.validate()


class Required(InputRequired):
    """A value must be there, and spaces are none; says so in Indonesian and marks the input."""

    def __init__(self) -> None:
        super().__init__("Wajib diisi.")

    def __call__(self, form: Any, field: Field) -> None:
        super().__call__(form, field)
        if isinstance(field.data, str) and not field.data.strip():
            raise StopValidation(self.message)


class DayField(Field):
    """A day. The browser sends 2026-11-22; typed as 22-11-2026, 22/11/2026 it is understood as well, the day always first."""

    widget = TextInput()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["render_kw"] = {"type": "date", **kwargs.get("render_kw", {})}
        super().__init__(*args, **kwargs)
        self.raw = ""

    def _value(self) -> str:
        return self.raw or (self.data.isoformat() if self.data else "")

    def process_formdata(self, valuelist: list[str]) -> None:
        self.raw, self.data = (valuelist[0].strip() if valuelist else ""), None
        if not self.raw:
            return
        iso = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", self.raw)
        local = re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", self.raw)
        parts = iso.groups() if iso else tuple(reversed(local.groups())) if local else None
        try:
            self.data = date(*map(int, parts)) if parts else None
        except ValueError:
            self.data = None
        if self.data is None or not 1900 <= self.data.year <= 2200:
            raise ValidationError("Tanggal ini tidak ada. Tulis misalnya 22-11-2026.")


class MonthField(DayField):
    """A contribution month (BLTH) as its first day: 2026-03 or 03-2026."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["render_kw"] = {"type": "month", **kwargs.get("render_kw", {})}
        super().__init__(*args, **kwargs)

    def _value(self) -> str:
        return self.raw or (f"{self.data:%Y-%m}" if self.data else "")

    def process_formdata(self, valuelist: list[str]) -> None:
        self.raw, self.data = (valuelist[0].strip() if valuelist else ""), None
        found = re.fullmatch(r"(\d{4})-(\d{1,2})|(\d{1,2})[-/](\d{4})", self.raw)
        if self.raw and found is None:
            raise ValidationError("Tulis bulan seperti 03-2026.")
        if found:
            year, month = (found[1], found[2]) if found[1] else (found[4], found[3])
            try:
                self.data = date(int(year), int(month), 1)
            except ValueError as error:
                raise ValidationError("Bulan ini tidak ada. Tulis seperti 03-2026.") from error


class RupiahField(StringField):
    """Money as people type it: 1.234.567,50 or Rp 1.234.567. A dot is a thousands separator, a comma the decimal one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["render_kw"] = {"inputmode": "decimal", "autocomplete": "off", **kwargs.get("render_kw", {})}
        super().__init__(*args, **kwargs)
        self.raw = ""

    def _value(self) -> str:
        if self.raw or self.data is None:
            return self.raw
        whole, _, sen = f"{self.data:,.2f}".partition(".")
        return whole.replace(",", ".") + (f",{sen}" if sen != "00" else "")

    def process_formdata(self, valuelist: list[str]) -> None:
        self.raw, self.data = (valuelist[0].strip() if valuelist else ""), None
        if self.raw:
            self.data = parse_rupiah(self.raw)


def parse_rupiah(text: str) -> Decimal:
    """The amount that an Indonesian means. Raises ValidationError with the sentence for the form."""
    plain = re.sub(r"^rp\.?\s*|[\s\u00a0]", "", text.strip(), flags=re.IGNORECASE).removesuffix(",-")
    if not re.fullmatch(r"\d{1,3}(\.\d{3})*(,\d{1,2})?|\d+(,\d{1,2})?", plain):
        raise ValidationError("Tulis jumlah rupiah seperti 1.234.567 atau 1.234.567,50.")
    try:
        amount = Decimal(plain.replace(".", "").replace(",", "."))
    except InvalidOperation as error:
        raise ValidationError("Tulis jumlah rupiah seperti 1.234.567.") from error
    if amount >= Decimal("1e14"):
        raise ValidationError("Jumlah ini terlalu besar.")
    return amount


class EvidenceField(FileField):
    """Scans or photos. What arrived stays, by a signed hidden input, while the rest of the form is corrected or further pages are added."""

    def __init__(self, *args: Any, required: bool = True, **kwargs: Any) -> None:
        kwargs["render_kw"] = {"multiple": True, "accept": "application/pdf,image/jpeg,image/png,image/heic,.heic", **kwargs.get("render_kw", {})}
        super().__init__(*args, **kwargs)
        self.required = required

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = uploads.received(self.name)

    def pre_validate(self, form: Any) -> None:
        error = g.get("upload_errors", {}).get(self.name)
        if error:
            raise StopValidation(error)
        if self.required and not (self.data and self.data.originals):
            raise StopValidation("Pilih berkas PDF atau foto (JPG, PNG, HEIC).")

    @property
    def kept(self) -> tuple[uploads.Received, ...]:
        """The files that need not be sent again."""
        evidence = uploads.received(self.name)
        return evidence.originals if evidence else ()

    @property
    def kept_input(self) -> Markup:
        """The hidden input that remembers them."""
        return Markup('<input type="hidden" name="{}_kept" value="{}">').format(self.name, uploads.keep_token(self.name))
