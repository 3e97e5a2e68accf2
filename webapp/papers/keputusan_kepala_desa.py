"""The village head's decree on who takes part, on the village's letterhead and under its own number; names only, no NIK."""

from __future__ import annotations

import re
from dataclasses import replace

from letters import parts as letter_parts
from letters.keputusan_kepala_desa.letter import NUMBER_OWNER, Category, Letter, Named

from ..models import Agreement
from . import Order, parts

# These are no regulations: a decree regards them, it does not rest on them (UU 12/2011 art. 7).
REGARDED = ("Instruksi", "Surat Edaran", "Petunjuk", "Surat ")


def facts(agreement: Agreement, order: Order) -> Letter:
    """Its facts."""
    accord, version = parts.accord_of(agreement), parts.version_of(agreement)
    cited = parts.bases(agreement.bases)
    return Letter(
        contoh=order.contoh,
        paper=parts.paper(accord.office),
        kop=parts.village_kop(agreement, accord.office),
        number=number(agreement.typed_number(NUMBER_OWNER)),
        place=agreement.village.name,
        dated_on=order.on,
        village=parts.village(agreement.village),
        head=_head(agreement, order),
        fiscal_year=agreement.fiscal_year,
        legal_bases=tuple(each for each in cited if not each.text.startswith(REGARDED)),
        regards=tuple(each for each in cited if each.text.startswith(REGARDED)),
        programmes=parts.programmes(agreement),
        groups=_groups(agreement),
        people=version.participants,
        yearly=agreement.yearly_total,
        blth_from=agreement.month_first,
        blth_until=agreement.month_last,
        months=parts.count_months(agreement),
        fund_sources=parts.fund_sources(agreement),
        copies_to=(*accord.office.copies_to, f"Kepala {accord.office.name}", f"Camat {agreement.village.kecamatan.name}", f"Ketua BPD Desa {agreement.village.name}"),
    )


def number(typed: str | None) -> str | None:
    """The number without "Nomor" and "Tahun …", which the decree writes itself."""
    return re.sub(r"^nomor\s*:?\s*|\s+tahun\s+\d{4}$", "", typed.strip(), flags=re.IGNORECASE) if typed else None


def _head(agreement: Agreement, order: Order) -> letter_parts.Signer:
    signer = parts.village_head(agreement, order.on)
    return replace(signer, position=signer.position.upper())


def _groups(agreement: Agreement) -> tuple[Category, ...]:
    law, found = parts.book(agreement), {}
    for each in agreement.roster_version.people if agreement.roster_version else ():
        terms = law.terms(agreement.fiscal_year, each.category)
        found.setdefault(each.category, []).append(Named(name=each.name, post=each.job, programmes=terms.programmes if terms else ()))
    return tuple(Category(category=law.category_names[slug], people=tuple(people)) for slug, people in found.items())
