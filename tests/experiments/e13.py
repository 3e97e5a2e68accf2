"""E13: hostile words through pages, papers and exports: they are shown as words, nothing is fetched, limits hold.

The same installation is filled twice, once with plain words in every column that holds what people wrote, once with hostile ones (HTML, CSS,
``file://``, templates, formulas, SQL; another word in every column, turning with every round). Every page, paper and export that any role can
reach must have the same bones, and show the whole words where it showed the plain ones; no formula in a sheet, no foreign address in a PDF,
nobody asks the canary server or reads the canary file. Then every form is sent with hostile words, with marks that turn writing around, with
zero characters and with a million letters: no server error, nothing of more than 5,000 letters stored, no answer later than 20 seconds. n
counts answers looked at. Control: pages without escaping, and a press that fetches what it is told.
"""

from __future__ import annotations

import csv
import io
import os
import re
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any
from zipfile import BadZipFile, ZipFile

import pikepdf
import pypdfium2
from flask import Flask
from sqlalchemy import String, Text, func, select

from letters import all_kinds
from letters.press import Press
from letters.stopped import PressStopped
from tests.builders import BIALO, a_letter, amended, an_agreement
from tests.experiments.clerk import Clerk
from tests.experiments.hostile import SAID, WORDS, Canary, Page, mark, saying
from tests.experiments.lab import Installation, Lab
from tests.experiments.outcome import Found, run
from webapp.db import Base, db
from webapp.limits import limiter

