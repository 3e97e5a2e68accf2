"""E1: every route × every role × another village's objects, made from the map of addresses: refused, and no answer holds a word of theirs.

Four villages hold an object of every kind, and every name, reason and number that people wrote carries a mark of its village; so do the NIK.
Somebody of every role, whose scope is one village (the camat's: one kecamatan), opens and posts every address with every foreign object in
it, alone and mixed with his own; opens all pages, lists and downloads of his own, searching for all marks at once; and sends every form that
names objects in its body with foreign ones. The real officials, who see the whole kabupaten, try what their role may not, and somebody who is
not signed in tries everything. A foreign object must be refused (404 or 403; the login page to whoever is not signed in), no answer, nor the
file inside an answer, may hold a foreign mark, code or NIK, no line of the log a NIK or a mark of any village, and no row of a foreign village
may have changed. The administrator's trail is the whole kabupaten's and names objects by their codes; his answers are not watched for codes.
n counts answers watched. Control: objects loaded, and a list read, without scope.
"""

from __future__ import annotations

import hashlib
import io
import logging
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from typing import Any
from unittest.mock import patch
from zipfile import ZipFile

import pypdfium2
from flask import Flask
from sqlalchemy import String, Text, event, select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from letters.press import Press
from tests.builders import BIALO, OTHER, a_file, a_letter, a_nik, a_scan, a_user, an_agreement, entries_of, user
from tests.experiments.clerk import Clerk
from tests.experiments.hostile import NEVER, SAID, mark
from tests.experiments.lab import Installation, Lab
from tests.experiments.outcome import Found, run
from tests.house.test_foreign import OTHER_WORDS, owned_names
from webapp import clock
from webapp.access import ROLES, may, needs
from webapp.converters import Wanted
from webapp.db import Base, db, unscoped
from webapp.importing import receive
from webapp.limits import limiter
from webapp.logs import Discreet
from webapp.models import ExpeditionEntry, RosterEntry, Signature, User
from webapp.models.corrections import ask

WHAT = "setiap alamat × setiap peran × objek desa lain: ditolak, dan tidak sepatah kata pun milik desa lain terbaca"
CONTROL = "objek dan daftar yang dibaca tanpa lingkup"
DATABASES = ("sqlite", "postgresql")
FULL = 1_000_000  # all that there are
NEAR, FAR = "73.02.01.2005", "73.02.04.2002"
PLACES = {code: place for place, code in enumerate((BIALO, NEAR, OTHER, FAR))}
PEOPLE = 2
SCOPES = {role: "73.02.01." if role == "camat" else BIALO for role in ROLES}
OWN_DOORS = ("/keluar", "/sesi/akhiri", "/kata-sandi", "/masuk")  # they end or change the session itself
REFUSED = frozenset({403, 404})

Objects = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Try:
    """One request: by whom, where to, what comes with it, and must it be refused?"""

    who: str
    method: str
    url: str
    body: dict[str, Any] | None
    refused: bool

    def __str__(self) -> str:
        return f"{self.who or 'tanpa masuk'} {self.method} {self.url}"


def trial(lab: Lab, n: int, seed: int) -> Found:
    made, objects = _filled(lab)
    with made.app() as app, _quiet(app):
        tries = list(_tries(app, objects))
        asked = len(tries)
        random.Random(seed).shuffle(tries)
        return _watched(app, tries[:n], objects, {"of": asked, "routes": len({rule.rule for rule in app.url_map.iter_rules()}), "roles": len(ROLES)})


def _filled(lab: Lab) -> tuple[Installation, Objects]:
    objects: Objects = {}

    def fill() -> None:
        for role, scope in SCOPES.items():
            a_user(f"sempit-{role}", role, scope)
        db.session.commit()
        for code, place in PLACES.items():
            objects[code] = _objects(code, 9001 + 100 * place)

    with _marked():
        return lab.make(fill), objects


@contextmanager
def _marked() -> Iterator[None]:
    """What people wrote about a village carries the village's mark."""

    def before_flush(session: Session, *_: Any) -> None:
        for row in session.new:
            place = PLACES.get(getattr(row, "village_code", None) or "")
            for column in row.__table__.columns if place is not None else ():
                told = (column.table.name, column.name)
                if column.name in SAID and isinstance(column.type, String | Text) and told not in NEVER and getattr(row, column.name, None):
                    setattr(row, column.name, f"{mark(place)} {column.name} {row.__class__.__name__}"[: column.type.length])

    event.listen(Session, "before_flush", before_flush)
    try:
        yield
    finally:
        event.remove(Session, "before_flush", before_flush)


