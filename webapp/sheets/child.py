"""Reads a spreadsheet or text file into plain cells, as a child process that may be killed; run by path, it imports nothing of ours.

stdin: one JSON line {"size": …, "most_rows": …}, then the file's bytes. stdout: one JSON document, {"refused": sentence} or {"sheets": […]}.
A cell is null (empty), a text, a number, true or false, {"d": "1980-05-17"} (a date) or {"e": "#N/A"} (an error of the spreadsheet).
"""

from __future__ import annotations

import csv
import io
import json
import re
import resource
import sys
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from html.parser import HTMLParser
from itertools import islice
from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat

MEMORY = 280 * 1024 * 1024
MOST_ENTRIES, MOST_UNPACKED, MOST_IN_ONE = 2_000, 160 * 1024 * 1024, 100 * 1024 * 1024
MOST_RATIO, SMALL = 200, 24 * 1024 * 1024
MOST_SHEETS, MOST_COLUMNS, FAR_ROW, MOST_CELLS = 300, 200, 60_000, 4_000_000
LONGEST_CELL, MOST_TEXT, MOST_FILLED = 1_000, 24_000_000, 1_000_000
AGAIN = "Simpan sebagai Excel (.xlsx) atau CSV, lalu unggah lagi."


class Unfit(Exception):
    """The file is refused; the message is for the person who sent it."""


class Sheets:
    """What was read so far, within the limits on rows, columns and text."""

    def __init__(self, most_rows: int) -> None:
        self.found: list[dict[str, Any]] = []
        self.most_rows, self.all_rows, self.text, self.cells = most_rows, 0, 0, 0

    def begin(self, name: str | None, hidden: bool = False, why_not: str = "") -> dict[str, Any]:
        """A new sheet."""
        if len(self.found) >= MOST_SHEETS:
            raise Unfit(f"Berkas ini berisi lebih dari {MOST_SHEETS} lembar. Bagi menjadi beberapa berkas.")
        self.found.append({"name": name, "hidden": hidden, "rows": [], "merged": [], "far": [], "why_not": why_not})
        return self.found[-1]

    def add(self, sheet: dict[str, Any], number: int, cells: Iterable[Any]) -> None:
        """A row; one with nothing in it is left out."""
        row = [self._bounded(each) for each in cells]
        while row and row[-1] is None:
            row.pop()
        if not row:
            return
        for place in range(MOST_COLUMNS, len(row)):
            if row[place] is not None:
                self.far(sheet, number, place)
        sheet["rows"].append([number, row[:MOST_COLUMNS]])
        self.all_rows, self.cells = self.all_rows + 1, self.cells + len(row)
        if self.cells > MOST_FILLED:
            raise Unfit(f"Berkas ini berisi terlalu banyak sel. Salin hanya tabelnya ke lembar sebar baru. {AGAIN}")
        if len(sheet["rows"]) > self.most_rows or self.all_rows > 2 * self.most_rows:
            raise Unfit(f"Berkas ini berisi lebih dari {self.most_rows:,} baris.".replace(",", ".") + " Bagi menjadi beberapa berkas.")

    def far(self, sheet: dict[str, Any], number: int, column: int) -> None:
        """Something stands so far out that it is no part of a table: it is named, not read."""
        if len(sheet["far"]) < 50:
            sheet["far"].append([number, column])

    def _bounded(self, cell: Any) -> Any:
        if not isinstance(cell, str):
            return cell
        if not cell or cell.isspace():
            return None
        self.text += min(len(cell), LONGEST_CELL)
        if self.text > MOST_TEXT:
            raise Unfit("Berkas ini berisi terlalu banyak tulisan. Bagi menjadi beberapa berkas.")
        return cell if len(cell) <= LONGEST_CELL else cell[:LONGEST_CELL] + "…"


def read(content: bytes, most_rows: int) -> list[dict[str, Any]]:
    """The sheets of a file that is read for what it is, whatever its name says. Raises Unfit."""
    sheets = Sheets(most_rows)
    if not content.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise Unfit("Berkas ini kosong.")
    if content[:4] in (b"PK\3\4", b"PK\5\6"):
        _read_zip(content, sheets)
    elif content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        _read_ole(content, sheets)
    else:
        _refuse_what_is_no_text(content)
        _read_text(content, sheets)
    return sheets.found


# --- what is no list ---

PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"RIFF")
ARCHIVES = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")


