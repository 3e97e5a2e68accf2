"""Lampiran II: the calculation as it was frozen with the list."""

from __future__ import annotations

from letters.lampiran_iuran.letter import Letter

from ..models import Agreement
from . import Order, parts

NOTES = (
    "Tarif yang dipakai adalah tarif yang berlaku pada tiap bulan iuran menurut peraturan yang tercantum pada kolom Dasar hukum tarif.",
    "Iuran dibulatkan sampai dua angka di belakang koma untuk tiap orang dan tiap program. Apabila terdapat selisih, yang menentukan adalah tagihan BPJS Ketenagakerjaan.",
)


def facts(agreement: Agreement, order: Order) -> Letter:
    """Its facts."""
    accord, version = parts.accord_of(agreement), parts.version_of(agreement)
    return Letter(
        contoh=order.contoh,
        paper=parts.paper(accord.office),
        agreement=parts.cited(agreement),
        village=parts.village(agreement.village),
        head=parts.signer(agreement.village_head(), f"Kepala Desa {agreement.village.name}"),
        lines=parts.lines(agreement),
        people=version.participants,
        monthly=parts.monthly(version),
        yearly=agreement.yearly_total,
        notes=NOTES,
        place=agreement.village.name,
    )
