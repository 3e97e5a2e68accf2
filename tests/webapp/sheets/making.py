"""Writes the files that the tests read: xlsx, ods, xls, csv in all encodings, tables of web pages. All people are invented."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from html import escape
from typing import Any

import xlsxwriter

from webapp.cli.rosters import shipped_places
from webapp.models.seeds import CATEGORIES
from webapp.sheets import Expected, Reading, read_roster
from workflows.people import Limits

TODAY = date(2026, 11, 22)
BIALO = "73.02.01.2004"
PLACES = shipped_places()
BORN = date(1980, 8, 17)
HEAD = ("No", "NIK", "Nama Lengkap", "Tanggal Lahir", "L/P", "Pekerjaan")


def expected(category: str = "pekerja_rentan", village: str = BIALO, **more: Any) -> Expected:
    """What a list of vulnerable workers of Bialo is for."""
    return Expected(
        **{
            "category": category,
            "village": village,
            "as_of": TODAY,
            "categories": {slug: name for slug, name, _ in CATEGORIES},
            "places": PLACES,
            "limits": Limits(),
        }
        | more
    )


def nik(serial: int = 9001, born: date = BORN, sex: str = "L", area: str = "730201") -> str:
    """A NIK that can be true."""
    return f"{area}{born.day + 40 * (sex == 'P'):02}{born:%m%y}{serial:04}"


WORDS = ["Satu", "Dua", "Tiga", "Empat", "Lima", "Enam", "Tujuh", "Delapan", "Sembilan", "Sepuluh", "Sebelas", "Duabelas"]


def a_row(place: int, **more: Any) -> list[Any]:
    """A person without fault: No, NIK, name, birth date, sex, work; ``more`` changes a cell by name."""
    row = {"no": place, "nik": nik(9000 + place), "name": f"Contoh {WORDS[(place - 1) % 12]} {place}", "birth": "17-08-1980", "sex": "L", "job": "Petani"}
    return list((row | more).values())


Cells = Sequence[Sequence[Any]]


class Broken(str):
    """An error of the spreadsheet, to be written as such."""


def xlsx(
    sheets: Mapping[str, Cells], merged: Mapping[str, Sequence[str]] | None = None, hidden: Sequence[str] = (), finish: Callable[..., None] | None = None
) -> bytes:
    """An Excel file; texts stay texts, numbers numbers, dates dates."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"strings_to_numbers": False, "strings_to_formulas": False})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for place in (merged or {}).get(name, ()):
            sheet.merge_range(place, "")
        for number, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, Broken):
                    sheet.write_formula(number, column, "=NA()", None, str(cell))
                elif isinstance(cell, date | datetime):
                    sheet.write_datetime(number, column, datetime(cell.year, cell.month, cell.day), day)
                elif isinstance(cell, bool):
                    sheet.write_boolean(number, column, cell)
                elif isinstance(cell, int | float):
                    sheet.write_number(number, column, cell)
                elif cell not in (None, ""):
                    sheet.write_string(number, column, cell)
        if name in hidden:
            sheet.hide()
    if finish:
        finish(book)
    book.close()
    return out.getvalue()


