"""``sinergi register``: the agenda of numbers, with reserved, void and gaps."""

from __future__ import annotations

import click

from .. import clock
from ..db import db
from ..models.agenda import agenda, gaps
from . import cli, say
from .session import installation


@cli.command(help="Buku agenda surat keluar: nomor yang dicadangkan, terbit, batal, dan nomor yang hilang.\n\nContoh: sinergi register --year 2026")
@click.option("--year", type=int, help="Tahun buku agenda (bawaan: tahun ini).")
@click.option("--json", "as_json", is_flag=True, help="Tulis sebagai JSON.")
def register(year: int | None, as_json: bool) -> None:
    """All numbered letters of a year."""
    with installation():
        year = year or clock.today().year
        rows = [
            {"seq": each.seq, "number": each.number, "version": each.version, "date": each.dated_on.isoformat(), "kind": each.kind,
             "state": each.state, "replaced": bool(each.replaced_by_id), "village": each.village_code, "sha256": each.sha256}
            for each in agenda(db.session, year)
        ]  # fmt: skip
        missing = gaps(db.session, year)
        lines = [f"{each['seq']:>5}  {each['number']:<34} v{each['version']}  {each['date']}  {each['state']:<9} {each['kind']}" for each in rows]
        lines.append(f"{len(rows)} surat; nomor hilang: {', '.join(map(str, missing)) or 'tidak ada'}")
        say({"year": year, "letters": rows, "gaps": missing}, as_json, lines)
