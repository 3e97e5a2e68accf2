"""The calculation of a shortfall: contributions as they were frozen, the lines that stand, what is uncovered, and when it can be cured."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from letters import calculation
from letters.lampiran_perhitungan.letter import Letter
from workflows.stages.budgeting import forbidden, shortages

from ..models import Agreement, BudgetLine
from ..models.budget_rules import next_opening
from ..models.budgets import KINDS
from . import Order, parts
from .surat_pengantar import head_of

SHARED = "Baris yang membayar beberapa kategori dibagi sedemikian rupa sehingga kekurangannya sekecil mungkin."
BILL = "Apabila terdapat selisih, yang menentukan adalah tagihan BPJS Ketenagakerjaan."


def facts(agreement: Agreement, order: Order) -> Letter:
    """Its facts."""
    accord = parts.accord_of(agreement)
    return Letter(
        contoh=order.contoh,
        paper=parts.paper(accord.office),
        village=parts.village(agreement.village),
        agreement=parts.cited(agreement),
        calculation=calculated(agreement, order.on),
        yearly=agreement.yearly_total,
        place=accord.office.seat,
        dated_on=order.on,
        signer=head_of(accord.office, order, agreement),
    )


def calculated(agreement: Agreement, on: date) -> calculation.Calculation:
    """The calculation as it stands on a day."""
    uncovered = tuple(_uncovered(agreement, each) for each in shortages(agreement, agreement.due_by_month))
    return calculation.Calculation(
        village=parts.village(agreement.village),
        fiscal_year=agreement.fiscal_year,
        counted_on=on,
        people=parts.version_of(agreement).participants,
        lines=parts.lines(agreement),
        budget=tuple(_budgeted(agreement, each) for each in agreement.standing_lines),
        uncovered=uncovered,
        due=sum((each.due for each in uncovered), Decimal()),
        covered=sum((each.covered for each in uncovered), Decimal()),
        short=sum((each.short for each in uncovered), Decimal()),
        occasion=_occasion(agreement, on),
        notes=(SHARED, BILL),
    )


def _uncovered(agreement: Agreement, each) -> calculation.Uncovered:
    ends = {"blth_from": each.months[0], "blth_until": each.months[-1]} if each.months else {}
    name = agreement.category_names.get(each.category, each.category)
    return calculation.Uncovered(category=name, due=each.due, covered=each.covered, short=each.short, months=len(each.months), **ends)


def _budgeted(agreement: Agreement, line: BudgetLine) -> calculation.Budgeted:
    names = parts.book(agreement)
    broken = [each.article for each in forbidden(agreement) if each.fund_source == line.fund_source and each.category in line.categories]
    return calculation.Budgeted(
        document=parts.formal(KINDS[line.document]), activity_code=line.activity_code, account_code=line.account_code, name=line.name,
        source=names.fund_sources.get(line.fund_source, line.fund_source), categories=tuple(names.category_names.get(each, each) for each in line.categories),
        amount=line.amount, forbidden="; ".join(dict.fromkeys(broken)) or None,
    )  # fmt: skip


def _occasion(agreement: Agreement, on: date) -> calculation.Occasion | None:
    found = next_opening(agreement._session, on, agreement.fiscal_year)
    return occasion(found) if found else None


def occasion(found) -> calculation.Occasion:
    """A window of the budget calendar as a paper tells it."""
    return calculation.Occasion(
        document=parts.formal(KINDS[found.window.document]), fiscal_year=found.fiscal_year, opens_on=found.opens_on, closes_on=found.closes_on,
        article=found.window.article, in_time=found.in_time,
    )  # fmt: skip
