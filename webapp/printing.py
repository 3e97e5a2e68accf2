"""Prints what was reserved: claim it, print in a child with no transaction open, store the bytes, then turn reserved into issued (T4, T12)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from importlib.metadata import version as installed
from io import BytesIO
from typing import Any

from pikepdf import Pdf
from sqlalchemy import select, update

from letters import Kind, PressStopped
from letters import kind as kind_of
from letters.frozen import dump, load
from letters.press import Issued, Press

from . import clock
from .db import begin_writing, db
from .models import Agreement, Letter, Rendition, audit
from .models.letters import retry_after
from .uploads import storage

LEASE = timedelta(minutes=5)
MOST_TRIES = 5


def renderer() -> str:
    """What prints here; every version may change rendering."""
    return f"weasyprint {installed('weasyprint')}, pikepdf {installed('pikepdf')}"


def claim(letter_id: int) -> Letter | None:
    """Take a reserved letter for printing; None when it is no longer reserved or somebody else prints it. Commits."""
    begin_writing()
    letter = db.session.get(Letter, letter_id)
    if letter is None or letter.state != "reserved" or letter.replaced_by_id:
        db.session.rollback()
        return None
    now = clock.now()
    taken = db.session.execute(
        update(Letter)
        .where(Letter.id == letter_id, Letter.tries == letter.tries, Letter.state == "reserved")
        .values(tries=letter.tries + 1, try_after=now + LEASE),
        execution_options={"synchronize_session": False},
    )
    won = taken.rowcount == 1 and (letter.try_after is None or letter.try_after <= now)
    if not won:
        db.session.rollback()
        return None
    db.session.commit()
    return letter


def print_letter(letter: Letter, press: Press) -> Letter:
    """Print a claimed letter, store the bytes, then transaction 2. A refusal of the press is noted with its reason. Commits."""
    kind, facts = kind_of(letter.kind), letter.frozen_facts()
    ids = (letter.id, letter.token, letter.public_url, letter.version)
    db.session.rollback()  # no transaction stays open while the child works
    try:
        printed = [(rangkap, _bytes(kind, facts, ids, rangkap, press)) for rangkap in range(1, kind.renditions + 1)]
    except PressStopped as error:
        return _failed(ids[0], str(error))
    stored = [(rangkap, storage().put(content), _pages(content), len(content)) for rangkap, content in printed]
    return _issued(ids[0], stored)


def _bytes(kind: Kind, facts: dict[str, Any], ids: tuple[int, str, str, int], rangkap: int, press: Press) -> bytes:
    _, token, public_url, version = ids
    marks = Issued(token=token, public_url=public_url, version=version, rangkap=rangkap)
    if kind.renditions > 1:
        facts = facts | {"rangkap": rangkap}
    if kind.slug != "paket_desa":
        return press.print(kind.slug, facts, marks)
    told = load(kind.slug, facts)
    sums = [_sha256_of_rangkap(each.sha256, rangkap) for each in told.parts]
    told = replace(told, parts=tuple(replace(each, sha256=sha256) for each, sha256 in zip(told.parts, sums, strict=True)))
    parts = tuple(storage().get(each) for each in sums)
    db.session.rollback()
    return press.assemble(kind.slug, dump(told), parts, marks)


def _sha256_of_rangkap(sha256: str, rangkap: int) -> str:
    """The same part in another original."""
    first = db.session.scalars(select(Rendition).where(Rendition.sha256 == sha256)).first()
    wanted = first and db.session.scalar(select(Rendition.sha256).where(Rendition.letter_id == first.letter_id, Rendition.rangkap == rangkap))
    if not wanted:
        raise PressStopped("Salah satu naskah di dalam paket tidak ditemukan lagi. Terbitkan paket sekali lagi.")
    return wanted


def _pages(content: bytes) -> int:
    with Pdf.open(BytesIO(content)) as pdf:
        return len(pdf.pages)


def _failed(letter_id: int, sentence: str) -> Letter:
    begin_writing()
    letter = db.session.get(Letter, letter_id, with_for_update={"of": Letter})  # it may be voided at this moment
    assert letter is not None
    letter.problem, letter.try_after = sentence, retry_after(letter.tries, clock.now())
    db.session.commit()
    return letter


def _issued(letter_id: int, stored: list[tuple[int, str, int, int]]) -> Letter:
    begin_writing()
    letter = db.session.get(Letter, letter_id, with_for_update={"of": Letter})  # it may be voided at this moment
    assert letter is not None
    if letter.state == "reserved":
        now = clock.now()
        letter.state, letter.issued_at, letter.problem, letter.renderer = "issued", now, "", renderer()
        for rangkap, sha256, pages, size in stored:
            db.session.add(Rendition(letter_id=letter.id, rangkap=rangkap, sha256=sha256, pages=pages, size=size, at=now))
        audit.record(
            db.session,
            "letter.issued",
            f"agreement:{letter.village_code}-{_year_of(letter)}" if letter.agreement_id else f"letter:{letter.id}",
            actor="sistem",
            at=now,
            village_code=letter.village_code if letter.agreement_id else None,
            letter=letter.id,
            kind=letter.kind,
            number=letter.number,
            version=letter.version,
            sha256=[each[1] for each in stored],
        )
    db.session.commit()
    return letter


def _year_of(letter: Letter) -> int | None:
    return db.session.scalar(select(Agreement.fiscal_year).where(Agreement.id == letter.agreement_id))
