"""Accounts: who may sign in, with which role, for which part of the region; links that set a password; who may not any more."""

from __future__ import annotations

import secrets

from flask import Blueprint, abort, current_app, render_template, request, url_for

from .. import clock, exports
from ..access import ROLES, needs
from ..acting import me
from ..db import db
from ..doors import done
from ..forms.users import UserForm
from ..login import INVITATION_LIFE, hash_password, invite
from ..models import User, users

bp = Blueprint("users", __name__, url_prefix="/pengguna")


def _mine(user: User) -> User:
    """An account beyond one's reach is not there."""
    return user if users.may_manage(me(), user) else abort(404)


@bp.get("")
@needs("users.manage|invite.village")
def index():
    """The accounts within reach."""
    role, words = request.args.get("peran", ""), request.args.get("cari", "").strip()
    found = users.managed_by(db.session, me(), role, words)
    places = users.places(db.session)
    return render_template("users/index.html", found=found, last=users.last_logins(db.session), places=places, role=role, words=words, roles=ROLES)


@bp.get("/unduh.<any(xlsx, csv):form>")
@needs("users.manage|invite.village")
def export(form: str):
    """The accounts as filtered."""
    found = users.managed_by(db.session, me(), request.args.get("peran", ""), request.args.get("cari", "").strip())
    places, last = users.places(db.session), users.last_logins(db.session)
    return exports.table_file(form, "pengguna", users.TABLE_HEAD, [users.as_row(each, ROLES, places, last) for each in found])


@bp.route("/baru", methods=["GET", "POST"])
@needs("users.manage|invite.village")
def new():
    """A new account; then its first link is made."""
    form = UserForm(me())
    if form.finished():
        user = users.add_user(db.session, form.user(hash_password(secrets.token_hex(24))), me(), clock.now())
        return done(url_for("users.show", user=user), "Akun dibuat. Buat tautannya, lalu kirimkan.")
    return render_template("users/new.html", form=form)


@bp.get("/<user:user>")
@needs("users.manage|invite.village")
def show(user: User):
    """One account and what can be done with it."""
    last = users.last_logins(db.session).get(_mine(user).id)
    return render_template("users/show.html", user=user, last=last, places=users.places(db.session), itself=user.id == me().id)


@bp.post("/<user:user>/tautan")
@needs("users.manage|invite.village")
def link(user: User):
    """A link that sets a password once. It is shown on this answer and never again: only its hash is kept."""
    users.refuse_dismissed(_mine(user))
    token = invite(user, me())
    done(url_for("users.show", user=user), "Tautan dibuat.")
    address = current_app.config["SINERGI"].public_url + url_for("passwords.accept", token=token)
    return render_template("users/link.html", user=user, address=address, until=clock.now() + INVITATION_LIFE)


@bp.post("/<user:user>/nonaktifkan")
@needs("users.manage|invite.village")
def dismiss(user: User):
    """The account opens nothing any more."""
    users.dismiss(db.session, _mine(user), me(), clock.now())
    return done(url_for("users.show", user=user), f"Akun {user.login} dinonaktifkan; semua sesinya diakhiri.")


@bp.post("/<user:user>/aktifkan")
@needs("users.manage|invite.village")
def reinstate(user: User):
    """The account may sign in again."""
    users.reinstate(db.session, _mine(user), me(), clock.now())
    return done(url_for("users.show", user=user), f"Akun {user.login} aktif lagi.")
