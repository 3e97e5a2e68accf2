"""What a new installation begins with: regions, and the law as data with source and confidence. The office edits it afterwards."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from .budget_rules import seed_budget_rules
from .regions import Kabupaten, Kecamatan, Village
from .rules import Category, CategoryTerms, DueDate, ForbiddenSource, FundSource, Holiday, LegalBasis
from .tariffs import AdjustmentRow, AgeLimit, BracketRow, CeilingRow, PostWage, RateRow, RoundingRow

DATA = Path(__file__).parents[1] / "data"
ALWAYS = date(2015, 7, 1)


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a data file of this project (origin and licence: webapp/data/SOURCES.md)."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def seed(session: Session) -> None:
    """Fill the tables that are empty in a new installation."""
    seed_regions(session)
    seed_rules(session)


def seed_regions(session: Session) -> None:
    """The kabupaten with its kecamatan, desa and kelurahan."""
    units = list(rows("villages_bulukumba.csv"))
    session.add(Kabupaten(code="73.02", name="Bulukumba"))
    districts = {each["district_code"]: each["district_name"] for each in units}
    session.add_all(Kecamatan(code=code, name=name, kabupaten_code=code[:5]) for code, name in districts.items())
    session.flush()
    session.add_all(Village(code=each["code"], name=each["name"], kecamatan_code=each["district_code"]) for each in units)


def seed_rules(session: Session) -> None:
    """Rates, categories, fund sources, legal bases, due dates, holidays."""
    session.add_all(_legal_bases())
    session.add_all(_rates())
    session.add_all(Category(slug=slug, name=name, rank=rank, account_hint=hint) for rank, (slug, name, hint) in enumerate(CATEGORIES, 1))
    session.add_all(FundSource(slug=slug, name=name, account=account, rank=rank) for rank, (slug, name, account) in enumerate(FUND_SOURCES, 1))
    session.flush()
    session.add_all(_terms(2026))
    session.add_all(model(**typed(each)) for model, name in FILES.items() for each in rows(name))
    session.add_all(_forbidden_2026())
    session.add_all(DueDate(condition=condition, years=years, month=month, day=day, source=source) for condition, years, month, day, source in DUE_DATES)
    session.add_all(seed_budget_rules())
    session.add_all(Holiday(day=date.fromisoformat(each["date"]), name=each["name"], source=SKB) for each in _holidays())


# Tables of the law of contributions, filled from files; the migration that made them fills them from the same files in older installations.
FILES: dict[type, str] = {
    RateRow: "more_rates.csv",
    CeilingRow: "ceilings.csv",
    BracketRow: "brackets.csv",
    AdjustmentRow: "adjustments.csv",
    RoundingRow: "roundings.csv",
    AgeLimit: "age_limits.csv",
    PostWage: "post_wages.csv",
}
SKB = "SKB 3 Menteri tentang hari libur nasional dan cuti bersama"
LISTS, WHOLE = {"programmes", "not_for"}, {"year", "years"}
AMOUNTS = {"percent", "worker", "flat", "amount", "at_least", "below", "base", "unit", "wage_base"}


def typed(row: dict[str, str]) -> dict[str, Any]:
    """A row of such a file with lists, numbers and days in place of their text; an empty cell is none."""

    def value(name: str, text: str) -> Any:
        if name in LISTS:
            return tuple(text.split())
        if name.startswith("valid_"):
            return date.fromisoformat(text) if text else None
        if name in WHOLE:
            return int(text)
        return (Decimal(text) if text else None) if name in AMOUNTS else text

    return {name: value(name, text) for name, text in row.items()}


def _holidays() -> list[dict[str, str]]:
    return list({each["date"]: each for each in rows("holidays_id_2024_2027.csv")}.values())


# Account codes: Permendagri 20/2018 has 5.1.3.03/.04; the others are local practice (not verified), free to edit.
CATEGORIES = (
    ("kepala_desa", "Kepala Desa", "5.1.3.03"),
    ("perangkat", "Perangkat Desa", "5.1.3.04"),
    ("staf", "Staf Desa", "5.1.3.90"),
    ("bpd", "Anggota BPD", "5.1.5.02"),
    ("lkd", "Lembaga Kemasyarakatan Desa", "5.2.5.08"),
    ("imam", "Imam dan Pegawai Syara'", "5.2.5.90"),
    ("pekerja_rentan", "Pekerja Rentan", "5.2.7.99"),
)
# How the groups of data/roles.csv map onto the categories.
CATEGORY_OF_GROUP = {
    "LKD": "lkd", "Linmas": "lkd", "LAD": "lkd", "BUMDes": "lkd", "lainnya": "lkd", "BPD": "bpd", "keagamaan": "imam", "perangkat/staf": "perangkat",
}  # fmt: skip
STAFF_ROLES = ("Operator desa", "Staf desa", "Penjaga kantor desa")

FUND_SOURCES = (
    ("ADD", "Alokasi Dana Desa", "4.2.3"),
    ("DD", "Dana Desa", "4.2.1"),
    ("PBH", "Bagi Hasil Pajak dan Retribusi", "4.2.2"),
    ("PADes", "Pendapatan Asli Desa", "4.1"),
    ("BK_KAB", "Bantuan Keuangan Kabupaten", "4.2.5"),
    ("BK_PROV", "Bantuan Keuangan Provinsi", "4.2.4"),
    ("APBD", "APBD (dibayar kabupaten)", ""),
    ("CSR", "Tanggung jawab sosial perusahaan", ""),
)

DUE_DATES = (
    ("accord_in_force", 0, 1, 31, "Ketentuan kantor (dapat diubah)"),
    ("roster_frozen", 0, 2, 28, "Ketentuan kantor (dapat diubah)"),
    ("nothing_flagged", 0, 3, 31, "Ketentuan kantor (dapat diubah)"),
    ("approved", 0, 3, 31, "Ketentuan kantor (dapat diubah)"),
    ("numbers_known", 0, 4, 30, "Ketentuan kantor (dapat diubah)"),
    ("signed_kesatu", 0, 5, 31, "Ketentuan kantor (dapat diubah)"),
    ("signed_kedua", 0, 5, 31, "Ketentuan kantor (dapat diubah)"),
    ("annex_signed", 0, 6, 30, "Ketentuan kantor (dapat diubah)"),
    ("rkpdes_names", -1, 9, 30, "Permendagri 114/2014 Pasal 29: RKPDes ditetapkan paling lambat akhir September"),
    ("apbdes_carries", -1, 12, 31, "Permendagri 20/2018 Pasal 38 ayat (2): APBDes ditetapkan paling lambat 31 Desember"),
    ("lines_cover", 0, 9, 30, "Ketentuan kantor: jendela Perubahan APBDes Juli–September"),
    ("no_forbidden_source", 0, 9, 30, "Ketentuan kantor: jendela Perubahan APBDes Juli–September"),
    ("budget_evidence", 0, 9, 30, "Ketentuan kantor (dapat diubah)"),
    ("camat_checked", 0, 10, 15, "Ketentuan kantor (dapat diubah)"),
    ("files_handed_in", 0, 10, 31, "Ketentuan kantor (dapat diubah)"),
    ("validated", 0, 11, 15, "Ketentuan kantor (dapat diubah)"),
    ("billing_code", 0, 11, 30, "Ketentuan kantor (dapat diubah)"),
    ("first_payment", 0, 12, 15, "Iuran dibayar paling lambat tanggal 15 bulan berikutnya (PP 44/2015)"),
    ("active", 0, 12, 22, "Kartu paling lama 7 hari sesudah pembayaran (praktik)"),
)


def _rates() -> list[RateRow]:
    source = "PP 44/2015 dan PP 46/2015; praktik desa 0,54% (0,24% + 0,30%) di beberapa kabupaten"
    percent = (
        ("JKK", "PU", "I", "0.24", "0", "PP 44/2015 jo. PP 82/2019 jo. PP 49/2023"),
        ("JKM", "PU", "", "0.30", "0", "PP 44/2015 jo. PP 82/2019 jo. PP 49/2023"),
        ("JHT", "PU", "", "5.7", "2", "PP 46/2015 jo. PP 60/2015"),
        ("JKK", "BPU", "", "1", "0", "PP 44/2015 Lampiran II"),
        ("JHT", "BPU", "", "2", "0", "PP 46/2015"),
    )
    found = [
        RateRow(
            programme=programme, segment=segment, risk=risk, percent=Decimal(rate), worker=Decimal(worker), valid_from=ALWAYS,
            regulation=regulation, confidence="S", source=source,
        )
        for programme, segment, risk, rate, worker, regulation in percent
    ]
    flat = RateRow(programme="JKM", segment="BPU", flat=Decimal(6800), valid_from=ALWAYS, regulation="PP 44/2015", confidence="S", source=source)
    return [*found, flat]


def _terms(year: int) -> list[CategoryTerms]:
    siltap = "PP 11/2019 Pasal 81 (batas bawah siltap); dasar upah yang dipakai di Bulukumba belum dipastikan"
    nominal = "Nominal menurut praktik kabupaten lain; segmen dan dasar upah di Bulukumba belum dipastikan"
    wages = (
        ("kepala_desa", "PU", 2426640, "L", siltap),
        ("perangkat", "PU", 2022200, "L", siltap),
        ("staf", "PU", 1500000, "U", nominal),
        ("bpd", "PU", 1500000, "U", nominal),
        ("lkd", "PU", 1000000, "U", nominal),
        ("imam", "PU", 1000000, "U", nominal),
        ("pekerja_rentan", "BPU", 1000000, "S", "PP 44/2015 Lampiran II: penghasilan sampai Rp1.099.000 memakai dasar Rp1.000.000"),
    )
    return [
        CategoryTerms(year=year, category_slug=slug, segment=segment, programmes=("JKK", "JKM"), wage_base=Decimal(wage), confidence=confidence, source=source)
        for slug, segment, wage, confidence, source in wages
    ]


def _forbidden_2026() -> list[ForbiddenSource]:
    source = "Petunjuk Operasional atas Fokus Penggunaan Dana Desa 2026: larangan iuran jaminan bagi kepala desa, perangkat dan BPD"
    return [
        ForbiddenSource(year=2026, fund_source="DD", category_slug=slug, article="Permendesa PDT 16/2025", confidence="S", source=source)
        for slug in ("kepala_desa", "perangkat", "bpd")
    ]


def _legal_bases() -> Iterator[LegalBasis]:
    for each in rows("legal_bases.csv"):
        yield LegalBasis(
            short=each["short"],
            citation=each["citation"],
            rank=int(each["rank"]),
            valid_from=date.fromisoformat(each["valid_from"]),
            valid_until=date.fromisoformat(each["valid_until"]) if each["valid_until"] else None,
            usual=each["usual"] == "1",
            confidence=each["confidence"],
            source=each["source"],
        )
