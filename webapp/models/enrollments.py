"""Enrollment at BPJS Ketenagakerjaan: handed in, validated or returned, billed, paid, active."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflows import Refused, agreement as law
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


def record_step(agreement: Agreement, step: EnrollmentStep, by: User, at: datetime, today: date) -> EnrollmentStep:
    """Take the next step. Raises NotYet when an earlier sentence is open, Refused when the step was taken or lacks what it needs."""
    agreement.refuse_when_held()
    _check_content(agreement, step, today)
    if step.kind == "returned":
        if step_of(agreement, "handed_in") is None or step_of(agreement, "billing_code") is not None:
            raise Refused("Berkas hanya dapat dikembalikan sesudah diserahkan dan sebelum kode iuran terbit.")
    else:
        if step_of(agreement, step.kind) is not None and step.kind != "payment":
            raise Refused(f"{STEP_NAMES[step.kind]}: sudah dicatat.")
        law.require(agreement, today, law.slugs_before(CONDITION_OF[step.kind]))
    step.by, step.by_id, step.at = by, by.id, at
    agreement.add(step)
    agreement.moved(f"enrollment.{step.kind}", by, at, today, on=step.on, number=step.number, amount=step.amount)
    return step


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


