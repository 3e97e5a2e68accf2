"""``sinergi villages``: where every village stands, and why."""

from __future__ import annotations

from pathlib import Path

import click
from sqlalchemy import select

from .. import clock
from ..access import ROLES
from ..db import db
from ..models import Village
from ..models.lists import agreements_with_facts, newest_year
from ..presentation import STAGE_NAMES
from ..sheets import Grid, Unreadable, match, read_table
from ..sheets.headings import field_of
from ..sheets.words import shown, tidy
from . import BadInput, cli, say
from .session import installation

NOT_BEGUN = {"slug": "agreement_started", "sentence": "Perjanjian desa disusun"}


@cli.group(invoke_without_command=True, help="Keadaan semua desa: tahap, yang belum terpenuhi, dan giliran siapa.\n\nContoh: sinergi villages --json")
@click.option("--json", "as_json", is_flag=True, help="Tulis sebagai JSON.")
@click.option("--year", type=int, help="Tahun anggaran (bawaan: yang terbaru).")
@click.pass_context
def villages(context: click.Context, as_json: bool, year: int | None) -> None:
    """All desa, whether begun or not."""
    if context.invoked_subcommand:
        return
    with installation():
        found = _rows(year)
        lines = (f"{each['code']}  {each['name']:<22} {STAGE_NAMES[each['stage']]:<16} {_first(each)}" for each in found)
        say(found, as_json, [*lines, f"{sum(each['stage'] == 'active' for each in found)} dari {len(found)} desa aktif"])


def _first(row: dict) -> str:
    return f"[{ROLES[row['turn']]}] {row['open'][0]['sentence']}" if row["open"] else ""


def _rows(year: int | None) -> list[dict]:
    today, session = clock.today(), db.session
    by_village = {each.village_code: each for each in agreements_with_facts(session, year or newest_year(session) or today.year)}
    found = []
    for village in session.scalars(select(Village).order_by(Village.code)):
        if not village.is_desa:
            continue
        agreement = by_village.get(village.code)
        stage = agreement.current_stage() if agreement else None
        opened = agreement.open_on(today) if agreement else ()
        found.append(
            {
                "code": village.code,
                "name": village.name,
                "kecamatan": village.kecamatan.name,
                "stage": ("draft" if agreement is None else stage.slug if stage else "active"),
                "open": [{"slug": each.slug, "sentence": each.sentence} for each in opened] if agreement else [NOT_BEGUN],
                "turn": opened[0].turn if opened else "legal" if agreement is None else None,
                "held": agreement.hold.kind if agreement and agreement.hold else None,
            }
        )
    return found


@villages.command(
    "match",
    help="Kenali desa pada tiap baris berkas (kolom No, Desa/Kelurahan, Kecamatan): kodenya, ambiguous, atau unresolved.\n\nContoh: sinergi villages match desa.csv --json",
)
@click.argument("file", metavar="BERKAS", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Tulis sebagai JSON.")
def match_names(file: Path, as_json: bool) -> None:
    """Which village each row means; never a guess."""
    from .rosters import places_and_law

    try:
        grids = read_table(file.read_bytes())
    except Unreadable as error:
        raise BadInput(str(error)) from error
    places, _, _ = places_and_law(clock.today())
    found = [{"no": number, "answer": match(village, kecamatan, places)} for grid in grids if not grid.hidden for number, village, kecamatan in _named(grid)]
    say({"rows": found}, as_json, [f"{each['no']}\t{each['answer']}" for each in found])


def _named(grid: Grid) -> list[tuple[int | str, str, str]]:
    """Number, village and kecamatan of each row; without a heading in that order."""
    columns, start = {"no": 0, "village": 1, "kecamatan": 2}, 0
    for place, (_, cells) in enumerate(grid.rows[:20]):
        fields = {field_of(str(each)): column for column, each in enumerate(cells) if isinstance(each, str)}
        if "name" in fields and "village" not in fields:
            fields["village"] = fields["name"]
        if "village" in fields and ({"no", "kecamatan"} & set(fields) or len(cells) == 1):
            columns, start = fields, place + 1
            break
    return [_one(cells, columns, place) for place, (_, cells) in enumerate(grid.rows[start:], 1)]


def _one(cells: tuple, columns: dict[str, int], place: int) -> tuple[int | str, str, str]:
    told = {
        field: tidy(cells[column]) if (column := columns.get(field, -1)) in range(len(cells)) else ""
        for field in ("no", "village", "village_code", "kecamatan")
    }
    number = shown(told["no"]).removesuffix(".0").strip(". ")
    return int(number) if number.isdigit() and len(number) < 10 else number or place, told["village"] or told["village_code"], told["kecamatan"]
