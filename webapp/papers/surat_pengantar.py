"""The office sends agreement and annexes to the village head, through the camat."""

from __future__ import annotations

from letters import parts as letter_parts
from letters.surat_pengantar.letter import Letter

from ..models import Agreement, Office
from ..models.reading import whoswho
from . import Order, parts

TWO = "2 (dua) rangkap"


def facts(agreement: Agreement, order: Order) -> Letter:
    """Its facts."""
    accord = parts.accord_of(agreement)
    return Letter(
        contoh=order.contoh,
        paper=parts.paper(accord.office),
        kop=parts.office_kop(accord.office),
        number=order.number,
        place=accord.office.seat,
        dated_on=order.on,
        recipient=recipient(agreement, order),
        village=parts.village(agreement.village),
        agreement=parts.cited(agreement),
        enclosures=_enclosures(agreement),
        return_by=order.return_by,
        contact=parts.contact(accord.office),
        signer=head_of(accord.office, order, agreement),
        copies_to=copies(agreement, accord.office),
    )


def recipient(agreement: Agreement, order: Order) -> letter_parts.Recipient:
    """The village head of the letter's day, also a Pj., through the camat."""
    head = whoswho(agreement._session).on("head_village", agreement.village_code, order.on)
    return letter_parts.Recipient(
        title=parts.signer(head, f"Kepala Desa {agreement.village.name}").full_position, through=f"Camat {agreement.village.kecamatan.name}", place=agreement.village.name
    )


def head_of(office: Office, order: Order, agreement: Agreement) -> letter_parts.Signer:
    """Who signs for the office on the letter's date."""
    return parts.office_signer(office, order.kind, order.on)


def copies(agreement: Agreement, office: Office) -> tuple[str, ...]:
    """Tembusan: the office's standing ones, and the camat."""
    return (*office.copies_to, f"Camat {agreement.village.kecamatan.name}")


def _enclosures(agreement: Agreement) -> tuple[letter_parts.Enclosure, ...]:
    title = f"Perjanjian Pelaksanaan Desa {agreement.village.name} Tahun Anggaran {agreement.fiscal_year}"
    return (
        letter_parts.Enclosure(title=title, number=agreement.numbers[0], quantity=TWO, note="untuk diketahui"),
        letter_parts.Enclosure(title="Lampiran I: Daftar Peserta", quantity=TWO, note="untuk ditandatangani"),
        letter_parts.Enclosure(title="Lampiran II: Perhitungan Iuran", quantity=TWO, note="untuk ditandatangani"),
    )
