"""Every experiment at a small n: nothing fails, and the variant that is broken on purpose is caught. The README tells the full ones as run."""

from importlib import import_module

import pytest

from tests.experiments.everything import ORDER
from tests.experiments.lab import Lab
from tests.experiments.outcome import outcome, passed
from tests.experiments.table import README, written

SMALL = {"e1": 80, "e2": 5, "e3": 24, "e4": 2, "e5": 3, "e7": 40, "e10": 1, "e11": 3, "e12": 3, "e13": 7, "photographs": 4}
ON_BOTH = {"e3"}  # the others on SQLite alone; at their full n all are run on every database they are made for
HERE = [pytest.param(name, database, id=f"{name}-{database}") for name in SMALL for database in ("sqlite", "postgresql") if database == "sqlite" or name in ON_BOTH]


@pytest.mark.parametrize(("name", "database"), HERE)
def test_it_holds_and_its_control_is_caught(request, name, database):
    uri = request.getfixturevalue("postgres")[0] if database == "postgresql" else None
    with Lab(database, uri) as lab:
        line = outcome(import_module(f"tests.experiments.{name}"), lab, SMALL[name], seed=1)
    if "skipped" in line:
        pytest.skip(line["skipped"])
    assert line["failures"] == 0, line["examples"]
    assert line["control"]["caught"], line["control"]


def test_where_nothing_may_be_mounted_it_says_so(monkeypatch):
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with Lab() as lab:
        line = outcome(import_module("tests.experiments.e5"), lab, 3, seed=1)
    assert line["skipped"] == "memasang cakram dari berkas perlu hak root" and passed(line)


def test_all_of_them_are_run():
    assert set(SMALL) == set(ORDER)


def test_the_readme_tells_what_was_run():
    readme = README.read_text(encoding="utf-8")
    assert written(readme) == readme
