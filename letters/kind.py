"""A kind of paper is a folder that holds a letter.py; this finds them all."""

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

from letters.asking import Ask

HERE = Path(__file__).parent

#: The conditions of the draft stage; most papers of a village wait for them.
DRAFT = (
    "accord_in_force", "parties_complete", "legal_bases_chosen", "roster_frozen",
    "contributions_calculated", "nothing_flagged", "paraf_given", "approved",
)
#: Permendagri 83/2022: 100.3.7.1 is nota kesepakatan, kontrak, perjanjian within the country.
AGREEMENTS = "100.3.7.1"


class UnknownKind(KeyError):
    """There is no paper of that name."""

    def __str__(self) -> str:
        return f"Jenis naskah «{self.args[0]}» tidak dikenal."


@dataclass(frozen=True)
class Kind:
    """One kind of paper: its facts, its sample and what must be true before it is issued."""

    slug: str
    title: str
    about: str  # accord, agreement, kabupaten, or the history of an agreement
    needs: tuple[str, ...]
    Letter: Any
    SAMPLE: Any
    archive_code: str | None
    number_owner: str  # whose typed number it carries, where it is typed
    numbered: str | None  # drawn by DPMD, parent's number, typed by the village, or none
    renditions: int  # 2 where Rangkap 1 and 2 are two originals
    template_version: int
    font: str  # arial or bookman
    landscape: bool
    paraf: bool
    printout: bool  # printed from the register as it stands, never issued
    asks: tuple[Ask, ...]  # what only the person who wants it can say

    @property
    def folder(self) -> Path:
        return HERE / self.slug

    @property
    def template_digest(self) -> str:
        """What the record keeps beside the version: a changed template cannot hide."""
        return _digest(self.slug)


def all_kinds() -> dict[str, Kind]:
    """Every kind by slug, alphabetically."""
    return {slug: kind(slug) for slug in _slugs()}


def kind(slug: str) -> Kind:
    """The kind of that name; UnknownKind if there is none."""
    if slug not in _slugs():
        raise UnknownKind(slug)
    return _found(slug)


@cache
def _slugs() -> tuple[str, ...]:
    return tuple(sorted(each.parent.name for each in HERE.glob("*/letter.py")))


@cache
def _found(slug: str) -> Kind:
    own = import_module(f"letters.{slug}.letter")
    return Kind(
        slug=slug, title=own.TITLE, about=own.ABOUT, needs=tuple(own.NEEDS),
        Letter=own.Letter, SAMPLE=own.SAMPLE,
        archive_code=getattr(own, "ARCHIVE_CODE", None), numbered=getattr(own, "NUMBERED", None),
        number_owner=getattr(own, "NUMBER_OWNER", "village"),
        renditions=getattr(own, "RENDITIONS", 1), template_version=own.TEMPLATE_VERSION,
        font=getattr(own, "FONT", "arial"), landscape=getattr(own, "LANDSCAPE", False),
        paraf=getattr(own, "PARAF", False), printout=getattr(own, "PRINTOUT", False),
        asks=tuple(getattr(own, "ASKS", ())),
    )


@cache
def _digest(slug: str) -> str:
    files = [*sorted((HERE / "shared").iterdir()), *sorted((HERE / slug).iterdir())]
    seen = sha256()
    for each in files:
        if each.is_file():
            content = each.read_bytes()
            seen.update(f"{each.relative_to(HERE).as_posix()} {len(content)}\n".encode() + content)
    return seen.hexdigest()
