"""A copy of the whole installation while it serves — a snapshot of the database, then the files — and its way back, also into a newer version (T16).

The keys are not in it (but for the throw-away ones of a demo): without SINERGI_DATA_KEY the sealed data of a copy stays closed. A folder without a manifest is no copy: it is written last.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from flask import current_app
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    Table,
    create_engine,
    delete,
    func,
    insert,
    inspect,
    select,
    text,
    update,
)
from sqlalchemy.engine import make_url

from config import demo_keys_path
from workflows import Refused

from . import clock, heads
from .db import db, set_scope
from .models import AuditHead
from .schema import alembic, upgrade
from .seal import blind_index
from .storage import FileStore, sync_folder
from .uploads import storage

SNAPSHOT, FILES, MANIFEST = "sinergi.db", "files", "manifest.json"
AT_ONCE = 500


@dataclass(frozen=True)
class Manifest:
    """What a copy holds: rows per table, files, the newest link of the audit trail, the revision of the schema, and which data key opens it.

    ``engine`` is where it came from: a snapshot of SQLite is the database itself, one of PostgreSQL holds its rows in plain tables.
    """

    made_at: str
    engine: str
    revision: str
    rows: dict[str, int]
    files: int
    audit_seq: int
    audit_hash: str
    snapshot_sha256: str
    key: str


def backup(destination: Path) -> Manifest:
    """Make a copy in a new folder. Raises Refused when the folder is not empty."""
    if destination.exists() and any(destination.iterdir()):
        raise Refused(f"{destination} sudah berisi; pilih folder baru.")
    destination.mkdir(parents=True, exist_ok=True)
    set_scope("")
    heads.write(db.session, storage(), clock.today())
    db.session.rollback()
    snapshot = destination / SNAPSHOT
    _snapshot(db.engine, snapshot)
    files = _copy_files(storage().root, FileStore(destination / FILES))
    if (config := current_app.config["SINERGI"]).demo:  # its keys are worth nothing, and without them nobody could try the way back
        demo_keys_path(destination).touch(mode=0o600)
        demo_keys_path(destination).write_bytes(demo_keys_path(config.home).read_bytes())
    manifest = _manifest(snapshot, files)
    _write_durably(destination / MANIFEST, json.dumps(asdict(manifest), indent=1).encode())
    return manifest


def _snapshot(engine: Engine, snapshot: Path) -> None:
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")  # VACUUM stands alone; it reads one state while others write
            connection.exec_driver_sql("VACUUM INTO ?", (str(snapshot),))
            connection.exec_driver_sql("BEGIN")
    else:
        with engine.connect().execution_options(isolation_level="REPEATABLE READ") as source:
            source.execute(text("SELECT set_config('sinergi.scope', '%', true)"))
            _copy_to_sqlite(source, snapshot)
    with snapshot.open("rb") as file:
        os.fsync(file.fileno())


def _copy_to_sqlite(source: Connection, snapshot: Path) -> None:
    """One state of a PostgreSQL database as a file of plain tables."""
    found = MetaData()
    found.reflect(source)
    target = create_engine(f"sqlite:///{snapshot}")
    plain = MetaData()
    for table in found.tables.values():
        Table(table.name, plain, *_plain_columns(table))
    with target.begin() as connection:
        plain.create_all(connection)
        for table in found.tables.values():
            _copy_rows(source, table, connection, plain.tables[table.name])
    target.dispose()


def _plain_columns(table: Table) -> Iterator[Column]:
    """Names, kinds of values and the key; no constraint, for the rows come from where they were watched."""
    for each in table.columns:
        yield Column(each.name, each.type.as_generic(), primary_key=each.primary_key, autoincrement=False)


def _copy_rows(source: Connection, table: Table, target: Connection, into: Table, empty: tuple[str, ...] = ()) -> None:
    order = list(table.primary_key.columns) or list(table.columns)
    for rows in source.execution_options(yield_per=AT_ONCE).execute(select(table).order_by(*order)).mappings().partitions(AT_ONCE):
        target.execute(insert(into), [{name: None if name in empty else value for name, value in each.items()} for each in rows])


def _copy_files(root: Path, store: FileStore) -> int:
    """Every file whose bytes are what its name says, and the heads of the trail. Raises Refused naming one that is broken."""
    count = 0
    for path in files_of(root):
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() != path.name:
            raise Refused(f"Berkas {path.name[:16]}… rusak di penyimpanan; jalankan 'sinergi fsck' dahulu.")
        store.put(content)
        count += 1
    _copy_heads(root, store.root)
    return count


def files_of(root: Path) -> Iterator[Path]:
    """The stored files, by their place alone; leftovers of a broken write and the heads are none."""
    for folder in sorted(root.iterdir()) if root.is_dir() else ():
        if folder.is_dir() and len(folder.name) == 2:
            yield from (each for each in sorted(folder.iterdir()) if len(each.name) == 64)


def _copy_heads(root: Path, into: Path) -> None:
    source = root / heads.FOLDER
    if not source.is_dir():
        return
    (into / heads.FOLDER).mkdir(parents=True, exist_ok=True)
    for each in source.iterdir():
        if heads.NAME.fullmatch(each.name) and not (into / heads.FOLDER / each.name).exists():
            _write_durably(into / heads.FOLDER / each.name, each.read_bytes())


def _manifest(snapshot: Path, files: int) -> Manifest:
    with sqlite3.connect(snapshot) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")]
        rows = {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}
        seq, hash_ = connection.execute("SELECT seq, hash FROM audit_head WHERE id = 1").fetchone()
        (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    connection.close()
    return Manifest(clock.now().isoformat(), db.engine.dialect.name, revision, rows, files, seq, hash_, _sha256_of(snapshot), _key())


def _key() -> str:
    """Names the data key without telling it."""
    return blind_index("kunci data")[:16]


def _sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_durably(path: Path, content: bytes) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.rename(path)
    sync_folder(path.parent)


# --- the way back ---


def read_manifest(source: Path) -> Manifest:
    """The manifest of a copy whose snapshot is what it was. Raises Refused."""
    try:
        manifest = Manifest(**json.loads((source / MANIFEST).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise Refused(f"{source} bukan cadangan yang lengkap: {MANIFEST} tidak ada atau tidak terbaca.") from error
    if not (source / SNAPSHOT).is_file() or _sha256_of(source / SNAPSHOT) != manifest.snapshot_sha256:
        raise Refused("Isi basis data di cadangan ini berubah atau terpotong sejak dibuat.")
    if manifest.key != _key():
        raise Refused("Cadangan ini disegel dengan SINERGI_DATA_KEY yang lain; pasang kunci yang dipakai saat cadangan dibuat.")
    return manifest


def restore(source: Path) -> Manifest:
    """Bring a copy into this installation, whose database must be empty. Files that lie in the store already stay.

    Raises Refused for a broken copy, another data key, a newer schema than this version knows, or a database that is in use.
    """
    manifest = read_manifest(source)
    if inspect(db.engine).has_table("installation"):
        raise Refused("Basis data tujuan sudah berisi. Pulihkan ke pemasangan kosong (SINERGI_HOME atau SINERGI_DATABASE_URL yang baru).")
    if manifest.revision not in {each.revision for each in alembic.script_directory.walk_revisions()}:
        raise Refused("Cadangan ini dibuat oleh versi yang lebih baru. Pasang versi itu dahulu, lalu pulihkan.")
    copied = _copy_files(source / FILES, storage())
    if copied != manifest.files:
        raise Refused(f"Cadangan ini memuat {copied} berkas, seharusnya {manifest.files}.")
    _bring_back(source / SNAPSHOT, manifest)
    upgrade()
    set_scope("")
    _compare(manifest)
    return manifest


def _bring_back(snapshot: Path, made: Manifest) -> None:
    db.session.close()
    if (made.engine, db.engine.dialect.name) == ("sqlite", "sqlite"):
        _put_in_place(snapshot)
        return
    alembic.upgrade(made.revision)
    db.session.close()
    source = create_engine(f"sqlite:///{snapshot}")
    with source.connect() as reading, db.engine.connect() as writing, writing.execution_options(writing=True).begin():
        _load(reading, writing)
    source.dispose()


def _put_in_place(snapshot: Path) -> None:
    path = Path(make_url(current_app.config["SINERGI"].database_url).database or "")
    db.engine.dispose()
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        path.with_name(name).unlink(missing_ok=True)
    shutil.copyfile(snapshot, path)
    with path.open("rb") as file:
        os.fsync(file.fileno())
    sync_folder(path.parent)


def _load(reading: Connection, writing: Connection) -> None:
    """All rows of a snapshot into empty tables; what points within its own table is filled in afterwards."""
    found, into = MetaData(), MetaData()
    found.reflect(reading)
    into.reflect(writing)
    for table in reversed(into.sorted_tables):  # rows that a migration put there come back with the copy
        if table.name != "alembic_version":
            writing.execute(delete(table))
    for table in into.sorted_tables:
        if table.name in found.tables and table.name != "alembic_version":
            own = tuple(key.parent.name for key in table.foreign_keys if key.column.table is table and key.parent.nullable)
            typed = Table(table.name, MetaData(), *_plain_columns(table))
            _copy_rows(reading, typed, writing, table, own)
            _fill_own(reading, typed, writing, table, own)
            _count_on(writing, table)


def _fill_own(reading: Connection, typed: Table, writing: Connection, table: Table, own: tuple[str, ...]) -> None:
    for name in own:
        for id_, value in reading.execute(select(typed.c.id, typed.c[name]).where(typed.c[name].is_not(None))):
            writing.execute(update(table).where(table.c.id == id_).values({name: value}))


def _count_on(writing: Connection, table: Table) -> None:
    """A column that counts by itself goes on after the highest number."""
    if writing.dialect.name != "postgresql":
        return
    for each in table.primary_key.columns:
        if isinstance(each.type, Integer) and (counter := writing.scalar(select(func.pg_get_serial_sequence(table.name, each.name)))):
            writing.execute(select(func.setval(counter, func.coalesce(select(func.max(each)).scalar_subquery(), 0) + 1, False)))


def _compare(manifest: Manifest) -> None:
    """What came back is what was in the copy. Raises RuntimeError naming the first difference."""
    head = db.session.get(AuditHead, 1)
    if head is None or (head.seq, head.hash) != (manifest.audit_seq, manifest.audit_hash):
        raise RuntimeError("kepala rantai audit berbeda dari cadangan")
    present = MetaData()
    present.reflect(db.session.connection())
    for name, rows in manifest.rows.items():
        now = db.session.scalar(select(func.count()).select_from(present.tables[name])) if name in present.tables else None
        if name != "alembic_version" and now is not None and now < rows:
            raise RuntimeError(f"tabel {name} memuat {now} baris, cadangan {rows}")
