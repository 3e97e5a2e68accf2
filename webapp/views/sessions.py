"""Signing in and out."""

from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user

from .. import clock
from ..access import needs, public
from ..acting import me
from ..db import db
from ..doors import done, own_transactions
from ..forms.sessions import LoginForm
from ..login import close_session, current_token_hash, sign_in
from ..models import users

bp = Blueprint("sessions", __name__)


def _back(target: str) -> str:
    """Only to a page of ours: a path, never a host."""
    parts = urlsplit(target)
    safe = target.startswith("/") and not target.startswith(("//", "/\\")) and not parts.netloc
    return target if safe else url_for("dashboard.show")


@bp.route("/masuk", methods=["GET", "POST"])
@public
@own_transactions
def new():
    """The login page."""
    if current_user.is_authenticated and request.method == "GET":
        return redirect(url_for("dashboard.show"))
    form = LoginForm()
    if form.finished():
        if sign_in(form.login.data, form.password.data, request.remote_addr or ""):
            return redirect(_back(request.args.get("lanjut", "")), 303)
        flash("Nama pengguna atau kata sandi tidak cocok. Periksa lagi; desa masuk dengan kode desanya.", "danger")
    return render_template("sessions/new.html", form=form), 401 if form.is_submitted() else 200


@bp.post("/keluar")
@needs("own.account")
def destroy():
    """End this session."""
    close_session()
    return done(url_for("sessions.new"), "Anda sudah keluar.")


@bp.get("/sesi")
@needs("own.account")
def index():
    """Where one is signed in now."""
    return render_template("sessions/index.html", found=users.sessions_of(db.session, me(), clock.now()), mine=current_token_hash())


@bp.post("/sesi/akhiri")
@needs("own.account")
def end():
    """End one of one's own sessions, or all but this one."""
    others = [each.name for each in users.sessions_of(db.session, me(), clock.now()) if each.token_hash != current_token_hash()]
    wanted = others if request.form.get("all") else [request.form.get("name", "")]
    ended = users.end_sessions(db.session, me(), [each for each in wanted if each in others], clock.now())
    return done(url_for("sessions.index"), f"{ended} sesi diakhiri." if ended else "Sesi itu sudah berakhir.")
