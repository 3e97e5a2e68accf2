"""Rules of the village budget as data: the windows of its calendar and the codes under which contributions usually stand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from workflows.calendar import Opening, Window, next_window

from ..db import Base


class BudgetWindow(Base):
    """The months in which a budget document can be made, of the fiscal year or of the one before (``years`` -1)."""

    __tablename__ = "budget_windows"

    document: Mapped[str] = mapped_column(String(10), primary_key=True)
    years: Mapped[int]
    month_first: Mapped[int]
    month_last: Mapped[int]
    article: Mapped[str] = mapped_column(String(120))
    confidence: Mapped[str] = mapped_column(String(1))
    source: Mapped[str] = mapped_column(Text)

    def as_window(self) -> Window:
        """The value that the law reckons with."""
        return Window(self.document, self.years, self.month_first, self.month_last, self.article, self.confidence, self.source)


class AccountSuggestion(Base):
    """Under which codes a category's contributions usually stand in the budget of a year; villages may write others."""

    __tablename__ = "account_suggestions"
    __table_args__ = (UniqueConstraint("year", "category_slug", "account_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    category_slug: Mapped[str] = mapped_column(ForeignKey("categories.slug"))
    activity_code: Mapped[str] = mapped_column(String(40))
    account_code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    confidence: Mapped[str] = mapped_column(String(1))
    source: Mapped[str] = mapped_column(Text)


def windows(session: Session) -> tuple[Window, ...]:
    """The office's calendar."""
    return tuple(each.as_window() for each in session.scalars(select(BudgetWindow).order_by(BudgetWindow.document)))


def next_opening(session: Session, day: date, fiscal_year: int) -> Opening | None:
    """When a shortfall of the fiscal year can be cured next."""
    return next_window(day, fiscal_year, windows(session))


def suggestions(session: Session, year: int) -> list[AccountSuggestion]:
    """The suggestions of the newest year up to ``year``; of the first year that has any when all are later."""
    known = sorted(set(session.scalars(select(AccountSuggestion.year).distinct())))
    if not known:
        return []
    taken = max((each for each in known if each <= year), default=known[0])
    return list(session.scalars(select(AccountSuggestion).where(AccountSuggestion.year == taken).order_by(AccountSuggestion.id)))


def suggested(session: Session, year: int, category: str, account: str) -> AccountSuggestion | None:
    """This very suggestion, if the office has it already."""
    return session.scalar(select(AccountSuggestion).filter_by(year=year, category_slug=category, account_code=account))


NATIONAL = "Permendagri 20/2018, daftar kode kegiatan dan rekening desa"
LOCAL = "Kode lokal yang dijumpai pada APBDes di daerah lain; belum dipastikan untuk kabupaten ini"
WINDOWS = (
    ("rkpdes", -1, 7, 9, "Permendagri 114/2014 Pasal 29", "S", "RKPDes disusun mulai Juli dan ditetapkan paling lambat akhir September tahun sebelumnya"),
    ("apbdes", -1, 10, 12, "Permendagri 20/2018 Pasal 38 ayat (2)", "S", "Rancangan disepakati bersama BPD dalam bulan Oktober; APBDes ditetapkan paling lambat 31 Desember"),
    ("perubahan", 0, 7, 9, "Permendagri 20/2018 Pasal 40", "L", "Perubahan satu kali setahun; peraturannya tidak menyebut bulan, Juli sampai September adalah kebiasaan"),
)
SUGGESTIONS = (
    ("kepala_desa", "1.1.03", "5.1.3.03", "Jaminan Sosial Ketenagakerjaan Kepala Desa", "S", NATIONAL),
    ("perangkat", "1.1.03", "5.1.3.04", "Jaminan Sosial Ketenagakerjaan Perangkat Desa", "S", NATIONAL),
    ("staf", "1.1.03", "5.1.3.90", "Jaminan Sosial Ketenagakerjaan Staf Desa", "U", LOCAL),
    ("bpd", "1.1.05", "5.1.5.02", "Jaminan Sosial Ketenagakerjaan Anggota BPD", "U", LOCAL),
    ("bpd", "1.1.05", "5.1.4.91", "Jaminan Ketenagakerjaan BPD", "U", LOCAL),
    ("lkd", "1.1.07", "5.2.5.08", "Jaminan Sosial Ketenagakerjaan RT/RW dan Lembaga Kemasyarakatan Desa", "U", "Permendagri 20/2018: 1.1.07 dan 5.2.5.08 untuk insentif/operasional RT/RW; pemakaiannya untuk iuran belum dipastikan"),
    ("imam", "3.2.90", "5.2.5.90", "Jaminan Sosial Ketenagakerjaan Imam dan Pegawai Syara'", "U", LOCAL),
    ("pekerja_rentan", "4.4.90", "5.2.7.99", "Jaminan Sosial Ketenagakerjaan Pekerja Rentan", "U", LOCAL),
)


def seed_budget_rules() -> Iterable[Base]:
    """What a new installation begins with."""
    yield from (
        BudgetWindow(document=document, years=years, month_first=first, month_last=last, article=article, confidence=confidence, source=source)
        for document, years, first, last, article, confidence, source in WINDOWS
    )
    yield from (
        AccountSuggestion(year=2026, category_slug=slug, activity_code=activity, account_code=account, name=name, confidence=confidence, source=source)
        for slug, activity, account, name, confidence, source in SUGGESTIONS
    )
