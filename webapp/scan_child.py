"""Reads the code on photographed pages, straightens them and cuts pieces out of them, as a child process that may be killed; it imports nothing of ours.

stdin: one JSON line {"do": "read"|"build"|"cut", "sizes": [...], ...}, then the bytes. stdout: one JSON line, then the bytes that it names.
Lengths on paper are mm from the page's upper left corner; a straightened picture shows the whole page and MARGINS mm around it.
"""

from __future__ import annotations

import io
import json
import re
import resource
import sys

CPU_SECONDS, MEMORY = 120, 1536 * 1024 * 1024
PIXELS, DPI = 80_000_000, 200
LONGEST = 2200  # of a straightened page, in pixels: some 180 to the inch on A4
QR_SIDE, QR_FROM_BOTTOM = 18.0, 5.0
# What stays around the page: little where its corners were seen, more where they were reckoned from the code alone.
MARGINS = {"corners": 4.0, "code": 12.0, "edges": 4.0, "none": 0.0}
A4 = (210.0, 297.0)
OURS = re.compile(r"/v/([A-Za-z0-9_-]{16,40})(?:\?|$)")


class Unfit(Exception):
    """Cannot be opened; the message is for the person who sent it."""


# --- lines and planes -------------------------------------------------------------------------------------------------------------------


def solved(rows: list[list[float]]) -> list[float]:
    """The unknowns of a system of linear equations, each row with its right side last. Raises ZeroDivisionError when there is no one answer."""
    count = len(rows)
    rows = [row[:] for row in rows]
    for place in range(count):
        best = max(range(place, count), key=lambda each: abs(rows[each][place]))
        rows[place], rows[best] = rows[best], rows[place]
        for each in range(count):
            if each != place:
                factor = rows[each][place] / rows[place][place]
                rows[each] = [a - factor * b for a, b in zip(rows[each], rows[place], strict=True)]
    return [row[-1] / row[place] for place, row in enumerate(rows)]


def plane(here: list[tuple[float, float]], there: list[tuple[float, float]]) -> list[float]:
    """The eight numbers that carry four points onto four others, as a camera sees a flat sheet."""
    rows = []
    for (x, y), (u, v) in zip(here, there, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y, u], [0, 0, 0, x, y, 1, -v * x, -v * y, v]]
    return solved(rows)


def carried(p: list[float], x: float, y: float) -> tuple[float, float]:
    """A point through such a plane."""
    under = p[6] * x + p[7] * y + 1
    return (p[0] * x + p[1] * y + p[2]) / under, (p[3] * x + p[4] * y + p[5]) / under


def similarity(here: list[tuple[float, float]], there: list[tuple[float, float]]):
    """Turning, size and shift that carry the first points nearest to the others, as a function."""
    z, w = [complex(*each) for each in here], [complex(*each) for each in there]
    middle, aim = sum(z) / len(z), sum(w) / len(w)
    turn = sum((b - aim) * (a - middle).conjugate() for a, b in zip(z, w, strict=True)) / sum(abs(a - middle) ** 2 for a in z)

    def to(x: float, y: float) -> tuple[float, float]:
        found = turn * (complex(x, y) - middle) + aim
        return found.real, found.imag

    return to


def line_through(points: list[tuple[float, float]], near: float, least: int):
    """The line (a, b, c: ax + by = c) that most of the points lie on, or None when fewer than ``least`` do."""
    best: list[tuple[float, float]] = []
    for first in range(len(points)):
        for second in range(first + 8, len(points), 3):
            (x1, y1), (x2, y2) = points[first], points[second]
            long = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
            if long < 1:
                continue
            a, b = (y2 - y1) / long, (x1 - x2) / long
            held = [each for each in points if abs(a * (each[0] - x1) + b * (each[1] - y1)) <= near]
            best = held if len(held) > len(best) else best
    return _fitted(best) if len(best) >= least else None


