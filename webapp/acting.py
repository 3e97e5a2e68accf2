"""Who acts, and when: what every act of the domain wants to know from the door."""

from __future__ import annotations

from typing import Any

from flask_login import current_user

from . import clock
from .models import User


def me() -> User:
    """The person who is signed in, as the row itself."""
    return current_user._get_current_object()


def acting() -> dict[str, Any]:
    """``by``, ``at`` and ``today`` for an act: ``freeze(agreement, **acting())``."""
    return {"by": me(), "at": clock.now(), "today": clock.today()}
