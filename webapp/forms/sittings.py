"""The form of a signing that is recorded for many agreements: once when, once where, once its minutes."""

from __future__ import annotations

from datetime import date

from wtforms import ValidationError

from ..models.sittings import Minutes
from .base import EvidenceField
from .signatures import SignedForm


class SignedTogetherForm(SignedForm):
    """When and where they were signed, with the minutes that list them."""

    minutes = EvidenceField(
        "Berita acara penandatanganan",
        description="Satu PDF, paling besar 25 MB: berita acara yang ditandatangani, dengan nomor semua perjanjian yang dipilih. Tanpa nama dan NIK peserta, karena setiap desa menyimpannya.",
        render_kw={"multiple": False, "accept": "application/pdf"},
    )

    def __init__(self, place: str, today: date) -> None:
        super().__init__(place, None, today)

    def validate_minutes(self, field: EvidenceField) -> None:
        """One PDF: every village keeps the very bytes that came."""
        if field.data and [each.media_type for each in field.data.originals] != ["application/pdf"]:
            raise ValidationError("Unggah satu PDF. Foto halaman dicatat per desa, atau digabung dahulu menjadi PDF.")

    def proof(self) -> Minutes:
        """The minutes as they lie in the store."""
        whole = self.minutes.data.originals[0]
        return Minutes(whole.sha256, whole.name, whole.size)
