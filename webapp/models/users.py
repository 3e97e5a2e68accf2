"""Who may sign in, with what, and where they are signed in now."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from flask_login import UserMixin
from sqlalchemy import ForeignKey, Index, String, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from workflows import NotYours, Refused

from ..db import Base, Moment
from . import audit
from .regions import Kabupaten, Kecamatan, Village


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

    @property
    def name(self) -> str:
        """How a link names it: the beginning of the hash, which opens nothing."""
        return self.token_hash[:16]


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


def may_manage(by: User, whom: User) -> bool:
    """An administrator manages the people within his own scope; legal staff only the accounts of villages."""
    if not whom.scope.startswith(by.scope):
        return False
    return by.role == "admin" or (by.role == "legal" and whom.role == "village")


def managed_by(session: Session, by: User, role: str = "", words: str = "") -> list[User]:
    """The accounts that a person may manage, filtered by role and by words of name or login."""
    query = select(User).where(User.scope.startswith(by.scope, autoescape=True)).order_by(User.role, User.login)
    if role or by.role != "admin":
        query = query.where(User.role == (role if by.role == "admin" else "village"))
    if words:
        query = query.where(User.login.icontains(words, autoescape=True) | User.name.icontains(words, autoescape=True))
    return list(session.scalars(query))


def last_logins(session: Session) -> dict[int, datetime]:
    """When each user signed in last."""
    return dict(session.execute(select(UserSession.user_id, func.max(UserSession.at)).group_by(UserSession.user_id)).all())


def sessions_of(session: Session, user: User, now: datetime) -> list[UserSession]:
    """Where the user is signed in now, the newest first."""
    stands = (UserSession.user_id == user.id, UserSession.revoked_at.is_(None), UserSession.expires_at > now)
    return list(session.scalars(select(UserSession).where(*stands).order_by(UserSession.at.desc(), UserSession.token_hash)))


def end_sessions(session: Session, user: User, names: Collection[str], now: datetime) -> int:
    """End the named sessions of the user, and of nobody else; how many stood."""
    ended = [each for each in sessions_of(session, user, now) if each.name in names]
    for each in ended:
        each.revoked_at = now
    if ended:
        audit.record(session, "session.ended", f"user:{user.login}", actor=user.login, at=now, sessions=len(ended))
    return len(ended)


def add_user(session: Session, user: User, by: User, at: datetime) -> User:
    """A new account; its password comes by invitation. Raises NotYours outside one's own reach, Refused for a login that is taken."""
    if not may_manage(by, user):
        raise NotYours("Akun dengan peran atau wilayah itu dibuat oleh administrator.")
    if session.scalar(select(User.id).where(User.login == user.login)):
        raise Refused(f"Nama pengguna {user.login} sudah dipakai.")
    user.at = at
    session.add(user)
    session.flush()
    audit.record(session, "user.added", f"user:{user.login}", actor=by.login, at=at, role=user.role, scope=user.scope)
    return user


def dismiss(session: Session, user: User, by: User, at: datetime) -> None:
    """From now on the account opens nothing: its sessions and links end at once. Raises Refused for oneself and for the last administrator."""
    _refuse_beyond(by, user)
    if user.id == by.id:
        raise Refused("Akun sendiri tidak dapat dinonaktifkan. Mintalah administrator lain.")
    if user.dismissed_at is not None:
        raise Refused("Akun ini sudah nonaktif.")
    if user.role == "admin" and not _other_admins(session, user):
        raise Refused("Ini administrator terakhir. Buat administrator lain dahulu.")
    user.dismissed_at = at
    quietly = {"synchronize_session": False}
    session.execute(update(UserSession).where(UserSession.user_id == user.id, UserSession.revoked_at.is_(None)).values(revoked_at=at), execution_options=quietly)
    session.execute(update(Invitation).where(Invitation.user_id == user.id, Invitation.used_at.is_(None)).values(used_at=at), execution_options=quietly)
    audit.record(session, "user.dismissed", f"user:{user.login}", actor=by.login, at=at)


def reinstate(session: Session, user: User, by: User, at: datetime) -> None:
    """The account may sign in again, with the password that it had. Raises Refused when it never was dismissed."""
    _refuse_beyond(by, user)
    if user.dismissed_at is None:
        raise Refused("Akun ini aktif.")
    user.dismissed_at = None
    audit.record(session, "user.reinstated", f"user:{user.login}", actor=by.login, at=at)


def refuse_dismissed(user: User) -> None:
    """Raise Refused for an account that opens nothing."""
    if user.dismissed_at is not None:
        raise Refused("Akun ini nonaktif. Aktifkan dahulu, lalu buat tautannya.")


def places(session: Session) -> dict[str, str]:
    """What each scope covers, in words: a village, a kecamatan, or the whole kabupaten."""
    found = {f"{each.code}.": f"Kabupaten {each.name}" for each in session.scalars(select(Kabupaten))}
    found |= {f"{each.code}.": f"Kecamatan {each.name}" for each in session.scalars(select(Kecamatan))}
    return found | {each.code: each.full_name for each in session.scalars(select(Village))}


def _refuse_beyond(by: User, user: User) -> None:
    if not may_manage(by, user):
        raise NotYours("Akun ini diurus oleh administrator.")


def _other_admins(session: Session, user: User) -> int:
    others = select(func.count()).select_from(User).where(User.role == "admin", User.id != user.id, User.dismissed_at.is_(None))
    return session.scalar(others) or 0


SYSTEM_LOGIN = "sistem"


TABLE_HEAD = ("Nama", "Nama pengguna", "Peran", "Wilayah", "Terakhir masuk", "Nonaktif sejak")


def as_row(user: User, roles: Mapping[str, str], places: Mapping[str, str], last: Mapping[int, datetime]) -> tuple[Any, ...]:
    """The account as a row of a table file."""
    return (user.name, user.login, roles[user.role], places.get(user.scope, user.scope or "Semua"), last.get(user.id), user.dismissed_at)
