"""Puts finished papers of one village behind a cover and a contents page, unchanged in appearance."""

from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from itertools import accumulate
from typing import Any

from pikepdf import Dictionary, Name, OutlineItem, Page, Pdf

from letters.marks import Issued, Marks
from letters.press import lay_out_letter, mark, page_bands, pages
from letters.stamping import lay_over, saved
from letters.stopped import PressStopped


def assemble(letter: Any, parts: tuple[bytes, ...], marks: Marks) -> bytes:
    """Cover, contents, then the parts; pages of the whole = sum of the parts + cover + contents, or it stops."""
    sizes = [pages(each) for each in parts]
    letter = _checked(letter, parts, sizes, isinstance(marks, Issued))
    laid = lay_out_letter(letter, isinstance(marks, Issued))
    front = pages(laid)
    if front != letter.front_pages:
        letter = replace(letter, front_pages=front)
        laid = lay_out_letter(letter, isinstance(marks, Issued))
    total = front + sum(sizes)
    bands = [f"Paket {letter.village.name} ({letter.village.code}) · Halaman {n} dari {total}" for n in range(1, total + 1)]
    whole = joined(mark(laid, letter, marks, [""] * front, bands[:front]), parts, bands, letter)
    if pages(whole) != total or pages(laid) != front:
        raise PressStopped(f"Paket memuat {pages(whole)} halaman, seharusnya {total}; pencetakan dihentikan.")
    return whole


def _checked(letter: Any, parts: tuple[bytes, ...], sizes: list[int], issuing: bool) -> Any:
    if len(parts) != len(letter.parts):
        raise PressStopped(f"Paket menyebut {len(letter.parts)} naskah, tetapi {len(parts)} yang disertakan.")
    for told, part in zip(letter.parts, parts, strict=True):
        if issuing and told.sha256 is None:
            raise PressStopped(f"{told.title} masih konsep; paket belum dapat diterbitkan.")
        if told.sha256 not in (None, sha256(part).hexdigest()):
            raise PressStopped(f"{told.title} berbeda dari naskah yang diterbitkan (sidiknya tidak sama).")
    return replace(letter, parts=tuple(
        replace(told, pages=size) for told, size in zip(letter.parts, sizes, strict=True)))


def joined(front: bytes, parts: tuple[bytes, ...], bands: list[str], letter: Any) -> bytes:
    """The parts' pages into the front's own file, so that its catalog and its metadata stay."""
    with Pdf.open(BytesIO(front)) as pdf:
        starts = list(accumulate((pages(each) for each in parts), initial=len(pdf.pages)))
        first = len(pdf.pages)
        for each in parts:
            with Pdf.open(BytesIO(each)) as part:
                pdf.pages.extend(part.pages)
        _banded(pdf, first, bands, letter)
        with pdf.open_outline() as outline:
            outline.root.clear()
            outline.root.extend(
                OutlineItem(told.title, start) for told, start in zip(letter.parts, starts[:-1], strict=True))
        return saved(pdf)


def _banded(pdf: Pdf, first: int, bands: list[str], letter: Any) -> None:
    """The package's own line at the head of each part's page, above everything the part has printed."""
    boxes = [tuple(float(each) for each in page.mediabox) for page in pdf.pages[first:]]
    for size in sorted(set(boxes)):
        chosen = [place for place, box in enumerate(boxes) if box == size]
        sheets = page_bands([bands[first + place] for place in chosen], size, letter)
        with Pdf.open(BytesIO(sheets)) as over:
            for sheet, place in zip(over.pages, chosen, strict=False):
                page = pdf.pages[first + place]
                _own_resources(pdf, page)
                _balanced(page)
                lay_over(pdf, page, sheet, "/PackBand")


def _own_resources(pdf: Pdf, page: Page) -> None:
    # Pages of one part share their resources: a name added to one would appear on all.
    own: Any = Dictionary(dict(page.resources.items()))
    own[Name.XObject] = Dictionary(dict(own.get(Name.XObject, {}).items()))
    page.obj[Name.Resources] = own


def _balanced(page: Page) -> None:
    page.contents_add(b"q\n", prepend=True)
    page.contents_add(b"\nQ\n")
