"""The login form."""

from wtforms import PasswordField, StringField
from wtforms.validators import Length

from .base import Form, Required


class LoginForm(Form):
    """Login and password."""

    login = StringField("Nama pengguna atau kode desa", [Required(), Length(max=80)], render_kw={"autocomplete": "username", "autofocus": True})
    password = PasswordField("Kata sandi", [Required(), Length(max=200)], render_kw={"autocomplete": "current-password"})
