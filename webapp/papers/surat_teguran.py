"""A reminder: what is late, by how much, and which letters went before."""

from __future__ import annotations

from decimal import Decimal

from letters import parts as letter_parts
from letters.surat_teguran.letter import Letter

from ..models import Agreement
from . import Order, overdue_duties, parts
from .surat_pengantar import copies, head_of, recipient

LEVELS = ("I", "II", "III")


def facts(agreement: Agreement, order: Order) -> Letter:
    """Its facts: what the village owes and is late with; of a draft it says so, and without a list it is silent about people."""
    accord, earlier = parts.accord_of(agreement), sent(agreement)
    stage = agreement.current_stage()
    return Letter(
        contoh=order.contoh,
        paper=parts.paper(accord.office),
        kop=parts.office_kop(accord.office),
        level=min(len(earlier) + 1, 3),
        number=order.number,
        place=accord.office.seat,
        dated_on=order.on,
        recipient=recipient(agreement, order),
        village=parts.village(agreement.village),
        fiscal_year=agreement.fiscal_year,
        agreement=parts.cited(agreement) if agreement.numbers[0] else None,
        stage=stage.title.lower() if stage else "kepesertaan",
        missing=tuple(
            letter_parts.Missing(sentence=parts.formal(str(each)), due_on=each.due_on, days_late=each.days_late)
            for each in overdue_duties(agreement, order.on)
            if each.due_on
        ),
        counted_on=order.on,
        people=agreement.roster_version.participants if agreement.roster_version else 0,
        yearly=agreement.yearly_total if agreement.roster_version else Decimal(0),
        earlier=earlier,
        reply_by=order.return_by,
        pic=parts.contact(accord.office),
        signer=head_of(accord.office, order, agreement),
        copies_to=copies(agreement, accord.office),
    )


def sent(agreement: Agreement) -> tuple[letter_parts.EarlierLetter, ...]:
    """Reminders that went out before, oldest first."""
    found = [each for each in agreement.letters if each.kind == "surat_teguran" and each.state == "issued"]
    return tuple(
        letter_parts.EarlierLetter(title=f"Surat Teguran {LEVELS[min(place, 2)]}", number=each.number, dated_on=each.dated_on)
        for place, each in enumerate(found)
    )