def repacked(content: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """The archive with its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, change(entry.filename, old.read(entry.filename)))
    return out.getvalue()


NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{full}:1.0"'
    for short, full in (("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"))
)


def ods(sheets: Mapping[str, Cells], hidden: Sequence[str] = (), more: str = "", padded: bool = True) -> bytes:
    """An OpenDocument spreadsheet, with the endless empty cells that programs write behind the table."""
    styles = '<style:style style:name="off" style:family="table"><style:table-properties table:display="false"/></style:style>'
    tables = "".join(_ods_table(name, rows, name in hidden, more, padded) for name, rows in sheets.items())
    content = f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {NAMES} office:version="1.2"><office:automatic-styles>{styles}</office:automatic-styles><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr(
            "META-INF/manifest.xml", '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
        )
        archive.writestr("content.xml", content)
    return out.getvalue()


def _ods_table(name: str, rows: Cells, hidden: bool, more: str, padded: bool) -> str:
    style = ' table:style-name="off"' if hidden else ""
    end = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>' if padded else ""
    return f'<table:table table:name="{escape(name)}"{style}>{"".join(map(_ods_row, rows))}{more}{end}</table:table>'


def _ods_row(cells: Sequence[Any]) -> str:
    return f'<table:table-row>{"".join(map(_ods_cell, cells))}<table:table-cell table:number-columns-repeated="16000"/></table:table-row>'


def _ods_cell(cell: Any) -> str:
    if cell in (None, ""):
        return "<table:table-cell/>"
    if isinstance(cell, date):
        return f'<table:table-cell office:value-type="date" office:date-value="{cell.isoformat()}"><text:p>{cell:%d/%m/%y}</text:p></table:table-cell>'
    if isinstance(cell, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{cell}"><text:p>7,3E+15</text:p></table:table-cell>'
    return f'<table:table-cell office:value-type="string"><text:p>{escape(str(cell))}</text:p></table:table-cell>'


def xls(rows: Cells, name: str = "Lembar") -> bytes:
    """A workbook of Excel 97 (BIFF8 in a compound file), as small as one can be."""

    def record(kind: int, body: bytes) -> bytes:
        return struct.pack("<HH", kind, len(body)) + body

    body = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 1997, 0, 6))
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            place = struct.pack("<HHH", row, column, 0)
            if isinstance(cell, int | float):
                body += record(0x0203, place + struct.pack("<d", cell))
            elif cell not in (None, ""):
                text = str(cell).encode("utf-16-le")
                body += record(0x0204, place + struct.pack("<HB", len(text) // 2, 1) + text)
    body += record(0x000A, b"")
    title = name.encode("latin-1")
    begin = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 1997, 0, 6))
    length = len(begin) + 4 + 8 + len(title) + 4
    book = begin + record(0x0085, struct.pack("<IBBBB", length, 0, 0, len(title), 0) + title) + record(0x000A, b"") + body
    return _compound(book.ljust(4096, b"\0"))


def _compound(stream: bytes) -> bytes:
    end, free, sectors = 0xFFFFFFFE, 0xFFFFFFFF, -(-len(stream) // 512)
    chain = [0xFFFFFFFD, end, *(place + 3 if place + 1 < sectors else end for place in range(sectors))]
    table = b"".join(struct.pack("<I", each) for each in [*chain, *[free] * (128 - len(chain))])
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0) + struct.pack("<I", 0) + struct.pack("<I", free) * 108

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        text = name.encode("utf-16-le")
        return text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text) + 2, kind, 1, free, free, child) + bytes(36) + struct.pack("<IQ", start, size)

    folder = entry("Root Entry", 5, 1, end, 0) + entry("Workbook", 2, free, 2, len(stream)) + bytes(256)
    return head + table + folder + stream.ljust(sectors * 512, b"\0")


def csv(rows: Cells, delimiter: str = ";", encoding: str = "utf-8", line: str = "\r\n") -> bytes:
    """Text with a delimiter; quoted where it must be."""

    def quoted(cell: Any) -> str:
        text = "" if cell is None else str(cell)
        return '"' + text.replace('"', '""') + '"' if any(each in text for each in (delimiter, '"', "\n")) else text

    return (line.join(delimiter.join(map(quoted, cells)) for cells in rows) + line).encode(encoding)


def html(rows: Cells) -> bytes:
    """What some programs call .xls."""
    body = "".join("<tr>" + "".join(f"<td style='mso-number-format:\"\\@\"'>{escape(str(cell or ''))}</td>" for cell in cells) + "</tr>\n" for cells in rows)
    return f"<html><head><meta charset='utf-8'></head><body><table border=1>{body}</table></body></html>".encode()


def fates(reading: Reading) -> dict[Any, str]:
    """Row → A, or F or R and the reasons; rows of a named sheet as ``name!row`` when there are several."""
    several = len(reading.sheets) > 1
    return {f"{each.sheet}!{each.row}" if several else each.row: " ".join((each.outcome[0].upper(), *each.reasons)) for each in reading.rows}


def fates_of(content: bytes, name: str = "daftar", **more: Any) -> dict[Any, str]:
    """The fates of a file's rows; the control totals are right."""
    reading = read_roster(content, name, more.pop("wanted", None) or expected(**more))
    assert_totals(reading)
    return fates(reading)


def assert_totals(reading: Reading) -> None:
    """Rows read = accepted + flagged + rejected + not people, for the file and for each sheet."""
    counts = reading.counts
    assert counts["read"] == counts["accepted"] + counts["flagged"] + counts["rejected"] + counts["not_people"]
    for sheet in reading.sheets:
        assert sheet.rows == sheet.not_people + sum(each.sheet == sheet.name for each in reading.rows)
