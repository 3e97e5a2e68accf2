"""``sinergi init``, ``demo``, ``serve`` and ``doctor``: bring an installation up and look after it."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, time
from pathlib import Path
from threading import Event

import click
from sqlalchemy import select
from waitress import create_server

from config import Config, make_demo_keys
from letters.press import Press
from workflows import Refused

from .. import clock
from ..db import begin_writing, db, set_scope
from ..demo import make_demo, print_first
from ..doctor import examine
from ..jobs import start_worker
from ..models import Installation, Kabupaten, Office, User
from ..models.lists import refresh_all
from ..models.seeds import seed
from ..models.users import SYSTEM_LOGIN
from ..schema import missing_guards, upgrade
from . import FAILED, BadInput, cli, say
from .session import installation


@cli.command(help="Siapkan basis data baru atau naikkan ke versi terbaru; tidak menghapus apa pun.\n\nContoh: sinergi init")
def init() -> None:
    """Migrate, and fill an empty database with regions and rules."""
    with installation(ready=False):
        upgrade()
        set_scope("")
        begin_writing()
        if db.session.scalar(select(Kabupaten)) is None:
            db.session.add(Installation(id=1, demo=False))
            seed(db.session)
            db.session.flush()
            _first_rows()
            db.session.commit()
            click.echo("Basis data siap. Buat administrator pertama:\n  sinergi users add admin --role admin --name 'Nama Anda'")
        else:
            db.session.rollback()
            click.echo("Basis data sudah pada versi terbaru.")


def _first_rows() -> None:
    """The two institutions, to be completed on the office page, and the user in whose name commands act."""
    common = {"kabupaten_code": "73.02", "seat": "Bulukumba"}
    db.session.add(Office(side=1, name="Dinas Pemberdayaan Masyarakat dan Desa", above="Pemerintah Kabupaten Bulukumba", short_name="DPMD", unit="DPMD", **common))
    db.session.add(Office(side=2, name="BPJS Ketenagakerjaan Cabang Bulukumba", short_name="BPJS Ketenagakerjaan", **common))
    db.session.add(User(login=SYSTEM_LOGIN, name="Sistem", role="system", scope="", password_hash="!", must_change=False, dismissed_at=clock.now(), at=clock.now()))


def _accounts_path(config: Config) -> Path:
    return config.home / "demo_accounts.json"


@cli.command(help="Buat data contoh semua desa (rekaan, bertanda CONTOH). Data contoh yang lama diganti.\n\nContoh: sinergi demo --seed 1 --as-of 2026-11-22")
@click.option("--seed", "seed_number", default=1, show_default=True, help="Bilangan acak: benih yang sama memberi data yang sama.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Hari ini menurut data contoh (bawaan: hari ini).")
def demo(seed_number: int, as_of: datetime | None) -> None:
    """Fresh demo data; only ever over nothing or over an earlier demo."""
    make_demo_keys()
    with installation(ready=False) as app:
        config = app.config["SINERGI"]
        if not config.demo:
            raise Refused("Kunci pemasangan sungguhan sedang dipakai; data contoh hanya dibuat di pemasangan tanpa SINERGI_SECRET_KEY dan SINERGI_DATA_KEY.")
        _clear_old_demo(config)
        upgrade()
        day = as_of.date() if as_of else clock.today()
        click.echo(f"Membuat data contoh per {day} ...")
        with clock.at(datetime.combine(day, time(1), UTC)):
            make_demo(seed_number, day, _accounts_path(config), click.echo)
        with Press() as press:
            print_first(press, click.echo)
        click.echo(f"Selesai. Akun contoh: {_accounts_path(config)}")


def _clear_old_demo(config: Config) -> None:
    """Remove an earlier demo; refuses to touch anything that is not one."""
    if not _is_empty():
        if not _is_demo():
            raise Refused("Basis data ini bukan data contoh; tidak diganti.")
        if db.engine.dialect.name != "sqlite":
            raise Refused("Data contoh di PostgreSQL tidak diganti sendiri: kosongkan basis datanya, lalu ulangi.")
    db.session.close()
    db.engine.dispose()
    if db.engine.dialect.name == "sqlite":
        for name in ("sinergi.db", "sinergi.db-wal", "sinergi.db-shm"):
            (config.home / name).unlink(missing_ok=True)
        shutil.rmtree(config.storage, ignore_errors=True)


def _is_empty() -> bool:
    from sqlalchemy import inspect

    return not inspect(db.engine).has_table("installation") or db.session.scalar(select(Kabupaten)) is None


def _is_demo() -> bool:
    row = db.session.get(Installation, 1)
    return bool(row and row.demo)


@cli.command(help="Jalankan layanan.\n\nContoh: sinergi serve --port 8000")
@click.option("--host", default="127.0.0.1", show_default=True, help="Alamat yang didengarkan.")
@click.option("--port", default=8000, show_default=True, help="Nomor port.")
@click.option("--threads", default=8, show_default=True, help="Permintaan yang dilayani bersamaan.")
@click.option("--press/--no-press", default=True, help="Mencetak dan membaca impor di proses ini (bawaan), atau hanya melayani halaman.")
def serve(host: str, port: int, threads: int, press: bool) -> None:
    """The web service with its printing thread."""
    with installation() as app:
        if missing := missing_guards(db.session.connection()):
            raise BadInput(f"{len(missing)} penjaga bukti hilang dari basis data. Jalankan 'sinergi init' untuk memasangnya lagi.")
        db.session.rollback()
        config, shows_demo = app.config["SINERGI"], _is_demo()
    server = create_server(app, host=host, port=port, threads=threads, ident=None, max_request_body_size=27 * 1024 * 1024)
    stop = start_worker(app) if press else Event()
    click.echo(f"Sinergi Desa berjalan di http://{'localhost' if host in ('127.0.0.1', '0.0.0.0') else host}:{port}  (berhenti: Ctrl+C)")
    if shows_demo:
        _show_accounts(config)
    try:
        server.run()
    finally:
        stop.set()


def _show_accounts(config: Config) -> None:
    path = _accounts_path(config)
    if not path.exists():
        return
    listed = json.loads(path.read_text(encoding="utf-8"))
    click.echo(f"Data contoh. Semua akun: {path}")
    seen: set[str] = set()
    for each in listed:
        if each["role"] not in seen:
            seen.add(each["role"])
            click.echo(f"  {each['role']:<12} {each['login']:<16} {each['password']}")


@cli.command(help="Periksa pemasangan: tiap butir dengan obatnya.\n\nContoh: sinergi doctor --json")
@click.option("--repair", is_flag=True, help="Tulis ulang singgahan tahap dari buktinya sebelum memeriksa.")
@click.option("--json", "as_json", is_flag=True, help="Tulis sebagai JSON.")
def doctor(repair: bool, as_json: bool) -> None:
    """Look at everything that can be wrong; ``repair`` first writes the cache of stages afresh from the evidence."""
    with installation(ready=repair):
        if repair:
            begin_writing()
            refresh_all(db.session, clock.today())
            db.session.commit()
        findings = examine()
    lines = [f"{'baik ' if each.ok else 'PERLU'}  {each.name}: {each.found}" + ("" if each.ok else f"\n       -> {each.remedy}") for each in findings]
    say([each.__dict__ for each in findings], as_json, lines)
    if not all(each.ok for each in findings):
        raise click.exceptions.Exit(FAILED)


