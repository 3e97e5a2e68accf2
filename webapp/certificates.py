"""Makes the certificate of an agreement's life: asked for again on the same day, with nothing new in between, it is the same paper."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from letters.sertifikat_riwayat.letter import Chain, Happened

from . import clock, heads
from .access import ROLES
from .db import unscoped
from .history import event_detail, event_words
from .issuing import reserve
from .models import Agreement, AuditEvent, AuditHead, Letter, User
from .papers.sertifikat_riwayat import KIND, Trail
from .uploads import storage

OBJECTS = {"agreement": "perjanjian", "letter": "naskah"}
# Looks at a list of people: they belong to the log of accesses, and would bury what moved the agreement.
ACCESSES = (
    "nik.seen", "letter.downloaded", "letter.previewed", "file.downloaded", "roster.exported", "person.exported", "enrollment.file", "elsewhere.exported",
)  # fmt: skip


def life_of(session: Session, agreement: Agreement) -> tuple[list[AuditEvent], int]:
    """What happened to an agreement and its papers, oldest first, and how often a list of its people was looked at. Certificates are not part of it."""
    objects = [f"agreement:{agreement.code}", *(f"letter:{each.id}" for each in agreement.letters)]
    with unscoped("riwayat satu perjanjian", session):  # an event of its papers may carry no village
        found = list(session.scalars(select(AuditEvent).where(AuditEvent.object.in_(objects)).order_by(AuditEvent.seq)))
    kept = [each for each in found if each.facts.get("kind") != KIND]
    life = [each for each in kept if each.action not in ACCESSES]
    return life, len(kept) - len(life)


def made(agreement: Agreement) -> list[Letter]:
    """The certificates that were made of it, newest first."""
    return [each for each in reversed(agreement.letters) if each.kind == KIND]


def people(session: Session) -> dict[str, tuple[str, str]]:
    """Name and role of those who act, by login."""
    return {each.login: (each.name, ROLES.get(each.role, "")) for each in session.execute(select(User.login, User.name, User.role))}


def certify(session: Session, agreement: Agreement, broken: str | None, by: User) -> Letter:
    """The certificate that stands, or a new one; ``broken`` is what the verification of the whole chain found. The caller commits."""
    trail = _trail(session, agreement, broken)
    standing = next((each for each in made(agreement) if each.state != "void"), None)
    return standing if standing and _says_all(standing, trail) else reserve(KIND, agreement, by, {"trail": trail})


def _says_all(standing: Letter, trail: Trail) -> bool:
    told = standing.frozen_facts()
    said = (told["chain"]["last"], told["chain"]["broken"], told["accesses"])
    return standing.dated_on == clock.today() and said == (trail.chain.last, trail.chain.broken, trail.accesses)


def _trail(session: Session, agreement: Agreement, broken: str | None) -> Trail:
    (life, accesses), known = life_of(session, agreement), people(session)
    newest = session.get_one(AuditHead, 1, populate_existing=True)
    ends = {"first": life[0].seq, "last": life[-1].seq} if life else {"first": 0, "last": 0}
    outside = {f"outside_{name}": value for each in heads.written(storage(), 1) for name, value in (("day", each.day), ("seq", each.seq), ("hash", each.hash))}
    chain = Chain(**ends, length=newest.seq, head=newest.hash, broken=broken, **outside)
    return Trail(tuple(_happened(each, known) for each in life), accesses, chain)


def _happened(each: AuditEvent, known: dict[str, tuple[str, str]]) -> Happened:
    at, (who, role) = clock.at_office(each.at), known.get(each.actor, (each.actor, ""))
    kind, _, name = each.object.partition(":")
    return Happened(
        seq=each.seq, day=f"{at:%d-%m-%Y}", time=f"{at:%H.%M.%S}", what=event_words(each.action), detail=event_detail(each) or None,
        who=f"{who} a.n. {each.on_behalf}" if each.on_behalf else who, role=role or None, object=f"{OBJECTS.get(kind, kind)} {name}",
        taken_over=each.action == "agreement.taken_over", hash=each.hash,
    )  # fmt: skip
