"""Forms of officials: a new term, and what may be corrected of one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from wtforms import BooleanField, SelectField, StringField, ValidationError
from wtforms.validators import Length

from ..models import Official, Tenure
from ..models.officials import Seat
from .base import DayField, Form, Required, choices

CAPACITY_NAMES = {
    "definitif": "Definitif",
    "pj": "Penjabat (Pj.)",
    "plt": "Pelaksana tugas (Plt.)",
    "plh": "Pelaksana harian (Plh.)",
}
PERSON = ("name", "number_kind", "number", "rank")
TERM = ("capacity", "decree_by", "decree_number", "decree_on", "from_on", "until_on")


class TermForm(Form):
    """Who, in which capacity, by which decree, from when to when."""

    name = StringField("Nama dengan gelar", [Length(max=160)])
    number_kind = SelectField("Jenis nomor", choices=choices([("", "Tidak punya"), ("NIP", "NIP"), ("NPK", "NPK (BPJS Ketenagakerjaan)")]))
    number = StringField("NIP atau NPK", [Length(max=30)], render_kw={"inputmode": "numeric"})
    rank = StringField("Pangkat", [Length(max=80)], description="Seperti tercetak di bawah nama, misalnya Pembina Utama Muda.")
    capacity = SelectField("Kedudukan", [Required()], choices=choices(CAPACITY_NAMES.items()))
    decree_by = StringField("Keputusan pengangkatan dari", [Length(max=120)], description="Misalnya Keputusan Bupati Bulukumba.")
    decree_number = StringField("Nomor keputusan", [Length(max=120)])
    decree_on = DayField("Tanggal keputusan")
    from_on = DayField("Menjabat mulai", [Required()])
    until_on = DayField("Menjabat sampai", description="Hari terakhir. Kosongkan selama masih menjabat.")

    def validate_name(self, field: StringField) -> None:
        """Somebody must hold it."""
        if not (field.data or "").strip():
            raise ValidationError("Wajib diisi.")

    def validate_number(self, field: StringField) -> None:
        """A NIP has 18 digits and begins with a birth date; a NPK is digits."""
        field.data = "".join((field.data or "").split())
        problem = number_problem(self.number_kind.data or "", field.data)
        if problem:
            raise ValidationError(problem)

    def validate_until_on(self, field: DayField) -> None:
        """A term runs forward."""
        if field.data and self.from_on.data and field.data < self.from_on.data:
            raise ValidationError("Berakhir sebelum dimulai.")

    def term(self) -> dict[str, Any]:
        """The term as typed."""
        return {name: self[name].data if name.endswith("_on") else (self[name].data or "").strip() for name in TERM}

    def person(self) -> dict[str, Any]:
        """The person as typed."""
        return {name: (self[name].data or "").strip() for name in PERSON}


class NewTermForm(TermForm):
    """A new term, of somebody who is known already or of somebody new."""

    official = SelectField("Pejabat", coerce=int, description="Satu Pj. dapat memimpin beberapa desa: pilih namanya bila sudah tercatat.")
    end_former = BooleanField("Akhiri masa jabatan sebelumnya sehari sebelum yang ini mulai", description="Jangan dicentang untuk Plt. atau Plh. yang mendampingi pejabat tetap.")

    def __init__(self, known: Sequence[Official]) -> None:
        super().__init__(data={"official": 0, "end_former": True, "capacity": "definitif"})
        self.known = {each.id: each for each in known}
        self.official.choices = choices([(0, "Orang baru (isi di bawah)"), *((each.id, _said(each)) for each in known)])

    def validate_name(self, field: StringField) -> None:
        """Only of somebody new."""
        if not self.official.data:
            super().validate_name(field)

    def chosen(self) -> Official:
        """The person: known, or new."""
        return self.known.get(self.official.data) or Official(**self.person())


def _said(official: Official) -> str:
    return f"{official.name} ({official.number})" if official.number else official.name


class ChangeTermForm(TermForm):
    """A term as it stands, to be ended or corrected."""

    def __init__(self, tenure: Tenure) -> None:
        super().__init__(data={name: getattr(tenure, name) for name in TERM} | {name: getattr(tenure.official, name) for name in PERSON})


def number_problem(kind: str, number: str) -> str:
    """What is wrong with a NIP or NPK; empty when nothing is."""
    if not kind:
        return "Pilih jenis nomornya, atau kosongkan." if number else ""
    if not (number.isascii() and number.isdigit()):
        return f"{kind} hanya berisi angka."
    if kind == "NPK":
        return "" if 5 <= len(number) <= 12 else "NPK terdiri atas 5 sampai 12 angka."
    if len(number) != 18:
        return f"NIP harus 18 angka, yang diisi {len(number)} angka."
    try:
        date(int(number[:4]), int(number[4:6]), int(number[6:8]))
        date(int(number[8:12]), int(number[12:14]), 1)
    except ValueError:
        return "NIP diawali tanggal lahir dan bulan pengangkatan; yang ini tidak ada di kalender."
    return "" if number[14] in "12" else "Angka ke-15 NIP adalah 1 (laki-laki) atau 2 (perempuan)."


STATES = {"kosong": "Kosong", "berakhir": "Segera berakhir", "terisi": "Terisi"}
KINDS = {"head_office": "Kepala kantor", "head_bpjs": "Kepala BPJS", "head_village": "Kepala desa"}


def fits(seat: Seat, kind: str, state: str, words: str) -> bool:
    """Does a post pass the filters of the list?"""
    said = f"{seat.title} {seat.place} {seat.holder.official.name if seat.holder else ''}".lower()
    standing = {"kosong": seat.holder is None, "berakhir": seat.ends_soon, "terisi": seat.holder is not None}.get(state, True)
    return standing and kind in ("", seat.kind) and words.lower() in said
