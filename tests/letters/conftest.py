"""What the tests of the press share: finished samples, and eyes to read them back."""

from functools import cache
from types import SimpleNamespace

import pypdfium2
import pytest

from letters import all_kinds, kind
from letters.press import Issued, Preview, to_pdf

TOKEN = "Zk3nq7cXb1TtYp0aLmQvRw"
ISSUED = Issued(TOKEN, "https://sinergi.contoh.invalid", 1, 1)


def pytest_generate_tests(metafunc):
    """Every test that asks for a slug runs for every kind: a new folder is tested by being there."""
    if "slug" in metafunc.fixturenames:
        metafunc.parametrize("slug", sorted(all_kinds()))


@cache
def _sample(slug: str, issued: bool) -> bytes:
    return to_pdf(kind(slug).SAMPLE, ISSUED if issued else Preview())


def _texts(printed: bytes) -> list[str]:
    pdf = pypdfium2.PdfDocument(printed)
    try:
        return [" ".join(page.get_textpage().get_text_bounded().split()) for page in pdf]
    finally:
        pdf.close()


def _codes(printed: bytes) -> list[list[str]]:
    zxing = pytest.importorskip("zxingcpp")
    pdf = pypdfium2.PdfDocument(printed)
    try:
        return [[each.text for each in zxing.read_barcodes(page.render(scale=150 / 72).to_pil())] for page in pdf]
    finally:
        pdf.close()


@pytest.fixture(scope="session")
def press_room():
    """sample(slug, issued), texts(pdf) by page, codes(pdf) by page, and the marks of an issued paper."""
    return SimpleNamespace(sample=_sample, texts=_texts, codes=_codes, issued=ISSUED, token=TOKEN)
