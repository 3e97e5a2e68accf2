"""Draws up the facts of a paper from the rows of the office: one module per kind, named like the kind's folder in ``letters``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from importlib import import_module
from typing import Any

from letters import kind as kind_of
from workflows import Open
from workflows.agreement import CONDITIONS, seen_on

from ..models import Accord, Agreement, Office


@dataclass(frozen=True)
class Order:
    """What the person who wants the paper decides: its date and number, and what only some kinds ask for."""

    on: date
    number: str | None
    contoh: bool
    return_by: date | None = None
    level: int = 1


def draw_up(slug: str, about: Agreement | Accord | Office, order: Order) -> Any:
    """The frozen facts of the paper."""
    return import_module(f"{__name__}.{slug}").facts(about, order)


def open_needs(slug: str, about: Agreement | Accord | Office, today: date) -> tuple[Open, ...]:
    """The open sentences that keep the paper from being issued."""
    needs = kind_of(slug).needs
    if isinstance(about, Accord):
        return tuple(Open(each.slug, each.sentence, each.because, "legal", "", None, 0) for each in about.gaps() if each.slug in needs)
    if isinstance(about, Office):
        return ()
    found = [seen_on(CONDITIONS[each], about, today) for each in needs if each in CONDITIONS and not CONDITIONS[each].met(about)]
    return (*found, *(each for slug_ in needs if (each := _special(slug_, about, today))))


def _special(slug: str, about: Agreement, today: date) -> Open | None:
    """Conditions that only papers have."""
    answers = {
        "agreement_numbered": (about.paper is not None, "Perjanjian desa sudah bernomor", "legal"),
        "something_overdue": (any(each.overdue for each in about.open_on(today)), "Ada tahap yang lewat batas waktunya", "legal"),
        "statement_number": (about.typed_number("village") is not None, "Nomor surat pernyataan sudah diisi desa", "village"),
    }
    if slug not in answers:
        return None
    met, sentence, turn = answers[slug]
    return None if met else Open(slug, sentence, "", turn, "", None, 0)


SPECIAL = ("agreement_numbered", "something_overdue", "statement_number", "accord_parties", "accord_mandate", "accord_legal_bases", "accord_period")
