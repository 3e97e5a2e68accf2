"""Law as data: categories and their terms, fund sources, legal bases, due dates, and the rulebook that holds all of it (rates: tariffs.py)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from workflows import Refused
from workflows.contributions import Rate, Terms
from workflows.deadlines import DueRule
from workflows.facts import SourceRule
from workflows.people import Limits
from workflows.tariffs import VILLAGE_BUDGET

from ..db import Base, Listed, Rupiah
from . import audit
from .budget_rules import AccountSuggestion, BudgetWindow
from .regions import Village
from .tariffs import (
    AdjustmentRow,
    AgeLimit,
    BracketRow,
    CeilingRow,
    DatedRow,
    DiscountSwitch,
    PostWage,
    RateRow,
    RoundingRow,
    law_of,
    payers,
)
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


class Category(Base):
    """A category of participants, in the order in which lists and annexes show them."""

    __tablename__ = "categories"

    slug: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    rank: Mapped[int]
    account_hint: Mapped[str] = mapped_column(String(80), default="")


class CategoryTerms(Base):
    """How a category is insured in a year, as the office decided: segment, programmes, usual wage base, risk class, sector, and who pays."""

    __tablename__ = "category_terms"
    __table_args__ = (UniqueConstraint("year", "category_slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    category_slug: Mapped[str] = mapped_column(ForeignKey("categories.slug"))
    segment: Mapped[str] = mapped_column(String(3))
    programmes: Mapped[tuple[str, ...]] = mapped_column(Listed)
    wage_base: Mapped[Decimal] = mapped_column(Rupiah)
    risk: Mapped[str] = mapped_column(String(3), default="I", server_default="I")
    sector: Mapped[str] = mapped_column(String(20), default="lain", server_default="lain")
    payer: Mapped[str] = mapped_column(String(12), default=VILLAGE_BUDGET, server_default=VILLAGE_BUDGET)
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


class SourceYear(Base):
    """A year for which the office has said all that is forbidden, also when that is nothing."""

    __tablename__ = "source_years"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
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
    source: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))


class Rulebook:
    """The law of the office, read once and asked often."""

    def __init__(self, session: Session) -> None:
        self.law = law_of(session)
        self.categories = tuple(session.scalars(select(Category).order_by(Category.rank)))
        self.category_names: Mapping[str, str] = {each.slug: each.name for each in self.categories}
        self.fund_sources: Mapping[str, str] = {
            each.slug: each.name for each in session.scalars(select(FundSource).order_by(FundSource.rank))
        }
        self.due_rules: Mapping[str, DueRule] = {
            each.condition: DueRule(each.years, each.month, each.day, each.source) for each in session.scalars(select(DueDate))
        }
        self.remembered: dict[object, tuple[str, ...]] = {}  # answers that follow from this law alone
        self.post_wages = tuple(session.scalars(select(PostWage).order_by(PostWage.id)))
        self._limits = tuple(session.scalars(select(AgeLimit).order_by(AgeLimit.valid_from)))
        self._settled = frozenset(session.scalars(select(SourceYear.year)))
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
        return Terms(category, row.segment, row.programmes, row.risk, row.sector, row.payer) if row else None

    def has_terms(self, year: int) -> bool:
        """Has the office said for the year how anybody is insured?"""
        return any(each == year for each, _ in self._terms)

    def wage_base(self, year: int, category: str, job: str = "") -> Decimal | None:
        """The usual wage base in the year: that of the post where it has one of its own, else that of the category."""
        row = self._terms.get((year, category))
        post = next((each for each in self.post_wages if (each.year, each.category_slug) == (year, category) and each.names(job)), None)
        return post.wage_base if post else row.wage_base if row else None

    def wage_bases(self, year: int, category: str) -> frozenset[Decimal]:
        """Every wage base that is usual in the category, whatever the post."""
        posts = {each.wage_base for each in self.post_wages if (each.year, each.category_slug) == (year, category)}
        row = self._terms.get((year, category))
        return frozenset(posts | ({row.wage_base} if row else set()))

    def limit_on(self, kind: str, day: date) -> AgeLimit | None:
        """The age limit of the kind on that day."""
        held = [each for each in self._limits if each.kind == kind and each.valid_from <= day and (each.valid_until is None or day <= each.valid_until)]
        return held[-1] if held else None

    def limits_on(self, day: date) -> Limits:
        """The ages from which a person is looked at twice."""
        usual, oldest, youngest = Limits(), self.limit_on("oldest", day), self.limit_on("youngest", day)
        source = "; ".join(dict.fromkeys(each.regulation for each in (oldest, youngest) if each))
        return Limits(oldest.years if oldest else usual.oldest, youngest.years if youngest else usual.youngest, source or usual.source)

    def unsettled(self, year: int, category: str) -> str:
        """How unsure the office is of segment and wage base of the category, in words; empty when it is sure."""
        row = self._terms.get((year, category))
        return CONFIDENCE[row.confidence] if row and row.confidence != "S" else ""

    def source_rules(self, year: int) -> tuple[SourceRule, ...] | None:
        """Forbidden sources of the year; none where the office has said that there are none, None while the year is not filled in."""
        return tuple(self._forbidden.get(year, ())) if year in self._forbidden or year in self._settled else None

    def settled_empty(self, year: int) -> bool:
        """Has the office said that nothing is forbidden in the year?"""
        return year in self._settled and year not in self._forbidden


def save_rule(session: Session, row: Any, now: Mapping[str, Any], by: User, at: datetime) -> None:
    """Write a rule, new or changed; the event keeps what it says now, the one before what it said. Raises Refused for a rate that stands."""
    if isinstance(row, DatedRow):
        _make_room(session, row, now)
    for name, value in now.items():
        setattr(row, name, value)
    added = row not in session
    session.add(row)
    session.flush()
    audit.record(session, "rule.added" if added else "rule.changed", _object(row), actor=by.login, at=at, now=dict(now))


def _make_room(session: Session, row: DatedRow, now: Mapping[str, Any]) -> None:
    """A dated rule is never overwritten: the one that runs ends the day before, unless the new one is for a time only and it returns afterwards."""
    model: Any = type(row)
    for each in session.scalars(select(model).where(*(getattr(model, name) == now[name] for name in row.same))):
        if each.valid_from == now["valid_from"]:
            raise Refused(f"{each.label} mulai {each.valid_from:%d-%m-%Y} sudah ada. Aturan tidak ditimpa; pilih tanggal mulai yang lain.")
        if each.valid_until is None and now["valid_until"] is None:
            if each.valid_from > now["valid_from"]:
                raise Refused(f"Aturan baru harus mulai sesudah yang berlaku sekarang ({each.valid_from:%d-%m-%Y}).")
            each.valid_until = now["valid_from"] - timedelta(days=1)


def end_rule(session: Session, row: Any, last: date, why: str, by: User, at: datetime) -> None:
    """Say until when a dated rule holds; what it said stays. Raises Refused when it has ended already or would end before it began."""
    if row.valid_until is not None:
        raise Refused(f"Aturan ini sudah berakhir {row.valid_until:%d-%m-%Y}.")
    if last < row.valid_from:
        raise Refused(f"Aturan ini baru mulai {row.valid_from:%d-%m-%Y}; hari terakhirnya tidak boleh sebelum itu.")
    row.valid_until = last
    session.flush()
    audit.record(session, "rule.ended", _object(row), actor=by.login, at=at, last=last.isoformat(), why=why)


def switch_discount(session: Session, adjustment: Any, said: DiscountSwitch, by: User, at: datetime) -> DiscountSwitch:
    """Record what BPJS says of a discount and a payer. Raises Refused where the regulation excludes the payer, or nothing would change."""
    law = law_of(session)
    if said.on and said.payer in adjustment.not_for:
        raise Refused(f"{adjustment.regulation} tidak berlaku bagi peserta yang iurannya dibayar {said.payer}.")
    if any((each.adjustment, each.payer, each.village) == (adjustment.slug, said.payer, said.village) for each in law.switches):
        if law.is_on(adjustment.slug, said.payer, said.village) == said.on:
            raise Refused("Keadaan ini sudah dicatat.")
    elif not said.on and not law.is_on(adjustment.slug, said.payer, said.village):
        raise Refused("Potongan ini memang belum diberlakukan bagi pembayar itu.")
    said.adjustment_slug, said.by_id, said.at = adjustment.slug, by.id, at
    session.add(said)
    session.flush()
    facts = {"adjustment": said.adjustment_slug, "payer": said.payer, "evidence": said.evidence}
    audit.record(session, "discount.switched", f"adjustment:{adjustment.slug}", actor=by.login, at=at, village_code=said.village or None, on=said.on, **facts)
    return said


def discounts(session: Session) -> dict[str, Any]:
    """The discounts, every word on a payer newest first, and the names of payers and villages."""
    said = list(session.scalars(select(DiscountSwitch).order_by(DiscountSwitch.id.desc())))
    law, sources = law_of(session), {each.slug: each.name for each in session.scalars(select(FundSource).order_by(FundSource.rank))}
    standing = {each.id: law.is_on(each.adjustment_slug, each.payer, each.village) == each.on and _newest(each, said) for each in said}
    villages = {each.code: each.name for each in session.scalars(select(Village).where(Village.code.in_({each.village for each in said})))}
    found = list(session.scalars(select(AdjustmentRow).order_by(AdjustmentRow.valid_from, AdjustmentRow.id)))
    return {"adjustments": found, "said": said, "standing": standing, "payers": payers(sources), "villages": villages}


def _newest(one: DiscountSwitch, said: list[DiscountSwitch]) -> bool:
    return one is next(each for each in said if (each.adjustment_slug, each.payer, each.village) == (one.adjustment_slug, one.payer, one.village))


def adjustment_named(session: Session, slug: str) -> AdjustmentRow | None:
    """The discount of that code."""
    return session.scalar(select(AdjustmentRow).where(AdjustmentRow.slug == slug))


def remove_rule(session: Session, row: Any, by: User, at: datetime) -> None:
    """Take a rule out; the event keeps what it said. The last forbidden source of a year leaves the year not filled in, unless it was settled."""
    said = {each.key: getattr(row, each.key) for each in row.__table__.columns if each.key != "id"}
    named = _object(row)
    session.delete(row)
    session.flush()
    audit.record(session, "rule.removed", named, actor=by.login, at=at, was=said)


def _object(row: Any) -> str:
    (key,) = row.__table__.primary_key.columns.keys()
    return f"{row.__tablename__}:{getattr(row, key)}"


READ: Mapping[type, Any] = {int: lambda text: int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1, date: date.fromisoformat}
USUAL_ORDER = ("JKK", "JKM", "JHT", "JP")


def all_rules(session: Session) -> dict[str, list[Any]]:
    """Every rule of every kind, in the order in which a page shows it."""
    order: dict[str, tuple[Any, ...]] = {
        "bases": (LegalBasis, LegalBasis.rank, LegalBasis.short),
        "rates": (RateRow, RateRow.risk, RateRow.valid_from.desc()),
        "ceilings": (CeilingRow, CeilingRow.programme, CeilingRow.valid_from.desc()),
        "brackets": (BracketRow, BracketRow.at_least, BracketRow.valid_from.desc()),
        "adjustments": (AdjustmentRow, AdjustmentRow.valid_from, AdjustmentRow.id),
        "roundings": (RoundingRow, RoundingRow.valid_from.desc()),
        "limits": (AgeLimit, AgeLimit.kind, AgeLimit.valid_from.desc()),
        "posts": (PostWage, PostWage.year.desc(), PostWage.id),
        "settled": (SourceYear, SourceYear.year.desc()),
        "holidays": (Holiday, Holiday.day),
        "terms": (CategoryTerms, CategoryTerms.year.desc(), CategoryTerms.id),
        "sources": (FundSource, FundSource.rank),
        "categories": (Category, Category.rank),
        "forbidden": (ForbiddenSource, ForbiddenSource.year.desc(), ForbiddenSource.id),
        "due": (DueDate, DueDate.condition),
        "windows": (BudgetWindow, BudgetWindow.years, BudgetWindow.month_first),
        "suggested": (AccountSuggestion, AccountSuggestion.year.desc(), AccountSuggestion.id),
    }
    found = {name: list(session.scalars(select(model).order_by(*by))) for name, (model, *by) in order.items()}
    found["rates"].sort(key=lambda each: (each.segment != "PU", USUAL_ORDER.index(each.programme)))
    return found


def rule_by_key(session: Session, model: Any, key: str) -> Any:
    """The rule that a link names by its key; None when there is none."""
    (column,) = model.__table__.primary_key.columns
    try:
        return session.get(model, READ.get(column.type.python_type, str)(key))
    except (ValueError, OverflowError):
        return None


def rows_of(session: Session, model: Any) -> list[tuple[Any, ...]]:
    """All rows of a kind as a table, the names of its columns first; lists are joined."""
    names = tuple(each.key for each in model.__table__.columns)
    found = session.scalars(select(model).order_by(*model.__table__.primary_key.columns))
    values = [tuple(getattr(each, name) for name in names) for each in found]
    return [names, *(tuple(", ".join(cell) if isinstance(cell, tuple) else cell for cell in row) for row in values)]
