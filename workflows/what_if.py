"""What-ifs about contributions: each a step that turns groups and law into other groups and law; steps follow one another."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from .contributions import Group, Law, Terms
from .tariffs import BARRED, SEN, Switch


class BadStep(ValueError):
    """The step cannot be taken; the message is a phrase."""


@dataclass(frozen=True)
class Plan:
    """What a village would owe by: its groups, and the law."""

    groups: tuple[Group, ...]
    law: Law


@dataclass(frozen=True)
class AddPeople:
    """So many more people of a category from a month on."""

    terms: Terms
    people: int
    wage_base: Decimal
    first: date

    def taken(self, plan: Plan, village: str) -> Plan:
        """The plan with these people."""
        return replace(plan, groups=(*plan.groups, Group(self.terms, self.wage_base, self.people, first=self.first, village=village)))


@dataclass(frozen=True)
class ChangeWage:
    """Another wage base for a category from a month on: by so many percent, or to an amount."""

    category: str
    first: date
    percent: Decimal | None = None
    amount: Decimal | None = None

    def taken(self, plan: Plan, village: str) -> Plan:
        """The plan with these wages."""
        return replace(plan, groups=_changed(plan.groups, self.category, self.first, lambda each: replace(each, wage_base=self._wage(each.wage_base))))

    def _wage(self, before: Decimal) -> Decimal:
        if self.amount is not None:
            return self.amount
        return (before * (100 + (self.percent or Decimal())) / 100).quantize(SEN, ROUND_HALF_UP)


@dataclass(frozen=True)
class ChangeProgramme:
    """A category joins a programme, or leaves it, from a month on."""

    category: str
    programme: str
    joins: bool
    first: date

    def taken(self, plan: Plan, village: str) -> Plan:
        """The plan with these programmes. Raises BadStep for a programme that the segment cannot join."""
        return replace(plan, groups=_changed(plan.groups, self.category, self.first, self._group))

    def _group(self, group: Group) -> Group:
        terms = group.terms
        if self.joins and (terms.segment, self.programme) in BARRED:
            raise BadStep(BARRED[terms.segment, self.programme])
        kept = tuple(each for each in terms.programmes if each != self.programme)
        return replace(group, terms=replace(terms, programmes=(*kept, self.programme) if self.joins else kept))


@dataclass(frozen=True)
class SwitchDiscount:
    """BPJS lets a discount hold for every village's budget."""

    adjustment: str

    def taken(self, plan: Plan, village: str) -> Plan:
        """The plan under a law in which the discount holds."""
        payers = {each.terms.payer for each in plan.groups}
        said = tuple(Switch(self.adjustment, payer, village, True) for payer in sorted(payers))
        return replace(plan, law=replace(plan.law, switches=(*plan.law.switches, *said)))


Step = AddPeople | ChangeWage | ChangeProgramme | SwitchDiscount


def _changed(groups: Iterable[Group], category: str, first: date, change: Callable[[Group], Group]) -> tuple[Group, ...]:
    """The groups of the category cut at the month, and changed from then on."""
    found: list[Group] = []
    for each in groups:
        if each.terms.category != category or (each.last and each.last < first):
            found.append(each)
        elif each.first and each.first >= first:
            found.append(change(each))
        else:
            found += [replace(each, last=_month_before(first)), change(replace(each, first=first))]
    return tuple(found)


def _month_before(month: date) -> date:
    return date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)


def after(plan: Plan, steps: Iterable[Step], village: str = "") -> Plan:
    """The plan after all steps in their order. Raises BadStep."""
    for each in steps:
        plan = each.taken(plan, village)
    return plan
