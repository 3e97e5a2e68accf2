"""Forms that set a password."""

from wtforms import PasswordField
from wtforms.validators import EqualTo, Length

from ..login import SHORTEST_PASSWORD
from .base import Form, Required


class InvitationForm(Form):
    """A new password, typed twice."""

    password = PasswordField(
        "Kata sandi baru",
        [Required(), Length(min=SHORTEST_PASSWORD, max=200)],
        description=f"Paling sedikit {SHORTEST_PASSWORD} karakter; kalimat pendek lebih mudah diingat.",
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        "Ulangi kata sandi baru", [Required(), EqualTo("password", "Tidak sama dengan yang di atas.")], render_kw={"autocomplete": "new-password"}
    )


class PasswordForm(InvitationForm):
    """The present password first."""

    present = PasswordField("Kata sandi sekarang", [Required(), Length(max=200)], render_kw={"autocomplete": "current-password"})
