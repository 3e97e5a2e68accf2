"""Lists as villages send them: read by a killable child, their tables found, every row judged; nothing here is stored."""

from .faulty import faulty_rows
from .grid import Cell, CellError, Grid, read_table
from .headings import FIELDS
from .places import match
from .reading import Expected, PersonRead, Place, Reading, RowRead, SheetRead, Unreadable, Wishes
from .roster import read_pasted, read_roster
from .words import letters_of

__all__ = [
    "FIELDS",
    "Cell",
    "CellError",
    "Expected",
    "Grid",
    "PersonRead",
    "Place",
    "Reading",
    "RowRead",
    "SheetRead",
    "Unreadable",
    "Wishes",
    "faulty_rows",
    "letters_of",
    "match",
    "read_pasted",
    "read_roster",
    "read_table",
]
