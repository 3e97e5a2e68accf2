"""Views are doors: each names who may enter, asks the domain one thing, commits, answers. They import no SQL text and keep no rules."""

from __future__ import annotations

from flask import Flask

from ..access import public
from . import (
    accords,
    agreements,
    audit,
    budgets,
    changes,
    comparing,
    contributions,
    dashboard,
    delegations,
    elsewhere,
    enrollments,
    expedition,
    files,
    health,
    home,
    imports,
    letters,
    office_letters,
    offices,
    officials,
    passwords,
    print_sets,
    privacy,
    registers,
    reports,
    retention,
    rosters,
    rules,
    scans,
    sessions,
    shortfalls,
    signatures,
    simulations,
    sittings,
    takeovers,
    upkeep,
    users,
    verification,
    villages,
)


def register_views(app: Flask) -> None:
    """Every blueprint, by hand."""
    for each in (health, sessions, passwords, agreements, rosters, imports, changes, elsewhere, comparing, signatures, scans, budgets, shortfalls, enrollments, files, letters, registers, print_sets, expedition, office_letters, accords, officials, delegations, dashboard, home, villages, takeovers, reports, rules, contributions, simulations, sittings, users, audit, verification, offices, upkeep, privacy, retention):
        app.register_blueprint(each.bp)
    library = app.view_functions["bootstrap.static"]
    app.view_functions["bootstrap.static"] = public(lambda **names: library(**names))  # the library's own files, public like ours
