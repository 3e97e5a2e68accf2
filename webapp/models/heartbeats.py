"""When something that works beside the web was last alive: no evidence, and written over."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ..db import Base, Moment


class Heartbeat(Base):
    """The newest turn of a worker, or of a check-up with what it counted; ``told`` never names a person."""

    __tablename__ = "heartbeats"

    worker: Mapped[str] = mapped_column(String(20), primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    told: Mapped[str] = mapped_column(Text, default="{}")

    @property
    def counted(self) -> dict[str, Any]:
        """What it counted."""
        return json.loads(self.told)