def _refuse_what_is_no_text(content: bytes) -> None:
    head = content[:1024]
    if b"%PDF-" in head:
        raise Unfit("Ini PDF, bukan lembar sebar. Minta berkas Excel aslinya, atau ketik daftarnya di lembar sebar.")
    if head.startswith(PICTURES) and b"\0" in content[:4096] or head[4:8] == b"ftyp":
        raise Unfit("Ini gambar, bukan lembar sebar. Minta berkas Excel aslinya, atau ketik daftarnya di lembar sebar.")
    if head.startswith(ARCHIVES):
        raise Unfit("Ini arsip. Buka arsipnya, lalu unggah lembar sebar di dalamnya.")
    if head.startswith(b"{\\rtf"):
        raise Unfit(f"Ini dokumen tulisan, bukan lembar sebar. Salin tabelnya ke lembar sebar. {AGAIN}")


# --- spreadsheets in a ZIP ---


def _read_zip(content: bytes, sheets: Sheets) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _look_at_directory(archive)
            names = {each.filename.replace("\\", "/").lstrip("/") for each in archive.infolist()}
            if any(each.startswith("xl/") for each in names):
                _read_xlsx(content, archive, sheets)
            elif "content.xml" in names:
                _read_ods(archive, sheets)
            elif any(each.startswith(("word/", "ppt/")) for each in names):
                raise Unfit(f"Ini dokumen Word atau presentasi, bukan lembar sebar. Salin tabelnya ke lembar sebar. {AGAIN}")
            else:
                raise Unfit("Ini arsip ZIP tanpa lembar sebar yang dikenal. Buka arsipnya, lalu unggah lembar sebar di dalamnya.")
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, NotImplementedError, ValueError, KeyError, zlib_error()) as error:
        raise Unfit(f"Berkas ini rusak atau terpotong. Buka di lembar sebar. {AGAIN}") from error
    except RuntimeError as error:  # an encrypted entry
        raise Unfit(f"Berkas ini terkunci kata sandi. Buka, hapus kata sandinya. {AGAIN}") from error


def zlib_error() -> type[Exception]:
    """What broken packing raises."""
    import zlib

    return zlib.error


def _look_at_directory(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    unpacked, packed = sum(each.file_size for each in entries), sum(each.compress_size for each in entries)
    too_dense = unpacked > SMALL and unpacked > MOST_RATIO * max(packed, 1)
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or any(each.file_size > MOST_IN_ONE for each in entries) or too_dense:
        raise Unfit(f"Berkas ini mengembang terlalu besar saat dibuka. Salin hanya tabelnya ke lembar sebar baru. {AGAIN}")


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    found = archive.read(name)
    if re.search(rb"<!(?:DOCTYPE|ENTITY)", found[:4096]):
        raise Unfit(f"Berkas ini berisi perintah yang tidak diterima. Salin tabelnya ke lembar sebar baru. {AGAIN}")
    return found


# --- xlsx: read by calamine, after a look at where its cells stand ---

CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
PLACE = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})(\d{1,7})["']""")
IS_ERROR = re.compile(rb"""\bt\s*=\s*["']e["']""")
SAYS = re.compile(rb"<(?:\w+:)?v\b[^>]*>([^<]{1,40})<")


def _read_xlsx(content: bytes, archive: zipfile.ZipFile, sheets: Sheets) -> None:
    far, errors, changed = {}, {}, {}
    for entry in archive.infolist():
        name = entry.filename
        if name.endswith((".xml", ".rels")) and not re.match(r"xl/worksheets/(?!_rels/)", name):
            _part(archive, name)
        elif name.endswith(".xml"):
            seen = _Survey(_part(archive, name))
            far[name], errors[name] = seen.far, seen.errors
            if seen.far or seen.far_blank:
                changed[name] = seen.without_far()
    if changed:
        content = _with(archive, changed)
    parts = _parts_of_sheets(archive) if any(far.values()) or any(errors.values()) else {}
    _read_workbook(content, sheets, {name: errors.get(part, {}) for name, part in parts.items()})
    for sheet in sheets.found:
        for row, column in far.get(parts.get(sheet["name"], ""), []):
            sheets.far(sheet, row, column)


