"""A print set for signing: which stored originals go into one PDF, in which order, and what became of it. A job, no evidence: it may be made again."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, String, Text, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from workflows import Refused

from ..db import Base, Moment, VillageOwned
from . import audit
from .agreements import HOLDS, Agreement
from .letters import Letter, Rendition
from .lists import agreements_with_facts
from .users import User

# What is printed of each village: the three papers as they are, or the package that binds them.
CONTENTS = {"naskah": ("perjanjian_desa", "lampiran_peserta", "lampiran_iuran"), "paket": ("paket_desa",)}
CONTENT_NAMES = {"naskah": "Perjanjian, Lampiran I, dan Lampiran II", "paket": "Paket desa, dengan sampul dan daftar isi"}
TITLES = {"perjanjian_desa": "Perjanjian", "lampiran_peserta": "Lampiran I", "lampiran_iuran": "Lampiran II", "paket_desa": "Paket desa"}
SHEETS = {"before": "di depan", "after": "di belakang", "": "tanpa lembar ekspedisi"}
KEPT = timedelta(days=7)

STATES = {"waiting": "sedang disusun", "ready": "siap diunduh", "failed": "gagal", "removed": "dihapus sesudah masa simpannya"}


class PrintSet(VillageOwned, Base):
    """``chosen`` are the originals by hash, ``left_out`` villages and why; ``sha256`` names the PDF until it is removed."""

    __tablename__ = "print_sets"

    id: Mapped[int] = mapped_column(primary_key=True)
    village_code: Mapped[str] = mapped_column(String(13), index=True)
    fiscal_year: Mapped[int]
    content: Mapped[str] = mapped_column(String(8))
    duplex: Mapped[bool]
    sheet: Mapped[str] = mapped_column(String(6), default="")
    chosen: Mapped[str] = mapped_column(Text)
    left_out: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[str] = mapped_column(String(8), default="waiting", index=True)
    tries: Mapped[int] = mapped_column(default=0)
    try_after: Mapped[datetime | None] = mapped_column(Moment)
    problem: Mapped[str] = mapped_column(Text, default="")
    pages: Mapped[int] = mapped_column(default=0)
    size: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str | None] = mapped_column(String(64))
    made_at: Mapped[datetime | None] = mapped_column(Moment)

    by: Mapped[User] = relationship(lazy="joined")

    @property
    def originals(self) -> list[dict[str, Any]]:
        """The stored originals in their order."""
        return json.loads(self.chosen)

    @property
    def missing(self) -> list[list[str]]:
        """Villages that are not in it, each with the reason."""
        return json.loads(self.left_out)


@dataclass(frozen=True)
class Ready:
    """A village whose originals are all stored, in the order in which they are printed."""

    agreement: Agreement
    letters: tuple[Letter, ...]

    @property
    def copies(self) -> list[tuple[Letter, Rendition]]:
        """Rangkap 1 of every paper, then Rangkap 2."""
        found = [(each, copy) for each in self.letters for copy in each.renditions]
        return sorted(found, key=lambda pair: pair[1].rangkap)

    @property
    def pages(self) -> int:
        """Pages of both originals."""
        return sum(copy.pages for _, copy in self.copies)


def survey(session: Session, year: int, content: str, kecamatan: str = "", codes: Collection[str] = ()) -> tuple[list[Ready], list[tuple[Agreement, str]]]:
    """The villages that can be printed for signing, in the order of kecamatan and code, and those that cannot, each with the reason.

    ``codes`` narrows it to some agreements; one that all three have signed is printed only when it is asked for by name.
    """
    ready, left = [], []
    for agreement in agreements_with_facts(session, year):
        if (kecamatan and agreement.village.kecamatan_code != kecamatan) or (codes and agreement.code not in codes):
            continue
        reason = why_not_print(agreement, content) or ("" if codes else _signed(agreement))
        if reason:
            left.append((agreement, reason))
        else:
            ready.append(Ready(agreement, tuple(agreement.letter_of(slug) for slug in CONTENTS[content])))  # type: ignore[misc]
    return ready, left


def why_not_print(agreement: Agreement, content: str) -> str:
    """What keeps the stored originals of a village from being printed for signing; empty when nothing does."""
    if agreement.hold:
        return HOLDS[agreement.hold.kind].lower()
    if agreement.takeover:
        return "diambil alih; naskahnya ada di arsip kantor"
    for slug in CONTENTS[content]:
        letter = agreement.letter_of(slug)
        if letter is None or letter.state != "issued":
            state = "belum terbit" if letter is None else "macet di antrean cetak" if letter.stuck else "masih dicetak"
            return f"{TITLES[slug]} {state}"
    return _stale(agreement) if content == "paket" else ""


def _signed(agreement: Agreement) -> str:
    return "sudah ditandatangani ketiganya" if len(agreement.signatures_seen) == 3 else ""


def _stale(agreement: Agreement) -> str:
    """A package that was bound before one of its papers was corrected."""
    package = agreement.letter_of("paket_desa")
    bound = {each["sha256"] for each in package.frozen_facts()["parts"]} if package else set()
    stands = {letter.sha256 for slug in CONTENTS["naskah"] if (letter := agreement.letter_of(slug))}
    return "" if bound == stands else "Paket desa memuat naskah yang sudah diganti; terbitkan paketnya sekali lagi"


def order(session: Session, ready: Sequence[Ready], left: Iterable[tuple[Agreement, str]], year: int, scope: str, wishes: dict[str, Any], by: User, at: datetime) -> PrintSet:
    """Ask for a print set: what goes into it is settled now, it is put together in the background. Raises Refused when nothing is ready."""
    if not ready:
        raise Refused("Belum ada desa yang naskahnya siap dicetak untuk ditandatangani.")
    chosen = [_original(each.agreement, letter, copy) for each in ready for letter, copy in each.copies]
    left_out = [[f"Desa {each.village.name} ({each.village_code})", reason] for each, reason in left]
    row = PrintSet(village_code=scope, fiscal_year=year, chosen=json.dumps(chosen), left_out=json.dumps(left_out), by=by, by_id=by.id, at=at, **wishes)
    session.add(row)
    session.flush()
    audit.record(session, "print_set.ordered", f"print_set:{row.id}", actor=by.login, at=at, villages=len(ready), originals=len(chosen), year=year)
    return row


def _original(agreement: Agreement, letter: Letter, copy: Rendition) -> dict[str, Any]:
    village = agreement.village
    return {
        "village": village.code, "name": village.name, "kecamatan": village.kecamatan.name, "number": agreement.numbers[0], "letter": letter.id,
        "title": TITLES[letter.kind], "rangkap": copy.rangkap, "pages": copy.pages, "sha256": copy.sha256,
    }  # fmt: skip


def fallen(session: Session, row: PrintSet) -> list[str]:
    """Papers of the set that stand no longer, because they were corrected or voided since."""
    letters = {each["letter"]: each for each in row.originals}
    gone = select(Letter).where(Letter.id.in_(letters), or_(Letter.state != "issued", Letter.replaced_by_id.is_not(None))).order_by(Letter.id)
    return [f"{each.title} Desa {letters[each.id]['name']} {each.state_name}" for each in session.scalars(gone)]


def main_letters(session: Session, row: PrintSet) -> list[Letter]:
    """One paper for each village, under whose number the whole bundle goes out: the agreement, or the package."""
    first = {each["village"]: each["letter"] for each in reversed(row.originals)}
    return list(session.scalars(select(Letter).where(Letter.id.in_(first.values())).order_by(Letter.village_code)))


def again(row: PrintSet) -> None:
    """Put a failed set into the queue once more. Raises Refused when it did not fail."""
    if row.state != "failed":
        raise Refused("Berkas ini tidak menunggu dicoba lagi.")
    row.state, row.tries, row.try_after, row.problem = "waiting", 0, None, ""


def newest_sets(session: Session, most: int = 12) -> list[PrintSet]:
    """What was asked for last."""
    return list(session.scalars(select(PrintSet).order_by(PrintSet.id.desc()).limit(most)))
