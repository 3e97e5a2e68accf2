"""Every page that a role can reach by links, on a desktop and on a telephone: axe finds nothing, nothing is wider than the screen."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

import pytest

from tests.browser.conftest import DESKTOP, PHONE, Visitor, serve

pytestmark = pytest.mark.timeout(900, method="thread")  # many pages of a role, each looked over by axe
ROLES = {"legal": DESKTOP, "approver": PHONE, "bpjs": DESKTOP, "monitor": DESKTOP, "admin": DESKTOP, "camat-73.02.01": PHONE, "73.02.01.2004": PHONE}
MOST = 26
NO_PAGES = re.compile(r"\.(pdf|xlsx|csv|svg)$|/berkas/|/pratinjau/|/pindaian/|/lambang$|/v/")


@pytest.fixture(scope="module")
def address(demo):
    yield from serve(demo, {}, "--no-press")  # the queue of the demo's papers would keep a core busy meanwhile


def pattern(url: str) -> str:
    """The address without the numbers in it: one page of each kind is enough."""
    path = urlsplit(url).path
    return re.sub(r"\d[\d.-]*", "#", path)


def links(visitor: Visitor) -> list[str]:
    found = visitor.page.eval_on_selector_all("a[href]", "all => all.map(each => each.href)")
    return [each.split("#")[0] for each in found if each.startswith(visitor.address) and not NO_PAGES.search(urlsplit(each).path)]


@pytest.mark.parametrize("login", ROLES)
def test_pages_of_a_role(browser, demo, address, login):
    account = next(each for each in demo.accounts if each["login"] == login)
    context = browser.new_context(viewport=ROLES[login], locale="id-ID")
    visitor = Visitor(context, address, context.new_page())
    visitor.page.set_default_timeout(60_000)
    visitor.open("/masuk")
    visitor.page.get_by_label("Nama pengguna atau kode desa").fill(login)
    visitor.page.get_by_label("Kata sandi").fill(account["password"])
    visitor.press("Masuk")
    seen, queue = {pattern(visitor.page.url)}, links(visitor)
    while queue and len(seen) < MOST:
        url = urljoin(address, queue.pop(0))
        if pattern(url) not in seen:
            seen.add(pattern(url))
            visitor.open(url)
            assert "Terjadi kesalahan" not in visitor.page.title(), url
            queue += links(visitor)
    context.close()
    assert not visitor.findings
    assert len(seen) >= 3, seen
