"""Two at once: one wins, the other is told; numbers stay distinct and without gaps. On SQLite and on a real PostgreSQL."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Thread

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from tests.builders import BIALO, NOW_, OTHER, a_letter, an_agreement, user
from tests.experiments.clerk import Clerk
from webapp import clock
from webapp.audits import verify
from webapp.db import begin_writing, db, set_scope
from webapp.issuing import reserve, void
from webapp.models import Agreement, Approval, AuditEvent, AuditHead, Letter, RosterEntry, Series, Signature
from webapp.models.agenda import gaps
from webapp.models.approvals import approve, return_draft
from webapp.models.letters import draw_number
from webapp.models.signatures import sign
from webapp.printing import _issued
from webapp.schema import missing_guards
from workflows import NotYours, Refused
from workflows.stages.draft import approval_digest


def at_once(app, *acts):
    """Run the acts in threads that start together, each in a transaction of its own; the outcome of each: None or the exception."""
    barrier = Barrier(len(acts))

    def run(act):
        with app.app_context(), clock.at(NOW_):
            set_scope("")
            barrier.wait()
            begin_writing()
            try:
                act()
                db.session.commit()
            except Exception as error:
                db.session.rollback()
                return error
            finally:
                db.session.close()
        return None

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def the_agreement() -> Agreement:
    return db.session.scalars(select(Agreement)).one()


def signing(by: str):
    def act():
        agreement = the_agreement()
        file = next(each.file for each in agreement.signatures) if agreement.signatures else _file(agreement, by)
        sign(agreement, "kesatu", agreement.dated_on, "Bulukumba", file, user(by), clock.now(), clock.today())

    return act


def _file(agreement, by):
    from tests.builders import a_file

    return a_file(agreement.village_code, by)


def approving(by: str, digest: str):
    return lambda: approve(the_agreement(), user(by), digest, clock.now(), clock.today())


def returning(by: str):
    return lambda: return_draft(the_agreement(), user(by), "contoh", clock.now(), clock.today())


def one_winner(outcome) -> bool:
    return Counter(each is None for each in outcome) == {True: 1, False: 1} and all(each is None or isinstance(each, Refused) for each in outcome)


def test_of_two_who_sign_one_wins(both):
    an_agreement("numbered")
    db.session.close()
    assert one_winner(at_once(both, signing("legal"), signing("legal2")))
    assert db.session.query(Signature).count() == 1


def test_of_two_who_approve_one_wins(both):
    digest = approval_digest(an_agreement("frozen"))
    db.session.close()
    assert one_winner(at_once(both, approving("approver", digest), approving("approver2", digest)))
    assert db.session.query(Approval).count() == 1


def test_approving_while_somebody_edits_never_approves_what_was_not_seen(both):
    agreement = an_agreement("frozen")
    digest = approval_digest(agreement)
    db.session.close()

    def editing():
        here = the_agreement()
        here.place = "Gantarang"
        here.month_last = here.month_last.replace(month=11)
        here.edited("agreement.edited", user("legal"), clock.now(), clock.today())

    at_once(both, approving("approver", digest), editing)
    here = the_agreement()
    assert here.approval_seen is None or here.stage == "draft" or approval_digest(here) == here.approval_seen.digest


@pytest.mark.parametrize("kind", ["surat_pengantar", "perjanjian_desa"])
def test_a_void_stays_void_when_the_press_finishes_at_that_moment(both, kind):
    agreement = an_agreement("numbered")
    letter = agreement.paper if kind == "perjanjian_desa" else a_letter(agreement, kind)
    db.session.commit()
    begin_writing()
    void(letter, "contoh", user("legal"))
    db.session.flush()

    def finish():
        with both.app_context(), clock.at(NOW_):
            set_scope("")
            _issued(letter_id, [(1, "0" * 64, 1, 9)])
            db.session.close()

    letter_id = letter.id
    press = Thread(target=finish)
    press.start()
    press.join(0.5)  # it waits for the one who came first
    db.session.commit()
    press.join()
    db.session.expire_all()
    assert db.session.get(Letter, letter_id).state == "void"


def test_of_two_who_void_one_wins(both):
    letter = a_letter(an_agreement("numbered"), "surat_pengantar")
    db.session.commit()
    letter_id = letter.id
    db.session.close()
    outcome = at_once(both, *[lambda: void(db.session.get(Letter, letter_id), "contoh", user("legal"))] * 2)
    assert one_winner(outcome)


def test_sixteen_numbers_at_once_are_distinct_and_without_gaps(both):
    an_agreement("numbered")
    db.session.close()
    outcome = at_once(both, *[lambda: reserve("surat_pengantar", the_agreement(), user("legal"))] * 16)
    while any(outcome):  # the others were overtaken on the same agreement and try again
        assert all(each is None or isinstance(each, Refused) for each in outcome), outcome
        outcome = at_once(both, *[lambda: reserve("surat_pengantar", the_agreement(), user("legal"))] * sum(1 for each in outcome if each))
    drawn = sorted(db.session.scalars(select(Letter.seq).where(Letter.kind == "surat_pengantar")))
    assert drawn == list(range(2, 18))
    assert gaps(db.session, 2026) == []


def test_numbers_drawn_and_rolled_back_leave_no_gap(both):
    """E3 in small: 8 at once, some of them rolled back on purpose."""

    def drawing(fails):
        def act():
            agreement = the_agreement()
            a_letter(agreement, "surat_pengantar")
            db.session.flush()
            if fails:
                raise RuntimeError("dibatalkan dengan sengaja")

        return act

    an_agreement("empty")
    db.session.close()
    for _ in range(5):
        at_once(both, *[drawing(n == 3) for n in range(8)])
    drawn = list(db.session.scalars(select(Letter.seq)))
    assert sorted(drawn) == list(range(1, 36))


def test_a_series_opened_by_two_is_one(both):
    outcome = at_once(both, *[lambda: draw_number(db.session, "BARU", 2026)] * 4)
    assert outcome == [None] * 4
    assert db.session.get(Series, ("BARU", 2026)).next == 5


def test_the_chain_stays_whole_under_haste(both):
    an_agreement("frozen")
    db.session.close()
    at_once(both, *[returning("legal")] * 6)
    assert verify(db.session) is None
    assert db.session.get(AuditHead, 1).seq == db.session.query(AuditEvent).count()


@pytest.mark.parametrize("table", ["audit_events", "approvals", "roster_version_entries"])
def test_the_database_refuses_to_rewrite_evidence(both, table):
    an_agreement("approved")
    assert missing_guards(db.session.connection()) == []
    for order in (f"UPDATE {table} SET village_code = village_code", f"DELETE FROM {table}"):
        with pytest.raises(DBAPIError, match="bukti"), db.session.begin_nested():
            db.session.execute(text(order))


def test_the_number_of_a_letter_cannot_be_changed(both):
    an_agreement("numbered")
    with pytest.raises(DBAPIError, match="bukti"), db.session.begin_nested():
        db.session.execute(text("UPDATE letters SET seq = 99"))


def test_a_scope_shows_only_its_villages(both):
    an_agreement("frozen")
    an_agreement("frozen", village_code=OTHER, serial=9101)
    set_scope(BIALO)
    assert {each.village_code for each in db.session.scalars(select(Agreement))} == {BIALO}
    assert {each.village_code for each in db.session.scalars(select(RosterEntry))} == {BIALO}
    set_scope(None)
    assert db.session.scalars(select(Agreement)).all() == []


def test_postgresql_itself_hides_other_villages(postgres, tmp_path):
    """Row-level security: even raw SQL that forgets the scope finds nothing."""
    from tests.conftest import make_config
    from tests.postgres import a_database
    from webapp import create_app

    app = create_app(make_config(tmp_path, a_database(*postgres)))
    with app.app_context(), clock.at(NOW_):
        set_scope("")
        an_agreement("frozen")
        an_agreement("frozen", village_code=OTHER, serial=9101)
        for scope, seen in ((BIALO, {BIALO}), (None, set()), ("", {BIALO, OTHER})):
            db.session.rollback()
            set_scope(scope)
            assert set(db.session.execute(text("SELECT village_code FROM agreements")).scalars()) == seen
        db.session.close()
        db.engine.dispose()


def test_a_drafter_cannot_approve_even_as_an_approver(both):
    agreement = an_agreement("frozen")
    agreement.edited("agreement.edited", user("approver"), clock.now(), clock.today())
    with pytest.raises(NotYours):
        approve(agreement, user("approver"), approval_digest(agreement), clock.now(), clock.today())


def test_a_form_sent_twice_at_once_is_never_told_that_it_was_not_saved(both):
    """The second one finds the key only after the first has committed, in the middle of its own act."""
    code = an_agreement("frozen").code
    db.session.close()
    barrier, clerks = Barrier(2), [Clerk(both, "legal") for _ in range(2)]

    def send(clerk):
        barrier.wait()
        return clerk.post(f"/perjanjian/{code}/kembalikan", {"reason": "contoh"}, once="kunci-yang-sama")

    with ThreadPoolExecutor(2) as pool:
        answers = [(each.status_code, each.location) for each in pool.map(send, clerks)]
    assert answers == [(303, f"/perjanjian/{code}")] * 2
    assert len(the_agreement().returns) == 1
