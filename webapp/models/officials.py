"""Who holds which post, in which capacity, from when to when: the signer of a paper is resolved on its date."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from ..db import Base

CAPACITIES = {"definitif": "", "pj": "Pj.", "plt": "Plt.", "plh": "Plh."}


class Official(Base):
    """A person in office. ``number_kind`` is NIP, NPK (BPJS) or empty: a village head usually has none."""

    __tablename__ = "officials"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(160))
    number_kind: Mapped[str] = mapped_column(String(3), default="")
    number: Mapped[str] = mapped_column(String(30), default="")
    rank: Mapped[str] = mapped_column(String(80), default="")


class Post(Base):
    """A position: head of an office, of a village (``village_code``) or of a kecamatan."""

    __tablename__ = "posts"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), index=True)
    title: Mapped[str] = mapped_column(String(200))
    office_id: Mapped[int | None] = mapped_column(ForeignKey("offices.id"))
    village_code: Mapped[str | None] = mapped_column(ForeignKey("villages.code"), unique=True)
    kecamatan_code: Mapped[str | None] = mapped_column(ForeignKey("kecamatan.code"), unique=True)


class Tenure(Base):
    """A term in a post. ``until_on`` is the last day; None while it runs."""

    __tablename__ = "tenures"

    id: Mapped[int] = mapped_column(primary_key=True)
    official_id: Mapped[int] = mapped_column(ForeignKey("officials.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), index=True)
    capacity: Mapped[str] = mapped_column(String(10), default="definitif")
    decree_number: Mapped[str] = mapped_column(String(120), default="")
    decree_on: Mapped[date | None]
    decree_by: Mapped[str] = mapped_column(String(120), default="")
    from_on: Mapped[date]
    until_on: Mapped[date | None]

    official: Mapped[Official] = relationship(lazy="joined")
    post: Mapped[Post] = relationship(lazy="joined")

    def holds_on(self, on: date) -> bool:
        """Is the official in this post on that day?"""
        return self.from_on <= on and (self.until_on is None or on <= self.until_on)

    @property
    def position(self) -> str:
        """The post as it prints, with Pj., Plt. or Plh. before it."""
        return f"{CAPACITIES[self.capacity]} {self.post.title}".strip()

    @property
    def authority(self) -> str:
        """What the signer's authority rests on; empty while nobody has recorded it."""
        if not self.decree_number:
            return ""
        on = f" tanggal {self.decree_on:%d-%m-%Y}" if self.decree_on else ""
        return f"{self.decree_by or 'Keputusan'} Nomor {self.decree_number}{on}"


@dataclass(frozen=True)
class TermTrouble:
    """A gap or an overlap between terms of one post, first to last day."""

    post_title: str
    kind: str
    first: date
    last: date


class WhosWho:
    """All terms, read once; answers who signs on a day."""

    def __init__(self, tenures: Iterable[Tenure]) -> None:
        self._by_post: dict[tuple[str, object], list[Tenure]] = {}
        for tenure in tenures:
            post = tenure.post
            key = (post.kind, post.village_code or post.kecamatan_code or post.office_id)
            self._by_post.setdefault(key, []).append(tenure)

    @classmethod
    def of(cls, session: Session) -> WhosWho:
        """Read all terms."""
        return cls(session.scalars(select(Tenure).order_by(Tenure.from_on, Tenure.id)))

    def terms(self, kind: str, of: object) -> list[Tenure]:
        """All terms of a post, oldest first."""
        return self._by_post.get((kind, of), [])

    def on(self, kind: str, of: object, day: date) -> Tenure | None:
        """Who is in the post on ``day``; of several (a Plh beside the definitive) the one that began last."""
        holding = [each for each in self.terms(kind, of) if each.holds_on(day)]
        return max(holding, key=lambda each: (each.from_on, each.id)) if holding else None

    def troubles(self) -> list[TermTrouble]:
        """Gaps and overlaps of every post."""
        return [trouble for terms in self._by_post.values() for trouble in _troubles(terms)]


def _troubles(terms: list[Tenure]) -> Iterable[TermTrouble]:
    for before, after in zip(terms, terms[1:], strict=False):
        end = before.until_on
        if end is None or end >= after.from_on:
            if "pl" not in after.capacity[:2]:  # Plt and Plh stand beside or in for the holder on purpose
                yield TermTrouble(after.post.title, "tumpang tindih", after.from_on, end or date.max)
        elif end + timedelta(days=1) < after.from_on:
            yield TermTrouble(after.post.title, "kosong", end + timedelta(days=1), after.from_on - timedelta(days=1))
