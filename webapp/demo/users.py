"""Demo accounts: every role, a second person where four eyes are needed, every camat and every village."""

from __future__ import annotations

from sqlalchemy import select

from .. import clock
from ..db import db
from ..login import hash_password
from ..models import Kecamatan, User, Village
from ..models.users import SYSTEM_LOGIN

PASSWORD = "contoh-sinergi-desa"
OFFICE = {"legal": "Contoh Staf Hukum", "approver": "Contoh Kepala Bidang", "bagian_hukum": "Contoh Staf Bagian Hukum", "bpjs": "Contoh Petugas BPJS", "monitor": "Contoh Pemantau", "admin": "Contoh Administrator"}


def make_users() -> list[dict[str, str | None]]:
    """The accounts as rows of demo_accounts.json."""
    hashed, listed = hash_password(PASSWORD), []

    def add(login: str, name: str, role: str, scope: str, village: str | None = None) -> None:
        db.session.add(User(login=login, name=name, role=role, scope=scope, password_hash=hashed, must_change=False, at=clock.now()))
        listed.append({"role": role, "login": login, "password": PASSWORD, "village": village})

    for role, name in OFFICE.items():
        add(role, name, role, "73.02.")
    for login in ("legal2", "approver2", "bpjs2"):
        add(login, f"{OFFICE[login[:-1]]} Kedua", login[:-1], "73.02.")
    for kecamatan in db.session.scalars(select(Kecamatan).order_by(Kecamatan.code)):
        add(f"camat-{kecamatan.code}", f"Contoh Camat {kecamatan.name}", "camat", f"{kecamatan.code}.")
    for village in db.session.scalars(select(Village).order_by(Village.code)):
        if village.is_desa:
            add(village.code, f"Contoh Operator {village.name}", "village", village.code, village.code)
    db.session.add(User(login=SYSTEM_LOGIN, name="Sistem", role="system", scope="", password_hash="!", must_change=False, dismissed_at=clock.now(), at=clock.now()))
    db.session.flush()
    return listed
