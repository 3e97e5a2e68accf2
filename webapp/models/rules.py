"""Law as data: rates, categories, fund sources, legal bases and due dates, each with its time of validity, source and confidence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from workflows import Refused
from workflows.contributions import Law, Rate, Terms
from workflows.deadlines import DueRule
from workflows.facts import SourceRule

from ..db import Base, Exact, Listed, Rupiah
from . import audit
from .users import User

CONFIDENCE = {"S": "pasti", "L": "kemungkinan besar", "U": "belum pasti"}


class LegalBasis(Base):
    """A regulation that papers may cite. ``rank`` orders a preamble: UU, PP, Perpres/Inpres, Permen, Perda."""

    __tablename__ = "legal_bases"

    id: Mapped[int] = mapped_column(primary_key=True)
    short: Mapped[str] = mapped_column(String(80), unique=True)
    citation: Mapped[str] = mapped_column(Text)
    rank: Mapped[int]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    usual: Mapped[bool] = mapped_column(default=False)
    confidence: Mapped[str] = mapped_column(String(1))
    source: Mapped[str] = mapped_column(Text)


class RateRow(Base):
    """A contribution rate (see ``workflows.contributions.Rate``)."""

    __tablename__ = "rates"

    id: Mapped[int] = mapped_column(primary_key=True)
    programme: Mapped[str] = mapped_column(String(4))
    segment: Mapped[str] = mapped_column(String(3))
    percent: Mapped[Decimal | None] = mapped_column(Exact)
    flat: Mapped[Decimal | None] = mapped_column(Rupiah)
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    regulation: Mapped[str] = mapped_column(String(120))
    confidence: Mapped[str] = mapped_column(String(1))
    source: Mapped[str] = mapped_column(Text)

    def as_rate(self) -> Rate:
        """The value that the law reckons with."""
        return Rate(
            self.programme, self.segment, self.percent, self.flat, self.valid_from, self.valid_until, self.regulation, self.confidence
        )


class Category(Base):
    """A category of participants, in the order in which lists and annexes show them."""

    __tablename__ = "categories"

    slug: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    rank: Mapped[int]
    account_hint: Mapped[str] = mapped_column(String(80), default="")


class CategoryTerms(Base):
    """How a category is insured in a year: segment, programmes and the usual wage base, as the office decided."""

    __tablename__ = "category_terms"
    __table_args__ = (UniqueConstraint("year", "category_slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    category_slug: Mapped[str] = mapped_column(ForeignKey("categories.slug"))
    segment: Mapped[str] = mapped_column(String(3))
    programmes: Mapped[tuple[str, ...]] = mapped_column(Listed)
    wage_base: Mapped[Decimal] = mapped_column(Rupiah)
    confidence: Mapped[str] = mapped_column(String(1))
    source: Mapped[str] = mapped_column(Text)


class FundSource(Base):
    """A fund source of the village budget, with its revenue account."""

    __tablename__ = "fund_sources"

    slug: Mapped[str] = mapped_column(String(12), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    account: Mapped[str] = mapped_column(String(20), default="")
    rank: Mapped[int]


class ForbiddenSource(Base):
    """A fund source that may not pay for a category in a year. No row for a year means: not filled in yet."""

    __tablename__ = "forbidden_sources"
    __table_args__ = (UniqueConstraint("year", "fund_source", "category_slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    fund_source: Mapped[str] = mapped_column(ForeignKey("fund_sources.slug"))
    category_slug: Mapped[str] = mapped_column(ForeignKey("categories.slug"))
    article: Mapped[str] = mapped_column(String(120))
    confidence: Mapped[str] = mapped_column(String(1))
    source: Mapped[str] = mapped_column(Text)


class DueDate(Base):
    """Until when a condition should be met: a day of the fiscal year, or of the one before (``years`` -1)."""

    __tablename__ = "due_dates"

    condition: Mapped[str] = mapped_column(String(40), primary_key=True)
    years: Mapped[int]
    month: Mapped[int]
    day: Mapped[int]
    source: Mapped[str] = mapped_column(Text)


class Holiday(Base):
    """A public holiday or shared leave (SKB 3 Menteri)."""

    __tablename__ = "holidays"

    day: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))


class Rulebook:
    """The law of the office, read once and asked often."""

    def __init__(self, session: Session) -> None:
        self.law = Law(tuple(each.as_rate() for each in session.scalars(select(RateRow).order_by(RateRow.id))))
        self.categories = tuple(session.scalars(select(Category).order_by(Category.rank)))
        self.category_names: Mapping[str, str] = {each.slug: each.name for each in self.categories}
        self.fund_sources: Mapping[str, str] = {
            each.slug: each.name for each in session.scalars(select(FundSource).order_by(FundSource.rank))
        }
        self.due_rules: Mapping[str, DueRule] = {
            each.condition: DueRule(each.years, each.month, each.day, each.source) for each in session.scalars(select(DueDate))
        }
        self.remembered: dict[object, tuple[str, ...]] = {}  # answers that follow from this law alone
        self._terms = {(each.year, each.category_slug): each for each in session.scalars(select(CategoryTerms))}
        self._forbidden: dict[int, list[SourceRule]] = {}
        for each in session.scalars(select(ForbiddenSource).order_by(ForbiddenSource.id)):
            self._forbidden.setdefault(each.year, []).append(SourceRule(each.fund_source, each.category_slug, each.article))

    @property
    def rates(self) -> tuple[Rate, ...]:
        """The rates of the law."""
        return self.law.rates

    def terms(self, year: int, category: str) -> Terms | None:
        """How the category is insured in the year; None while nobody has said so."""
        row = self._terms.get((year, category))
        return Terms(category, row.segment, row.programmes) if row else None

    def has_terms(self, year: int) -> bool:
        """Has the office said for the year how anybody is insured?"""
        return any(each == year for each, _ in self._terms)

    def wage_base(self, year: int, category: str) -> Decimal | None:
        """The usual wage base of the category in the year."""
        row = self._terms.get((year, category))
        return row.wage_base if row else None

    def unsettled(self, year: int, category: str) -> str:
        """How unsure the office is of segment and wage base of the category, in words; empty when it is sure."""
        row = self._terms.get((year, category))
        return CONFIDENCE[row.confidence] if row and row.confidence != "S" else ""

    def source_rules(self, year: int) -> tuple[SourceRule, ...] | None:
        """Forbidden sources of the year; None while the year is not filled in."""
        return tuple(self._forbidden[year]) if year in self._forbidden else None


def save_rule(session: Session, row: Any, now: Mapping[str, Any], by: User, at: datetime) -> None:
    """Write a rule, new or changed; the event keeps what it says now, the one before what it said. Raises Refused for a rate that stands."""
    if isinstance(row, RateRow):
        _make_room(session, now)
    for name, value in now.items():
        setattr(row, name, value)
    added = row not in session
    session.add(row)
    session.flush()
    audit.record(session, "rule.added" if added else "rule.changed", _object(row), actor=by.login, at=at, now=dict(now))


def _make_room(session: Session, now: Mapping[str, Any]) -> None:
    """A rate is never overwritten: the one that runs ends the day before, unless the new one is for a time only and it returns afterwards."""
    same = select(RateRow).where(RateRow.programme == now["programme"], RateRow.segment == now["segment"])
    for each in session.scalars(same):
        if each.valid_from == now["valid_from"]:
            raise Refused(f"Tarif {each.programme} {each.segment} mulai {each.valid_from:%d-%m-%Y} sudah ada. Tarif tidak ditimpa; pilih tanggal mulai yang lain.")
        if each.valid_until is None and now["valid_until"] is None:
            if each.valid_from > now["valid_from"]:
                raise Refused(f"Tarif baru harus mulai sesudah tarif yang berlaku sekarang ({each.valid_from:%d-%m-%Y}).")
            each.valid_until = now["valid_from"] - timedelta(days=1)


def remove_forbidden(session: Session, row: ForbiddenSource, by: User, at: datetime) -> None:
    """Take a forbidden source out; when it was the last of its year, the year counts as not filled in again."""
    said = {"year": row.year, "fund_source": row.fund_source, "category": row.category_slug, "article": row.article}
    session.delete(row)
    session.flush()
    audit.record(session, "rule.removed", _object(row), actor=by.login, at=at, was=said)


def _object(row: Any) -> str:
    key = next(getattr(row, name) for name in ("id", "slug", "condition") if hasattr(row, name))
    return f"{row.__tablename__}:{key}"


USUAL_ORDER = ("JKK", "JKM", "JHT", "JP")


def all_rules(session: Session) -> dict[str, list[Any]]:
    """Every rule of every kind, in the order in which a page shows it."""
    order: dict[str, tuple[Any, ...]] = {
        "bases": (LegalBasis, LegalBasis.rank, LegalBasis.short),
        "rates": (RateRow, RateRow.valid_from.desc()),
        "terms": (CategoryTerms, CategoryTerms.year.desc(), CategoryTerms.id),
        "sources": (FundSource, FundSource.rank),
        "categories": (Category, Category.rank),
        "forbidden": (ForbiddenSource, ForbiddenSource.year.desc(), ForbiddenSource.id),
        "due": (DueDate, DueDate.condition),
    }
    found = {name: list(session.scalars(select(model).order_by(*by))) for name, (model, *by) in order.items()}
    found["rates"].sort(key=lambda each: (each.segment != "PU", USUAL_ORDER.index(each.programme)))
    return found


def rule_by_key(session: Session, model: Any, key: str) -> Any:
    """The rule that a link names by its key; None when there is none."""
    (column,) = model.__table__.primary_key.columns
    if column.type.python_type is int and not (key.isascii() and key.isdigit()):
        return None
    return session.get(model, int(key) if column.type.python_type is int else key)


def rows_of(session: Session, model: Any) -> list[tuple[Any, ...]]:
    """All rows of a kind as a table, the names of its columns first; lists are joined."""
    names = tuple(each.key for each in model.__table__.columns)
    found = session.scalars(select(model).order_by(*model.__table__.primary_key.columns))
    values = [tuple(getattr(each, name) for name in names) for each in found]
    return [names, *(tuple(", ".join(cell) if isinstance(cell, tuple) else cell for cell in row) for row in values)]
