"""Logs for operators, with a request id, and without anybody's NIK: any 16 digits are masked before they are written."""

from __future__ import annotations

import logging
import re
import secrets

from flask import Flask, g, has_request_context

from .discreet import masked

_SIXTEEN = re.compile(r"(?<!\d)(\d{6})\d{6}(\d{4})(?!\d)")


class Discreet(logging.Formatter):
    """Formats a record and masks every 16 digits in it, tracebacks included (T10)."""

    def format(self, record: logging.LogRecord) -> str:
        record.request_id = g.get("request_id", "-") if has_request_context() else "-"
        return _SIXTEEN.sub(r"\1xxxxxx\2", masked(super().format(record)))


def init_logs(app: Flask) -> None:
    """One handler on stderr for everything that is ours, and an id for every request."""
    logger = logging.getLogger("sinergi")
    if not logger.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(Discreet("%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"))
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        logger.propagate = False
        logging.getLogger("sinergi.scope").setLevel(logging.WARNING)

    @app.before_request
    def _name_request() -> None:
        g.request_id = secrets.token_hex(4)
