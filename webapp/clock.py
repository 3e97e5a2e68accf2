"""The only place that reads the time. The office lives in one time zone (WITA by default); the database keeps UTC."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from flask import current_app, has_app_context

_set: ContextVar[datetime | None] = ContextVar("clock", default=None)


def now() -> datetime:
    """This moment, aware, in UTC."""
    return _set.get() or datetime.now(UTC)


def office_zone() -> ZoneInfo:
    """The time zone of the office; where none is installed yet, WITA."""
    return ZoneInfo(current_app.config["SINERGI"].timezone if has_app_context() else "Asia/Makassar")


def today() -> date:
    """The office's date: the year of a register turns by it, not by UTC."""
    return now().astimezone(office_zone()).date()


def at_office(moment: datetime) -> datetime:
    """The moment as the office's wall clock shows it."""
    return moment.astimezone(office_zone())


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let the clock show ``moment`` (demo data that tells a past, tests)."""
    token = _set.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _set.reset(token)
