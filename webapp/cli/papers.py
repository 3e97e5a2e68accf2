"""``sinergi print`` previews a paper, ``sinergi issue`` gives it a number."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

import click
from sqlalchemy import select

from letters import UnknownKind, all_kinds, kind
from letters.press import Press
from letters.stopped import PressStopped

from ..db import begin_writing, db
from ..issuing import About, preview, reserve
from ..models import Accord, Letter, Office, Village
from ..printing import claim, print_letter
from . import BadInput, cli, say
from .session import agreement_of, installation, the_system, village_named

WAIT = 180


def _about(slug: str, village: Village | None, year: int | None = None) -> About:
    """What the paper is about: the village's agreement, its accord, or the office. Raises BadInput."""
    about = kind(slug).about
    if about in ("agreement", "history"):
        if village is None:
            raise BadInput(f"{slug} dicetak per desa: sebutkan --village KODE atau --all.")
        return agreement_of(village, year)
    if about == "accord":
        accord = agreement_of(village, year).accord if village else db.session.scalars(select(Accord).order_by(Accord.id.desc())).first()
        if accord is None:
            raise BadInput("Belum ada perjanjian induk.")
        return accord
    office = db.session.scalars(select(Office).where(Office.side == 1)).first()
    if office is None:
        raise BadInput("Data kantor belum diisi.")
    return office


def _known(slug: str) -> str:
    try:
        return kind(slug).slug
    except UnknownKind as error:
        raise BadInput(f"{error} Jenis yang ada: {', '.join(all_kinds())}.") from error


@cli.command("print", help="Cetak pratinjau (KONSEP); tidak mengubah apa pun.\n\nContoh: sinergi print lampiran_iuran --village 73.02.01.2004 -o lampiran.pdf")
@click.argument("slug", metavar="JENIS")
@click.option("--village", "code", help="Kode Kemendagri desa.")
@click.option("--all", "every", is_flag=True, help="Semua desa; -o adalah folder.")
@click.option("--year", type=int, help="Tahun anggaran (bawaan: yang terbaru).")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="Berkas PDF, atau folder bila --all.")
def print_(slug: str, code: str | None, every: bool, year: int | None, output: Path) -> None:
    """Preview one paper, or one per village."""
    slug = _known(slug)
    with installation(), Press() as press:
        village = village_named(code) if code else None
        if not every:
            content = preview(slug, _about(slug, village, year), press)
            _write(output, content)
            return
        output.mkdir(parents=True, exist_ok=True)
        _print_all(slug, year, output, press)


def _print_all(slug: str, year: int | None, output: Path, press: Press) -> None:
    skipped = []
    codes = [each.code for each in db.session.scalars(select(Village).order_by(Village.code)) if each.is_desa]
    with click.progressbar(codes, label="Mencetak", file=None) as bar:
        for code in bar:
            try:
                content = preview(slug, _about(slug, village_named(code), year), press)
            except (BadInput, PressStopped) as error:
                skipped.append(f"{code}: {error}")
                continue
            _write(output / f"{slug}_{code}.pdf", content)
            db.session.rollback()
    click.echo(f"{len(codes) - len(skipped)} dari {len(codes)} dicetak ke {output}")
    for line in skipped:
        click.echo(f"dilewati {line}", err=True)


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".cetak")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    os.chmod(temporary, 0o644)
    os.replace(temporary, path)


@cli.command("issue", help="Terbitkan naskah dengan nomor.\n\nContoh: sinergi issue perjanjian_desa --village 73.02.01.2004 --json")
@click.argument("slug", metavar="JENIS")
@click.option("--village", "code", help="Kode Kemendagri desa.")
@click.option("--year", type=int, help="Tahun anggaran (bawaan: yang terbaru).")
@click.option("--json", "as_json", is_flag=True, help="Tulis sebagai JSON.")
def issue(slug: str, code: str | None, year: int | None, as_json: bool) -> None:
    """Reserve, print, issue."""
    slug = _known(slug)
    with installation(), Press() as press:
        begin_writing()
        letter = reserve(slug, _about(slug, village_named(code) if code else None, year), the_system())
        db.session.commit()
        letter = _printed(letter.id, press)
        if letter.state != "issued":
            raise PressStopped(f"Nomor {letter.number} sudah dicadangkan, tetapi belum tercetak: {letter.problem or 'masih dicetak'}")
        answer = {"number": letter.number, "token": letter.token, "sha256": letter.sha256, "version": letter.version}
        answer["renditions"] = [{"rangkap": each.rangkap, "sha256": each.sha256, "pages": each.pages} for each in letter.renditions]
        say(answer, as_json, [f"{letter.title} {letter.number} versi {letter.version} terbit", f"sha256 {letter.sha256}"])


def _printed(letter_id: int, press: Press) -> Letter:
    """Print it here, or wait for the service that took it first."""
    until = time.monotonic() + WAIT
    while True:
        letter = claim(letter_id)
        if letter is not None:
            return print_letter(letter, press)
        db.session.expire_all()
        letter = db.session.get(Letter, letter_id)
        assert letter is not None
        if letter.state != "reserved" or letter.problem or time.monotonic() > until:
            return letter
        db.session.rollback()
        time.sleep(0.3)


