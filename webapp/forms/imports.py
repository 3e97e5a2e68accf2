"""Forms of importing a list: the file or a pasted table, what was taken for what, and what is stored."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, FileField, HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length, NumberRange, Optional

from .. import clock
from ..importing import LARGEST, TOO_LARGE
from ..models.changes import Change
from ..models.elsewhere import PAYERS
from ..models.rules import Rulebook
from ..sheets.headings import FIELDS
from ..sheets.reading import Reading, Wishes
from ..uploads import safe_name
from .base import DayField, Form, MonthField, Required, choices

ACCEPT = ".xlsx,.xls,.ods,.csv,.tsv,.txt"


class SheetForm(Form):
    """A file, or a table copied out of one."""

    file = FileField("Berkas", render_kw={"accept": ACCEPT}, description="Excel (xlsx, xls), LibreOffice (ods), atau CSV; paling besar 25 MB. Susunan kolom bebas: yang penting ada judul kolomnya.")
    rows = TextAreaField("Atau tempel tabelnya", [Length(max=2_000_000)], render_kw={"rows": 6, "spellcheck": "false", "wrap": "off", "class": "font-monospace"}, description="Salin sel dari Excel, dengan baris judul kolomnya, lalu tempel di sini.")

    content = b""

    def validate_file(self, field: FileField) -> None:
        """One of the two, and not nothing."""
        sent = request.files.get(field.name)
        self.content = sent.read(LARGEST + 1) if sent is not None and sent.filename else b""
        if len(self.content) > LARGEST:
            raise ValidationError(TOO_LARGE)
        if sent is not None and sent.filename and not self.content:
            raise ValidationError("Berkas ini kosong. Daftar yang sudah ada tidak berubah.")
        if not self.content and not (self.rows.data or "").strip():
            raise ValidationError("Pilih berkas, atau tempel tabelnya di bawah.")

    def sent(self) -> tuple[bytes, str, bool]:
        """The bytes, a name without digits of a NIK, and whether they were pasted."""
        if self.content:
            return self.content, safe_name(request.files[self.file.name].filename or "daftar"), False
        return (self.rows.data or "").encode(), "Tabel tempelan", True


class ImportForm(SheetForm):
    """A list of one village, or of the whole office."""

    category = SelectField("Kelompok", choices=[])

    def __init__(self, book: Rulebook, **data: Any) -> None:
        super().__init__(data=data)
        self.category.choices = choices([("", "Menurut berkas (ada kolom kelompoknya)"), *book.category_names.items()])


class OfficeImportForm(ImportForm):
    """All villages in one file, which names them."""

    year = SelectField("Tahun", [Required()])

    def __init__(self, book: Rulebook, years: list[int], **data: Any) -> None:
        super().__init__(book, **data)
        self.year.choices = choices([(str(each), str(each)) for each in years])


class StoreForm(Form):
    """What was shown goes on the lists."""

    with_flagged = BooleanField("Simpan juga yang bertanda; tandanya harus dijelaskan sebelum konsep disetujui")
    seen = HiddenField()
    joined_on = DayField("Bergabung pada tanggal", [Optional()])
    month = MonthField("Iuran mulai bulan", [Optional()], description="Kosongkan bila mulai bulan tanggal itu.")
    reason = StringField("Dasar penambahan", [Length(max=300)], description="Misalnya nomor keputusan kepala desa.")

    def joined(self) -> Change | None:
        """The joining of all, where an agreement is signed already."""
        return Change("joined", self.joined_on.data, self.month.data, self.reason.data or "") if self.joined_on.data else None


class KeepForm(Form):
    """How long the files of imports are kept."""

    days = IntegerField("Berkas impor disimpan (hari)", [Required(), NumberRange(1, 365, "Antara 1 dan 365 hari.")])


class CoverForm(SheetForm):
    """People whom another payer covers."""

    payer = RadioField("Pembayar", [Required()], choices=choices(PAYERS.items()))
    year = SelectField("Tahun", [Required()])
    source = StringField("Sumber", [Required(), Length(max=160)], description="Misalnya: Daftar Dinas Tenaga Kerja, Maret 2026.")

    def __init__(self, years: list[int], **data: Any) -> None:
        super().__init__(data=data)
        self.year.choices = choices([(str(each), str(each)) for each in years])
        self.file.description = "Cukup kolom NIK dan nama; kolom lain diabaikan."


def years_around() -> list[int]:
    """The years that a list may be for."""
    return [clock.today().year + each for each in (1, 0, -1)]


def wishes_in(form: MultiDict[str, str], reading: Reading, before: Wishes) -> tuple[Wishes, dict[str, str]]:
    """What was corrected on the page: sheets ticked, columns chosen (``kolom-<sheet>-<column>``), villages answered (``desa-<number>``).

    Columns that were never touched are left to the reader; once touched, they hold what the page says and nothing else.
    """
    hidden = tuple(each.name or "" for place, each in enumerate(reading.sheets) if each.hidden and form.get(f"lembar-{place}"))
    left_out = tuple(each.name or "" for place, each in enumerate(reading.sheets) if not each.hidden and not form.get(f"lembar-{place}"))
    columns = {}
    for place, each in enumerate(reading.sheets):
        chosen = _columns(form, place)
        if chosen and (chosen != dict(each.columns) or each.name in (before.columns or {})):
            columns[each.name] = dict.fromkeys(FIELDS, -1) | chosen
    return Wishes(hidden, left_out, columns or None), _answers(form)


def _columns(form: MultiDict[str, str], sheet: int) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, field in form.items():
        fits = re.fullmatch(rf"kolom-{sheet}-(\d{{1,4}})", name)
        if fits and field and field not in found:
            found[field] = int(fits[1])
    return found


def _answers(form: Mapping[str, str]) -> dict[str, str]:
    pairs = ((form.get(f"tanya-{name[5:]}", ""), code) for name, code in form.items() if name.startswith("desa-"))
    return {key: code for key, code in pairs if key and re.fullmatch(r"\d\d\.\d\d\.\d\d\.\d{4}", code)}