def _fitted(points: list[tuple[float, float]]) -> tuple[float, float, float]:
    count = len(points)
    mx, my = sum(x for x, _ in points) / count, sum(y for _, y in points) / count
    xx, yy = sum((x - mx) ** 2 for x, _ in points), sum((y - my) ** 2 for _, y in points)
    xy = sum((x - mx) * (y - my) for x, y in points)
    # The direction in which the points spread most; the line's own normal stands across it.
    spread = ((xx - yy) ** 2 + 4 * xy * xy) ** 0.5
    dx, dy = (xy, (yy - xx + spread) / 2) if yy > xx else ((xx - yy + spread) / 2, xy)
    long = (dx * dx + dy * dy) ** 0.5 or 1.0
    a, b = -dy / long, dx / long
    return a, b, a * mx + b * my


def crossing(one: tuple[float, float, float], two: tuple[float, float, float]) -> tuple[float, float]:
    """Where two lines meet."""
    x, y = solved([list(one), list(two)])
    return x, y


# --- pages as pictures ------------------------------------------------------------------------------------------------------------------


def pictures(content: bytes, most: int):
    """The pages of a PDF as pictures, or the one picture. Raises Unfit."""
    if content.lstrip()[:5] == b"%PDF-":
        yield from (rendered(page) for page in _pages(content, most))
    else:
        yield _opened(content)


def _pages(content: bytes, most: int):
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(content)
        if len(pdf) > most:
            raise Unfit(f"Paling banyak {most} halaman sekali kirim; berkas ini {len(pdf)} halaman.")
        for place in range(len(pdf)):
            yield pdf[place]
    except pypdfium2.PdfiumError as error:
        raise Unfit("PDF ini rusak, terpotong atau terkunci. Pindai sekali lagi, lalu kirim lagi.") from error


def rendered(page, dpi: float = DPI):
    """A page of a PDF as a picture; a huge sheet is made smaller."""
    width, height = page.get_size()
    return page.render(scale=min(dpi / 72, (12_000_000 / max(1.0, width * height)) ** 0.5)).to_pil().convert("RGB")


def _opened(content: bytes):
    import warnings

    from pi_heif import register_heif_opener
    from PIL import Image, ImageOps

    register_heif_opener()
    Image.MAX_IMAGE_PIXELS = PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        picture = Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "HEIF"))
        picture.load()
    except Exception as error:  # whatever a decoder says of a broken picture
        raise Unfit("Foto ini rusak, terpotong atau terlalu besar. Ambil sekali lagi, lalu kirim lagi.") from error
    picture = ImageOps.exif_transpose(picture)
    if picture.mode in ("RGBA", "LA", "P"):
        picture = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture.convert("RGBA"))
    return picture.convert("RGB")


# --- the code ---------------------------------------------------------------------------------------------------------------------------


def code_on(picture):
    """The text of the code and its four corners (upper left, upper right, lower right, lower left as printed), or None."""
    for looked, scale, (left, top) in _looks(picture.convert("L")):
        found = _read(looked)
        if found:
            return found[0], [(x / scale + left, y / scale + top) for x, y in found[1]]
    return None


def _read(grey):
    import zxingcpp

    way = zxingcpp.Binarizer
    for binarizer in (way.LocalAverage, way.GlobalHistogram):
        for each in zxingcpp.read_barcodes(grey, formats=zxingcpp.BarcodeFormat.QRCode, try_invert=False, binarizer=binarizer):
            if OURS.search(each.text):
                at = each.position
                return each.text, [(float(p.x), float(p.y)) for p in (at.top_left, at.top_right, at.bottom_right, at.bottom_left)]
    return None


