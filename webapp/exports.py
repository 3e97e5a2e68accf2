"""Tables as files, xlsx or csv. A cell that a spreadsheet would take for a formula is defused; dates and money stay dates and numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from flask import make_response
from werkzeug.wrappers import Response

from . import clock
from .doors import is_demo

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
TYPES = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8"}
WIDEST = 60


def table_file(form: str, name: str, head: Sequence[str], rows: Iterable[Sequence[Any]], about: Sequence[str] = ()) -> Response:
    """The table as an attachment ``name-20261122-1405.xlsx``. ``about`` says what was counted and when; it stands on a sheet of its own."""
    cells = [[plain(each) for each in row] for row in rows]
    said = [*(["CONTOH: semua nama dan angka rekaan"] if is_demo() else []), *about, f"Dibuat {clock.at_office(clock.now()):%d-%m-%Y %H.%M}"]
    content = _xlsx(head, cells, said) if form == "xlsx" else _csv(head, cells)
    response = make_response(content)
    stamp = f"{clock.at_office(clock.now()):%Y%m%d-%H%M}"
    example = "contoh-" if is_demo() else ""
    response.headers["Content-Type"] = TYPES[form]
    response.headers["Content-Disposition"] = f'attachment; filename="{example}{name}-{stamp}.{form}"'
    return response


def plain(value: Any) -> Any:
    """The value as a cell may hold it: no formula, no control character, no moment with a zone (Excel knows none)."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return clock.at_office(value).replace(tzinfo=None, microsecond=0)
    if isinstance(value, bool | int | Decimal | date):
        return value
    text = "".join(each for each in str(value) if each >= " " or each in "\t\r\n")
    return f"'{text}" if text.startswith(DANGEROUS) else text


def _csv(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([plain(each) for each in head])
    writer.writerows([each.isoformat(" ") if isinstance(each, datetime) else each for each in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")  # Excel reads UTF-8 only with this mark


def _xlsx(head: Sequence[str], rows: Sequence[Sequence[Any]], about: Iterable[str]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
    formats = {"head": {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}, "money": {"num_format": "#,##0.00"}, "day": {"num_format": "dd-mm-yyyy"}}
    style = {name: book.add_format(each) for name, each in (formats | {"moment": {"num_format": "dd-mm-yyyy hh:mm"}}).items()}
    sheet = book.add_worksheet("Data")
    for column, title in enumerate(head):
        sheet.write_string(0, column, plain(title), style["head"])
        longest = max([len(title), *(len(str(row[column])) for row in rows)], default=8)
        sheet.set_column(column, column, min(longest + 2, WIDEST))
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            _cell(sheet, number, column, value, style)
    sheet.freeze_panes(1, 0)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(head) - 1)
    note = book.add_worksheet("Keterangan")
    note.set_column(0, 0, 90)
    for number, line in enumerate(about):
        note.write_string(number, 0, plain(line))
    book.close()
    return out.getvalue()


def _cell(sheet: Any, row: int, column: int, value: Any, style: dict[str, Any]) -> None:
    if isinstance(value, datetime):
        sheet.write_datetime(row, column, value, style["moment"])
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, style["day"])
    elif isinstance(value, Decimal):
        sheet.write_number(row, column, value, style["money"])
    elif isinstance(value, int) and not isinstance(value, bool):
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, str(value))
