"""Readings and files as bytes: compressed, sealed, and opened again."""

from __future__ import annotations

import json
import zlib
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from workflows import Refused

from ..discreet import masked
from ..models import RosterImport
from ..seal import unseal_bytes
from ..sheets.reading import PersonRead, Reading, RowRead, SheetRead
from ..storage import MissingFile
from ..uploads import storage


def opened(sha256: str) -> bytes:
    """Sealed bytes in the open. Raises Refused when they are gone."""
    try:
        return unseal_bytes(storage().get(sha256))
    except MissingFile as error:
        raise Refused("Berkas impor ini tidak ada lagi di penyimpanan. Unggah sekali lagi; daftar peserta tidak berubah.") from error


def content_of(batch: RosterImport) -> bytes:
    """The bytes as they were sent. Raises Refused when they are gone."""
    return opened(batch.sealed_sha256)


def reading_of(batch: RosterImport) -> Reading:
    """The newest reading; of a file in which no table was found, its columns."""
    found = batch.newest("read", "refused")
    assert found is not None and found.reading_sha256
    return unpack(opened(found.reading_sha256))


def pack(reading: Reading) -> bytes:
    """The reading as bytes, to be sealed."""
    return zlib.compress(json.dumps(asdict(reading), default=str, ensure_ascii=False).encode(), 1)


def unpack(content: bytes) -> Reading:
    """The reading again."""
    said = json.loads(zlib.decompress(content))
    sheets = tuple(SheetRead(**each | {"titles": tuple(map(masked, each["titles"]))}) for each in said["sheets"])
    return Reading(sheets, tuple(_row(each) for each in said["rows"]))


def _row(each: dict[str, Any]) -> RowRead:
    person = each["person"]
    person["birth_on"] = date.fromisoformat(person["birth_on"]) if person["birth_on"] else None
    person["wage_base"] = Decimal(person["wage_base"]) if person["wage_base"] is not None else None
    person |= {name: masked(person[name]) for name in ("name", "job", "village_text", "kecamatan_text")}  # a NIK in the wrong cell is shown and kept masked
    lists = {name: tuple(each[name]) for name in ("reasons", "cells")} | {"remarks": tuple(map(masked, each["remarks"]))}
    return RowRead(**each | lists | {"person": PersonRead(**person)})
