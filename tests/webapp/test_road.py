"""The whole road by the real acts: each step moves the stage, and its evidence says why."""

import pytest

from tests import builders
from tests.builders import a_letter, an_agreement
from webapp.db import db
from webapp.models import AuditEvent, AuditHead
from webapp.models.audit import first_break
from webapp.schema import missing_guards


@pytest.mark.parametrize(
    ("until", "stage", "turn"),
    [
        ("empty", "draft", "village"),
        ("frozen", "draft", "approver"),
        ("approved", "signature", "legal"),
        ("numbered", "signature", "approver"),
        ("signed", "budgeting", "village"),
        ("budgeted", "budgeting", "camat"),
        ("checked", "enrollment", "village"),
        ("handed_in", "enrollment", "bpjs"),
        ("paid", "enrollment", "bpjs"),
        ("active", "active", ""),
    ],
)
def test_an_agreement_stands_where_its_evidence_says(app, until, stage, turn):
    agreement = an_agreement(until)
    assert (agreement.stage, agreement.turn) == (stage, turn)


def test_every_act_is_chained(app):
    an_agreement("active")
    events = db.session.query(AuditEvent).order_by(AuditEvent.seq).all()
    assert len(events) > 15
    assert first_break(events, db.session.get(AuditHead, 1)) is None


def test_guards_stand_after_the_migrations(app):
    assert missing_guards(db.session.connection()) == []


def test_numbers_follow_each_other(app):
    agreement = an_agreement("approved")
    assert [a_letter(agreement, "surat_pengantar").number for _ in range(3)] == [f"100.3.7.1/{n}/DPMD/XI/2026" for n in (1, 2, 3)]


def test_builders_know_every_step():
    assert builders.ROAD[-1] == "active"
