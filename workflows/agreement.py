"""The road of an agreement: four stages in order. A stage is evidence, not a setting: it is read, never set."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from .facts import AgreementFacts
from .stage import Condition, NotYet, Open, Stage
from .stages.budgeting import BUDGETING
from .stages.draft import DRAFT
from .stages.enrollment import ENROLLMENT
from .stages.signature import SIGNATURE

STAGES: tuple[Stage, ...] = (DRAFT, SIGNATURE, BUDGETING, ENROLLMENT)
CONDITIONS: dict[str, Condition] = {each.slug: each for stage in STAGES for each in stage.conditions}


def current_stage(facts: AgreementFacts) -> Stage | None:
    """The first stage with an open condition; None when the participants are active."""
    return next((stage for stage in STAGES if any(each.is_open(facts) for each in stage.conditions)), None)


def seen_on(condition: Condition, facts: AgreementFacts, today: date) -> Open:
    """The condition as an open one of these facts, with its due date and the days past it."""
    rule = facts.due_rules.get(condition.slug)
    due_on = rule.due_on(facts.fiscal_year) if rule else None
    late = max(0, (today - due_on).days) if due_on else 0
    return Open(
        condition.slug,
        condition.sentence,
        condition.because(facts),
        condition.whose_turn(facts),
        condition.article,
        due_on,
        late,
    )


def open_conditions(facts: AgreementFacts, today: date, stages: Iterable[Stage] = STAGES) -> tuple[Open, ...]:
    """All open conditions of the stages, in their order."""
    return tuple(seen_on(each, facts, today) for stage in stages for each in stage.conditions if each.is_open(facts))


def whole_road(facts: AgreementFacts, today: date) -> tuple[tuple[Stage, tuple[tuple[Condition, Open | None], ...]], ...]:
    """Every stage with every condition that is asked, and for an open one how it stands."""
    return tuple(
        (stage, tuple((each, seen_on(each, facts, today) if each.is_open(facts) else None) for each in stage.conditions if each.asked(facts)))
        for stage in STAGES
    )


def turn(facts: AgreementFacts, today: date) -> str | None:
    """The role whose move it is: that of the first open condition of the current stage; None when active."""
    stage = current_stage(facts)
    return open_conditions(facts, today, (stage,))[0].turn if stage else None


def require(facts: AgreementFacts, today: date, slugs: Iterable[str]) -> None:
    """Raise NotYet with every condition among ``slugs`` that is open."""
    missing = [seen_on(CONDITIONS[slug], facts, today) for slug in slugs if CONDITIONS[slug].is_open(facts)]
    if missing:
        raise NotYet(missing)


def slugs_before(slug: str) -> tuple[str, ...]:
    """The conditions that stand before ``slug`` on the road."""
    road = list(CONDITIONS)
    return tuple(road[: road.index(slug)])
