"""How long the whole regency's list takes from upload to stored: seconds per phase, beside a plain read of the same file.

Run: python -m tests.bench.importing [rows] [postgresql]
"""

from __future__ import annotations

import io
import random
import resource
import sys
import tempfile
import time
from contextlib import contextmanager, nullcontext
from datetime import date, timedelta
from pathlib import Path

import xlsxwriter
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from tests import builders
from tests.conftest import make_config
from tests.postgres import a_database, server
from tests.requests import Person
from webapp import clock, create_app, importing
from webapp.db import db, set_scope
from webapp.models import Accord, Agreement, RosterEntry, RosterImport, Village
from webapp.schema import upgrade

HEAD = ("No", "NIK", "Nama Lengkap", "Tempat Lahir", "Tanggal Lahir", "L/P", "Nama Ibu Kandung", "Alamat", "Pekerjaan", "Desa", "Kecamatan", "Ahli Waris")


def a_list(rows: int, villages: list[Village]) -> bytes:
    """An invented list: every village, some rows with a fault."""
    chance, out = random.Random(1), io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("Peserta")
    sheet.write_row(0, 0, ["DAFTAR PESERTA (CONTOH)"])
    sheet.write_row(2, 0, HEAD)
    for place in range(rows):
        born, sex, village = date(1965, 1, 1) + timedelta(days=chance.randrange(14_000)), chance.choice("LP"), villages[place % len(villages)]
        digits = builders.a_nik(9001 + place // 2000, born, sex)[:12] + f"{9001 + place // len(villages) % 999:04}"
        typed = digits if place % 50 else digits[:15]
        cells = [place + 1, typed, f"Contoh Orang {place + 1}", "Bulukumba", f"{born:%d-%m-%Y}" if place % 77 else "31-02-1980", sex, "Ibu Contoh", "Jalan Contoh", "Ketua RT"]
        sheet.write_row(3 + place, 0, [*cells, village.name, village.kecamatan.name, "Waris Contoh"])
    book.close()
    return out.getvalue()


@contextmanager
def phase(name: str, done: dict[str, float]):
    begun = time.perf_counter()
    yield
    done[name] = time.perf_counter() - begun


def main(rows: int, postgresql: bool) -> None:
    with tempfile.TemporaryDirectory() as home, server() if postgresql else nullcontext() as uri:
        app = create_app(make_config(Path(home), a_database(uri) if uri else None))
        with app.app_context(), clock.at(builders.NOW_):
            upgrade()
            set_scope("")
            builders.an_installation()
            villages = [each for each in db.session.scalars(select(Village).order_by(Village.code)) if each.is_desa]
            accord = db.session.scalars(select(Accord)).one()
            for each in villages:
                db.session.add(
                    Agreement(village_code=each.code, fiscal_year=2026, accord=accord, dated_on=date(2026, 3, 2), place="Bulukumba", month_first=date(2026, 1, 1), month_last=date(2026, 12, 1))
                )
            db.session.commit()
            content, seconds = a_list(rows, villages), {}
            db.session.close()
            with phase("plain read", seconds):
                CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
            legal = Person(app.test_client(), "")
            legal.sign_in("legal", builders.PASSWORD)
            with phase("upload", seconds):
                answer = legal.post("/impor/baru", {"category": "lkd", "year": "2026", "file": (io.BytesIO(content), "semua.xlsx")}, seen="/impor/baru", content_type="multipart/form-data")
            assert answer.status_code == 303, answer.text
            with app.app_context(), phase("read and judge", seconds):
                set_scope("")
                assert importing.read_waiting()
            with phase("dry run page", seconds):
                page = legal.get(answer.location)
            assert page.status_code == 200
            with app.app_context(), phase("of that: judge against lists", seconds):
                set_scope("")
                importing.judge(db.session.scalars(select(RosterImport)).one())
            with phase("store", seconds):
                stored = legal.post(f"{answer.location}/simpan", {"seen": legal.hidden("seen"), "with_flagged": "y"})
            assert stored.status_code == 303, stored.text
            with app.app_context(), phase("undo", seconds):
                set_scope("")
                kept = db.session.query(RosterEntry).count()
                legal.get(answer.location)
                undone = legal.post(f"{answer.location}/urungkan")
            assert undone.status_code == 303, undone.text
    total = sum(seconds[each] for each in ("upload", "read and judge", "dry run page", "store"))
    print(f"{rows} rows, {len(content) / 1024:.0f} KB, {len(villages)} villages, {'PostgreSQL' if postgresql else 'SQLite'}: {kept} people stored")
    for name, took in seconds.items():
        print(f"  {name:<30} {took:7.2f} s  {rows / took:10.0f} rows/s")
    print(f"  {'from upload to stored':<30} {total:7.2f} s  {rows / total:10.0f} rows/s; memory at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 12_000, "postgresql" in sys.argv)
