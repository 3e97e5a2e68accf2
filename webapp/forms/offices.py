"""The form of an office: its letterhead and how it writes."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import g
from wtforms import RadioField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length, Optional, Regexp

from workflows import Refused

from .. import clock
from ..models import Office
from ..models.letters import ROMAN, TOKENS, number_text
from .base import DayField, EvidenceField, Form, Required, choices

TOKEN_WORDS = {
    "klas": "kode klasifikasi arsip",
    "urut": "nomor urut (wajib ada)",
    "unit": "kode unit kantor",
    "romawi": "bulan dengan angka Romawi",
    "bulan": "bulan dua angka",
    "tahun": "tahun",
    "kode_desa": "kode desa, kosong bila bukan surat desa",
}
assert set(TOKEN_WORDS) == set(TOKENS)


class EmblemField(EvidenceField):
    """One picture, kept as it was sent."""

    def pre_validate(self, form: Any) -> None:
        """PNG or JPEG, because the press prints nothing else."""
        error = g.get("upload_errors", {}).get(self.name)
        if error:
            raise ValidationError(error)
        for each in self.kept:
            if each.media_type not in ("image/png", "image/jpeg"):
                raise ValidationError("Lambang harus berupa gambar PNG atau JPEG.")


class OfficeForm(Form):
    """What every office has."""

    TEXTS: ClassVar[tuple[str, ...]] = ("name", "short_name", "seat", "address", "postcode", "phone", "email", "website", "authority", "contact")

    name = StringField("Nama kantor", [Required(), Length(max=200)])
    short_name = StringField("Sebutan pendek", [Required(), Length(max=40)])
    seat = StringField("Kedudukan", [Required(), Length(max=80)], description="Kota yang tercetak sebelum tanggal.")
    address = StringField("Alamat", [Length(max=200)])
    postcode = StringField("Kode pos", [Optional(), Length(max=10), Regexp(r"^\d{5}$", message="Kode pos terdiri atas 5 angka.")], render_kw={"inputmode": "numeric"})
    phone = StringField("Telepon", [Length(max=40)])
    email = StringField("Pos-el", [Optional(), Length(max=120), Regexp(r"^[^@\s]+@[^@\s]+\.[^@\s]+$", message="Tulis alamat pos-el seperti kantor@contoh.go.id.")])
    website = StringField("Laman", [Length(max=120)])
    authority = TextAreaField("Dasar kewenangan kantor", [Length(max=1000)], description="Dipakai bila keputusan pengangkatan penanda tangan belum dicatat.", render_kw={"rows": 2})
    contact = StringField("Narahubung", [Length(max=120)])
    emblem = EmblemField("Lambang", required=False, description="PNG atau JPEG. Kosongkan untuk mempertahankan yang sekarang.", render_kw={"multiple": False, "accept": "image/png,image/jpeg"})

    def __init__(self, office: Office) -> None:
        super().__init__(data=self.stands(office))

    def stands(self, office: Office) -> dict[str, Any]:
        """The office as it stands."""
        return {name: getattr(office, name) for name in self.TEXTS}

    def now(self) -> dict[str, Any]:
        """The office as typed, with the emblem if a new one came."""
        emblem = {"emblem_sha256": self.emblem.kept[0].sha256} if self.emblem.kept else {}
        return {name: (self[name].data or "").strip() for name in self.TEXTS} | emblem


class OwnOfficeForm(OfficeForm):
    """The region's office also says how it numbers and lays out its letters."""

    TEXTS = (*OfficeForm.TEXTS, "above", "unit", "number_pattern")

    above = StringField("Baris di atas nama kantor", [Required(), Length(max=200)], description="Misalnya Pemerintah Kabupaten Bulukumba.")
    unit = StringField("Kode unit", [Required(), Length(max=40)], description="Satu buku nomor per kode unit dan tahun. Mengganti kode unit memulai buku nomor baru.")
    number_pattern = StringField("Pola nomor naskah", [Required(), Length(max=120)])
    paper = RadioField("Kertas", [Required()], choices=choices([("A4", "A4 (Permendagri 1/2023)"), ("F4", "F4 (bila Perbup menentukannya)")]))
    kedua = RadioField("Letak tanda tangan", [Required()], choices=choices([("left", "PIHAK KEDUA di kiri, PIHAK KESATU di kanan"), ("right", "PIHAK KESATU di kiri, PIHAK KEDUA di kanan")]))
    paraf_from = DayField("Paraf koordinasi Bagian Hukum", [Optional()], description="Diminta untuk perjanjian yang bertanggal sejak hari itu, sebelum disetujui. Kosongkan bila tidak diminta.")
    copies = TextAreaField("Tembusan", [Length(max=1000)], description="Satu tujuan per baris.", render_kw={"rows": 4})

    def stands(self, office: Office) -> dict[str, Any]:
        return super().stands(office) | {"paraf_from": office.paraf_from, "paper": office.paper, "kedua": "left" if office.kedua_left else "right", "copies": "\n".join(office.copies_to)}

    def validate_number_pattern(self, field: StringField) -> None:
        """Known tokens only, and the running number among them."""
        try:
            self.example()
        except Refused as error:
            raise ValidationError(str(error)) from error

    def example(self) -> str:
        """A number as the pattern in the form writes it today. Raises Refused."""
        on = clock.today()
        tokens = {"klas": "100.3.7.1", "urut": 12, "unit": self.unit.data or "", "romawi": ROMAN[on.month], "bulan": f"{on.month:02}", "tahun": on.year}
        return number_text((self.number_pattern.data or "").strip(), **tokens, kode_desa="73.02.01.2004")

    def shown_example(self) -> str:
        """The example, or nothing while the pattern is wrong."""
        try:
            return self.example()
        except Refused:
            return ""

    def now(self) -> dict[str, Any]:
        lines = tuple(each.strip() for each in (self.copies.data or "").splitlines() if each.strip())
        return super().now() | {"paraf_from": self.paraf_from.data, "paper": self.paper.data, "kedua_left": self.kedua.data == "left", "copies_to": lines}


def form_of(office: Office) -> OfficeForm:
    """The form that fits the office's side."""
    return OwnOfficeForm(office) if office.side == 1 else OfficeForm(office)
