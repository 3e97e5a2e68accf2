"""Rows of the office as parts of papers: letterhead, parties, signers, categories and sums."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from flask import current_app
from sqlalchemy.orm import object_session

from letters import parts
from letters.indonesian import rupiah, tanggal
from letters.stopped import PressStopped
from workflows import Refused

from ..models import Accord, Agreement, Office, RosterVersion, RosterVersionOwed, Tenure, Village
from ..models.delegations import delegation_for
from ..models.officials import CAPACITIES
from ..models.reading import rulebook, whoswho
from ..models.rules import Rulebook

PROGRAMMES = {
    "JKK": "Jaminan Kecelakaan Kerja (JKK)",
    "JKM": "Jaminan Kematian (JKM)",
    "JHT": "Jaminan Hari Tua (JHT)",
    "JP": "Jaminan Pensiun (JP)",
}
PROFILES = {
    1: "perangkat daerah yang melaksanakan urusan pemerintahan di bidang pemberdayaan masyarakat dan desa di {region}",
    2: "badan hukum publik yang menyelenggarakan program jaminan sosial ketenagakerjaan berdasarkan Undang-Undang Nomor 24 Tahun 2011 tentang "
    "Badan Penyelenggara Jaminan Sosial",
}
FORMAL = {"RKPDes": "RKP Desa", "APBDes": "APB Desa", "Perdes": "Peraturan Desa"}  # Permendagri 20/2018, 114/2014


def book(agreement: Agreement) -> Rulebook:
    """The law of the office."""
    session = object_session(agreement)
    assert session is not None
    return rulebook(session)


def paper(office: Office) -> parts.Paper:
    """How the office's paper looks."""
    return parts.Paper(size=office.paper, kedua_left=office.kedua_left)


def emblem(office: Office) -> str | None:
    """The office's emblem as a fact of the paper."""
    if not office.emblem_sha256:
        return None
    return parts.picture(current_app.extensions["storage"].get(office.emblem_sha256))


def office_kop(office: Office) -> parts.Kop:
    """The letterhead of the office: the region above, the office below."""
    return parts.Kop(
        lines=(office.above.upper(), office.name.upper()),
        address=" ".join(each for each in (office.address, office.postcode) if each),
        phone=office.phone or None,
        email=office.email or None,
        website=office.website or None,
        emblem=emblem(office),
    )


def village_kop(agreement: Agreement, office: Office) -> parts.Kop:
    """The letterhead of a village: kabupaten, kecamatan, desa under the emblem of the region (Permendagri 1/2023)."""
    place = agreement.village.kecamatan
    return parts.Kop(
        lines=(f"PEMERINTAH KABUPATEN {place.kabupaten.name}".upper(), f"KECAMATAN {place.name}".upper(), f"DESA {agreement.village.name}".upper()),
        address=agreement.village.address or f"Desa {agreement.village.name}, Kecamatan {place.name}",
        phone=agreement.village.phone or None,
        emblem=emblem(office),
    )


def village(row: Village) -> parts.Village:
    """The village with its code."""
    return parts.Village(name=row.name, code=row.code, kecamatan=row.kecamatan.name, kabupaten=f"Kabupaten {row.kecamatan.kabupaten.name}")


def signer(tenure: Tenure | None, position: str) -> parts.Signer:
    """Who signs; while nobody holds the post, the paper keeps the line open."""
    if tenure is None:
        return parts.Signer(name=None, position=position)
    official = tenure.official
    return parts.Signer(
        name=official.name,
        position=tenure.post.title,
        capacity=CAPACITIES[tenure.capacity] or "definitif",
        rank=official.rank or None,
        number_label=official.number_kind or None,
        number=official.number or None,
    )


def office_signer(office: Office, kind: str, on: date) -> parts.Signer:
    """Who signs a letter of the office on its date: its head, or whoever he lets sign it in his name (a.n., u.b.)."""
    session = object_session(office)
    assert session is not None
    head = signer(whoswho(session).on("head_office", office.id, on), f"Kepala {office.name}")
    acting = delegation_for(session, office, kind, on)
    if acting is None:
        return head
    who = acting.official
    return parts.Signer(
        name=who.name, position=acting.title, on_behalf=head.full_position, through=acting.through or None,
        rank=who.rank or None, number_label=who.number_kind or None, number=who.number or None,
    )  # fmt: skip


