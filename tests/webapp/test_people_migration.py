"""An installation of version 0.1 upgrades with its people: wages are sealed, reasons answer what they answered; and it goes back again."""

from decimal import Decimal

from sqlalchemy import select, text

from tests.builders import a_person, an_agreement, user
from webapp import clock
from webapp.db import begin_writing, db, rebuilding, set_scope
from webapp.models import RosterEntry, RosterVersionEntry
from webapp.models.freezing import freeze
from webapp.models.participants import add_people, clear_flags
from webapp.schema import alembic, missing_guards, upgrade

FIRST = "1795347054"


def test_people_and_wages_go_through_the_migration_and_back(both):
    agreement = an_agreement()
    add_people(agreement, [a_person(9001 + each, sex="P" if each else "L", wage_base=Decimal(f"20222{each:02}.50")) for each in range(3)], user("legal"), clock.now(), clock.today())
    agreement.entries[0].flags = ("sex_differs",)
    clear_flags(agreement, agreement.entries[0], "Sudah dicocokkan", user("legal"), clock.now(), clock.today())
    freeze(agreement, user("legal"), clock.now(), clock.today())
    digest = agreement.versions[0].digest
    db.session.commit()
    db.session.close()
    with rebuilding(db.engine):
        alembic.downgrade(FIRST)
    set_scope("")
    for name in ("roster_entries", "roster_version_entries"):
        assert sorted(db.session.scalars(text(f"SELECT wage_base FROM {name}"))) == [202220050, 202220150, 202220250], name
    db.session.rollback()
    upgrade()
    set_scope("")
    entries = list(db.session.scalars(select(RosterEntry).order_by(RosterEntry.name)))
    assert [each.wage_base for each in entries] == [Decimal("2022200.5"), Decimal("2022201.5"), Decimal("2022202.5")]
    assert (entries[0].cleared_flags, entries[0].flagged, entries[0].particulars.known) == (("sex_differs",), False, {})
    frozen = list(db.session.scalars(select(RosterVersionEntry).order_by(RosterVersionEntry.position)))
    assert [each.wage_base for each in frozen] == [each.wage_base for each in entries]
    assert missing_guards(db.session.connection()) == []
    db.session.rollback()
    begin_writing()
    from webapp.models import Agreement
    from webapp.models.freezing import why_not_freeze

    agreement = db.session.scalars(select(Agreement)).one()
    assert agreement.versions[0].digest == digest
    assert why_not_freeze(agreement) == "Daftar tidak berubah sejak versi 1 dibekukan."
