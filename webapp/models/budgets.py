"""The village's budget: what RKPDes, APBDes and its Perubahan say, their lines, and the camat's check.

A line stands in one of the three documents. RKPDes lines are the plan and pay nothing. A line of the Perubahan takes the place of the line that
it names (with another amount, also zero), or is added; it counts once the Perubahan itself is recorded. See ``workflows`` ``standing_lines``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, ForeignKeyConstraint, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from workflows import NotYet, Open, Refused
from workflows import agreement as law
from workflows.facts import BudgetLineSeen, BudgetSeen, CheckSeen
from workflows.stages.budgeting import lines_digest

from ..db import Base, Listed, Rupiah
from .columns import OfAgreement, Recorded
from .files import StoredFile
from .users import User

if TYPE_CHECKING:
    from .agreements import Agreement

KINDS = {"rkpdes": "RKPDes", "apbdes": "APBDes", "perubahan": "Perubahan APBDes"}


class BudgetDocument(Recorded, OfAgreement, Base):
    """RKPDes, APBDes or its Perubahan with its Perdes number and date, and the page that proves it."""

    __tablename__ = "budget_documents"

    kind: Mapped[str] = mapped_column(String(10))
    number: Mapped[str] = mapped_column(String(120))
    on: Mapped[date]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("files.id"))

    file: Mapped[StoredFile | None] = relationship(lazy="joined")
    by: Mapped[User] = relationship(lazy="joined")

    def as_seen(self) -> BudgetSeen:
        """The document as the rules see it."""
        return BudgetSeen(self.kind, self.number, self.on, self.file_id is not None)


class BudgetLine(Recorded, OfAgreement, Base):
    """A line of RKPDes, APBDes or Perubahan for contributions; ``replaces_id`` is the line whose place a line of the Perubahan takes."""

    __tablename__ = "budget_lines"

    document: Mapped[str] = mapped_column(String(10), default="apbdes")
    replaces_id: Mapped[int | None]
    activity_code: Mapped[str] = mapped_column(String(40))
    account_code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    fund_source: Mapped[str] = mapped_column(ForeignKey("fund_sources.slug"))
    amount: Mapped[Decimal] = mapped_column(Rupiah)
    categories: Mapped[tuple[str, ...]] = mapped_column(Listed)

    @classmethod
    def more_table_args(cls) -> tuple:
        """The line that is replaced is one of the same village (T1)."""
        return (
            UniqueConstraint("id", "village_code"),
            ForeignKeyConstraint(["replaces_id", "village_code"], ["budget_lines.id", "budget_lines.village_code"]),
        )

    def as_seen(self) -> BudgetLineSeen:
        """The line as the rules see it."""
        return BudgetLineSeen(self.fund_source, self.categories, self.amount)


class CamatCheck(Recorded, OfAgreement, Base):
    """The camat checked the budget, or returned it with a reason; ``digest`` names the lines he saw."""

    __tablename__ = "camat_checks"

    passed: Mapped[bool]
    on: Mapped[date]
    reason: Mapped[str] = mapped_column(Text, default="")
    digest: Mapped[str] = mapped_column(String(64))

    by: Mapped[User] = relationship(lazy="joined")

    def as_seen(self) -> CheckSeen:
        """The check as the rules see it."""
        return CheckSeen(self.passed, self.on, self.digest, self.reason)


def is_budget_evidence(session: Session, file: StoredFile) -> bool:
    """Does the file prove a budget? It is what a camat may open; scans of lists and annexes hold NIK."""
    of = {file.id, file.original_of_id} - {None}
    return session.scalar(select(BudgetDocument.id).where(BudgetDocument.file_id.in_(of)).limit(1)) is not None


def record_document(agreement: Agreement, document: BudgetDocument, by: User, at: datetime, today: date) -> None:
    """Add a budget document; allowed at any stage. Raises Refused when its date lies ahead."""
    agreement.refuse_when_held()
    if document.on > today:
        raise Refused("Tanggal dokumen belum tiba.")
    document.by, document.by_id, document.at = by, by.id, at
    agreement.add(document)
    agreement.moved("budget.document", by, at, today, kind=document.kind, number=document.number, on=document.on)


def record_line(agreement: Agreement, line: BudgetLine, by: User, at: datetime, today: date) -> None:
    """Add a budget line. Raises Refused when it covers nobody, has no amount or replaces a line that it cannot."""
    agreement.refuse_when_held()
    line.document = line.document or "apbdes"
    _check_line(agreement, line)
    line.by_id, line.at = by.id, at
    agreement.add(line)
    agreement.moved("budget.line_added", by, at, today, **_told(line))


def _told(line: BudgetLine) -> dict[str, Any]:
    """What the event keeps of a line."""
    replaces = {"replaces": line.replaces_id} if line.replaces_id else {}
    said = {"document": line.document, "account": line.account_code, "source": line.fund_source, "amount": line.amount, "categories": line.categories}
    return said | replaces


def _check_line(agreement: Agreement, line: BudgetLine) -> None:
    struck = line.document == "perubahan" and line.replaces_id is not None and line.amount == 0
    if (line.amount <= 0 and not struck) or not line.categories:
        raise Refused("Baris anggaran memerlukan jumlah dan paling sedikit satu kelompok peserta.")
    if line.document not in KINDS or (line.replaces_id and line.document != "perubahan"):
        raise Refused("Hanya baris Perubahan APBDes yang menggantikan baris lain.")
    if line.replaces_id and line.replaces_id not in {each.id for each in replaceable(agreement, line)}:
        raise Refused("Baris yang digantikan tidak ada lagi atau sudah digantikan baris lain.")


def followers(agreement: Agreement) -> dict[int, BudgetLine]:
    """The line that takes the place of each line, by the id of the one that gives way."""
    return {each.replaces_id: each for each in agreement.budget_lines if each.replaces_id}


def replaceable(agreement: Agreement, line: BudgetLine | None = None) -> list[BudgetLine]:
    """The lines whose place a line of the Perubahan can take: none of the plan, none that is replaced already, not the line itself or its followers."""
    taken = {each.replaces_id for each in agreement.budget_lines if each is not line}
    after = {line.id} if line else set()
    for each in agreement.budget_lines:  # in the order of their ids: a follower comes after what it replaces
        after |= {each.id} if each.replaces_id in after and each.replaces_id else set()
    return [each for each in agreement.budget_lines if each is not line and each.document != "rkpdes" and each.id not in taken | after]


def change_line(agreement: Agreement, line: BudgetLine, now: Mapping[str, Any], by: User, at: datetime, today: date) -> None:
    """Correct a budget line; the event keeps what it says now, the one before what it said."""
    agreement.refuse_when_held()
    with agreement._session.no_autoflush:
        for name, value in now.items():
            setattr(line, name, value)
        if line.document == "rkpdes" and any(each.replaces_id == line.id for each in agreement.budget_lines):
            raise Refused("Baris ini digantikan baris Perubahan, maka tidak dapat dipindahkan ke RKPDes.")
        _check_line(agreement, line)
    line.by_id, line.at = by.id, at
    agreement.moved("budget.line_changed", by, at, today, **_told(line))


def remove_line(agreement: Agreement, line: BudgetLine, by: User, at: datetime, today: date) -> None:
    """Take a budget line out; the event keeps what it said. Raises Refused while another line stands in its place."""
    agreement.refuse_when_held()
    if any(each.replaces_id == line.id for each in agreement.budget_lines):
        raise Refused("Baris ini digantikan baris Perubahan; hapus baris Perubahannya dahulu.")
    agreement.budget_lines.remove(line)
    agreement.moved("budget.line_removed", by, at, today, **_told(line))


def why_not_pass(agreement: Agreement, today: date) -> tuple[Open, ...]:
    """The sentences that must close before the camat can find the budget right."""
    before = [each for each in law.STAGES[2].conditions if each.slug != "camat_checked"]
    return tuple(law.seen_on(each, agreement, today) for each in before if not each.met(agreement))


def check_budget(agreement: Agreement, passed: bool, reason: str, by: User, at: datetime, today: date, seen: str = "") -> CamatCheck:
    """The camat checks, or returns with a reason. Raises NotYet while the budget is incomplete, Refused when the same was answered.

    ``seen`` is the digest of the budget that he looked at; another one is refused.
    """
    agreement.refuse_when_held()
    digest = lines_digest(agreement)
    if seen and seen != digest:
        raise Refused("Anggaran berubah sejak Anda membukanya. Periksa sekali lagi.")
    newest = agreement.newest_check
    if newest is not None and newest.digest == digest:
        raise Refused("Anggaran ini sudah Anda periksa dan belum berubah sejak itu.")
    if passed:
        missing = why_not_pass(agreement, today)
        if missing:
            raise NotYet(missing)
    elif not agreement.documents and not agreement.budget_lines:
        raise Refused("Desa belum mencatat anggaran apa pun; belum ada yang dapat dikembalikan.")
    elif not reason.strip():
        raise Refused("Tuliskan alasan pengembalian.")
    check = CamatCheck(passed=passed, on=today, reason=reason.strip(), digest=digest, by=by, by_id=by.id, at=at)
    agreement.add(check)
    agreement.moved("budget.checked" if passed else "budget.returned", by, at, today, digest=digest)
    return check