class _Survey:
    """Where the cells of a sheet stand: which are too far out to be part of a table, and which hold an error of the spreadsheet."""

    def __init__(self, xml: bytes) -> None:
        self.xml, self.far, self.errors, self.far_blank = xml, [], {}, False
        rows = columns = 0
        for cell in CELL.finditer(xml):
            place = PLACE.search(cell[1])
            if place is None:
                continue
            row, column = int(place[2]), _column(place[1])
            if row > FAR_ROW or column >= MOST_COLUMNS:
                if cell[3] and (b"<v" in cell[3] or b":v" in cell[3] or b"<is" in cell[3]):
                    self.far.append((row, column))
                else:
                    self.far_blank = True
                continue
            rows, columns = max(rows, row), max(columns, column + 1)
            if IS_ERROR.search(cell[1]) and len(self.errors) < 100_000:
                says = SAYS.search(cell[3] or b"")
                self.errors[row, column] = says[1].decode("ascii", "replace") if says else "#N/A"
        if rows * columns > MOST_CELLS:
            raise Unfit(f"Lembar di berkas ini terlalu lebar dan panjang. Salin hanya tabelnya ke lembar sebar baru. {AGAIN}")

    def without_far(self) -> bytes:
        """The sheet without the far cells."""

        def kept(cell: re.Match[bytes]) -> bytes:
            place = PLACE.search(cell[1])
            return b"" if place and (int(place[2]) > FAR_ROW or _column(place[1]) >= MOST_COLUMNS) else cell[0]

        return CELL.sub(kept, self.xml)


def _column(letters: bytes) -> int:
    found = 0
    for each in letters:
        found = found * 26 + each - 64
    return found - 1


