"""Numbers set aside to be written by hand while the system is down; each is accounted for later. A number of a block is never drawn."""

from __future__ import annotations

import re
from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, object_session, relationship

from workflows import Refused

from ..db import Base
from . import audit
from .columns import Recorded
from .users import User

LARGEST = 200


class BlockUse(Recorded, Base):
    """What became of one number of a block: used for a paper, or void with a reason. The newest version stands; a correction says why."""

    __tablename__ = "number_block_uses"
    __table_args__ = (UniqueConstraint("unit", "year", "seq", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    block_id: Mapped[int] = mapped_column(ForeignKey("number_blocks.id"), index=True)
    unit: Mapped[str] = mapped_column(String(40))
    year: Mapped[int]
    seq: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)
    outcome: Mapped[str] = mapped_column(String(4))
    number: Mapped[str] = mapped_column(String(160), default="")
    dated_on: Mapped[date | None]
    title: Mapped[str] = mapped_column(String(160), default="")
    addressee: Mapped[str] = mapped_column(String(200), default="")
    reason: Mapped[str] = mapped_column(Text, default="")

    by: Mapped[User] = relationship(lazy="joined")


class NumberBlock(Recorded, Base):
    """A run of numbers of a series, first and last included."""

    __tablename__ = "number_blocks"
    __table_args__ = (UniqueConstraint("unit", "year", "first"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(String(40))
    year: Mapped[int]
    first: Mapped[int]
    last: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)

    by: Mapped[User] = relationship(lazy="joined")
    uses: Mapped[list[BlockUse]] = relationship(order_by=[BlockUse.seq, BlockUse.version])

    def standing(self, seq: int) -> BlockUse | None:
        """What is known of a number of this block; None while nobody has accounted for it."""
        mine = [each for each in self.uses if each.seq == seq]
        return mine[-1] if mine else None

    @property
    def numbers(self) -> list[tuple[int, BlockUse | None]]:
        """Every number and what became of it."""
        return [(seq, self.standing(seq)) for seq in range(self.first, self.last + 1)]

    @property
    def open(self) -> list[int]:
        """Numbers that nobody has accounted for."""
        return [seq for seq, use in self.numbers if use is None]


def reserve_block(session: Session, unit: str, year: int, start: int, count: int, reason: str, by: User, at: datetime, today: date) -> NumberBlock:
    """Set the next numbers of a series aside. Raises Refused without a reason, for too many at once, or another year than this or the next."""
    from .letters import draw_number

    if not 1 <= count <= LARGEST:
        raise Refused(f"Sisihkan 1 sampai {LARGEST} nomor sekaligus.")
    if not reason.strip():
        raise Refused("Tuliskan untuk apa nomor ini disisihkan.")
    if year not in (today.year, today.year + 1):
        raise Refused("Nomor disisihkan untuk tahun ini atau tahun depan.")
    first = draw_number(session, unit, year, start, count)
    block = NumberBlock(unit=unit, year=year, first=first, last=first + count - 1, reason=reason.strip(), by=by, by_id=by.id, at=at)
    session.add(block)
    session.flush()
    audit.record(session, "register.block_reserved", f"series:{unit}:{year}", actor=by.login, at=at, block=block.id, first=block.first, last=block.last)
    return block


def account_for(block: NumberBlock, use: BlockUse, by: User, at: datetime, today: date) -> BlockUse:
    """Say what a number of the block was used for, or that it is void; said again, it is a correction with a reason. Raises Refused for what cannot be."""
    session = object_session(block)
    assert session is not None
    earlier = block.standing(use.seq)
    if not block.first <= use.seq <= block.last:
        raise Refused(f"Nomor urut {use.seq} tidak ada di blok ini.")
    if (use.outcome == "void" or earlier) and not use.reason.strip():
        raise Refused("Tuliskan alasannya.")
    if use.outcome == "used":
        _check_used(session, block, use, earlier, today)
    else:
        use.number, use.dated_on, use.title, use.addressee = "", None, "", ""
    use.unit, use.year, use.version = block.unit, block.year, earlier.version + 1 if earlier else 1
    use.by, use.by_id, use.at = by, by.id, at
    block.uses.append(use)
    session.flush()
    detail = {"seq": use.seq, "number": use.number, "version": use.version}
    audit.record(session, "register.block_used" if use.outcome == "used" else "register.block_void", f"series:{block.unit}:{block.year}", actor=by.login, at=at, block=block.id, **detail)
    return use


def _check_used(session: Session, block: NumberBlock, use: BlockUse, earlier: BlockUse | None, today: date) -> None:
    from .takeovers import numbers_in_use

    if not use.number or not use.title or use.dated_on is None:
        raise Refused("Isikan nomor seperti tertulis di naskahnya, tanggalnya, dan apa naskahnya.")
    if str(use.seq) not in re.findall(r"[1-9]\d*", use.number):
        raise Refused(f"Nomor {use.number} tidak memuat nomor urut {use.seq}.")
    if use.dated_on > today or use.dated_on.year != block.year:
        raise Refused(f"Tanggal naskah harus di tahun {block.year} dan sudah tiba.")
    if (where := numbers_in_use(session, [use.number])) and not (earlier and earlier.number == use.number):
        raise Refused(f"Nomor {use.number} sudah ada di {where[use.number]}.")


def blocks(session: Session) -> list[NumberBlock]:
    """All blocks, the newest first."""
    return list(session.scalars(select(NumberBlock).order_by(NumberBlock.year.desc(), NumberBlock.id.desc())))
