"""A served installation and a real browser."""

from __future__ import annotations

import base64
import re
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.builders import PASSWORD
from tests.conftest import make_config
from tests.demo import COMMAND, Installation

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def browser(seeded: Path) -> Iterator[Browser]:
    """Debian's Chromium. While Playwright runs, this thread has an event loop: the service therefore runs in a process of its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        yield browser
        browser.close()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def serve(installation: Installation, keys: dict[str, str], *more: str) -> Iterator[str]:
    """The service as a process, until the fixture ends; its address."""
    port = free_port()
    with (installation.home / "serve.log").open("w") as log:
        process = subprocess.Popen([*COMMAND, "serve", "--port", str(port), *more], env=installation.environment | keys, stdout=log, stderr=log)
        try:
            _wait(f"http://127.0.0.1:{port}")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


def _wait(address: str) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"{address}/healthz") as answer:
                assert answer.status == 200
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the service did not start")


@pytest.fixture
def served(seeded: Path, tmp_path: Path) -> Iterator[str]:
    """The seeded installation, served on a free port with its printing thread."""
    shutil.copytree(seeded, tmp_path / "home")
    config = make_config(tmp_path / "home")
    keys = {"SINERGI_SECRET_KEY": config.secret_key, "SINERGI_DATA_KEY": base64.b64encode(config.data_key).decode()}
    yield from serve(Installation(tmp_path / "home"), keys)


@dataclass
class Visitor:
    """Somebody at a browser: goes where he is sent, and every page that he sees is examined by axe."""

    context: BrowserContext
    address: str
    page: Page
    findings: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        self.page.goto(path if path.startswith("http") else self.address + path)
        self.examine()
        return self.page

    def examine(self) -> None:
        """What axe finds, and anything wider than the screen. Text is marked meanwhile: a page that somebody is using does not look again by itself."""
        self.page.evaluate("getSelection().selectAllChildren(document.querySelector('main') || document.body)")
        found = Axe().run(self.page)
        self.findings += [f"{self.page.url}: {each['id']}: {each['nodes'][0]['html'][:120]}" for each in found.response["violations"]]
        wide = self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1")
        if wide:
            self.findings.append(f"{self.page.url}: wider than the screen")

    def press(self, name: str | re.Pattern[str]) -> None:
        """Press the button of exactly that name and look at what comes, when nothing on it is still being made: such a page goes away under the eyes."""
        self.page.get_by_role("button", name=name, exact=True).first.click()
        self.page.wait_for_load_state()
        self.page.locator("[data-again], [data-progress]").first.wait_for(state="detached", timeout=180_000)
        self.examine()

    def follow(self, name: str) -> None:
        """Follow the link of that name."""
        self.page.get_by_role("link", name=name, exact=False).first.click()
        self.page.wait_for_load_state()
        self.examine()

    def sees(self, text: str) -> bool:
        return text in self.page.inner_text("main")


@pytest.fixture
def visitor(browser: Browser, served: str):
    """``visitor("legal")`` signs somebody in, each in a browser of his own; ``phone=True`` on a telephone."""
    contexts, visitors = [], []

    def enter(login: str, phone: bool = False) -> Visitor:
        context = browser.new_context(viewport=PHONE if phone else DESKTOP, locale="id-ID", accept_downloads=True)
        contexts.append(context)
        who = Visitor(context, served, context.new_page())
        who.page.set_default_timeout(60_000)
        who.open("/masuk")
        who.page.get_by_label("Nama pengguna atau kode desa").fill(login)
        who.page.get_by_label("Kata sandi").fill(PASSWORD)
        who.press("Masuk")
        visitors.append(who)
        return who

    yield enter
    for context in contexts:
        context.close()
    assert not [finding for who in visitors for finding in who.findings]
