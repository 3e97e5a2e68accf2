"""The file that BPJS Ketenagakerjaan registers people from: the pinned list with full NIK, a sheet each for wage earners and the others.

No official template was found; the columns are those that registration asks for (identity, work, heirs). What nobody has said stays empty
and is counted before the file is made.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import xlsxwriter
from sqlalchemy import select
from sqlalchemy.orm import undefer

from workflows import Refused

from . import clock
from .doors import is_demo
from .exports import plain
from .models import Agreement, RosterVersionEntry, audit
from .models.particulars import LABELS, Particulars
from .models.reading import rulebook
from .models.users import User

SEGMENTS = {"PU": "Penerima upah", "BPU": "Bukan penerima upah"}
FLAGS = {"PU": ("JKK", "JKM", "JHT", "JP"), "BPU": ("JKK", "JKM", "JHT")}  # who is no wage earner cannot have JP
PHONE = re.compile(r"\+?[\d .-]+")


@dataclass(frozen=True)
class Registered:
    """One person as the file tells him."""

    entry: RosterVersionEntry
    programmes: tuple[str, ...]
    starts_on: date
    village: str
    kecamatan: str
    workplace: str

    @property
    def particulars(self) -> Particulars:
        """What the list knows beside the list's own columns."""
        return self.entry.particulars or Particulars()


@dataclass(frozen=True)
class Column:
    """A column: its heading, its width, what stands in it; ``required`` where registration cannot do without it."""

    title: str
    width: int
    value: Callable[[Registered], Any]
    required: bool = False


def _said(name: str, width: int, required: bool = True) -> Column:
    return Column(LABELS[name], width, lambda each: getattr(each.particulars, name), required)


def _programme(code: str) -> Column:
    return Column(code, 6, lambda each: "Y" if code in each.programmes else "T")


def columns(segment: str) -> tuple[Column, ...]:
    """The columns of a sheet: identity, work, heirs."""
    return (
        Column("NIK", 20, lambda each: each.entry.nik, True),
        Column("Nama sesuai KTP", 30, lambda each: each.entry.name, True),
        _said("birth_place", 18),
        Column("Tanggal lahir", 13, lambda each: each.entry.birth_on, True),
        Column("Jenis kelamin", 8, lambda each: each.entry.sex, True),
        _said("mother", 26),
        _said("marital", 14),
        _said("address", 34),
        Column("Desa", 18, lambda each: each.village),
        Column("Kecamatan", 16, lambda each: each.kecamatan),
        _said("postcode", 10, required=False),
        _said("phone", 16),
        _said("email", 22, required=False),
        _said("npwp", 20, required=False),
        Column("Jenis pekerjaan", 24, lambda each: each.entry.job, True),
        Column("Lokasi kerja", 24, lambda each: each.particulars.workplace or each.workplace),
        Column("Jam kerja", 12, lambda each: ""),
        Column("Upah" if segment == "PU" else "Penghasilan", 15, lambda each: each.entry.wage_base, True),
        Column("Tanggal mulai kepesertaan", 14, lambda each: each.starts_on),
        *map(_programme, FLAGS[segment]),
        _said("heir_name", 26),
        _said("heir_relation", 16),
        _said("heir_nik", 20, required=False),
        _said("heir_phone", 16, required=False),
    )


def registered(agreement: Agreement) -> dict[str, list[Registered]]:
    """The people of the pinned list by segment, what is sealed opened in one go; an empty segment is left out."""
    book, version, village = rulebook(agreement._session), agreement.roster_version, agreement.village
    found: dict[str, list[Registered]] = {}
    for entry in _opened(agreement, version.id) if version else ():
        terms = book.terms(agreement.fiscal_year, entry.category)
        segment = terms.segment if terms else "BPU"
        place = f"Kantor Desa {village.name}" if segment == "PU" else f"Desa {village.name}"
        person = Registered(entry, terms.programmes if terms else (), entry.month_first or agreement.month_first, village.name, village.kecamatan.name, place)
        found.setdefault(segment, []).append(person)
    return {segment: found[segment] for segment in SEGMENTS if segment in found}


