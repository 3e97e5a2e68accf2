"""Demo data: all villages on every step of the road, with every kind of trouble. All of it is invented, and every page and paper says CONTOH.

The same seed and day give the same data. Acts go through the same doors as real ones; only the clock is set back for each of them.
"""

from __future__ import annotations

import json
import random
from datetime import date
from pathlib import Path

from sqlalchemy import select

from letters.press import Press
from workflows import Refused

from .. import clock
from ..db import begin_writing, db, set_scope
from ..models import Agreement, Installation, Kabupaten, Letter, Village
from ..models.seeds import seed
from ..printing import claim, print_letter
from .lists import a_village_sends_its_list, after_signing, others_pay
from .offices import make_accord, make_offices, make_officials
from .people import People
from .road import Traveller, situations
from .users import make_users

YEAR = 2026
BATCH = 200


def print_first(press: Press, say=lambda _: None) -> None:
    """Put all papers of the demo into the queue of now, and print those of the first village of each stage at once."""
    set_scope("")
    begin_writing()
    now = clock.now()
    waiting = list(db.session.scalars(select(Letter).where(Letter.state == "reserved").order_by(Letter.id)))
    for letter in waiting:
        letter.try_after = now
    stages: dict[str, str] = {}
    for agreement in db.session.scalars(select(Agreement).order_by(Agreement.village_code)):
        if agreement.paper is not None:
            stages.setdefault(agreement.stage, agreement.village_code)
    chosen = [letter.id for letter in waiting if letter.village_code in stages.values()]
    db.session.commit()
    for letter_id in chosen:
        letter = claim(letter_id)
        if letter is not None:
            print_letter(letter, press)
    say(f"  {len(chosen)} naskah dicetak, {len(waiting) - len(chosen)} lagi dicetak oleh 'sinergi serve'")


def make_demo(seed_number: int, as_of: date, accounts: Path, say=lambda _: None) -> None:
    """Fill an empty, migrated database. Raises Refused when it is not empty or the year has no rules."""
    if as_of.year != YEAR:
        raise Refused(f"Data contoh hanya tersedia untuk tahun {YEAR}, karena aturan tahun lain belum diisi.")
    chance = random.Random(seed_number)
    set_scope("")
    begin_writing()
    if db.session.scalar(select(Kabupaten)) is not None:
        raise Refused("Basis data ini sudah berisi; data contoh hanya dibuat di tempat yang kosong.")
    db.session.add(Installation(id=1, demo=True))
    seed(db.session)
    db.session.flush()
    listed = make_users()
    make_offices()
    make_officials(as_of)
    make_accord()
    db.session.commit()
    villages = [each for each in db.session.scalars(select(Village).order_by(Village.code)) if each.is_desa]
    codes, people = [each.code for each in villages], People(chance)
    travellers = [Traveller(code, situation, as_of, chance, people) for code, situation in zip(codes, situations(len(codes), chance), strict=True)]
    # All villages in the order of time, so that numbers and events follow the calendar.
    acts = sorted(((moment, each.code, each, act) for each in travellers for moment, act in each.plan()), key=lambda act: act[:2])
    for place, (moment, _, traveller, act) in enumerate(acts, 1):
        if place % BATCH == 1:
            begin_writing()
        traveller.act(moment, act)
        if place % BATCH == 0 or place == len(acts):
            db.session.commit()
            say(f"  {place} dari {len(acts)} peristiwa")
    begin_writing()
    after_signing()
    others_pay()
    db.session.commit()
    a_village_sends_its_list()
    db.session.commit()
    accounts.write_text(json.dumps(listed, ensure_ascii=False, indent=1), encoding="utf-8")
    accounts.chmod(0o600)
