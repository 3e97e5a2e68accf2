"""The recap: villages that are not done yet, by kecamatan."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from letters import parts as letter_parts
from letters.rekap.letter import Letter, TrailHead

from .. import clock
from ..access import ROLES
from ..models import Agreement, Kecamatan, Office, Village
from ..models.audit import newest_link
from ..models.lists import agreements_with_facts, newest_year
from . import Order, parts

NOT_BEGUN = "Perjanjian belum disusun"


def facts(office: Office, order: Order) -> Letter:
    """Its facts, as they stand now."""
    session = object_session(office)
    assert session is not None
    year = newest_year(session) or order.on.year
    by_village = {each.village_code: each for each in agreements_with_facts(session, year)}
    districts = tuple(
        district
        for row in session.scalars(select(Kecamatan).where(Kecamatan.kabupaten_code == office.kabupaten_code).order_by(Kecamatan.code))
        if (district := _district(row, _desa(session, row), by_village, order)).villages
    )
    now = clock.at_office(clock.now())
    return Letter(
        contoh=order.contoh,
        paper=parts.paper(office),
        kop=parts.office_kop(office),
        kabupaten=parts.region(office),
        fiscal_year=year,
        cut_off_on=order.on,
        cut_off_time=f"{now:%H.%M} {now.tzname()}",
        districts=districts,
        pending=sum(len(each.pending) for each in districts),
        villages=sum(each.villages for each in districts),
        source=f"Catatan bukti pada Sinergi Desa, {office.name}",
        trail=_head(session),
    )


def _head(session: Session) -> TrailHead | None:
    """The head of the trail as it stands now."""
    newest = newest_link(session)
    if newest is None:
        return None
    at = clock.at_office(newest.at)
    return TrailHead(seq=newest.seq, at=f"{at:%d-%m-%Y} pukul {at:%H.%M.%S} {at.tzname()}", hash=newest.hash)


def _desa(session, row: Kecamatan) -> list[Village]:
    return [each for each in session.scalars(select(Village).where(Village.kecamatan_code == row.code).order_by(Village.code)) if each.is_desa]


def _district(row: Kecamatan, desa: list[Village], by_village: dict[str, Agreement], order: Order) -> letter_parts.District:
    pending = tuple(found for each in desa if (found := _pending(each, by_village.get(each.code), order)))
    return letter_parts.District(name=row.name, villages=len(desa), pending=pending)


def _pending(village: Village, agreement: Agreement | None, order: Order) -> letter_parts.PendingVillage | None:
    if agreement is None:
        return letter_parts.PendingVillage(name=village.name, code=village.code, stage="Penyusunan", sentence=NOT_BEGUN, turn=ROLES["legal"])
    stage = agreement.current_stage()
    if stage is None:
        return None
    first = next(each for each in agreement.open_on(order.on))
    return letter_parts.PendingVillage(
        name=village.name, code=village.code, stage=stage.title, sentence=parts.formal(str(first)), turn=ROLES[first.turn], days_late=first.days_late or None
    )
