"""Puts finished papers one after the other into one PDF to be printed and signed: no page is altered, at most a blank one goes between."""

from collections.abc import Iterable
from io import BytesIO

from pikepdf import OutlineItem, Pdf

from letters.stamping import saved
from letters.stopped import PressStopped


def joined(documents: Iterable[tuple[str, bytes]], duplex: bool) -> bytes:
    """The documents in their order, each with a bookmark where it has a title; with ``duplex`` each begins on a front side."""
    count, marks = 0, []
    with Pdf.new() as whole:
        for title, content in documents:
            if duplex and count % 2:
                _turn_over(whole)
                count += 1
            if title:
                marks.append(OutlineItem(title, count))
            with Pdf.open(BytesIO(content)) as part:
                whole.pages.extend(part.pages)
                count += len(part.pages)
        with whole.open_outline() as outline:
            outline.root.extend(marks)
        if len(whole.pages) != count:
            raise PressStopped(f"Gabungan naskah memuat {len(whole.pages)} halaman, seharusnya {count}; penyusunan dihentikan.")
        return saved(whole)


def _turn_over(whole: Pdf) -> None:
    """An empty back side, in the size of the page before it."""
    left, bottom, right, top = (float(each) for each in whole.pages[-1].mediabox)
    whole.add_blank_page(page_size=(right - left, top - bottom))
