"""What every command stands on: the application, a scope, and the village or person that was named."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import select

from .. import create_app
from ..db import db, set_scope
from ..models import Agreement, User, Village
from ..models.lists import with_facts
from ..models.users import SYSTEM_LOGIN
from ..schema import is_current
from . import BadInput


@contextmanager
def installation(ready: bool = True) -> Iterator[Flask]:
    """The application with everything in sight; ``ready`` refuses a database that is not migrated."""
    app = create_app()
    with app.app_context():
        set_scope("")
        if ready and not is_current():
            raise BadInput("Basis data belum siap. Jalankan 'sinergi init' (atau 'sinergi demo' untuk mencoba).")
        yield app


def the_system() -> User:
    """The user in whose name commands act."""
    return db.session.scalars(select(User).where(User.login == SYSTEM_LOGIN)).one()


def village_named(code: str) -> Village:
    """The desa with that code. Raises BadInput for a kelurahan and for what is not there."""
    village = db.session.get(Village, code)
    if village is None:
        raise BadInput(f"Tidak ada desa berkode {code}. Daftar kode: sinergi villages")
    if not village.is_desa:
        raise BadInput(f"{village.full_name} adalah kelurahan, di luar program; hanya desa yang mempunyai perjanjian.")
    return village


def agreement_of(village: Village, year: int | None = None) -> Agreement:
    """The village's agreement of a year, or its newest. Raises BadInput when there is none."""
    query = select(Agreement).where(Agreement.village_code == village.code).order_by(Agreement.fiscal_year.desc())
    if year:
        query = query.where(Agreement.fiscal_year == year)
    found = db.session.scalars(with_facts(query).limit(1)).first()
    if found is None:
        raise BadInput(f"{village.full_name} belum mempunyai perjanjian{f' tahun {year}' if year else ''}. Susun dahulu di halaman desanya.")
    return found
