"""All experiments at their full n, one after another: ``python -m tests.experiments.everything`` (``make experiments``), or only those named.

Each line is appended, as it was run and with the commit it ran on, to ``docs/experiments.jsonl``; ``tests.experiments.table`` makes the
README's table of it. Exit status 1 when one of them failed or did not catch its control.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from tests.experiments.lab import ROOT

ORDER = ("e3", "e7", "e11", "e12", "e13", "e10", "e4", "e2", "e5", "e1", "photographs")
LINES = ROOT / "docs" / "experiments.jsonl"


def commit() -> str:
    """What is being tried; with a plus when the tree holds more than that."""
    said = {name: subprocess.run(["git", *order], cwd=ROOT, capture_output=True, text=True).stdout.strip() for name, order in (
        ("hash", ("rev-parse", "--short", "HEAD")), ("changed", ("status", "--porcelain", "--untracked-files=no", "--", ".", ":!docs")))}  # fmt: skip
    return said["hash"] + ("+" if said["changed"] else "")


def line_of(name: str, database: str, more: list[str]) -> dict | None:
    """The experiment in a process of its own; None when it said nothing."""
    done = subprocess.run([sys.executable, "-m", f"tests.experiments.{name}", "--database", database, *more], cwd=ROOT, capture_output=True, text=True)
    try:
        return json.loads(done.stdout.splitlines()[-1])
    except (IndexError, ValueError):
        print(done.stderr[-3000:], file=sys.stderr)
        return None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=ORDER, metavar="e3")
    parser.add_argument("--n", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), help="only on this one")
    parser.add_argument("--into", type=Path, default=LINES)
    asked = parser.parse_args()
    more, good = ["--seed", str(asked.seed), *(["--n", str(asked.n)] if asked.n else [])], True
    for name in asked.names:
        for database in import_module(f"tests.experiments.{name}").DATABASES:
            if asked.database not in (None, database):
                continue
            line = line_of(name, database, more)
            good = good and line is not None and ("skipped" in line or (line["failures"] == 0 and line["control"]["caught"]))
            if line is not None:
                line |= {"commit": commit(), "on": f"{datetime.now(UTC):%Y-%m-%d}"}
                with asked.into.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(line, ensure_ascii=False) + "\n")
            print(json.dumps(line or {"experiment": name, "database": database, "said": None}, ensure_ascii=False), flush=True)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
