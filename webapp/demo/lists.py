"""What happens to lists in the demo after everything else: some people leave and join after signing, and a village sends a file."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import select

from workflows import nik

from .. import clock, importing
from ..db import begin_writing, db
from ..models import Agreement, User
from ..models.changes import Change, leave
from ..models.elsewhere import Covered, add_covers
from ..models.participants import Person, add_person
from ..seal import blind_index

HEAD = "No;NIK;Nama Lengkap;Tempat Lahir;Tanggal Lahir;L/P;Nama Ibu Kandung;Pekerjaan"
JOBS = ("Petani", "Nelayan", "Buruh bangunan", "Pedagang keliling")


def after_signing(villages: int = 3) -> None:
    """Some who left, died or moved, and one who joined, in the first villages whose people are active."""
    active = select(Agreement).where(Agreement.stage == "active").order_by(Agreement.village_code).limit(villages)
    for place, agreement in enumerate(db.session.scalars(active)):
        by, at, today = _by(agreement.village_code), clock.now(), clock.today()
        mortal = [each for each in agreement.entries if each.category == "lkd"]
        for entry, kind, month in zip(mortal, ("left", "died", "moved"), (7, 8, 9), strict=False):
            leave(agreement, entry, Change(kind, date(today.year, month, 12 + place), reason="Surat keterangan desa (contoh)"), by, at, today)
        add_person(agreement, _newcomer(agreement, place), by, at, today, Change("joined", date(today.year, 9, 1), reason="SK Kepala Desa (contoh)"))


def _newcomer(agreement: Agreement, place: int) -> Person:
    digits = f"{agreement.village_code.replace('.', '')[:6]}170580{9801 + place}"
    return Person("lkd", f"Pengganti Contoh {place + 1}", nik.parse(digits), date(1980, 5, 17), "L", "Ketua RT", Decimal(1000000))


def others_pay() -> None:
    """Some whom the regency covers already; one of them stands on a village's list."""
    person = next(iter(db.session.scalars(select(Agreement).where(Agreement.stage == "active").order_by(Agreement.village_code.desc()).limit(1)))).entries[-1]
    people = [Covered(person.nik_index, person.nik_masked, person.name)]
    people += [Covered(blind_index(f"7302011705809{each}"), nik.masked(f"7302011705809{each}"), f"Tertanggung Contoh {each}") for each in range(850, 856)]
    add_covers(db.session, clock.today().year, "apbd", "Daftar Dinas Tenaga Kerja (contoh)", people, _by("legal"), clock.now())


def a_village_sends_its_list() -> None:
    """A file as villages send it: most rows are taken, one is doubtful, one cannot be a NIK; what passed is stored."""
    agreement = db.session.scalars(select(Agreement).where(~Agreement.entries.any()).order_by(Agreement.village_code).limit(1)).one()
    by = _by(agreement.village_code)
    batch = importing.receive(_file(agreement.village_code).encode(), "contoh-daftar-pekerja-rentan.csv", False, agreement, agreement.fiscal_year, "pekerja_rentan", by)
    db.session.commit()
    ready = importing.prepare(batch, False, importing.judge(batch).digest)
    begin_writing()
    importing.put_on_lists(batch, ready, None, by, clock.now(), clock.today())


def _file(code: str) -> str:
    head = code.replace(".", "")[:6]
    rows = [f"{each};'{head}{each:02}0680{9700 + each};Pekerja Contoh {each};Bulukumba;{each:02}-06-1980;L;Ibu Contoh;{JOBS[each % 4]}" for each in range(1, 13)]
    rows[4] = rows[4].replace(";L;", ";P;")
    rows[7] = rows[7].replace("'" + head, "'" + head[:5])
    return "\n".join([HEAD, *rows, ";;Jumlah;;;;;12"])


def _by(login: str) -> User:
    return db.session.scalars(select(User).where(User.login == login)).one()
