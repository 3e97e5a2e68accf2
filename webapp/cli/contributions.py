"""``sinergi contributions``: what one person owes in a month or period, or what the frozen lists owe, with the derivation of every figure."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import click

from workflows.contributions import Charge, Group, NoRate, Owed, charges, owed

from .. import clock
from ..db import db
from ..models.contributions import Account, Derived, Part, Where, account
from ..models.overview import shown_year
from ..models.reading import rulebook
from ..models.rules import Rulebook
from . import BadInput, cli, say
from .session import installation


@cli.command(help="Iuran seorang peserta dalam satu bulan atau masa, atau iuran menurut daftar beku, dengan asal tiap angkanya.\n\nContoh: sinergi contributions --category perangkat --wage 2022200 --month 2026-03 --json\n\nTanpa --wage dan --category: jumlah seluruh kabupaten, satu kecamatan, atau satu desa, misalnya sinergi contributions --kecamatan 73.02.01")
@click.option("--category", help="Kelompok peserta, misalnya perangkat atau pekerja_rentan.")
@click.option("--wage", help="Dasar upah dalam rupiah (bawaan: dasar upah kelompok itu).")
@click.option("--month", help="Bulan iuran (BLTH), misalnya 2026-03.")
@click.option("--until", help="Bulan terakhir, untuk masa yang dapat melewati perubahan tarif, misalnya 2026-12.")
@click.option("--village", default="", help="Kode desa: potongan yang berlaku baginya, atau iuran menurut daftar bekunya.")
@click.option("--kecamatan", default="", help="Kode kecamatan, misalnya 73.02.01: iuran menurut daftar beku desa-desanya.")
@click.option("--year", type=int, help="Tahun daftar beku (bawaan: tahun yang berjalan).")
@click.option("--json", "as_json", is_flag=True, help="Tulis sebagai JSON; angka ditulis sebagai teks agar tidak dibulatkan.")
def contributions(category: str | None, wage: str | None, month: str | None, until: str | None, village: str, kecamatan: str, year: int | None, as_json: bool) -> None:
    """Base × rate, regulation and rounding of each programme; or the sums of frozen lists."""
    first, last = _month(month) if month else None, _month(until) if until else None
    base = _wage(wage) if wage else None
    with installation():
        if category is None or kecamatan:
            _say_frozen(Where(year or (first.year if first else shown_year(db.session, clock.today())), first, kecamatan, village, category or ""), as_json)
        elif first is None:
            raise BadInput("Sebutkan bulan iurannya dengan --month, misalnya --month 2026-03.")
        else:
            _say_person(category, base, first, last, village, as_json)


def _say_person(category: str, wage: Decimal | None, first: date, last: date | None, village: str, as_json: bool) -> None:
    if last and last < first:
        raise BadInput("Bulan terakhir (--until) lebih awal dari bulan pertama (--month).")
    try:
        spans = _spans(rulebook(db.session), category, wage, first, last or first, village)
    except NoRate as error:
        raise BadInput(f"{error}. Isikan di halaman Aturan.") from error
    if last is None:
        (one,) = spans
        answer = _totals(one.charges, 1) | {"total": str(one.per_person), "segment": one.group.terms.segment, "month": f"{first:%Y-%m}"}
        say(answer | {"derivation": [_told(each) for each in one.charges]}, as_json, [*(each.derivation for each in one.charges), f"Jumlah {one.per_person}"])
        return
    total = sum((each.total for each in spans), Decimal())
    answer = {"total": str(total), "segment": spans[0].group.terms.segment, "month": f"{first:%Y-%m}", "until": f"{last:%Y-%m}", "spans": [_span(each) for each in spans]}
    lines = [line for each in spans for line in _span_lines(each)]
    say(answer, as_json, [*lines, f"Jumlah {total}"])


def _spans(book: Rulebook, category: str, wage: Decimal | None, first: date, last: date, village: str) -> list[Owed]:
    """The person's contributions, each year by its own terms."""
    found: list[Owed] = []
    for year in range(first.year, last.year + 1):
        terms = book.terms(year, category)
        if terms is None:
            raise BadInput(f"Ketentuan {category} untuk {year} belum diisi. Kelompok yang dikenal: {', '.join(book.category_names)}.")
        base = wage or book.wage_base(year, category) or Decimal()
        start, end = max(first, date(year, 1, 1)), min(last, date(year, 12, 1))
        charges(book.law, terms, base, start, village)  # raises NoRate before anything is said
        found += owed(book.law, [Group(terms, base, 1, village=village)], start, end)
    return found


def _totals(found: tuple[Charge, ...], months: int) -> dict[str, str]:
    return {each.programme: str(each.amount * months) for each in found}


def _span(each: Owed) -> dict[str, Any]:
    return {
        **_totals(each.charges, each.months), "first": f"{each.first:%Y-%m}", "last": f"{each.last:%Y-%m}", "months": str(each.months),
        "per_month": str(each.per_person), "total": str(each.total), "derivation": [_told(one) for one in each.charges],
    }  # fmt: skip


def _span_lines(each: Owed) -> list[str]:
    head = f"{each.first:%m-%Y} sampai {each.last:%m-%Y}: {each.months} bulan x {each.per_person} = {each.total}"
    return [head, *(f"  {one.derivation}" for one in each.charges)]


def _told(each: Charge) -> dict[str, str | None]:
    rate, told = each.rate, each.told()
    return {
        "programme": each.programme,
        "wage": str(each.wage),
        "base": str(each.base),
        "percent": str(rate.percent) if rate.percent is not None else None,
        "flat": str(rate.flat) if rate.flat is not None else None,
        "ceiling": told["ceiling"] or None,
        "reduction": told["reduction"] or None,
        "employer": told["employer"],
        "worker": told["worker"],
        "regulation": each.regulation,
        "confidence": each.confidence,
        "valid_from": rate.valid_from.isoformat(),
        "rounding": f"{each.rounding.sentence} ({each.rounding.regulation}); tagihan BPJS yang menentukan",
        "rounding_confidence": each.rounding.confidence,
        "amount": str(each.amount),
    }


def _say_frozen(where: Where, as_json: bool) -> None:
    found = account(db.session, where)
    if found is None:
        raise BadInput("Tidak ada desa atau kecamatan berkode itu. Daftar kode: sinergi villages")
    lines = [f"{each.key:<16}{each.name:<32}{each.people:>7} orang {each.amount:>18}" for each in (*found.parts, found.whole)]
    say(_account(found), as_json, lines)


def _account(found: Account) -> dict[str, Any]:
    period = f"{found.where.month:%Y-%m}" if found.where.month else str(found.where.year)
    parts = [_part(each) | {"derivation": [_origin(one) for one in each.derived]} for each in found.parts]
    months = {f"{month:%Y-%m}": str(amount) for month, amount in found.months}
    return _part(found.whole) | {"period": period, "level": found.where.level, "parts": parts, "months": months}


def _part(each: Part) -> dict[str, str]:
    return {"code": each.key, "name": each.name, "villages": str(each.villages), "people": str(each.people), "total": str(each.amount)}


def _origin(each: Derived) -> dict[str, Any]:
    return {
        "category": each.category, "segment": each.segment, "wage_base": str(each.wage_base), "first": f"{each.first:%Y-%m}", "last": f"{each.last:%Y-%m}",
        "months": str(each.months), "people": str(each.people), "per_person": str(each.per_person), "amount": str(each.amount),
        "programmes": [one.get("derivation") or f"{one['programme']} {one['rate']} = {one['amount']}" for one in each.charges],
    }  # fmt: skip


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
