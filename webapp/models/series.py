"""Which series a kind of letter draws its number from: the office's own choice, valid from a day; whatever nobody chose for goes by the office's one series."""

from __future__ import annotations

from datetime import date

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from ..db import Base, Listed


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
