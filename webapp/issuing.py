"""Numbers a paper and prints it: reserve (number, token, frozen facts) — print in a child — store — issue. A retry keeps the number (T4, T12)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import current_app
from sqlalchemy import select

from letters import Kind
from letters import kind as kind_of
from letters.frozen import dump, facts_digest
from letters.openings import faults, open_fields
from letters.press import Press, Preview, Printout
from workflows import NotYet, Open, Refused
from workflows.deadlines import add_working_days
from workflows.stages.draft import is_signed

from . import clock
from .db import db
from .heads import refuse_when_older
from .models import Accord, Agreement, Holiday, Installation, Letter, Office, User, audit
from .models.amending import standing_adendum
from .models.letters import new_token, newest_version, reserve_number
from .papers import Order, draw_up, open_needs
from .papers.paket_desa import PARTS, all_issued
from .uploads import storage

REPLY_DAYS = 10  # working days until the village answers a letter
ONE_EACH = (
    "perjanjian_desa", "lampiran_peserta", "lampiran_iuran", "paket_desa", "surat_pernyataan", "keputusan_kepala_desa", "permohonan_pendaftaran",
    "perjanjian_kerja_sama",
)  # fmt: skip

CARRIED = ("lampiran_peserta", "lampiran_iuran", "paket_desa")  # papers under the number of their agreement
FALLING = (*CARRIED, "adendum")  # papers that mean nothing without it

About = Agreement | Accord | Office


def is_contoh() -> bool:
    """Do papers of this installation say CONTOH?"""
    row = db.session.get(Installation, 1)
    return current_app.config["SINERGI"].demo or bool(row and row.demo)


def order_of(slug: str, number: str | None, on: date, answers: Mapping[str, Any] | None = None) -> Order:
    """What a paper is ordered with: dated today, an answer within ten working days, and what only the person can say."""
    holidays = set(db.session.scalars(select(Holiday.day)))
    return Order(on=on, number=number, contoh=is_contoh(), return_by=add_working_days(on, REPLY_DAYS, holidays), answers=answers or {})


def preview(slug: str, about: About, press: Press, answers: Mapping[str, Any] | None = None) -> bytes:
    """The paper as it would print now, marked KONSEP, or a print-out of the register. Changes nothing; same facts, same bytes. Raises PressStopped."""
    standing = standing_letter(about, slug)
    number = standing.number if standing else None
    facts = draw_up(slug, about, order_of(slug, number, clock.today(), answers))
    if slug != "paket_desa":
        return press.print(slug, dump(facts), Printout() if kind_of(slug).printout else Preview())
    if all_issued(about):  # type: ignore[arg-type]
        parts = tuple(storage().get(about.letter_of(each).sha256) for each in PARTS)  # type: ignore[union-attr]
    else:
        parts = tuple(preview(each, about, press) for each in PARTS)
    return press.assemble(slug, dump(facts), parts, Preview())


def standing_letter(about: About, slug: str) -> Letter | None:
    """The paper of this kind that stands already, where there is one each; of amendments the newest, unless another one waits."""
    if slug == "adendum" and isinstance(about, Agreement):
        return standing_adendum(about)
    if slug not in ONE_EACH:
        return None
    if isinstance(about, Agreement):
        return about.letter_of(slug)
    if isinstance(about, Accord):
        return db.session.scalar(
            select(Letter).where(Letter.accord_id == about.id, Letter.kind == slug, Letter.state != "void").order_by(Letter.id.desc()).limit(1)
        )
    return None


def reserve(slug: str, about: About, by: User, answers: Mapping[str, Any] | None = None) -> Letter:
    """Transaction 1: number, token and frozen facts. The same facts again give the letter that stands; the caller commits.

    Raises NotYet with the open sentences, Refused when the paper was signed already, PressStopped when facts are missing.
    """
    kind, on = kind_of(slug), clock.today()
    refuse_when_older(db.session, storage())
    if isinstance(about, Agreement):
        if kind.about != "history":  # a life may be certified also when it has ended
            about.refuse_when_held()
        _refuse_when_taken_over(about, slug)
    missing = open_needs(slug, about, on)
    if slug == "paket_desa" and not missing and not all_issued(about):  # type: ignore[arg-type]
        missing = (Open("agreement_numbered", "Perjanjian dan kedua lampirannya sudah terbit", "", "legal", "", None, 0),)
    if missing:
        raise NotYet(missing)
    standing = standing_letter(about, slug)
    if standing is None:
        return _first(kind, about, by, on, answers)
    facts = draw_up(slug, about, order_of(slug, standing.number, standing.dated_on, answers))
    if facts_digest(facts) == standing.facts_digest and standing.template == _template(kind):
        return standing
    if isinstance(about, Agreement) and is_signed(about) and slug in ("perjanjian_desa", *CARRIED):
        raise Refused("Perjanjian sudah ditandatangani: naskah ini tidak diganti lagi. Perubahan dibuat sebagai adendum.")
    return _corrected(kind, about, standing, facts, by)


def _refuse_when_taken_over(agreement: Agreement, slug: str) -> None:
    if agreement.takeover and slug in ("perjanjian_desa", *CARRIED):
        raise Refused("Naskah perjanjian ini sudah ada di arsip (diambil alih) dan tidak diterbitkan lagi di sini. Perubahan dibuat sebagai adendum.")


def _template(kind: Kind) -> str:
    return f"{kind.slug}/{kind.template_version}/{kind.template_digest[:16]}"


def _number(kind: Kind, about: About, on: date) -> dict[str, Any]:
    if kind.numbered == "drawn":
        office = about if isinstance(about, Office) else about.office if isinstance(about, Accord) else about.accord.office  # type: ignore[union-attr]
        village = about.village_code if isinstance(about, Agreement) else None
        return reserve_number(db.session, office, kind.archive_code or "", on, village, kind.slug)
    if isinstance(about, Agreement):
        carried = about.typed_number(kind.number_owner) if kind.numbered == "typed" else about.numbers[0]
        return {"number": carried or ""}
    return {"number": ""}


def _first(kind: Kind, about: About, by: User, on: date, answers: Mapping[str, Any] | None) -> Letter:
    number = _number(kind, about, on)
    if isinstance(about, Accord) and kind.slug == about.kind:
        about.number_kesatu = number["number"]
    facts = draw_up(kind.slug, about, order_of(kind.slug, number["number"] or None, on, answers))
    _refuse_gaps(kind, facts)
    number["number"] = number["number"] or getattr(facts, "number", None) or ""  # that of another register, as it was typed in
    return _row(kind, about, facts, by, on, **number)


def _refuse_gaps(kind: Kind, facts: Any) -> None:
    """A letter of the office and a certificate have no draft that others complete: what they lack is said before a number is spent. Raises Refused."""
    if kind.about in ("kabupaten", "history") and (lacks := (*open_fields(facts, True), *faults(facts))):
        raise Refused(f"Naskah belum lengkap: {'; '.join(lacks)}.")


def _corrected(kind: Kind, about: About, standing: Letter, facts: Any, by: User) -> Letter:
    """Before any signature a correction keeps the number and counts the version; the earlier one stays readable, marked as replaced."""
    same = {name: getattr(standing, name) for name in ("unit", "year", "seq", "number")}
    letter = _row(kind, about, facts, by, standing.dated_on, version=newest_version(db.session, standing) + 1, **same)
    standing.replaced_by_id = letter.id
    return letter


def _row(kind: Kind, about: About, facts: Any, by: User, on: date, **more: Any) -> Letter:
    config, now = current_app.config["SINERGI"], clock.now()
    letter = Letter(
        kind=kind.slug,
        token=new_token(),
        dated_on=on,
        title=kind.title,
        facts=json.dumps(dump(facts), ensure_ascii=False),
        facts_digest=facts_digest(facts),
        template=_template(kind),
        public_url=config.public_url,
        contoh=facts.contoh,
        reserved_at=now,
        reserved_by_id=by.id,
        **_belongs(about, facts),
        **more,
    )
    db.session.add(letter)
    db.session.flush()
    detail = {"kind": kind.slug, "number": letter.number, "version": letter.version, "facts": letter.facts_digest}
    if isinstance(about, Agreement):
        about.moved("letter.reserved", by, now, clock.today(), **detail)
    else:
        audit.record(db.session, "letter.reserved", f"letter:{letter.id}", actor=by.login, at=now, **detail)
    return letter


def _belongs(about: About, facts: Any) -> dict[str, Any]:
    """Papers of the office itself carry the kabupaten's prefix, so that they are found by those who see the whole kabupaten.

    To whom a letter of the office goes is its own fact ``addressee``, where it has one.
    """
    if isinstance(about, Agreement):
        return {"village_code": about.village_code, "agreement_id": about.id, "addressee": f"Desa {about.village.name}"}
    if isinstance(about, Accord):
        return {"village_code": f"{about.office.kabupaten_code}.", "accord_id": about.id, "addressee": about.insurer.name}
    return {"village_code": f"{about.kabupaten_code}.", "addressee": getattr(facts, "addressee", "")[:200]}


def void(letter: Letter, reason: str, by: User) -> None:
    """Void a number with a reason; it is never used again. All its versions fall, and with an agreement the papers that carry its number.

    After signing this is the way to a new number: the signatures stay as evidence but stand no longer, for they are on the void paper.
    Raises Refused without a reason, or when enrollment has begun on the agreement (then an amendment). The caller commits.
    """
    if not reason.strip():
        raise Refused("Tuliskan alasan pembatalan.")
    agreement = _held(letter)
    if letter.state == "void":
        raise Refused("Nomor ini sudah dibatalkan.")
    if agreement and letter.kind == "perjanjian_desa" and agreement.steps:
        raise Refused("Kepesertaan sudah berjalan atas perjanjian ini; nomornya tidak dibatalkan lagi. Perubahan dibuat sebagai adendum.")
    now, fallen = clock.now(), _fall_together(letter, agreement)
    for each in fallen:
        each.state, each.void_at, each.void_reason = "void", now, reason.strip()
    detail = {"letter": letter.id, "kind": letter.kind, "number": letter.number, "version": letter.version, "fallen": [each.id for each in fallen]}
    if agreement:
        agreement.moved("letter.voided", by, now, clock.today(), **detail)
    else:
        audit.record(db.session, "letter.voided", f"letter:{letter.id}", actor=by.login, at=now, **detail)


def _held(letter: Letter) -> Agreement | None:
    """The letter's agreement. Both are held until the commit: who comes second waits, then reads what the first one did (PostgreSQL).

    The agreement comes first, as in every other act; the press holds only the letter.
    """
    hold = {"of": Agreement, "key_share": True}
    agreement = db.session.get(Agreement, letter.agreement_id, with_for_update=hold) if letter.agreement_id else None
    db.session.refresh(letter, with_for_update={"of": Letter})
    return agreement


def _fall_together(letter: Letter, agreement: Agreement | None) -> list[Letter]:
    """The letter, the other versions of its number, and what carries the number of an agreement."""
    same = (Letter.kind == letter.kind, Letter.number == letter.number, Letter.village_code == letter.village_code, Letter.state != "void")
    versions = list(db.session.scalars(select(Letter).where(*same).order_by(Letter.id))) if letter.seq else [letter]
    carried = [each for each in agreement.letters if each.kind in FALLING and each.state != "void"] if agreement and letter.kind == "perjanjian_desa" else []
    return [*versions, *carried]


def retry(letter: Letter, by: User) -> None:
    """Put a stuck letter first in the queue again. Raises Refused when it is not waiting. The caller commits."""
    if letter.state != "reserved" or letter.replaced_by_id:
        raise Refused("Naskah ini tidak menunggu dicetak.")
    letter.tries, letter.try_after, letter.problem = 0, None, ""
    audit.record(db.session, "letter.retried", f"letter:{letter.id}", actor=by.login, at=clock.now(), number=letter.number)
