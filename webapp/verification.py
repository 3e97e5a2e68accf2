"""What anybody may learn about a paper from the code on its pages: what the register says of it, and no person (T9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from . import clock
from .db import unscoped
from .models import Accord, Agreement, Letter, Office

BY_THE_VILLAGE = ("surat_pernyataan",)
OF_THE_OFFICE = ("surat_pengantar", "surat_teguran", "rekap")
PREFIX = 16


@dataclass(frozen=True)
class Copy:
    """An original as it was stored: which one, how many pages, how its hash begins."""

    rangkap: int
    pages: int
    hash_begins: str


@dataclass(frozen=True)
class Verdict:
    """What the register says. ``state`` is issued, replaced, void or reserved."""

    state: str
    title: str
    number: str
    dated_on: date
    village: str
    parties: tuple[str, ...]
    version: int
    newest: int
    void_on: date | None
    copies: tuple[Copy, ...]
    contoh: bool

    def pages_of(self, rangkap: int) -> int:
        """Pages of an original; 0 when there is none."""
        return next((each.pages for each in self.copies if each.rangkap == rangkap), 0)


@dataclass(frozen=True)
class Asked:
    """What the code on the page said of itself: page, version, rangkap; None where it did not say."""

    page: int | None
    version: int | None
    rangkap: int | None

    def doubts(self, verdict: Verdict) -> tuple[str, ...]:
        """What does not fit the register, a sentence each."""
        found = []
        if self.version is not None and self.version != verdict.version:
            found.append(f"Kode di kertas menyebut versi {self.version}, register mencatat versi {verdict.version}.")
        if self.rangkap is not None and verdict.copies and not verdict.pages_of(self.rangkap):
            found.append(f"Rangkap {self.rangkap} tidak ada di register.")
        pages = verdict.pages_of(self.rangkap or 1)
        if self.page is not None and pages and not 1 <= self.page <= pages:
            found.append(f"Naskah ini berjumlah {pages} halaman; halaman {self.page} tidak ada.")
        return tuple(found)


def look_up(session: Session, token: str) -> Verdict | None:
    """What the register says of the paper with this token; None when it knows none."""
    with unscoped("verification by token", session):
        letter = session.scalar(select(Letter).where(Letter.token == token))
        return _verdict(session, letter) if letter else None


def _verdict(session: Session, letter: Letter) -> Verdict:
    agreement = session.scalar(select(Agreement).where(Agreement.id == letter.agreement_id)) if letter.agreement_id else None
    newer = session.scalar(select(Letter).where(Letter.id == letter.replaced_by_id)) if letter.replaced_by_id else None
    return Verdict(
        state="void" if letter.state == "void" else "replaced" if newer else letter.state,
        title=letter.title,
        number=letter.number,
        dated_on=letter.dated_on,
        village=agreement.village.full_name if agreement else "",
        parties=_parties(session, letter, agreement),
        version=letter.version,
        newest=newer.version if newer else letter.version,
        void_on=clock.at_office(letter.void_at).date() if letter.void_at else None,
        copies=tuple(Copy(each.rangkap, each.pages, each.sha256[:PREFIX]) for each in letter.renditions),
        contoh=letter.contoh,
    )


def _parties(session: Session, letter: Letter, agreement: Agreement | None) -> tuple[str, ...]:
    """The institutions that the paper binds or that sent it."""
    accord = agreement.accord if agreement else session.get(Accord, letter.accord_id) if letter.accord_id else None
    if letter.kind in BY_THE_VILLAGE and agreement:
        return (f"Pemerintah {agreement.village.full_name}",)
    if accord and letter.kind not in OF_THE_OFFICE:
        return (accord.office.name, accord.insurer.name)
    office = accord.office if accord else session.scalar(select(Office).where(Office.side == 1).order_by(Office.id).limit(1))
    return (office.name,) if office else ()
