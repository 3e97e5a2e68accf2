"""The office's circular to all village heads about budgeting the contributions of a year: amounts, codes, forbidden sources, calendar."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from letters import sample
from letters.asking import Ask
from letters.calculation import Occasion
from letters.openings import due
from letters.parts import Kop, LegalBasis, Paper, PersonInCharge, Signer

TITLE = "Surat Edaran Penganggaran"
ABOUT = "kabupaten"
NEEDS = ("office_head",)
NUMBERED = "drawn"
ARCHIVE_CODE = "100.3.4"  # instruksi dan surat edaran, Permendagri 83/2022
FONT = "bookman"  # naskah dinas pengaturan, Permendagri 1/2023 art. 32
TEMPLATE_VERSION = 1
ASKS = (
    Ask("fiscal_year", "Tahun anggaran", "year", "Tahun APBDes yang memuat iuran ini."),
    Ask("on_behalf", "Ditandatangani", "choice", choices=(("own", "Kepala Dinas atas nama jabatannya sendiri"), ("bupati", "Kepala Dinas a.n. Bupati"))),
    Ask("points", "Hal lain yang diminta dari Pemerintah Desa", "lines", "Satu pada tiap baris; boleh kosong.", must=False),
)


@dataclass(frozen=True, kw_only=True)
class Amount:
    """One category: how it is insured and what one person costs. ``monthly`` is None when it changes within the year."""

    category: str
    segment: str
    rates: tuple[str, ...]  # "JKK 0,24%"
    wage_base: Decimal
    monthly: Decimal | None
    yearly: Decimal
    unsettled: str | None = None  # "belum pasti"


@dataclass(frozen=True, kw_only=True)
class Account:
    """Codes under which a category's contributions usually stand."""

    category: str
    activity_code: str
    account_code: str
    standard: bool  # in the national list, or a suggestion


@dataclass(frozen=True, kw_only=True)
class Forbidden:
    """A source that may not pay for these categories."""

    source: str
    categories: tuple[str, ...]
    article: str


@dataclass(frozen=True, kw_only=True)
class Letter:
    """The facts of the circular."""

    contoh: bool
    paper: Paper
    kop: Kop
    number: str | None = due()
    place: str
    dated_on: date | None = due()
    addressee: str  # "Para Kepala Desa se-Kabupaten Bulukumba"
    region: str  # "Kabupaten Bulukumba"
    fiscal_year: int
    terms_year: int  # whose terms the amounts were reckoned with
    legal_bases: tuple[LegalBasis, ...] = due(())
    amounts: tuple[Amount, ...] = due(())
    accounts: tuple[Account, ...] = ()
    forbidden: tuple[Forbidden, ...] = ()
    forbidden_known: bool = True  # has the office written down the rules of the year?
    occasions: tuple[Occasion, ...] = ()
    points: tuple[str, ...] = ()
    pic: PersonInCharge
    signer: Signer
    copies_to: tuple[str, ...] = ()

    def faults(self) -> Iterator[str]:
        for each in self.amounts:
            if each.monthly is not None and each.yearly != each.monthly * 12:
                yield f"Iuran setahun {each.category} bukan dua belas kali iuran sebulan."


_PU, _BPU = ("JKK 0,24%", "JKM 0,30%"), ("JKK 1%", "JKM Rp6.800,00")


def _amount(category: str, base: str, monthly: str, unsettled: str | None = None, segment: str = "PU") -> Amount:
    return Amount(category=category, segment=segment, rates=_PU if segment == "PU" else _BPU, wage_base=Decimal(base), monthly=Decimal(monthly),
                  yearly=Decimal(monthly) * 12, unsettled=unsettled)


SAMPLE = Letter(
    contoh=True, paper=Paper(), kop=sample.KOP, number="100.3.4/908/DPMD/VII/2026", place="Bulukumba", dated_on=date(2026, 7, 6),
    addressee="Para Kepala Desa se-Kabupaten Bulukumba", region="Kabupaten Bulukumba", fiscal_year=2027, terms_year=2026, legal_bases=sample.LEGAL_BASES,
    amounts=(
        _amount("Kepala Desa", "2426640", "13103.86", "kemungkinan besar"), _amount("Perangkat Desa", "2022200", "10919.88", "kemungkinan besar"),
        _amount("Anggota BPD", "1500000", "8100.00", "belum pasti"), _amount("Lembaga Kemasyarakatan Desa", "1000000", "5400.00", "belum pasti"),
        _amount("Pekerja Rentan", "1000000", "16800.00", segment="BPU"),
    ),
    accounts=(
        Account(category="Kepala Desa", activity_code="1.1.03", account_code="5.1.3.03", standard=True),
        Account(category="Perangkat Desa", activity_code="1.1.03", account_code="5.1.3.04", standard=True),
        Account(category="Anggota BPD", activity_code="1.1.05", account_code="5.1.5.02", standard=False),
        Account(category="Pekerja Rentan", activity_code="4.4.90", account_code="5.2.7.99", standard=False),
    ),
    forbidden=(Forbidden(source="Dana Desa", categories=("Kepala Desa", "Perangkat Desa", "Anggota BPD"), article="Permendesa PDT 16/2025"),),
    occasions=(
        Occasion(document="RKP Desa", fiscal_year=2027, opens_on=date(2026, 7, 1), closes_on=date(2026, 9, 30), article="Permendagri 114/2014 Pasal 29"),
        Occasion(document="APB Desa", fiscal_year=2027, opens_on=date(2026, 10, 1), closes_on=date(2026, 12, 31), article="Permendagri 20/2018 Pasal 38 ayat (2)"),
        Occasion(document="Perubahan APB Desa", fiscal_year=2027, opens_on=date(2027, 7, 1), closes_on=date(2027, 9, 30), article="Permendagri 20/2018 Pasal 40"),
    ),
    points=("Mengirimkan salinan Peraturan Desa tentang APB Desa kepada Camat paling lambat tujuh hari sesudah ditetapkan.",),
    pic=sample.PIC, signer=sample.DPMD_HEAD, copies_to=("Bupati Bulukumba (sebagai laporan)", "Para Camat se-Kabupaten Bulukumba"),
)
