"""``sinergi contributions``: what one person owes in a month, with the derivation of every figure."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation

import click

from workflows.contributions import Charge, NoRate, charges

from ..db import db
from ..models.reading import rulebook
from . import BadInput, cli, say
from .session import installation


@cli.command(help="Iuran seorang peserta dalam satu bulan, dengan asal tiap angkanya.\n\nContoh: sinergi contributions --category perangkat --wage 2022200 --month 2026-03 --json")
@click.option("--category", required=True, help="Kelompok peserta, misalnya perangkat atau pekerja_rentan.")
@click.option("--wage", help="Dasar upah dalam rupiah (bawaan: dasar upah kelompok itu).")
@click.option("--month", required=True, help="Bulan iuran (BLTH), misalnya 2026-03.")
@click.option("--json", "as_json", is_flag=True, help="Tulis sebagai JSON; angka ditulis sebagai teks agar tidak dibulatkan.")
def contributions(category: str, wage: str | None, month: str, as_json: bool) -> None:
    """Base × rate, regulation and rounding of each programme."""
    first = _month(month)
    with installation():
        book = rulebook(db.session)
        terms = book.terms(first.year, category)
        if terms is None:
            raise BadInput(f"Ketentuan {category} untuk {first.year} belum diisi. Kelompok yang dikenal: {', '.join(book.category_names)}.")
        base = _wage(wage) if wage else book.wage_base(first.year, category)
        try:
            found = charges(book.law, terms, base or Decimal(), first)
        except NoRate as error:
            raise BadInput(f"{error}. Isikan di halaman Aturan.") from error
        total = sum((each.amount for each in found), Decimal())
        answer = {each.programme: str(each.amount) for each in found} | {"total": str(total), "segment": terms.segment, "month": month}
        say(answer | {"derivation": [_told(each) for each in found]}, as_json, [*(each.derivation for each in found), f"Jumlah {total}"])


def _told(each: Charge) -> dict[str, str | None]:
    rate = each.rate
    return {
        "programme": each.programme,
        "base": str(each.base),
        "percent": str(rate.percent) if rate.percent is not None else None,
        "flat": str(rate.flat) if rate.flat is not None else None,
        "regulation": rate.regulation,
        "confidence": rate.confidence,
        "valid_from": rate.valid_from.isoformat(),
        "rounding": "per orang dan program, ke sen terdekat (setengah ke atas); tagihan BPJS yang menentukan",
        "amount": str(each.amount),
    }


def _month(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m").date()
    except ValueError as error:
        raise BadInput(f"Bulan {text!r} tidak dikenal; tulis seperti 2026-03.") from error


def _wage(text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation as error:
        raise BadInput(f"Dasar upah {text!r} bukan bilangan; tulis seperti 2022200.") from error
    if not amount.is_finite() or not 0 < amount < Decimal("1e12"):
        raise BadInput("Dasar upah harus lebih dari nol dan masuk akal.")
    return amount
