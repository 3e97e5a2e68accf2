"""Cover and contents of one village's papers; the papers themselves are appended as they were printed."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from letters import sample
from letters.kind import DRAFT
from letters.parts import AgreementCited, Paper, Part, Village, due

TITLE = "Paket Perjanjian Desa"
ABOUT = "agreement"
NEEDS = (*DRAFT, "agreement_numbered")
RENDITIONS = 2
TEMPLATE_VERSION = 1


@dataclass(frozen=True, kw_only=True)
class Letter:
    """The facts of cover and contents."""

    contoh: bool
    paper: Paper
    rangkap: int = 1
    village: Village
    agreement: AgreementCited
    kesatu: str  # the institutions' names
    kedua: str
    emblem: str | None = None  # from picture()
    parts: tuple[Part, ...] = due(())  # in the order in which they are appended

    front_pages: int = 2  # cover and contents; the press corrects it when contents are longer

    @property
    def starts(self) -> list[int]:
        """The page of the whole on which each part begins."""
        return list(accumulate((each.pages or 0 for each in self.parts), initial=self.front_pages + 1))

    def faults(self) -> Iterator[str]:
        for each in self.parts:
            if each.sha256 is not None and (len(each.sha256) != 64 or set(each.sha256) - set("0123456789abcdef")):
                yield f"Sidik {each.title} bukan sha256."


SAMPLE = Letter(
    contoh=True, paper=Paper(), village=sample.VILLAGE, agreement=sample.AGREEMENT,
    kesatu=sample.KESATU.institution, kedua=sample.KEDUA.institution, parts=(
        Part(title="Perjanjian Pelaksanaan", number=sample.AGREEMENT.number),
        Part(title="Lampiran I: Daftar Peserta", number=sample.AGREEMENT.number),
        Part(title="Lampiran II: Perhitungan Iuran", number=sample.AGREEMENT.number),
    ),
)
