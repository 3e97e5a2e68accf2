"""The agreement of one village and year."""

from __future__ import annotations

from letters.perjanjian_desa.letter import Letter

from ..models import Agreement
from . import Order, parts


def facts(agreement: Agreement, order: Order) -> Letter:
    """Its facts, from the pinned list and the signers of its date."""
    accord, version = parts.accord_of(agreement), parts.version_of(agreement)
    return Letter(
        contoh=order.contoh,
        paper=parts.paper(accord.office),
        number=order.number,
        number_kedua=agreement.typed_number("kedua"),
        dated_on=agreement.dated_on,
        place=agreement.place or accord.office.seat,
        kesatu=parts.party(accord, 1, agreement.dated_on),
        kedua=parts.party(accord, 2, agreement.dated_on),
        village=parts.village(agreement.village),
        head=parts.signer(agreement.village_head(), f"Kepala Desa {agreement.village.name}"),
        accord=parts.accord_cited(accord),
        legal_bases=parts.bases(agreement.bases),
        fiscal_year=agreement.fiscal_year,
        programmes=parts.programmes(agreement),
        categories=parts.shares(agreement),
        people=version.participants,
        monthly=parts.monthly(version),
        yearly=agreement.yearly_total,
        blth_from=agreement.month_first,
        blth_until=agreement.month_last,
        months=parts.count_months(agreement),
        court=parts.court(accord),
    )
