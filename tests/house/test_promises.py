"""New things are covered by being there: routes, stages, kinds, conditions, commands, guards."""

import click
import pytest

from letters import all_kinds
from webapp.access import ALL_VERBS, VERBS
from webapp.cli import cli
from webapp.db import Base
from webapp.models.columns import OfAgreement, Recorded
from webapp.papers import SPECIAL
from webapp.presentation import CLOSED_AT
from webapp.schema import FROZEN, alembic
from workflows import STAGES
from workflows.agreement import CONDITIONS


def test_every_route_names_the_verb_it_needs(app):
    for rule in app.url_map.iter_rules():
        verbs = app.view_functions[rule.endpoint].needs
        assert not verbs or set(verbs.split("|")) <= ALL_VERBS, rule


def test_every_verb_belongs_to_a_role_and_opens_a_door(app):
    used = {verb for view in app.view_functions.values() for verb in view.needs.split("|")}
    unused = {verb for verb in ALL_VERBS - used if not verb.startswith(("signature.", "enrollment."))}
    assert not unused


def test_every_letter_that_a_stage_offers_exists():
    assert {slug for stage in STAGES for slug in stage.letters} <= set(all_kinds())


def test_every_need_of_a_letter_is_a_condition():
    for kind in all_kinds().values():
        assert set(kind.needs) <= set(CONDITIONS) | set(SPECIAL), kind.slug


def test_every_condition_has_a_button_that_exists(app):
    assert set(CLOSED_AT) == set(CONDITIONS)
    for endpoint, verbs, _ in CLOSED_AT.values():
        assert endpoint in app.view_functions
        assert any(verb in VERBS[role] for verb in verbs.split("|") for role in VERBS)


def test_every_kind_can_be_drawn_up_by_a_module_of_its_name():
    from importlib import import_module

    for slug in all_kinds():
        assert callable(import_module(f"webapp.papers.{slug}").facts)


def test_the_migrations_make_the_tables_of_the_models(app):
    assert alembic.compare_metadata() == []


def test_evidence_tables_are_guarded():
    """Every table that says who did something when is frozen, unless it is a working copy."""
    working = {"roster_entries", "budget_lines", "other_covers"}
    evidence = {mapper.local_table.name for mapper in Base.registry.mappers if issubclass(mapper.class_, Recorded | OfAgreement)}
    assert evidence - working <= set(FROZEN)


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_every_command_explains_itself_with_an_example(name):
    command = cli.commands[name]
    assert "Contoh: sinergi" in (command.help or "")
    if isinstance(command, click.Group):
        for each in command.commands.values():
            assert "Contoh: sinergi" in (each.help or ""), each.name


def test_the_readme_names_every_command():
    from pathlib import Path

    told = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    assert not [name for name in cli.commands if f"`sinergi {name}" not in told]
