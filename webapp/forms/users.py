"""The form of a new account."""

from __future__ import annotations

import re

from sqlalchemy import select
from wtforms import SelectField, StringField, ValidationError
from wtforms.validators import Length

from ..access import ROLES
from ..db import db
from ..models import Kecamatan, User, Village
from .base import Form, Required, choices


class UserForm(Form):
    """Role, name, login and the part of the region that he may see."""

    role = SelectField("Peran", [Required()])
    name = StringField("Nama", [Required(), Length(max=160)], description="Nama orang atau jabatan yang memakai akun ini.")
    login = StringField("Nama pengguna", [Length(max=80)], description="Huruf kecil, angka, titik, atau tanda hubung. Untuk desa kosongkan: desa masuk dengan kode desanya.")
    village = SelectField("Desa", description="Hanya untuk peran Desa.")
    kecamatan = SelectField("Kecamatan", description="Hanya untuk peran Camat.")

    def __init__(self, by: User) -> None:
        super().__init__()
        self.by = by
        self.role.choices = choices((slug, name) for slug, name in ROLES.items() if by.role == "admin" or slug == "village")
        villages = [each for each in db.session.scalars(select(Village).order_by(Village.code)) if each.is_desa]
        districts = db.session.scalars(select(Kecamatan).where(Kecamatan.code.startswith(by.scope.rstrip("."), autoescape=True)).order_by(Kecamatan.code))
        self.village.choices = choices([("", "Pilih desa"), *((each.code, f"{each.name}, {each.kecamatan.name} ({each.code})") for each in villages)])
        self.kecamatan.choices = choices([("", "Pilih kecamatan"), *((each.code, each.name) for each in districts)])

    def validate_village(self, field: SelectField) -> None:
        """A village's account has a village."""
        if self.role.data == "village" and not field.data:
            raise ValidationError("Pilih desanya.")

    def validate_kecamatan(self, field: SelectField) -> None:
        """A camat's account has a kecamatan."""
        if self.role.data == "camat" and not field.data:
            raise ValidationError("Pilih kecamatannya.")

    def validate_login(self, field: StringField) -> None:
        """Given once, in small letters; a village's is its code."""
        login = self.wanted_login()
        if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{2,79}", login):
            raise ValidationError("Paling sedikit 3 karakter: huruf kecil, angka, titik, atau tanda hubung.")
        if db.session.scalar(select(User.id).where(User.login == login)):
            raise ValidationError(f"Nama pengguna {login} sudah dipakai.")

    def wanted_login(self) -> str:
        """The login: as typed, or the village's code."""
        typed = (self.login.data or "").strip().lower()
        return typed or (self.village.data if self.role.data == "village" else "") or ""

    def scope(self) -> str:
        """The code prefix of what the account may see."""
        return {"village": self.village.data, "camat": f"{self.kecamatan.data}."}.get(self.role.data) or self.by.scope

    def user(self, password_hash: str) -> User:
        """The account as typed."""
        return User(login=self.wanted_login(), name=self.name.data.strip(), role=self.role.data, scope=self.scope(), password_hash=password_hash, must_change=True)
