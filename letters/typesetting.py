"""HTML into PDF with WeasyPrint: own files only, own fonts only, and any complaint stops the press."""

import logging
import warnings
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import RLock
from typing import Any

from weasyprint import CSS, HTML
from weasyprint.css.counters import CounterStyle
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from letters.kind import HERE
from letters.stopped import PressStopped

OWN_PICTURES = {f"letters:{each.name}": each for each in sorted((HERE / "shared").glob("*.svg"))}
PICTURE_TYPES = ("image/png", "image/jpeg")
PACKAGES = {"Liberation Sans": "fonts-liberation", "URW Bookman": "fonts-urw-base35"}

_one_at_a_time = RLock()
_pictures: dict[str, Any] = {}


class OwnFiles(URLFetcher):  # type: ignore[misc]
    """Hands out the pictures of this floor and those inside the facts; everything else stops the press."""

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        kind, _, data = url.partition(";base64,")
        if url in OWN_PICTURES:
            return URLFetcherResponse(url, _file(OWN_PICTURES[url]), {"Content-Type": "image/svg+xml"})
        if data and kind.removeprefix("data:") in PICTURE_TYPES:
            return URLFetcherResponse(url, b64decode(data), {"Content-Type": kind.removeprefix("data:")})
        raise FatalURLFetchingError(url[:60])


def lay_out(html: str, font: str, *styles: Path, archival: bool = True) -> bytes:
    """The document set and painted; PressStopped on any warning, foreign file or foreign font."""
    with _one_at_a_time, _complaints() as said:
        try:
            pages = HTML(string=html, url_fetcher=OwnFiles()).render(
                _fonts(), _counters(), stylesheets=[_style(each) for each in styles], cache=_pictures)
            printed = _painted(pages, archival)
        except FatalURLFetchingError as error:
            raise PressStopped(f"Gambar atau berkas «{error}» tidak ada atau tidak boleh dipakai.") from error
        if said:
            raise PressStopped(f"Mesin cetak mengeluh, pencetakan dihentikan: {said[0][:200]}")
        _only(font, pages.fonts.values())
        if len(_pictures) > 40:
            _pictures.clear()
        return printed


def quick_subsets() -> bool:
    """Whether fonts are subset by HarfBuzz: without it each paper costs half a second more."""
    from weasyprint.text.ffi import harfbuzz_subset

    return harfbuzz_subset is not None


def _painted(pages: Any, archival: bool) -> bytes:
    with warnings.catch_warnings():
        # WeasyPrint 70 leaves its own colour profile open; that is no complaint about the paper.
        warnings.filterwarnings("ignore", "unclosed file .*sRGB2014", ResourceWarning)
        return bytes(pages.write_pdf(**({"pdf_variant": "pdf/a-3u"} if archival else {})))


def _only(font: str, used: Any) -> None:
    """A letter that the paper's font lacks would silently come from another font."""
    foreign = [each for each in used if each.family != font]
    if not foreign:
        return
    letters = sorted({text for each in foreign for text in each.to_unicode.values() if text.strip()})
    if any(each.isascii() for each in letters):
        raise PressStopped(f"Fonta {font} tidak terpasang; pasang paket {PACKAGES.get(font, 'fontanya')}.")
    raise PressStopped(f"Huruf {' '.join(letters[:5])} tidak ada dalam fonta {font}; ubah penulisannya.")


def _file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise FatalURLFetchingError(path.name) from error


@cache
def _fonts() -> FontConfiguration:
    return FontConfiguration()


@cache
def _counters() -> CounterStyle:
    return CounterStyle()


@cache
def _style(path: Path) -> CSS:
    return CSS(string=path.read_text("utf-8"), url_fetcher=OwnFiles(), font_config=_fonts(),
               counter_style=_counters())


@contextmanager
def _complaints() -> Iterator[list[str]]:
    """WeasyPrint's habit is to log and print on; here every line is kept and stops the press."""
    said: list[str] = []
    ear = logging.Handler(logging.WARNING)
    ear.emit = lambda record: said.append(record.getMessage())  # type: ignore[method-assign]
    log = logging.getLogger("weasyprint")
    before, log.propagate = log.propagate, False
    log.addHandler(ear)
    try:
        yield said
    finally:
        log.removeHandler(ear)
        log.propagate = before
