"""An amendment of a village's agreement: only what changed, person by person, with full NIK in its annex."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from letters import sample
from letters.kind import AGREEMENTS
from letters.parts import AgreementCited, Paper, Party, Signer, Village, due

TITLE = "Adendum Perjanjian Pelaksanaan"
ABOUT = "agreement"
NEEDS = ("agreement_numbered", "amendment_open", "amendment_clear")
NUMBERED = "drawn"
ARCHIVE_CODE = AGREEMENTS
RENDITIONS = 2
PARAF = True
TEMPLATE_VERSION = 1
#: The articles of perjanjian_desa that name how many people take part and what they owe.
ARTICLE_PEOPLE, ARTICLE_MONEY, ARTICLE_CHANGE = 3, 4, 9
ORDINALS = ("KESATU", "KEDUA", "KETIGA", "KEEMPAT", "KELIMA", "KEENAM", "KETUJUH", "KEDELAPAN", "KESEMBILAN", "KESEPULUH", "KESEBELAS", "KEDUA BELAS")


def name_of(ordinal: int) -> str:
    """ADENDUM KESATU"""
    return f"ADENDUM {ORDINALS[ordinal - 1] if ordinal <= len(ORDINALS) else f'KE-{ordinal}'}"


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """An amendment that went before."""

    ordinal: int
    number: str
    dated_on: date

    @property
    def name(self) -> str:
        return name_of(self.ordinal)


@dataclass(frozen=True, kw_only=True)
class Moved:
    """Somebody who came or left."""

    nik: str
    name: str
    sex: str
    born_on: date
    category: str
    post: str
    wage_base: Decimal
    blth_from: date | None = None  # the months in which he is covered now
    blth_until: date | None = None
    effect: Decimal  # rupiah more or less
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One thing that is told differently."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Altered:
    """Somebody whose data changed; the NIK is the one that stands now."""

    nik: str
    name: str
    category: str
    differences: tuple[Difference, ...]
    effect: Decimal


@dataclass(frozen=True, kw_only=True)
class ShareChange:
    """People and rupiah of one category, before and after."""

    category: str
    people_before: int
    people_after: int
    yearly_before: Decimal
    yearly_after: Decimal

    @property
    def effect(self) -> Decimal:
        return self.yearly_after - self.yearly_before


@dataclass(frozen=True, kw_only=True)
class Letter:
    """The facts of the amendment: what lies between two frozen lists."""

    contoh: bool
    paper: Paper
    rangkap: int = 1
    ordinal: int  # 1: KESATU
    number: str | None = due()  # of PIHAK KESATU
    number_kedua: str | None = None  # BPJS's own; written by hand when it comes later
    dated_on: date | None = None  # the day of signing; may be filled in by hand
    place: str | None = None
    kesatu: Party
    kedua: Party
    village: Village
    head: Signer  # kepala desa: signs the annex only
    agreement: AgreementCited
    own_text: bool = True  # the agreement has the articles of perjanjian_desa; one that was taken over may have others
    earlier: tuple[Earlier, ...] = ()
    version_before: int  # numbers of the frozen lists
    version: int
    came: tuple[Moved, ...] = ()
    left: tuple[Moved, ...] = ()
    altered: tuple[Altered, ...] = ()
    shares: tuple[ShareChange, ...] = ()  # the categories that changed
    people_before: int
    people: int
    yearly_before: Decimal
    yearly: Decimal
    blth_from: date
    blth_until: date
    months: int

    @property
    def name(self) -> str:
        """ADENDUM KESATU"""
        return name_of(self.ordinal)

    @property
    def articles(self) -> dict[str, int]:
        """The articles of the agreement that an amendment speaks of."""
        return {"people": ARTICLE_PEOPLE, "money": ARTICLE_MONEY, "change": ARTICLE_CHANGE}

    @property
    def effect(self) -> Decimal:
        """Rupiah more (or less) in all."""
        return self.yearly - self.yearly_before

    def faults(self) -> Iterator[str]:
        if self.people - self.people_before != sum(each.people_after - each.people_before for each in self.shares):
            yield "Selisih jumlah peserta berbeda dari jumlah selisih per kategori."
        if self.effect != sum(each.effect for each in self.shares):
            yield "Selisih iuran berbeda dari jumlah selisih per kategori."


def _moved(number: int, category: str, first: int, last: int, effect: str, note: str | None = None) -> Moved:
    who = sample.person(number, category)
    return Moved(nik=who.nik, name=who.name, sex=who.sex, born_on=who.born_on or date(1980, 1, 1), category=category, post=who.post or "-",
                 wage_base=who.wage_base, blth_from=date(2027, first, 1), blth_until=date(2027, last, 1), effect=Decimal(effect), note=note)


CAME = (_moved(101, "Lembaga Kemasyarakatan Desa", 7, 12, "32400.00"), _moved(102, "Pekerja Rentan", 7, 12, "100800.00"))
LEFT = (_moved(54, "Pekerja Rentan", 1, 6, "-100800.00", "Meninggal 11-06-2027"),)
ALTERED = (
    Altered(nik=sample.person(3, "Perangkat Desa").nik, name=sample.person(3, "Perangkat Desa").name, category="Perangkat Desa", effect=Decimal("0.00"),
            differences=(Difference(label="Nama", before="HALIMA UMPAMA", after=sample.person(3, "Perangkat Desa").name),
                         Difference(label="Jabatan atau pekerjaan", before="Kepala Urusan", after="Kepala Seksi"))),
)
SHARES = (
    ShareChange(category="Lembaga Kemasyarakatan Desa", people_before=22, people_after=23, yearly_before=Decimal("1425600.00"), yearly_after=Decimal("1458000.00")),
    ShareChange(category="Pekerja Rentan", people_before=15, people_after=15, yearly_before=Decimal("3024000.00"), yearly_after=Decimal("3024000.00")),
)
SAMPLE = Letter(
    contoh=True, paper=Paper(), ordinal=1, number="100.3.7.1/907/DPMD/VI/2027", number_kedua="PER/907/062027", dated_on=date(2027, 6, 21),
    place="Bulukumba", kesatu=sample.KESATU, kedua=sample.KEDUA, village=sample.VILLAGE, head=sample.HEAD, agreement=sample.AGREEMENT,
    version_before=1, version=2, came=CAME, left=LEFT, altered=ALTERED, shares=SHARES, people_before=sample.PEOPLE, people=sample.PEOPLE + 1,
    yearly_before=sample.YEARLY, yearly=sample.YEARLY + sum((each.effect for each in SHARES), Decimal(0)), blth_from=date(2027, 1, 1),
    blth_until=date(2027, 12, 1), months=12,
)
