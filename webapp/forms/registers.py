"""Forms of the register: a series for some kinds of letters, numbers set aside, and what became of each of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from wtforms import IntegerField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length, NumberRange, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from workflows import Refused

from ..models import BlockUse, NumberBlock, SeriesRule
from ..models.letters import ROMAN, number_text
from .base import DayField, Form, Required, choices


class SeriesForm(Form):
    """A series: what it is for, how its numbers read, from when on."""

    name = StringField("Nama seri", [Required(), Length(max=80)], description="Misalnya Perjanjian, atau Surat keluar Bidang Pemdes.")
    kinds = SelectMultipleField("Dipakai untuk", widget=ListWidget(prefix_label=False), option_widget=CheckboxInput())
    unit = StringField("Kode unit", [Required(), Length(max=40), Regexp(r"^\S+$", message="Tanpa spasi.")], description="Satu buku nomor per kode unit dan tahun.")
    pattern = StringField("Pola nomor", [Required(), Length(max=120)])
    start = IntegerField("Nomor pertama tiap tahun", [NumberRange(1, 99_999, "Tulis bilangan antara 1 dan 99.999.")], default=1)
    valid_from = DayField("Berlaku mulai", [Required()])

    def __init__(self, kinds: Sequence[tuple[str, str]], pattern: str, today: date) -> None:
        super().__init__(data={"pattern": pattern, "valid_from": today, "start": 1, "kinds": []})
        self.kinds.choices, self.today = choices(kinds), today

    def validate_kinds(self, field: SelectMultipleField) -> None:
        """A series is for something."""
        if not field.data:
            raise ValidationError("Pilih paling sedikit satu jenis naskah.")

    def validate_pattern(self, field: StringField) -> None:
        """Known tokens, the running number and the year among them."""
        try:
            self.example()
        except Refused as error:
            raise ValidationError(str(error)) from error
        if "{tahun}" not in field.data:
            raise ValidationError("Masukkan {tahun}; tanpa tahun, nomor tahun depan akan terbaca sama.")

    def validate_valid_from(self, field: DayField) -> None:
        """What was drawn does not change."""
        if field.data and field.data < self.today:
            raise ValidationError("Paling cepat hari ini.")

    def example(self) -> str:
        """A number as the pattern writes it today. Raises Refused."""
        on = self.today
        tokens = {"klas": "100.3.7.1", "urut": self.start.data or 1, "unit": self.unit.data or "", "romawi": ROMAN[on.month], "bulan": f"{on.month:02}", "tahun": on.year}
        return number_text((self.pattern.data or "").strip(), **tokens, kode_desa="73.02.01.2004")

    def rule(self) -> SeriesRule:
        """The series as typed."""
        words = {name: (self[name].data or "").strip() for name in ("name", "unit", "pattern")}
        return SeriesRule(**words, start=self.start.data, kinds=tuple(self.kinds.data), valid_from=self.valid_from.data)


class EndSeriesForm(Form):
    """The last day on which a series is chosen."""

    last = DayField("Hari terakhir", [Required()])

    def __init__(self, today: date) -> None:
        super().__init__(data={"last": today})


class BlockForm(Form):
    """Numbers set aside."""

    unit = SelectField("Seri", [Required()])
    year = SelectField("Tahun", [Required()], coerce=int)
    count = IntegerField("Banyaknya nomor", [NumberRange(1, 200, "Tulis bilangan antara 1 dan 200.")], default=5)
    reason = StringField("Untuk apa", [Required(), Length(max=300)], description="Misalnya: jaringan padam 22 November, surat ditulis tangan.")

    def __init__(self, units: Sequence[str], today: date) -> None:
        super().__init__(data={"year": today.year, "count": 5})
        self.unit.choices = choices((each, each) for each in units)
        self.year.choices = choices((each, str(each)) for each in (today.year, today.year + 1))


class UseForm(Form):
    """What became of one number."""

    outcome = RadioField("Nomor ini", [Required()], choices=choices([("used", "Dipakai untuk sebuah naskah"), ("void", "Tidak dipakai, batal")]), default="used")
    number = StringField("Nomor seperti tertulis", [Length(max=160)])
    dated_on = DayField("Tanggal naskah", [Optional()])
    title = StringField("Naskah", [Length(max=160)], description="Misalnya Surat Pengantar Rapat Koordinasi.")
    addressee = StringField("Kepada", [Length(max=200)])
    reason = TextAreaField("Alasan", [Length(max=300)], description="Wajib bila batal, atau bila membetulkan catatan sebelumnya.", render_kw={"rows": 2})

    def __init__(self, block: NumberBlock, seq: int, usual: str) -> None:
        stands = block.standing(seq)
        same = {name: getattr(stands, name) for name in ("outcome", "number", "dated_on", "title", "addressee")} if stands else {"outcome": "used", "number": usual}
        super().__init__(data=same)
        self.block, self.seq, self.stands = block, seq, stands

    def validate_reason(self, field: TextAreaField) -> None:
        """A void and a correction say why."""
        if (self.outcome.data == "void" or self.stands) and not (field.data or "").strip():
            raise ValidationError("Tuliskan alasannya.")

    def validate_title(self, field: StringField) -> None:
        """A number that was used was used for something."""
        if self.outcome.data == "used" and not (field.data or "").strip():
            raise ValidationError("Wajib diisi.")

    def validate_dated_on(self, field: DayField) -> None:
        """It has a date."""
        if self.outcome.data == "used" and not field.data:
            raise ValidationError("Wajib diisi.")

    def use(self) -> BlockUse:
        """As typed."""
        words = {name: (self[name].data or "").strip() for name in ("number", "title", "addressee", "reason")}
        return BlockUse(seq=self.seq, outcome=self.outcome.data, dated_on=self.dated_on.data, **words)
