"""``sinergi roster``: the fate of every row of a list, without storing anything."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from config import BadConfig
from workflows.people import Limits

from .. import clock
from ..db import db
from ..models import Village
from ..models.reading import rulebook
from ..models.seeds import CATEGORIES, rows
from ..sheets import Expected, Place, Reading, Unreadable, read_roster
from . import FAILED, BadInput, cli, say
from .session import installation

FATES = {"accepted": "diterima", "flagged": "bertanda", "rejected": "ditolak"}


@cli.group(help="Daftar peserta sebagai berkas.\n\nContoh: sinergi roster check daftar.xlsx --village 73.02.01.2004 --category pekerja_rentan")
def roster() -> None:
    """Lists as files."""


@roster.command(
    help="Periksa daftar peserta: nasib tiap baris dan alasannya. Tidak ada yang disimpan, dan hanya berkas itu yang dilihat.\n\n"
    "Status akhir 0: terbaca; 1: berkas ditolak (alasannya tetap dicetak); 2: perintahnya keliru.\n\n"
    "Contoh: sinergi roster check daftar.xlsx --village 73.02.01.2004 --category pekerja_rentan --as-of 2026-11-22 --json"
)
@click.argument("file", metavar="BERKAS", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--village", default="", help="Kode desa pemilik daftar (kosong: berkasnya harus menyebut desa tiap orang).")
@click.option("--category", default="", help="Kelompok peserta, misalnya pekerja_rentan (kosong: berkasnya harus menyebutnya).")
@click.option("--as-of", help="Tanggal untuk menghitung usia, misalnya 2026-11-22 (bawaan: hari ini).")
@click.option("--json", "as_json", is_flag=True, help="Tulis sebagai JSON.")
def check(file: Path, village: str, category: str, as_of: str | None, as_json: bool) -> int:
    """Read and judge, nothing else."""
    expected = _expected(village, category, _day(as_of))
    try:
        reading = read_roster(file.read_bytes(), "", expected)
    except Unreadable as error:
        say({"outcome": "refused_with_reason", "reason": str(error), "rows": []}, as_json, [str(error)])
        return FAILED
    say(_answer(reading), as_json, _lines(reading))
    return 0


def _day(text: str | None) -> date:
    try:
        return date.fromisoformat(text) if text else clock.today()
    except ValueError as error:
        raise BadInput(f"Tanggal {text!r} tidak dikenal; tulis seperti 2026-11-22.") from error


def shipped_places() -> tuple[Place, ...]:
    """The villages as this project ships them."""
    return tuple(Place(each["code"], each["name"], each["district_name"]) for each in rows("villages_bulukumba.csv"))


def places_and_law(as_of: date) -> tuple[tuple[Place, ...], dict[str, str], Limits]:
    """Places, categories and age limits of this installation; where there is none yet, those that the project ships."""
    try:
        with installation():
            book = rulebook(db.session)
            places = tuple(Place(each.code, each.name, each.kecamatan.name) for each in db.session.scalars(select(Village).order_by(Village.code)))
            return places, dict(book.category_names), book.limits_on(as_of)
    except (BadConfig, BadInput, SQLAlchemyError, OSError):
        click.echo("Belum ada basis data yang siap; dipakai daftar desa dan batas usia bawaan.", err=True)
        return shipped_places(), {slug: name for slug, name, _ in CATEGORIES}, Limits()


def _expected(village: str, category: str, as_of: date) -> Expected:
    places, categories, limits = places_and_law(as_of)
    if category and category not in categories:
        raise BadInput(f"Kelompok {category!r} tidak dikenal. Pakai salah satu: {', '.join(categories)}.")
    found = next((each for each in places if each.code == village), None)
    if village and found is None:
        raise BadInput(f"Tidak ada desa berkode {village}. Daftar kode: sinergi villages")
    if found and found.code.rpartition(".")[2].startswith("1"):
        raise BadInput(f"{found.name} adalah kelurahan, di luar program; hanya desa yang mempunyai daftar peserta.")
    return Expected(category, village, as_of, categories, places, limits)


def _answer(reading: Reading) -> dict:
    found = [
        {
            "sheet": each.sheet,
            "row": each.row,
            "outcome": each.outcome,
            "nik": each.person.nik,
            "name": each.person.name,
            "birth_date": each.person.birth_on.isoformat() if each.person.birth_on else None,
            "sex": each.person.sex or None,
            "job": each.person.job,
            "category": each.person.category or None,
            "village": each.person.village or None,
            "reasons": list(each.remarks),
            "codes": list(each.reasons),
        }
        for each in reading.rows
    ]
    sheets = [
        {
            "sheet": each.name,
            "hidden": each.hidden,
            "rows": each.rows,
            "not_people": each.not_people,
            "left_out": each.why_not or None,
            "remark": each.remark or None,
        }
        for each in reading.sheets
    ]
    return {"outcome": "parsed", "reason": None, "rows": found, "counts": reading.counts, "sheets": sheets}


def _lines(reading: Reading) -> list[str]:
    lines = [f"Lembar {each.name or '-'}: {each.why_not or each.remark}" for each in reading.sheets if each.why_not or each.remark]
    for each in reading.rows:
        where = f"{each.sheet}, baris {each.row}" if each.sheet else f"baris {each.row}"
        lines.append(f"{where:<24} {FATES[each.outcome]:<9} {each.person.name[:30]:<30} {'; '.join(each.remarks)}".rstrip())
    count = reading.counts
    told = f"{count['accepted']} diterima, {count['flagged']} bertanda, {count['rejected']} ditolak, {count['not_people']} bukan peserta"
    return [*lines, f"{count['read']} baris dibaca: {told}"]
