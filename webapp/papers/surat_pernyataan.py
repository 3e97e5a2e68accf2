"""The village head's commitment, on the village's own letterhead and under its own number."""

from __future__ import annotations

from letters.surat_pernyataan.letter import Letter

from ..models import Agreement
from . import Order, parts


def facts(agreement: Agreement, order: Order) -> Letter:
    """Its facts."""
    accord, version, head = parts.accord_of(agreement), parts.version_of(agreement), agreement.village_head()
    return Letter(
        contoh=order.contoh,
        paper=parts.paper(accord.office),
        kop=parts.village_kop(agreement, accord.office),
        number=agreement.typed_number("village"),
        place=agreement.village.name,
        dated_on=order.on,
        village=parts.village(agreement.village),
        head=parts.signer(head, f"Kepala Desa {agreement.village.name}"),
        authority=parts.authority(head) or None,
        office_address=agreement.village.address or f"Kantor Desa {agreement.village.name}, Kecamatan {agreement.village.kecamatan.name}",
        fiscal_year=agreement.fiscal_year,
        people=version.participants,
        monthly=parts.monthly(version),
        yearly=agreement.yearly_total,
        blth_from=agreement.month_first,
        blth_until=agreement.month_last,
        months=parts.count_months(agreement),
        fund_sources=parts.fund_sources(agreement),
    )
