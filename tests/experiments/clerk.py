"""Somebody at a desk: signed in without the cost of a password, sends forms through the whole door (CSRF, key of the form, lock, act, commit)."""

from __future__ import annotations

import http.client
import secrets
import time
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask, session
from flask_wtf.csrf import generate_csrf
from itsdangerous import URLSafeSerializer

from tests.builders import NOW_, user
from webapp import clock
from webapp.db import begin_writing, db, set_scope
from webapp.login import open_session
from webapp.uploads import Received, storage

SCAN = b"%PDF-1.4 contoh pindaian"
_START = time.monotonic()


def now():
    """Time goes on, from the same day in every run."""
    return NOW_ + timedelta(seconds=time.monotonic() - _START)


def opened_session(app: Flask, login: str, at: datetime | None = None) -> dict[str, Any]:
    """What the cookie of somebody who has signed in holds."""
    with app.app_context(), app.test_request_context(), clock.at(at or now()):
        set_scope("")
        begin_writing()
        open_session(user(login), "127.0.0.1")
        db.session.commit()
        return {"csrf": generate_csrf(), "cookie": dict(session)}


def kept(app: Flask, login: str, content: bytes = SCAN) -> str:
    """A file that the service has received already, as the hidden input of a form names it; so no child reads it once more."""
    with app.app_context(), clock.at(now()):
        set_scope("")
        received = Received(storage().put(content), len(content), "application/pdf", "pindaian.pdf")
        return str(URLSafeSerializer(app.config["SECRET_KEY"], salt=f"kept-{user(login).id}").dumps([asdict(received)]))


class Clerk:
    """A client with a session."""

    def __init__(self, app: Flask, login: str) -> None:
        self.app, self.client = app, app.test_client()
        opened = opened_session(app, login)
        self.csrf, self.login = opened["csrf"], login
        with self.client.session_transaction() as cookie:
            cookie.update(opened["cookie"])

    def post(self, url: str, data: dict[str, Any] | None = None, once: str | None = None, **kwargs: Any) -> Any:
        """Send a form."""
        body = {"csrf_token": self.csrf, "once": secrets.token_urlsafe(16) if once is None else once} | (data or {})
        with self.app.app_context(), clock.at(now()):
            return self.client.post(url, data=body, **kwargs)

    def get(self, url: str) -> Any:
        """Open a page."""
        with self.app.app_context(), clock.at(now()):
            return self.client.get(url)


class Browser:
    """The same over the wire, to a service that runs in a process of its own: by its clock, one connection per request."""

    def __init__(self, app: Flask, login: str) -> None:
        opened = opened_session(app, login, datetime.now(UTC))
        self.csrf = opened["csrf"]
        with app.app_context():
            client = app.test_client()
            with client.session_transaction() as cookie:
                cookie.update(opened["cookie"])
        self.cookie = "sinergi=" + client.get_cookie("sinergi").value  # type: ignore[union-attr]

    def request(self, url: str, data: dict[str, str], once: str, file: tuple[str, bytes] | None = None) -> tuple[str, bytes, dict[str, str]]:
        """Method's target, body and headers of a form with its key."""
        fields = {"csrf_token": self.csrf, "once": once} | data
        border = "batas" + secrets.token_hex(8)
        parts = [f'--{border}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode() for name, value in fields.items()]
        if file:
            head = f'--{border}\r\nContent-Disposition: form-data; name="{file[0]}"; filename="pindaian.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
            parts.append(head.encode() + file[1] + b"\r\n")
        body = b"".join(parts) + f"--{border}--\r\n".encode()
        return url, body, {"Cookie": self.cookie, "Content-Type": f"multipart/form-data; boundary={border}"}

    def post(self, port: int, url: str, data: dict[str, str], once: str, file: tuple[str, bytes] | None = None) -> tuple[int, str]:
        """Status and where it leads. Raises OSError or HTTPException when no whole answer came."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        try:
            target, body, headers = self.request(url, data, once, file)
            connection.request("POST", target, body, headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status, answer.headers.get("Location", "")
        finally:
            connection.close()

    def send(self, port: int, url: str, data: dict[str, str], once: str, file: tuple[str, bytes] | None = None) -> http.client.HTTPConnection:
        """Send it and wait for nothing; the caller cuts the line."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        target, body, headers = self.request(url, data, once, file)
        connection.request("POST", target, body, headers)
        return connection
