"""Files as people send them: good scans, photos of a telephone, and what must be refused at the door."""

from __future__ import annotations

import base64
import io

import pikepdf
from PIL import Image

# 64 x 96 pixels of one colour, as a telephone keeps them.
HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAVZtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAACJpbG9jAAAAAERAAAEA"
    "AQAAAAABegABAAAAAAAAABkAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABodmMxAAAAAA5waXRtAAAAAAABAAAA1mlwcnAAAAC3aXBjbwAAAHhodmND"
    "AQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQArQgEBA3AAAAMAkAAAAwAAAwAeoCCBhZbqSSmubgIaDAgA"
    "AAMAyAAAAwAIQGIAAQAHRAHBcrAiQAAAABNjb2xybmNseAABAA0ABoAAAAAUaXNwZQAAAAAAAABAAAAAYAAAABBwaXhpAAAAAAMICAgAAAAXaXBtYQAAAAAA"
    "AAABAAEEgQIDBAAAACFtZGF0AAAAFSgBrxmA93yFN7T7tpnoe+sFeK0Kzw=="
)


def a_pdf(pages: int = 1, prepare=None, **saving) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page()
        if prepare:
            prepare(pdf)
        pdf.save(out, **saving)
    return out.getvalue()


def with_javascript() -> bytes:
    def prepare(pdf: pikepdf.Pdf) -> None:
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")

    return a_pdf(prepare=prepare)


def locked() -> bytes:
    return a_pdf(encryption=pikepdf.Encryption(owner="rahasia", user="rahasia"))


def a_photo(kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 90), (210, 220, 215)).save(out, kind)
    return out.getvalue()


def sent(content: bytes, name: str = "pindaian.pdf") -> tuple[io.BytesIO, str]:
    """A file of a form."""
    return io.BytesIO(content), name


def pages_of(content: bytes) -> int:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return len(pdf.pages)
