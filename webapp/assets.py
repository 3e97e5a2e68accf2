"""Styles and scripts, served by ourselves: compressed once, named by their hash, kept by the browser for a year."""

from __future__ import annotations

import gzip
import hashlib
from functools import cache
from pathlib import Path

import flask_bootstrap
from flask import Flask, abort, make_response, request, url_for
from werkzeug.wrappers import Response

from .access import public

HERE = Path(__file__).parent / "static"
_BOOTSTRAP = Path(flask_bootstrap.__file__).parent / "static" / "bootstrap5"
ASSETS = {
    "bootstrap.css": (_BOOTSTRAP / "css" / "bootstrap.min.css", "text/css"),
    "sinergi.css": (HERE / "sinergi.css", "text/css"),
    "sinergi.js": (HERE / "sinergi.js", "text/javascript"),
    "lambang.svg": (HERE / "lambang.svg", "image/svg+xml"),
}
SMALLEST = 1024


@cache
def _loaded(name: str) -> tuple[bytes, bytes, str, str]:
    path, media_type = ASSETS[name]
    plain = path.read_bytes()
    if name == "bootstrap.css":
        plain = plain.split(b"/*# sourceMappingURL")[0]
    return plain, gzip.compress(plain, 9, mtime=0), media_type, hashlib.sha256(plain).hexdigest()[:12]


def asset_url(name: str) -> str:
    """The address of an asset, new whenever its content is."""
    return url_for("assets.show", digest=_loaded(name)[3], name=name)


@public
def show(digest: str, name: str) -> Response:
    """One asset."""
    if name not in ASSETS or digest != _loaded(name)[3]:
        abort(404)
    plain, packed, media_type, _ = _loaded(name)
    zipped = "gzip" in request.headers.get("Accept-Encoding", "")
    response = make_response(packed if zipped else plain)
    response.headers["Content-Type"] = f"{media_type}; charset=utf-8"
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["Vary"] = "Accept-Encoding"
    if zipped:
        response.headers["Content-Encoding"] = "gzip"
    return response


def _squeeze(response: Response) -> Response:
    """Pages travel compressed: a village's line is thin."""
    if (
        response.mimetype != "text/html"
        or response.direct_passthrough
        or response.content_length is None
        or response.content_length < SMALLEST
        or "gzip" not in request.headers.get("Accept-Encoding", "")
    ):
        return response
    response.set_data(gzip.compress(response.get_data(), 6))
    response.headers["Content-Encoding"] = "gzip"
    response.headers.add("Vary", "Accept-Encoding")
    return response


def init_assets(app: Flask) -> None:
    """Install the address and the compression."""
    app.add_url_rule("/aset/<digest>/<name>", "assets.show", show)
    app.after_request(_squeeze)
    app.jinja_env.globals["asset_url"] = asset_url
