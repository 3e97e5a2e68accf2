"""A signature: what was signed, when, where, with which evidence; somebody else than the uploader confirms it."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workflows import NotYet, NotYours, Refused
from workflows import agreement as law
from workflows.facts import SignatureSeen
from workflows.stages.signature import SIGNERS

from ..db import Base
from .columns import OfAgreement, Recorded
from .expedition import offer
from .files import StoredFile
from .users import User

if TYPE_CHECKING:
    from .agreements import Agreement
    from .scans import ScanProof


class SignatureReview(Recorded, Base):
    """A second person's word on the evidence: confirmed, or rejected with a reason."""

    __tablename__ = "signature_reviews"

    id: Mapped[int] = mapped_column(primary_key=True)
    signature_id: Mapped[int] = mapped_column(ForeignKey("signatures.id"), unique=True)
    confirmed: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text, default="")

    by: Mapped[User] = relationship(lazy="joined")


class Signature(Recorded, OfAgreement, Base):
    """``signer`` is kesatu, kedua or annex; ``method`` is wet_ink, or taken_over for a scan from the archive (certificates come later). Never overwritten: a correction is a new row."""

    __tablename__ = "signatures"

    signer: Mapped[str] = mapped_column(String(8))
    on: Mapped[date]
    place: Mapped[str] = mapped_column(String(80))
    method: Mapped[str] = mapped_column(String(12), default="wet_ink")
    file_id: Mapped[int] = mapped_column(ForeignKey("files.id"))

    file: Mapped[StoredFile] = relationship(lazy="joined")
    by: Mapped[User] = relationship(lazy="joined")
    review: Mapped[SignatureReview | None] = relationship(lazy="joined")
    proof: Mapped[ScanProof | None] = relationship(foreign_keys="[ScanProof.signature_id, ScanProof.village_code]", viewonly=True)

    @classmethod
    def more_table_args(cls) -> tuple:
        """A target for links within the village."""
        return (Index("uq_signatures_id_village_code", "id", "village_code", unique=True),)

    @property
    def hands(self) -> set[int]:
        """Everybody who had a hand in the evidence: who recorded it, and who photographed or placed a page of it."""
        return {self.by_id} | (self.proof.hands if self.proof else set())

    @property
    def village_name_of_signer(self) -> str:
        """What was signed, in the words of the paper."""
        return SIGNERS[self.signer]

    def as_seen(self) -> SignatureSeen:
        """The signature as the rules see it."""
        confirmed_by = self.review.by.login if self.review and self.review.confirmed else None
        return SignatureSeen(self.signer, self.on, self.place, self.method, bool(self.file_id), self.by.login, confirmed_by)


def check_signing(agreement: Agreement, signer: str, today: date) -> None:
    """May this signature be recorded now? Raises NotYet before the draft is approved and the paper numbered, Refused when it was signed already."""
    agreement.refuse_when_held()
    standing = agreement.standing_signature(signer)
    if standing is not None:
        raise Refused(f"{SIGNERS[signer]} sudah ditandatangani pada {standing.on:%d-%m-%Y}. Bila buktinya keliru, tolak dahulu dengan alasan.")
    if agreement.takeover:
        return  # signed before this register began: the scan only proves it
    law.require(agreement, today, [each.slug for each in law.STAGES[0].conditions])
    if not agreement.numbers[0]:
        law.require(agreement, today, ["numbers_known"])


def why_not_sign(agreement: Agreement, signer: str, today: date) -> str:
    """What keeps this signature from being recorded, in a sentence; empty when nothing does."""
    try:
        check_signing(agreement, signer, today)
    except (NotYet, Refused) as refusal:
        return str(refusal)
    return ""


def sign(agreement: Agreement, signer: str, on_day: date, place: str, file: StoredFile, by: User, at: datetime, today: date) -> Signature:
    """Record a signature with its evidence. Raises what ``check_signing`` does, and Refused when the day is impossible."""
    check_signing(agreement, signer, today)
    if on_day > today:
        raise Refused("Tanggal penandatanganan belum tiba.")
    if agreement.dated_on and on_day < agreement.dated_on:
        raise Refused(f"Tanggal penandatanganan mendahului tanggal perjanjian ({agreement.dated_on:%d-%m-%Y}).")
    method = "taken_over" if agreement.takeover else "wet_ink"
    signature = Signature(signer=signer, on=on_day, place=place, method=method, file=file, by=by, by_id=by.id, at=at)
    agreement.add(signature)
    agreement.moved("signature.recorded", by, at, today, signer=signer, on=on_day, file=file.sha256)
    return signature


def refuse_own(signature: Signature, by: User) -> None:
    """Four eyes: raises NotYours for the uploader, and for who sent or placed one of its pages."""
    if by.id in signature.hands:
        raise NotYours("Bukti yang Anda unggah sendiri harus dikonfirmasi orang lain.")


def review(signature: Signature, agreement: Agreement, confirmed: bool, reason: str, by: User, at: datetime, today: date) -> SignatureReview:
    """Confirm or reject the evidence of a signature. Raises NotYours for the uploader, Refused when it was reviewed already."""
    agreement.refuse_when_held()
    refuse_own(signature, by)
    if signature.review is not None:
        raise Refused("Bukti ini sudah diperiksa.")
    if not confirmed and not reason.strip():
        raise Refused("Tuliskan mengapa bukti ini ditolak.")
    if not confirmed and any(each.kind for each in agreement.steps):
        raise Refused("Kepesertaan sudah berjalan atas perjanjian ini; bukti tidak dapat ditolak lagi.")
    verdict = SignatureReview(signature_id=signature.id, confirmed=confirmed, reason=reason.strip(), by=by, by_id=by.id, at=at)
    signature.review = verdict
    agreement.moved("signature.confirmed" if confirmed else "signature.rejected", by, at, today, signer=signature.signer)
    if confirmed and signature.signer == "annex":
        offer(agreement, signature, by, at, today)
    return verdict
