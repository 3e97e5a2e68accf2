"""What an experiment says: one JSON line with n, failures, the bound they leave, and whether the control was caught."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from time import monotonic
from types import ModuleType
from typing import Any

from tests.experiments.lab import Lab

SHOWN = 5


@dataclass
class Found:
    """How many trials there were and what went wrong, a sentence each; ``told`` is what else is worth knowing."""

    n: int
    failures: Sequence[str] = ()
    told: dict[str, Any] = field(default_factory=dict)


class Skipped(Exception):
    """The experiment cannot be done on this machine; the message says why."""


def outcome(module: ModuleType, lab: Lab, n: int, seed: int) -> dict[str, Any]:
    """Run the experiment and its control."""
    name, begun = module.__name__.rpartition(".")[2].upper(), monotonic()
    line: dict[str, Any] = {"experiment": name, "what": module.WHAT, "database": lab.database, "seed": seed}
    try:
        found: Found = module.trial(lab, n, seed)
        seconds = round(monotonic() - begun, 1)
        control: Found = module.control(lab, seed)
    except Skipped as reason:
        return line | {"n": 0, "failures": 0, "skipped": str(reason)}
    line |= {"n": found.n, "failures": len(found.failures), "bound": None if found.failures else bound(found.n), "seconds": seconds, **found.told}
    if found.failures:
        line["examples"] = list(found.failures[:SHOWN])
    line["control"] = {"what": module.CONTROL, "n": control.n, "failures": len(control.failures), "caught": bool(control.failures), **control.told}
    return line


def bound(n: int) -> float | None:
    """Below it lies the rate of failure, at 95 %, when n trials had none."""
    return float(f"{3 / n:.2g}") if n else None


def passed(line: dict[str, Any]) -> bool:
    """No failure, and the control was caught; what could not be done here is no failure."""
    return "skipped" in line or (line["failures"] == 0 and line["control"]["caught"])


def main(name: str, arguments: Sequence[str] | None = None, say: Callable[[str], Any] = print) -> int:
    """``python -m tests.experiments.<name>``: exit status 1 on a failure or when the control was not caught."""
    module = import_module(f"tests.experiments.{name}")
    parser = argparse.ArgumentParser(prog=f"python -m tests.experiments.{name}", description=module.WHAT)
    parser.add_argument("--n", type=int, default=module.FULL, help="how many trials (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=module.DATABASES, default=module.DATABASES[0])
    asked = parser.parse_args(arguments)
    with Lab(asked.database) as lab:
        line = outcome(module, lab, asked.n, asked.seed)
    say(json.dumps(line, ensure_ascii=False))
    return 0 if passed(line) else 1


def run(name: str) -> None:
    """Be the command."""
    sys.exit(main(name))
