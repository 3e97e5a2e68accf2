"""Lampiran II: the calculation as it was frozen with the list, with how it was rounded and what in it is not settled yet."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from letters.indonesian import rupiah
from letters.lampiran_iuran.letter import Letter

from ..models import Agreement
from . import Order, parts

RATES = "Tarif yang dipakai adalah tarif yang berlaku pada tiap bulan iuran menurut peraturan yang tercantum pada kolom Dasar hukum tarif."
ROUNDED = "tiap orang dan tiap program dibulatkan sampai dua angka di belakang koma"  # as lists of version 0.1 were frozen
BILL = "Apabila terdapat selisih, yang menentukan adalah tagihan BPJS Ketenagakerjaan."
SURE = {"L": "kemungkinan besar benar tetapi belum dipastikan", "U": "belum dipastikan"}


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
        notes=tuple(notes(agreement)),
        place=agreement.village.name,
    )


def notes(agreement: Agreement) -> Iterator[str]:
    """What a reader must know of the figures: rates, rounding, shares, and what is not settled."""
    rows = [(each, charge) for each in parts.version_of(agreement).owed for charge in each.derivation]
    yield RATES
    for each in dict.fromkeys(_rounding(charge) for _, charge in rows) or (f"Iuran {ROUNDED}.",):
        yield f"{each} {BILL}"
    worker = sum((Decimal(charge.get("worker") or 0) * each.people * each.months for each, charge in rows), Decimal())
    if worker:
        yield f"Jumlah iuran itu termasuk bagian yang ditanggung peserta sendiri sebesar {rupiah(worker)}."
    doubts = ((each.segment, charge) for each, charge in rows if charge["confidence"] in SURE)
    yield from dict.fromkeys(f"Aturan {charge['programme']} {segment} ({charge['regulation']}) {SURE[charge['confidence']]}." for segment, charge in doubts)
    yield from _bases(agreement)


def _rounding(charge: dict[str, str]) -> str:
    if "rounding" not in charge:
        return f"Iuran {ROUNDED}."
    source = f" menurut {charge['rounding_regulation']}" if charge["rounding_confidence"] in SURE else ""
    return f"Iuran {charge['rounding']}{source}."


def _bases(agreement: Agreement) -> Iterator[str]:
    law, used = parts.book(agreement), [each.category for each in parts.version_of(agreement).owed]
    names = [name for slug, name in law.category_names.items() if slug in used and law.unsettled(agreement.fiscal_year, slug)]
    if names:
        yield f"Segmen atau dasar iuran bagi {', '.join(names)} memakai ketentuan kantor yang belum dipastikan."
