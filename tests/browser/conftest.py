"""A served installation and a real browser."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from waitress import create_server

from tests.conftest import make_config
from tests.builders import PASSWORD
from webapp import create_app
from webapp.jobs import start_worker

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def served(seeded: Path, tmp_path: Path) -> Iterator[str]:
    """The seeded installation, served on a free port with its printing thread; its address."""
    shutil.copytree(seeded, tmp_path / "home")
    app = create_app(make_config(tmp_path / "home"))
    server = create_server(app, host="127.0.0.1", port=0, threads=4)
    stop = start_worker(app)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    stop.set()
    server.close()


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
        """What axe finds, and anything wider than the screen."""
        found = Axe().run(self.page)
        self.findings += [f"{self.page.url}: {each['id']}: {each['nodes'][0]['html'][:120]}" for each in found.response["violations"]]
        wide = self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1")
        if wide:
            self.findings.append(f"{self.page.url}: wider than the screen")

    def press(self, name: str) -> None:
        """Press the button of that name and look at what comes."""
        self.page.get_by_role("button", name=name, exact=False).first.click()
        self.page.wait_for_load_state()
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
