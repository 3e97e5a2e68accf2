"""``sinergi verify``: is this file what left the office?"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from ..db import db
from ..page_codes import Unreadable
from . import BAD_INPUT, DONE, FAILED, cli, say
from .session import installation


@cli.command(help="Bandingkan berkas dengan register: ASLI (status 0), DIGANTI, BERUBAH atau TIDAK DIKENAL (status 1), tidak terbaca (status 2).\n\nContoh: sinergi verify naskah.pdf --json")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Tulis sebagai JSON.")
def verify(file: Path, as_json: bool) -> None:
    """The register first, then the codes on the pages."""
    from ..verification import GENUINE, check_file

    with installation():
        try:
            checked = check_file(db.session, file.read_bytes())
        except (OSError, Unreadable) as error:
            sentence = str(error) if isinstance(error, Unreadable) else f"Berkas {file.name} tidak dapat dibuka."
            say({"answer": None, "unreadable": sentence}, as_json, [sentence])
            raise click.exceptions.Exit(BAD_INPUT) from error
    told = {"answer": checked.answer, "sha256": checked.sha256, "why": checked.why, "next": checked.next}
    told["paper"] = asdict(checked.verdict) if checked.verdict else None
    about = f"{checked.verdict.title} Nomor {checked.verdict.number or '-'}" if checked.verdict else ""
    say(told, as_json, [f"{checked.answer}. {checked.why}", *([about] if about else []), checked.next])
    raise click.exceptions.Exit(DONE if checked.answer == GENUINE else FAILED)
