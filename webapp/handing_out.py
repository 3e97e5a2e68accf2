"""Lists of people that leave the service, or papers that carry one: noted in the trail before they go, in a transaction of its own, for their pages only look."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, or_, select

from . import clock
from .acting import me
from .db import begin_writing, db
from .models import Agreement, Letter, PrintSet, Scan, ScanPage, Signature, StoredFile, audit
from .models.sightings import WITH_NIK, note, version_on


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


def noted_print_set(row: PrintSet) -> None:
    """Somebody downloads the originals of many villages; the event names the papers with people in them."""
    wanted = (Letter.id.in_({each["letter"] for each in row.originals}), Letter.kind.in_(WITH_NIK))
    letters = list(db.session.scalars(select(Letter.id).where(*wanted).order_by(Letter.id)))
    if letters:
        noted_event("print_set.downloaded", f"print_set:{row.id}", letters=letters)


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
    return db.session.get(Agreement, db.session.scalar(of) or db.session.scalar(_photographed(file)) or 0)


def _photographed(file: StoredFile) -> Select[tuple[int]]:
    """The agreement whose list is on a photographed page, or may be: its code was not read."""
    pages = select(Scan.agreement_id).join(ScanPage, ScanPage.scan_id == Scan.id).outerjoin(Letter, Letter.id == ScanPage.letter_id)
    mine = or_(ScanPage.original_id == file.id, ScanPage.picture_id == file.id)
    return pages.where(mine, Scan.paper == "lampiran", or_(Letter.id.is_(None), Letter.kind.in_(WITH_NIK))).limit(1)


def _what(file: StoredFile, agreement: Agreement) -> dict[str, Any]:
    version = {"version": agreement.roster_version.number} if agreement.roster_version else {}
    return {"file": file.id, "title": "Lampiran bertanda tangan"} | version


def noted_event(action: str, object_: str, village_code: str | None = None, **detail: Any) -> None:
    """The same for what belongs to no agreement."""
    begin_writing()
    audit.record(db.session, action, object_, actor=me().login, at=clock.now(), village_code=village_code, **detail)
    db.session.commit()
