"""Fixtures: an installation per test, copied from one that was migrated and seeded once."""

from __future__ import annotations

import base64
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Dialect, event, make_url, select

from config import Config
from tests import builders
from tests import demo as demos
from tests.postgres import a_database, server
from tests.requests import Person
from webapp import clock, create_app
from webapp.db import db, set_scope
from webapp.limits import limiter
from webapp.models import User
from webapp.schema import upgrade
from webapp.storage import FileStore

NOW = builders.NOW_  # 10.00 WITA


def make_config(home: Path, url: str | None = None) -> Config:
    """A configuration with throw-away keys."""
    return Config(
        home=home,
        database_url=url or f"sqlite:///{home / 'sinergi.db'}",
        storage=home / "files",
        secret_key="hanya-untuk-uji-" * 4,
        data_key=base64.b64decode(base64.b64encode(b"k" * 32)),
        public_url="http://localhost",
        timezone="Asia/Makassar",
        demo=False,
    )


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database with regions, rules, two offices, officials, an accord in force and a user of every role."""
    home = tmp_path_factory.mktemp("seeded")
    app = create_app(make_config(home))
    with app.app_context(), clock.at(NOW):
        upgrade()
        set_scope("")
        builders.an_installation()
        db.session.commit()
        db.engine.dispose()
    return home


@pytest.fixture(scope="session")
def pages_compiled(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Every page is compiled once for all tests, not once for each."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("pages")))


class UnderTest:
    """One application a database kind, moved from installation to installation: laying out the routes and compiling the statements anew takes longer than most tests."""

    def __init__(self, config: Config, pages: FileSystemBytecodeCache) -> None:
        self.app, self.config = create_app(config), config
        self.app.testing = True
        self.app.jinja_env.bytecode_cache = pages
        self.settings, self.extensions = dict(self.app.config), dict(self.app.extensions)
        with self.app.app_context():
            event.listen(db.engine, "do_connect", self._connect)

    def _connect(self, dialect: Dialect, record: Any, arguments: list[Any], parameters: dict[str, Any]) -> None:
        """Every new connection goes to the installation of the test that runs."""
        place, more = dialect.create_connect_args(make_url(self.config.database_url))
        arguments[:] = place
        parameters.update(more)

    @contextmanager
    def at(self, config: Config) -> Iterator[Flask]:
        """The application on an installation, with nothing left of the test before; the clock stands at NOW."""
        self.config = config
        self.app.config.clear()
        self.app.config.update(self.settings | {"SINERGI": config})
        self.app.extensions.clear()
        self.app.extensions.update(self.extensions | {"storage": FileStore(config.storage)})
        limiter.reset()
        with self.app.app_context(), clock.at(NOW):
            set_scope("")
            yield self.app
            db.session.rollback()
            db.session.close()
            db.engine.dispose()


@pytest.fixture(scope="session")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory, pages_compiled: FileSystemBytecodeCache) -> UnderTest:
    return UnderTest(make_config(tmp_path_factory.mktemp("sqlite")), pages_compiled)


@pytest.fixture(scope="session")
def on_postgres(postgres, tmp_path_factory: pytest.TempPathFactory, pages_compiled: FileSystemBytecodeCache) -> UnderTest:
    return UnderTest(make_config(tmp_path_factory.mktemp("postgres"), a_database(*postgres)), pages_compiled)


@pytest.fixture
def app(seeded: Path, tmp_path: Path, on_sqlite: UnderTest):
    """The application on a fresh copy of the seeded installation; the clock stands at NOW."""
    shutil.copytree(seeded, tmp_path / "home")
    with on_sqlite.at(make_config(tmp_path / "home")) as app:
        yield app


@pytest.fixture(scope="session")
def postgres():
    """A real PostgreSQL and, in it, a migrated and seeded database to copy from: its address and the name of that database."""
    with server() as uri:
        url = a_database(uri)
        with TemporaryDirectory() as home:
            app = create_app(make_config(Path(home), url))
            with app.app_context(), clock.at(NOW):
                upgrade()
                set_scope("")
                builders.an_installation()
                db.session.commit()
                db.session.close()
                db.engine.dispose()
        yield uri, make_url(url).database


@pytest.fixture(params=["sqlite", "postgresql"])
def both(request: pytest.FixtureRequest, tmp_path: Path):
    """The application on SQLite and on PostgreSQL, for everything that touches concurrency."""
    if request.param == "sqlite":
        yield request.getfixturevalue("app")
        return
    uri, template = request.getfixturevalue("postgres")
    with request.getfixturevalue("on_postgres").at(make_config(tmp_path / "home", a_database(uri, template))) as app:
        yield app


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> demos.Installation:
    """Demo data of all villages: made once for all workers, and each has a copy of its own."""
    base = tmp_path_factory.getbasetemp()
    made = demos.made_once((base if worker_id == "master" else base.parent) / "demo-of-all")
    return demos.Installation(shutil.copytree(made.home, tmp_path_factory.mktemp("demo") / "home"))


@pytest.fixture
def as_(app):
    """Sign somebody in: ``as_("legal")``, ``as_("village")`` (Bialo), or ``as_("73.02.01.2005")`` by login."""

    def sign_in(login: str) -> Person:
        login = builders.login_of(login)
        with app.app_context():  # a session of its own: the test's must not keep an old snapshot open
            scope = db.session.scalar(select(User.scope).where(User.login == login)) or ""
        person = Person(app.test_client(), scope)
        person.sign_in(login, builders.PASSWORD)
        return person

    return sign_in


@pytest.fixture
def nobody(app) -> Person:
    """Somebody who is not signed in."""
    return Person(app.test_client())
