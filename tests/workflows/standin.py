"""A stand-in for the database's Agreement: complete by default, so that a test shows only the difference."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

from workflows import open_conditions
from workflows.deadlines import DueRule
from workflows.facts import (
    AccordSeen,
    AgreementFacts,
    ApprovalSeen,
    BasisSeen,
    BudgetLineSeen,
    BudgetSeen,
    CheckSeen,
    RosterSeen,
    SignatureSeen,
    SourceRule,
    StepSeen,
)
from workflows.stages.budgeting import lines_digest
from workflows.stages.draft import approval_digest

DAY = date(2026, 2, 2)


def a_signature(signer: str, uploaded_by: str = "hukum", confirmed_by: str | None = "pejabat", evidence: bool = True, place: str = "Bulukumba"):
    return SignatureSeen(signer, DAY, place, "wet_ink", evidence, uploaded_by, confirmed_by)


def a_line(amount: str, *categories: str, source: str = "ADD") -> BudgetLineSeen:
    return BudgetLineSeen(source, categories, Decimal(amount))


COMPLETE = {
    "fiscal_year": 2026,
    "dated_on": DAY,
    "months": (date(2026, 1, 1), date(2026, 12, 1)),
    "taken_over": None,
    "accord_seen": AccordSeen("100.3.7.1/1/DPMD/I/2026", True, date(2026, 1, 1), date(2028, 12, 31)),
    "parties_seen": ("Contoh Satu, Kepala Dinas, SK 1", "Contoh Dua, Kepala Cabang, KEP/1", "Contoh Tiga, Kepala Desa, SK 3"),
    "party_gaps": (),
    "bases_seen": (BasisSeen("UU 24/2011", date(2011, 11, 25), None),),
    "roster_seen": RosterSeen(1, "a" * 64, 12, 0, date(2026, 1, 20)),
    "due_by_category": {"kepala_desa": Decimal("1000.00"), "perangkat": Decimal("2000.00")},
    "missing_rates": (),
    "drafters": frozenset({"hukum"}),
    "paraf_from": None,
    "paraf_seen": None,
    "numbers": ("100.3.7.1/2/DPMD/II/2026", "PER/2/022026"),
    "signatures_seen": tuple(a_signature(each) for each in ("kesatu", "kedua", "annex")),
    "budgets_seen": (BudgetSeen("rkpdes", "3/2025", date(2025, 9, 1), True), BudgetSeen("apbdes", "5/2025", date(2025, 12, 30), True)),
    "lines_seen": (a_line("1000", "kepala_desa"), a_line("2000", "perangkat")),
    "source_rules": tuple(SourceRule("DD", each, "Permendesa PDT 16/2025") for each in ("kepala_desa", "perangkat", "bpd")),
    "category_names": {"kepala_desa": "Kepala Desa", "perangkat": "Perangkat Desa", "bpd": "Anggota BPD"},
    "steps_seen": tuple(StepSeen(each, DAY, "1") for each in ("handed_in", "validated", "billing_code", "payment", "active")),
    "due_rules": {"annex_signed": DueRule(0, 3, 31, "kalender kantor")},
}


def an_agreement(**changes: object) -> AgreementFacts:
    """Everything is done, but for ``changes``; approval and check were given on these very facts unless they are among the changes."""
    facts = SimpleNamespace(**COMPLETE | changes)
    if "approval_seen" not in changes:
        facts.approval_seen = ApprovalSeen("pejabat", DAY, approval_digest(facts))
    if "check_seen" not in changes:
        facts.check_seen = CheckSeen(True, DAY, lines_digest(facts))
    return facts


def changed(facts: AgreementFacts, **changes: object) -> AgreementFacts:
    """The same agreement later: approval and check stay as they were given."""
    return SimpleNamespace(**vars(facts) | changes)  # type: ignore[return-value]


def opened(facts: AgreementFacts) -> dict[str, str]:
    """The open sentences of the whole road: slug → because."""
    return {each.slug: each.because for each in open_conditions(facts, DAY)}
