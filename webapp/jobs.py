"""Work beside the web: reserved letters are the queue, a thread of ``serve`` prints them, and what fails says so and is tried again (T6).

The register itself is the queue, so a letter is enqueued in the transaction that reserves it, survives any crash, and needs no second engine.
"""

from __future__ import annotations

import logging
import threading
from datetime import timedelta

from flask import Flask, current_app
from sqlalchemy import func, or_, select

from letters.press import Press

from . import clock, importing, print_sets
from .db import db, set_scope
from .heads import write_daily
from .heartbeats import beat
from .models import Letter
from .print_sets import make_waiting
from .printing import MOST_TRIES, claim, print_letter
from .sittings import take_next
from .uploads import storage

log = logging.getLogger("sinergi.press")
PAUSE = 1.0
SWEEP = timedelta(hours=6)


def press() -> Press:
    """The press of this process: one printing child, started when it is first needed."""
    return current_app.extensions.setdefault("press", Press())


def next_letter() -> int | None:
    """The id of the oldest reserved letter whose time has come."""
    now = clock.now()
    return db.session.scalar(
        select(Letter.id)
        .where(
            Letter.state == "reserved",
            Letter.replaced_by_id.is_(None),
            Letter.tries < MOST_TRIES,
            or_(Letter.try_after.is_(None), Letter.try_after <= now),
        )
        .order_by(Letter.tries, Letter.id)
        .limit(1)
    )


def work_once(machine: Press) -> bool:
    """Print one letter; False when nothing waits. The first turn of a day writes the audit head outside the database."""
    set_scope("")
    write_daily(db.session, storage())
    letter_id = next_letter()
    db.session.rollback()
    letter = claim(letter_id) if letter_id else None
    if letter is None:
        return False
    letter = print_letter(letter, machine)
    if letter.problem:
        log.warning("letter %s not printed: %s", letter.id, letter.problem)
    return True


def work(app: Flask, stop: threading.Event) -> None:
    """Print what waits until ``stop``; an unforeseen error is logged and does not end the work."""
    with Press() as machine:
        while not stop.is_set():
            with app.app_context():
                try:
                    beat("press")
                    worked = take_next() or work_once(machine) or make_waiting(machine)
                except Exception:
                    log.exception("press worker")
                    worked = False
                finally:
                    db.session.rollback()
            if not worked:
                stop.wait(PAUSE)


def read_imports(app: Flask, stop: threading.Event) -> None:
    """Read large lists that were sent, and delete those whose time is over, until ``stop``; beside the press, which may be busy for long."""
    swept = clock.now() - SWEEP
    while not stop.is_set():
        with app.app_context():
            try:
                beat("imports")
                set_scope("")
                worked = importing.read_waiting()
                if clock.now() - swept >= SWEEP:
                    swept = clock.now()
                    importing.sweep()
                    print_sets.sweep()
            except Exception:
                log.exception("import worker")
                worked = False
            finally:
                db.session.rollback()
        if not worked:
            stop.wait(PAUSE)


def start_worker(app: Flask) -> threading.Event:
    """Start the threads that print and that read lists; set the event to end them."""
    stop = threading.Event()
    threading.Thread(target=read_imports, args=(app, stop), name="imports", daemon=True).start()
    threading.Thread(target=work, args=(app, stop), name="press", daemon=True).start()
    return stop


def stuck_letters() -> list[Letter]:
    """Letters that could not be printed, or wait longer than they should."""
    late = clock.now() - timedelta(hours=1)
    return list(
        db.session.scalars(
            select(Letter)
            .where(Letter.state == "reserved", Letter.replaced_by_id.is_(None))
            .where(or_(Letter.problem != "", func.coalesce(Letter.try_after, Letter.reserved_at) < late))
            .order_by(Letter.id)
        )
    )


def waiting() -> int:
    """How many letters wait to be printed."""
    return db.session.scalar(select(func.count()).select_from(Letter).where(Letter.state == "reserved", Letter.replaced_by_id.is_(None))) or 0
