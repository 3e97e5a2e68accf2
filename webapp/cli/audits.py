"""``sinergi audit``: does the chain of events hold, the chain to take along, and the explanation of an older copy."""

from __future__ import annotations

from pathlib import Path

import click

from ..db import begin_writing, db
from ..uploads import storage
from . import FAILED, BadInput, cli, say
from .session import installation, the_system


@cli.group(help="Jejak audit.\n\nContoh: sinergi audit verify")
def audit() -> None:
    """The audit trail."""


@audit.command(help="Hitung ulang seluruh rantai dan bandingkan dengan kepala yang disimpan di luar; status 1 bila ada yang berubah atau terpotong.\n\nContoh: sinergi audit verify --json")
@click.option("--json", "as_json", is_flag=True, help="Tulis sebagai JSON.")
def verify(as_json: bool) -> None:
    """Recompute every link, compare every head outside."""
    from ..audits import length, verify_all
    from ..heads import written

    with installation():
        broken = verify_all(db.session, storage())
        told = {"ok": broken is None, "broken": broken, "events": length(db.session), "heads_outside": len(written(storage()))}
        say(told, as_json, [broken or f"Rantai audit utuh: {told['events']} peristiwa, {told['heads_outside']} kepala di luar basis data."])
        if broken:
            raise click.exceptions.Exit(FAILED)


@audit.command(help="Tulis seluruh jejak ke folder baru, dengan program pemeriksanya (Python tanpa pustaka lain).\n\nContoh: sinergi audit export jejak-2026")
@click.argument("folder", type=click.Path(path_type=Path))
def export(folder: Path) -> None:
    """Events, newest link, heads outside, and the verifier."""
    from ..audits import export_bundle

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInput(f"{folder} sudah berisi; pilih folder baru.")
    with installation():
        count = export_bundle(db.session, storage(), folder)
    click.echo(f"{count} peristiwa ditulis ke {folder}. Periksa di mesin mana pun: python3 {folder}/periksa_jejak.py")


@audit.command(help="Jelaskan mengapa basis data tidak memuat kepala rantai yang tersimpan di luar (misalnya sesudah pemulihan cadangan); sesudahnya nomor dapat diberikan lagi.\n\nContoh: sinergi audit explain --reason 'Dipulihkan dari cadangan 21 November'")
@click.option("--reason", required=True, help="Apa yang terjadi dan siapa yang memutuskan.")
def explain(reason: str) -> None:
    """An administrator explains an older copy."""
    from ..heads import explain as explain_heads

    with installation():
        begin_writing()
        heads = explain_heads(db.session, storage(), reason, the_system())
        db.session.commit()
    click.echo("Dijelaskan: " + "; ".join(str(each) for each in heads))
