"""Looks at pages as pictures and reads the codes printed on them, as a child process that may be killed; run by path, it imports nothing of ours.

stdin: one JSON line {"size": bytes, "most": pages}, then the file's bytes. stdout: one JSON line {"pages": [[text of a code, ...], ...]}
or {"unreadable": sentence}.
"""

from __future__ import annotations

import io
import json
import resource
import sys

CPU_SECONDS, MEMORY = 40, 1536 * 1024 * 1024
DPI, PIXELS = 150, 40_000_000


class Unreadable(Exception):
    """Neither a PDF nor a picture that can be opened; the message is for the person who sent it."""


def pictures(content: bytes, most: int):
    """The pages of a PDF as grey pictures, or the one picture. Raises Unreadable."""
    if content.lstrip()[:5] == b"%PDF-":
        yield from _of_pdf(content, most)
    else:
        yield _of_picture(content)


def _of_pdf(content: bytes, most: int):
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise Unreadable("PDF ini rusak, terpotong atau terkunci.") from error
    for place in range(min(len(pdf), most)):
        width, height = pdf[place].get_size()
        scale = min(DPI / 72, (PIXELS / max(1.0, width * height)) ** 0.5)
        try:
            yield pdf[place].render(scale=scale, grayscale=True).to_pil()
        except pypdfium2.PdfiumError as error:
            raise Unreadable(f"Halaman {place + 1} tidak dapat dibuka.") from error


def _of_picture(content: bytes):
    import warnings

    from pi_heif import register_heif_opener
    from PIL import Image, ImageOps

    register_heif_opener()
    Image.MAX_IMAGE_PIXELS = PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        picture = Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "HEIF"))
        picture.load()
        return ImageOps.exif_transpose(picture).convert("L")
    except Exception as error:  # whatever a decoder says of a broken picture
        raise Unreadable("Berkas ini bukan PDF atau foto yang dapat dibuka.") from error


def codes(content: bytes, most: int) -> dict:
    """The codes on each page, in order."""
    import zxingcpp

    found = [[each.text for each in zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)] for picture in pictures(content, most)]
    return {"pages": found}


def main() -> None:
    """Answer one job."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    job = json.loads(sys.stdin.buffer.readline())
    try:
        answer = codes(sys.stdin.buffer.read(job["size"]), job["most"])
    except Unreadable as error:
        answer = {"unreadable": str(error)}
    except MemoryError:
        answer = {"unreadable": "Berkas ini terlalu berat untuk dibuka."}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
