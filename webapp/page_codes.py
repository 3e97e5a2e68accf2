"""Asks a killable child which codes stand on the pages of a file (T11)."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

CHILD = Path(__file__).with_name("page_child.py")
SECONDS = 60
TOKEN = re.compile(r"/v/([A-Za-z0-9_-]{16,40})(?:\?|$)")


class Unreadable(Exception):
    """The file cannot be opened; the message says why."""


@dataclass(frozen=True)
class PageCode:
    """What the code on a page says: the paper's token, and page, version and rangkap where it names them."""

    token: str
    page: int | None
    version: int | None
    rangkap: int | None


def read_codes(content: bytes, most: int = 40) -> list[PageCode | None]:
    """The code of each page, None where no code of ours was found; at most ``most`` pages. Raises Unreadable."""
    job = json.dumps({"size": len(content), "most": most}).encode() + b"\n" + content
    try:
        run = subprocess.run([sys.executable, "-I", str(CHILD)], input=job, capture_output=True, timeout=SECONDS, check=True)
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        raise Unreadable("Berkas ini tidak dapat dibuka.") from error
    answer = json.loads(run.stdout)
    if "unreadable" in answer:
        raise Unreadable(answer["unreadable"])
    return [next(filter(None, map(page_code, texts)), None) for texts in answer["pages"]]


def page_code(text: str) -> PageCode | None:
    """The code of a page from its text; None when it is not one of ours."""
    found = TOKEN.search(text)
    if not found:
        return None
    named = {name: int(value) for name, value in re.findall(r"[?&]([hvr])=(\d{1,4})(?=&|$)", text)}
    return PageCode(found[1], named.get("h"), named.get("v"), named.get("r"))
