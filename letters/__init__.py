"""The press: it prints papers from frozen facts.

The law of this floor: it knows neither the web nor the database nor the rules of the stages. No clock, no environment,
no network: what a paper says comes from its facts alone, so that the same facts give the same bytes today, tomorrow and
on another machine. Whatever is missing stops the press with a sentence (PressStopped); nothing is ever printed around.
"""

from letters.kind import Kind, UnknownKind, all_kinds, kind
from letters.stopped import PressStopped

__all__ = ["Kind", "PressStopped", "UnknownKind", "all_kinds", "kind"]
