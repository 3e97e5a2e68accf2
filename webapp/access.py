"""Who may do what: every view names the verb it needs, every role lists its verbs. What is not listed is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

View = TypeVar("View", bound=Callable)

ROLES = {
    "legal": "Staf hukum DPMD",
    "bagian_hukum": "Bagian Hukum Setda",
    "approver": "Pejabat penyetuju",
    "village": "Desa",
    "camat": "Camat",
    "bpjs": "BPJS Ketenagakerjaan",
    "monitor": "Pemantau",
    "admin": "Administrator",
}

_READING = {"villages.list", "village.see", "roster.see", "budget.see", "letters.see", "letters.preview", "files.see"}

VERBS: dict[str, frozenset[str]] = {
    "legal": frozenset(
        _READING
        | {"agreement.draft", "agreement.hold", "draft.return", "roster.edit", "roster.freeze", "roster.clear", "elsewhere.edit"}
        | {"nik.see", "budget.record", "signature.kesatu", "signature.kedua", "signature.annex", "signature.review"}
        | {"letters.issue", "letters.void", "letters.register", "numbers.type", "accord.see", "accord.edit", "officials.see", "officials.edit"}
        | {"rules.see", "enrollment.handed_in", "enrollment.payment", "invite.village", "report.see", "contributions.see", "discounts.see", "simulations.run"}
        | {"privacy.see", "privacy.search", "retention.see", "retention.hold"}
    ),
    "bagian_hukum": frozenset(
        {"villages.list", "village.see", "roster.see", "letters.see", "letters.preview", "accord.see", "officials.see", "rules.see", "report.see"}
        | {"paraf.give", "draft.return"}
    ),
    "approver": frozenset(
        _READING
        | {"agreement.approve", "draft.return", "signature.kesatu", "signature.review", "letters.register"}
        | {"accord.see", "officials.see", "rules.see", "nik.see", "report.see", "contributions.see", "discounts.see", "simulations.run"}
    ),
    "village": frozenset(
        {"home.see", "village.see", "roster.see", "roster.edit", "roster.freeze", "nik.see", "budget.see", "budget.record", "letters.see"}
        | {"letters.preview", "files.see", "signature.annex", "enrollment.handed_in", "enrollment.payment", "numbers.village", "contributions.see", "privacy.see"}
    ),
    "camat": frozenset({"villages.list", "village.see", "budget.see", "budget.check", "letters.see", "files.see", "contributions.see"}),
    "bpjs": frozenset(
        {"villages.list", "village.see", "roster.see", "nik.see", "budget.see", "letters.see", "files.see", "accord.see"}
        | {"signature.kedua", "signature.review", "numbers.type", "contributions.see", "discounts.see", "discounts.switch", "simulations.run"}
        | {f"enrollment.{each}" for each in ("returned", "validated", "billing_code", "active")}
    ),
    "monitor": frozenset({"report.see", "contributions.see"}),
    "admin": frozenset(
        {"users.manage", "officials.see", "officials.edit", "rules.see", "rules.edit", "office.edit", "audit.see", "contributions.see", "discounts.see"}
        | {"upkeep.see", "upkeep.mend", "privacy.search", "retention.see", "retention.hold", "retention.edit"}
    ),
}
# Verbs of everybody who is signed in.
OWN = frozenset({"own.account"})
ALL_VERBS = frozenset().union(*VERBS.values()) | OWN


def may(user: object, verb: str) -> bool:
    """May the person do it? Nobody signed in may do nothing."""
    role = getattr(user, "role", None)
    return role is not None and (verb in OWN or verb in VERBS.get(role, frozenset()))


def needs(verb: str) -> Callable[[View], View]:
    """Mark a view with the verb it needs; the door asks before the view runs. Any of several verbs may be joined by "|"."""
    unknown = set(verb.split("|")) - ALL_VERBS
    if unknown:
        raise ValueError(f"unknown verb {unknown}")

    def mark(view: View) -> View:
        view.needs = verb  # type: ignore[attr-defined]
        return view

    return mark


def public(view: View) -> View:
    """Mark a view that anybody may call."""
    view.needs = ""  # type: ignore[attr-defined]
    return view
