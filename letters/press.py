"""A letter into its final bytes, in this process (to_pdf) or in a guarded child (Press)."""

from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from pikepdf import Pdf

from letters.kind import HERE
from letters.marks import Issued, Marks, Preview, Printout
from letters.printing import FONTS, kind_of, render, to_html
from letters.stamping import stamp
from letters.stopped import PressStopped
from letters.supervisor import Press

__all__ = ["Issued", "Marks", "Press", "PressStopped", "Preview", "Printout", "to_pdf"]

MARKS_FONT = FONTS["arial"]


def to_pdf(letter: Any, marks: Marks) -> bytes:
    """The paper with its marks; the same facts and marks give the same bytes always."""
    laid = lay_out_letter(letter, issuing=isinstance(marks, Issued))
    if isinstance(marks, Issued) and getattr(letter, "rangkap", 1) != marks.rangkap:
        raise PressStopped("Rangkap pada fakta naskah berbeda dari rangkap pada tanda halamannya.")
    return mark(laid, letter, marks, [f"Halaman {n} dari {pages(laid)}" for n in range(1, pages(laid) + 1)])


def lay_out_letter(letter: Any, issuing: bool) -> bytes:
    """The pages before any mark: alike for previews and issued papers."""
    its = kind_of(letter)
    own = its.folder / "letter.css"
    styles = [HERE / "shared" / "paper.css", *([own] if own.exists() else [])]
    return _laid(to_html(letter, issuing), FONTS[its.font], tuple(styles))


@lru_cache(maxsize=1)
def _laid(html: str, font: str, styles: tuple[Path, ...]) -> bytes:
    # Rangkap 2 of an annex follows Rangkap 1 and is the same document: only the marks differ.
    return bytes(_typesetting().lay_out(html, font, *styles))


def mark(laid: bytes, letter: Any, marks: Marks, page_texts: list[str], bands: list[str] | None = None) -> bytes:
    """QR, page numbers and watermarks over laid-out pages."""
    its, paper = kind_of(letter), letter.paper
    width, height = paper.mm[::-1] if its.landscape else paper.mm
    sheets = [{"page": text, "how": how(marks, getattr(letter, "rangkap", None)), "band": bands[place] if bands else ""}
              for place, text in enumerate(page_texts)]
    html = render("shared/marks.html", its.title, sheets=sheets, paper=paper, width=width, height=height,
                  font=MARKS_FONT, contoh=letter.contoh, paraf=its.paraf, words=watermark(letter.contoh, isinstance(marks, Preview)))
    over = _typesetting().lay_out(html, MARKS_FONT, archival=False)
    codes = tuple(marks.code(n) if isinstance(marks, Issued) else None for n in range(1, len(page_texts) + 1))
    return stamp(laid, over, codes, paper.left)


def page_bands(texts: list[str], box: tuple[float, ...], letter: Any) -> bytes:
    """Sheets that carry a package's line only, in the size of the pages they go over."""
    width, height = (round((box[place + 2] - box[place]) * 25.4 / 72) for place in (0, 1))
    html = render("shared/marks.html", "Paket", sheets=[{"page": "", "how": "", "band": each} for each in texts],
                  paper=letter.paper, width=width, height=height, font=MARKS_FONT, contoh=False, paraf=False, words="")
    return bytes(_typesetting().lay_out(html, MARKS_FONT, archival=False))


def how(marks: Marks, rangkap: int | None) -> str:
    """The line beside the QR: how anyone can check this very page."""
    copy = f" · Rangkap {rangkap}" if rangkap else ""
    if isinstance(marks, Printout):
        return "Cetakan dari register, bukan naskah bernomor."
    if isinstance(marks, Preview):
        return f"KONSEP: belum terbit dan tidak untuk ditandatangani{copy}."
    return f"Periksa keaslian: {marks.address} · Versi {marks.version}{copy}"


def watermark(contoh: bool, draft: bool) -> str:
    """The words across the page; none on a real paper or print-out."""
    return " ".join((["CONTOH"] if contoh else []) + (["KONSEP"] if draft else []))


def pages(printed: bytes) -> int:
    """How many pages a finished paper has."""
    with Pdf.open(BytesIO(printed)) as pdf:
        return len(pdf.pages)


def _typesetting() -> Any:
    try:
        from letters import typesetting
    except OSError as error:
        raise PressStopped("Pustaka Pango tidak ditemukan, surat belum dapat dicetak: pasang paket "
                           "libpangoft2-1.0-0 dan libharfbuzz-subset0.") from error
    return typesetting
