"""Hands out a stored file as it was received; a file that is gone or altered says so and is logged."""

from __future__ import annotations

import logging

from flask import Blueprint, Response, abort

from ..access import needs
from ..acting import me
from ..db import db
from ..errors import page
from ..models import StoredFile
from ..models.budgets import is_budget_evidence
from ..storage import MissingFile
from ..uploads import storage

bp = Blueprint("files", __name__)
log = logging.getLogger("sinergi.files")


@bp.get("/berkas/<file:file>")
@needs("files.see")
def show(file: StoredFile):
    """The bytes, never opened by the browser in our name."""
    if me().role == "camat" and not is_budget_evidence(db.session, file):
        abort(403)
    response = Response(storage().get(file.sha256), mimetype=file.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=file.name)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@bp.app_errorhandler(MissingFile)
def missing(error: MissingFile):
    """The store lost or changed it: our fault, and nobody else's."""
    log.error("missing file: %s", error)
    return page(500, "Berkas tidak dapat dibuka", "Berkas ini hilang dari penyimpanan atau isinya berubah. Laporkan kepada administrator; cadangan dapat memulihkannya.")
