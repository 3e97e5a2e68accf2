"""The restore drill: a copy made under load comes back equal, into SQLite and PostgreSQL, and the next number follows; what is broken is refused."""

import json
import shutil
import threading
from pathlib import Path

import pytest
from sqlalchemy import MetaData, func, select, text

from tests.builders import a_file, an_agreement, user
from tests.conftest import NOW, make_config
from tests.postgres import a_database
from webapp import audits, clock, create_app, fsck, heads
from webapp.backup import FILES, MANIFEST, SNAPSHOT, backup, restore
from webapp.db import begin_writing, db, set_scope
from webapp.models import Agreement, Letter, audit
from webapp.models.letters import draw_number
from webapp.uploads import storage
from workflows import Refused


@pytest.fixture
def filled(both):
    an_agreement("active")
    a_file("73.02.01.2004")
    db.session.commit()
    return both


def counted() -> dict[str, int]:
    found = MetaData()
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT set_config('sinergi.scope', '%', true)"))
        found.reflect(connection)
        return {name: connection.scalar(select(func.count()).select_from(table)) for name, table in found.tables.items()}


def an_empty_one(kind: str, tmp_path: Path, request, key: bytes = b"k" * 32):
    home = tmp_path / "pulih"
    url = a_database(request.getfixturevalue("postgres")[0]) if kind == "postgresql" else None
    from dataclasses import replace

    app = create_app(replace(make_config(home, url), data_key=key))
    home.mkdir(exist_ok=True)
    app.testing = True
    return app


@pytest.mark.parametrize("into", ["sqlite", "postgresql"])
def test_what_comes_back_is_what_was_copied_and_the_next_number_follows(filled, tmp_path, request, into):
    made = backup(tmp_path / "cadangan")
    lost_before = fsck.check(db.session, storage()).missing  # the database of PostgreSQL was seeded beside another folder
    before, last = counted(), db.session.scalar(select(func.max(Letter.seq)))
    with an_empty_one(into, tmp_path, request).app_context(), clock.at(NOW):
        restore(tmp_path / "cadangan")
        assert counted() == before
        assert audits.verify_all(db.session, storage()) is None
        found = fsck.check(db.session, storage())
        assert (found.broken, found.missing) == ((), lost_before) and found.files == made.files
        agreement = db.session.scalars(select(Agreement)).one()
        assert agreement.current_stage() is None and agreement.entries[0].nik
        begin_writing()
        assert draw_number(db.session, "DPMD", 2026) == last + 1
        a_file("73.02.01.2005")  # ids go on after those that came back
        db.session.commit()
        db.session.close()
        db.engine.dispose()


def test_a_copy_made_while_others_write_is_one_state(filled, tmp_path):
    stop, written = threading.Event(), []

    def write() -> None:
        with filled.app_context(), clock.at(NOW):
            set_scope("")
            while not stop.is_set() and len(written) < 200:
                begin_writing()
                audit.record(db.session, "letter.retried", "uji", actor="sistem", at=clock.now(), turn=len(written))
                db.session.commit()
                written.append(1)
            db.session.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        copies = [backup(tmp_path / f"cadangan{turn}") for turn in range(3)]
    finally:
        stop.set()
        writer.join()
    assert len(written) > 0
    for each in copies:
        assert each.rows["audit_events"] == each.audit_seq  # the head and its events are of one moment


def test_an_older_copy_beside_newer_heads_gives_no_number(app, tmp_path, request):
    an_agreement("approved")
    db.session.commit()
    backup(tmp_path / "cadangan")
    begin_writing()
    audit.record(db.session, "letter.retried", "uji", actor="sistem", at=clock.now())
    db.session.commit()
    heads.write(db.session, storage(), clock.today())
    with an_empty_one("sqlite", tmp_path, request).app_context(), clock.at(NOW):
        shutil.copytree(app.config["SINERGI"].storage, storage().root)  # the files outlived the database
        restore(tmp_path / "cadangan")
        with pytest.raises(Refused, match="salinan lama"):
            heads.refuse_when_older(db.session, storage())
        heads.explain(db.session, storage(), "Dipulihkan dari cadangan", user("admin"))
        db.session.commit()
        heads.refuse_when_older(db.session, storage())
        db.session.close()
        db.engine.dispose()


def damage(copy: Path, how: str) -> None:
    if how == "manifest":
        (copy / MANIFEST).unlink()
    elif how == "snapshot":
        (copy / SNAPSHOT).write_bytes((copy / SNAPSHOT).read_bytes()[:-1] + b"x")
    elif how == "newer":
        told = json.loads((copy / MANIFEST).read_text())
        (copy / MANIFEST).write_text(json.dumps(told | {"revision": "9999999999"}))
    elif how == "lost file":
        next((copy / FILES).glob("??/*")).unlink()
    elif how == "altered file":
        next((copy / FILES).glob("??/*")).write_bytes(b"lain")


@pytest.mark.parametrize(
    ("how", "sentence"),
    [("manifest", "bukan cadangan"), ("snapshot", "berubah atau terpotong"), ("newer", "lebih baru"), ("lost file", "seharusnya"), ("altered file", "rusak"), ("key", "SINERGI_DATA_KEY")],
)
def test_a_broken_copy_is_refused(app, tmp_path, request, how, sentence):
    a_file("73.02.01.2004")
    db.session.commit()
    backup(tmp_path / "cadangan")
    damage(tmp_path / "cadangan", how)
    with an_empty_one("sqlite", tmp_path, request, b"x" * 32 if how == "key" else b"k" * 32).app_context(), pytest.raises(Refused, match=sentence):
        restore(tmp_path / "cadangan")


def test_nothing_is_written_over(app, tmp_path):
    backup(tmp_path / "cadangan")
    with pytest.raises(Refused, match="sudah berisi"):
        backup(tmp_path / "cadangan")
    with pytest.raises(Refused, match="sudah berisi"):
        restore(tmp_path / "cadangan")


def test_files_are_rehashed_and_compared_with_the_rows(app):
    whole, gone = a_file("73.02.01.2004"), a_file("73.02.01.2005")
    db.session.commit()
    stray = storage().put(b"tanpa pemilik")
    storage().path(whole.sha256).chmod(0o600)
    storage().path(whole.sha256).write_bytes(b"diubah")
    storage().path(gone.sha256).unlink(missing_ok=True)
    (storage().path(stray).parent / ".sisa").write_bytes(b"x")
    found = fsck.check(db.session, storage())
    assert set(found.broken) | set(found.missing) == {whole.sha256, gone.sha256}
    assert stray in found.orphans and found.leftovers == 1 and not found.ok
    assert fsck.check(db.session, storage(), sweep=True).leftovers == 1  # younger than a day
