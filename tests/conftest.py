"""Fixtures: an installation per test, copied from one that was migrated and seeded once."""

from __future__ import annotations

import base64
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import make_url, select

from config import Config
from tests import builders
from tests import demo as demos
from tests.postgres import a_database, server
from tests.requests import Person
from webapp import clock, create_app
from webapp.db import db, set_scope
from webapp.models import User
from webapp.schema import upgrade

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


def under_test(config: Config, pages: FileSystemBytecodeCache) -> Flask:
    """The application as tests use it."""
    app = create_app(config)
    app.testing = True
    app.jinja_env.bytecode_cache = pages
    return app


@pytest.fixture
def app(seeded: Path, tmp_path: Path, pages_compiled: FileSystemBytecodeCache):
    """The application on a fresh copy of the seeded installation; the clock stands at NOW."""
    shutil.copytree(seeded, tmp_path / "home")
    app = under_test(make_config(tmp_path / "home"), pages_compiled)
    with app.app_context(), clock.at(NOW):
        set_scope("")
        yield app
        db.session.rollback()
        db.session.close()
        db.engine.dispose()


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
def both(request: pytest.FixtureRequest, tmp_path: Path, pages_compiled: FileSystemBytecodeCache):
    """The application on SQLite and on PostgreSQL, for everything that touches concurrency."""
    if request.param == "sqlite":
        yield request.getfixturevalue("app")
        return
    uri, template = request.getfixturevalue("postgres")
    app = under_test(make_config(tmp_path / "home", a_database(uri, template)), pages_compiled)
    with app.app_context(), clock.at(NOW):
        set_scope("")
        yield app
        db.session.rollback()
        db.session.close()
        db.engine.dispose()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> demos.Installation:
    """Demo data of all villages. Tests that use it belong to the xdist group "demo", so that it is made once."""
    return demos.make(tmp_path_factory.mktemp("demo"))


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
