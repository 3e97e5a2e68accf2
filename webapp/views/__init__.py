"""Views are doors: each names who may enter, asks the domain one thing, commits, answers. They import no SQL text and keep no rules."""

from __future__ import annotations

from flask import Flask

from ..access import public
from . import accords, agreements, budgets, dashboard, enrollments, files, health, home, officials, passwords, reports, rosters, rules, sessions, signatures, villages


def register_views(app: Flask) -> None:
    """Every blueprint, by hand."""
    for each in (health, sessions, passwords, agreements, rosters, signatures, budgets, enrollments, files, accords, officials, dashboard, home, villages, reports, rules):
        app.register_blueprint(each.bp)
    library = app.view_functions["bootstrap.static"]
    app.view_functions["bootstrap.static"] = public(lambda **names: library(**names))  # the library's own files, public like ours
