"""The buku agenda of outgoing letters: every number of a year in its order, and those that are missing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise

from letters import sample
from letters.parts import AgendaEntry, Kop, Paper

TITLE = "Buku Agenda Surat Keluar"
ABOUT = "kabupaten"
NEEDS = ()
LANDSCAPE = True
PRINTOUT = True
TEMPLATE_VERSION = 2

STATES = ("terbit", "dicadangkan", "batal", "hilang", "diganti", "disisihkan")


@dataclass(frozen=True, kw_only=True)
class Letter:
    """The facts of the print-out: the register as it stood at one moment."""

    contoh: bool
    paper: Paper
    kop: Kop
    office: str  # "Dinas Pemberdayaan Masyarakat dan Desa"
    year: int
    cut_off_on: date
    cut_off_time: str  # "16.00 WITA"
    entries: tuple[AgendaEntry, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """Numbers by state; a version that was replaced is counted apart, its number by the version that stands."""
        return {state: sum(each.state == state for each in self.entries) for state in STATES}

    @property
    def numbers(self) -> int:
        """How many numbers the series has given out."""
        return len({(each.unit, each.seq) for each in self.entries})

    @property
    def series(self) -> tuple[tuple[str, tuple[AgendaEntry, ...]], ...]:
        """The rows of each series; one unnamed run where the office keeps a single one."""
        return tuple((unit, tuple(rows)) for unit, rows in groupby(self.entries, lambda each: each.unit or ""))

    def faults(self) -> Iterator[str]:
        for each in self.entries:
            if each.state not in STATES:
                yield f"Keadaan {each.state} tidak dikenal dalam buku agenda."
        if any(one.seq > two.seq for _, rows in self.series for one, two in pairwise(rows)) or len({unit for unit, _ in self.series}) < len(self.series):
            yield "Nomor urut dalam buku agenda tidak berurutan."


def _entry(seq: int, title: str, to: str, on: date, state: str = "terbit", code: str = "400.10.2.2", version: int = 1, reason: str | None = None) -> AgendaEntry:
    return AgendaEntry(seq=seq, number=f"{code}/{seq}/DPMD/XI/2026", version=version, dated_on=on, title=title, addressee=to, state=state, reason=reason)


SAMPLE = Letter(
    contoh=True, paper=Paper(), kop=sample.KOP, office="Dinas Pemberdayaan Masyarakat dan Desa", year=2026,
    cut_off_on=date(2026, 11, 23), cut_off_time="16.00 WITA", entries=(
        _entry(901, "Perjanjian Pelaksanaan", "Desa Contoh", date(2026, 11, 9), "diganti", "100.3.7.1"),
        _entry(901, "Perjanjian Pelaksanaan", "Desa Contoh", date(2026, 11, 9), code="100.3.7.1", version=2),
        _entry(902, "Surat Pengantar", "Desa Contoh", date(2026, 11, 10)),
        _entry(903, "Surat Pengantar", "Desa Rekaan", date(2026, 11, 10), "batal", reason="Salah alamat; diganti dengan nomor berikutnya"),
        AgendaEntry(seq=904, state="hilang"),
        _entry(905, "Surat Teguran", "Desa Umpama", date(2026, 11, 20)),
        _entry(906, "Surat Teguran", "Desa Misal", date(2026, 11, 23), "dicadangkan"),
    ),
)