def _with(archive: zipfile.ZipFile, changed: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as copy:
        for entry in archive.infolist():
            if entry.filename in changed:
                copy.writestr(entry.filename, changed[entry.filename])
            elif entry.filename.endswith((".xml", ".rels", ".bin")) and entry.filename not in copy.namelist():
                copy.writestr(entry.filename, archive.read(entry.filename))
    return out.getvalue()


def _parts_of_sheets(archive: zipfile.ZipFile) -> dict[str, str]:
    """Which part of the archive holds the sheet of a name."""
    targets = {each.get("Id"): each.get("Target", "") for each in _tree(archive, "xl/_rels/workbook.xml.rels").iter()}
    found = {}
    for each in _tree(archive, "xl/workbook.xml").iter():
        if each.tag.rpartition("}")[2] == "sheet":
            key = next((value for name, value in each.attrib.items() if name.rpartition("}")[2] == "id"), "")
            target = targets.get(key) or ""
            found[each.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return found


def _tree(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(_part(archive, name))
    except (ElementTree.ParseError, KeyError):
        return ElementTree.Element("none")


def _read_workbook(content: bytes, sheets: Sheets, errors: dict[str, dict[tuple[int, int], str]]) -> None:
    import python_calamine as calamine

    try:
        with calamine.load_workbook(io.BytesIO(content)) as book:
            for about in book.sheets_metadata:
                hidden = about.visible != calamine.SheetVisibleEnum.Visible
                if about.typ != calamine.SheetTypeEnum.WorkSheet:
                    sheets.begin(about.name, hidden, "Ini lembar grafik atau makro, bukan tabel.")
                    continue
                _take_sheet(sheets.begin(about.name, hidden), book.get_sheet_by_name(about.name), sheets, errors.get(about.name, {}))
    except calamine.PasswordError as error:
        raise Unfit(f"Berkas ini terkunci kata sandi. Buka, hapus kata sandinya. {AGAIN}") from error
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise Unfit(f"Berkas ini rusak atau bukan lembar sebar yang dikenal. Buka di lembar sebar. {AGAIN}") from error


def _take_sheet(sheet: dict[str, Any], read_sheet: Any, sheets: Sheets, errors: dict[tuple[int, int], str]) -> None:
    if read_sheet.start is None:
        sheet["rows"] += [[row, [None] * column + [{"e": says}]] for (row, column), says in sorted(errors.items())]
        return
    if (read_sheet.end[0] + 1) * (read_sheet.end[1] + 1) > MOST_CELLS:
        raise Unfit(f"Lembar di berkas ini terlalu lebar dan panjang. Salin hanya tabelnya ke lembar sebar baru. {AGAIN}")
    in_row: dict[int, dict[int, str]] = {}
    for (row, column), says in errors.items():
        in_row.setdefault(row, {})[column] = says
    for number, cells in enumerate(read_sheet.iter_rows(), 1):
        row = [_plain(each) for each in cells]
        for column, says in in_row.pop(number, {}).items():
            row += [None] * (column + 1 - len(row))
            row[column] = {"e": says}
        sheets.add(sheet, number, row)
    for number, found in sorted(in_row.items()):
        sheets.add(sheet, number, [{"e": found[column]} if column in found else None for column in range(max(found) + 1)])
    sheet["merged"] = [[*start, *end] for start, end in islice(read_sheet.merged_cell_ranges or (), 5_000)]


def _plain(cell: Any) -> Any:
    if isinstance(cell, str | bool):
        return cell
    if isinstance(cell, float | int):
        return _number(cell)
    if isinstance(cell, datetime | date):
        return {"d": cell.isoformat()[:10]}
    return str(cell)


def _number(cell: float) -> Any:
    if isinstance(cell, float) and not (cell == cell and abs(cell) < 1e300):
        return {"e": "#NUM!"}
    return int(cell) if cell == int(cell) and abs(cell) < 1e22 else cell


# --- xls and other files in Microsoft's older container ---


def _read_ole(content: bytes, sheets: Sheets) -> None:
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise Unfit(f"Berkas ini terkunci kata sandi. Buka, hapus kata sandinya. {AGAIN}")
    if "WordDocument".encode("utf-16-le") in content or "PowerPoint".encode("utf-16-le") in content:
        raise Unfit(f"Ini dokumen Word atau presentasi, bukan lembar sebar. Salin tabelnya ke lembar sebar. {AGAIN}")
    _read_workbook(content, sheets, {})


# --- ods: read cell by cell, so that repeated and far cells cost nothing ---


def _read_ods(archive: zipfile.ZipFile, sheets: Sheets) -> None:
    if "META-INF/manifest.xml" in archive.namelist() and b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise Unfit(f"Berkas ini terkunci kata sandi. Buka, hapus kata sandinya. {AGAIN}")
    try:
        _Ods(sheets).read(_part(archive, "content.xml"))
    except expat.ExpatError as error:
        raise Unfit(f"Berkas ini rusak atau terpotong. Buka di lembar sebar. {AGAIN}") from error


class _Ods:
    """The handlers for content.xml."""

    def __init__(self, sheets: Sheets) -> None:
        self.sheets, self.sheet = sheets, None
        self.hidden_styles: set[str] = set()
        self.style, self.tables, self.skipped = "", 0, 0
        self.row, self.column, self.rows_repeated = 0, 0, 1
        self.cells: list[tuple[int, int, Any]] = []
        self.cell: dict[str, str] | None = None
        self.lines: list[str] = []

    def read(self, xml: bytes) -> None:
        """All sheets."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = self.start, self.end, self.data
        parser.StartDoctypeDeclHandler = self.refuse
        parser.Parse(xml, True)

    def refuse(self, *_: Any) -> None:
        """No document type is needed in a spreadsheet."""
        raise Unfit(f"Berkas ini berisi perintah yang tidak diterima. Salin tabelnya ke lembar sebar baru. {AGAIN}")

    def start(self, full: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        name = full.rpartition(" ")[2]
        if self.skipped or name in ("annotation", "tracked-changes", "shapes", "forms"):
            self.skipped += 1
            return
        told = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        if name == "style":
            self.style = told.get("name", "")
        elif name == "table-properties" and told.get("display") == "false":
            self.hidden_styles.add(self.style)
        elif name == "table":
            self.tables += 1
            if self.tables == 1:
                self.sheet = self.sheets.begin(told.get("name", ""), told.get("style-name", "") in self.hidden_styles)
                self.row = 0
        elif self.tables != 1:
            return
        elif name == "table-row":
            self.rows_repeated, self.column, self.cells = _count(told, "number-rows-repeated"), 0, []
        elif name in ("table-cell", "covered-table-cell"):
            self.cell, self.lines = told, []
        elif self.cell is not None:
            self._text(name, told)

    def _text(self, name: str, told: dict[str, str]) -> None:
        if name == "p":
            self.lines.append("")
        elif self.lines and name == "s":
            self.lines[-1] += " " * min(_count(told, "c"), 20)
        elif self.lines and name in ("tab", "line-break"):
            self.lines[-1] += " "

    def data(self, text: str) -> None:
        """Text inside a cell."""
        if self.cell is not None and self.lines and not self.skipped and len(self.lines[-1]) <= LONGEST_CELL:
            self.lines[-1] += text

    def end(self, full: str) -> None:
        """An element ends."""
        if self.skipped:
            self.skipped -= 1
            return
        name = full.rpartition(" ")[2]
        if name == "table":
            self.tables -= 1
        elif self.tables != 1:
            return
        elif name in ("table-cell", "covered-table-cell") and self.cell is not None:
            repeated, value = _count(self.cell, "number-columns-repeated"), _ods_value(self.cell, "\n".join(self.lines[:100]))
            if value is not None:
                self.cells.append((self.column, repeated, value))
            self.column, self.cell = self.column + repeated, None
        elif name == "table-row" and self.sheet is not None:
            self._end_row()

    def _end_row(self) -> None:
        row: list[Any] = []
        for column, repeated, value in self.cells:
            if column >= MOST_COLUMNS:
                self.sheets.far(self.sheet, self.row + 1, column)
                continue
            row += [None] * (column - len(row)) + [value] * min(repeated, MOST_COLUMNS - column)
        if row:
            for number in range(self.row + 1, self.row + 1 + self.rows_repeated):
                self.sheets.add(self.sheet, number, row)
        self.row += self.rows_repeated


def _count(told: dict[str, str], name: str) -> int:
    text = told.get(name, "1")
    return min(max(int(text), 1), 2_000_000) if re.fullmatch(r"\d{1,9}", text) else 1


def _ods_value(told: dict[str, str], text: str) -> Any:
    kind = told.get("value-type", "")
    if re.fullmatch(r"#[A-Z/0-9]{2,9}[!?]?|Err:\d{3}", text):
        return {"e": text}
    if kind in ("float", "currency", "percentage"):
        try:
            return _number(float(told.get("value", "")))
        except ValueError:
            return text or None
    if kind == "date" and re.match(r"\d{4}-\d\d-\d\d", told.get("date-value", "")):
        return {"d": told["date-value"][:10]}
    if kind == "boolean":
        return told.get("boolean-value") == "true"
    return text or told.get("string-value") or None


# --- text: csv with any delimiter, in any of the usual encodings; a table of a web page ---


def _read_text(content: bytes, sheets: Sheets) -> None:
    text = _decoded(content)
    start = text[:2000].lstrip("\ufeff \t\r\n").casefold()
    if "schemas-microsoft-com:office:spreadsheet" in start or "opendocument" in start:
        raise Unfit(f"Ini lembar sebar dalam bentuk XML yang tidak dibaca di sini. Buka di lembar sebar. {AGAIN}")
    if start.startswith("mime-version"):
        raise Unfit(f"Ini halaman web yang disimpan, bukan lembar sebar. Buka di lembar sebar. {AGAIN}")
    if re.match(r"(?:<\?xml[^>]*>\s*)?<(?:!doctype html|html|table|meta|head|body|style)\b", start):
        _read_html(text, sheets)
        return
    if start.startswith("<?xml"):
        raise Unfit(f"Ini berkas XML, bukan lembar sebar. {AGAIN}")
    sheet = sheets.begin(None)
    for number, cells in enumerate(_records(_unwrapped(text)), 1):
        sheets.add(sheet, number, [_without_formula(each) for each in cells])


def _decoded(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace")
    head = content[:4000]
    if head.count(0) > len(head) // 4:
        little = head[1::2].count(0) >= head[::2].count(0)
        return content.decode("utf-16-le" if little else "utf-16-be", "replace")
    if b"\0" in head or sum(each < 9 or 13 < each < 27 for each in head) > max(2, len(head) // 50):
        raise Unfit(f"Berkas ini bukan lembar sebar yang dikenal. {AGAIN}")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _unwrapped(text: str) -> str:
    """Some programs put each whole line into quotes: "1;7302…;Contoh"."""
    lines = text[:200_000].splitlines()[:300]
    filled = [each.strip() for each in lines if each.strip()]
    if len(filled) < 2 or not all(re.fullmatch(r'"(?:[^"]|"")*"', each) and re.search(r"[;,\t|]", each) for each in filled):
        return text
    return "\n".join(each.strip()[1:-1].replace('""', '"') for each in text.splitlines())


def _records(text: str) -> Iterator[list[str]]:
    csv.field_size_limit(2**31 - 1)
    text = text.lstrip("\ufeff").replace("\0", "")
    told = re.match(r"sep=(.)\r?\n", text, re.IGNORECASE)
    if told:
        text = text[told.end() :]
    delimiter = told[1] if told else _delimiter(text)
    if not _quotes_close(text, delimiter):
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=csv.QUOTE_NONE):
            yield [each.strip('"') for each in cells]
    else:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=delimiter != "\t")


def _quotes_close(text: str, delimiter: str) -> bool:
    """Does every quoted field end, within reason? An open quote would swallow the rest of the list."""
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=delimiter != "\t"):
            if any(each.count("\n") > 10 for each in cells):
                return False
    except csv.Error as error:
        return "unexpected end" not in str(error) and not any(
            each.count("\n") > 10 for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) for each in cells
        )
    return True


def _delimiter(text: str) -> str:
    """The delimiter that cuts most rows into equally many parts."""

    def fit(delimiter: str) -> int:
        rows = islice(csv.reader(io.StringIO(text[:200_000], newline=""), delimiter=delimiter), 300)
        widths = Counter(len(each) for each in rows if len(each) > 1)
        return max(((width - 1) * times for width, times in widths.items()), default=0)

    return max("\t;,|", key=fit)


def _without_formula(cell: str) -> str:
    """``="7302…"`` is how a text is kept a text in csv."""
    return cell[2:-1] if len(cell) > 2 and cell.startswith('="') and cell.endswith('"') else cell


class _Tables(HTMLParser):
    """The tables of a web page, which some programs call .xls."""

    def __init__(self, sheets: Sheets) -> None:
        super().__init__(convert_charrefs=True)
        self.sheets, self.sheet = sheets, None
        self.rows, self.number = 0, 0
        self.row: list[str | None] | None = None
        self.spans: list[int] = []
        self.text: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A table, row or cell begins."""
        if tag == "table" and self.sheet is None:
            self.sheet = self.sheets.begin(None)
        elif tag == "tr" and self.sheet is not None:
            self._close_row()
            self.row = []
        elif tag in ("td", "th") and self.row is not None:
            self._close_cell()
            width = dict(attrs).get("colspan") or "1"
            self.text, self.spans = [], [min(int(width), MOST_COLUMNS) if re.fullmatch(r"\d{1,6}", width) else 1]
        elif tag == "br" and self.text is not None:
            self.text.append(" ")

    def handle_endtag(self, tag: str) -> None:
        """A cell, row or table ends."""
        if tag in ("td", "th"):
            self._close_cell()
        elif tag in ("tr", "table"):
            self._close_row()

    def handle_data(self, data: str) -> None:
        """Text of a cell."""
        if self.text is not None:
            self.text.append(data)

    def _close_cell(self) -> None:
        if self.text is not None and self.row is not None:
            self.row += [re.sub(r"\s+", " ", "".join(self.text)).strip() or None, *[None] * (max(self.spans[0], 1) - 1)]
            self.text = None
            if len(self.row) > 4 * MOST_COLUMNS:
                raise Unfit(f"Tabel di berkas ini terlalu lebar. {AGAIN}")

    def _close_row(self) -> None:
        self._close_cell()
        if self.row is not None:
            self.number += 1
            self.sheets.add(self.sheet, self.number, self.row)
            self.row = None


def _read_html(text: str, sheets: Sheets) -> None:
    page = _Tables(sheets)
    page.feed(text)
    page.close()
    page._close_row()
    if not sheets.found or not sheets.found[0]["rows"]:
        raise Unfit(f"Halaman web ini tidak berisi tabel. {AGAIN}")


def _peak() -> int:
    """The most KiB that this process held at once."""
    with open("/proc/self/status", encoding="ascii") as status:
        return next((int(line.split()[1]) for line in status if line.startswith("VmHWM")), 0)


def main() -> None:
    """Answer one job."""
    job = json.loads(sys.stdin.buffer.readline())
    resource.setrlimit(resource.RLIMIT_CPU, (job["seconds"], job["seconds"]))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer: dict[str, Any] = {"sheets": read(sys.stdin.buffer.read(job["size"]), job["most_rows"])}
    except Unfit as error:
        answer = {"refused": str(error)}
    except (MemoryError, RecursionError):
        answer = {"refused": "Berkas ini terlalu berat untuk dibaca. Salin hanya tabelnya ke lembar sebar baru, lalu unggah lagi."}
    if job.get("measure"):
        answer["peak"] = _peak()
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
