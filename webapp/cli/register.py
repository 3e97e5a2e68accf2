"""``sinergi register``: the agenda of numbers, with reserved, void and gaps; ``--check`` counts every series anew."""

from __future__ import annotations

from dataclasses import asdict

import click

from .. import clock
from ..db import db
from ..models.agenda import AgendaRow, Place, RegisterCheck, all_rows, check_register, gaps
from . import FAILED, cli, say
from .session import installation


@cli.command(help="Buku agenda surat keluar: nomor yang dicadangkan, disisihkan, terbit, batal, dan nomor yang hilang. --check menghitung ulang semua seri; status 1 bila ada nomor hilang atau ganda.\n\nContoh: sinergi register --year 2026")
@click.option("--year", type=int, help="Tahun buku agenda (bawaan: tahun ini; dengan --check: semua tahun).")
@click.option("--check", is_flag=True, help="Cari nomor hilang dan nomor ganda.")
@click.option("--json", "as_json", is_flag=True, help="Tulis sebagai JSON.")
def register(year: int | None, check: bool, as_json: bool) -> None:
    """All numbers of a year, or what is wrong with any."""
    with installation():
        if check:
            _check(check_register(db.session, year), as_json)
            return
        year = year or clock.today().year
        rows, missing = [_row(each) for each in all_rows(db.session, year)], gaps(db.session, year)
        lines = [f"{each['seq']:>5}  {each['number']:<34} v{each['version']}  {each['date'] or '':<10}  {each['state']:<9} {each['kind']}" for each in rows]
        lines.append(f"{len(rows)} baris; nomor hilang: {', '.join(map(str, missing)) or 'tidak ada'}")
        say({"year": year, "letters": rows, "gaps": missing}, as_json, lines)


def _row(each: AgendaRow) -> dict[str, object]:
    letter = each.letter
    return {
        "series": each.unit, "seq": each.seq, "number": each.number, "version": each.version, "date": each.dated_on.isoformat() if each.dated_on else None,
        "kind": letter.kind if letter else "", "state": letter.state if letter else each.state, "replaced": each.state == "replaced",
        "village": letter.village_code if letter else None, "sha256": each.sha256,
    }  # fmt: skip


def _check(found: RegisterCheck, as_json: bool) -> None:
    lines = [f"seri {each.unit} {each.year}: dari {each.start}, berikutnya {each.next}, {each.drawn} diambil naskah, {each.set_aside} disisihkan" for each in found.series]
    for title, places in (("hilang", found.gaps), ("ganda", found.duplicates), ("salah tempat", found.misplaced), ("disisihkan, belum dicatat", found.waiting)):
        lines.append(f"{title}: {'; '.join(map(_said, places)) or 'tidak ada'}")
    say({"ok": found.ok, **asdict(found)}, as_json, lines)
    if not found.ok:
        raise click.exceptions.Exit(FAILED)


def _said(each: Place) -> str:
    return f"{each.unit} {each.year} nomor {each.seq}{f' ({each.why})' if each.why else ''}"
