"""Signing in: argon2id passwords, sessions kept on the server, links that set a password once.

Flask-Login underneath and small libraries beside it instead of Flask-Security: accounts have no e-mail address, a village signs in with its
code, links go by WhatsApp, and sessions are rows that can be revoked; that whole road would have had to be rebuilt inside the larger one.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from flask import Flask, redirect, request, session, url_for
from flask_login import LoginManager, current_user
from sqlalchemy import select, update
from werkzeug.wrappers import Response

from workflows import Refused

from . import clock
from .db import begin_writing, db, set_scope
from .limits import count_try
from .models import Invitation, User, UserSession, audit

SESSION_LIFE = timedelta(hours=12)
INVITATION_LIFE = timedelta(days=7)
SHORTEST_PASSWORD = 10

_hasher = PasswordHasher()
_manager = LoginManager()


def init_login(app: Flask) -> None:
    """Tell Flask-Login where sessions are kept."""
    _manager.init_app(app)
    app.before_request(_look_through_user)


def hash_password(password: str) -> str:
    """argon2id. Raises Refused for a password that is too short."""
    if len(password) < SHORTEST_PASSWORD:
        raise Refused(f"Kata sandi paling sedikit {SHORTEST_PASSWORD} karakter.")
    return _hasher.hash(password)


def _hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@cache
def _dummy_hash() -> str:
    return _hasher.hash(secrets.token_hex(16))


def _matches(user: User | None, password: str) -> bool:
    """Takes the same time for a user who does not exist."""
    try:
        _hasher.verify(user.password_hash if user else _dummy_hash(), password)
    except (VerifyMismatchError, InvalidHashError):
        return False
    return user is not None and user.is_active


def sign_in(login: str, password: str, address: str) -> User | None:
    """The user when login and password fit; opens a session on the server. Raises TooMany."""
    login = login.strip().lower()
    attempt = count_try("login", login, address)
    user = db.session.scalar(select(User).where(User.login == login))
    if not _matches(user, password):
        return None
    begin_writing()
    db.session.merge(attempt).passed = True
    open_session(user, address)  # type: ignore[arg-type]
    db.session.commit()
    return user


def open_session(user: User, address: str) -> None:
    """A new server session for the user; its token goes into the signed cookie."""
    token, now = secrets.token_urlsafe(32), clock.now()
    db.session.add(
        UserSession(token_hash=_hash_token(token), user_id=user.id, at=now, expires_at=now + SESSION_LIFE, address=address)
    )
    audit.record(db.session, "session.opened", f"user:{user.login}", actor=user.login, at=now)
    session.clear()
    session["_user_id"] = token
    session["_fresh"] = True


def current_token_hash() -> str:
    """The hash of this request's session token."""
    return _hash_token(session.get("_user_id", ""))


def close_session() -> None:
    """End this session for good: the old cookie is worth nothing afterwards."""
    db.session.execute(update(UserSession).where(UserSession.token_hash == current_token_hash()).values(revoked_at=clock.now()))
    session.clear()


def revoke_sessions(user: User, but: str = "") -> None:
    """End all sessions of the user, except the one with the token hash ``but``."""
    db.session.execute(
        update(UserSession)
        .where(UserSession.user_id == user.id, UserSession.revoked_at.is_(None), UserSession.token_hash != but)
        .values(revoked_at=clock.now())
    )


@_manager.user_loader
def _load(token: str) -> User | None:
    row = db.session.get(UserSession, _hash_token(token))
    if row is None or row.revoked_at is not None or row.expires_at <= clock.now() or not row.user.is_active:
        return None
    return row.user


@_manager.unauthorized_handler
def to_login() -> Response:
    """Lead somebody who is not signed in to the login page and back afterwards."""
    back = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("sessions.new", lanjut=back))


def _look_through_user() -> Response | None:
    """Everything that this request finds in the database is found through the person looking."""
    user = current_user._get_current_object()
    if not user.is_authenticated:
        set_scope(None)
        return None
    set_scope(user.scope)
    allowed = ("sessions.", "assets.", "passwords.", "health.")
    if user.must_change and not (request.endpoint or "").startswith(allowed):
        return redirect(url_for("passwords.edit"))
    return None


def change_password(user: User, password: str) -> None:
    """Set a password; all other sessions of the user end."""
    user.password_hash = hash_password(password)
    user.must_change = False
    revoke_sessions(user, but=current_token_hash())
    audit.record(db.session, "password.changed", f"user:{user.login}", actor=user.login, at=clock.now())


def check_password(user: User, password: str, address: str) -> bool:
    """Ask for the present password again, within the same limits as at the door. Raises TooMany."""
    attempt = count_try("login", user.login, address)
    fits = _matches(db.session.get(User, user.id), password)
    begin_writing()
    db.session.merge(attempt).passed = fits
    return fits


def invite(user: User, by: User | None) -> str:
    """A token that lets its bearer set the user's password once, within a week; earlier links die."""
    now, token = clock.now(), secrets.token_urlsafe(24)
    db.session.execute(update(Invitation).where(Invitation.user_id == user.id, Invitation.used_at.is_(None)).values(used_at=now))
    db.session.add(
        Invitation(token_hash=_hash_token(token), user_id=user.id, by_id=by.id if by else None, at=now, expires_at=now + INVITATION_LIFE)
    )
    audit.record(db.session, "invitation.made", f"user:{user.login}", actor=by.login if by else "sistem", at=now)
    return token


def invitation(token: str) -> Invitation | None:
    """The invitation that the token opens, while it is unused and in time."""
    row = db.session.get(Invitation, _hash_token(token))
    if row is None or row.used_at is not None or row.expires_at <= clock.now() or not row.user.is_active:
        return None
    return row


def accept_invitation(row: Invitation, password: str) -> User:
    """Set the password, use the link up, end every session that stood before."""
    user = row.user
    user.password_hash = hash_password(password)
    user.must_change = False
    row.used_at = clock.now()
    revoke_sessions(user)
    audit.record(db.session, "invitation.used", f"user:{user.login}", actor=user.login, at=clock.now())
    return user


def wants_login() -> bool:
    """Is nobody signed in?"""
    return not current_user.is_authenticated
