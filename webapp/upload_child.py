"""Looks into uploaded files and turns photos into a PDF, as a child process that may be killed; run by path, it imports nothing of ours.

stdin: one JSON line {"do": "check"|"merge", "sizes": [...]}, then the files' bytes. stdout: one JSON line, then (merge) the PDF's bytes.
"""

from __future__ import annotations

import io
import json
import resource
import sys

CPU_SECONDS, MEMORY = 40, 1536 * 1024 * 1024
PIXELS = 80_000_000
LONGEST = 2400
A4_LONG_INCHES = 11.69


class Unfit(Exception):
    """The file is not accepted; the message is for the person who sent it."""


def check(content: bytes) -> str:
    """The media type of a file that is what it must be: PDF without active content, or a picture. Raises Unfit."""
    if content.lstrip()[:5] == b"%PDF-":
        return _check_pdf(content)
    _open_picture(content)
    if content[:3] == b"\xff\xd8\xff":
        return "image/jpeg"
    return "image/png" if content[:4] == b"\x89PNG" else "image/heic"


def _check_pdf(content: bytes) -> str:
    import pikepdf

    try:
        pdf = pikepdf.open(io.BytesIO(content))
    except pikepdf.PasswordError as error:
        raise Unfit("PDF ini terkunci kata sandi. Simpan tanpa kata sandi, lalu unggah lagi.") from error
    except pikepdf.PdfError as error:
        raise Unfit("PDF ini rusak atau terpotong. Pindai atau simpan sekali lagi, lalu unggah lagi.") from error
    with pdf:
        if pdf.is_encrypted:
            raise Unfit("PDF ini terkunci. Simpan tanpa penguncian, lalu unggah lagi.")
        if not len(pdf.pages):
            raise Unfit("PDF ini tidak berisi halaman.")
        if any(_is_active(each) for each in pdf.objects):
            raise Unfit("PDF ini berisi program atau lampiran di dalamnya. Cetak ulang ke PDF biasa, lalu unggah lagi.")
    return "application/pdf"


def _is_active(thing: object) -> bool:
    import pikepdf

    if isinstance(thing, pikepdf.Array):
        return any(_is_active(each) for each in thing if isinstance(each, pikepdf.Dictionary) and not each.is_indirect)
    if not isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        return False
    if any(key in thing for key in ("/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/XFA", "/RichMediaContent")):
        return True
    if str(thing.get("/S", "")) in ("/JavaScript", "/Launch", "/ImportData", "/SubmitForm"):
        return True
    direct = [value for _, value in thing.items() if isinstance(value, pikepdf.Dictionary | pikepdf.Array) and not value.is_indirect]
    return any(_is_active(each) for each in direct)


def _open_picture(content: bytes):
    import warnings

    from pi_heif import register_heif_opener
    from PIL import Image, ImageOps, UnidentifiedImageError

    register_heif_opener()
    Image.MAX_IMAGE_PIXELS = PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        picture = Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "HEIF"))  # JPEG brings MPO along
        picture.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Unfit("Gambar ini terlalu besar. Kecilkan dahulu, lalu unggah lagi.") from error
    except UnidentifiedImageError as error:
        raise Unfit("Berkas harus berupa PDF atau foto (JPG, PNG, HEIC).") from error
    except (OSError, ValueError, SyntaxError) as error:
        raise Unfit("Foto ini rusak atau terpotong. Ambil atau unggah sekali lagi.") from error
    return ImageOps.exif_transpose(picture)


def merge(contents: list[bytes]) -> bytes:
    """One PDF of all pages in the order given; photos are turned upright, made smaller and lose what the camera noted (EXIF)."""
    import pikepdf

    with pikepdf.new() as whole:
        for content in contents:
            part = content if check(content) == "application/pdf" else _as_pdf(content)
            with pikepdf.open(io.BytesIO(part)) as pdf:
                whole.pages.extend(pdf.pages)
        out = io.BytesIO()
        whole.save(out, deterministic_id=True)
    return out.getvalue()


def _as_pdf(content: bytes) -> bytes:
    picture = _open_picture(content)
    if picture.mode in ("RGBA", "LA", "P"):
        from PIL import Image

        picture = picture.convert("RGBA")
        white = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(white, picture)
    picture = picture.convert("RGB")
    picture.thumbnail((LONGEST, LONGEST))
    out = io.BytesIO()
    picture.save(out, "PDF", quality=80, resolution=max(picture.size) / A4_LONG_INCHES)
    return out.getvalue()


def main() -> None:
    """Answer one job."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    job = json.loads(sys.stdin.buffer.readline())
    contents = [sys.stdin.buffer.read(size) for size in job["sizes"]]
    body = b""
    try:
        if job["do"] == "merge":
            body = merge(contents)
            answer = {"types": ["application/pdf"]}
        else:
            answer = {"types": [check(each) for each in contents]}
    except Unfit as error:
        answer = {"refused": str(error)}
    except MemoryError:
        answer = {"refused": "Berkas ini terlalu berat untuk dibaca. Kecilkan dahulu, lalu unggah lagi."}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + body)


if __name__ == "__main__":
    main()