def region(office: Office) -> str:
    """The region of the office: "Kabupaten Bulukumba"."""
    return office.above.removeprefix("Pemerintah ").strip()


def formal(sentence: str) -> str:
    """A condition's sentence in the terms of the regulations."""
    for short, full in FORMAL.items():
        sentence = sentence.replace(short, full)
    return sentence


def _head(tenure: Tenure | None, office: Office) -> parts.Signer:
    """The head of a party; a post that does not say of what it is the head is named after its institution."""
    found, own = signer(tenure, f"Kepala {office.name}"), (office.name, office.short_name)
    return found if any(each in found.position for each in own) else replace(found, position=f"Kepala {office.name}")


def party(accord: Accord, side: int, on: date | None) -> parts.Party:
    """One side of the accord and of every agreement under it, with its signer on that day."""
    office = accord.institution(side)
    tenure = accord.signer_on(side, on) if on else None
    mandate = None
    if side == 1 and accord.mandate_number and accord.mandate_on:
        mandate = parts.Mandate(number=accord.mandate_number, dated_on=accord.mandate_on, giver=accord.mandate_by)
    return parts.Party(
        order=side,
        institution=office.name if side == 2 or region(office) in office.name else f"{office.name} {region(office)}",
        on_behalf_of=office.above or office.short_name,  # the public body, not its branch, is the person at law
        seat=office.address,
        profile=PROFILES[side].format(region=region(accord.office)),
        signer=_head(tenure, office),
        authority=_authority(tenure, office),
        mandate=mandate,
        contact=parts.Contact(unit=office.short_name, address=office.address, phone=office.phone or None, email=office.email or None),
        logo=emblem(office),
    )


def _authority(tenure: Tenure | None, office: Office) -> str:
    """The office's own standing speaks for a definitive head; who acts for one has his own order or none."""
    if tenure is not None and tenure.capacity != "definitif":
        return authority(tenure)
    return authority(tenure) or office.authority


def village_head(agreement: Agreement, on: date) -> parts.Signer:
    """The village head of that day, also a Pj."""
    session = object_session(agreement)
    assert session is not None
    return signer(whoswho(session).on("head_village", agreement.village_code, on), f"Kepala Desa {agreement.village.name}")


def authority(tenure: Tenure | None) -> str:
    """The decree behind a term, as a paper cites it."""
    if tenure is None or not tenure.decree_number:
        return ""
    on = f" tanggal {tanggal(tenure.decree_on)}" if tenure.decree_on else ""
    return f"{tenure.decree_by or 'Keputusan'} Nomor {tenure.decree_number}{on}"


def accord_of(agreement: Agreement) -> Accord:
    """The accord; without one nothing can be drawn up. Raises PressStopped."""
    if agreement.accord is None:
        raise PressStopped("Perjanjian ini belum dikaitkan dengan induknya. Pilih perjanjian induk dahulu.")
    return agreement.accord


@dataclass(frozen=True)
class NoList:
    """No list is frozen yet: a preview shows the paper with its gaps, and nothing can be issued from it."""

    id: int = 0
    participants: int = 0
    owed: tuple[RosterVersionOwed, ...] = ()


def version_of(agreement: Agreement) -> RosterVersion | NoList:
    """The pinned list, or none of anything."""
    return agreement.roster_version or NoList()


def accord_cited(accord: Accord) -> parts.AccordCited:
    """The accord as later papers cite it."""
    return parts.AccordCited(
        title=f"Perjanjian Kerja Sama tentang {accord.about}",
        number_kesatu=accord.number_kesatu or None,
        number_kedua=accord.number_kedua or None,
        dated_on=accord.dated_on,
    )


def cited(agreement: Agreement) -> parts.AgreementCited:
    """The agreement as its annexes and letters cite it."""
    kesatu, kedua = agreement.numbers
    return parts.AgreementCited(number=kesatu, number_kedua=kedua, dated_on=agreement.dated_on, fiscal_year=agreement.fiscal_year)


def bases(rows: Iterable) -> tuple[parts.LegalBasis, ...]:
    """Legal bases in the order of a preamble."""
    return tuple(parts.LegalBasis(text=each.citation) for each in sorted(rows, key=lambda each: (each.rank, each.id)))


