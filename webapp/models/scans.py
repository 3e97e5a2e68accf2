"""Signed pages as they were photographed: the file as it was sent, the straightened picture, where each was placed, what a signature rests on."""

from __future__ import annotations

from sqlalchemy import ForeignKeyConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db import Base, VillageOwned
from .columns import OfAgreement, Recorded
from .files import StoredFile
from .letters import Letter
from .signatures import Signature
from .users import User

# What is collected together: the agreement, or both annexes, which the village head signs both.
PAPERS = {"perjanjian": ("perjanjian_desa",), "lampiran": ("lampiran_peserta", "lampiran_iuran")}
PAPER_NAMES = {"perjanjian": "Perjanjian", "lampiran": "Lampiran I dan II"}
PAPER_OF = {"kesatu": "perjanjian", "kedua": "perjanjian", "annex": "lampiran"}
SHORT = {"perjanjian_desa": "Perjanjian", "lampiran_peserta": "Lampiran I", "lampiran_iuran": "Lampiran II"}


def _of_village(*names: str, to: str) -> ForeignKeyConstraint:
    """A link that cannot cross villages (T1)."""
    return ForeignKeyConstraint([*names, "village_code"], [f"{to}.id", f"{to}.village_code"])


class Scan(Recorded, OfAgreement, Base):
    """One collecting of the signed pages of one original; ``number`` counts those begun anew."""

    __tablename__ = "scans"

    paper: Mapped[str] = mapped_column(String(12))
    rangkap: Mapped[int]
    number: Mapped[int]

    by: Mapped[User] = relationship(lazy="joined")
    pages: Mapped[list[ScanPage]] = relationship(order_by="ScanPage.id", foreign_keys="[ScanPage.scan_id, ScanPage.village_code]", viewonly=True)
    placements: Mapped[list[ScanPlacement]] = relationship(order_by="ScanPlacement.id", foreign_keys="[ScanPlacement.scan_id, ScanPlacement.village_code]", viewonly=True)
    proofs: Mapped[list[ScanProof]] = relationship(order_by="ScanProof.id", foreign_keys="[ScanProof.scan_id, ScanProof.village_code]", viewonly=True)

    @classmethod
    def more_table_args(cls) -> tuple:
        """One of each number, and a target for links within the village."""
        return (UniqueConstraint("agreement_id", "paper", "rangkap", "number"), UniqueConstraint("id", "village_code"))

    @property
    def signers(self) -> tuple[str, ...]:
        """Whose signatures stand on this paper."""
        return tuple(signer for signer, paper in PAPER_OF.items() if paper == self.paper)

    @property
    def name(self) -> str:
        """Lampiran I dan II, Rangkap 1"""
        return f"{PAPER_NAMES[self.paper]}, Rangkap {self.rangkap}"


class ScanPage(Recorded, VillageOwned, Base):
    """A page that arrived: the file as it was sent, the straightened picture, and what its code says (nothing when it could not be read)."""

    __tablename__ = "scan_pages"
    __table_args__ = (
        _of_village("scan_id", to="scans"),
        _of_village("original_id", to="files"),
        _of_village("picture_id", to="files"),
        _of_village("letter_id", to="letters"),
        UniqueConstraint("scan_id", "sha256", "nth"),
        UniqueConstraint("id", "village_code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    scan_id: Mapped[int] = mapped_column(index=True)
    village_code: Mapped[str] = mapped_column(String(13), index=True)
    original_id: Mapped[int]
    picture_id: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))  # of the file as it was sent
    nth: Mapped[int]  # which page of it
    letter_id: Mapped[int | None]
    page: Mapped[int | None]
    flattened: Mapped[str] = mapped_column(String(8))  # by its corners, by the code, by edges without a code, or not at all ("none")
    width_mm: Mapped[int]
    height_mm: Mapped[int]

    original: Mapped[StoredFile] = relationship(foreign_keys="[ScanPage.original_id, ScanPage.village_code]", viewonly=True)
    picture: Mapped[StoredFile] = relationship(foreign_keys="[ScanPage.picture_id, ScanPage.village_code]", viewonly=True)
    letter: Mapped[Letter | None] = relationship(foreign_keys="[ScanPage.letter_id, ScanPage.village_code]", viewonly=True)
    scan: Mapped[Scan] = relationship(foreign_keys="[ScanPage.scan_id, ScanPage.village_code]", viewonly=True)
    by: Mapped[User] = relationship(lazy="joined")


class ScanPlacement(Recorded, VillageOwned, Base):
    """Which page of which paper a photographed page is; without a page: it is not used. By hand it has a reason."""

    __tablename__ = "scan_placements"
    __table_args__ = (
        _of_village("scan_id", to="scans"),
        _of_village("scan_page_id", to="scan_pages"),
        _of_village("letter_id", to="letters"),
        UniqueConstraint("id", "village_code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    scan_id: Mapped[int] = mapped_column(index=True)
    village_code: Mapped[str] = mapped_column(String(13), index=True)
    scan_page_id: Mapped[int]
    letter_id: Mapped[int | None]
    page: Mapped[int | None]
    by_hand: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text, default="")

    scan_page: Mapped[ScanPage] = relationship(foreign_keys="[ScanPlacement.scan_page_id, ScanPlacement.village_code]", viewonly=True)
    letter: Mapped[Letter | None] = relationship(foreign_keys="[ScanPlacement.letter_id, ScanPlacement.village_code]", viewonly=True)
    by: Mapped[User] = relationship(lazy="joined")


class ScanProof(Recorded, OfAgreement, Base):
    """The photographed pages that a signature rests on."""

    __tablename__ = "scan_proofs"

    scan_id: Mapped[int] = mapped_column(index=True)
    signature_id: Mapped[int] = mapped_column(unique=True)

    scan: Mapped[Scan] = relationship(foreign_keys="[ScanProof.scan_id, ScanProof.village_code]", viewonly=True)
    signature: Mapped[Signature] = relationship(foreign_keys="[ScanProof.signature_id, ScanProof.village_code]", viewonly=True)
    pages: Mapped[list[ScanProofPage]] = relationship(order_by="ScanProofPage.position", foreign_keys="[ScanProofPage.proof_id, ScanProofPage.village_code]", viewonly=True)

    @classmethod
    def more_table_args(cls) -> tuple:
        """Links within the village."""
        return (_of_village("scan_id", to="scans"), _of_village("signature_id", to="signatures"), UniqueConstraint("id", "village_code"))

    @property
    def hands(self) -> set[int]:
        """Everybody who had a hand in it: who recorded it, sent a page of it or placed one."""
        placements = [each.placement for each in self.pages]
        return {self.by_id} | {each.by_id for each in placements} | {each.scan_page.by_id for each in placements}


class ScanProofPage(VillageOwned, Base):
    """One page of the proof, in its place."""

    __tablename__ = "scan_proof_pages"
    __table_args__ = (_of_village("proof_id", to="scan_proofs"), _of_village("placement_id", to="scan_placements"), UniqueConstraint("proof_id", "position"))

    id: Mapped[int] = mapped_column(primary_key=True)
    proof_id: Mapped[int]
    village_code: Mapped[str] = mapped_column(String(13), index=True)
    position: Mapped[int]
    placement_id: Mapped[int]

    placement: Mapped[ScanPlacement] = relationship(foreign_keys="[ScanProofPage.placement_id, ScanProofPage.village_code]", viewonly=True)
