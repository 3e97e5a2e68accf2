"""Lays the marks over finished pages as artifacts; the page's own content stays as it was set."""

from io import BytesIO

import segno
from pikepdf import Name, Page, Pdf

from letters.marks import QR_FROM_BOTTOM, QR_SIDE

MM = 72 / 25.4
FOOTER = b"/Artifact <</Type /Pagination /Subtype /Footer>> BDC q "
UNDER = b"/Artifact <</Type /Pagination /Subtype /Watermark>> BDC q "
END = b" Q EMC\n"


def stamp(printed: bytes, sheets: bytes, codes: tuple[str | None, ...], left: int) -> bytes:
    """Each page gets its own sheet of marks and its QR; the sheet after the last is the watermark."""
    with Pdf.open(BytesIO(printed)) as pdf, Pdf.open(BytesIO(sheets)) as marks:
        under = pdf.copy_foreign(marks.pages[len(pdf.pages)].as_form_xobject())
        for number, (page, code) in enumerate(zip(pdf.pages, codes, strict=True), 1):
            lay_under(page, under)
            lay_over(pdf, page, marks.pages[number - 1], f"/Marks{number}", quick_response(code, left) if code else b"")
        return saved(pdf)


def lay_under(page: Page, sheet: object) -> None:
    """Below the page's own ink, so that no watermark makes a word unreadable."""
    page.add_resource(sheet, Name.XObject, Name.MarksUnder)  # type: ignore[arg-type]
    page.contents_add(UNDER + b"/MarksUnder Do" + END + b"q\n", prepend=True)
    page.contents_add(b"\nQ\n")


def lay_over(pdf: Pdf, page: Page, sheet: Page, name: str, drawn: bytes = b"") -> None:
    """The name must be the page's own: WeasyPrint's pages share one dictionary of resources."""
    page.add_resource(pdf.copy_foreign(sheet.as_form_xobject()), Name.XObject, Name(name))
    page.contents_add(FOOTER + drawn + name.encode() + b" Do" + END)


def saved(pdf: Pdf) -> bytes:
    """The same pages give the same bytes: the file's identifier comes from its content."""
    out = BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()


def quick_response(text: str, left: int) -> bytes:
    """The QR as a one-bit stencil: no seams between modules, no colours, some 400 bytes."""
    rows = [bytes(row) for row in segno.make(text, error="m", micro=False, boost_error=False).matrix]
    width = len(rows)
    packed = b"".join(
        int("".join(map(str, row)).ljust(-(-width // 8) * 8, "0"), 2).to_bytes(-(-width // 8), "big") for row in rows)
    side, x, y = QR_SIDE * MM, left * MM, QR_FROM_BOTTOM * MM
    return (f"q 0 g {side:.3f} 0 0 {side:.3f} {x:.3f} {y:.3f} cm BI /W {width} /H {width} /IM true /BPC 1 "
            f"/D [1 0] /F /AHx ID {packed.hex()}> EI Q ").encode()
