"""The village's budget: what RKPDes and APBDes say, its lines, and the camat's check."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, String, Text, select
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
    """A line of the APBDes in force that pays contributions."""

    __tablename__ = "budget_lines"

    activity_code: Mapped[str] = mapped_column(String(40))
    account_code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    fund_source: Mapped[str] = mapped_column(ForeignKey("fund_sources.slug"))
    amount: Mapped[Decimal] = mapped_column(Rupiah)
    categories: Mapped[tuple[str, ...]] = mapped_column(Listed)

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
    """Add a budget line. Raises Refused when it covers nobody or has no amount."""
    agreement.refuse_when_held()
    _check_line(line)
    line.by_id, line.at = by.id, at
    agreement.add(line)
    agreement.moved(
        "budget.line_added", by, at, today, account=line.account_code, source=line.fund_source, amount=line.amount, categories=line.categories
    )


def _check_line(line: BudgetLine) -> None:
    if line.amount <= 0 or not line.categories:
        raise Refused("Baris anggaran memerlukan jumlah dan paling sedikit satu kelompok peserta.")


def change_line(agreement: Agreement, line: BudgetLine, now: Mapping[str, Any], by: User, at: datetime, today: date) -> None:
    """Correct a budget line; the event keeps what it says now, the one before what it said."""
    agreement.refuse_when_held()
    for name, value in now.items():
        setattr(line, name, value)
    _check_line(line)
    line.by_id, line.at = by.id, at
    agreement.moved(
        "budget.line_changed", by, at, today, account=line.account_code, source=line.fund_source, amount=line.amount, categories=line.categories
    )


def remove_line(agreement: Agreement, line: BudgetLine, by: User, at: datetime, today: date) -> None:
    """Take a budget line out; the event keeps what it said."""
    agreement.refuse_when_held()
    agreement.budget_lines.remove(line)
    agreement.moved(
        "budget.line_removed", by, at, today, account=line.account_code, source=line.fund_source, amount=line.amount, categories=line.categories
    )


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
