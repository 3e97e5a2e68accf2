"""Who holds which post, in which capacity, from when to when: the signer of a paper is resolved on its date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from workflows import Refused

from ..db import Base
from . import audit
from .offices import Office
from .regions import Village
from .users import User

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
    def unproven(self) -> str:
        """Why the signature would rest on nothing: Pj., Plt. and Plh. sign by their own order alone, never by the standing of the office. Empty when it does not."""
        if self.capacity == "definitif" or self.decree_number:
            return ""
        return f"keputusan atau surat perintah {CAPACITIES[self.capacity]} {self.official.name} belum dicatat"

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
    """Looks at each term against the last day that the earlier ones reach, so that a short Plh within a long term opens no gap."""
    reached = terms[0].until_on or date.max
    for after in terms[1:]:
        ends = after.until_on or date.max
        if after.from_on <= reached:
            if after.capacity in ("definitif", "pj"):  # Plt and Plh stand beside or in for the holder on purpose
                yield TermTrouble(after.post.title, "tumpang tindih", after.from_on, min(reached, ends))
        elif reached + timedelta(days=1) < after.from_on:
            yield TermTrouble(after.post.title, "kosong", reached + timedelta(days=1), after.from_on - timedelta(days=1))
        reached = max(reached, ends)


HEAD_OF_SIDE = {1: "head_office", 2: "head_bpjs"}
SOON = timedelta(days=90)


@dataclass(frozen=True)
class Seat:
    """A post that somebody should hold, whether it has a row yet or not, and how it stands on a day."""

    kind: str
    of: str
    title: str
    place: str
    holder: Tenure | None
    terms: tuple[Tenure, ...]
    ends_soon: bool

    @property
    def key(self) -> str:
        """How forms and links name it."""
        return f"{self.kind}:{self.of}"


def seats(session: Session, today: date) -> list[Seat]:
    """The heads of both offices and of every desa in sight, then the other posts."""
    who = WhosWho.of(session)
    posts = {(each.kind, _of(each)): each.title for each in session.scalars(select(Post).order_by(Post.id))}
    wanted = [(HEAD_OF_SIDE[each.side], each.id, f"Kepala {each.name}", each.seat) for each in session.scalars(select(Office).order_by(Office.side, Office.id))]
    villages = [each for each in session.scalars(select(Village).order_by(Village.code)) if each.is_desa]
    wanted += [("head_village", each.code, f"Kepala Desa {each.name}", f"Kecamatan {each.kecamatan.name}") for each in villages]
    known = {(kind, of) for kind, of, _, _ in wanted}
    # A village out of sight is not listed; a post that belongs to none of them is.
    wanted += [(kind, of, title, "") for (kind, of), title in posts.items() if (kind, of) not in known and kind != "head_village"]
    return [_seat(who, kind, of, posts.get((kind, of), title), place, today) for kind, of, title, place in wanted]


def _of(post: Post) -> Any:
    return post.village_code or post.kecamatan_code or post.office_id


def _seat(who: WhosWho, kind: str, of: Any, title: str, place: str, today: date) -> Seat:
    holder, terms = who.on(kind, of, today), who.terms(kind, of)
    follows = any(each.from_on > today for each in terms)
    ends = holder is not None and holder.until_on is not None and holder.until_on - today <= SOON
    return Seat(kind, str(of), title, place, holder, tuple(terms), ends and not follows)


def _post_of(session: Session, seat: Seat) -> Post:
    of = {"village_code": seat.of} if seat.kind == "head_village" else {"office_id": int(seat.of)} if seat.of.isdigit() else {"kecamatan_code": seat.of}
    post = session.scalar(select(Post).filter_by(kind=seat.kind, **of))
    if post is None:
        post = Post(kind=seat.kind, title=seat.title, **of)
        session.add(post)
        session.flush()
    return post


def officials_by_name(session: Session) -> list[Official]:
    """Everybody who holds or held a post."""
    return list(session.scalars(select(Official).order_by(Official.name, Official.id)))


def add_tenure(session: Session, seat: Seat, official: Official, now: Mapping[str, Any], end_former: bool, by: User, at: datetime) -> Tenure:
    """A new term; whoever held the post until further notice leaves it the day before, if ``end_former``. Raises Refused for impossible days."""
    _check_days(now["from_on"], now["until_on"])
    post = _post_of(session, seat)
    for former in seat.terms if end_former else ():
        if former.from_on < now["from_on"] and (former.until_on is None or former.until_on >= now["from_on"]):
            former.until_on = now["from_on"] - timedelta(days=1)
    tenure = Tenure(official=official, post=post, **now)
    session.add(tenure)
    session.flush()
    audit.record(session, "official.term_added", f"post:{seat.key}", actor=by.login, at=at, official=official.id, capacity=tenure.capacity, from_on=tenure.from_on, until_on=tenure.until_on)
    return tenure


def change_tenure(session: Session, tenure: Tenure, now: Mapping[str, Any], person: Mapping[str, Any], by: User, at: datetime) -> None:
    """End a term, or correct its decree or the name. Raises Refused for impossible days."""
    _check_days(now["from_on"], now["until_on"])
    changed = [name for row, values in ((tenure, now), (tenure.official, person)) for name in values if getattr(row, name) != values[name]]
    for row, values in ((tenure, now), (tenure.official, person)):
        for name, value in values.items():
            setattr(row, name, value)
    session.flush()
    object_ = f"post:{tenure.post.kind}:{_of(tenure.post)}"
    audit.record(session, "official.term_changed", object_, actor=by.login, at=at, term=tenure.id, changed=changed, from_on=tenure.from_on, until_on=tenure.until_on)


def _check_days(from_on: date, until_on: date | None) -> None:
    if until_on is not None and until_on < from_on:
        raise Refused("Masa jabatan berakhir sebelum dimulai.")


TABLE_HEAD = ("Jabatan", "Tempat", "Pejabat", "Kedudukan", "NIP/NPK", "Keputusan", "Mulai", "Sampai")


def as_row(seat: Seat, capacities: Mapping[str, str]) -> tuple[Any, ...]:
    """The post as a row of a table file; empty cells where nobody holds it."""
    held = seat.holder
    if held is None:
        return (seat.title, seat.place, "", "", "", "", None, None)
    return (seat.title, seat.place, held.official.name, capacities[held.capacity], held.official.number, held.authority, held.from_on, held.until_on)
