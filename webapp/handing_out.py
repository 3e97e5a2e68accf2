"""Lists of people that leave the service, or papers that carry one: noted in the trail before they go, in a transaction of its own, for their pages only look."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from . import clock
from .acting import me
from .db import begin_writing, db
from .models import Agreement, Letter, Signature, StoredFile, audit
from .models.sightings import note

# Papers that name people with their whole NIK.
WITH_NIK = ("lampiran_peserta", "paket_desa", "adendum")


def noted(agreement: Agreement, action: str, **detail: Any) -> None:
    """Somebody takes a list; nothing of it is read before this stands in the trail."""
    begin_writing()
    note(agreement, action, me(), clock.now(), **detail)
    db.session.commit()


def noted_letter(letter: Letter) -> None:
    """Somebody downloads a paper; one that names nobody is not noted."""
    agreement = db.session.get(Agreement, letter.agreement_id) if letter.agreement_id else None
    if agreement is not None and letter.kind in WITH_NIK:
        noted(agreement, "letter.downloaded", letter=letter.id, kind=letter.kind, title=letter.title, version=version_on(agreement, letter))


def noted_preview(agreement: Agreement, slug: str, title: str) -> None:
    """Somebody looks at a draft of a paper with people in it."""
    pinned = agreement.versions[-1] if slug == "adendum" and agreement.versions else agreement.roster_version
    if slug in WITH_NIK and pinned is not None:
        noted(agreement, "letter.previewed", kind=slug, title=title, version=pinned.number)


def version_on(agreement: Agreement, letter: Letter) -> int | None:
    """The number of the frozen list that a paper carries: its own for an adendum, else the newest before signing that was there when it was drawn up."""
    if letter.kind == "adendum":
        return int(letter.frozen_facts()["version"])
    amended = {each.version_id for each in agreement.amendments}
    pinned = [each.number for each in agreement.versions if each.id not in amended and each.at <= letter.reserved_at]
    return pinned[-1] if pinned else None


def noted_file(file: StoredFile) -> None:
    """Somebody downloads a file; one that is no signed annex is not noted."""
    if agreement := _annexed(file):
        noted(agreement, "file.downloaded", **_what(file, agreement))


def note_file(file: StoredFile) -> None:
    """The same within the transaction that is in hand."""
    if agreement := _annexed(file):
        note(agreement, "file.downloaded", me(), clock.now(), **_what(file, agreement))


def _annexed(file: StoredFile) -> Agreement | None:
    of = select(Signature.agreement_id).where(Signature.file_id == file.id, Signature.signer == "annex").limit(1)
    return db.session.get(Agreement, db.session.scalar(of) or 0)


def _what(file: StoredFile, agreement: Agreement) -> dict[str, Any]:
    version = {"version": agreement.roster_version.number} if agreement.roster_version else {}
    return {"file": file.id, "title": "Lampiran bertanda tangan"} | version


def noted_event(action: str, object_: str, village_code: str | None = None, **detail: Any) -> None:
    """The same for what belongs to no agreement."""
    begin_writing()
    audit.record(db.session, action, object_, actor=me().login, at=clock.now(), village_code=village_code, **detail)
    db.session.commit()
