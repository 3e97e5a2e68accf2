"""``sinergi audit``: does the chain of events hold?"""

from __future__ import annotations

import click

from ..db import db
from . import FAILED, cli, say
from .session import installation


@cli.group(help="Jejak audit.\n\nContoh: sinergi audit verify")
def audit() -> None:
    """The audit trail."""


@audit.command(help="Hitung ulang seluruh rantai; status 1 bila ada peristiwa yang berubah.\n\nContoh: sinergi audit verify --json")
@click.option("--json", "as_json", is_flag=True, help="Tulis sebagai JSON.")
def verify(as_json: bool) -> None:
    """Recompute every link."""
    from ..audits import verify as first_break

    with installation():
        broken = first_break(db.session)
        say({"ok": broken is None, "broken": broken}, as_json, [broken or "Rantai audit utuh."])
        if broken:
            raise click.exceptions.Exit(FAILED)
