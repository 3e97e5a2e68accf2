"""The database: sessions that see only what the person looking may see, and transactions that do not lose what they acknowledged.

SQLite runs in WAL with synchronous=FULL (NORMAL lost acknowledged commits in simulated power cuts); reads begin deferred, writes immediate.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from flask import Flask
from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy import BigInteger, Engine, MetaData, String, event, text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import DeclarativeBase, Mapped, ORMExecuteState, Session, mapped_column, with_loader_criteria
from sqlalchemy.types import DateTime, Text, TypeDecorator

log = logging.getLogger("sinergi.scope")


class Base(DeclarativeBase):
    """All tables, with names for every constraint so that migrations can find them again."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class VillageOwned:
    """Mixin for rows of a village: found only within the scope of the person looking. Such classes have ``village_code``."""

    village_code: Mapped[Any] = mapped_column(String(13), index=True)


class Rupiah(TypeDecorator[Decimal]):
    """Money as Decimal rupiah, stored exactly as whole sen."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Any) -> int | None:
        return None if value is None else int((value * 100).to_integral_exact())

    def process_result_value(self, value: int | None, dialect: Any) -> Decimal | None:
        return None if value is None else Decimal(value) / 100


class Exact(TypeDecorator[Decimal]):
    """A Decimal that is no money (a percentage), stored as its text."""

    impl = String(40)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Any) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Any) -> Decimal | None:
        return None if value is None else Decimal(value)


class Moment(TypeDecorator[datetime]):
    """An aware moment, stored in UTC."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


class Listed(TypeDecorator[tuple[str, ...]]):
    """A tuple of strings, stored as JSON."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> str | None:
        return None if value is None else json.dumps(list(value), ensure_ascii=False)

    def process_result_value(self, value: str | None, dialect: Any) -> tuple[str, ...]:
        return () if value is None else tuple(json.loads(value))


db = SQLAlchemy()


def init_db(app: Flask, url: str) -> None:
    """Bind the app to its database and install the rules above."""
    app.config["SQLALCHEMY_ENGINES"] = {"default": {"url": url, **_engine_options(url)}}
    db.init_app(app)
    with app.app_context():
        _prepare(db.engine)


def _engine_options(url: str) -> dict[str, Any]:
    # Parameters hold NIK: they stay out of error messages (T10).
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": 30}, "hide_parameters": True}
    return {"pool_pre_ping": True, "hide_parameters": True, "connect_args": {"options": "-c synchronous_commit=on"}}


def _prepare(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _sqlite_connect)
        event.listen(engine, "begin", _sqlite_begin)
    else:
        event.listen(engine, "begin", _postgres_begin)


def _sqlite_connect(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
        connection.execute(f"PRAGMA {pragma}")


@contextmanager
def rebuilding(engine: Engine) -> Iterator[None]:
    """Let a migration rebuild tables on SQLite, where a table that others refer to cannot be dropped while foreign keys are watched.

    Afterwards every key is looked at; raises RuntimeError naming the first table whose rows point nowhere.
    """
    if engine.dialect.name != "sqlite":
        yield
        return
    engine.dispose()
    event.listen(engine, "connect", _watch_no_keys)
    try:
        yield
        with engine.connect() as connection:
            dangling = connection.execute(text("PRAGMA foreign_key_check")).first()
        if dangling is not None:
            raise RuntimeError(f"migrasi meninggalkan rujukan yang putus di tabel {dangling[0]}")
    finally:
        event.remove(engine, "connect", _watch_no_keys)
        engine.dispose()


def _watch_no_keys(connection: Any, _: Any) -> None:
    connection.execute("PRAGMA foreign_keys=OFF")


def _sqlite_begin(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def _postgres_begin(connection: Connection) -> None:
    # Until a session says who looks, row-level security shows no village's rows.
    connection.execute(text("SELECT set_config('sinergi.scope', '', true)"))


def begin_writing(session: Session | None = None) -> None:
    """End the reading transaction and begin a writing one: what was loaded is read afresh, and nobody else writes meanwhile (SQLite)."""
    session = session or db.session
    session.rollback()
    session.connection(execution_options={"writing": True})


def set_scope(prefix: str | None, session: Session | None = None) -> None:
    """Show the villages whose code begins with ``prefix`` ("" = all); None shows none."""
    session = session or db.session
    session.info["scope"] = prefix
    if session.in_transaction():
        _tell_postgres(session, session.connection())


@contextmanager
def unscoped(reason: str, session: Session | None = None) -> Iterator[Session]:
    """Look across all villages for ``reason``, which is logged; the earlier scope comes back afterwards."""
    session = session or db.session
    before = session.info.get("scope")
    log.info("unscoped: %s", reason)
    set_scope("", session)
    try:
        yield session
    finally:
        set_scope(before, session)


@event.listens_for(Session, "after_begin")
def _scope_after_begin(session: Session, _: Any, connection: Connection) -> None:
    _tell_postgres(session, connection)


def _tell_postgres(session: Session, connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        prefix = session.info.get("scope")
        connection.execute(
            text("SELECT set_config('sinergi.scope', :scope, true)"), {"scope": "" if prefix is None else f"{prefix}%"}
        )


@event.listens_for(Session, "do_orm_execute")
def _within_scope(state: ORMExecuteState) -> None:
    if state.is_column_load or not (state.is_select or state.is_update or state.is_delete):
        return
    prefix = state.session.info.get("scope")
    # "!" begins no code: without a scope nothing is found.
    pattern = "!" if prefix is None else f"{prefix}%"
    if pattern != "%":
        state.statement = state.statement.options(
            with_loader_criteria(VillageOwned, lambda cls: cls.village_code.like(pattern), include_aliases=True)
        )