def _objects(code: str, serial: int) -> dict[str, Any]:
    """An object of every kind that belongs to a village."""
    agreement = an_agreement("budgeted", village_code=code, people=PEOPLE, serial=serial)
    scan, scanned = a_scan(agreement)
    batch = receive(b"NIK;Nama", "daftar.csv", False, agreement, 2026, "lkd", user("legal"))
    letter, file, entry = a_letter(agreement, "surat_pengantar"), a_file(code), entries_of(agreement)[0]
    wanted = ask(agreement, entry, clock.now(), "Orangnya sendiri", f"{mark(PLACES[code])} keliru", user("legal"), clock.now())
    db.session.commit()
    first = {name: db.session.scalars(select(model).where(model.village_code == code)).first() for name, model in (("signature", Signature), ("handed", ExpeditionEntry))}
    return {
        "village": code, "agreement": agreement.code, "letter": letter.id, "file": file.id, "entry": entry.id, "import": batch.id,
        "line": agreement.budget_lines[0].id, "scan": scan.id, "scanned": scanned.id, "subject": f"k{entry.id}", "wanted": wanted.id,
        **{name: row.id for name, row in first.items() if row},
    }  # fmt: skip


# --- what is tried ---


def _tries(app: Flask, objects: Objects) -> Iterator[Try]:
    logins = {f"sempit-{role}": scope for role, scope in SCOPES.items()}
    people = {each: db.session.scalars(select(User).where(User.login == each)).one() for each in (*logins, *(role for role in ROLES if role not in ("village", "camat")))}
    for rule in app.url_map.iter_rules():
        for who, person in {**people, "": None}.items():
            if who in logins:
                yield from _narrow(app, rule, who, logins[who], objects)
            elif not may_enter(app, rule, person):
                yield from (Try(who, method, url, None, bool(owned_names(rule))) for method, url in _addresses(app, rule, [objects[OTHER]]))


def may_enter(app: Flask, rule: Rule, person: User | None) -> bool:
    """Does the person's role open this door at all?"""
    verbs = app.view_functions[rule.endpoint].needs
    return person is not None and (not verbs or any(may(person, each) for each in verbs.split("|")))


def _narrow(app: Flask, rule: Rule, who: str, scope: str, objects: Objects) -> Iterator[Try]:
    """Somebody who may see one village only: all foreign objects, alone and beside his own; his own; and bodies that name foreign ones."""
    foreign, own = [each for code, each in objects.items() if not code.startswith(scope)], objects[BIALO]
    if owned_names(rule):
        for each in foreign:
            yield from (Try(who, method, url, {"reason": "uji"}, True) for method, url in _addresses(app, rule, [each, own], first=each))
        yield from (Try(who, method, url, None, False) for method, url in _addresses(app, rule, [own]) if method == "GET")
    elif rule.rule not in OWN_DOORS:
        for method, url in _addresses(app, rule, [own]):
            if method == "GET":
                yield from (Try(who, method, url + more, None, False) for more in ("", "?q=Zq", "?kecamatan=73.02.06&year=2026&tahun=2026"))
            else:
                yield from (Try(who, method, url, _body(each), False) for each in foreign)


def _addresses(app: Flask, rule: Rule, villages: list[dict[str, Any]], first: dict[str, Any] | None = None) -> Iterator[tuple[str, str]]:
    """The rule's addresses with objects of these villages in every order; with ``first``, only those that hold one of its objects."""
    names, adapter = owned_names(rule), app.url_map.bind("localhost")
    for choice in product(villages, repeat=len(names)):
        if first is not None and first not in choice:
            continue
        held = dict(zip(names, choice, strict=True))
        values = {name: _value(rule, name, held.get(name, villages[0])) for name in rule.arguments}
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            yield method, adapter.build(rule.endpoint, values, method=method)


def _value(rule: Rule, name: str, village: dict[str, Any]) -> Any:
    items = getattr(rule._converters[name], "items", None)
    return sorted(items)[0] if items else village.get({"batch": "import"}.get(name, name), OTHER_WORDS.get(name, 1))


def _body(foreign: dict[str, Any]) -> dict[str, Any]:
    """All that a form may name, of a foreign village."""
    ids = {f"{name}{end}": value for name, value in foreign.items() for end in ("", "s", "_id")}
    return ids | {"slug": "surat_pengantar", "reason": "uji", "code": foreign["village"], "village_code": foreign["village"], "ids": foreign["letter"], "year": "2026"}


# --- what is watched ---


def _watched(app: Flask, tries: list[Try], objects: Objects, told: dict[str, Any]) -> Found:
    clerks = {who: Clerk(app, who) for who in {each.who for each in tries} if who}
    nobody, failures, refused = app.test_client(), [], 0
    before = {code: _rows_of(code) for code in PLACES if code != BIALO}
    with _log() as said:
        for each in tries:
            answer = _sent(app, clerks.get(each.who), nobody, each)
            refused += _refused(each, answer)
            failures += [f"{each}: {wrong}" for wrong in _judged(each, answer)]
    failures += [f"catatan: {line[:200]}" for line in said.getvalue().splitlines() if _marks(line, set(PLACES))]
    failures += [f"baris desa {code} berubah: {table}" for code, rows in before.items() for table in _changed(rows, _rows_of(code))]
    return Found(len(tries), failures, told | {"refused": refused})


