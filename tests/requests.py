"""A person with a browser: opens pages, fills in the forms that he really sees."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from flask.testing import FlaskClient

INPUT = re.compile(r"<input\b[^>]*>", re.IGNORECASE)
DESA = re.compile(r"\b\d\d\.\d\d\.\d\d\.2\d{3}\b")
ATTRIBUTE = re.compile(r'([\w-]+)\s*=\s*"([^"]*)"')


class Person:
    """Wraps a test client with what a browser does by itself: hidden inputs of the page last seen go along with a form."""

    def __init__(self, client: FlaskClient, scope: str = "") -> None:
        self.client = client
        self.page = ""
        self.scope = scope  # the code prefix of what this person may see; every answer is watched for others

    def watch(self, response: Any) -> None:
        """No answer to this person holds the code of a village outside his scope."""
        if not self.scope:
            return
        strangers = {code for code in DESA.findall(response.get_data().decode("utf-8", "replace")) if not code.startswith(self.scope)}
        assert not strangers, f"{response.request.path} shows {strangers} to {self.scope}"

    def get(self, url: str, **kwargs: Any):
        """Open a page."""
        with self.client.application.app_context():  # a request of its own: nothing left over in ``g``, a session of its own
            response = self.client.get(url, **kwargs)
        self.watch(response)
        if response.mimetype == "text/html":
            self.page = response.get_data(as_text=True)
        return response

    def hidden(self, name: str) -> str:
        """The value of a hidden input of the page last seen."""
        for tag in INPUT.findall(self.page):
            found = dict(ATTRIBUTE.findall(tag))
            if found.get("name") == name:
                return unescape(found.get("value", ""))
        return ""

    def post(self, url: str, data: dict[str, Any] | None = None, *, seen: str | None = None, **kwargs: Any):
        """Send a form. ``seen`` is the page that it stands on (default: the last one, or ``url`` itself)."""
        if seen is not None or not self.hidden("csrf_token"):
            self.get(seen or url)
        if not self.hidden("csrf_token"):
            self.get("/kata-sandi")
        body = {"csrf_token": self.hidden("csrf_token"), "once": self.hidden("once")} | (data or {})
        with self.client.application.app_context():
            response = self.client.post(url, data={k: v for k, v in body.items() if v is not None}, **kwargs)
        self.watch(response)
        self.page = response.get_data(as_text=True) if response.mimetype == "text/html" and response.status_code != 303 else ""
        return response

    def sign_in(self, login: str, password: str):
        """Through the login page."""
        return self.post("/masuk", {"login": login, "password": password}, seen="/masuk")
