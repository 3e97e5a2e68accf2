"""What the rules may ask about an agreement: frozen values and one Protocol, which the database's Agreement happens to fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from .deadlines import DueRule


@dataclass(frozen=True)
class AccordSeen:
    """The umbrella instrument as the rules see it; ``number`` is that of PIHAK KESATU."""

    number: str
    signed: bool
    valid_from: date
    valid_until: date
    terminated_on: date | None = None


@dataclass(frozen=True)
class BasisSeen:
    """A legal basis chosen for the agreement, with the time in which it is law."""

    citation: str
    valid_from: date
    valid_until: date | None


@dataclass(frozen=True)
class RosterSeen:
    """The pinned, frozen version of the list of participants."""

    version: int
    digest: str
    participants: int
    flagged_open: int
    frozen_on: date


@dataclass(frozen=True)
class ApprovalSeen:
    """An approval, with the digest of all facts that the approver saw."""

    by: str
    on: date
    digest: str


@dataclass(frozen=True)
class ParafSeen:
    """Bagian Hukum's initials, with the digest of all facts that were read."""

    by: str
    on: date
    digest: str


@dataclass(frozen=True)
class SignatureSeen:
    """One signature: who signed what, when and where, with its evidence. ``signer`` is kesatu, kedua or annex."""

    signer: str
    on: date
    place: str
    method: str
    evidence: bool
    uploaded_by: str
    confirmed_by: str | None


@dataclass(frozen=True)
class BudgetSeen:
    """A budget document of the village: RKPDes, APBDes or its Perubahan (``kind`` rkpdes, apbdes, perubahan)."""

    kind: str
    number: str
    on: date
    evidence: bool


@dataclass(frozen=True)
class BudgetLineSeen:
    """A line of the APBDes in force. ``amount`` in rupiah for the fiscal year; ``categories`` are participant category slugs."""

    fund_source: str
    categories: tuple[str, ...]
    amount: Decimal


@dataclass(frozen=True)
class SourceRule:
    """A fund source that may not pay for a category in a fiscal year, with the article that says so."""

    fund_source: str
    category: str
    article: str


@dataclass(frozen=True)
class CheckSeen:
    """The camat's answer to the village's budget; ``digest`` names the lines that he saw."""

    passed: bool
    on: date
    digest: str
    reason: str = ""


@dataclass(frozen=True)
class StepSeen:
    """A step of enrollment at BPJS: handed_in, returned, validated, billing_code, payment or active."""

    kind: str
    on: date
    number: str = ""
    reason: str = ""


@dataclass(frozen=True)
class TakenOver:
    """An agreement made on paper before this register began, as the office's archive tells it. The service witnessed none of it.

    ``kesatu``, ``kedua`` and ``head`` are the names of those who signed, empty where the archive does not say.
    """

    number_kesatu: str
    number_kedua: str
    kesatu: str
    kedua: str
    head: str
    recorded_by: str


class AgreementFacts(Protocol):
    """One village's agreement for one fiscal year, read by the conditions of the four stages."""

    @property
    def fiscal_year(self) -> int: ...
    @property
    def dated_on(self) -> date | None: ...
    @property
    def months(self) -> tuple[date, date]:
        """First and last contribution month (BLTH), each as the first day of the month."""
        ...

    @property
    def taken_over(self) -> TakenOver | None:
        """What the archive tells of an agreement made before this register began; None for one drawn up here."""
        ...

    @property
    def accord_seen(self) -> AccordSeen | None: ...
    @property
    def parties_seen(self) -> tuple[str, ...]:
        """The signers with position, capacity and authority, as they print."""
        ...

    @property
    def party_gaps(self) -> tuple[str, ...]:
        """What is missing for the parties to be complete on the agreement's date, a phrase each."""
        ...

    @property
    def bases_seen(self) -> tuple[BasisSeen, ...]: ...
    @property
    def roster_seen(self) -> RosterSeen | None: ...
    @property
    def due_by_category(self) -> Mapping[str, Decimal]:
        """Contributions of the pinned roster for all months, rupiah per category slug."""
        ...

    @property
    def missing_rates(self) -> tuple[str, ...]: ...
    @property
    def drafters(self) -> frozenset[str]: ...
    @property
    def approval_seen(self) -> ApprovalSeen | None: ...
    @property
    def paraf_from(self) -> date | None:
        """Since which date of agreements the office asks Bagian Hukum for its initials; None: it does not."""
        ...

    @property
    def paraf_seen(self) -> ParafSeen | None: ...
    @property
    def numbers(self) -> tuple[str | None, str | None]:
        """The two numbers of the agreement: PIHAK KESATU's and PIHAK KEDUA's."""
        ...

    @property
    def signatures_seen(self) -> tuple[SignatureSeen, ...]: ...
    @property
    def budgets_seen(self) -> tuple[BudgetSeen, ...]: ...
    @property
    def lines_seen(self) -> tuple[BudgetLineSeen, ...]: ...
    @property
    def source_rules(self) -> tuple[SourceRule, ...] | None:
        """The office's rules on fund sources for the fiscal year; None while nobody has filled that year in."""
        ...

    @property
    def category_names(self) -> Mapping[str, str]: ...
    @property
    def check_seen(self) -> CheckSeen | None: ...
    @property
    def steps_seen(self) -> tuple[StepSeen, ...]: ...
    @property
    def due_rules(self) -> Mapping[str, DueRule]:
        """The office's due dates, by condition slug."""
        ...