def _sent(app: Flask, clerk: Clerk | None, nobody: Any, each: Try) -> Any:
    if clerk is not None:
        return clerk.get(each.url) if each.method == "GET" else clerk.post(each.url, each.body)
    with app.app_context():
        return nobody.open(each.url, method=each.method, data=each.body)


def _judged(each: Try, answer: Any) -> Iterator[str]:
    if answer.status_code >= 500:
        yield f"jawaban {answer.status_code}"
    if each.refused and not _refused(each, answer):
        yield f"tidak ditolak: {answer.status_code}"
    scope = SCOPES[each.who.removeprefix("sempit-")] if each.who.startswith("sempit-") else "tidak ada"
    codes = each.who.startswith("sempit-") and each.who != "sempit-admin"
    shown = _marks(_words(answer), {code for code in PLACES if not code.startswith(scope)}, codes)
    yield from (f"memuat {what}" for what in sorted(shown))


def _refused(each: Try, answer: Any) -> bool:
    """Not there, not his; or, to whoever is not signed in, the login page, or no form of ours."""
    to_login = each.who == "" and (answer.status_code == 400 or (answer.location or "").startswith("/masuk"))
    return to_login or answer.status_code in REFUSED


def _marks(words: str, foreign: set[str], codes: bool = False) -> set[str]:
    """Marks, NIK (whole or masked) and, on wish, codes of the foreign villages in the words."""
    found = {mark(PLACES[code]) for code in foreign if mark(PLACES[code]) in words} | {code for code in foreign if codes and code in words}
    for code in foreign:
        for each in range(PEOPLE):
            nik = a_nik(9001 + 100 * PLACES[code] + each)
            found |= {"NIK" for form in (nik, f"{nik[:6]}••••••{nik[-4:]}") if form in words}
    return found


def _words(answer: Any) -> str:
    """All words of an answer, of the files in it too, without those of its address."""
    content = answer.get_data()
    if content[:4] == b"PK\x03\x04":
        with ZipFile(io.BytesIO(content)) as book:
            return "\n".join(book.read(each).decode("utf-8", "replace") for each in book.namelist())
    if content[:5] == b"%PDF-":
        try:
            with pypdfium2.PdfDocument(content) as pdf:
                return "\n".join(each.get_textpage().get_text_range() for each in pdf)
        except pypdfium2.PdfiumError:
            return content.decode("latin-1")
    return content.decode("utf-8", "replace")


def _rows_of(code: str) -> dict[str, set[str]]:
    """All rows of a village, table by table."""
    db.session.rollback()
    tables = [each for each in Base.metadata.tables.values() if "village_code" in each.columns]
    with unscoped("percobaan"):
        return {each.name: {hashlib.sha256(repr(tuple(row)).encode()).hexdigest() for row in db.session.execute(select(each).where(each.c.village_code == code))} for each in tables}


def _changed(before: dict[str, set[str]], after: dict[str, set[str]]) -> list[str]:
    return [name for name, rows in before.items() if rows != after[name]]


@contextmanager
def _log() -> Iterator[io.StringIO]:
    """What the service writes into its log meanwhile, as it is written."""
    said = io.StringIO()
    handler, loggers = logging.StreamHandler(said), [logging.getLogger("sinergi"), logging.getLogger()]
    handler.setFormatter(Discreet("%(levelname)s %(name)s %(message)s"))
    for each in loggers:
        each.addHandler(handler)
    try:
        yield said
    finally:
        for each in loggers:
            each.removeHandler(handler)


@contextmanager
def _quiet(app: Flask) -> Iterator[None]:
    limiter.enabled = False
    try:
        yield
    finally:
        limiter.enabled = True
        app.extensions.get("press", Press()).close()


# --- control ---


def control(lab: Lab, seed: int) -> Found:
    made, objects = _filled(lab)
    load = Wanted.load

    def careless(wanted: Wanted) -> Any:
        with unscoped("kendali"):
            return load(wanted)

    @needs("own.account")
    def listed() -> str:
        with unscoped("kendali"):
            return "\n".join(each.name for each in db.session.scalars(select(RosterEntry)))

    with made.app() as app, _quiet(app):
        app.add_url_rule("/kendali", "kendali", listed)
        tries = [each for each in _tries(app, objects) if each.who == "sempit-village" and each.method == "GET"]
        pages = {f"/perjanjian/{OTHER}-2026", f"/perjanjian/{OTHER}-2026/peserta", f"/desa/{OTHER}", "/kendali"}
        with patch.object(Wanted, "load", careless):
            found = _watched(app, [each for each in tries if each.url in pages], objects, {})
    caught = {"alamat": any("tidak ditolak" in each for each in found.failures), "daftar": any("/kendali: memuat" in each for each in found.failures)}
    return Found(found.n, found.failures if all(caught.values()) else [], caught)


if __name__ == "__main__":
    run("e1")
