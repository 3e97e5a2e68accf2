"""A copy of one person's data for that person (UU 27/2022 ps 7): every list, version and change within the scope, who saw them, as a workbook or as JSON."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from . import clock
from .access import ROLES
from .doors import is_demo
from .exports import plain
from .models import CorrectionRequest, RosterEntry, RosterVersionEntry, User, audit
from .models.changes import KINDS
from .models.corrections import OUTCOMES
from .models.elsewhere import PAYERS
from .models.particulars import LABELS
from .models.reading import rulebook
from .models.retention import RetentionClass
from .models.sightings import Place, Sighting, check_opening, covers_of, places_of, sightings

SEXES = {"L": "Laki-laki", "P": "Perempuan"}
PURPOSE = "Pelindungan jaminan sosial ketenagakerjaan: perjanjian desa, iuran, dan pendaftaran pada BPJS Ketenagakerjaan."
RECIPIENTS = "Pemerintah desa, DPMD kabupaten, dan BPJS Ketenagakerjaan."


@dataclass(frozen=True)
class PersonalCopy:
    """What the service holds about a person, opened: (source, [(label, value)]) in the order in which it came about."""

    name: str
    lists: tuple[tuple[str, tuple[tuple[str, Any], ...]], ...]
    changes: tuple[tuple[Any, ...], ...]
    payers: tuple[tuple[Any, ...], ...]
    asked: tuple[tuple[Any, ...], ...]
    seen: tuple[Sighting, ...]
    kept: str


CHANGE_HEAD = ("Daftar", "Tanggal", "Perubahan", "Bulan iuran", "Alasan atau bukti")
PAYER_HEAD = ("Tahun", "Pembayar", "Sumber")
ASKED_HEAD = ("Diterima", "Yang meminta", "Apa yang keliru", "Jawaban", "Alasan")
SEEN_HEAD = ("Waktu", "Siapa", "Peran", "Apa", "Daftar", "NIK lengkap", "Alasan", "Kepastian")


def hand_over(session: Session, subject: Any, reason: str, by: User) -> PersonalCopy:
    """The copy, with an event that keeps who took it and why. Raises Refused without a reason, or after too many. The caller commits."""
    kept = check_opening(session, reason, by, clock.now())
    places = places_of(session, subject.nik_index)
    found = _copy(session, subject, places)
    line = {"entry" if isinstance(subject, RosterEntry) else "listed": subject.id}
    agreement = next(each.agreement for each in places if each.row is subject)
    audit.record(
        session, "person.exported", f"agreement:{agreement.code}", actor=by.login, at=clock.now(), village_code=agreement.village_code, lists=len(found.lists), reason=kept, **line
    )
    return found


def _copy(session: Session, subject: Any, places: list[Place]) -> PersonalCopy:
    _open(session, subject.nik_index)
    names = rulebook(session).category_names
    lists = tuple((each.title, tuple(_told(each, names))) for each in places if each.kind != "change")
    changes = tuple((each.title, each.row.on, KINDS[each.row.kind], f"{each.row.month:%m-%Y}", each.row.reason) for each in places if each.kind == "change")
    payers = tuple((each.year, PAYERS.get(each.payer, each.payer), each.source) for each in covers_of(session, subject.nik_index))
    law = session.get_one(RetentionClass, "rosters")
    return PersonalCopy(subject.name, lists, changes, payers, tuple(_asked(session, places)), tuple(sightings(session, subject.nik_index)), f"{law.name}: {law.span(0)}. {law.basis}")


def _open(session: Session, index: str) -> None:
    """Read what is sealed of his lines in one go."""
    for model in (RosterEntry, RosterVersionEntry):
        session.scalars(select(model).where(model.nik_index == index).options(undefer(model.nik), undefer(model.particulars))).all()


def _told(place: Place, names: Any) -> Iterator[tuple[str, Any]]:
    row = place.row
    yield from (("NIK", row.nik), ("Nama", row.name), ("Tanggal lahir", row.birth_on), ("Jenis kelamin", SEXES.get(row.sex, row.sex)))
    yield from (("Kelompok", names.get(row.category, row.category)), ("Jabatan atau pekerjaan", row.job), ("Dasar upah", row.wage_base))
    first, last = row.month_first or place.agreement.month_first, row.month_last or place.agreement.month_last
    yield "Masa iuran", f"{first:%m-%Y} s.d. {last:%m-%Y}"
    yield "Perjanjian", f"Nomor {place.agreement.numbers[0] or 'belum ada'}"
    yield "Dicatat pada", place.at
    if row.flags:
        yield "Tanda", "; ".join(row.flag_sentences) + (f" (dijelaskan: {row.cleared_reason})" if row.cleared_reason else "")
    yield from ((LABELS[name], value) for name, value in (row.particulars.known if row.particulars else {}).items())


def _asked(session: Session, places: list[Place]) -> Iterator[tuple[Any, ...]]:
    for each in requests_about(session, places):
        answer = each.answer
        yield (each.received_at, each.asked_by, each.what, OUTCOMES[answer.outcome] if answer else "belum dijawab", answer.reason if answer else "")


def requests_about(session: Session, places: list[Place]) -> list[CorrectionRequest]:
    """What was asked to be corrected about this person, the oldest first."""
    entries = {each.row.id if each.kind == "entry" else each.row.entry_id for each in places if each.kind in ("entry", "change")}
    listed = {each.row.id for each in places if each.kind == "listed"}
    mine = CorrectionRequest.entry_id.in_(entries) | CorrectionRequest.listed_id.in_(listed)
    return list(session.scalars(select(CorrectionRequest).where(mine).order_by(CorrectionRequest.id)))


def seen_row(each: Sighting) -> tuple[Any, ...]:
    """An access as a row of a table."""
    return (each.at, each.name, ROLES.get(each.role, each.role), each.what, each.where, "ya" if each.whole else "tidak", each.reason, "pasti" if each.sure else "mungkin")


# --- as files ---


def about(copy: PersonalCopy) -> list[str]:
    """What the copy is, for what the data are used, and how long they are kept."""
    return [
        *(["CONTOH: semua nama dan angka rekaan"] if is_demo() else []),
        f"Salinan data pribadi {copy.name}, untuk diserahkan kepada orangnya (UU 27/2022 ps 7)",
        f"Tujuan pemrosesan: {PURPOSE}",
        f"Penerima: {RECIPIENTS}",
        f"Masa simpan: {copy.kept}",
        "Data yang keliru dapat diminta dibetulkan; dijawab dalam 3 x 24 jam (ps 30).",
        f"Dibuat {clock.at_office(clock.now()):%d-%m-%Y %H.%M}",
    ]


def as_json(copy: PersonalCopy) -> bytes:
    """For machines."""
    said = {
        "about": about(copy),
        "lists": [{"source": source, "data": {label: _text(value) for label, value in data}} for source, data in copy.lists],
        "changes": _rows(CHANGE_HEAD, copy.changes),
        "other_payers": _rows(PAYER_HEAD, copy.payers),
        "corrections": _rows(ASKED_HEAD, copy.asked),
        "seen_by": _rows(SEEN_HEAD, tuple(map(seen_row, copy.seen))),
    }
    return json.dumps(said, ensure_ascii=False, indent=1).encode()


def _rows(head: tuple[str, ...], rows: tuple[tuple[Any, ...], ...]) -> list[dict[str, Any]]:
    return [dict(zip(head, map(_text, row), strict=True)) for row in rows]


def _text(value: Any) -> Any:
    if isinstance(value, datetime):
        return clock.at_office(value).isoformat(timespec="minutes")
    return value.isoformat() if isinstance(value, date) else str(value) if isinstance(value, Decimal) else value


def as_workbook(copy: PersonalCopy) -> bytes:
    """For people: the data as label and value, one sheet per question; every number of a register is text."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
    formats = {"head": {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}, "text": {"num_format": "@", "text_wrap": True, "valign": "top"}}
    style = {name: book.add_format(each) for name, each in (formats | {"money": {"num_format": "#,##0.00", "align": "left"}, "day": {"num_format": "dd-mm-yyyy", "align": "left"}}).items()}
    data = [(source, label, value) for source, values in copy.lists for label, value in values]
    _sheet(book, "Data", ("Sumber", "Butir", "Isi"), data, style, (44, 26, 48))
    for title, head, rows in (("Perubahan", CHANGE_HEAD, copy.changes), ("Pembayar lain", PAYER_HEAD, copy.payers), ("Pembetulan", ASKED_HEAD, copy.asked)):
        if rows:
            _sheet(book, title, head, rows, style, (44, 18, 30, 22, 40))
    _sheet(book, "Siapa yang melihat", SEEN_HEAD, list(map(seen_row, copy.seen)), style, (18, 28, 24, 40, 40, 12, 40, 12))
    note = book.add_worksheet("Keterangan")
    note.set_column(0, 0, 110, style["text"])
    for number, line in enumerate(about(copy)):
        note.write_string(number, 0, str(plain(line)))
    book.close()
    return out.getvalue()


def _sheet(book: Any, title: str, head: tuple[str, ...], rows: Any, style: dict[str, Any], widths: tuple[int, ...]) -> None:
    sheet = book.add_worksheet(title)
    for column, (name, width) in enumerate(zip(head, widths, strict=False)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, name, style["head"])
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            _cell(sheet, number, column, value, style)
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _cell(sheet: Any, row: int, column: int, value: Any, style: dict[str, Any]) -> None:
    if isinstance(value, datetime):
        sheet.write_string(row, column, f"{clock.at_office(value):%d-%m-%Y %H.%M}", style["text"])
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, style["day"])
    elif isinstance(value, Decimal):
        sheet.write_number(row, column, value, style["money"])
    else:
        sheet.write_string(row, column, str(plain(value)), style["text"])
