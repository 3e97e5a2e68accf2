"""Who may sign in, with what, and where they are signed in now."""

from __future__ import annotations

from datetime import datetime

from flask_login import UserMixin
from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..db import Base, Moment


class User(UserMixin, Base):
    """A person with a role. ``scope`` is the code prefix of the villages that he may see: "" all, a kecamatan's, or one village's."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(160))
    role: Mapped[str] = mapped_column(String(12))
    scope: Mapped[str] = mapped_column(String(13))
    password_hash: Mapped[str] = mapped_column(String(200))
    must_change: Mapped[bool] = mapped_column(default=True)
    dismissed_at: Mapped[datetime | None] = mapped_column(Moment)
    at: Mapped[datetime] = mapped_column(Moment)

    @property
    def is_active(self) -> bool:
        """A dismissed user cannot sign in."""
        return self.dismissed_at is None


class UserSession(Base):
    """A login that stands. Only the hash of its token is kept; revoked at logout, password change and dismissal (T13)."""

    __tablename__ = "user_sessions"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)
    address: Mapped[str] = mapped_column(String(45), default="")

    user: Mapped[User] = relationship(lazy="joined")


class LoginAttempt(Base):
    """A try at a secret, counted before the secret is looked at, so that limits hold under any haste."""

    __tablename__ = "login_attempts"
    __table_args__ = (Index("ix_login_attempts_window", "kind", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    login: Mapped[str] = mapped_column(String(80))
    address: Mapped[str] = mapped_column(String(45))
    at: Mapped[datetime] = mapped_column(Moment)
    passed: Mapped[bool] = mapped_column(default=False)


class Invitation(Base):
    """A link that lets its bearer set a password once; handed out by WhatsApp or on paper. Only the token's hash is kept."""

    __tablename__ = "invitations"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)

    user: Mapped[User] = relationship(foreign_keys=[user_id], lazy="joined")
