"""Columns and keys that many nouns share: the village a row belongs to, the agreement it is evidence for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from ..db import Moment, VillageOwned


class OfAgreement(VillageOwned):
    """A row of one agreement. The composite key makes a link across villages impossible in the schema itself (T1)."""

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(index=True)
    village_code: Mapped[str] = mapped_column(String(13), index=True)

    @declared_attr.directive
    def __table_args__(cls) -> tuple[ForeignKeyConstraint, ...]:
        return (ForeignKeyConstraint(["agreement_id", "village_code"], ["agreements.id", "agreements.village_code"]), *cls.more_table_args())

    @classmethod
    def more_table_args(cls) -> tuple:
        """Further constraints of the table."""
        return ()


class Recorded:
    """Who put the row there, and when."""

    at: Mapped[datetime] = mapped_column(Moment)

    @declared_attr
    def by_id(cls) -> Mapped[int]:
        return mapped_column(ForeignKey("users.id"))
