"""Budgeting: the village's plan names the contributions, its budget carries enough from allowed sources, and the camat has checked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Protocol, TypeVar

from ..facts import AgreementFacts, BudgetLineSeen, BudgetSeen, SourceRule
from ..stage import Condition, Stage

# Money that may be spent on these categories, whichever lines it comes from.
Purse = tuple[str, ...]


def document_of(facts: AgreementFacts, *kinds: str) -> BudgetSeen | None:
    """The document that stands for one of the kinds; None while there is none.

    Of one kind the one recorded last stands, whatever its date (it corrects the others, or is a second Perubahan); of several kinds the youngest.
    """
    found = {each.kind: each for each in facts.budgets_seen if each.kind in kinds}
    return max(reversed(found.values()), key=lambda each: each.on) if found else None


class InDocument(Protocol):
    """A line as it was recorded: the document it stands in, and the line that it takes the place of."""

    @property
    def id(self) -> int: ...
    @property
    def document(self) -> str: ...
    @property
    def replaces_id(self) -> int | None: ...


Line = TypeVar("Line", bound=InDocument)


def standing_lines(lines: Sequence[Line], amended: bool) -> list[Line]:
    """The lines that pay contributions now, in their order; ``amended`` says whether a Perubahan is recorded.

    RKPDes is a plan and pays nothing. A line of APBDes stands until a line of the Perubahan takes its place; one that names no other is added.
    Lines of a Perubahan count from the day its Perdes is recorded: before, they are an intention.
    """
    if not amended:
        return [each for each in lines if each.document == "apbdes"]
    replaced = {each.replaces_id for each in lines if each.document == "perubahan"}
    return [each for each in lines if each.document != "rkpdes" and each.id not in replaced]


def lines_digest(facts: AgreementFacts) -> str:
    """Names the budget as it stands, so that a check made on other lines does not count."""
    seen = [
        sorted((each.fund_source, sorted(each.categories), str(each.amount)) for each in facts.lines_seen),
        sorted((each.kind, each.number, str(each.on)) for each in facts.budgets_seen),
    ]
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()


def shortfalls(facts: AgreementFacts) -> dict[str, Decimal]:
    """Rupiah that the lines leave uncovered, per category; empty when the money can be spent so that all is covered.

    Lines for the same categories are one purse, so that their order and cut do not matter. A purse pays the largest need first, narrow
    purses before wide ones; where that leaves a category short that another spending would cover, the payments are shifted.
    """
    need = dict(facts.due_by_category)
    purses: dict[Purse, Decimal] = {}
    for line in facts.lines_seen:
        purse = tuple(sorted(set(line.categories) & need.keys()))
        purses[purse] = purses.get(purse, Decimal()) + line.amount
    paid: dict[tuple[Purse, str], Decimal] = {}
    for purse, left in sorted(purses.items(), key=lambda each: (len(each[0]), each[0])):
        while left > 0 and (way := _way(purse, need, paid)):
            left -= _pay(way, left, need, paid)
    return {category: missing for category, missing in need.items() if missing > 0}


@dataclass(frozen=True)
class Shortage:
    """One category: what is due in the fiscal year, what the lines leave uncovered, and the contribution months (BLTH) that stay unpaid."""

    category: str
    due: Decimal
    short: Decimal
    months: tuple[date, ...]

    @property
    def covered(self) -> Decimal:
        """What the lines pay."""
        return self.due - self.short

    @property
    def runs_out(self) -> date | None:
        """The month from which the money is gone."""
        return self.months[0] if self.months else None


def shortages(facts: AgreementFacts, due_by_month: Mapping[str, Mapping[date, Decimal]]) -> tuple[Shortage, ...]:
    """Every category with its shortfall, none left out: where the money suffices, ``short`` is zero. Months are paid in their order."""
    missing = shortfalls(facts)
    return tuple(
        Shortage(slug, due, missing.get(slug, Decimal()), unpaid_months(due_by_month.get(slug, {}), due - missing.get(slug, Decimal())))
        for slug, due in facts.due_by_category.items()
    )


def unpaid_months(due_by_month: Mapping[date, Decimal], money: Decimal) -> tuple[date, ...]:
    """The months that the money does not reach when they are paid one after another; a month paid in part is not paid."""
    unpaid, left = [], money
    for month in sorted(due_by_month):
        left -= due_by_month[month]
        if left < 0 and due_by_month[month] > 0:
            unpaid.append(month)
    return tuple(unpaid)


def _way(purse: Purse, need: dict[str, Decimal], paid: dict[tuple[Purse, str], Decimal]) -> list[tuple[Purse, str]]:
    """The shortest way from a purse to a need: it pays a category, whose payer so far pays the next one instead; empty when there is none."""
    ways = [[(purse, category)] for category in _largest_first(purse, need)]
    reached = set(purse)
    for way in ways:
        end = way[-1][1]
        if need[end] > 0:
            return way
        for other in sorted(payer for (payer, category), amount in paid.items() if category == end and amount > 0):
            further = [each for each in _largest_first(other, need) if each not in reached]
            reached.update(further)
            ways += [[*way, (other, each)] for each in further]
    return []


def _largest_first(purse: Purse, need: dict[str, Decimal]) -> list[str]:
    return sorted(purse, key=lambda each: (-need[each], each))


def _pay(way: list[tuple[Purse, str]], left: Decimal, need: dict[str, Decimal], paid: dict[tuple[Purse, str], Decimal]) -> Decimal:
    """Move as much money along the way as it bears, and say how much."""
    given_up = [(after[0], before[1]) for before, after in pairwise(way)]
    amount = min([left, need[way[-1][1]], *(paid[each] for each in given_up)])
    need[way[-1][1]] -= amount
    for each in way:
        paid[each] = paid.get(each, Decimal()) + amount
    for each in given_up:
        paid[each] -= amount
    return amount


def forbidden(facts: AgreementFacts) -> tuple[SourceRule, ...]:
    """The rules of the fiscal year that a line breaks."""
    rules = facts.source_rules or ()
    return tuple(rule for rule in rules if any(_breaks(line, rule) for line in facts.lines_seen))


def _breaks(line: BudgetLineSeen, rule: SourceRule) -> bool:
    return line.amount > 0 and line.fund_source == rule.fund_source and rule.category in line.categories


def rupiah(amount: Decimal) -> str:
    """Rp1.234.567,89 as money is written in Indonesia, for the sentences of this floor."""
    whole, _, sen = f"{amount:,.2f}".partition(".")
    return f"Rp{whole.replace(',', '.')},{sen}"


def _names(facts: AgreementFacts, slugs: Iterable[str]) -> str:
    return ", ".join(facts.category_names.get(slug, slug) for slug in slugs)


def _why_short(facts: AgreementFacts) -> str:
    missing = shortfalls(facts)
    if not facts.due_by_category:
        return "iuran belum dihitung"
    if not facts.lines_seen:
        return f"belum ada baris anggaran; kebutuhan {rupiah(sum(facts.due_by_category.values(), Decimal()))}"
    return f"kurang {rupiah(sum(missing.values(), Decimal()))} untuk {_names(facts, missing)}"


def _why_forbidden(facts: AgreementFacts) -> str:
    if facts.source_rules is None:
        return f"aturan {facts.fiscal_year} belum diisi"
    return "; ".join(f"{each.fund_source} tidak boleh membayar {_names(facts, [each.category])} ({each.article})" for each in forbidden(facts))


def _has_all_evidence(facts: AgreementFacts) -> bool:
    wanted = (document_of(facts, "rkpdes"), document_of(facts, "apbdes", "perubahan"))
    return all(each is not None and each.evidence for each in wanted)


def camat_checked(facts: AgreementFacts) -> bool:
    """Checked by the camat on the budget as it stands now."""
    check = facts.check_seen
    return check is not None and check.passed and check.digest == lines_digest(facts)


def _why_unchecked(facts: AgreementFacts) -> str:
    check = facts.check_seen
    if check is None:
        return ""
    if check.digest != lines_digest(facts):
        return "anggaran berubah sesudah diperiksa" if check.passed else ""
    return f"dikembalikan: {check.reason}"


def _checks_next(facts: AgreementFacts) -> str:
    check = facts.check_seen
    returned = check is not None and not check.passed and check.digest == lines_digest(facts)
    return "village" if returned else "camat"


BUDGETING = Stage(
    "budgeting",
    "Penganggaran",
    (
        Condition(
            "rkpdes_names",
            "RKPDes memuat kegiatan jaminan sosial ketenagakerjaan",
            lambda facts: document_of(facts, "rkpdes") is not None,
            "village",
            article="Permendagri 114/2014 Pasal 29",
        ),
        Condition(
            "apbdes_carries",
            "APBDes atau Perubahan APBDes memuatnya (nomor dan tanggal Perdes)",
            lambda facts: document_of(facts, "apbdes", "perubahan") is not None,
            "village",
            article="Permendagri 20/2018 Pasal 38 ayat (2)",
        ),
        Condition(
            "lines_cover",
            "Anggaran cukup untuk iuran selama masa perjanjian",
            lambda facts: bool(facts.lines_seen) and bool(facts.due_by_category) and not shortfalls(facts),
            "village",
            _why_short,
            "Permendagri 20/2018 Pasal 19",
        ),
        Condition(
            "no_forbidden_source",
            "Tidak ada iuran yang dibayar dari sumber dana terlarang",
            lambda facts: facts.source_rules is not None and not forbidden(facts),
            lambda facts: "legal" if facts.source_rules is None else "village",
            _why_forbidden,
            "Permendesa PDT tentang fokus penggunaan Dana Desa tahun berjalan",
        ),
        Condition("budget_evidence", "Bukti RKPDes dan APBDes diunggah", _has_all_evidence, "village"),
        Condition("camat_checked", "Anggaran diperiksa camat", camat_checked, _checks_next, _why_unchecked),
    ),
    ("surat_pernyataan", "surat_teguran"),
)
