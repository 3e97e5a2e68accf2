"""The office that runs the service, the insurer it agreed with, and the installation itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from ..db import Base, Listed
from . import audit
from .users import User


class Installation(Base):
    """One row: is this a demo (it says CONTOH on every page and paper), and how many days are files of imports kept?"""

    __tablename__ = "installation"

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    demo: Mapped[bool] = mapped_column(default=False)
    keep_imports_days: Mapped[int] = mapped_column(default=30)


class Office(Base):
    """An institution with its letterhead. ``side`` 1 is PIHAK KESATU (the region's office), 2 is PIHAK KEDUA (BPJS Ketenagakerjaan)."""

    __tablename__ = "offices"

    id: Mapped[int] = mapped_column(primary_key=True)
    side: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    above: Mapped[str] = mapped_column(String(200), default="")
    short_name: Mapped[str] = mapped_column(String(40))
    kabupaten_code: Mapped[str] = mapped_column(ForeignKey("kabupaten.code"))
    seat: Mapped[str] = mapped_column(String(80))
    address: Mapped[str] = mapped_column(String(200), default="")
    postcode: Mapped[str] = mapped_column(String(10), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str] = mapped_column(String(120), default="")
    website: Mapped[str] = mapped_column(String(120), default="")
    authority: Mapped[str] = mapped_column(Text, default="")
    contact: Mapped[str] = mapped_column(String(120), default="")
    emblem_sha256: Mapped[str | None] = mapped_column(String(64))
    # How this office writes its letters (Permendagri 1/2023; a local Perbup may differ).
    paper: Mapped[str] = mapped_column(String(2), default="A4")
    kedua_left: Mapped[bool] = mapped_column(default=True)
    unit: Mapped[str] = mapped_column(String(40), default="")
    number_pattern: Mapped[str] = mapped_column(String(120), default="{klas}/{urut}/{unit}/{romawi}/{tahun}")
    copies_to: Mapped[tuple[str, ...]] = mapped_column(Listed, default=())
    paraf_from: Mapped[date | None]  # since this date of agreements Bagian Hukum's paraf is asked for; None: not at all


def offices_by_side(session: Session) -> list[Office]:
    """The region's office first, then the insurer's."""
    return list(session.scalars(select(Office).order_by(Office.side, Office.id)))


def change_office(session: Session, office: Office, now: Mapping[str, Any], by: User, at: datetime) -> None:
    """Change how an office writes. Issued papers keep the letterhead that they were printed with."""
    changed = [name for name, value in now.items() if getattr(office, name) != value]
    for name in changed:
        setattr(office, name, now[name])
    session.flush()
    audit.record(session, "office.changed", f"office:{office.id}", actor=by.login, at=at, changed=changed)
