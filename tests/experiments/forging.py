"""Ways to alter a paper: from one flipped bit to shadow attacks, where an incremental update shows what was hidden before."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Callable, Mapping

import pikepdf

FALSE_TEXT = b"BT /F0 24 Tf 72 500 Td (PALSU) Tj ET"
Forge = Callable[[bytes, bytes, random.Random], bytes]


def incremental(content: bytes, objects: Mapping[int, bytes], root: int | None = None) -> bytes:
    """The file as it was, with objects replaced or added behind its end: what most signatures and some readers do not mind."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        size, old_root = len(pdf.objects) + 1, pdf.Root.objgen[0]
    before = int(re.findall(rb"startxref\s+(\d+)", content)[-1])
    out, places = bytearray(content + b"\n"), {}
    for number, body in sorted(objects.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    return bytes(out + _index(places, before, root or old_root, size, len(out), content[before : before + 4] != b"xref"))


def _index(places: Mapping[int, int], before: int, root: int, size: int, start: int, as_stream: bool) -> bytes:
    """Where the objects of the update lie, in the form that the file already has."""
    end = b"startxref\n%d\n%%%%EOF\n" % start
    if not as_stream:
        lines = b"".join(b"%d 1\n%010d 00000 n \n" % each for each in places.items())
        return b"xref\n" + lines + b"trailer\n<< /Size %d /Root %d 0 R /Prev %d >>\n" % (max(size, *(each + 1 for each in places)), root, before) + end
    own = max([size, *(each + 1 for each in places)])
    rows = {**places, own: start}
    told = b" ".join(b"%d 1" % each for each in rows)
    body = b"".join(b"\x01" + at.to_bytes(4, "big") + b"\x00" for at in rows.values())
    head = b"<< /Type /XRef /W [1 4 1] /Index [%s] /Size %d /Root %d 0 R /Prev %d /Length %d >>" % (told, own + 1, root, before, len(body))
    return b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (own, head, body) + end


def _free(content: bytes) -> int:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return len(pdf.objects) + 1


def _stream(body: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(body), body)


def _page(content: bytes) -> tuple[int, bytes]:
    """Number and source of the first page's dictionary."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        page = pdf.pages[0].obj
        return page.objgen[0], page.unparse(resolved=True)


def _false_page(content: bytes, stream: int) -> bytes:
    """The first page with other content, its font included."""
    _, source = _page(content)
    font = b"/Resources << /Font << /F0 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
    with pikepdf.open(io.BytesIO(content)) as pdf:
        box = b" ".join(b"%g" % float(each) for each in pdf.pages[0].mediabox)
        parent = pdf.pages[0].obj.Parent.objgen[0]
    return b"<< /Type /Page /Parent %d 0 R /MediaBox [%s] %s /Contents %d 0 R >>" % (parent, box, font, stream)


def shadow_replace(content: bytes, other: bytes, dice: random.Random) -> bytes:
    """The page object is replaced by one that shows something else."""
    stream, (page, _) = _free(content), _page(content)
    return incremental(content, {page: _false_page(content, stream), stream: _stream(FALSE_TEXT)})


def shadow_hide(content: bytes, other: bytes, dice: random.Random) -> bytes:
    """An annotation lies over the page and covers what it says."""
    note, (page, source) = _free(content), _page(content)
    look = b"<< /Type /XObject /Subtype /Form /BBox [0 0 450 300] /Length 24 >>\nstream\n0 0 0 rg 0 0 450 300 re f\nendstream"
    cover = b"<< /Type /Annot /Subtype /Stamp /Rect [50 400 500 700] /F 4 /AP << /N %d 0 R >> >>" % (note + 1)
    return incremental(content, {page: source.rstrip().removesuffix(b">>") + b" /Annots [%d 0 R] >>" % note, note: cover, note + 1: look})


def shadow_switch(content: bytes, other: bytes, dice: random.Random) -> bytes:
    """Another catalogue with pages of its own lay hidden; the update shows it."""
    first = _free(content)
    root, tree, page, stream = first, first + 1, first + 2, first + 3
    body = _false_page(content, stream)
    body = re.sub(rb"/Parent \d+ 0 R", b"/Parent %d 0 R" % tree, body)
    objects = {root: b"<< /Type /Catalog /Pages %d 0 R >>" % tree, tree: b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % page, page: body, stream: _stream(FALSE_TEXT)}
    return incremental(content, objects, root)


def _open(content: bytes, change: Callable[[pikepdf.Pdf], None], **saving: object) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        change(pdf)
        pdf.save(out, **saving)  # type: ignore[arg-type]
    return out.getvalue()


def _place(content: bytes, dice: random.Random) -> int:
    return dice.randrange(len(content))


def flip_bit(content: bytes, other: bytes, dice: random.Random) -> bytes:
    at = _place(content, dice)
    return content[:at] + bytes([content[at] ^ 1 << dice.randrange(8)]) + content[at + 1 :]


def overwrite(content: bytes, other: bytes, dice: random.Random) -> bytes:
    at, said = _place(content, dice), dice.randbytes(dice.randint(1, 200))
    return content[:at] + bytes(each ^ 255 for each in content[at : at + 1]) + said + content[at + 1 + len(said) :]


def insert(content: bytes, other: bytes, dice: random.Random) -> bytes:
    at = _place(content, dice)
    return content[:at] + dice.randbytes(dice.randint(1, 200)) + content[at:]


def cut_out(content: bytes, other: bytes, dice: random.Random) -> bytes:
    at = _place(content, dice)
    return content[:at] + content[at + dice.randint(1, 200) :]


def truncate(content: bytes, other: bytes, dice: random.Random) -> bytes:
    return content[: dice.randrange(1, len(content))]


def pad(content: bytes, other: bytes, dice: random.Random) -> bytes:
    return content + dice.choice((b"\n", b" ", b"\0", b"\r\n")) * dice.randint(1, 4000)


def before_it(content: bytes, other: bytes, dice: random.Random) -> bytes:
    return dice.choice((b"\n", b"\xef\xbb\xbf", b"GIF89a", b"#!/bin/sh\n")) + content


def comment(content: bytes, other: bytes, dice: random.Random) -> bytes:
    return content + b"%% tambahan %d\n" % dice.randrange(10**6)


def both_files(content: bytes, other: bytes, dice: random.Random) -> bytes:
    return content + other


def metadata(content: bytes, other: bytes, dice: random.Random) -> bytes:
    return _open(content, lambda pdf: pdf.docinfo.__setitem__("/Title", f"Naskah lain {dice.randrange(10**6)}"))


def new_metadata(content: bytes, other: bytes, dice: random.Random) -> bytes:
    number = _free(content)
    return incremental(content, {number: b"<< /Title (Naskah lain %d) >>" % dice.randrange(10**6)})


def saved_otherwise(content: bytes, other: bytes, dice: random.Random) -> bytes:
    how = dice.choice(({"linearize": True}, {"object_stream_mode": pikepdf.ObjectStreamMode.disable}, {"compress_streams": False}, {"qdf": True}))
    return _open(content, lambda pdf: pdf.docinfo.__setitem__("/Uji", f"{dice.randrange(10**6)}"), **how)


def a_page_more(content: bytes, other: bytes, dice: random.Random) -> bytes:
    def change(pdf: pikepdf.Pdf) -> None:
        with pikepdf.open(io.BytesIO(other)) as source:
            pdf.pages.insert(dice.randrange(len(pdf.pages) + 1), source.pages[0])

    return _open(content, change)


def its_code_on_another(content: bytes, other: bytes, dice: random.Random) -> bytes:
    """The pages of one paper under the code of the other."""

    def change(pdf: pikepdf.Pdf) -> None:
        with pikepdf.open(io.BytesIO(other)) as source:
            pdf.pages.append(source.pages[0])
            del pdf.pages[:-1]

    return _open(content, change)


def overlaid(content: bytes, other: bytes, dice: random.Random) -> bytes:
    return _open(content, lambda pdf: pdf.pages[0].contents_add(b"q 1 1 1 rg 60 %d 400 40 re f Q" % dice.randint(200, 700)))


def carried(content: bytes, other: bytes, dice: random.Random) -> bytes:
    """The genuine file as an attachment of another one."""

    def change(pdf: pikepdf.Pdf) -> None:
        pdf.attachments["asli.pdf"] = pikepdf.AttachedFileSpec(pdf, content, filename=f"asli{dice.randrange(10**6)}.pdf")

    return _open(other, change)


FORGERIES: Mapping[str, Forge] = {
    each.__name__: each
    for each in (
        flip_bit, overwrite, insert, cut_out, truncate, pad, before_it, comment, both_files, metadata, new_metadata, saved_otherwise, a_page_more,
        its_code_on_another, overlaid, carried, shadow_replace, shadow_hide, shadow_switch,
    )
}  # fmt: skip
