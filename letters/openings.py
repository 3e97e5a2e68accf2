"""What a letter still lacks, named by field, before any ink is spent."""

from collections.abc import Iterator
from dataclasses import field, fields, is_dataclass
from functools import cache
from typing import Any, get_type_hints


def due(default: Any = None) -> Any:
    """A fact that may stand open in a preview but not in an issued paper."""
    return field(default=default, metadata={"due": True})


@cache
def _hints(cls: Any) -> dict[str, Any]:
    return get_type_hints(cls)


def open_fields(letter: Any, issuing: bool) -> tuple[str, ...]:
    """Names of empty facts: plain text always, facts marked due() only when issuing."""
    return tuple(_walk(letter, "", issuing))


def faults(letter: Any) -> tuple[str, ...]:
    """Sentences of the kind itself, and of its parts, about facts that contradict each other."""
    return tuple(dict.fromkeys(_faults_within(letter)))


def _faults_within(value: Any) -> Iterator[str]:
    if isinstance(value, tuple):
        for each in value:
            yield from _faults_within(each)
    elif is_dataclass(value):
        if own := getattr(value, "faults", None):
            yield from own()
        for each in fields(value):
            yield from _faults_within(getattr(value, each.name))


def _walk(value: Any, path: str, issuing: bool) -> Iterator[str]:
    if isinstance(value, tuple):
        for place, each in enumerate(value, 1):
            yield from _walk(each, f"{path}[{place}]", issuing)
    elif is_dataclass(value):
        own: Any = type(value)
        hints = _hints(own)
        for each in fields(value):
            inner, name = getattr(value, each.name), f"{path}.{each.name}".lstrip(".")
            must = hints[each.name] is str or (issuing and "due" in each.metadata)
            if must and (inner is None or inner == () or (isinstance(inner, str) and not inner.strip())):
                yield name
            else:
                yield from _walk(inner, name, issuing)
    elif isinstance(value, str) and path.endswith("]") and not value.strip():
        yield path
