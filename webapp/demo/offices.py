"""The two institutions, their officials and every village head, all with invented names; terms with gaps, ends and stand-ins."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from .. import clock
from ..db import db
from ..models import Accord, AccordSignature, Kecamatan, LegalBasis, Office, Official, Post, Tenure, User, Village
from ..uploads import storage
from .files import scan

ADDRESS = "Jalan Contoh Nomor 1, Bulukumba"


def make_offices() -> None:
    """DPMD and the BPJS branch."""
    db.session.add(
        Office(
            side=1,
            name="Dinas Pemberdayaan Masyarakat dan Desa",
            above="Pemerintah Kabupaten Bulukumba",
            short_name="DPMD",
            kabupaten_code="73.02",
            seat="Bulukumba",
            address=ADDRESS,
            postcode="92500",
            phone="(0413) 000000",
            email="dpmd@contoh.invalid",
            website="dpmd.contoh.invalid",
            contact="Contoh Staf Hukum, 0800-0000-0001",
            unit="DPMD",
            copies_to=("Bupati Bulukumba (sebagai laporan)", "Kepala BPJS Ketenagakerjaan Cabang Bulukumba"),
        )
    )
    db.session.add(
        Office(
            side=2,
            name="BPJS Ketenagakerjaan Cabang Bulukumba",
            short_name="BPJS Ketenagakerjaan",
            kabupaten_code="73.02",
            seat="Bulukumba",
            address="Jalan Contoh Nomor 2, Bulukumba",
            phone="(0413) 000001",
            email="cabang@contoh.invalid",
            authority="Keputusan Direksi BPJS Ketenagakerjaan Nomor KEP/000/012025",
            contact="Contoh Petugas BPJS, 0800-0000-0002",
        )
    )
    db.session.flush()


def make_officials(as_of: date) -> None:
    """Heads of both offices, camat, village heads: most for years, some only until soon, some Pj."""
    _term("head_office", "Kepala Dinas Pemberdayaan Masyarakat dan Desa", "Contoh Kepala Dinas, S.Sos., M.Si.", "NIP", "190001012000019001", rank="Pembina Utama Muda", office_id=1)
    _term("head_bpjs", "Kepala Kantor Cabang", "Contoh Kepala Cabang", "NPK", "900000001", office_id=2, by="Keputusan Direksi BPJS Ketenagakerjaan")
    for kecamatan in db.session.scalars(select(Kecamatan).order_by(Kecamatan.code)):
        _term("camat", f"Camat {kecamatan.name}", f"Contoh Camat {kecamatan.name}", "NIP", f"19000101200001{kecamatan.code[-2:]}01", kecamatan_code=kecamatan.code)
    shared: Official | None = None
    desa = [each for each in db.session.scalars(select(Village).order_by(Village.code)) if each.is_desa]
    for place, village in enumerate(desa):
        post = Post(kind="head_village", title=f"Kepala Desa {village.name}", village_code=village.code)
        if place % 27 == 5:  # a Pj after the term of the elected head; the same civil servant heads two villages
            shared = shared or Official(name="Contoh Penjabat, S.IP.", number_kind="NIP", number="190001012000019090")
            ended = date(as_of.year - 1, 12, 31)
            _tenure(Official(name=f"Contoh Kades Lama {village.name}"), post, until_on=ended)
            _tenure(shared, post, capacity="pj", from_on=ended + timedelta(days=1), until_on=None)
        else:
            until = as_of + timedelta(days=20) if place % 23 == 7 else date(2029, 12, 31)
            _tenure(Official(name=f"Contoh Kades {village.name}"), post, until_on=until)
    db.session.flush()


def _term(kind: str, title: str, name: str, number_kind: str, number: str, rank: str = "", by: str = "Keputusan Bupati Bulukumba", **where) -> None:
    post = Post(kind=kind, title=title, **where)
    _tenure(Official(name=name, number_kind=number_kind, number=number, rank=rank), post, by=by)


def _tenure(official: Official, post: Post, capacity: str = "definitif", from_on: date = date(2022, 1, 3), until_on: date | None = date(2029, 12, 31), by: str = "Keputusan Bupati Bulukumba") -> None:
    db.session.add(
        Tenure(
            official=official,
            post=post,
            capacity=capacity,
            decree_by=by,
            decree_number=f"9{from_on:%m%d} Tahun {(from_on - timedelta(days=7)).year}",
            decree_on=from_on - timedelta(days=7),
            from_on=from_on,
            until_on=until_on,
        )
    )


def make_accord() -> None:
    """One accord, signed by both, in force for three years."""
    accord = Accord(
        office_id=1,
        insurer_id=2,
        about="Penyelenggaraan Program Jaminan Sosial Ketenagakerjaan bagi Aparatur Pemerintahan Desa, Anggota Lembaga Desa, dan Pekerja Rentan",
        dated_on=date(2026, 1, 12),
        place="Bulukumba",
        valid_from=date(2026, 1, 12),
        valid_until=date(2029, 1, 11),
        number_kesatu="100.3.7.1/9001/DPMD/I/2026",
        number_kedua="PER/9001/012026",
        mandate_by="Bupati Bulukumba",
        mandate_number="100.3.7/9002/2026",
        mandate_on=date(2026, 1, 8),
        bases=list(db.session.scalars(select(LegalBasis).where(LegalBasis.usual).order_by(LegalBasis.rank))),
    )
    db.session.add(accord)
    db.session.flush()
    legal = db.session.scalars(select(User).where(User.login == "legal")).one()
    sha256 = storage().put(scan("Perjanjian induk bertanda tangan"))
    for side in (1, 2):
        db.session.add(AccordSignature(accord_id=accord.id, side=side, on=accord.dated_on, place="Bulukumba", sha256=sha256, by_id=legal.id, at=clock.now()))
