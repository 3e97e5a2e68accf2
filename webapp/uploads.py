"""Takes uploaded files in: read by a killable child, stored before any row, kept across a form that must be corrected (T5, T11)."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from flask import current_app, g, request
from flask_login import current_user
from itsdangerous import BadSignature, URLSafeSerializer

from . import clock, discreet
from .db import db
from .models import StoredFile
from .storage import FileStore

CHILD = Path(__file__).with_name("upload_child.py")
SECONDS = 60
LARGEST = 25 * 1024 * 1024
MOST_PAGES = 40


class BadUpload(Exception):
    """The file is not accepted; the message says what to do."""


@dataclass(frozen=True)
class Received:
    """A file that lies in the store but belongs to no row yet."""

    sha256: str
    size: int
    media_type: str
    name: str


@dataclass(frozen=True)
class Evidence:
    """What a form field received: the originals as sent and, for photos or several files, the one PDF made of them."""

    originals: tuple[Received, ...]
    whole: Received | None


def storage() -> FileStore:
    """The file store of this installation."""
    return current_app.extensions["storage"]


def receive() -> None:
    """Take in every file of this request and those kept from the try before; ``g.evidence`` and ``g.upload_errors`` hold the outcome by field."""
    g.evidence, g.upload_errors = {}, {}
    fields = set(request.files) | {name.removesuffix("_kept") for name in request.form if name.endswith("_kept")}
    for field in sorted(fields):
        kept = _kept(field)
        try:
            new = [_take(file.read(), file.filename or "berkas") for file in request.files.getlist(field) if file.filename]
            if len(kept) + len(new) > MOST_PAGES:
                raise BadUpload(f"Paling banyak {MOST_PAGES} berkas sekali kirim.")
        except BadUpload as error:
            g.upload_errors[field] = str(error)
            g.evidence[field] = Evidence(tuple(kept), None)
            continue
        _finish(field, tuple(kept) + tuple(new))


def _finish(field: str, originals: tuple[Received, ...]) -> None:
    if not originals:
        return
    whole = originals[0] if len(originals) == 1 and originals[0].media_type == "application/pdf" else None
    if whole is None and "more" not in request.form:
        contents = [storage().get(each.sha256) for each in originals]
        _, merged = _child("merge", contents)
        whole = Received(storage().put(merged), len(merged), "application/pdf", _pdf_name(originals[0].name))
    g.evidence[field] = Evidence(originals, whole)


def _take(content: bytes, name: str) -> Received:
    media_type = checked(content, name)
    return Received(storage().put(content), len(content), media_type, safe_name(name))


def checked(content: bytes, name: str) -> str:
    """The media type of a file that may come in; nothing is stored. Raises BadUpload."""
    if not content:
        raise BadUpload(f"{safe_name(name)}: berkas ini kosong. Unggah sekali lagi.")
    if len(content) > LARGEST:
        raise BadUpload(f"{safe_name(name)}: lebih besar dari 25 MB. Kecilkan dahulu, lalu unggah lagi.")
    answer, _ = _child("check", [content], safe_name(name))
    return answer["types"][0]


def _child(do: str, contents: Sequence[bytes], name: str = "") -> tuple[dict, bytes]:
    job = json.dumps({"do": do, "sizes": [len(each) for each in contents]}).encode() + b"\n" + b"".join(contents)
    try:
        run = subprocess.run([sys.executable, "-I", str(CHILD)], input=job, capture_output=True, timeout=SECONDS, check=True)
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        raise BadUpload(f"{name or 'Berkas'}: tidak dapat dibaca. Simpan atau pindai sekali lagi, lalu unggah lagi.") from error
    head, _, body = run.stdout.partition(b"\n")
    answer = json.loads(head)
    if "refused" in answer:
        raise BadUpload(f"{name}: {answer['refused']}" if name else answer["refused"])
    return answer, body


def safe_name(name: str) -> str:
    """The file's name without folders and odd characters, at most 100 long; digits of a NIK do not stay in it."""
    last = re.split(r"[\\/]", name)[-1]
    plain = re.sub(r"[^\w .()-]", "_", discreet.masked(last, "nik")).strip(" .") or "berkas"
    return re.sub(r"\d{16}", "nik", plain)[-100:]


def _pdf_name(name: str) -> str:
    return Path(name).stem[:90] + ".pdf"


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=f"kept-{current_user.id}")


def keep_token(field: str) -> str:
    """A signed list of the field's files for a hidden input, so that nothing is sent twice over a bad line."""
    evidence: Evidence | None = g.get("evidence", {}).get(field)
    return _signer().dumps([asdict(each) for each in evidence.originals]) if evidence and evidence.originals else ""


def _kept(field: str) -> list[Received]:
    token = request.form.get(f"{field}_kept", "")
    try:
        return [Received(**each) for each in _signer().loads(token)] if token else []
    except (BadSignature, TypeError):
        return []


def received(field: str) -> Evidence | None:
    """What the field received in this request."""
    return g.get("evidence", {}).get(field)


def keep(field: str, village_code: str) -> StoredFile:
    """Rows for the field's files: the PDF that serves as evidence, and behind it the originals as they were sent. Raises BadUpload."""
    evidence = received(field)
    if evidence is None or evidence.whole is None:
        raise BadUpload("Pilih berkasnya dahulu.")
    whole = _row(evidence.whole, village_code)
    db.session.add(whole)
    db.session.flush()
    for each in evidence.originals:
        if each != evidence.whole:
            db.session.add(_row(each, village_code, whole.id))
    return whole


def _row(each: Received, village_code: str, original_of: int | None = None) -> StoredFile:
    return StoredFile(**asdict(each), village_code=village_code, original_of_id=original_of, by_id=current_user.id, at=clock.now())
