"""Cover and contents of a village's papers; the parts are the papers themselves, as they were printed."""

from __future__ import annotations

from letters import kind as kind_of
from letters import parts as letter_parts
from letters.paket_desa.letter import Letter

from ..models import Agreement
from . import Order, parts

PARTS = ("perjanjian_desa", "lampiran_peserta", "lampiran_iuran")


def facts(agreement: Agreement, order: Order) -> Letter:
    """Its facts; a part that is issued is named with number and hash, another as a draft."""
    accord = parts.accord_of(agreement)
    return Letter(
        contoh=order.contoh,
        paper=parts.paper(accord.office),
        village=parts.village(agreement.village),
        agreement=parts.cited(agreement),
        kesatu=parts.party(accord, 1, agreement.dated_on).institution,
        kedua=accord.insurer.name,
        emblem=parts.emblem(accord.office),
        parts=tuple(_part(agreement, slug) for slug in PARTS),
    )


def _part(agreement: Agreement, slug: str) -> letter_parts.Part:
    letter = agreement.letter_of(slug) if all_issued(agreement) else None
    title = f"Perjanjian Pelaksanaan Desa {agreement.village.name}" if slug == "perjanjian_desa" else kind_of(slug).title
    return letter_parts.Part(title=title, number=agreement.numbers[0], sha256=letter.sha256 if letter else None)


def all_issued(agreement: Agreement) -> bool:
    """Are all three parts printed?"""
    return all((letter := agreement.letter_of(slug)) is not None and letter.state == "issued" for slug in PARTS)
