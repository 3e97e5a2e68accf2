"""The letter to a village head about a budget that is short, with the calculation behind it."""

from __future__ import annotations

from letters import parts as letter_parts
from letters.surat_kekurangan_anggaran.letter import TITLE, Letter

from ..models import Agreement
from ..models.shortfalls import told_of
from . import Order, parts
from .lampiran_perhitungan import calculated
from .surat_pengantar import copies, head_of, recipient


def facts(agreement: Agreement, order: Order) -> Letter:
    """Its facts; the newest letter that went before is cited."""
    accord, before = parts.accord_of(agreement), [each for each in told_of(agreement) if each.state == "issued"]
    return Letter(
        contoh=order.contoh,
        paper=parts.paper(accord.office),
        kop=parts.office_kop(accord.office),
        number=order.number,
        place=accord.office.seat,
        dated_on=order.on,
        recipient=recipient(agreement, order),
        village=parts.village(agreement.village),
        calculation=calculated(agreement, order.on),
        earlier=letter_parts.EarlierLetter(title=TITLE, number=before[-1].number, dated_on=before[-1].dated_on) if before else None,
        reply_by=order.return_by,
        pic=parts.contact(accord.office),
        signer=head_of(accord.office, order, agreement),
        copies_to=copies(agreement, accord.office),
    )
