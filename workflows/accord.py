"""The accord: what must be true before the umbrella instrument may be printed with a number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

MANDATE = "Surat kuasa Bupati untuk penanda tangan PIHAK KESATU dicatat dan berlaku pada tanggal induk"


@dataclass(frozen=True)
class AccordFacts:
    """The accord as its conditions see it. ``mandate`` is the Bupati's surat kuasa, needed when a head of office signs for the region."""

    dated_on: date | None
    valid_from: date | None
    valid_until: date | None
    party_gaps: tuple[str, ...]
    mandate_needed: bool
    mandate: str
    bases: int
    mandate_on: date | None = None


@dataclass(frozen=True)
class AccordGap:
    """An open condition of the accord."""

    slug: str
    sentence: str
    because: str = ""


def accord_gaps(facts: AccordFacts) -> tuple[AccordGap, ...]:
    """The open conditions of the accord, in order (PP 28/2018; Permendagri 22/2020; surat kuasa for a Kepala OPD)."""
    gaps = []
    if facts.dated_on is None or facts.party_gaps:
        gaps.append(AccordGap("accord_parties", "Para pihak lengkap pada tanggal induk", "; ".join(facts.party_gaps)))
    if facts.mandate_needed and not facts.mandate:
        gaps.append(AccordGap("accord_mandate", MANDATE))
    elif facts.mandate_needed and facts.mandate_on and facts.dated_on and facts.mandate_on > facts.dated_on:
        gaps.append(AccordGap("accord_mandate", MANDATE, f"baru diberikan {facts.mandate_on:%d-%m-%Y}, sesudah tanggal induk"))
    if not facts.bases:
        gaps.append(AccordGap("accord_legal_bases", "Dasar hukum induk dipilih"))
    if not facts.valid_from or not facts.valid_until or facts.valid_until <= facts.valid_from:
        gaps.append(AccordGap("accord_period", "Masa berlaku induk ditetapkan"))
    return tuple(gaps)
