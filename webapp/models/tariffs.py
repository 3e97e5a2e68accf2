"""The law of contributions as rows: what ``workflows.tariffs`` reckons with, each with its time of validity, source and confidence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import ClassVar

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from workflows.tariffs import VILLAGE_BUDGET, Adjustment, Bracket, Ceiling, Law, Rate, Rounding, Switch

from ..db import Base, Exact, Listed, Rupiah
from .columns import Recorded
from .users import User

SECTORS = {"lain": "selain transportasi", "transportasi": "transportasi"}
LIMITS = {"oldest": "Umur tertinggi saat didaftarkan", "youngest": "Umur terendah", "pension": "Usia pensiun JP"}


class DatedRow:
    """What every dated rule says beside its value. ``same`` names the columns by which a new row succeeds an old one."""

    same: ClassVar[tuple[str, ...]]

    id: Mapped[int] = mapped_column(primary_key=True)
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    regulation: Mapped[str] = mapped_column(String(120))
    confidence: Mapped[str] = mapped_column(String(1))
    source: Mapped[str] = mapped_column(Text)


class RateRow(DatedRow, Base):
    """A contribution rate (see ``workflows.contributions.Rate``)."""

    __tablename__ = "rates"
    same = ("programme", "segment", "risk")

    programme: Mapped[str] = mapped_column(String(4))
    segment: Mapped[str] = mapped_column(String(3))
    risk: Mapped[str] = mapped_column(String(3), default="", server_default=text("''"))
    percent: Mapped[Decimal | None] = mapped_column(Exact)
    worker: Mapped[Decimal] = mapped_column(Exact, default=Decimal(), server_default="0")
    flat: Mapped[Decimal | None] = mapped_column(Rupiah)

    def as_rate(self) -> Rate:
        """The value that the law reckons with."""
        return Rate(
            self.programme, self.segment, self.percent, self.flat, self.valid_from, self.valid_until, self.regulation, self.confidence,
            self.worker, self.risk,
        )  # fmt: skip

    @property
    def label(self) -> str:
        """What the row is about."""
        return f"Tarif {self.programme} {self.segment}" + (f" kelas {self.risk}" if self.risk else "")


class CeilingRow(DatedRow, Base):
    """The highest wage that counts for a programme."""

    __tablename__ = "ceilings"
    same = ("programme",)

    programme: Mapped[str] = mapped_column(String(4))
    amount: Mapped[Decimal] = mapped_column(Rupiah)

    def as_ceiling(self) -> Ceiling:
        """The value that the law reckons with."""
        return Ceiling(self.programme, self.amount, self.valid_from, self.valid_until, self.regulation, self.confidence)

    @property
    def label(self) -> str:
        """What the row is about."""
        return f"Batas upah {self.programme}"


class BracketRow(DatedRow, Base):
    """A row of the table of incomes for BPU."""

    __tablename__ = "brackets"
    same = ("at_least",)

    at_least: Mapped[Decimal] = mapped_column(Rupiah)
    below: Mapped[Decimal | None] = mapped_column(Rupiah)
    base: Mapped[Decimal] = mapped_column(Rupiah)

    def as_bracket(self) -> Bracket:
        """The value that the law reckons with."""
        return Bracket(self.at_least, self.below, self.base, self.valid_from, self.valid_until, self.regulation, self.confidence)

    @property
    def label(self) -> str:
        """What the row is about."""
        return f"Baris tabel penghasilan mulai {self.at_least:.0f}"


class AdjustmentRow(DatedRow, Base):
    """A discount for a time, off until BPJS switches it on for a payer."""

    __tablename__ = "adjustments"
    same = ("slug",)

    slug: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    programmes: Mapped[tuple[str, ...]] = mapped_column(Listed)
    segment: Mapped[str] = mapped_column(String(3))
    sector: Mapped[str] = mapped_column(String(20))
    percent: Mapped[Decimal] = mapped_column(Exact)
    not_for: Mapped[tuple[str, ...]] = mapped_column(Listed, default=())

    def as_adjustment(self) -> Adjustment:
        """The value that the law reckons with."""
        return Adjustment(
            self.slug, self.name, self.programmes, self.segment, self.sector, self.percent, self.valid_from, self.valid_until,
            self.regulation, self.confidence, self.not_for,
        )  # fmt: skip

    @property
    def label(self) -> str:
        """What the row is about."""
        return self.name


class RoundingRow(DatedRow, Base):
    """How contributions are rounded."""

    __tablename__ = "roundings"
    same = ()

    level: Mapped[str] = mapped_column(String(12))
    unit: Mapped[Decimal] = mapped_column(Rupiah)
    mode: Mapped[str] = mapped_column(String(8))

    def as_rounding(self) -> Rounding:
        """The value that the law reckons with."""
        return Rounding(self.level, self.unit, self.mode, self.valid_from, self.valid_until, self.regulation, self.confidence)

    @property
    def label(self) -> str:
        """What the row is about."""
        return "Aturan pembulatan"


class AgeLimit(DatedRow, Base):
    """An age from which a person is looked at twice, or may not join."""

    __tablename__ = "age_limits"
    same = ("kind",)

    kind: Mapped[str] = mapped_column(String(12))
    years: Mapped[int]

    @property
    def label(self) -> str:
        """What the row is about."""
        return LIMITS[self.kind]


class DiscountSwitch(Recorded, Base):
    """BPJS said for a payer that a discount holds, or holds no longer: who, when, by what evidence. The newest word counts."""

    __tablename__ = "discount_switches"

    id: Mapped[int] = mapped_column(primary_key=True)
    adjustment_slug: Mapped[str] = mapped_column(ForeignKey("adjustments.slug"))
    payer: Mapped[str] = mapped_column(String(12))
    village: Mapped[str] = mapped_column(String(13), default="")  # empty: every village's budget, or the one payer of that name
    on: Mapped[bool]
    evidence: Mapped[str] = mapped_column(Text)

    by: Mapped[User] = relationship()

    def as_switch(self) -> Switch:
        """The value that the law reckons with."""
        return Switch(self.adjustment_slug, self.payer, self.village, self.on)


class PostWage(Base):
    """The wage base of a post where it is not that of its category: any of ``posts`` (comma between) within the job."""

    __tablename__ = "post_wages"
    __table_args__ = (UniqueConstraint("year", "category_slug", "posts"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    category_slug: Mapped[str] = mapped_column(ForeignKey("categories.slug"))
    posts: Mapped[str] = mapped_column(String(160))
    wage_base: Mapped[Decimal] = mapped_column(Rupiah)
    confidence: Mapped[str] = mapped_column(String(1))
    source: Mapped[str] = mapped_column(Text)

    def names(self, job: str) -> bool:
        """Is this the post?"""
        said = f" {' '.join(job.casefold().split())} "
        return any(f" {each.strip()} " in said for each in self.posts.casefold().split(",") if each.strip())


def law_of(session: Session) -> Law:
    """Everything that contributions are reckoned with, as it stands now."""

    def all_(model: type) -> list:
        return list(session.scalars(select(model).order_by(model.id)))  # type: ignore[attr-defined]

    return Law(
        tuple(each.as_rate() for each in all_(RateRow)),
        tuple(each.as_ceiling() for each in all_(CeilingRow)),
        tuple(each.as_bracket() for each in all_(BracketRow)),
        tuple(each.as_adjustment() for each in all_(AdjustmentRow)),
        tuple(each.as_switch() for each in all_(DiscountSwitch)),
        tuple(each.as_rounding() for each in all_(RoundingRow)),
    )


def payers(names: Mapping[str, str]) -> dict[str, str]:
    """Who may pay for a category: the village's own budget, or a fund source outside of it."""
    return {VILLAGE_BUDGET: "APB Desa", **{slug: name for slug, name in names.items() if slug in ("APBD", "CSR")}}
