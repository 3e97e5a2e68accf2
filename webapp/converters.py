"""Objects in addresses: a converter knows the form of a name, the door loads the row through the person looking, or answers 404."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import BaseConverter

from .db import Base, db
from .models import (
    Accord,
    Agreement,
    BudgetLine,
    CorrectionRequest,
    Delegation,
    ExpeditionEntry,
    Letter,
    NumberBlock,
    Office,
    PrintSet,
    RosterEntry,
    RosterImport,
    RosterVersionEntry,
    Scan,
    ScanPage,
    SeriesRule,
    Signature,
    Simulation,
    Sitting,
    StoredFile,
    Tenure,
    User,
    Village,
)


@dataclass(frozen=True)
class Wanted:
    """A row that an address names; ``load`` looks for it within the scope of the session."""

    model: type[Base]
    criteria: tuple[Any, ...]

    def load(self) -> Base | None:
        """The row, or None: not there, or not for these eyes."""
        return db.session.scalar(select(self.model).where(*self.criteria))


class VillageConverter(BaseConverter):
    """``73.02.01.2004``"""

    regex = r"\d{2}\.\d{2}\.\d{2}\.\d{4}"

    def to_python(self, value: str) -> Wanted:
        return Wanted(Village, (Village.code == value,))

    def to_url(self, value: Any) -> str:
        return value if isinstance(value, str) else value.code


class SubjectConverter(BaseConverter):
    """A person as a list holds him: ``k12`` a line of the working list, ``b34`` one of a frozen version; never his number."""

    regex = r"[kb]\d{1,12}"

    def to_python(self, value: str) -> Wanted:
        model: type[RosterEntry] | type[RosterVersionEntry] = RosterEntry if value[0] == "k" else RosterVersionEntry
        return Wanted(model, (model.id == int(value[1:]),))

    def to_url(self, value: Any) -> str:
        if isinstance(value, int | str):
            return f"k{value}" if isinstance(value, int) else value
        return f"{'k' if isinstance(value, RosterEntry) else 'b'}{value.id}"


class AgreementConverter(BaseConverter):
    """``73.02.01.2004-2026``: village and fiscal year."""

    regex = r"\d{2}\.\d{2}\.\d{2}\.\d{4}-\d{4}"

    def to_python(self, value: str) -> Wanted:
        village, year = value.rsplit("-", 1)
        return Wanted(Agreement, (Agreement.village_code == village, Agreement.fiscal_year == int(year)))

    def to_url(self, value: Any) -> str:
        return value if isinstance(value, str) else value.code


def row_converter(model: type[Base]) -> type[BaseConverter]:
    """A converter for rows named by their id."""

    class RowConverter(BaseConverter):
        regex = r"\d{1,12}"

        def to_python(self, value: str) -> Wanted:
            return Wanted(model, (model.id == int(value),))  # type: ignore[attr-defined]

        def to_url(self, value: Any) -> str:
            return str(value if isinstance(value, int | str) else value.id)

    return RowConverter


ROWS: dict[str, type[Base]] = {
    "letter": Letter,
    "file": StoredFile,
    "expedition": ExpeditionEntry,
    "print_set": PrintSet,
    "block": NumberBlock,
    "series_rule": SeriesRule,
    "delegation": Delegation,
    "entry": RosterEntry,
    "import": RosterImport,
    "line": BudgetLine,
    "correction": CorrectionRequest,
    "scan": Scan,
    "scanned": ScanPage,
    "signature": Signature,
    "simulation": Simulation,
    "sitting": Sitting,
    "user": User,
    "accord": Accord,
    "office": Office,
    "tenure": Tenure,
}


def add_converters(app: Flask) -> None:
    """Make the converters known to the map of addresses."""
    app.url_map.converters.update(village=VillageConverter, agreement=AgreementConverter, subject=SubjectConverter)
    app.url_map.converters.update({name: row_converter(model) for name, model in ROWS.items()})
