"""Brings the database to the newest form and guards what must never change: triggers refuse UPDATE and DELETE on evidence and audit rows.

Alembic's batch mode on SQLite rebuilds a table and drops its triggers without a word; so every upgrade ends by putting the guards back, and
``missing_guards`` looks whether they are there.
"""

from __future__ import annotations

import logging

from flask import Flask
from flask_alembic import Alembic
from sqlalchemy import text
from sqlalchemy.engine import Connection

from .db import Base, VillageOwned, begin_writing, db, rebuilding
from .models import audit
from .models.audit import AuditHead
from .models.legal_holds import ERASABLE
from .seal import ERASED, ERASED_INDEX

# Rows that are written once. Letters change state, but never their number or facts.
FROZEN = (
    "accord_signatures",
    "agreement_holds",
    "amendments",
    "approvals",
    "audit_events",
    "budget_documents",
    "camat_checks",
    "correction_answers",
    "correction_requests",
    "deeds",
    "discount_switches",
    "draft_edits",
    "enrollment_steps",
    "erasures",
    "expedition_entries",
    "expedition_receipts",
    "files",
    "legal_holds",
    "number_block_uses",
    "number_blocks",
    "parafs",
    "renditions",
    "returns",
    "roster_changes",
    "roster_import_parts",
    "roster_import_steps",
    "roster_imports",
    "roster_version_entries",
    "roster_version_owed",
    "roster_versions",
    "scan_pages",
    "scan_placements",
    "scan_proof_pages",
    "scan_proofs",
    "scans",
    "signature_reviews",
    "signatures",
    "sittings",
    "takeovers",
    "typed_numbers",
)
NULLABLE = ("audit_events", "letters")
FIXED_OF_LETTERS = ("unit", "year", "seq", "number", "version", "token", "kind", "facts", "facts_digest", "village_code")

alembic = Alembic(run_mkdir=False, command_name="")


def init_schema(app: Flask) -> None:
    """Tell Alembic about our tables."""
    alembic.metadatas = {"default": Base.metadata}
    app.config["ALEMBIC_CONTEXT"] = {"render_as_batch": True, "compare_type": True}
    alembic.init_app(app)
    logging.getLogger("alembic").setLevel(logging.WARNING)


def upgrade() -> None:
    """Migrate to the newest form, put the guards back, lay the first link of the audit chain."""
    db.session.close()
    with rebuilding(db.engine):
        alembic.upgrade()
    begin_writing()
    install_guards(db.session.connection())
    install_row_security(db.session.connection())
    if db.session.get(AuditHead, 1) is None:
        db.session.add(AuditHead(id=1, seq=0, hash=audit.GENESIS))
    db.session.commit()


def is_current() -> bool:
    """Has every migration run?"""
    return not alembic.compare_metadata() if not alembic.heads() else set(alembic.current()) == set(alembic.heads())


def _guards(sqlite: bool = True) -> dict[str, tuple[str, str, str]]:
    """Name → table, event, condition."""
    guards = {f"keep_{table}_{event.lower()}": (table, event, "") for table in FROZEN for event in ("UPDATE", "DELETE")}
    changed = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in FIXED_OF_LETTERS)
    erasing = {f"keep_{table}_update": (table, "UPDATE", _more_than_erasing(table, sqlite)) for table in ERASABLE}
    return guards | erasing | {"keep_letters_delete": ("letters", "DELETE", ""), "keep_letters_update": ("letters", "UPDATE", changed)}


def _more_than_erasing(table: str, sqlite: bool) -> str:
    """True for every update but one: all personal columns at once become what an erased row holds, and nothing else changes (UU 27/2022 ps 43–44)."""
    year = "substr(OLD.{0}, 1, 4) || '-01-01'" if sqlite else "make_date(CAST(EXTRACT(YEAR FROM OLD.{0}) AS int), 1, 1)"
    mark = f"x'{ERASED.hex()}'" if sqlite else f"CAST('\\x{ERASED.hex()}' AS bytea)"
    becomes = {"sealed": mark, "gone": "NULL", "index": f"'{ERASED_INDEX}'", "year": year}
    erased = ERASABLE[table]
    kept = [each.name for each in Base.metadata.tables[table].columns if each.name not in erased]
    other = [f'OLD."{name}" IS DISTINCT FROM NEW."{name}"' for name in kept]
    return " OR ".join([*other, *(f"NEW.{name} IS DISTINCT FROM {becomes[kind].format(name)}" for name, kind in erased.items())])


def install_guards(connection: Connection) -> None:
    """Create every guard that is not there. Running it again changes nothing."""
    sqlite = connection.dialect.name == "sqlite"
    if not sqlite:
        connection.execute(
            text(
                "CREATE OR REPLACE FUNCTION sinergi_keep() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION 'bukti tidak boleh diubah atau dihapus'; END $$"
            )
        )
    for name, (table, event, condition) in _guards(sqlite).items():
        if name in _present(connection):
            continue
        if sqlite:
            when = f"WHEN {condition.replace('IS DISTINCT FROM', 'IS NOT')}" if condition else ""
            body = "BEGIN SELECT RAISE(ABORT, 'bukti tidak boleh diubah atau dihapus'); END"
            connection.execute(text(f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW {when} {body}"))
        else:
            when = f"WHEN ({condition})" if condition else ""
            connection.execute(text(f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW {when} EXECUTE FUNCTION sinergi_keep()"))


def install_row_security(connection: Connection) -> None:
    """PostgreSQL: rows of villages outside the scope of the session do not exist, whatever a query forgets (T1).

    FORCE holds the owner to it as well; a superuser passes by, so the service must not run as one (``doctor`` looks).
    """
    if connection.dialect.name != "postgresql":
        return
    for table, column in sorted(_owned_tables().items()):
        seen = f"{column} LIKE current_setting('sinergi.scope', true)"
        if table in NULLABLE:
            # An event without a village is for those who see all of them.
            seen = f"({seen} OR ({column} IS NULL AND current_setting('sinergi.scope', true) = '%'))"
        written = "true" if table in NULLABLE else seen
        connection.execute(text(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"))
        connection.execute(text(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"))
        connection.execute(text(f"DROP POLICY IF EXISTS within_scope ON {table}"))
        connection.execute(text(f"CREATE POLICY within_scope ON {table} USING ({seen}) WITH CHECK ({written})"))


def _owned_tables() -> dict[str, str]:
    """Tables of village rows, and the column that names the village."""
    mapped = {mapper.local_table.name for mapper in Base.registry.mappers if issubclass(mapper.class_, VillageOwned)}
    return {table: "code" if table == "villages" else "village_code" for table in mapped}


def _present(connection: Connection) -> set[str]:
    if connection.dialect.name == "sqlite":
        return set(connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars())
    return set(connection.execute(text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")).scalars())


def missing_guards(connection: Connection) -> list[str]:
    """The guards that are not there, by name."""
    return sorted(set(_guards()) - _present(connection))
