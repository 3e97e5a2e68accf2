"""E7: altered papers against the verdict that looks into the register first: none is ASLI, every genuine one is.

A few papers are printed by the press itself, the other genuine ones are saved from them with bytes of their own, and all are stored as the
register stores them. n counts altered files: bytes, padding, truncation, metadata, incremental updates, shadow attacks (a hidden page, a
covering note, another catalogue, shown by an update), pages and codes of other papers, and swapped genuine documents: whole, but another
paper than the one it is offered as. ASLI depends on the bytes alone, so for all but every fiftieth file the child that looks for a code on
the pages of unknown bytes is left out. Genuine ones are a fifth on top. Control: a check of the signed range only, as a signature without
coverage of the whole file gives it.
"""

from __future__ import annotations

import io
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pikepdf
import pypdfium2

from letters import kind
from letters.press import Issued, to_pdf
from tests.builders import a_letter, an_agreement
from tests.experiments.forging import FORGERIES
from tests.experiments.lab import Lab
from tests.experiments.outcome import Found, run
from webapp import clock, verification
from webapp.db import db
from webapp.models import Rendition
from webapp.page_codes import Unreadable
from webapp.uploads import storage

WHAT = "PDF yang diubah tidak pernah ASLI, PDF asli selalu ASLI"
CONTROL = "hanya bagian yang ditandatangani diperiksa"
DATABASES = ("sqlite",)
FULL = 5000
KINDS = ("surat_pengantar", "perjanjian_desa", "surat_teguran")
WHOLE_CHECK = 50  # every so many are looked at with the child that reads codes


@dataclass(frozen=True)
class Paper:
    content: bytes
    number: str


def trial(lab: Lab, n: int, seed: int) -> Found:
    dice, failures, answers = random.Random(seed), [], Counter()
    with lab.make().app():
        papers = _papers(max(4, n // 5), dice)
        failures += [f"asli ke-{place}: {verdict}" for place, each in enumerate(papers) if (verdict := _answer(each.content)) != verification.GENUINE]
        for turn in range(n):
            name, content, offered = _altered(papers, turn, dice)
            with _codes_read(turn % WHOLE_CHECK == 0):
                verdict = _answer(content, offered.number)
            answers[verdict] += 1
            if verdict not in (verification.ALTERED, verification.UNKNOWN, "lain", "tidak terbaca"):
                failures.append(f"{name}: {verdict}")
    return Found(n, failures, {"genuine": len(papers), "answers": dict(answers), "kinds": len(FORGERIES) + 1, "shadows_seen": _shadows_seen(papers[0], papers[1])})


def _papers(wanted: int, dice: random.Random) -> list[Paper]:
    """Genuine ones: printed, then saved with bytes of their own; all of them in the register."""
    agreement, papers = an_agreement("numbered"), []
    for place in range(wanted):
        letter = a_letter(agreement, "surat_pengantar", state="issued")
        printed = _printed(KINDS[place], letter.token) if place < len(KINDS) else _saved(papers[place % len(KINDS)].content, dice)
        db.session.flush()
        db.session.add(Rendition(letter_id=letter.id, rangkap=1, sha256=storage().put(printed), pages=1, size=len(printed), at=clock.now()))
        papers.append(Paper(printed, letter.number))
    db.session.commit()
    return papers


def _printed(slug: str, token: str) -> bytes:
    return to_pdf(kind(slug).SAMPLE, Issued(token=token, public_url="http://localhost"))


def _saved(content: bytes, dice: random.Random) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pdf.docinfo["/Uji"] = str(dice.getrandbits(64))
        pdf.save(out)
    return out.getvalue()


def _altered(papers: list[Paper], turn: int, dice: random.Random) -> tuple[str, bytes, Paper]:
    names = [*FORGERIES, "swapped"]
    name, (paper, other) = names[turn % len(names)], dice.sample(papers, 2)
    content = other.content if name == "swapped" else FORGERIES[name](paper.content, other.content, dice)
    assert name == "swapped" or content not in (paper.content, other.content)
    return name, content, paper


def _answer(content: bytes, offered: str = "") -> str:
    """The verdict; "lain" when it is genuine, but says itself that it is another paper than the one it was offered as."""
    try:
        checked = verification.check_file(db.session, content)
    except Unreadable:
        return "tidak terbaca"
    if checked.answer == verification.GENUINE and offered and checked.verdict and checked.verdict.number != offered:
        return "lain"
    return checked.answer


@contextmanager
def _codes_read(really: bool) -> Iterator[None]:
    reads = verification.read_codes
    if not really:
        verification.read_codes = lambda content, most=40: []
    try:
        yield
    finally:
        verification.read_codes = reads


def _shadows_seen(paper: Paper, other: Paper) -> int:
    """How many of the shadow attacks a common reader falls for: they are real ones."""
    dice, seen = random.Random(0), 0
    before = _picture(paper.content)
    for name in ("shadow_replace", "shadow_hide", "shadow_switch"):
        seen += _picture(FORGERIES[name](paper.content, other.content, dice)) != before
    return seen


def _picture(content: bytes) -> bytes:
    with pypdfium2.PdfDocument(content) as pdf:
        return pdf[0].render(scale=1, may_draw_forms=True).to_pil().tobytes()


def control(lab: Lab, seed: int) -> Found:
    dice = random.Random(seed)
    with lab.make().app():
        papers = _papers(6, dice)
        forged = [_altered(papers, turn, dice) for turn in range(4 * len(FORGERIES))]
    accepted = [name for name, content, _ in forged if any(content.startswith(each.content) for each in papers)]
    return Found(len(forged), accepted)


if __name__ == "__main__":
    run("e7")
