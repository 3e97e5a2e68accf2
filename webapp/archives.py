"""The office's list of agreements made before this register began: each row's fate before anything is stored, and the rows that go in."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session

from .models import Accord, Agreement, Village
from .models.takeovers import Archived, numbers_in_use
from .sheets.archive import ArchiveLine
from .sheets.days import Day
from .sheets.places import match
from .sheets.reading import Place

MOST = 500
GAPS = {"number_kedua": "nomor BPJS belum ada", "kesatu": "penandatangan DPMD belum ada", "kedua": "penandatangan BPJS belum ada", "head": "Kepala Desa belum ada"}


@dataclass(frozen=True)
class Fate:
    """What becomes of a row: accepted, flagged (goes in with gaps that stay visible) or rejected, and why."""

    row: int
    village: str
    number: str
    archived: Archived | None
    outcome: str
    remarks: tuple[str, ...]


def judge(session: Session, lines: Sequence[ArchiveLine], accord: Accord, year: int, today: date) -> list[Fate]:
    """The fate of every row under an accord; ``year`` counts where a row names none. Nothing is stored."""
    villages = {each.code: each for each in session.scalars(select(Village))}
    places = tuple(Place(each.code, each.name, each.kecamatan.name) for each in villages.values())
    taken = {(code, fiscal) for code, fiscal in session.execute(select(Agreement.village_code, Agreement.fiscal_year))}
    used = numbers_in_use(session, [each.said["number_kesatu"] for each in lines])
    found = []
    for each in lines:
        code = match(each.said["village"], each.said["kecamatan"], places)
        fate = _fate(each, code, villages, accord, year, today, taken, used)
        if fate.archived:
            taken.add((fate.archived.village_code, fate.archived.fiscal_year))
            used[fate.archived.number_kesatu] = "baris sebelumnya"
        found.append(fate)
    return found


def _fate(line: ArchiveLine, code: str, villages: dict[str, Village], accord: Accord, year: int, today: date, taken: set, used: dict[str, str]) -> Fate:
    said, village = line.said, villages.get(code)
    fiscal = int(said["year"]) if re.fullmatch(r"20\d\d", said["year"]) else year if not said["year"] else None
    wrong = [*_village_faults(line, code, village), *_row_faults(line, fiscal, used, today)]
    if village and fiscal and (code, fiscal) in taken:
        wrong.append(f"{village.full_name} sudah mempunyai perjanjian tahun {fiscal}")
    name = village.full_name if village else said["village"]
    if wrong or not village or not fiscal or not line.day.on:
        return Fate(line.row, name, said["number_kesatu"], None, "rejected", tuple(wrong))
    same = {each: said[each] for each in ("number_kesatu", "number_kedua", "kesatu", "kedua", "head", "note")}
    archived = Archived(code, fiscal, dated_on=line.day.on, place=said["place"] or accord.office.seat, **same)
    gaps = [sentence for field, sentence in GAPS.items() if not said[field]]
    if accord.valid_from and accord.valid_until and not accord.valid_from <= line.day.on <= accord.valid_until:
        gaps.append(f"tanggalnya di luar masa perjanjian induk ({accord.valid_from:%d-%m-%Y} s.d. {accord.valid_until:%d-%m-%Y})")
    return Fate(line.row, name, said["number_kesatu"], archived, "flagged" if gaps else "accepted", tuple(gaps))


def _village_faults(line: ArchiveLine, code: str, village: Village | None) -> list[str]:
    if code == "ambiguous":
        return [f"nama desa {line.said['village']!r} ada di lebih dari satu kecamatan; tulis kecamatan atau kode desanya"]
    if village is None:
        return [f"desa {line.said['village']!r} tidak dikenal; tulis nama menurut Kemendagri atau kode desanya"]
    return [] if village.is_desa else [f"{village.full_name} di luar program ini"]


def _row_faults(line: ArchiveLine, fiscal: int | None, used: dict[str, str], today: date) -> list[str]:
    wrong, number = [], line.said["number_kesatu"]
    if not number:
        wrong.append("nomor DPMD belum diisi")
    elif number in used:
        wrong.append(f"nomor ini sudah ada di {used[number]}")
    if line.day.on is None:
        wrong.append(f"tanggal {line.day.typed!r} tidak terbaca; tulis seperti 17-02-2026" if line.day.typed else "tanggal perjanjian belum diisi")
    elif line.day.on > today:
        wrong.append("tanggal perjanjian belum tiba")
    if fiscal is None:
        wrong.append(f"tahun anggaran {line.said['year']!r} tidak terbaca")
    return wrong


def going_in(fates: Sequence[Fate], with_gaps: bool) -> list[Archived]:
    """The rows that are stored: the accepted ones, and those with gaps when they are wanted."""
    return [each.archived for each in fates if each.archived and (with_gaps or each.outcome == "accepted")]


def sealed(lines: Sequence[ArchiveLine], sha256: str, accord: Accord, year: int) -> str:
    """What was read, signed for a hidden input, so that exactly what was shown is judged again and stored."""
    rows = [[each.sheet, each.row, dict(each.said), each.day.on.isoformat() if each.day.on else "", each.day.typed] for each in lines]
    return _signer().dumps({"rows": rows, "sha256": sha256, "accord": accord.id, "year": year})


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="ambil-alih")


def opened(token: str) -> tuple[list[ArchiveLine], str, int, int] | None:
    """Lines, hash of the file, accord and year from the hidden input; None when it is not one of ours."""
    try:
        told = _signer().loads(token)
    except BadSignature:
        return None
    lines = [ArchiveLine(sheet, row, said, Day(date.fromisoformat(on) if on else None, typed=typed)) for sheet, row, said, on, typed in told["rows"]]
    return lines, told["sha256"], told["accord"], told["year"]


def fingerprint(content: bytes) -> str:
    """SHA-256 of the file that was read; the file itself is not kept."""
    return hashlib.sha256(content).hexdigest()
