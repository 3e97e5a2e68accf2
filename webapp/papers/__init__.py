"""Draws up the facts of a paper from the rows of the office: one module per kind, named like the kind's folder in ``letters``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from importlib import import_module
from typing import Any

from sqlalchemy.orm import object_session

from letters import kind as kind_of
from workflows import Open
from workflows.agreement import CONDITIONS, STAGES, seen_on
from workflows.stages.budgeting import BUDGETING, shortfalls

from ..models import Accord, Agreement, Office
from ..models.amending import adenda
from ..models.reading import whoswho
from ..models.shortfalls import unanswered

OFFICE_HEAD = "Kepala kantor menjabat pada tanggal naskah"


@dataclass(frozen=True)
class Order:
    """What the person who wants the paper decides: its date and number, and what only some kinds ask for."""

    on: date
    number: str | None
    contoh: bool
    return_by: date | None = None
    level: int = 1
    kind: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)  # to the questions of the kind (``ASKS``)


def draw_up(slug: str, about: Agreement | Accord | Office, order: Order) -> Any:
    """The frozen facts of the paper."""
    return import_module(f"{__name__}.{slug}").facts(about, replace(order, kind=slug))


def usual_answers(slug: str, about: Agreement | Accord | Office, on: date) -> dict[str, Any]:
    """What the form of a kind's questions begins with, where its module says so (``usual``)."""
    usual = getattr(import_module(f"{__name__}.{slug}"), "usual", None)
    return usual(about, on) if usual else {}


def open_needs(slug: str, about: Agreement | Accord | Office, today: date) -> tuple[Open, ...]:
    """The open sentences that keep the paper from being issued."""
    needs = kind_of(slug).needs
    if isinstance(about, Accord):
        return tuple(Open(each.slug, each.sentence, each.because, "legal", "", None, 0) for each in about.gaps() if each.slug in needs)
    if isinstance(about, Office):
        return _office_needs(slug, about, today)
    found = [seen_on(CONDITIONS[each], about, today) for each in needs if each in CONDITIONS and CONDITIONS[each].is_open(about)]
    return (*found, *(each for slug_ in needs if (each := _special(slug_, about, today))))


def _office_needs(slug: str, office: Office, today: date) -> tuple[Open, ...]:
    """A print-out is never issued; a letter of the office needs somebody who heads it on its day."""
    if kind_of(slug).printout:
        return (Open("printout", "Naskah ini dicetak dari register dan tidak diterbitkan", "", "legal", "", None, 0),)
    if "office_head" not in kind_of(slug).needs or _headed(office, today):
        return ()
    return (Open("office_head", OFFICE_HEAD, _unproven(office, today), "legal", "", None, 0),)


def _headed(office: Office, on: date) -> bool:
    """Somebody heads it on that day, and a Plt. or Plh. by an order that is on record."""
    head = whoswho(object_session(office)).on("head_office", office.id, on)
    return head is not None and not head.unproven


def _unproven(office: Office, on: date) -> str:
    head = whoswho(object_session(office)).on("head_office", office.id, on)
    return head.unproven if head else ""


def overdue_duties(about: Agreement, today: date) -> tuple[Open, ...]:
    """What the village itself owes and could do now: a reminder blames it neither for others' delay nor for a stage it has not reached.

    Budget evidence may come at any stage, so budgeting counts always.
    """
    stage = about.current_stage()
    if stage is None:
        return ()
    reached = {each.slug for own in (*STAGES[: STAGES.index(stage) + 1], BUDGETING) for each in own.conditions}
    return tuple(each for each in about.open_on(today) if each.overdue and each.turn == "village" and each.slug in reached)


def _special(slug: str, about: Agreement, today: date) -> Open | None:
    """Conditions that only papers have."""
    answers = {
        "agreement_numbered": (lambda: bool(about.numbers[0]), "Perjanjian desa sudah bernomor", "legal"),
        "something_overdue": (lambda: bool(overdue_duties(about, today)), "Ada kewajiban desa yang lewat batas waktunya", "village"),
        "office_head": (lambda: _headed(about.accord.office, today) if about.accord else False, OFFICE_HEAD, "legal"),
        "something_short": (lambda: bool(shortfalls(about)), "Anggaran kurang dari iuran yang harus dibayar", "village"),
        "shortfall_untold": (lambda: unanswered(about, today) is None, "Belum ada surat tentang kekurangan yang sama yang masih menunggu jawaban", "village"),
        "statement_number": (lambda: about.typed_number("village") is not None, "Nomor surat pernyataan sudah diisi desa", "village"),
        "decree_number": (lambda: about.typed_number("keputusan") is not None, "Nomor keputusan Kepala Desa sudah diisi desa", "village"),
        "application_number": (lambda: about.typed_number("permohonan") is not None, "Nomor surat permohonan pendaftaran sudah diisi desa", "village"),
        "amendment_open": (lambda: bool(adenda(about)), "Ada daftar yang dibekukan sesudah perjanjian ditandatangani", "village"),
        "amendment_clear": (lambda: not any(each.after.flagged_open for each in adenda(about)[-1:]), "Tidak ada peserta bertanda pada daftar adendum", "legal"),
    }
    if slug not in answers:
        return None
    is_met, sentence, turn = answers[slug]
    because = f"surat Nomor {told.number}" if slug == "shortfall_untold" and (told := unanswered(about, today)) else ""
    because = _unproven(about.accord.office, today) if slug == "office_head" and about.accord else because
    return None if is_met() else Open(slug, sentence, because, turn, "", None, 0)


SPECIAL = ("agreement_numbered", "something_overdue", "statement_number", "accord_parties", "accord_mandate", "accord_legal_bases", "accord_period", "office_head", "something_short", "shortfall_untold", "decree_number", "application_number", "amendment_open", "amendment_clear")
