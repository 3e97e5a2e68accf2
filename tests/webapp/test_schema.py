"""Guards on evidence survive what Alembic does to a table on SQLite, and are missed when they do not."""

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Column, Integer, text
from sqlalchemy.exc import DBAPIError

from tests.builders import an_agreement
from webapp.db import db, rebuilding
from webapp.doctor import examine
from webapp.schema import missing_guards, upgrade


def rebuild(table: str) -> None:
    """A migration in batch mode: a new table, the rows copied, the old one dropped — with its triggers."""
    db.session.close()
    with rebuilding(db.engine), db.engine.connect() as connection, connection.begin():
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table(table, recreate="always") as batch:
            batch.add_column(Column("uji", Integer))


@pytest.mark.parametrize("table", ["approvals", "audit_events", "signatures"])
def test_batch_mode_drops_the_guards_and_upgrading_puts_them_back(app, table):
    an_agreement("signed")
    rebuild(table)
    assert missing_guards(db.session.connection()) == [f"keep_{table}_delete", f"keep_{table}_update"]
    findings = {each.name: each for each in examine()}
    assert not findings["Penjaga bukti"].ok
    assert findings["Bukti menolak diubah"].ok == (table != "audit_events")
    upgrade()
    assert missing_guards(db.session.connection()) == []
    with pytest.raises(DBAPIError, match="bukti"), db.session.begin_nested():
        db.session.execute(text(f"DELETE FROM {table}"))


def test_the_first_migration_can_be_taken_back(app):
    from webapp.schema import alembic

    db.session.close()
    with rebuilding(db.engine):
        alembic.downgrade("base")
    assert not alembic.current()
