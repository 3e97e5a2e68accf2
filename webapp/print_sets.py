"""Puts print sets together beside the web: the stored originals as they are, an expedition sheet before or after them, one PDF, kept for some days."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

from pikepdf import Pdf
from sqlalchemy import or_, select, update

from letters.frozen import dump
from letters.press import Press, PressStopped, Printout
from workflows import Refused

from . import clock
from .db import begin_writing, db, set_scope
from .issuing import is_contoh
from .models import PrintSet, audit
from .models.agenda import office_in_hand
from .models.letters import retry_after
from .models.print_sets import KEPT, fallen
from .papers import Order
from .papers.buku_ekspedisi import sheet
from .storage import MissingFile
from .uploads import storage

LEASE = timedelta(minutes=5)
MOST_TRIES = 3


def make_waiting(machine: Press) -> bool:
    """Put one set together; False when none waits."""
    set_scope("")
    now = clock.now()
    waits = (PrintSet.state == "waiting", or_(PrintSet.try_after.is_(None), PrintSet.try_after <= now))
    row_id = db.session.scalar(select(PrintSet.id).where(*waits).order_by(PrintSet.id).limit(1))
    db.session.rollback()
    row = _claim(row_id) if row_id else None
    if row is None:
        return False
    try:
        content = _made(row, machine)
    except (PressStopped, MissingFile, Refused) as error:
        _failed(row_id, str(error))
    else:
        _ready(row_id, content)
    return True


def _claim(row_id: int) -> PrintSet | None:
    """Take it; None when somebody else did. Commits."""
    begin_writing()
    now = clock.now()
    free = (PrintSet.id == row_id, PrintSet.state == "waiting", or_(PrintSet.try_after.is_(None), PrintSet.try_after <= now))
    taken = db.session.execute(
        update(PrintSet).where(*free).values(tries=PrintSet.tries + 1, try_after=now + LEASE), execution_options={"synchronize_session": False}
    )
    db.session.commit()
    return db.session.get(PrintSet, row_id, populate_existing=True) if taken.rowcount == 1 else None


def _made(row: PrintSet, machine: Press) -> bytes:
    """The whole PDF. No transaction stays open while the child works."""
    gone = fallen(db.session, row)
    if gone:
        raise Refused(f"Tidak disusun: {gone[0]}{f' dan {len(gone) - 1} lagi' if len(gone) > 1 else ''}. Minta susunan baru.")
    papers = [(_bookmark(each), storage().get(each["sha256"])) for each in row.originals]
    with_sheet, duplex, facts = row.sheet, row.duplex, _sheet_facts(row) if row.sheet else None
    db.session.rollback()
    if facts is not None:
        listed = ("Lembar ekspedisi", machine.print("buku_ekspedisi", dump(facts), Printout()))
        papers = [listed, *papers] if with_sheet == "before" else [*papers, listed]
    return machine.join(papers, duplex)


def _bookmark(original: dict) -> str:
    return f"{original['name']}, {original['title']}, rangkap {original['rangkap']}"


def _sheet_facts(row: PrintSet):
    office = office_in_hand(db.session)
    if office is None:
        raise Refused("Data kantor belum diisi.")
    return sheet(office, row, Order(on=clock.today(), number=None, contoh=is_contoh()))


def _failed(row_id: int, sentence: str) -> None:
    begin_writing()
    row = db.session.get_one(PrintSet, row_id)
    row.problem, row.try_after = sentence, retry_after(row.tries, clock.now())
    row.state = "failed" if row.tries >= MOST_TRIES else "waiting"
    db.session.commit()


def _ready(row_id: int, content: bytes) -> None:
    sha256 = storage().put(content)
    with Pdf.open(BytesIO(content)) as pdf:
        pages = len(pdf.pages)
    begin_writing()
    row = db.session.get_one(PrintSet, row_id)
    row.state, row.problem, row.sha256, row.size, row.pages, row.made_at = "ready", "", sha256, len(content), pages, clock.now()
    audit.record(db.session, "print_set.made", f"print_set:{row.id}", actor="sistem", at=clock.now(), pages=pages, sha256=sha256)
    db.session.commit()


def sweep() -> int:
    """Delete the files of sets whose days are over: they hold people's NIK and can be made again. How many. Commits."""
    begin_writing()
    old = list(db.session.scalars(select(PrintSet).where(PrintSet.state == "ready", PrintSet.made_at < clock.now() - KEPT)))
    gone = {each.sha256 for each in old}
    for each in old:
        each.state, each.sha256 = "removed", None
    db.session.flush()
    kept = set(db.session.scalars(select(PrintSet.sha256).where(PrintSet.sha256.in_(gone))))  # the same set, asked for again since
    db.session.commit()
    for each in gone - kept:
        storage().remove(each)
    return len(old)

