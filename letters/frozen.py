"""Facts to JSON and back without loss, and their digest for the record."""

import json
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from hashlib import sha256
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from letters.kind import kind


def dump(letter: Any) -> dict[str, Any]:
    """A letter as plain JSON values: money and dates as text, tuples as lists."""
    return {each.name: _plain(getattr(letter, each.name)) for each in fields(letter)}


def load(slug: str, facts: dict[str, Any]) -> Any:
    """The letter of that kind again; anything unknown or of the wrong type is refused."""
    return _built(kind(slug).Letter, facts)


def facts_digest(letter: Any) -> str:
    """sha256 over canonical JSON: the same facts give the same digest everywhere."""
    text = json.dumps(dump(letter), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return dump(value)
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Decimal):
        return str(value)
    if type(value) is date:
        return value.isoformat()
    if value is None or type(value) in (str, int, bool):
        return value
    raise TypeError(f"{type(value).__name__} tidak dapat dibekukan sebagai fakta naskah.")


@cache
def _hints(cls: type) -> dict[str, Any]:
    return get_type_hints(cls)


def _built(cls: type, facts: Any) -> Any:
    if not isinstance(facts, dict):
        raise TypeError(f"Fakta {cls.__name__} harus berupa objek.")
    known = {each.name: each for each in fields(cls)}
    if unknown := sorted(set(facts) - set(known)):
        raise ValueError(f"Fakta tidak dikenal pada {cls.__name__}: {', '.join(unknown)}.")
    for name, each in known.items():
        if name not in facts and each.default is MISSING:
            raise ValueError(f"Fakta {cls.__name__}.{name} tidak ada.")
    hints = _hints(cls)
    return cls(**{name: _typed(hints[name], value) for name, value in facts.items()})


def _typed(hint: Any, value: Any) -> Any:
    if get_origin(hint) in (Union, UnionType):
        choices = [each for each in get_args(hint) if each is not NoneType]
        return None if value is None and NoneType in get_args(hint) else _typed(choices[0], value)
    if get_origin(hint) is tuple:
        if not isinstance(value, list):
            raise TypeError("Fakta berbentuk daftar diharapkan di sini.")
        return tuple(_typed(get_args(hint)[0], each) for each in value)
    if is_dataclass(hint) and isinstance(hint, type):
        return _built(hint, value)
    if hint in (Decimal, date) and isinstance(value, str):
        return Decimal(value) if hint is Decimal else date.fromisoformat(value)
    if type(value) is hint and hint in (str, int, bool):
        return value
    raise TypeError(f"Fakta berjenis {getattr(hint, '__name__', hint)} diharapkan di sini.")
