"""A form sent twice acts once: the key that came with the form, and where its sender was led."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from ..db import Base, Moment


class Deed(Base):
    """A form's key, used up in the same transaction as its effect."""

    __tablename__ = "deeds"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    endpoint: Mapped[str] = mapped_column(String(80))
    location: Mapped[str] = mapped_column(String(400))
    at: Mapped[datetime] = mapped_column(Moment)
