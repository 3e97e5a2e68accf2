"""Heads of the trail outside the database: a tail cut off, a past rewritten and an older copy are found; numbers wait for an explanation."""

import json
import shutil
import subprocess
import sys
from datetime import date, timedelta

import pypdfium2
import pytest
from sqlalchemy import text

from tests.builders import an_agreement, user
from webapp import audits, clock, heads, issuing
from webapp.db import db
from webapp.models import Office, audit
from webapp.uploads import storage
from workflows import Refused

TAIL = "DELETE FROM audit_events WHERE seq > (SELECT seq FROM audit_head) - 2"


@pytest.fixture
def trail(app):
    agreement = an_agreement("approved")
    db.session.commit()
    heads.write_daily(db.session, storage())
    return agreement


def tamper(*statements: str) -> None:
    for event in ("update", "delete"):
        db.session.execute(text(f"DROP TRIGGER IF EXISTS keep_audit_events_{event}"))
    for each in statements:
        db.session.execute(text(each))
    db.session.commit()


def cut_the_tail() -> None:
    """As somebody would who knows how the chain works: events and the head in the database."""
    tamper(TAIL, "UPDATE audit_head SET seq = (SELECT max(seq) FROM audit_events), hash = (SELECT hash FROM audit_events ORDER BY seq DESC LIMIT 1)")


def test_a_head_is_written_once_a_day(trail):
    assert heads.write_daily(db.session, storage()) is None
    with clock.at(clock.now() + timedelta(days=1)):
        assert heads.write_daily(db.session, storage()) is not None
    assert len(heads.written(storage())) == 2
    assert audits.verify_all(db.session, storage()) is None


def test_a_tail_cut_off_with_its_head_is_found_by_the_head_outside(trail):
    cut_the_tail()
    assert audits.verify(db.session) is None  # the chain alone does not see it
    assert "di luar basis data" in audits.verify_all(db.session, storage())


def test_an_older_copy_gives_no_number_until_somebody_explains(trail):
    cut_the_tail()
    with pytest.raises(Refused, match="salinan lama"):
        issuing.reserve("perjanjian_desa", trail, user("legal"))
    heads.explain(db.session, storage(), "Dipulihkan dari cadangan", user("admin"))
    db.session.commit()
    assert audits.verify_all(db.session, storage()) is None
    assert issuing.reserve("perjanjian_desa", trail, user("legal")).number


@pytest.mark.parametrize("cut", [True, False], ids=["no reason", "nothing to explain"])
def test_an_explanation_needs_a_reason_and_something_to_explain(trail, cut):
    if cut:
        cut_the_tail()
    with pytest.raises(Refused):
        heads.explain(db.session, storage(), " " if cut else "Sebab", user("admin"))


def test_the_worker_writes_the_head(app):
    from webapp.jobs import work_once

    an_agreement("approved")
    db.session.commit()
    work_once(None)
    assert [each.day for each in heads.written(storage())] == [clock.today()]


def bundle(tmp_path):
    audits.export_bundle(db.session, storage(), tmp_path / "jejak")
    return tmp_path / "jejak"


def checked(folder) -> tuple[int, str]:
    run = subprocess.run([sys.executable, "-I", str(folder / "periksa_jejak.py")], capture_output=True, text=True, timeout=60)
    return run.returncode, run.stdout


def test_the_bundle_verifies_by_itself(trail, tmp_path):
    status, said = checked(bundle(tmp_path))
    assert status == 0 and said.startswith(f"UTUH: {audits.length(db.session)} peristiwa")


@pytest.mark.parametrize("what", ["changed", "removed", "cut", "head", "explained elsewhere"])
def test_the_verifier_of_the_bundle_finds_tampering(trail, tmp_path, what):
    folder = bundle(tmp_path)
    events = (folder / "events.jsonl").read_text(encoding="utf-8").splitlines()
    if what == "changed":
        events[2] = events[2].replace('"actor":"', '"actor":"x')
    elif what == "removed":
        del events[1]
    elif what == "cut":
        events = events[:-2]
        last = json.loads(events[-1])
        (folder / "head.json").write_text(json.dumps({"seq": last["seq"], "hash": last["hash"]}))
    elif what == "head":
        (folder / "head.json").write_text(json.dumps({"seq": 1, "hash": "0" * 64}))
    else:
        (folder / "outside.json").write_text(json.dumps([{"day": "2026-11-21", "seq": 2, "hash": "f" * 64}]))
    (folder / "events.jsonl").write_text("\n".join(events) + "\n", encoding="utf-8")
    status, said = checked(folder)
    assert status == 1 and said.startswith("TIDAK UTUH")


def test_the_verifier_leans_on_nothing_but_python():
    assert shutil.which("python3")
    told = (audits.BUNDLE / "periksa_jejak.py").read_text(encoding="utf-8")
    assert {line.split()[1] for line in told.splitlines() if line.startswith(("import ", "from "))} <= {"hashlib", "json", "sys", "pathlib"}


def test_a_head_that_is_no_head_is_an_error_not_nothing(trail):
    (storage().root / heads.FOLDER / f"{date(2026, 1, 1)}-{1:012d}.json").write_text("{}")
    with pytest.raises(KeyError):
        heads.written(storage())


def test_what_the_bundle_holds_is_what_was_hashed(trail, tmp_path):
    for line in (bundle(tmp_path) / "events.jsonl").read_text(encoding="utf-8").splitlines():
        event = json.loads(line)
        assert audit.canonical(event) == line


def test_the_recap_prints_the_newest_head_as_it_stands_in_the_trail(trail, as_):
    """Also to somebody whose scope hides the newest event: it belongs to no village."""
    legal = as_("legal")
    assert legal.get("/kantor/naskah/rekap").status_code == 200 and "/kantor/naskah/rekap" in legal.get("/laporan").text
    db.session.rollback()  # read what the sign-in wrote
    newest = db.session.get(audit.AuditHead, 1, populate_existing=True)
    with pypdfium2.PdfDocument(legal.get("/kantor/pratinjau/rekap").data) as pdf:
        text = " ".join(" ".join(page.get_textpage().get_text_bounded().split()) for page in pdf)
    assert f"Kepala rantai jejak: peristiwa {newest.seq}, 22-11-2026 pukul 10.00.00 WITA, sidik {newest.hash}." in text and "diubah atau dipotong" in text


def test_a_recap_of_an_empty_trail_names_no_head(app):
    from webapp.papers import draw_up

    db.session.rollback()
    assert draw_up("rekap", db.session.get(Office, 1), issuing.order_of("rekap", None, clock.today())).trail is None