WHAT = "nama dan tulisan jahat di halaman, naskah, dan unduhan: tampil sebagai tulisan, tidak mengambil apa pun, batas tetap berlaku"
CONTROL = "halaman tanpa pengelakan dan mesin cetak yang mengambil alamat"
DATABASES = ("sqlite",)
FULL = 3000
ROLES = ("legal", "approver", "bpjs", "village", "camat", "monitor", "admin")
NOT_FOLLOWED = re.compile(r"^/(keluar|aset|bootstrap|pustaka)|^/aturan/.*/unduh")
PER_ENDPOINT, LONGEST, PATIENCE = 2, 5000, 20
MILLION = 10**6
LONG = ("A" * MILLION, "kata " * (MILLION // 5), "\u202e" * MILLION)
ODD = ("A" * MILLION, "\u202eBASO\u202c \u200bnol\0 \u2066x\u2069", "\u0301" * 2000 + "ﷺ" * 2000, "\r\nSet-Cookie: a=b\r\n")

Answers = dict[tuple[str, str], Any]
Form = tuple[str, str, dict[str, tuple[str, str]]]


def trial(lab: Lab, n: int, seed: int) -> Found:
    canary, failures, looked = Canary(lab.folder), [], Counter()
    try:
        made, plain, forms = _plain(lab, max(n // len(ROLES), 1))
        turn = 0
        while sum(looked.values()) < n:
            words = {name: canary.words(WORDS[(place + turn * 5 + seed) % len(WORDS)], place) for place, name in enumerate(_columns())}
            failures += _round(lab, words, plain, looked)
            failures += _forms(lab.copy(made), forms, (canary.words(WORDS[(turn + seed) % len(WORDS)], 1), *ODD)[turn % (1 + len(ODD))], looked)
            turn += 1
        failures += _limits(looked, LONG, PATIENCE) if n >= FULL else _limits(looked, LONG[:1], 6)
        return Found(sum(looked.values()), failures + [f"kenari ditanyai {each}" for each in canary.asked], {"rounds": turn, **looked})
    finally:
        canary.close()


def _columns() -> list[str]:
    return sorted(
        f"{table.name}.{column.name}" for table in Base.metadata.tables.values() for column in table.columns if column.name in SAID and isinstance(column.type, String | Text)
    )


def _filled(lab: Lab, words: dict[str, str]) -> Installation:
    def fill() -> None:
        amended()
        an_agreement("frozen", village_code="73.02.01.2005", serial=9101)
        letter = a_letter(an_agreement("approved", village_code="73.02.01.2006", serial=9201), "surat_pengantar")
        letter.problem = words["letters.problem"]

    with saying(words):
        return lab.make(fill)


# --- looking ---


def _plain(lab: Lab, most: int) -> tuple[Installation, Answers, list[Form]]:
    """The pages as they are with plain words, found by following every link (at most so many per role), and the forms on them."""
    words = {name: f"{mark(place)} Biasa" for place, name in enumerate(_columns())}
    made = _filled(lab, words)
    found: Answers = {}
    with made.app() as app:
        _quiet(app)
        for role in ROLES:
            found |= _followed(Clerk(app, _login(role)), role, app, most)
        forms = list(_forms_of(app, found))
        _close(app)
    return made, {place: (answer, words) for place, answer in found.items()}, forms


def _quiet(app: Flask) -> None:
    limiter.enabled = False


def _close(app: Flask) -> None:
    limiter.enabled = True
    app.extensions.get("press", Press()).close()


def _login(role: str) -> str:
    return {"village": BIALO, "camat": "camat-73.02.01"}.get(role, role)


def _followed(clerk: Clerk, role: str, app: Flask, most: int) -> Answers:
    """Every page that a role can reach, at most two of a kind; previews of all papers besides."""
    found, seen, waiting = {}, Counter(), ["/", "/desa", *_papers(role)]
    while waiting and len(found) < most:
        url = waiting.pop(0)
        kind = _kind(app, url)
        if (role, url) in found or seen[kind] >= PER_ENDPOINT or NOT_FOLLOWED.match(url):
            continue
        seen[kind] += 1
        answer = clerk.get(url)
        found[role, url] = _taken(answer)
        if answer.status_code in (301, 302, 303):
            waiting.append(answer.location)
        if answer.mimetype == "text/html":
            waiting += [each for each in _links(answer) if each not in waiting]
    return found


def _papers(role: str) -> list[str]:
    if role != "legal":
        return []
    about = {"agreement": f"/perjanjian/{BIALO}-2026/pratinjau/", "kabupaten": "/kantor/pratinjau/", "accord": "/kantor/pratinjau/"}
    return [about[each.about] + slug for slug, each in sorted(all_kinds().items()) if each.about in about]


def _kind(app: Flask, url: str) -> str:
    path = url.partition("?")[0]
    try:
        endpoint, values = app.url_map.bind("localhost").match(path)
    except Exception:
        return path
    return f"{endpoint} {values.get('slug', '')} {values.get('form', '')}"


def _links(answer: Any) -> Iterator[str]:
    for each in Page(answer.get_data(as_text=True)).addresses:
        tag, address = each.split(" ", 1)
        if tag == "a" and address.startswith("/"):
            yield address.partition("#")[0]


def _taken(answer: Any) -> tuple[int, str, bytes, str]:
    return answer.status_code, answer.mimetype, answer.get_data(), answer.headers.get("Content-Disposition", "")


def _round(lab: Lab, words: dict[str, str], plain: Answers, looked: Counter) -> list[str]:
    failures = []
    with _filled(lab, words).app() as app:
        _quiet(app)
        clerks = {role: Clerk(app, _login(role)) for role in ROLES}
        for (role, url), (before, was) in plain.items():
            begun = time.monotonic()
            after = _taken(clerks[role].get(url))
            wrong = list(_judged(before, after, was, words))
            if time.monotonic() - begun > patience():
                wrong.append("terlalu lama")
            looked[_sort(after)] += 1
            failures += [f"{role} {url}: {each}" for each in wrong]
        _close(app)
    return failures


def patience() -> float:
    """Seconds that an answer may take: 20 on a machine that has a processor to spare, more where others wait for one too."""
    return PATIENCE * max(1.0, *(each / (os.cpu_count() or 1) for each in os.getloadavg()[:2]))


def _sort(answer: tuple[int, str, bytes, str]) -> str:
    return {"text/html": "pages", "application/pdf": "papers"}.get(answer[1], "exports")


def _judged(before: tuple, after: tuple, was: dict[str, str], now: dict[str, str]) -> Iterator[str]:
    if before[:2] != after[:2]:
        # A paper with letters that its font lacks is refused with a sentence, and so is one whose own check finds words that are none.
        if not (before[1] == "application/pdf" and after[0] == 409):
            yield f"jawaban {after[0]} {after[1]}, seharusnya {before[0]} {before[1]}"
        return
    if re.search(r"[\r\n]", after[3]) or "Set-Cookie" in after[3].split(";")[0]:
        yield "nama berkas memuat baris baru"
    if after[1] == "text/html":
        yield from _page(before[2].decode(), after[2].decode(), was, now)
    elif after[1] == "application/pdf" and before[2].count(b"endobj"):
        yield from _paper(before[2], after[2], was)
    elif after[1] == "text/csv":
        yield from _cells(csv.reader(io.StringIO(after[2].decode("utf-8-sig"))))
    elif after[1].endswith("sheet"):
        yield from _sheet(after[2])


def _page(before: str, after: str, was: dict[str, str], now: dict[str, str]) -> Iterator[str]:
    one, two = Page(before), Page(after)
    if one.bones != two.bones:
        place = next((n for n, pair in enumerate(zip(one.bones, two.bones, strict=False)) if pair[0] != pair[1]), min(len(one.bones), len(two.bones)))
        yield f"susunan halaman berbeda di {two.bones[place : place + 2]}, seharusnya {one.bones[place : place + 2]}"
    yield from two.strays()
    for name, plain in was.items():
        shown, wanted = two.text.count(" ".join(now[name].split())), one.text.count(plain)
        if wanted and not shown and mark_of(plain) in two.text and not _cut(name, now[name]):
            yield f"{name} tidak tampil utuh"
        if wanted and mark_of(plain) not in two.text and not _cut(name, now[name]):
            yield f"{name} hilang"


def _cut(name: str, words: str) -> bool:
    """Did the column hold only a part of the words?"""
    table, column = name.split(".")
    longest = Base.metadata.tables[table].columns[column].type.length  # type: ignore[attr-defined]
    return longest is not None and len(words) > longest


def mark_of(plain: str) -> str:
    return plain.split()[0]


def _paper(before: bytes, after: bytes, was: dict[str, str]) -> Iterator[str]:
    text, plain = _text(after), _text(before)
    if "kenari di dalam tambang" in text:
        yield "berkas kenari terbaca"
    for each in was.values():
        if mark_of(each).upper() in plain and mark_of(each).upper() not in text:
            yield f"{each} hilang dari naskah"
    with pikepdf.open(io.BytesIO(after)) as pdf:
        for each in pdf.objects:
            if isinstance(each, pikepdf.Dictionary) and each.get("/S") in ("/URI", "/Launch", "/JavaScript", "/GoToR", "/SubmitForm"):
                yield f"naskah memuat tindakan {each.get('/S')}"


def _text(content: bytes) -> str:
    with pypdfium2.PdfDocument(content) as pdf:
        return "".join("".join(each.get_textpage().get_text_range().split()) for each in pdf).upper()


def _cells(rows: Any) -> Iterator[str]:
    for row in rows:
        yield from (f"rumus {each[:20]!r}" for each in row if each[:1] in ("=", "+", "-", "@", "\t", "\r") and not re.fullmatch(r"-?[\d.]+", each))


def _sheet(content: bytes) -> Iterator[str]:
    try:
        book = ZipFile(io.BytesIO(content))
    except BadZipFile:
        yield "bukan lembar kerja"
        return
    with book:
        for each in book.namelist():
            part = b"" if each.startswith("docProps/") else book.read(each)  # what wrote it, and whether it says "HyperlinksChanged"
            if b"<f>" in part or b"<f " in part or b"hyperlink" in part.lower().replace(b"=hyperlink", b"") or b"externalLink" in part:
                yield f"{each} memuat rumus atau tautan"


# --- sending ---


def _forms(made: Installation, forms: list[Form], words: str, looked: Counter) -> list[str]:
    """Every form that a role can reach, with hostile words in every field where people write."""
    failures = []
    with made.app() as app:
        _quiet(app)
        clerks = {role: Clerk(app, _login(role)) for role in ROLES}
        for role, url, fields in forms:
            failures += _sent(clerks[role], role, url, fields, words)
            looked["forms"] += 1
        failures += [f"{name} menyimpan {length} huruf" for name, length in _longest() if length > LONGEST]
        failures += [f"{name} menyimpan tanda yang tidak tampak" for name in _unseen()]
        _close(app)
    return failures


def _forms_of(app: Flask, found: Answers) -> Iterator[Form]:
    """Each kind of form once per role."""
    done: set[str] = set()
    for (role, url), (_, mimetype, content, _) in found.items():
        for form in Page(content.decode()).forms if mimetype == "text/html" else ():
            target = form["action"] or url
            key = f"{role} {_kind(app, target)} {sorted(form['fields'])}"
            if form["method"] == "post" and key not in done and not NOT_FOLLOWED.match(target) and not target.startswith("/sesi"):
                done.add(key)
                yield role, target, form["fields"]


def _sent(clerk: Clerk, role: str, url: str, fields: dict[str, tuple[str, str]], words: str) -> Iterator[str]:
    body = {name: words if kind in ("text", "textarea", "search", "tel", "email") else value for name, (kind, value) in fields.items() if name not in ("csrf_token", "once")}
    begun = time.monotonic()
    answer = clerk.post(url, body)
    if answer.status_code >= 500:
        yield f"{role} POST {url} dengan {words[:12]!r}: {answer.status_code}"
    if time.monotonic() - begun > patience():
        yield f"{role} POST {url} dengan {words[:12]!r}: {time.monotonic() - begun:.0f} detik"
    if answer.mimetype == "text/html":
        yield from (f"{role} POST {url}: {each}" for each in Page(answer.get_data(as_text=True)).strays())
    if "Set-Cookie: a=b" in str(answer.headers):
        yield f"{role} POST {url}: tajuk disisipi"


def _longest() -> Iterator[tuple[str, int]]:
    db.session.rollback()
    for table in Base.metadata.tables.values():
        for column in table.columns:
            if isinstance(column.type, String | Text) and column.name not in ("charges", "inputs", "detail", "chosen", "left_out"):
                yield f"{table.name}.{column.name}", db.session.scalar(select(func.max(func.length(column)))) or 0


def _unseen() -> Iterator[str]:
    for table in Base.metadata.tables.values():
        for column in table.columns:
            if isinstance(column.type, String | Text) and db.session.scalar(select(func.count()).select_from(table).where(column.contains("\u202e") | column.contains("\u200b"))):
                yield f"{table.name}.{column.name}"


def _limits(looked: Counter, long: tuple[str, ...], seconds: int) -> list[str]:
    """A million letters for the press: it prints or says why not, in time, and goes on."""
    from dataclasses import replace

    from letters import kind
    from letters.frozen import dump
    from letters.marks import Preview

    letter, failures = kind("surat_pengantar").SAMPLE, []
    with Press(seconds=int(seconds * patience() / PATIENCE)) as press:
        for words in long:
            begun = time.monotonic()
            try:
                press.print("surat_pengantar", dump(replace(letter, village=replace(letter.village, name=words))), Preview())
            except PressStopped:
                looked["stopped"] += 1
            if time.monotonic() - begun > patience() + 10:
                failures.append(f"mesin cetak menahan {time.monotonic() - begun:.0f} detik")
            looked["papers"] += 1
        if not press.print("surat_pengantar", dump(letter), Preview()).startswith(b"%PDF-"):
            failures.append("mesin cetak tidak pulih")
    return failures


# --- control ---


def control(lab: Lab, seed: int) -> Found:
    canary, failures = Canary(lab.folder), []
    try:
        words = {name: canary.words(WORDS[place % len(WORDS)], place) for place, name in enumerate(_columns())}
        with _filled(lab, words).app() as app:
            app.jinja_env.autoescape = False  # broken on purpose
            page = Clerk(app, "legal").get(f"/perjanjian/{BIALO}-2026/peserta")
            failures += Page(page.get_data(as_text=True)).strays()
        escaped = len(failures)
        failures += _fetched(canary)
        return Found(2, failures if escaped and canary.asked else [], {"unescaped": escaped, "fetched": len(canary.asked)})
    finally:
        canary.close()


def _fetched(canary: Canary) -> list[str]:
    """A press that fetches what it is told, in a process of its own."""
    import subprocess
    import sys

    told = f"import weasyprint; weasyprint.HTML(string='<img src=http://127.0.0.1:{canary.server.server_port}/a>').write_pdf()"
    subprocess.run([sys.executable, "-c", told], capture_output=True, timeout=120)
    return [f"diambil {each}" for each in canary.asked]


if __name__ == "__main__":
    run("e13")
