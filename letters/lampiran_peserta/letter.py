"""Lampiran I: who is covered, by category; the one paper that is made to carry full NIK."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from letters import sample
from letters.kind import AGREEMENTS, DRAFT
from letters.parts import AgreementCited, Group, Paper, Party, Signer, Village, due

TITLE = "Lampiran I: Daftar Peserta"
ABOUT = "agreement"
NEEDS = (*DRAFT, "agreement_numbered")
NUMBERED = "parent"
ARCHIVE_CODE = AGREEMENTS
RENDITIONS = 2
PARAF = True
TEMPLATE_VERSION = 1


@dataclass(frozen=True, kw_only=True)
class Letter:
    """The facts of the annex: one frozen version of the roster."""

    contoh: bool
    paper: Paper
    rangkap: int = 1
    agreement: AgreementCited
    village: Village
    head: Signer  # kepala desa, who acknowledges the list
    kesatu: Party | None = None  # both parties sign too when both are given
    kedua: Party | None = None
    groups: tuple[Group, ...] = due(())
    people: int
    place: str | None = None  # where and when the village head signs; may be filled in by hand
    dated_on: date | None = None

    @property
    def mixed(self) -> bool:
        """Whether people of one category have different programmes, so that each row must name its own."""
        return any(len({each.programmes for each in group.people}) > 1 for group in self.groups)

    def faults(self) -> Iterator[str]:
        if self.people != sum(len(each.people) for each in self.groups):
            yield "Jumlah peserta berbeda dari banyaknya baris daftar."


SAMPLE = Letter(
    contoh=True, paper=Paper(), agreement=sample.AGREEMENT, village=sample.VILLAGE, head=sample.HEAD,
    groups=sample.GROUPS, people=sample.PEOPLE, place="Contoh", dated_on=date(2026, 11, 24),
)
