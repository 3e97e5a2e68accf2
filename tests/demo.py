"""The demo as a newcomer makes it: through the command, with nothing in the environment but its home."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

COMMAND = (sys.executable, "-c", "from webapp.cli import main; main()")
ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Installation:
    """A data folder and the command that works on it."""

    home: Path

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SINERGI_")}
        return kept | {"SINERGI_HOME": str(self.home), "PYTHONPATH": str(ROOT)}

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """The command, running."""
        return subprocess.Popen([*COMMAND, *arguments], env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def sinergi(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The command, finished."""
        return subprocess.run([*COMMAND, *arguments], env=self.environment, capture_output=True, text=True, timeout=600)

    def json(self, *arguments: str) -> Any:
        """What the command answers as JSON."""
        return json.loads(self.sinergi(*arguments, "--json").stdout)

    @property
    def accounts(self) -> list[dict[str, str]]:
        return json.loads((self.home / "demo_accounts.json").read_text(encoding="utf-8"))


def made_once(folder: Path) -> Installation:
    """The demo in ``folder``, made by whichever process comes first; the others wait for it."""
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "home" / "demo_accounts.json").exists():
            return make(folder / "home")
    return Installation(folder / "home")


def make(home: Path) -> Installation:
    """Demo data of seed 1 as of 22 November 2026."""
    installation = Installation(home)
    made = installation.sinergi("demo", "--seed", "1", "--as-of", "2026-11-22")
    assert made.returncode == 0, made.stderr
    return installation
