"""Invented scans: a page that says CONTOH and what it stands for."""

from __future__ import annotations

import io
from functools import cache

from PIL import Image, ImageDraw, ImageFont


@cache
def scan(title: str) -> bytes:
    """A one-page PDF, the same bytes for the same title."""
    page = Image.new("L", (620, 877), 250)
    draw = ImageDraw.Draw(page)
    big, small = ImageFont.load_default(64), ImageFont.load_default(22)
    draw.text((310, 330), "CONTOH", font=big, fill=90, anchor="mm")
    draw.text((310, 420), title, font=small, fill=60, anchor="mm")
    draw.text((310, 460), "Bukti buatan untuk data contoh, bukan naskah asli.", font=small, fill=110, anchor="mm")
    out = io.BytesIO()
    page.convert("RGB").save(out, "JPEG", quality=70)
    jpeg = Image.open(out)
    pdf = io.BytesIO()
    jpeg.save(pdf, "PDF", resolution=75, creationDate=None, modDate=None)
    return pdf.getvalue()
