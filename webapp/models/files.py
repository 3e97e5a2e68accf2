"""An uploaded file: its bytes lie in the store under their hash, unchanged; a derived copy points back to its original."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ..db import Base, VillageOwned
from .columns import Recorded


class StoredFile(Recorded, VillageOwned, Base):
    """A file of a village, served as attachment."""

    __tablename__ = "files"
    __table_args__ = (UniqueConstraint("id", "village_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    village_code: Mapped[str] = mapped_column(ForeignKey("villages.code"), index=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(120))
    original_of_id: Mapped[int | None] = mapped_column(ForeignKey("files.id"))
