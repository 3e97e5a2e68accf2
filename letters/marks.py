"""What is put on a page after layout: QR, page n of N, KONSEP and CONTOH; never part of the layout."""

from dataclasses import dataclass

#: mm from the paper's edge: printers reach 5 mm, and 18 mm is the least a telephone reads well.
QR_SIDE, QR_FROM_BOTTOM = 18, 5


@dataclass(frozen=True)
class Preview:
    """Looked at, not issued: KONSEP across the page, the QR's place stays empty."""


@dataclass(frozen=True)
class Issued:
    """An issued paper: each page's QR tells which page of which version and copy it is (T9)."""

    token: str
    public_url: str
    version: int = 1
    rangkap: int = 1

    @property
    def address(self) -> str:
        return f"{self.public_url.rstrip('/')}/v/{self.token}"

    def code(self, page: int) -> str:
        return f"{self.address}?h={page}&v={self.version}&r={self.rangkap}"


@dataclass(frozen=True)
class Printout:
    """A print-out of the register: nobody signs it, so it is neither a draft nor issued, and carries no QR."""


Marks = Preview | Issued | Printout
NAMED: dict[str, type[Preview] | type[Issued] | type[Printout]] = {each.__name__: each for each in (Preview, Issued, Printout)}
