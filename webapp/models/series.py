"""Which series a kind of letter draws its number from: the office's own choice, valid from a day; whatever nobody chose for goes by the office's one series."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import String, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from workflows import Refused

from ..db import Base, Listed
from . import audit
from .offices import Office
from .users import User


class SeriesRule(Base):
    """``unit`` names the series and is printed where the pattern says so; ``start`` is the first number of every year."""

    __tablename__ = "series_rules"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    unit: Mapped[str] = mapped_column(String(40))
    pattern: Mapped[str] = mapped_column(String(120))
    start: Mapped[int] = mapped_column(default=1)
    kinds: Mapped[tuple[str, ...]] = mapped_column(Listed)
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]

    def holds_on(self, on: date) -> bool:
        """Does it choose on that day?"""
        return self.valid_from <= on and (self.valid_until is None or on <= self.valid_until)


@dataclass(frozen=True)
class Chosen:
    """The series of one letter."""

    unit: str
    pattern: str
    start: int


def series_for(session: Session, office: Office, kind: str, on: date) -> Chosen:
    """The series for a kind of letter on its date."""
    for each in series_rules(session):
        if kind in each.kinds and each.holds_on(on):
            return Chosen(each.unit, each.pattern, each.start)
    return Chosen(office.unit, office.number_pattern, 1)


def series_rules(session: Session) -> list[SeriesRule]:
    """All choices, the newest first."""
    return list(session.scalars(select(SeriesRule).order_by(SeriesRule.valid_from.desc(), SeriesRule.id.desc())))


def units(session: Session, office: Office) -> list[str]:
    """The names of the office's series, its usual one first."""
    return list(dict.fromkeys((office.unit, *session.scalars(select(SeriesRule.unit).order_by(SeriesRule.id)))))


def pattern_of(session: Session, office: Office, unit: str, on: date) -> str:
    """How numbers of a series read."""
    found = next((each.pattern for each in series_rules(session) if each.unit == unit and each.holds_on(on)), None)
    return found or office.number_pattern


def add_series(session: Session, office: Office, rule: SeriesRule, by: User, at: datetime, today: date) -> SeriesRule:
    """A series for some kinds of letters from a day on. Raises Refused for a day that has passed, a kind that another choice holds then, or
    a pattern that reads like that of another series."""
    if rule.valid_from < today:
        raise Refused("Seri berlaku paling cepat hari ini; nomor yang sudah diambil tidak berubah.")
    if "{tahun}" not in rule.pattern:
        raise Refused("Pola nomor harus memuat {tahun}; tanpa tahun, nomor tahun depan akan terbaca sama.")
    later = (SeriesRule.valid_until.is_(None), SeriesRule.valid_until >= rule.valid_from)
    for each in session.scalars(select(SeriesRule).where(or_(*later))):
        if both := _shared(each.kinds, rule.kinds):
            raise Refused(f"Seri {each.name} sudah dipakai untuk {', '.join(both)}. Akhiri dahulu seri itu sehari sebelum yang baru mulai.")
    for unit, pattern in ((office.unit, office.number_pattern), *((each.unit, each.pattern) for each in series_rules(session))):
        if unit != rule.unit and pattern.replace("{unit}", unit) == rule.pattern.replace("{unit}", rule.unit):
            raise Refused(f"Nomor seri ini akan terbaca sama dengan nomor seri {unit}. Masukkan {{unit}} ke dalam polanya.")
    session.add(rule)
    session.flush()
    detail = {"unit": rule.unit, "pattern": rule.pattern, "start": rule.start, "kinds": list(rule.kinds), "from_on": rule.valid_from}
    audit.record(session, "register.series_added", f"series:{rule.unit}", actor=by.login, at=at, **detail)
    return rule


def _shared(one: Collection[str], other: Collection[str]) -> list[str]:
    return sorted(each.replace("_", " ") for each in set(one) & set(other))


def end_series(session: Session, rule: SeriesRule, last: date, by: User, at: datetime, today: date) -> None:
    """Say until when a series is chosen; one that has not begun is never chosen then. Raises Refused for a day that has passed."""
    if rule.valid_until is not None and rule.valid_until < today:
        raise Refused("Seri ini sudah berakhir.")
    if last < min(today, rule.valid_from) - timedelta(days=1):
        raise Refused("Hari terakhir sudah lewat; nomor yang sudah diambil tidak berubah.")
    rule.valid_until = last
    session.flush()
    audit.record(session, "register.series_ended", f"series:{rule.unit}", actor=by.login, at=at, until_on=last)
