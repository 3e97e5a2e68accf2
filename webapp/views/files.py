"""Hands out a stored file as it was received; a file that is gone or altered says so and is logged."""

from __future__ import annotations

import logging

from flask import Blueprint, Response, abort, render_template, url_for

from ..access import needs
from ..acting import acting, me
from ..db import db
from ..doors import commit_once
from ..errors import page
from ..handing_out import note_file, noted_file
from ..models import StoredFile, expedition
from ..models.budgets import is_budget_evidence
from ..storage import MissingFile
from ..uploads import storage

bp = Blueprint("files", __name__)
log = logging.getLogger("sinergi.files")


@bp.get("/berkas/<file:file>")
@needs("files.see")
def show(file: StoredFile):
    """The bytes, never opened by the browser in our name. A village says first that it takes its signed annex."""
    if me().role == "camat" and not is_budget_evidence(db.session, file):
        abort(403)
    waits = expedition.awaiting(db.session, file) if me().role == "village" else None
    if waits:
        return render_template("expedition/take.html", file=file, entry=waits)
    answer = _bytes(file)
    noted_file(file)
    return answer


@bp.post("/berkas/<file:file>/terima")
@needs("home.see")
def take(file: StoredFile):
    """The village takes its signed annex: the download is the receipt, the first time. A file that cannot be read is not received."""
    answer = _bytes(file)
    expedition.downloaded(db.session, file, **acting())
    note_file(file)
    commit_once(url_for("files.show", file=file))
    return answer


def _bytes(file: StoredFile) -> Response:
    response = Response(storage().get(file.sha256), mimetype=file.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=file.name)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@bp.app_errorhandler(MissingFile)
def missing(error: MissingFile):
    """The store lost or changed it: our fault, and nobody else's."""
    log.error("missing file: %s", error)
    return page(500, "Berkas tidak dapat dibuka", "Berkas ini hilang dari penyimpanan atau isinya berubah. Laporkan kepada administrator; cadangan dapat memulihkannya.")
