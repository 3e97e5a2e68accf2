"""The expedition book: what was handed to whom, when, how and by whom, and its receipt. A row is written once; what ends it is a row of its own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKeyConstraint, String, Text, UniqueConstraint, extract, select
from sqlalchemy.orm import Mapped, Session, mapped_column, object_session, relationship

from workflows import Refused

from ..db import Base, VillageOwned
from . import audit
from .columns import Recorded
from .files import StoredFile
from .letters import Letter
from .users import User

if TYPE_CHECKING:
    from .agreements import Agreement
    from .signatures import Signature

SIGNED_ANNEX = "Lampiran bertanda tangan"
HOW = {"diantar": "diantar", "dijemput": "dijemput", "diunduh": "diunduh dari sistem"}
OUTCOMES = {"received": "diterima", "returned": "kembali"}


class ExpeditionReceipt(Recorded, VillageOwned, Base):
    """What ended a row: somebody received the paper, or it came back with a reason."""

    __tablename__ = "expedition_receipts"
    __table_args__ = (ForeignKeyConstraint(["entry_id", "village_code"], ["expedition_entries.id", "expedition_entries.village_code"]),)

    id: Mapped[int] = mapped_column(primary_key=True)
    village_code: Mapped[str] = mapped_column(String(13), index=True)
    entry_id: Mapped[int] = mapped_column(unique=True)
    outcome: Mapped[str] = mapped_column(String(8))
    on: Mapped[date]
    received_by: Mapped[str] = mapped_column(String(160), default="")
    reason: Mapped[str] = mapped_column(Text, default="")

    by: Mapped[User] = relationship(lazy="joined")


class ExpeditionEntry(Recorded, VillageOwned, Base):
    """A paper of the register, or a signed scan, on its way to somebody. Papers of the office itself carry the kabupaten's prefix, as in the register."""

    __tablename__ = "expedition_entries"
    __table_args__ = (
        ForeignKeyConstraint(["letter_id", "village_code"], ["letters.id", "letters.village_code"]),
        ForeignKeyConstraint(["file_id", "village_code"], ["files.id", "files.village_code"]),
        UniqueConstraint("id", "village_code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    village_code: Mapped[str] = mapped_column(String(13), index=True)
    letter_id: Mapped[int | None] = mapped_column(index=True)
    file_id: Mapped[int | None] = mapped_column(index=True)
    rangkap: Mapped[int | None]
    title: Mapped[str] = mapped_column(String(160))
    number: Mapped[str] = mapped_column(String(160), default="")
    recipient: Mapped[str] = mapped_column(String(200))
    on: Mapped[date]
    how: Mapped[str] = mapped_column(String(8))
    carrier: Mapped[str] = mapped_column(String(160), default="")

    by: Mapped[User] = relationship(lazy="joined")
    receipt: Mapped[ExpeditionReceipt | None] = relationship(
        lazy="joined", foreign_keys=[ExpeditionReceipt.entry_id, ExpeditionReceipt.village_code], overlaps="village_code"
    )

    @property
    def state(self) -> str:
        """open, received or returned."""
        return self.receipt.outcome if self.receipt else "open"


def object_of(session: Session, row: Letter | StoredFile) -> str:
    """What the trail calls the thing that a row is about: the agreement, so that its history tells of it, or the office's own letter."""
    from .agreements import Agreement

    agreement_id = getattr(row, "agreement_id", None)
    agreement = session.get(Agreement, agreement_id) if agreement_id else None
    return f"agreement:{agreement.code}" if agreement else f"{'letter' if isinstance(row, Letter) else 'file'}:{row.id}"


def hand_over(letter: Letter, entry: ExpeditionEntry, by: User, at: datetime, today: date) -> ExpeditionEntry:
    """Note that a paper went to somebody. Raises Refused for a paper that does not stand, an impossible day, or the same one twice on its way."""
    session = object_session(letter)
    assert session is not None
    if letter.state != "issued" or letter.replaced_by_id:
        raise Refused(f"{letter.title} {letter.number} {letter.state_name}; hanya naskah terbit yang berlaku yang diserahkan.")
    if entry.on > today:
        raise Refused("Tanggal penyerahan belum tiba.")
    if entry.on < letter.dated_on:
        raise Refused(f"Tanggal penyerahan mendahului tanggal naskah ({letter.dated_on:%d-%m-%Y}).")
    same = (ExpeditionEntry.letter_id == letter.id, ExpeditionEntry.recipient == entry.recipient, ExpeditionEntry.rangkap.is_not_distinct_from(entry.rangkap))
    for each in session.scalars(select(ExpeditionEntry).where(*same)):
        if each.receipt is None:
            raise Refused(f"{letter.title} sudah dicatat diserahkan kepada {entry.recipient} pada {each.on:%d-%m-%Y}; tanda terimanya belum ada.")
    entry.letter_id, entry.village_code, entry.number = letter.id, letter.village_code, letter.number
    entry.title = entry.title or letter.title
    return _handed(session, entry, object_of(session, letter), by, at)


def _handed(session: Session, entry: ExpeditionEntry, object_: str, by: User, at: datetime) -> ExpeditionEntry:
    entry.by, entry.by_id, entry.at = by, by.id, at
    session.add(entry)
    session.flush()
    _record(session, "expedition.handed", object_, entry, by, at, number=entry.number, how=entry.how, on=entry.on)
    return entry


def _record(session: Session, action: str, object_: str, entry: ExpeditionEntry, by: User, at: datetime, **detail: Any) -> None:
    code = entry.village_code if len(entry.village_code) == 13 else None  # the office's own papers belong to no village
    audit.record(session, action, object_, actor=by.login, at=at, village_code=code, entry=entry.id, **detail)


def offer(agreement: Agreement, signature: Signature, by: User, at: datetime, today: date) -> ExpeditionEntry:
    """The signed annex, confirmed, waits for its village: a row that the village's own download closes."""
    entry = ExpeditionEntry(
        village_code=agreement.village_code, file_id=signature.file_id, title=SIGNED_ANNEX, number=agreement.numbers[0] or "",
        recipient=f"Kepala Desa {agreement.village.name}", on=today, how="diunduh",
    )  # fmt: skip
    return _handed(agreement._session, entry, f"agreement:{agreement.code}", by, at)


def awaiting(session: Session, file: StoredFile) -> ExpeditionEntry | None:
    """The open row of a file that waits for its download."""
    mine = (ExpeditionEntry.file_id == file.id, ExpeditionEntry.how == "diunduh")
    return next((each for each in session.scalars(select(ExpeditionEntry).where(*mine).order_by(ExpeditionEntry.id.desc())) if each.receipt is None), None)


def downloaded(session: Session, file: StoredFile, by: User, at: datetime, today: date) -> ExpeditionReceipt | None:
    """The village has its signed annex: who and when. A second download changes nothing."""
    entry = awaiting(session, file)
    return receive(entry, "received", today, by.name, "", by, at, today) if entry else None


def receive(entry: ExpeditionEntry, outcome: str, on: date, received_by: str, reason: str, by: User, at: datetime, today: date) -> ExpeditionReceipt:
    """End a row. Raises Refused when it ended already, for an impossible day, and when the name or the reason is missing."""
    session = object_session(entry)
    assert session is not None
    if entry.receipt is not None:
        raise Refused(f"Pengiriman ini sudah dicatat {OUTCOMES[entry.receipt.outcome]} pada {entry.receipt.on:%d-%m-%Y}.")
    if not entry.on <= on <= today:
        raise Refused(f"Tanggal terima harus antara tanggal kirim ({entry.on:%d-%m-%Y}) dan hari ini.")
    if outcome == "received" and not received_by.strip():
        raise Refused("Tuliskan siapa yang menerima.")
    if outcome == "returned" and not reason.strip():
        raise Refused("Tuliskan mengapa naskah ini kembali.")
    receipt = ExpeditionReceipt(
        entry_id=entry.id, village_code=entry.village_code, outcome=outcome, on=on, received_by=received_by.strip(), reason=reason.strip(), by=by, by_id=by.id, at=at
    )
    entry.receipt = receipt
    session.flush()
    _record(session, f"expedition.{outcome}", _thing(session, entry), entry, by, at, number=entry.number, how=entry.how, on=on)
    return receipt


def _thing(session: Session, entry: ExpeditionEntry) -> str:
    from .agreements import Agreement
    from .signatures import Signature

    if entry.letter_id:
        letter = session.scalar(select(Letter).where(Letter.id == entry.letter_id))
        return object_of(session, letter) if letter else f"letter:{entry.letter_id}"
    signed = select(Agreement).join(Signature, Signature.agreement_id == Agreement.id).where(Signature.file_id == entry.file_id).limit(1)
    agreement = session.scalar(signed)
    return f"agreement:{agreement.code}" if agreement else f"file:{entry.file_id}"


def receive_many(entries: Iterable[ExpeditionEntry], on: date, received_by: str, by: User, at: datetime, today: date) -> int:
    """Receipts of one day; without a name whoever it was sent to has it. Rows that ended meanwhile are left as they are. How many ended now."""
    open_ = [each for each in entries if each.receipt is None]
    for each in open_:
        receive(each, "received", on, received_by.strip() or each.recipient, "", by, at, today)
    return len(open_)


def expedition(session: Session, year: int, state: str = "", wanted: str = "") -> list[ExpeditionEntry]:
    """The book of a year, oldest row first, filtered by state and by words in paper, number or recipient."""
    words = wanted.casefold().split()
    rows = session.scalars(select(ExpeditionEntry).where(extract("year", ExpeditionEntry.on) == year).order_by(ExpeditionEntry.on, ExpeditionEntry.id))
    return [
        each
        for each in rows.unique()
        if (not state or each.state == state) and all(word in f"{each.title} {each.number} {each.recipient}".casefold() for word in words)
    ]


def expedition_years(session: Session, shown: int) -> list[int]:
    """Years in which something was handed over, newest first, and the one that is shown."""
    return sorted({*session.scalars(select(extract("year", ExpeditionEntry.on)).distinct()), shown}, reverse=True)


def handed_of(session: Session, letter: Letter) -> list[ExpeditionEntry]:
    """Where a paper has gone, oldest first."""
    return list(session.scalars(select(ExpeditionEntry).where(ExpeditionEntry.letter_id == letter.id).order_by(ExpeditionEntry.id)).unique())
