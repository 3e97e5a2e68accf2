"""An agreement that is numbered and printed with both annexes, its first version already replaced: made once, copied per test."""

from __future__ import annotations

import shutil
from pathlib import Path

from letters.press import Press
from tests.builders import NOW_, an_agreement, user
from tests.conftest import make_config
from webapp import clock, create_app
from webapp.db import db, set_scope
from webapp.issuing import reserve
from webapp.models import Agreement, Letter, TypedNumber
from webapp.printing import claim, print_letter

PAPERS = ("perjanjian_desa", "lampiran_peserta", "lampiran_iuran")


def issue(slug: str, agreement: Agreement, press: Press) -> Letter:
    """Reserve, print, issue."""
    letter = reserve(slug, agreement, user("legal"))
    db.session.commit()
    return print_letter(claim(letter.id), press)


def an_issued_agreement(press: Press) -> Agreement:
    """Ready to be signed; Perjanjian stands at its second version."""
    agreement = an_agreement("approved")
    issue("perjanjian_desa", agreement, press)
    agreement.place = "Gantarang"
    for slug in PAPERS:
        issue(slug, agreement, press)
    agreement.add(TypedNumber(owner="kedua", number="PER/902/032026", by_id=user("bpjs").id, at=clock.now(), on=clock.today()))
    agreement.moved("numbers.typed", user("bpjs"), clock.now(), clock.today())
    db.session.commit()
    return agreement


def an_issued_home(seeded: Path, home: Path) -> Path:
    """The seeded installation with such an agreement."""
    shutil.copytree(seeded, home)
    with create_app(make_config(home)).app_context(), clock.at(NOW_), Press() as press:
        set_scope("")
        an_issued_agreement(press)
        db.session.close()
        db.engine.dispose()
    return home
