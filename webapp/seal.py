"""Seals personal data at rest (AES-256-GCM) and finds it again by a keyed index; a plain hash of a NIK is guessed in seconds (T10)."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app
from sqlalchemy.types import LargeBinary, TypeDecorator


class BrokenSeal(Exception):
    """The data key does not open what is stored: another key, or altered bytes."""


def _key(purpose: str) -> bytes:
    return hmac.digest(current_app.config["SINERGI"].data_key, purpose.encode(), hashlib.sha256)


def seal(plain: str) -> bytes:
    """Nonce and ciphertext of the text."""
    nonce = secrets.token_bytes(12)
    return nonce + AESGCM(_key("seal")).encrypt(nonce, plain.encode(), b"sinergi")


def unseal(sealed: bytes) -> str:
    """The text again. Raises BrokenSeal."""
    try:
        return AESGCM(_key("seal")).decrypt(sealed[:12], sealed[12:], b"sinergi").decode()
    except InvalidTag as error:
        raise BrokenSeal("data tersegel tidak dapat dibuka dengan SINERGI_DATA_KEY ini") from error


def blind_index(plain: str) -> str:
    """A keyed fingerprint: equal for equal texts, useless without the key."""
    return hmac.new(_key("index"), plain.encode(), hashlib.sha256).hexdigest()


class Sealed(TypeDecorator[str]):
    """A text column whose value is sealed in the database."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Any) -> bytes | None:
        return None if value is None else seal(value)

    def process_result_value(self, value: bytes | None, dialect: Any) -> str | None:
        return None if value is None else unseal(bytes(value))
