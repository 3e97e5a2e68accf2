"""A village clerk photographs the signed annex with a telephone: one button, one photo after another, over a line that breaks."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from tests.builders import BIALO
from tests.conftest import make_config
from tests.issued import an_issued_home
from tests.photographs import pages_of, photograph
from webapp import create_app
from webapp.db import db, set_scope
from webapp.models import Letter
from webapp.uploads import storage

pytestmark = pytest.mark.timeout(600, method="thread")  # a browser that hangs hangs its closing too


@pytest.fixture(scope="module")
def seeded(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Besides: Bialo's agreement, printed."""
    return an_issued_home(seeded, tmp_path_factory.mktemp("issued") / "home")


@pytest.fixture(scope="module")
def photos(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """A photograph of every page of both annexes, made before the browser's event loop begins."""
    folder = tmp_path_factory.mktemp("photos")
    with create_app(make_config(seeded)).app_context():
        set_scope("")
        letters = [each for each in db.session.query(Letter).order_by(Letter.id) if each.kind.startswith("lampiran")]
        pages = [page for each in letters for page in pages_of(storage().get(each.sha256))]
        db.session.close()
        db.engine.dispose()
    found = []
    for place, page in enumerate(pages):
        found.append(folder / f"foto-{place}.jpg")
        found[-1].write_bytes(photograph(page, random.Random(place)).jpeg)
    return [str(each) for each in found]


def shows(who, words: str) -> None:
    who.page.get_by_text(words).first.wait_for(timeout=90_000)
    who.examine()


def test_photo_after_photo_over_a_broken_line(photos, visitor):
    village = visitor(BIALO, phone=True)
    village.open(f"/perjanjian/{BIALO}-2026/pindai/lampiran")
    village.press("Mulai foto Rangkap 1")
    cut = []
    village.page.route("**/pindaian/*", lambda route: (cut.append(1), route.abort()) if route.request.method == "POST" and not cut else route.continue_())
    village.page.set_input_files("#foto", photos[0])
    shows(village, "Sambungan terputus")
    shows(village, f"1 dari {len(photos)} halaman diterima")
    village.page.locator("summary", has_text="Kirim foto atau PDF").click()
    village.page.set_input_files("#berkas", photos)  # the first once more: it changes nothing
    shows(village, "Semua halaman sudah ada")
    assert village.sees("1 berkas sudah pernah diterima")
    village.follow("Catat tanda tangan")
    village.page.get_by_label("Tanggal ditandatangani").fill("2026-03-09")
    village.press("Catat tanda tangan")
    second = visitor("legal")
    second.open(f"/perjanjian/{BIALO}-2026/tanda-tangan")
    second.follow("Periksa bukti")
    assert second.page.locator("img[alt*='pada foto']").count() >= 4
    second.page.get_by_role("link", name=re.compile("Lampiran I halaman 1 utuh")).first.click()
    second.page.wait_for_load_state()
    second.examine()
