"""The village head's decree on who takes part, by name; a public paper, so it carries no NIK."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from letters import sample
from letters.parts import Kop, LegalBasis, Paper, Signer, Village, due

TITLE = "Keputusan Kepala Desa tentang Penetapan Peserta"
ABOUT = "agreement"
NEEDS = ("legal_bases_chosen", "roster_frozen", "contributions_calculated", "nothing_flagged", "decree_number")
NUMBERED = "typed"
NUMBER_OWNER = "keputusan"
FONT = "bookman"  # penetapan, Permendagri 1/2023 art. 32
TEMPLATE_VERSION = 1


@dataclass(frozen=True, kw_only=True)
class Named:
    """One participant as the public may know him."""

    name: str
    post: str
    programmes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Category:
    """The participants of one category."""

    category: str
    people: tuple[Named, ...]


@dataclass(frozen=True, kw_only=True)
class Letter:
    """The facts of the decree."""

    contoh: bool
    paper: Paper
    kop: Kop  # of the village
    number: str | None = due()  # typed in by the village, without "Tahun …"
    place: str
    dated_on: date | None = due()
    village: Village
    head: Signer  # with his position in capitals, as decrees write it
    fiscal_year: int
    legal_bases: tuple[LegalBasis, ...] = due(())  # Mengingat: regulations
    regards: tuple[LegalBasis, ...] = ()  # Memperhatikan: instructions and circulars
    programmes: tuple[str, ...] = due(())  # "Jaminan Kecelakaan Kerja (JKK)", …
    groups: tuple[Category, ...] = due(())
    people: int
    yearly: Decimal
    blth_from: date
    blth_until: date
    months: int
    fund_sources: tuple[str, ...] = due(())
    copies_to: tuple[str, ...] = ()

    @property
    def mixed(self) -> bool:
        """Whether people of one category have different programmes."""
        return any(len({each.programmes for each in group.people}) > 1 for group in self.groups)

    def faults(self) -> Iterator[str]:
        if self.people != sum(len(each.people) for each in self.groups):
            yield "Jumlah peserta berbeda dari banyaknya baris lampiran."


SAMPLE = Letter(
    contoh=True, paper=Paper(), kop=sample.VILLAGE_KOP, number="903", place="Contoh", dated_on=date(2026, 11, 24), village=sample.VILLAGE,
    head=replace(sample.HEAD, position="KEPALA DESA CONTOH"), fiscal_year=2027, legal_bases=sample.LEGAL_BASES,
    regards=(LegalBasis(text="Instruksi Presiden Nomor 2 Tahun 2021 tentang Optimalisasi Pelaksanaan Program Jaminan Sosial Ketenagakerjaan"),),
    programmes=("Jaminan Kecelakaan Kerja (JKK)", "Jaminan Kematian (JKM)"),
    groups=tuple(Category(category=group.category, people=tuple(
        Named(name=each.name, post=each.post or "-", programmes=each.programmes) for each in group.people)) for group in sample.GROUPS),
    people=sample.PEOPLE, yearly=sample.YEARLY, blth_from=date(2027, 1, 1), blth_until=date(2027, 12, 1), months=12,
    fund_sources=("ADD", "PBH", "PADes"), copies_to=("Bupati Bulukumba", "Camat Umpama", "Ketua BPD Desa Contoh"),
)
