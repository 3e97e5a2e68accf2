"""Takes the items of sittings in their turn, beside the web: one transaction each, so that a crash loses none and repeats none."""

from __future__ import annotations

import logging

from workflows import NotYet, Refused

from . import clock
from .db import begin_writing, db, set_scope
from .models import SittingItem
from .models.sittings import act_on, claim, next_item

log = logging.getLogger("sinergi.sittings")
FAILED = "Tidak selesai karena gangguan pada layanan; tidak ada yang tersimpan untuk desa ini."


def take_next() -> bool:
    """Do the next item of any sitting; False when none waits."""
    set_scope("")
    item_id = next_item(db.session)
    db.session.rollback()
    if item_id is None:
        return False
    try:
        _take(item_id)
    except (NotYet, Refused) as refusal:
        _left(item_id, "refused", str(refusal))
    except Exception:
        log.exception("item %s of a sitting", item_id)
        _left(item_id, "failed", FAILED)
    return True


def _take(item_id: int) -> None:
    """Commits, or leaves the item as it was."""
    begin_writing()
    item = claim(db.session, item_id, clock.now())
    if item is not None:
        act_on(db.session, item, clock.now(), clock.today())
        db.session.commit()


def _left(item_id: int, state: str, reason: str) -> None:
    begin_writing()
    item = db.session.get_one(SittingItem, item_id)
    if not item.state:
        item.state, item.reason, item.at = state, reason, clock.now()
    db.session.commit()
