"""Photographs of printed pages as a telephone takes them: turned, seen aslant, in uneven light, a little blurred, as JPEG. Seeded: the same again.

The page is a picture of 150 dots to the inch; the photograph keeps about that fineness, which is the least that a telephone gives.
"""

from __future__ import annotations

import io
import math
import random
from dataclasses import dataclass

import pypdfium2
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from webapp.scan_child import plane

DPI = 150
DESKS = ((96, 74, 58), (60, 66, 72), (134, 112, 88), (40, 44, 60), (110, 118, 110))


@dataclass(frozen=True)
class Photograph:
    """The JPEG, and where the page's corners really are on it (upper left, upper right, lower right, lower left as printed)."""

    jpeg: bytes
    corners: tuple[tuple[float, float], ...]
    size: tuple[int, int]


def pages_of(pdf: bytes, dpi: int = DPI) -> list[Image.Image]:
    """The pages of a PDF as printed on paper."""
    return [page.render(scale=dpi / 72).to_pil().convert("RGB") for page in pypdfium2.PdfDocument(pdf)]


def photograph(page: Image.Image, rng: random.Random, quarter: int = 0, degrees: tuple[float, float] = (2, 5), quality: tuple[int, int] = (55, 82)) -> Photograph:
    """The page on a desk. ``quarter`` turns the telephone by that many times 90°."""
    width, height = page.size
    border = round(0.09 * height)
    size = (width + 2 * border, height + 2 * border)
    corners = _corners(width, height, border, rng, degrees)
    flat = [(0, 0), (width, 0), (width, height), (0, height)]
    seen = page.transform(size, Image.Transform.PERSPECTIVE, plane(corners, flat), Image.Resampling.BICUBIC)
    mask = Image.new("L", page.size, 255).transform(size, Image.Transform.PERSPECTIVE, plane(corners, flat), Image.Resampling.BICUBIC, fillcolor=0)
    photo = _desk(size, rng)
    shadow = Image.new("RGB", size, (20, 18, 16))
    photo.paste(shadow, (6, 9), mask.filter(ImageFilter.GaussianBlur(7)).point(lambda v: v // 3))
    photo.paste(seen, (0, 0), mask)
    photo = _noisy(_lit(photo, rng).filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 0.8))), rng)
    photo, corners = _turned(photo, corners, quarter)
    out = io.BytesIO()
    photo.save(out, "JPEG", quality=rng.randint(*quality))
    return Photograph(out.getvalue(), tuple(corners), photo.size)


def _corners(width: int, height: int, border: int, rng: random.Random, degrees: tuple[float, float]) -> list[tuple[float, float]]:
    """Turned by 2–5° either way, then each corner moved as if the telephone were held aslant."""
    angle = math.radians(rng.uniform(*degrees) * rng.choice((-1, 1)))
    found = []
    for x, y in ((0, 0), (width, 0), (width, height), (0, height)):
        dx, dy = x - width / 2, y - height / 2
        turned = (dx * math.cos(angle) - dy * math.sin(angle), dx * math.sin(angle) + dy * math.cos(angle))
        found.append((turned[0] + width / 2 + border, turned[1] + height / 2 + border))
    near = 0.03 * width
    return [(x + rng.uniform(-near, near), y + rng.uniform(-near, near)) for x, y in found]


def _desk(size: tuple[int, int], rng: random.Random) -> Image.Image:
    desk = Image.new("RGB", size, rng.choice(DESKS))
    draw = ImageDraw.Draw(desk)
    for _ in range(60):  # grain
        y = rng.randrange(size[1])
        shade = tuple(max(0, min(255, each + rng.randint(-14, 14))) for each in desk.getpixel((0, 0)))
        draw.line([(0, y), (size[0], y + rng.randint(-30, 30))], fill=shade, width=rng.randint(1, 6))
    return desk


def _lit(photo: Image.Image, rng: random.Random) -> Image.Image:
    """Brighter on one side, with the shadow of a hand or head."""
    light = Image.linear_gradient("L").rotate(rng.choice((0, 90, 180, 270)) + rng.uniform(-30, 30), expand=False, fillcolor=128)
    light = light.resize(photo.size, Image.Resampling.BICUBIC).point(lambda v: 150 + round(v * 105 / 255))
    dark = Image.new("L", (64, 64), 255)
    x, y, r = rng.randrange(64), rng.randrange(64), rng.randrange(14, 30)
    ImageDraw.Draw(dark).ellipse([x - r, y - r, x + r, y + r], fill=rng.randint(150, 200))
    dark = dark.filter(ImageFilter.GaussianBlur(7)).resize(photo.size, Image.Resampling.BICUBIC)
    both = ImageChops.multiply(light, dark)
    return ImageChops.multiply(photo, Image.merge("RGB", (both, both.point(lambda v: round(v * 0.985)), both.point(lambda v: round(v * 0.93)))))


def _noisy(photo: Image.Image, rng: random.Random) -> Image.Image:
    """Grain of a small sensor: a tile of noise drawn from the seed, laid over the whole."""
    side = 256
    tile = Image.frombytes("L", (side, side), bytes(min(255, max(0, round(rng.gauss(128, 9)))) for _ in range(side * side)))
    grain = Image.new("L", photo.size)
    for left in range(0, photo.width, side):
        for top in range(0, photo.height, side):
            grain.paste(tile.rotate(rng.choice((0, 90, 180, 270))), (left, top))
    return ImageChops.add(photo, Image.merge("RGB", (grain,) * 3), scale=1, offset=-128)


def _turned(photo: Image.Image, corners: list[tuple[float, float]], quarter: int) -> tuple[Image.Image, list[tuple[float, float]]]:
    for _ in range(quarter % 4):
        width = photo.width
        photo = photo.transpose(Image.Transpose.ROTATE_90)  # counter-clockwise
        corners = [(y, width - x) for x, y in corners]
    return photo, corners


def covered(page: Image.Image) -> Image.Image:
    """The page with a thumb on its code: the negative control."""
    page = page.copy()
    ImageDraw.Draw(page).ellipse([0.06 * page.width, 0.9 * page.height, 0.24 * page.width, page.height], fill=(196, 150, 128))
    return page
