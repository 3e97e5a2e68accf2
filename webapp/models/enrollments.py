"""Enrollment at BPJS Ketenagakerjaan: handed in, validated or returned, billed, paid, active."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from itertools import dropwhile, takewhile
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflows import NotYet, Refused
from workflows import agreement as law
from workflows.contributions import months_between
from workflows.facts import StepSeen
from workflows.stages.enrollment import step_of

from ..db import Base, Rupiah
from .columns import OfAgreement, Recorded
from .files import StoredFile
from .users import User

if TYPE_CHECKING:
    from .agreements import Agreement

STEP_NAMES = {
    "handed_in": "Berkas diserahkan",
    "returned": "Berkas dikembalikan BPJS",
    "validated": "Berkas divalidasi",
    "billing_code": "Kode iuran terbit",
    "payment": "Iuran dibayar",
    "active": "Kepesertaan aktif",
}
CONDITION_OF = {
    "handed_in": "files_handed_in",
    "validated": "validated",
    "billing_code": "billing_code",
    "payment": "first_payment",
    "active": "active",
}


class EnrollmentStep(Recorded, OfAgreement, Base):
    """A step with its date, person and number; a payment says which contribution months (BLTH) it covers."""

    __tablename__ = "enrollment_steps"

    kind: Mapped[str] = mapped_column(String(12))
    on: Mapped[date]
    number: Mapped[str] = mapped_column(String(60), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    blth_first: Mapped[date | None]
    blth_last: Mapped[date | None]
    amount: Mapped[Decimal | None] = mapped_column(Rupiah)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("files.id"))

    file: Mapped[StoredFile | None] = relationship(lazy="joined")
    by: Mapped[User] = relationship(lazy="joined")

    def as_seen(self) -> StepSeen:
        """The step as the rules see it."""
        return StepSeen(self.kind, self.on, self.number, self.reason)


def check_step(agreement: Agreement, kind: str, today: date) -> None:
    """May this step be taken now? Raises NotYet when an earlier sentence is open, Refused when it was taken or came too late."""
    agreement.refuse_when_held()
    if kind == "returned":
        if step_of(agreement, "handed_in") is None or step_of(agreement, "billing_code") is not None:
            raise Refused("Berkas hanya dapat dikembalikan sesudah diserahkan dan sebelum kode iuran terbit.")
        return
    if step_of(agreement, kind) is not None and kind != "payment":
        raise Refused(f"{STEP_NAMES[kind]}: sudah dicatat.")
    law.require(agreement, today, law.slugs_before(CONDITION_OF[kind]))


def why_not_step(agreement: Agreement, kind: str, today: date) -> str:
    """What keeps this step from being taken, in a sentence; empty when nothing does."""
    try:
        check_step(agreement, kind, today)
    except (NotYet, Refused) as refusal:
        return str(refusal)
    return ""


def record_step(agreement: Agreement, step: EnrollmentStep, by: User, at: datetime, today: date) -> EnrollmentStep:
    """Take the next step. Raises what ``check_step`` does, and Refused when the step lacks what it needs."""
    check_step(agreement, step.kind, today)
    _check_content(agreement, step, today)
    step.by, step.by_id, step.at = by, by.id, at
    agreement.add(step)
    agreement.moved(f"enrollment.{step.kind}", by, at, today, on=step.on, number=step.number, amount=step.amount)
    return step


def amount_due(agreement: Agreement, first: date, last: date) -> Decimal:
    """Rupiah that the pinned list owes from ``first`` to ``last`` (BLTH, both included)."""
    rows = agreement.roster_version.owed if agreement.roster_version else ()
    spans = ((each.per_month, max(first, each.first), min(last, each.last)) for each in rows)
    return sum((per_month * len(list(months_between(start, end))) for per_month, start, end in spans), Decimal())


def next_months(agreement: Agreement) -> tuple[date, date] | None:
    """The contribution months that no payment covers yet, from the first gap to the next payment or the end; None when all are paid."""
    paid = {month for each in agreement.steps if each.kind == "payment" for month in months_between(each.blth_first, each.blth_last)}
    due = list(months_between(*agreement.months))
    unpaid = list(takewhile(lambda month: month not in paid, dropwhile(lambda month: month in paid, due)))
    return (unpaid[0], unpaid[-1]) if unpaid else None


def _check_content(agreement: Agreement, step: EnrollmentStep, today: date) -> None:
    if step.on > today:
        raise Refused("Tanggal belum tiba.")
    if step.kind == "returned" and not step.reason:
        raise Refused("Tuliskan alasan pengembalian berkas.")
    if step.kind == "billing_code" and not step.number:
        raise Refused("Isikan kode iuran.")
    if step.kind == "payment":
        _check_payment(agreement, step)


def _check_payment(agreement: Agreement, step: EnrollmentStep) -> None:
    if step.file is None:
        raise Refused("Unggah bukti pembayarannya.")
    if not step.amount or step.amount <= 0 or not step.blth_first or not step.blth_last:
        raise Refused("Isikan jumlah yang dibayar dan bulan iuran (BLTH) dari–sampai.")
    first, last = agreement.months
    if not first <= step.blth_first <= step.blth_last <= last:
        raise Refused(f"Bulan iuran di luar masa perjanjian ({first:%m-%Y} s.d. {last:%m-%Y}).")
    for paid in agreement.steps:
        if paid.kind == "payment" and paid.blth_first <= step.blth_last and step.blth_first <= paid.blth_last:
            raise Refused(f"Bulan {paid.blth_first:%m-%Y} s.d. {paid.blth_last:%m-%Y} sudah tercatat dibayar.")
