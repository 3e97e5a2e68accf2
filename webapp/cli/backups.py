"""``sinergi backup``, ``restore`` and ``fsck``: a copy, its way back, and whether every file is whole."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from config import adopt_demo_keys

from ..db import begin_writing, db
from ..uploads import storage
from . import FAILED, cli, say
from .session import installation, the_system

REAL_KEYS, DEMO_KEYS = "Simpan kuncinya di tempat lain.", "Ini data contoh: kunci sekali pakainya ikut."


@cli.command(help="Cadangkan seluruh pemasangan ke folder baru, juga saat layanan berjalan: potret basis data, lalu berkas. Kunci tidak ikut; simpan sendiri.\n\nContoh: sinergi backup /cadangan/2026-11-22")
@click.argument("destination", metavar="FOLDER", type=click.Path(path_type=Path))
def backup(destination: Path) -> None:
    """A copy while serving."""
    from .. import clock
    from ..backup import backup as copy
    from ..models import audit

    with installation() as app:
        made = copy(destination)
        begin_writing()
        audit.record(db.session, "backup.made", "backup", actor=the_system().login, at=clock.now(), events=made.audit_seq, files=made.files)
        db.session.commit()
    click.echo(f"{sum(made.rows.values())} baris dan {made.files} berkas dicadangkan ke {destination}; {made.audit_seq} peristiwa audit. {DEMO_KEYS if app.config['SINERGI'].demo else REAL_KEYS}")


@cli.command(help="Pulihkan cadangan ke pemasangan kosong (SINERGI_HOME atau SINERGI_DATABASE_URL yang baru), versi yang sama atau lebih baru.\n\nContoh: sinergi restore /cadangan/2026-11-22")
@click.argument("source", metavar="FOLDER", type=click.Path(path_type=Path, exists=True, file_okay=False))
def restore(source: Path) -> None:
    """The way back."""
    from ..audits import verify_all
    from ..backup import restore as bring_back

    adopt_demo_keys(source)
    with installation(ready=False) as app:
        app.config["SINERGI"].home.mkdir(parents=True, exist_ok=True)
        made = bring_back(source)
        broken = verify_all(db.session, storage())
    click.echo(f"Dipulihkan: {sum(made.rows.values())} baris, {made.files} berkas, {made.audit_seq} peristiwa audit, cadangan dari {made.made_at}.")
    if broken:
        click.echo(f"Perhatian: {broken}. Nomor tidak diberikan sampai dijelaskan: sinergi audit explain --reason '...'", err=True)
        raise click.exceptions.Exit(FAILED)


@cli.command(help="Hitung ulang sidik semua berkas; sebut yang rusak, hilang, tanpa pemilik, dan naskah yang macet. Status 1 bila ada yang rusak, hilang atau macet.\n\nContoh: sinergi fsck --json")
@click.option("--sweep", is_flag=True, help="Hapus sisa tulisan yang terputus lebih dari sehari lalu; selain itu tidak ada yang dihapus.")
@click.option("--json", "as_json", is_flag=True, help="Tulis sebagai JSON.")
def fsck(sweep: bool, as_json: bool) -> None:
    """Every file, re-hashed."""
    from ..fsck import check
    from ..heartbeats import beat

    with installation():
        found = check(db.session, storage(), sweep)
        db.session.rollback()
        beat("fsck", files=found.files, broken=len(found.broken), missing=len(found.missing), stuck=len(found.stuck))
    lines = [f"{found.files} berkas diperiksa: {len(found.broken)} rusak, {len(found.missing)} hilang, {len(found.orphans)} tanpa pemilik, {found.leftovers} sisa tulisan, {len(found.stuck)} naskah macet."]
    lines += [f"{word} {each}" for word, names in (("rusak", found.broken), ("hilang", found.missing), ("macet", found.stuck)) for each in names]
    say(asdict(found) | {"ok": found.ok}, as_json, lines)
    if not found.ok:
        raise click.exceptions.Exit(FAILED)
