"""One's own password, and the link that sets it once."""

from flask import Blueprint, abort, render_template, request, url_for
from flask_login import current_user

from ..access import needs, public
from ..db import begin_writing
from ..doors import done, own_transactions
from ..forms.passwords import InvitationForm, PasswordForm
from ..limits import limiter
from ..login import accept_invitation, change_password, check_password, invitation

bp = Blueprint("passwords", __name__)


@bp.route("/kata-sandi", methods=["GET", "POST"])
@needs("own.account")
@own_transactions
def edit():
    """Change the password; the first one must be changed at the first login."""
    form = PasswordForm()
    if form.finished():
        if check_password(current_user, form.present.data, request.remote_addr or ""):
            change_password(current_user, form.password.data)
            return done(url_for("dashboard.show"), "Kata sandi diganti. Sesi lain akun ini sudah diakhiri.")
        form.present.errors = ["Kata sandi sekarang tidak cocok."]
    return render_template("passwords/edit.html", form=form)


@bp.route("/undangan/<token>", methods=["GET", "POST"])
@public
@own_transactions
@limiter.limit("30/minute")
def accept(token: str):
    """Set a password with a link from the office."""
    row = invitation(token) or abort(404)
    form = InvitationForm()
    if form.finished():
        begin_writing()
        row = invitation(token) or abort(404)
        accept_invitation(row, form.password.data)
        return done(url_for("sessions.new"), "Kata sandi sudah dibuat. Silakan masuk.")
    return render_template("passwords/accept.html", form=form, user=row.user)
