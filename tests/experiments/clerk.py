"""Somebody at a desk: signed in without the cost of a password, sends forms through the whole door (CSRF, key of the form, lock, act, commit)."""

from __future__ import annotations

import secrets
import time
from dataclasses import asdict
from datetime import timedelta
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


def opened_session(app: Flask, login: str) -> dict[str, Any]:
    """What the cookie of somebody who has signed in holds."""
    with app.app_context(), app.test_request_context(), clock.at(now()):
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
