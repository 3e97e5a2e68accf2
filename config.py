"""The one place that reads the environment: a frozen Config, made once by create_app."""

from __future__ import annotations

import base64
import binascii
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

HOW_TO_MAKE_KEYS = (
    "Buat dua kunci dan simpan di tempat aman, lalu jalankan lagi:\n"
    '  export SINERGI_SECRET_KEY="$(python3 -c \'import secrets; print(secrets.token_urlsafe(48))\')"\n'
    '  export SINERGI_DATA_KEY="$(python3 -c \'import base64, secrets; print(base64.b64encode(secrets.token_bytes(32)).decode())\')"\n'
    "Kunci data menyegel NIK: bila hilang, NIK tidak dapat dibaca lagi. Untuk mencoba tanpa kunci: sinergi demo"
)


class BadConfig(Exception):
    """The environment does not allow a start; the message says what to do."""


@dataclass(frozen=True)
class Config:
    """Everything that differs between installations."""

    home: Path
    database_url: str
    storage: Path
    secret_key: str
    data_key: bytes
    public_url: str
    timezone: str
    demo: bool

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Config:
        """Read SINERGI_* (README, "Pengaturan"). Raises BadConfig."""
        env = os.environ if environ is None else environ
        home = Path(env.get("SINERGI_HOME", "instance")).resolve()
        keys, demo = _keys(env, home)
        return cls(
            home=home,
            database_url=_driver(env.get("SINERGI_DATABASE_URL") or f"sqlite:///{home / 'sinergi.db'}"),
            storage=_folder(env.get("SINERGI_STORAGE_URL") or f"file://{home / 'files'}"),
            secret_key=keys["secret_key"],
            data_key=_data_key(keys["data_key"]),
            public_url=_public_url(env.get("SINERGI_PUBLIC_URL") or "http://localhost:8000"),
            timezone=_timezone(env.get("SINERGI_TIMEZONE") or "Asia/Makassar"),
            demo=demo,
        )


def demo_keys_path(home: Path) -> Path:
    """Where the demo keeps its throw-away keys; its presence makes an installation a demo."""
    return home / "demo_keys.json"


def make_demo_keys(environ: Mapping[str, str] | None = None) -> None:
    """Write throw-away keys, so that the demo starts without any in the environment."""
    env = os.environ if environ is None else environ
    path = demo_keys_path(Path(env.get("SINERGI_HOME", "instance")).resolve())
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        keys = {"secret_key": secrets.token_urlsafe(48), "data_key": base64.b64encode(secrets.token_bytes(32)).decode()}
        path.touch(mode=0o600)
        path.write_text(json.dumps(keys), encoding="utf-8")


def adopt_demo_keys(source: Path, environ: Mapping[str, str] | None = None) -> None:
    """Let the copy of a demo be opened without keys in the environment: the throw-away keys that lie in it come along. Real keys are in no copy."""
    env = os.environ if environ is None else environ
    path, there = demo_keys_path(Path(env.get("SINERGI_HOME", "instance")).resolve()), demo_keys_path(source)
    if there.exists() and not path.exists() and not (env.get("SINERGI_SECRET_KEY") or env.get("SINERGI_DATA_KEY")):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(there.read_text(encoding="utf-8"), encoding="utf-8")


def _keys(env: Mapping[str, str], home: Path) -> tuple[dict[str, str], bool]:
    secret, data = env.get("SINERGI_SECRET_KEY", ""), env.get("SINERGI_DATA_KEY", "")
    if secret and data:
        if len(secret) < 32:
            raise BadConfig("SINERGI_SECRET_KEY terlalu pendek (paling sedikit 32 karakter).\n" + HOW_TO_MAKE_KEYS)
        return {"secret_key": secret, "data_key": data}, False
    path = demo_keys_path(home)
    if path.exists() and not secret and not data:
        return json.loads(path.read_text(encoding="utf-8")), True
    missing = " dan ".join(name for name, value in (("SINERGI_SECRET_KEY", secret), ("SINERGI_DATA_KEY", data)) if not value)
    raise BadConfig(f"{missing} belum diisi.\n{HOW_TO_MAKE_KEYS}")


def _data_key(text: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise BadConfig("SINERGI_DATA_KEY bukan base64.\n" + HOW_TO_MAKE_KEYS) from error
    if len(key) != 32:
        raise BadConfig("SINERGI_DATA_KEY harus 32 byte.\n" + HOW_TO_MAKE_KEYS)
    return key


def _driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1) if url.startswith("postgresql://") else url


def _folder(url: str) -> Path:
    if "://" in url and not url.startswith("file://"):
        raise BadConfig(f"SINERGI_STORAGE_URL {url.split('://')[0]}:// belum didukung; pakai file:///folder.")
    return Path(url.removeprefix("file://")).resolve()


def _public_url(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise BadConfig("SINERGI_PUBLIC_URL harus diawali http:// atau https://, misalnya https://sinergi.contoh.go.id")
    return url.rstrip("/")


def _timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise BadConfig(f"SINERGI_TIMEZONE {name!r} tidak dikenal; contoh: Asia/Makassar") from error
    return name
