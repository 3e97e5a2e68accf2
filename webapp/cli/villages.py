"""``sinergi villages``: where every village stands, and why."""

from __future__ import annotations

import click
from sqlalchemy import select

from .. import clock
from ..access import ROLES
from ..db import db
from ..models import Village
from ..models.lists import agreements_with_facts, newest_year
from ..presentation import STAGE_NAMES
from . import cli, say
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
