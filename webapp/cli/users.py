"""``sinergi users``: accounts from the shell, above all the first administrator."""

from __future__ import annotations

import click
from sqlalchemy import select

from workflows import Refused

from .. import clock
from ..access import ROLES
from ..db import begin_writing, db
from ..login import hash_password, invite, revoke_sessions
from ..models import User, audit
from . import BadInput, cli, say
from .session import installation


@cli.group(help="Akun pengguna.\n\nContoh: sinergi users add admin --role admin --name 'Nama Admin'")
def users() -> None:
    """Accounts."""


@users.command("list", help="Daftar akun.\n\nContoh: sinergi users list --json")
@click.option("--json", "as_json", is_flag=True, help="Tulis sebagai JSON.")
def list_(as_json: bool) -> None:
    """All accounts."""
    with installation():
        rows = [
            {"login": each.login, "name": each.name, "role": each.role, "scope": each.scope, "active": each.is_active}
            for each in db.session.scalars(select(User).order_by(User.role, User.login))
        ]
        say(rows, as_json, [f"{each['login']:<24} {each['role']:<12} {each['scope']:<14} {each['name']}" for each in rows])


@users.command(help="Buat akun; mencetak tautan undangan sekali pakai untuk membuat kata sandi.\n\nContoh: sinergi users add 73.02.01.2004 --role village --name 'Operator'")
@click.argument("login", metavar="NAMA_PENGGUNA")
@click.option("--role", required=True, type=click.Choice(sorted(ROLES)), help="Peran.")
@click.option("--name", required=True, help="Nama orangnya.")
@click.option("--scope", help="Awalan kode wilayah yang dilihat (bawaan: seluruh kabupaten; desa: kodenya sendiri).")
def add(login: str, role: str, name: str, scope: str | None) -> None:
    """Make an account and its invitation."""
    login = login.strip().lower()
    with installation() as app:
        begin_writing()
        if db.session.scalar(select(User).where(User.login == login)):
            raise BadInput(f"Nama pengguna {login} sudah dipakai.")
        scope = scope if scope is not None else login if role == "village" else "73.02."
        user = User(login=login, name=name, role=role, scope=scope, password_hash=hash_password("x" * 40 + login), must_change=True, at=clock.now())
        db.session.add(user)
        db.session.flush()
        audit.record(db.session, "user.added", f"user:{login}", actor="sistem", at=clock.now(), role=role)
        token = invite(user, None)
        db.session.commit()
        _show_link(app, token)


@users.command("invite", help="Tautan baru untuk membuat kata sandi.\n\nContoh: sinergi users invite 73.02.01.2004")
@click.argument("login", metavar="NAMA_PENGGUNA")
def invite_(login: str) -> None:
    """A new invitation."""
    with installation() as app:
        begin_writing()
        token = invite(_known(login), None)
        db.session.commit()
        _show_link(app, token)


@users.command(help="Berhentikan akun; semua sesinya berakhir.\n\nContoh: sinergi users dismiss nama")
@click.argument("login", metavar="NAMA_PENGGUNA")
def dismiss(login: str) -> None:
    """Dismiss an account."""
    with installation():
        begin_writing()
        user = _known(login)
        if not user.is_active:
            raise Refused(f"Akun {login} sudah berhenti.")
        user.dismissed_at = clock.now()
        revoke_sessions(user)
        audit.record(db.session, "user.dismissed", f"user:{login}", actor="sistem", at=clock.now())
        db.session.commit()
        click.echo(f"Akun {login} diberhentikan.")


def _known(login: str) -> User:
    user = db.session.scalar(select(User).where(User.login == login.strip().lower()))
    if user is None:
        raise BadInput(f"Tidak ada akun {login}.")
    return user


def _show_link(app, token: str) -> None:
    click.echo(f"Tautan sekali pakai (7 hari): {app.config['SINERGI'].public_url}/undangan/{token}")