def monthly(version: RosterVersion | NoList) -> Decimal | None:
    """Rupiah of one month, when it is the same in all months; None when a rate changes, or people come or leave, within the year."""
    return _of_every_month(version.owed)


def _of_every_month(rows: Sequence[RosterVersionOwed]) -> Decimal | None:
    spans = {(each.first, each.last) for each in rows}
    return sum((each.per_month for each in rows), Decimal()) if len(spans) == 1 else None


def people_of(rows: Iterable[RosterVersionOwed]) -> int:
    """How many people stand behind the sums; a group counts once, also where a rate cuts its year into several rows."""
    return sum({(each.category, each.wage_base, each.month_first, each.month_last): each.people for each in rows}.values())


def shares(agreement: Agreement) -> tuple[parts.Share, ...]:
    """The categories of the pinned list with their people and sums; fund sources as far as the budget names them."""
    return tuple(shares_by_category(agreement).values())


def shares_by_category(agreement: Agreement) -> dict[str, parts.Share]:
    """The same by the category's slug."""
    version, law = version_of(agreement), book(agreement)
    by_category: dict[str, list[RosterVersionOwed]] = {}
    for each in version.owed:
        by_category.setdefault(each.category, []).append(each)
    return {
        slug: parts.Share(
            category=law.category_names[slug],
            people=people_of(rows),
            monthly=_of_every_month(rows),
            yearly=sum((each.total for each in rows), Decimal()),
            fund_sources=fund_sources(agreement, slug),
        )
        for slug in law.category_names
        if (rows := by_category.get(slug))
    }


def fund_sources(agreement: Agreement, category: str | None = None) -> tuple[str, ...]:
    """The fund sources that the budget lines name; APB Desa while no line does."""
    found = {each.fund_source for each in agreement.standing_lines if category is None or category in each.categories}
    names = book(agreement).fund_sources
    return tuple(names[each] for each in names if each in found) or ("APB Desa",)


def lines(agreement: Agreement) -> tuple[parts.Line, ...]:
    """The calculation of the pinned list, a line per category, wage base and run of equal rates."""
    law = book(agreement)
    order = list(law.category_names)
    rows = sorted(version_of(agreement).owed, key=lambda each: (order.index(each.category), each.first, -each.wage_base))
    return tuple(
        parts.Line(
            category=law.category_names[each.category],
            segment=each.segment,
            people=each.people,
            wage_base=each.wage_base,
            rates=tuple(
                parts.Rate(
                    programme=charge["programme"],
                    rate=rate_told(charge),
                    article=charge["regulation"],
                    monthly=Decimal(charge["monthly"]) if charge.get("monthly") else Decimal(charge["amount"]) * each.people,
                )
                for charge in each.derivation
            ),
            monthly=each.per_month,
            blth_from=each.first,
            blth_until=each.last,
            months=each.months,
            yearly=each.total,
        )
        for each in rows
    )


def rate_told(charge: dict[str, str]) -> str:
    """A frozen rate as a paper prints it, with the ceiling, income table or discount that made it another."""
    told = charge["rate"] if charge["rate"] != "nominal" else f"{rupiah(Decimal(charge['amount']))} per orang"
    base = charge.get("ceiling") or charge.get("bracket")
    said = f"{told} dari {rupiah(Decimal(base))}" if base else told
    return f"{said}, sesudah dikurangi {charge['reduction']}" if charge.get("reduction") else said


def programmes(agreement: Agreement) -> tuple[str, ...]:
    """The programmes of all categories, in words."""
    found = {charge["programme"] for each in version_of(agreement).owed for charge in each.derivation}
    return tuple(name for slug, name in PROGRAMMES.items() if slug in found)


def count_months(agreement: Agreement) -> int:
    """Contribution months of the agreement."""
    first, last = agreement.months
    return (last.year - first.year) * 12 + last.month - first.month + 1


def contact(office: Office) -> parts.PersonInCharge:
    """Whom to call at the office. Raises Refused while nobody is named."""
    name, _, phone = office.contact.partition(",")
    if not name.strip():
        raise Refused("Narahubung kantor belum diisi. Isikan di halaman Kantor.")
    return parts.PersonInCharge(name=name.strip(), position=f"Narahubung {office.short_name}", phone=phone.strip() or office.phone)


def court(accord: Accord) -> str:
    """The court of the office's seat."""
    return f"Pengadilan Negeri {accord.office.seat}"
