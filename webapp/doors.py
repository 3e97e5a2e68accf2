"""What happens at every door, in this order: who is it, does the thing exist for him, may he do it, then — for a POST — files, lock, act once."""

from __future__ import annotations

from flask import Flask, abort, current_app, flash, g, redirect, request
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from . import clock, discreet, uploads
from .access import may
from .converters import Wanted
from .db import begin_writing, db
from .login import to_login
from .models import Deed, Installation
from .plain import refuse_unseen

CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# Views that say themselves when they write: signing in counts tries in transactions of its own.
OWN_TRANSACTIONS = "own_transactions"


def init_doors(app: Flask) -> None:
    """Install the checks before, and the headers after, every request."""
    app.before_request(_pass_the_door)
    app.after_request(_headers)


def own_transactions(view):
    """Mark a view that begins its writing transactions by itself."""
    setattr(view, OWN_TRANSACTIONS, True)
    return view


def _pass_the_door() -> Response | None:
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None:
        return None
    refuse_unseen(request)
    verb = view.needs  # type: ignore[attr-defined]  # a view without one is a mistake that must be loud
    if verb and not current_user.is_authenticated:
        return to_login()
    _load_wanted()
    if verb and not any(may(current_user, each) for each in verb.split("|")):
        abort(403)
    if request.method == "POST" and request.url_rule and "GET" not in request.url_rule.methods:
        discreet.refuse(request)  # a form with a page of its own says it beside the field
    if request.method in ("GET", "HEAD", "OPTIONS") or getattr(view, OWN_TRANSACTIONS, False):
        return None
    uploads.receive()  # parsed and stored before the lock is taken
    begin_writing()
    return done_before()


def _load_wanted() -> None:
    for name, value in (request.view_args or {}).items():
        if isinstance(value, Wanted):
            row = value.load()
            if row is None:
                abort(404)
            request.view_args[name] = row  # type: ignore[index]


def done_before() -> Response | None:
    """A form that arrives a second time leads to where the first one led."""
    deed = find_deed()
    if deed is None:
        return None
    flash("Kiriman ini sudah diterima sebelumnya.", "info")
    return redirect(deed.location, 303)


def find_deed() -> Deed | None:
    """What the form's key did already, for this user."""
    key = request.form.get("once", "")
    if not key or not current_user.is_authenticated:
        return None
    return db.session.scalar(select(Deed).where(Deed.key == key[:64], Deed.user_id == current_user.id))


def done(location: str, message: str) -> Response:
    """The last line of a view that acted: one commit with the form's key in it, then lead on."""
    commit_once(location)
    flash(message, "success")
    return redirect(location, 303)


def commit_once(location: str) -> None:
    """Commit with the form's key: sent again, the form leads to ``location``."""
    key = request.form.get("once", "")[:64]
    if key and current_user.is_authenticated:
        db.session.add(Deed(key=key, user_id=current_user.id, endpoint=request.endpoint or "", location=location, at=clock.now()))
    db.session.commit()


def is_demo() -> bool:
    """Does this installation show invented data? Asked once per request."""
    if "demo" not in g:
        row = db.session.get(Installation, 1)
        g.demo = bool(row and row.demo) or current_app.config["SINERGI"].demo
    return g.demo


def _headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CSP)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    if "Cache-Control" not in headers:
        headers["Cache-Control"] = "no-store"
    return response
