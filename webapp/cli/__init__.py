"""The command ``sinergi``, grown by noun. Exit status: 0 done, 2 bad input, 3 refused by an open condition, 1 any other failure."""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

import click

from config import BadConfig
from letters.stopped import PressStopped
from workflows import NotYet, Refused

from .speaking import Group, complaint

DONE, FAILED, BAD_INPUT, REFUSED = 0, 1, 2, 3


class BadInput(Exception):
    """What was typed does not fit; the message is one sentence."""



def say(answer: Any, as_json: bool, lines: Any = None) -> None:
    """Print the answer."""
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False, indent=1, default=str))
    else:
        for line in lines if lines is not None else [answer]:
            click.echo(line)


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]}, help="Sinergi Desa: perjanjian perlindungan ketenagakerjaan desa.\n\nContoh: sinergi villages --json")
def cli() -> None:
    """The root of all commands."""


def _open(error: NotYet) -> dict[str, Any]:
    return {"open": [{"slug": each.slug, "sentence": each.sentence, "because": each.because, "turn": each.turn} for each in error.open]}


def main() -> None:
    """Run a command and turn every refusal into a sentence and an exit status."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """The exit status of a command line."""
    logging.getLogger("sinergi").setLevel(logging.WARNING)
    try:
        status = cli(arguments, standalone_mode=False)  # a command that ends with Exit gives its status here
    except NotYet as error:
        if "--json" in arguments:
            click.echo(json.dumps(_open(error), ensure_ascii=False, indent=1))
        click.echo("Belum dapat dilakukan:\n" + "\n".join(f"- {each}" for each in error.open), err=True)
        return REFUSED
    except Refused as error:
        click.echo(str(error), err=True)
        return REFUSED
    except (BadInput, BadConfig) as error:
        click.echo(str(error), err=True)
        return BAD_INPUT
    except click.UsageError as error:
        click.echo(complaint(error), err=True)
        return BAD_INPUT
    except PressStopped as error:
        click.echo(str(error), err=True)
        return FAILED
    except click.Abort:
        click.echo("Dibatalkan.", err=True)
        return FAILED
    except Exception as error:
        logging.getLogger("sinergi").debug("unforeseen", exc_info=True)
        click.echo(f"Gagal: {type(error).__name__}. Jalankan 'sinergi doctor' untuk memeriksa pemasangan.", err=True)
        return FAILED
    return status if isinstance(status, int) else DONE


from . import audits, backups, contributions, installing, papers, register, rosters, users, verification, villages  # noqa: E402

__all__ = ["audits", "backups", "cli", "contributions", "installing", "main", "papers", "register", "rosters", "run", "users", "verification", "villages"]
