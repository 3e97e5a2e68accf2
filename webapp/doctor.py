"""Looks over an installation: each finding with its remedy."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask import current_app
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from letters.press import Press, Preview
from letters.stopped import PressStopped

from .audits import verify_all
from .db import db, set_scope
from .jobs import stuck_letters, waiting
from .models.lists import agreements_with_facts
from .schema import is_current, missing_guards
from .uploads import storage

PACKAGES = "apt-get install libpangoft2-1.0-0 libharfbuzz-subset0 fonts-liberation fonts-urw-base35"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    name: str
    ok: bool
    found: str
    remedy: str = ""


def examine() -> list[Finding]:
    """All findings; one that cannot be made is itself a finding."""
    set_scope("")
    found = []
    for look in (_press, _database, _migrations, _guards, _storage, _letters, _stage_cache, _audit_chain):
        found += _looked(look)
        db.session.rollback()
    return found


def _looked(look: Callable[[], Iterator[Finding]]) -> list[Finding]:
    try:
        return list(look())
    except Exception as error:
        name = (look.__doc__ or look.__name__).strip().rstrip(".")
        return [Finding(name, False, f"tidak dapat diperiksa ({type(error).__name__})", "Jalankan 'sinergi init', lalu periksa lagi.")]


def _press() -> Iterator[Finding]:
    """Pango dan huruf"""
    from letters import all_kinds
    from letters.frozen import dump

    with Press(seconds=60) as press:
        for slug in ("surat_pengantar", "perjanjian_desa"):
            try:
                press.print(slug, dump(all_kinds()[slug].SAMPLE), Preview())
            except PressStopped as error:
                yield Finding("Pango dan huruf", False, str(error), PACKAGES)
                return
    yield Finding("Pango dan huruf", True, "naskah contoh tercetak lengkap dengan hurufnya")
    quick = _has_subset()
    yield Finding("HarfBuzz-subset", quick, "ada" if quick else "tidak ada: setiap naskah lebih lambat", PACKAGES)


def _has_subset() -> bool:
    from ctypes.util import find_library

    return find_library("harfbuzz-subset") is not None


def _database() -> Iterator[Finding]:
    """Basis data"""
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        modes = {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous", "foreign_keys")}
        ok = modes == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
        yield Finding("Basis data", ok, f"SQLite {modes}", "Letakkan SINERGI_HOME di disk setempat, bukan folder jaringan.")
    else:
        commit = connection.execute(text("SHOW synchronous_commit")).scalar()
        power = connection.execute(text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")).scalar()
        yield Finding("Basis data", commit == "on", f"PostgreSQL, synchronous_commit={commit}", "ALTER ROLE ... SET synchronous_commit = on")
        yield Finding(
            "Pembatas baris", not power, "dilewati oleh peran ini" if power else "berlaku", "Jalankan layanan dengan peran tanpa SUPERUSER dan BYPASSRLS."
        )


def _migrations() -> Iterator[Finding]:
    """Migrasi"""
    current = is_current()
    yield Finding("Migrasi", current, "terbaru" if current else "tertinggal", "sinergi init")


def _guards() -> Iterator[Finding]:
    """Penjaga bukti"""
    connection = db.session.connection()
    missing = missing_guards(connection)
    yield Finding("Penjaga bukti", not missing, "terpasang" if not missing else f"hilang: {', '.join(missing)}", "sinergi init")
    refused = _refuses(connection)
    yield Finding("Bukti menolak diubah", refused, "menolak" if refused else "DAPAT DIUBAH", "sinergi init")


def _refuses(connection) -> bool:
    """Try to change an event; what would change nothing is tried on a copy of its place."""
    try:
        with connection.begin_nested():
            changed = connection.execute(text("UPDATE audit_events SET actor = actor"))
            return changed.rowcount == 0  # an empty trail has nothing to refuse
    except DBAPIError:
        return True


def _storage() -> Iterator[Finding]:
    """Penyimpanan"""
    try:
        content = f"sinergi {secrets.token_hex(4)}".encode()
        sha256 = storage().put(content)
        ok = storage().get(sha256) == content
        storage().path(sha256).unlink()
    except OSError as error:
        yield Finding("Penyimpanan", False, type(error).__name__, f"Beri izin tulis pada {current_app.config['SINERGI'].storage}")
        return
    yield Finding("Penyimpanan", ok, "dapat ditulis dan dibaca")


def _letters() -> Iterator[Finding]:
    """Naskah"""
    stuck = stuck_letters()
    found = f"{waiting()} menunggu dicetak, {len(stuck)} macet"
    yield Finding("Naskah", not stuck, found, "Buka halaman Agenda: alasan dan tombol coba lagi ada di sana. Mesin cetak berjalan bersama 'sinergi serve'.")


def _stage_cache() -> Iterator[Finding]:
    """Singgahan tahap"""
    wrong = []
    for each in agreements_with_facts(db.session):
        stage = each.current_stage()
        if each.stage != (stage.slug if stage else "active"):
            wrong.append(each.code)
    found = "sama dengan buktinya" if not wrong else f"berbeda dari buktinya: {', '.join(wrong[:5])}"
    yield Finding("Singgahan tahap", not wrong, found, "sinergi doctor --repair")


def _audit_chain() -> Iterator[Finding]:
    """Rantai audit"""
    broken = verify_all(db.session, storage())
    yield Finding("Rantai audit", broken is None, broken or "utuh", "Jangan ubah apa pun; bandingkan dengan cadangan terakhir dan laporkan kepada pimpinan.")


