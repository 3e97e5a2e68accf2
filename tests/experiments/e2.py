"""E2: two people act on the same thing at the same moment: one winner or an order that the law allows, the other is told with 409, never 5xx.

Two processes, each with the whole application (door, CSRF, lock, act, commit), are let go by a barrier for every pair. Which outcomes are legal:

* ``sign_sign``: two record the same signature. Exactly one winner, one row, one event.
* ``sign_return``: one records a signature, one sends the draft back. Exactly one winner in either order: a signed draft is not sent back,
  one that was sent back is not approved and cannot be signed.
* ``approve_edit``: the approval of what was seen, and a change of it. One of them is told, or first approved, then edited: then the
  approval stands no longer. Never does an approval stand for facts that the approver has not seen.
* ``issue_void``: an annex is issued under the number of an agreement, or the agreement is corrected under its number, while that number is
  voided. One of them is told, or issued first, then void with it. Never does a paper stand under a void number.
* ``print_void``: the press finishes a letter while its number is voided. Both are acts that may follow one another in either order; a void
  answered as done stays void.

n counts pairs; each kind gets a fifth. Control: the act without its guard, that reads first and writes later in another transaction.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask import current_app
from sqlalchemy import func, select

from tests.builders import a_file, a_letter, an_agreement, user
from tests.experiments.clerk import Clerk, kept, now
from tests.experiments.lab import Installation, Lab, at_once
from tests.experiments.outcome import Found, run
from webapp import clock, printing
from webapp.audits import verify
from webapp.db import begin_writing, db, set_scope
from webapp.models import Agreement, AuditEvent, Return, Signature, Village
from webapp.models.agenda import gaps
from webapp.models.drafts import Draft
from webapp.uploads import storage
from workflows.stages.draft import approval_digest

WHAT = "dua orang bertindak bersamaan atas hal yang sama: satu menang atau urutannya sah, yang lain mendapat 409"
CONTROL = "tindakan tanpa penjaga: dibaca dahulu, ditulis kemudian"
DATABASES = ("sqlite", "postgresql")
FULL = 5000
A_ROUND = 100  # pairs per copy of the database: one village each
CHANGED = date(2026, 3, 3)

Task = dict[str, Any]


def trial(lab: Lab, n: int, seed: int) -> Found:
    dice, failures, told, wanted = random.Random(seed), [], {}, n // len(PAIRS)
    filled = {until: _filled(lab, until, min(A_ROUND, wanted)) for until in ("frozen", "numbered")}
    for name, (until, *_) in PAIRS.items():
        made, seen = filled[until], Counter()
        for begin in range(0, wanted, A_ROUND):
            outcome = _round(lab.copy(made), name, min(A_ROUND, wanted - begin), dice)
            seen.update(each for each, _ in outcome)
            failures += [f"{name}: {wrong}" for _, wrong in outcome if wrong]
        told[name] = dict(seen)
    return Found(wanted * len(PAIRS), failures, {"outcomes": told})


def _filled(lab: Lab, until: str, villages: int) -> Installation:
    """As many agreements; numbered ones with a letter that waits to be printed."""

    def fill() -> None:
        codes = [each.code for each in db.session.scalars(select(Village).order_by(Village.code)) if each.is_desa][:villages]
        for place, code in enumerate(codes):
            agreement = an_agreement(until, village_code=code, people=1, serial=2000 + place)
            if until == "numbered":
                a_letter(agreement, "surat_pengantar")
                db.session.commit()

    return lab.make(fill)


def _round(made: Installation, name: str, pairs: int, dice: random.Random) -> list[tuple[str, str]]:
    """For each pair what the two were answered, and what is wrong afterwards."""
    _, tasks, judge = PAIRS[name]
    with made.app():
        agreements = list(db.session.scalars(select(Agreement).order_by(Agreement.village_code).limit(pairs)))
        both = [tasks(each) for each in agreements]
    waits = [[_wait(dice) for _ in both] for _ in range(2)]
    answers = at_once(act, [(made, [each[side] for each in both], waits[side]) for side in range(2)], patience=1800)
    found = []
    with made.app():
        whole = [f"rantai: {broken}" for broken in [verify(db.session)] if broken] + [f"nomor hilang {each}" for each in gaps(db.session, 2026)]
        for agreement, first, second in zip(db.session.scalars(select(Agreement).order_by(Agreement.village_code).limit(pairs)), *answers, strict=True):
            wrong = _statuses(first, second) or judge(agreement, first, second)
            found.append((f"{first}/{second}", f"{agreement.code} {first}/{second}: {wrong}" if wrong else ""))
    return found + [("", each) for each in whole]


def _wait(dice: random.Random) -> float:
    """Half of them at once, the others up to a second late: acts last differently."""
    return 0.0 if dice.random() < 0.5 else 10 ** dice.uniform(-3, 0)


def _statuses(*answers: int) -> str:
    if not set(answers) <= {303, 409}:
        return "jawaban lain dari 303 dan 409"
    return "" if 303 in answers else "tidak seorang pun menang"


def act(barrier: Any, made: Installation, tasks: list[Task], waits: list[float]) -> list[int]:
    """In a process of its own: do one task after the other, each when the other process is ready too; the status of each."""
    with made.app() as app:
        clerks = {login: Clerk(app, login) for login in {each["as"] for each in tasks if "as" in each}}
        db.session.close()
        found = []
        for task, wait in zip(tasks, waits, strict=True):
            barrier.wait(120)
            time.sleep(wait)
            found.append(clerks[task["as"]].post(task["to"], task["form"]).status_code if "as" in task else _print(task))
    return found


def _print(task: Task) -> int:
    """What the press does when the pages are printed and stored (transaction 2)."""
    with clock.at(now()):
        set_scope("")
        printing._issued(task["letter"], [(1, task["sha256"], 1, 9)])
        db.session.close()
    return 303


# --- the pairs: how far the agreement has come, what the two do, what must hold afterwards ---


def _signing(agreement: Agreement, by: str) -> Task:
    form = {"on": "2026-03-09", "place": "Bulukumba", "scan_kept": kept(current_app._get_current_object(), by)}
    return {"as": by, "to": f"/perjanjian/{agreement.code}/tanda-tangan/kesatu", "form": form}


def _sign_sign(agreement: Agreement) -> tuple[Task, Task]:
    return _signing(agreement, "legal"), _signing(agreement, "legal2")


def _one_signature(agreement: Agreement, first: int, second: int) -> str:
    rows, events = len(agreement.signatures), _events(agreement, "signature.recorded")
    return "" if (first, second).count(303) == rows == events == 1 else f"{rows} tanda tangan, {events} peristiwa"


def _sign_return(agreement: Agreement) -> tuple[Task, Task]:
    return _signing(agreement, "legal"), {"as": "approver", "to": f"/perjanjian/{agreement.code}/kembalikan", "form": {"reason": "contoh"}}


def _signed_or_returned(agreement: Agreement, first: int, second: int) -> str:
    rows = (len(agreement.signatures), len(agreement.returns))
    return "" if rows == (int(first == 303), int(second == 303)) and sum(rows) == 1 else f"tanda tangan dan pengembalian: {rows}"


def _approve_edit(agreement: Agreement) -> tuple[Task, Task]:
    draft = Draft.of(agreement)
    form = {
        "accord": draft.accord.id, "dated_on": CHANGED.isoformat(), "place": draft.place, "month_first": f"{draft.month_first:%Y-%m}",
        "month_last": f"{draft.month_last:%Y-%m}", "bases": [each.id for each in draft.bases], "seen": draft.digest,
    }  # fmt: skip
    approving = {"as": "approver", "to": f"/perjanjian/{agreement.code}/setujui", "form": {"seen": approval_digest(agreement)}}
    return approving, {"as": "legal", "to": f"/perjanjian/{agreement.code}/ubah", "form": form}


def _approved_what_was_seen(agreement: Agreement, first: int, second: int) -> str:
    rows = (len(agreement.approvals), agreement.dated_on == CHANGED)
    if rows != (int(first == 303), second == 303):
        return f"persetujuan dan perubahan: {rows}"
    stands = agreement.approval_seen is not None and agreement.approval_seen.digest == approval_digest(agreement)
    if stands and second == 303:
        return "persetujuan berlaku atas isi yang tidak dilihat"
    return "" if (agreement.stage == "draft") == (not stands) else f"singgahan tahap {agreement.stage}"


def _issue_void(agreement: Agreement) -> tuple[Task, Task]:
    # Half of them issue an annex under the number, half correct the agreement itself (its digest differs from what the builder froze).
    slug = "perjanjian_desa" if agreement.id % 2 else "lampiran_iuran"
    void = {"as": "legal2", "to": f"/surat/{agreement.paper.id}/batalkan", "form": {"reason": "contoh"}}
    return {"as": "legal", "to": f"/perjanjian/{agreement.code}/terbitkan/{slug}", "form": {}}, void


def _nothing_stands_under_a_void_number(agreement: Agreement, first: int, second: int) -> str:
    void = {each.number for each in agreement.letters if each.state == "void"}
    standing = [each for each in agreement.letters if each.state != "void" and each.kind != "surat_pengantar"]
    if any(each.number in void for each in standing):
        return "naskah berlaku dengan nomor yang batal"
    if (second == 303) != bool(void):
        return "pembatalan dijawab lain dari yang tersimpan"
    if len(agreement.letters) != 2 + (first == 303):
        return f"dijawab {first}, {len(agreement.letters)} naskah tersimpan"
    return "" if agreement.stage == "signature" else f"singgahan tahap {agreement.stage}"


def _print_void(agreement: Agreement) -> tuple[Task, Task]:
    letter = next(each for each in agreement.letters if each.kind == "surat_pengantar")
    void = {"as": "legal2", "to": f"/surat/{letter.id}/batalkan", "form": {"reason": "contoh"}}
    return {"letter": letter.id, "sha256": storage().put(b"%PDF-1.4 tercetak")}, void


def _void_stays_void(agreement: Agreement, first: int, second: int) -> str:
    letter = next(each for each in agreement.letters if each.kind == "surat_pengantar")
    if second == 303 and letter.state != "void":
        return f"pembatalan dijawab, keadaannya {letter.state}"
    return "" if second == 303 or letter.state == "issued" else f"keadaannya {letter.state}"


def _events(agreement: Agreement, action: str) -> int:
    return db.session.scalar(select(func.count()).select_from(AuditEvent).where(AuditEvent.action == action, AuditEvent.object == f"agreement:{agreement.code}"))


PAIRS: Mapping[str, tuple[str, Callable[[Agreement], tuple[Task, Task]], Callable[[Agreement, int, int], str]]] = {
    "sign_sign": ("numbered", _sign_sign, _one_signature),
    "sign_return": ("numbered", _sign_return, _signed_or_returned),
    "approve_edit": ("frozen", _approve_edit, _approved_what_was_seen),
    "issue_void": ("numbered", _issue_void, _nothing_stands_under_a_void_number),
    "print_void": ("numbered", _print_void, _void_stays_void),
}


# --- control ---


def control(lab: Lab, seed: int) -> Found:
    made = _filled(lab, "numbered", 8)
    at_once(act_badly, [(made, "sign", 8), (made, "return", 8)])
    with made.app():
        judged = [_signed_or_returned(each, 303, 303) for each in db.session.scalars(select(Agreement))]
    return Found(len(judged), [each for each in judged if each])


def act_badly(barrier: Any, made: Installation, what: str, pairs: int) -> None:
    """Broken on purpose: looks whether it may, then acts in a later transaction that looks no more."""
    with made.app():
        for place in range(pairs):
            agreement = db.session.scalars(select(Agreement).order_by(Agreement.village_code).offset(place)).first()
            code, may = agreement.code, not agreement.signatures and not agreement.returns
            db.session.rollback()
            barrier.wait(60)
            begin_writing()
            agreement = next(each for each in db.session.scalars(select(Agreement)) if each.code == code)
            if may:
                agreement.add(_evidence(agreement, what))
            db.session.commit()
            barrier.wait(60)


def _evidence(agreement: Agreement, what: str) -> Signature | Return:
    if what == "return":
        return Return(by_id=user("approver").id, at=clock.now(), reason="contoh")
    file = a_file(agreement.village_code)
    return Signature(signer="kesatu", on=date(2026, 3, 9), place="Bulukumba", method="wet_ink", file=file, by_id=user("legal").id, at=clock.now())


if __name__ == "__main__":
    run("e2")
