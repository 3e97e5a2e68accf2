"""Forms of taking over: the archive's list, one agreement corrected, its scan, and where the register goes on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask_wtf.file import FileField
from wtforms import IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from workflows.stages.signature import SIGNERS

from ..models import Accord
from ..models.takeovers import Archived
from .base import DayField, EvidenceField, Form, Required, choices


class ArchiveForm(Form):
    """The list, and what counts where it is silent."""

    accord = SelectField("Perjanjian induk", [Required()], coerce=int, choices=[])
    year = IntegerField("Tahun anggaran", [Required(), NumberRange(2015, 2100, "Tulis tahun seperti 2025.")], description="Berlaku bagi baris yang tidak menyebut tahun.")
    file = FileField("Berkas daftar perjanjian", description="XLSX, ODS, XLS, atau CSV, paling besar 25 MB. Berkasnya tidak disimpan.", render_kw={"accept": ".xlsx,.ods,.xls,.csv,.tsv,.txt"})

    def __init__(self, accords: Sequence[Accord], year: int) -> None:
        super().__init__(data={"year": year})
        self.accord.choices = choices((each.id, f"{each.number_kesatu or 'belum bernomor'}, {each.about}") for each in accords)

    def validate_file(self, field: FileField) -> None:
        """A file must be there."""
        if not field.data or not getattr(field.data, "filename", ""):
            raise ValidationError("Pilih berkasnya dahulu.")


class ArchivedForm(Form):
    """What the archive says of one agreement, corrected."""

    number_kesatu = StringField("Nomor DPMD", [Required(), Length(max=120)])
    number_kedua = StringField("Nomor BPJS", [Length(max=120)])
    dated_on = DayField("Tanggal perjanjian", [Required()])
    place = StringField("Tempat", [Required(), Length(max=80)])
    kesatu = StringField("Penandatangan DPMD", [Length(max=160)])
    kedua = StringField("Penandatangan BPJS", [Length(max=160)])
    head = StringField("Kepala Desa yang menandatangani lampiran", [Length(max=160)])
    note = TextAreaField("Keterangan", [Length(max=500)], render_kw={"rows": 2})

    def __init__(self, stands: Archived, today: date) -> None:
        super().__init__(data={name: getattr(stands, name) for name in stands.__dataclass_fields__})
        self.stands, self.today = stands, today

    def validate_dated_on(self, field: DayField) -> None:
        """Not ahead."""
        if field.data and field.data > self.today:
            raise ValidationError("Tanggal ini belum tiba.")

    def archived(self) -> Archived:
        """What was typed."""
        words = {name: (self[name].data or "").strip() for name in ("number_kesatu", "number_kedua", "place", "kesatu", "kedua", "head", "note")}
        return Archived(self.stands.village_code, self.stands.fiscal_year, dated_on=self.dated_on.data, **words)


class ScanForm(Form):
    """The scan of the paper that lies in the archive."""

    signers = SelectMultipleField("Tanda tangan pada pindaian ini", widget=ListWidget(prefix_label=False), option_widget=CheckboxInput())
    on = DayField("Tanggal ditandatangani", [Required()])
    place = StringField("Tempat", [Required(), Length(max=80)])
    scan = EvidenceField("Pindaian naskah yang ditandatangani")

    def __init__(self, missing: Sequence[str], stands: Archived, today: date) -> None:
        super().__init__(data={"on": stands.dated_on, "place": stands.place, "signers": list(missing)})
        self.signers.choices = choices((each, SIGNERS[each]) for each in missing)
        self.earliest, self.today = stands.dated_on, today

    def validate_signers(self, field: SelectMultipleField) -> None:
        """Somebody's signature must be on it."""
        if not field.data:
            raise ValidationError("Pilih tanda tangan siapa yang ada pada pindaian ini.")

    def validate_on(self, field: DayField) -> None:
        """Not ahead, and not before the agreement."""
        if field.data and field.data > self.today:
            raise ValidationError("Tanggal ini belum tiba.")
        if field.data and field.data < self.earliest:
            raise ValidationError(f"Mendahului tanggal perjanjian ({self.earliest:%d-%m-%Y}).")


class StartForm(Form):
    """The last number that the office gave by hand, in one of its series."""

    unit = SelectField("Seri", [Required()])
    year = IntegerField("Tahun", [Required(), NumberRange(2015, 2100, "Tulis tahun seperti 2026.")])
    last_used = IntegerField("Nomor urut terakhir yang sudah dipakai", [Required(), NumberRange(1, 99_999, "Tulis bilangan antara 1 dan 99.999.")])
    source = StringField("Dasarnya", [Required(), Length(max=200)], description="Misalnya: buku agenda halaman terakhir, per 20 November 2026.")

    def __init__(self, units: Sequence[str], year: int) -> None:
        super().__init__(data={"unit": units[0], "year": year})
        self.units, self.unit.choices = units, choices((each, each) for each in units)
        if len(units) == 1:
            del self.unit

    def chosen(self) -> str:
        """The series; there is often only one."""
        return self.unit.data if "unit" in self else self.units[0]
