"""Kabupaten, kecamatan and villages by their Kemendagri codes; names repeat, codes do not."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship, synonym

from ..db import Base, VillageOwned


class Kabupaten(Base):
    """A regency, code ``PP.KK``."""

    __tablename__ = "kabupaten"

    code: Mapped[str] = mapped_column(String(5), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))


class Kecamatan(Base):
    """A district, code ``PP.KK.CC``."""

    __tablename__ = "kecamatan"

    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    kabupaten_code: Mapped[str] = mapped_column(ForeignKey("kabupaten.code"))

    kabupaten: Mapped[Kabupaten] = relationship(lazy="joined")


class Village(VillageOwned, Base):
    """A desa (in the programme) or kelurahan (outside it), code ``PP.KK.CC.TNNN``; T = 2 for desa, 1 for kelurahan."""

    __tablename__ = "villages"

    code: Mapped[str] = mapped_column(String(13), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    kecamatan_code: Mapped[str] = mapped_column(ForeignKey("kecamatan.code"), index=True)
    address: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")

    village_code = synonym("code")
    kecamatan: Mapped[Kecamatan] = relationship(lazy="joined")

    @property
    def is_desa(self) -> bool:
        """Told by the first digit of the last part, never by the order of codes."""
        return self.code.rsplit(".", 1)[1].startswith("2")

    @property
    def kind(self) -> str:
        """desa or kelurahan."""
        return "desa" if self.is_desa else "kelurahan"

    @property
    def full_name(self) -> str:
        """With kecamatan, because names repeat."""
        return f"{self.kind.capitalize()} {self.name}, Kecamatan {self.kecamatan.name}"
