"""A place for experiments: installations on SQLite or on a real PostgreSQL, seeded once and copied per round, and processes that start at once."""

from __future__ import annotations

import base64
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import IO, Any

from flask import Flask
from sqlalchemy import make_url

from config import Config
from tests.builders import NOW_, an_installation
from tests.conftest import make_config
from tests.postgres import a_database, server
from webapp import clock, create_app
from webapp.db import db, set_scope
from webapp.schema import upgrade

ROOT = Path(__file__).parents[2]
PATIENCE = 300


@dataclass(frozen=True)
class Installation:
    """A data folder and its database."""

    home: Path
    url: str | None = None

    @property
    def config(self) -> Config:
        return make_config(self.home, self.url)

    @contextmanager
    def app(self, at: Any = NOW_) -> Iterator[Flask]:
        """The application in this process, everything in sight; closed again so that the database can be copied."""
        app = create_app(self.config)
        app.testing = True
        with app.app_context(), clock.at(at):
            set_scope("")
            try:
                yield app
            finally:
                db.session.rollback()
                db.session.close()
                db.engine.dispose()

    @property
    def environment(self) -> dict[str, str]:
        """What a command needs to work on it."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SINERGI_")}
        config = self.config
        return kept | {
            "SINERGI_HOME": str(self.home), "SINERGI_DATABASE_URL": config.database_url, "SINERGI_STORAGE_URL": f"file://{config.storage}",
            "SINERGI_SECRET_KEY": config.secret_key, "SINERGI_DATA_KEY": base64.b64encode(config.data_key).decode(),
            "SINERGI_PUBLIC_URL": config.public_url, "PYTHONPATH": str(ROOT),
        }  # fmt: skip


class Lab:
    """Makes and copies installations; what it made is gone when it closes."""

    def __init__(self, database: str = "sqlite", uri: str | None = None) -> None:
        self.database, self.uri = database, uri
        self._stack, self._count = ExitStack(), 0

    def __enter__(self) -> Lab:
        self.folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="uji")))
        if self.database == "postgresql" and self.uri is None:
            self.uri = self._stack.enter_context(server())
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _place(self) -> Path:
        self._count += 1
        return self.folder / f"rumah{self._count}"

    def empty(self) -> Installation:
        """A home and an empty database."""
        home = self._place()
        home.mkdir()
        return Installation(home, a_database(self.uri) if self.uri else None)

    def make(self, fill: Callable[[], Any] = lambda: None) -> Installation:
        """A migrated and seeded installation, filled by the caller."""
        made = self.empty()
        with made.app():
            upgrade()
            set_scope("")
            an_installation()
            db.session.commit()
            fill()
            db.session.commit()
        return made

    def copy(self, of: Installation) -> Installation:
        """The same once more."""
        home = self._place()
        shutil.copytree(of.home, home)
        return Installation(home, a_database(self.uri, make_url(of.url).database) if self.uri and of.url else None)


def at_once(work: Callable[..., Any], tasks: Sequence[tuple], patience: float = PATIENCE) -> list[Any]:
    """Run ``work(barrier, *task)`` in a process per task; what each returned, in order. One that dies or hangs is an error."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["tests.experiments.clerk"])  # what is slow to import is imported once, then copied
    barrier, answers = context.Barrier(len(tasks)), context.SimpleQueue()
    workers = [context.Process(target=_report, args=(answers, number, work, barrier, task)) for number, task in enumerate(tasks)]
    for each in workers:
        each.start()
    try:
        return _collected(workers, answers, patience)
    finally:
        for each in workers:
            if each.is_alive():
                each.kill()
            each.join()


@contextmanager
def beside(work: Callable[..., Any], tasks: Sequence[tuple]) -> Iterator[None]:
    """``work(stop, *task)`` runs in a process per task until the block ends; one that failed by itself is an error."""
    context = get_context("forkserver")
    context.set_forkserver_preload(["tests.experiments.clerk"])
    stop = context.Event()
    workers = [context.Process(target=work, args=(stop, *task)) for task in tasks]
    for each in workers:
        each.start()
    try:
        yield
        if any(each.exitcode is not None for each in workers):
            raise RuntimeError("sebuah proses berhenti sendiri")
    finally:
        stop.set()
        for each in workers:
            each.join(120)
            if each.is_alive():
                each.kill()


def _collected(workers: list[Any], answers: Any, patience: float) -> list[Any]:
    found: dict[int, Any] = {}
    until = time.monotonic() + patience
    while len(found) < len(workers):
        while not answers.empty():
            number, answer, error = answers.get()
            if error:
                raise RuntimeError(error)
            found[number] = answer
        if time.monotonic() > until or any(each.exitcode not in (None, 0) for each in workers):
            raise RuntimeError("sebuah proses berhenti sebelum menjawab")
        time.sleep(0.01)
    return [found[number] for number in range(len(workers))]


def _report(answers: Any, number: int, work: Callable[..., Any], barrier: Any, task: tuple) -> None:
    try:
        answers.put((number, work(barrier, *task), None))
    except BaseException as error:
        import traceback

        barrier.abort()
        answers.put((number, None, f"{type(error).__name__}: {error}\n{traceback.format_exc()[-2000:]}"))


class Serving:
    """``sinergi serve`` in a process of its own, ended by its id alone."""

    COMMAND = (sys.executable, "-c", "from webapp.cli import main; main()")

    def __init__(self, installation: Installation, threads: int = 8) -> None:
        self.installation, self.threads, self.port = installation, threads, a_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it; ``wait`` says when it answers."""
        with self.log() as log:
            self.process = subprocess.Popen(self.order(), env=self.installation.environment, stdout=log, stderr=log)

    def order(self) -> list[str]:
        """The command."""
        return [*self.COMMAND, "serve", "--port", str(self.port), "--threads", str(self.threads)]

    def log(self) -> IO[bytes]:
        """Where it says what it says."""
        return (self.installation.home / f"serve-{self.port}.log").open("ab")

    def wait(self, patience: float = 300) -> None:
        """Until it answers."""
        until = time.monotonic() + patience
        while time.monotonic() < until:
            assert self.process is not None and self.process.poll() is None, "sinergi serve berhenti sendiri"
            try:
                with urllib.request.urlopen(f"{self.address}/healthz", timeout=5):
                    return
            except OSError:
                time.sleep(0.02)
        raise RuntimeError("sinergi serve tidak menjawab")

    def kill(self) -> None:
        """As a power cut or the kernel would: no warning."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def __enter__(self) -> Serving:
        self.start()
        try:
            self.wait()
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()


def a_port() -> int:
    """A port of the loopback that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