def _opened(agreement: Agreement, version_id: int) -> Sequence[RosterVersionEntry]:
    whole = select(RosterVersionEntry).where(RosterVersionEntry.version_id == version_id).order_by(RosterVersionEntry.position)
    return agreement._session.scalars(whole.options(undefer(RosterVersionEntry.nik), undefer(RosterVersionEntry.particulars))).all()


def missing(people: dict[str, list[Registered]]) -> list[tuple[str, str, int, int]]:
    """What registration cannot do without and the list does not say: segment, column, for how many people, out of how many."""
    return [
        (segment, column.title, lacking, len(rows))
        for segment, rows in people.items()
        for column in columns(segment)
        if column.required and (lacking := sum(column.value(each) in ("", None) for each in rows))
    ]


def hand_out(agreement: Agreement, reason: str, by: User) -> bytes:
    """The file, with an event that keeps who took it and why. Raises Refused without a reason or a list. The caller commits."""
    if not reason.strip():
        raise Refused("Tuliskan untuk apa berkas ini diunduh.")
    people = registered(agreement)
    if not people:
        raise Refused("Daftar peserta belum dibekukan.")
    assert agreement.roster_version is not None
    count = sum(map(len, people.values()))
    audit.record(
        agreement._session, "enrollment.file", f"agreement:{agreement.code}", actor=by.login, at=clock.now(), village_code=agreement.village_code,
        people=count, version=agreement.roster_version.number, reason=re.sub(r"\d{6,}", "…", reason.strip())[:300],
    )  # fmt: skip
    return workbook(agreement, people)


def workbook(agreement: Agreement, people: dict[str, list[Registered]]) -> bytes:
    """An xlsx with a sheet per segment and one that says what it is; every NIK and telephone number is text."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
    style = {
        "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#E1EFED"}),
        "text": book.add_format({"num_format": "@"}),
        "day": book.add_format({"num_format": "dd-mm-yyyy"}),
        "money": book.add_format({"num_format": "#,##0.00"}),
    }
    for segment, rows in people.items():
        sheet, told = book.add_worksheet(f"{segment} {SEGMENTS[segment]}"[:31]), columns(segment)
        for place, column in enumerate(told):
            sheet.set_column(place, place, column.width)
            sheet.write_string(0, place, column.title, style["head"])
            for number, each in enumerate(rows, 1):
                _cell(sheet, number, place, column.value(each), style)
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, len(rows), len(told) - 1)
    _about(book, agreement, people)
    book.close()
    return out.getvalue()


def _cell(sheet: Any, row: int, column: int, value: Any, style: dict[str, Any]) -> None:
    if isinstance(value, date):
        sheet.write_datetime(row, column, value, style["day"])
    elif isinstance(value, Decimal):
        sheet.write_number(row, column, value, style["money"])
    else:
        sheet.write_string(row, column, value if PHONE.fullmatch(value) else plain(value), style["text"])  # a text cell takes +62 for no formula


def _about(book: Any, agreement: Agreement, people: dict[str, list[Registered]]) -> None:
    note = book.add_worksheet("Keterangan")
    note.set_column(0, 0, 100)
    for number, line in enumerate(_lines(agreement, people)):
        note.write_string(number, 0, plain(line))


def _lines(agreement: Agreement, people: dict[str, list[Registered]]) -> Iterator[str]:
    version, kesatu, kedua = agreement.roster_version, *agreement.numbers
    if is_demo():
        yield "CONTOH: semua nama dan angka rekaan"
    yield f"Berkas pendaftaran kolektif {agreement.village.full_name} ({agreement.village_code}), tahun anggaran {agreement.fiscal_year}"
    yield f"Perjanjian Nomor {kesatu or 'belum ada'} dan Nomor {kedua or 'belum ada'}"
    yield f"Daftar versi {version.number if version else '-'}: " + ", ".join(f"{len(rows)} orang {SEGMENTS[segment].lower()}" for segment, rows in people.items())
    yield from (f"Kosong pada {lacking} dari {of} orang ({segment}): {title}" for segment, title, lacking, of in missing(people))
    yield "Berkas ini memuat NIK lengkap dan data pribadi. Pakai hanya untuk pendaftaran peserta, simpan terkunci, hapus sesudah dipakai (UU 27/2022)."
    yield f"Dibuat {clock.at_office(clock.now()):%d-%m-%Y %H.%M}"
