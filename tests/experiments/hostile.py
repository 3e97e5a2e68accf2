"""Words that want to be more than words, a place to notice when somebody obeys them, and a reader that sees what a page is made of."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from sqlalchemy import String, Text, event
from sqlalchemy.orm import Session

# {m} is a mark by which the words are found again, {url} the place that must never be asked, {file} a file that must never be read.
WORDS = (
    "{m}<script src={url}></script>",
    '{m}"><img src={url} onerror=alert(1)>',
    "{m}' onmouseover='alert(1)' x='",
    "</title></textarea></select>{m}<h1>palsu</h1>",
    "{m}<style>@import url({url});</style>",
    "<link rel=stylesheet href={url}>{m}",
    '<iframe src="{file}"></iframe>{m}',
    "{m};background:url({url});",
    "url({file}){m}",
    "javascript:alert('{m}')",
    "{m}{{{{ 7*7 }}}}{{% include 'base.html' %}}",
    "[[nama_desa]]{m}[[#jika x]]",
    '=HYPERLINK("{url}";"{m}")',
    "+1+1 {m}",
    "@SUM(1) {m}",
    "-2+3 {m}",
    "=cmd|' /C calc'!A0 {m}",
    "{m}&lt;b&gt;&amp;&#60;",
    "{m}\\..\\../../etc/passwd%00%0d%0aSet-Cookie: a=b",
    "{m}--><!-- ]]> */ //",
    "'); DROP TABLE letters; -- {m}",
    "<a href='{url}'>{m}</a>",
    "<svg/onload=alert(1)>{m}",
    "{m}<base href={url}>",
)
# Columns that hold what people wrote; codes, slugs and hashes are none.
SAID = frozenset({
    "name", "job", "about", "place", "reason", "title", "address", "above", "contact", "phone", "email", "website", "note", "kesatu", "kedua", "head",
    "mandate_by", "mandate_number", "decree_by", "decree_number", "citation", "regulation", "article", "source", "recipient", "carrier", "received_by",
    "through", "order_by", "order_number", "rank", "cleared_reason", "addressee", "void_reason", "problem", "number_kedua", "seat",
})  # fmt: skip
NEVER = frozenset({("series", "name"), ("deeds", "location")})


def mark(place: int) -> str:
    """Letters alone, so that it survives capitals and formulas."""
    return "Zq" + "".join(chr(ord("a") + int(each)) for each in f"{place:03}") + "x"


class Canary:
    """A server on the loopback that must stay alone, and a file whose words must not turn up."""

    def __init__(self, folder: Path) -> None:
        self.asked: list[str] = []
        asked = self.asked

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                self.send_response(404)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.file = folder / "kenari.txt"
        self.file.write_text("kenari di dalam tambang", encoding="utf-8")

    def words(self, template: str, place: int) -> str:
        return template.format(m=mark(place), url=f"http://127.0.0.1:{self.server.server_port}/a", file=self.file.as_uri())

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@contextmanager
def saying(words: dict[str, str]) -> Iterator[None]:
    """Whatever is stored meanwhile in a column that holds what people wrote says ``words[table.column]``, as long as the column allows."""

    def before_flush(session: Session, *_: Any) -> None:
        for row in session.new:
            for column in row.__table__.columns:
                name = f"{column.table.name}.{column.name}"
                if column.name in SAID and isinstance(column.type, String | Text) and (column.table.name, column.name) not in NEVER and getattr(row, column.name, None):
                    setattr(row, column.name, words[name][: column.type.length])

    event.listen(Session, "before_flush", before_flush)
    try:
        yield
    finally:
        event.remove(Session, "before_flush", before_flush)


class Page(HTMLParser):
    """A page as a browser takes it apart: its bones, and the words between and in them."""

    DANGEROUS = frozenset({"script", "style", "iframe", "object", "embed", "base", "link", "meta"})

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.bones: list[tuple[str, tuple[str, ...]]] = []
        self.words: list[str] = []
        self.addresses: Counter[str] = Counter()
        self.forms: list[dict[str, Any]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        self.bones.append((tag, tuple(sorted(told))))
        self.words += told.values()
        for name in ("href", "src", "action", "formaction", "data", "poster", "srcdoc"):
            if name in told:
                self.addresses[f"{tag} {told[name]}"] += 1
        self._form(tag, told)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def _form(self, tag: str, told: dict[str, str]) -> None:
        if tag == "form":
            self.forms.append({"method": told.get("method", "get").lower(), "action": told.get("action", ""), "fields": {}})
        elif self.forms and tag in ("input", "textarea", "select", "option") and (told.get("name") or tag == "option"):
            fields = self.forms[-1]["fields"]
            if tag == "option":
                last = next(reversed(fields), None)
                if last and fields[last][0] == "select" and not fields[last][1]:
                    fields[last] = ("select", told.get("value", ""))
            elif told.get("type") not in ("checkbox", "file", "submit") and told["name"] not in fields:
                fields[told["name"]] = (told.get("type", "text") if tag == "input" else tag, told.get("value", ""))

    @property
    def text(self) -> str:
        """All words, single spaces."""
        return " ".join(" ".join(self.words).split())

    def strays(self) -> list[str]:
        """What no page of ours has: a script or style of its own, a handler, an address elsewhere."""
        found = [f"<{tag} {names}>" for tag, names in self.bones if any(each.startswith("on") for each in names) or "style" in names]
        found += [f"<{tag}>" for tag, names in self.bones if tag in ("style", "iframe", "object", "embed", "base", "svg:script") or (tag == "script" and "src" not in names)]
        return found + [each for each in self.addresses if not each.split(" ", 1)[1].startswith(("/", "#", "?", "data:image/", "https://wa.me/")) and each.split(" ", 1)[1]]