def _looks(grey):
    """The same page in several sizes and lights, the likeliest first; then its corners one by one, larger."""
    from PIL import Image, ImageFilter, ImageOps

    long = max(grey.size)
    for wanted in dict.fromkeys((min(long, 2400), 1700, long if long <= 4200 else 4200)):
        scale = wanted / long
        yield _sized(grey, scale), scale, (0, 0)
    even = _even_light(grey)
    scale = min(1.0, 2400 / long)
    small = _sized(even, scale)
    yield small, scale, (0, 0)
    yield ImageOps.autocontrast(small, cutoff=2).filter(ImageFilter.UnsharpMask(2, 160, 2)), scale, (0, 0)
    width, height = grey.size
    across, down = round(width * 0.42), round(height * 0.42)
    scale = min(3.0, max(1.0, 2200 / max(across, down)))
    for left, top in ((0, height - down), (0, 0), (width - across, height - down), (width - across, 0)):
        part = even.crop((left, top, left + across, top + down))
        large = part.resize((round(across * scale), round(down * scale)), Image.Resampling.BICUBIC)
        yield large, scale, (left, top)
        yield large.filter(ImageFilter.UnsharpMask(3, 200, 1)), scale, (left, top)
        yield large.filter(ImageFilter.GaussianBlur(1.4)), scale, (left, top)


def _sized(picture, scale: float):
    from PIL import Image

    if scale == 1:
        return picture
    return picture.resize((max(1, round(picture.width * scale)), max(1, round(picture.height * scale))), Image.Resampling.LANCZOS)


