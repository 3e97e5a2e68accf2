"""The budgeting circular: what a year costs per person, under which codes, from which sources not, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from letters.surat_edaran.letter import Account, Amount, Forbidden, Letter
from workflows.calendar import openings
from workflows.contributions import NoRate, charges, months_between

from ..models import LegalBasis, Office
from ..models.budget_rules import suggestions, windows
from ..models.reading import rulebook, whoswho
from ..models.rules import Rulebook
from . import Order, parts
from .lampiran_perhitungan import occasion


def usual(office: Office, on: date) -> dict[str, Any]:
    """The next year's budget, once its plan is being made."""
    return {"fiscal_year": on.year + (on.month >= 7), "on_behalf": "own"}


def facts(office: Office, order: Order) -> Letter:
    """Its facts."""
    session = object_session(office)
    assert session is not None
    book, said = rulebook(session), {**usual(office, order.on), **order.answers}
    year, region = said["fiscal_year"], parts.region(office)
    terms_year = next((each for each in range(year, 2014, -1) if book.has_terms(each)), year)
    return Letter(
        contoh=order.contoh,
        paper=parts.paper(office),
        kop=parts.office_kop(office),
        number=order.number,
        place=office.seat,
        dated_on=order.on,
        addressee=f"Para Kepala Desa se-{region}",
        region=region,
        fiscal_year=year,
        terms_year=terms_year,
        legal_bases=parts.bases(_bases(session, order.on)),
        amounts=tuple(found for each in book.categories if (found := _amount(book, each.slug, terms_year, year))),
        accounts=tuple(
            Account(category=book.category_names[each.category_slug], activity_code=each.activity_code, account_code=each.account_code, standard=each.confidence == "S")
            for each in suggestions(session, year)
        ),
        forbidden=_forbidden(book, year),
        forbidden_known=book.source_rules(year) is not None,
        occasions=tuple(occasion(each) for each in openings(year, windows(session), year)),
        points=tuple(said.get("points") or ()),
        pic=parts.contact(office),
        signer=_signer(office, session, order.on, said["on_behalf"]),
        copies_to=(*office.copies_to, f"Para Camat se-{region}"),
    )


def _bases(session: Session, on: date) -> list[LegalBasis]:
    rows = session.scalars(select(LegalBasis).where(LegalBasis.usual, LegalBasis.valid_from <= on))
    return [each for each in rows if each.valid_until is None or on <= each.valid_until]


def _amount(book: Rulebook, category: str, terms_year: int, year: int) -> Amount | None:
    """What one person with the usual wage base costs; None where the office has not said how the category is insured, or no rate is known."""
    terms, wage = book.terms(terms_year, category), book.wage_base(terms_year, category)
    if terms is None or wage is None:
        return None
    try:
        by_month = [charges(book.law, terms, wage, month) for month in months_between(date(year, 1, 1), date(year, 12, 1))]
    except NoRate:
        return None
    sums = [sum((each.amount for each in month), Decimal()) for month in by_month]
    rates = tuple(f"{each.programme} {_rate(each)}" for each in by_month[0])
    return Amount(
        category=book.category_names[category], segment=terms.segment, rates=rates, wage_base=wage, monthly=sums[0] if len(set(sums)) == 1 else None,
        yearly=sum(sums, Decimal()), unsettled=book.unsettled(terms_year, category) or None,
    )  # fmt: skip


def _rate(charge: Any) -> str:
    told = charge.told()["rate"]
    return told if told != "nominal" else parts.rupiah(charge.amount)


def _forbidden(book: Rulebook, year: int) -> tuple[Forbidden, ...]:
    found: dict[tuple[str, str], list[str]] = {}
    for each in book.source_rules(year) or ():
        found.setdefault((each.fund_source, each.article), []).append(book.category_names.get(each.category, each.category))
    return tuple(Forbidden(source=book.fund_sources.get(source, source), article=article, categories=tuple(names)) for (source, article), names in found.items())


def _signer(office: Office, session: Session, on: date, on_behalf: str) -> Any:
    """The head of the office, in his own name or for the Bupati."""
    found = parts.signer(whoswho(session).on("head_office", office.id, on), f"Kepala {office.name}")
    bupati = parts.region(office).replace("Kabupaten", "Bupati", 1)
    return replace(found, on_behalf=bupati) if on_behalf == "bupati" else found
