"""What a list is narrowed to, as its address says: links, exports and the way back carry the same filter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Self

LONGEST = 80


@dataclass(frozen=True)
class Narrowing:
    """Filters of a list as plain texts; an empty one narrows nothing."""

    @classmethod
    def of(cls, args: Mapping[str, str]) -> Self:
        """From the address of a page."""
        return cls(**{each.name: args.get(each.name, "").strip()[:LONGEST] for each in fields(cls)})

    def as_args(self) -> dict[str, str]:
        """For the address of a page: only what narrows."""
        return {each.name: getattr(self, each.name) for each in fields(self) if getattr(self, each.name)}