def _even_light(grey):
    """Shadows taken out: each place divided by how bright it is around."""
    from PIL import Image, ImageChops, ImageFilter

    small = grey.resize((max(1, grey.width // 16), max(1, grey.height // 16)), Image.Resampling.BOX)
    around = small.filter(ImageFilter.MaxFilter(5)).filter(ImageFilter.GaussianBlur(4)).resize(grey.size, Image.Resampling.BICUBIC)
    lack = ImageChops.invert(around)
    return ImageChops.add(grey, lack)


# --- the page's edges -------------------------------------------------------------------------------------------------------------------

SMALL, SAMPLES, LOOK = 560, 44, 5


def corners_near(grey, guess: list[tuple[float, float]], reach: float) -> list[tuple[float, float]] | None:
    """The page's four corners where bright paper ends on a darker ground near the guessed ones; None unless all four sides are plain to see."""
    scale = min(1.0, SMALL / max(grey.size))
    small = _sized(grey, scale)
    pixel, size = small.load(), small.size
    lines = []
    for place in range(4):
        one, two = guess[place], guess[(place + 1) % 4]
        points = _edge_points(pixel, size, [v * scale for v in (*one, *two)], reach * scale)
        line = line_through(points, 1.3, round(SAMPLES * 0.55))
        if line is None:
            return None
        lines.append(line)
    try:
        found = [crossing(lines[place - 1], lines[place]) for place in range(4)]
    except ZeroDivisionError:
        return None
    return [(x / scale, y / scale) for x, y in found]


def _edge_points(pixel, size: tuple[int, int], side: list[float], reach: float) -> list[tuple[float, float]]:
    """Along the guessed side (clockwise, so that outside is to its left): the place on each cross-section where it grows dark most."""
    x1, y1, x2, y2 = side
    long = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5 or 1.0
    out_x, out_y = (y2 - y1) / long, -(x2 - x1) / long
    points = []
    for each in range(SAMPLES):
        part = 0.04 + 0.92 * each / (SAMPLES - 1)
        x, y = x1 + part * (x2 - x1), y1 + part * (y2 - y1)
        across = [_at(pixel, size, x + s * out_x, y + s * out_y) for s in range(round(-reach), round(reach) + 1)]
        best = _steepest(across)
        if best is not None:
            s = best - round(reach)
            points.append((x + s * out_x, y + s * out_y))
    return points


def _at(pixel, size: tuple[int, int], x: float, y: float) -> int | None:
    column, row = int(x), int(y)
    return pixel[column, row] if 0 <= column < size[0] and 0 <= row < size[1] else None


def _steepest(values: list[int | None]) -> int | None:
    best, found = 14.0, None
    for place in range(LOOK, len(values) - LOOK + 1):
        inside, outside = values[place - LOOK : place], values[place : place + LOOK]
        if None in inside or None in outside:
            continue
        fall = (sum(inside) - sum(outside)) / LOOK  # type: ignore[arg-type]
        if fall > best:
            best, found = fall, place
    return found


def _plain(corners: list[tuple[float, float]], mm: tuple[float, float]) -> bool:
    """Do the corners look like a sheet of that size seen by somebody who stands over it?"""
    sides = [abs(complex(*corners[place]) - complex(*corners[(place + 1) % 4])) for place in range(4)]
    if min(sides) < 50:
        return False
    turns = [complex(*corners[(place + 1) % 4]) - complex(*corners[place]) for place in range(4)]
    square = all(abs((a.conjugate() * b).real) / (abs(a) * abs(b)) < 0.26 and (a.conjugate() * b).imag > 0 for a, b in zip(turns, [*turns[1:], turns[0]], strict=True))
    shape = (sides[0] + sides[2]) / (sides[1] + sides[3]) / (mm[0] / mm[1])
    return square and 0.88 < shape < 1.14 and all(0.8 < sides[place] / sides[place + 2] < 1.25 for place in (0, 1))


# --- straightening ----------------------------------------------------------------------------------------------------------------------


def code_square(mm: tuple[float, float], left: float) -> list[tuple[float, float]]:
    """Where the code stands on the paper."""
    top = mm[1] - QR_FROM_BOTTOM - QR_SIDE
    return [(left, top), (left + QR_SIDE, top), (left + QR_SIDE, top + QR_SIDE), (left, top + QR_SIDE)]


def page_corners(mm: tuple[float, float]) -> list[tuple[float, float]]:
    """The sheet's corners, clockwise from the upper left."""
    return [(0.0, 0.0), (mm[0], 0.0), mm, (0.0, mm[1])]


def laid(picture, at: list[tuple[float, float]], mm: tuple[float, float], left: float):
    """Where each mm of the sheet lies on the picture, and by what that is known: its corners where they were found safely, else the code alone."""
    square = code_square(mm, left)
    to = similarity(square, at)
    guess = [to(x, y) for x, y in page_corners(mm)]
    per_mm = abs(complex(*to(1, 0)) - complex(*to(0, 0)))
    corners = corners_near(picture.convert("L"), guess, 38 * per_mm)
    if corners and _plain(corners, mm):
        sheet = plane(page_corners(mm), corners)
        off = max(abs(complex(*carried(sheet, *here)) - complex(*there)) for here, there in zip(square, at, strict=True))
        if off <= 3.5 * per_mm:  # the corners and the code tell the same
            return (lambda x, y: carried(sheet, x, y)), "corners"
    return to, "code"


def straightened(picture, at: list[tuple[float, float]], mm: tuple[float, float], left: float):
    """The page upright and flat, and by what."""
    to, how = laid(picture, at, mm, left)
    return _flat(picture, to, mm, how), how


def by_edges(picture, sizes: list[tuple[float, float]]):
    """A page whose code could not be read: flat by its corners when they are plain, else as it was photographed."""
    width, height = picture.size
    guess = [(0.0, 0.0), (float(width), 0.0), (float(width), float(height)), (0.0, float(height))]
    inner = [(x + (0.14 if x == 0 else -0.14) * width, y + (0.14 if y == 0 else -0.14) * height) for x, y in guess]
    corners = corners_near(picture.convert("L"), inner, 0.13 * min(width, height))
    for mm in sizes:
        if corners and _plain(corners, mm):
            sheet = plane(page_corners(mm), corners)
            return _flat(picture, lambda x, y, sheet=sheet: carried(sheet, x, y), mm, "edges"), "edges", mm
    mm = (A4[1], A4[0]) if width > height else A4
    whole = picture.copy()
    whole.thumbnail((LONGEST, LONGEST))
    return whole, "none", mm


def _flat(picture, to, mm: tuple[float, float], how: str):
    """The sheet and its margin as a picture of its own, as fine as it was photographed but not finer than needed."""
    from PIL import Image

    margin = MARGINS[how]
    frame = [(-margin, -margin), (mm[0] + margin, -margin), (mm[0] + margin, mm[1] + margin), (-margin, mm[1] + margin)]
    there = [to(x, y) for x, y in frame]
    taken = max(abs(complex(*there[1]) - complex(*there[0])) / (mm[0] + 2 * margin), abs(complex(*there[3]) - complex(*there[0])) / (mm[1] + 2 * margin))
    per_mm = min(LONGEST / (max(mm) + 2 * margin), taken)
    size = (round((mm[0] + 2 * margin) * per_mm), round((mm[1] + 2 * margin) * per_mm))
    seen = taken / per_mm
    if seen > 1.6:  # a far larger photo is made smaller first, so that fine lines do not break up
        picture, there = _sized(picture, 1.25 / seen), [(x * 1.25 / seen, y * 1.25 / seen) for x, y in there]
    here = [(0.0, 0.0), (float(size[0]), 0.0), (float(size[0]), float(size[1])), (0.0, float(size[1]))]
    return picture.transform(size, Image.Transform.PERSPECTIVE, plane(here, there), Image.Resampling.BICUBIC, fillcolor=(236, 236, 236))


# --- jobs -------------------------------------------------------------------------------------------------------------------------------


def read(contents: list[bytes], job: dict) -> tuple[dict, list[bytes]]:
    """Every page of the one file: its code, and the page straightened when it is one of ``papers`` or has no code of ours."""
    papers = {token: (tuple(each["mm"]), each["left"]) for token, each in job["papers"].items()}
    sizes = list(dict.fromkeys(mm for mm, _ in papers.values())) or [A4]
    told, made = [], []
    for picture in pictures(contents[0], job["most"]):
        found = code_on(picture)
        paper = papers.get(OURS.search(found[0])[1]) if found else None  # type: ignore[index]
        if found and paper is None:
            told.append({"code": found[0], "how": "", "mm": None, "size": 0})
            continue
        if found and paper:
            flat, how = straightened(picture, found[1], *paper)
            mm = paper[0]
        else:
            flat, how, mm = by_edges(picture, sizes)
        made.append(_jpeg(flat))
        told.append({"code": found[0] if found else None, "how": how, "mm": list(mm), "size": len(made[-1])})
    return {"pages": told}, made


def _jpeg(picture, quality: int = 76) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def build(contents: list[bytes], job: dict) -> tuple[dict, list[bytes]]:
    """One PDF of straightened pages in the order given; each picture goes in as it is."""
    import pikepdf
    from PIL import Image

    out = io.BytesIO()
    with pikepdf.new() as pdf:
        for content, (width, height) in zip(contents, job["mm"], strict=True):
            with Image.open(io.BytesIO(content), formats=("JPEG",)) as picture:
                size = picture.size
            image = pikepdf.Stream(pdf, content, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=size[0], Height=size[1],
                                   ColorSpace=pikepdf.Name.DeviceRGB, BitsPerComponent=8, Filter=pikepdf.Name.DCTDecode)  # fmt: skip
            points = max(width, height) / 25.4 * 72 / max(size)
            page = pdf.add_blank_page(page_size=(size[0] * points, size[1] * points))
            page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=pdf.make_indirect(image)))
            page.Contents = pdf.make_stream(f"q {size[0] * points:.3f} 0 0 {size[1] * points:.3f} 0 0 cm /Im0 Do Q".encode())
        pdf.save(out, deterministic_id=True)
    return {"size": len(out.getvalue())}, [out.getvalue()]


# Around what is found on the printed page: how many mm to show left, above, right and below of its middle or edges.
AROUND = {"name": (40, 43, 40, 12), "label": (40, 3, 40, 55), "meterai": (24, 20, 24, 16), "paraf": (33, 2, 33, 13)}
CUT_DPI = 150
# Where the page's corners were not seen, things may stand some mm off: more is shown around them.
UNSURE, UNSURE_MM = ("code", "none"), 6.0


def cut(contents: list[bytes], job: dict) -> tuple[dict, list[bytes]]:
    """For each thing wanted the piece of the printed page that holds it and the same piece of the straightened picture; null where it does not print."""
    import pypdfium2

    told: list[dict | None] = []
    made: list[bytes] = []
    papers = [(pypdfium2.PdfDocument(contents[each["printed"]]), each["pages"]) for each in job["papers"]]
    for wanted in job["wanted"]:
        pdf, pages = papers[wanted["paper"]]
        found = _found(pdf, wanted)
        if found is None:
            told.append(None)
            continue
        place, box = found
        if pages[place]["how"] in UNSURE:
            box = _wider(box, UNSURE_MM, pdf[place].get_size())
        printed, seen = _piece_of_print(pdf[place], box), _piece_of_scan(contents[pages[place]["picture"]], pages[place], box)
        made += [_jpeg(printed), _jpeg(seen)]
        told.append({"page": place + 1, "printed": len(made[-2]), "scan": len(made[-1])})
    return {"pieces": told}, made


def _found(pdf, wanted: dict):
    """The page and the box (mm: left, top, right, bottom) of the last place where one of the texts stands; the first text that is there counts."""
    only = wanted.get("page")
    for kind, text in wanted["find"]:
        for place in reversed(range(len(pdf))) if only is None else (only - 1,):
            box = _text_box(pdf[place], text)
            if box:
                return place, _around(box, AROUND[kind], pdf[place].get_size())
    return None


def _text_box(page, text: str):
    """Left, top, right, bottom in points from the upper left, of the last place where the text stands, however it is broken into lines."""
    from pypdfium2 import raw

    textpage = page.get_textpage()
    chars = [(chr(raw.FPDFText_GetUnicode(textpage, each)).casefold(), each) for each in range(textpage.count_chars())]
    chars = [(char, each) for char, each in chars if not char.isspace() and char > " "]
    wanted = "".join(text.split()).casefold()
    at = "".join(char[0] for char, _ in chars).rfind(wanted) if wanted else -1
    if at < 0:
        return None
    boxes = [textpage.get_charbox(each) for _, each in chars[at : at + len(wanted)]]
    high = page.get_size()[1]
    return min(b[0] for b in boxes), high - max(b[3] for b in boxes), max(b[2] for b in boxes), high - min(b[1] for b in boxes)


def _around(box, more: tuple[float, ...], size: tuple[float, float]) -> tuple[float, float, float, float]:
    left, top, right, bottom = (each * 25.4 / 72 for each in box)
    width, height = (each * 25.4 / 72 for each in size)
    middle = (left + right) / 2
    return max(0.0, middle - more[0]), max(0.0, top - more[1]), min(width, middle + more[2]), min(height, bottom + more[3])


def _wider(box, more: float, size: tuple[float, float]) -> tuple[float, float, float, float]:
    left, top, right, bottom = box
    return max(0.0, left - more), max(0.0, top - more), min(size[0] * 25.4 / 72, right + more), min(size[1] * 25.4 / 72, bottom + more)


def _piece_of_print(page, box):
    per_mm = CUT_DPI / 25.4
    return rendered(page, CUT_DPI).crop(tuple(round(each * per_mm) for each in box))


def _piece_of_scan(content: bytes, about: dict, box):
    picture, margin, mm = _opened(content), MARGINS[about["how"]], about["mm"]
    across, down = picture.width / (mm[0] + 2 * margin), picture.height / (mm[1] + 2 * margin)
    left, top, right, bottom = box
    return picture.crop((round((left + margin) * across), round((top + margin) * down), round((right + margin) * across), round((bottom + margin) * down)))


def page(contents: list[bytes], job: dict) -> tuple[dict, list[bytes]]:
    """A page of a printed paper as a picture to look at."""
    for place, each in enumerate(_pages(contents[0], 1000), 1):
        if place == job["page"]:
            return {"size": 0}, [_jpeg(rendered(each, 110))]
    raise Unfit("Halaman ini tidak ada pada naskahnya.")


def main() -> None:
    """Answer one job."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    job = json.loads(sys.stdin.buffer.readline())
    contents = [sys.stdin.buffer.read(size) for size in job["sizes"]]
    made: list[bytes] = []
    try:
        answer, made = {"read": read, "build": build, "cut": cut, "page": page}[job["do"]](contents, job)
    except Unfit as error:
        answer = {"refused": str(error)}
    except MemoryError:
        answer = {"refused": "Berkas ini terlalu berat untuk dibaca. Kecilkan dahulu, lalu kirim lagi."}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + b"".join(made))


if __name__ == "__main__":
    main()
