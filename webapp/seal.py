"""Seals personal data at rest (AES-256-GCM) and finds it again by a keyed index; a plain hash of a NIK is guessed in seconds (T10)."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from dataclasses import asdict
from decimal import Decimal
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app
from sqlalchemy.types import LargeBinary, TypeDecorator

from workflows import Refused

# What stands in the place of personal data whose time is over. A sealed value is never this short, an index never this word.
ERASED, ERASED_INDEX = b"erased", "erased"


class Erased(Refused):
    """The personal data were erased; papers still prove themselves by their digests."""

    def __init__(self) -> None:
        super().__init__("Data pribadi pada daftar ini sudah dihapus pada akhir masa simpannya. Naskah yang terbit tetap dapat diperiksa dengan sidiknya.")


class BrokenSeal(Exception):
    """The data key does not open what is stored: another key, or altered bytes."""


def _key(purpose: str) -> bytes:
    return _derived(current_app.config["SINERGI"].data_key, purpose)


@cache
def _derived(data_key: bytes, purpose: str) -> bytes:
    return hmac.digest(data_key, purpose.encode(), hashlib.sha256)


@cache
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


def seal_bytes(plain: bytes) -> bytes:
    """Nonce and ciphertext of the bytes."""
    nonce = secrets.token_bytes(12)
    return nonce + _cipher(_key("seal")).encrypt(nonce, plain, b"sinergi")


def unseal_bytes(sealed: bytes) -> bytes:
    """The bytes again. Raises BrokenSeal."""
    try:
        return _cipher(_key("seal")).decrypt(sealed[:12], sealed[12:], b"sinergi")
    except InvalidTag as error:
        raise BrokenSeal("data tersegel tidak dapat dibuka dengan SINERGI_DATA_KEY ini") from error


def seal(plain: str) -> bytes:
    """Nonce and ciphertext of the text."""
    return seal_bytes(plain.encode())


def unseal(sealed: bytes) -> str:
    """The text again. Raises BrokenSeal."""
    return unseal_bytes(sealed).decode()


def blind_index(plain: str) -> str:
    """A keyed fingerprint: equal for equal texts, useless without the key."""
    return hmac.new(_key("index"), plain.encode(), hashlib.sha256).hexdigest()


class Sealed(TypeDecorator[str]):
    """A text column whose value is sealed in the database. ``gone`` is said in the place of an erased one; without it reading one raises Erased."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, gone: str = "") -> None:
        super().__init__()
        self.gone = gone

    def process_bind_param(self, value: str | None, dialect: Any) -> bytes | None:
        return None if value is None else seal(value)

    def process_result_value(self, value: bytes | None, dialect: Any) -> str | None:
        if value is not None and bytes(value) == ERASED:
            if self.gone:
                return self.gone
            raise Erased
        return None if value is None else unseal(bytes(value))


class SealedRupiah(TypeDecorator[Decimal]):
    """Money of a person, sealed in the database; whole sen inside, as in ``Rupiah``. An erased one is None."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Any) -> bytes | None:
        return None if value is None else seal(str(int((value * 100).to_integral_exact())))

    def process_result_value(self, value: bytes | None, dialect: Any) -> Decimal | None:
        return None if value is None or bytes(value) == ERASED else Decimal(int(unseal(bytes(value)))) / 100


class SealedRecord(TypeDecorator[Any]):
    """A frozen dataclass of texts, sealed as one JSON; one that says nothing is no value in the database."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, kind: type) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: Any, dialect: Any) -> bytes | None:
        said = {name: text for name, text in asdict(value).items() if text} if value is not None else {}
        return seal(json.dumps(said, sort_keys=True, ensure_ascii=False)) if said else None

    def process_result_value(self, value: bytes | None, dialect: Any) -> Any:
        return self.kind() if value is None else self.kind(**json.loads(unseal(bytes(value))))
