"""The trail as a page, and the chain when somebody tampers with it."""

import pytest
from sqlalchemy import text

from tests.builders import an_agreement
from webapp import audits
from webapp.db import db


@pytest.mark.parametrize("role", ["legal", "approver", "village", "camat", "bpjs", "monitor"])
def test_only_the_administrator_reads_the_trail(as_, role):
    assert as_(role).get("/jejak").status_code == 403


def test_the_newest_event_comes_first_with_its_words(app, as_):
    an_agreement("approved")
    page = as_("admin").get("/jejak").get_data(as_text=True)
    assert page.index("Masuk</td>") < page.index("Konsep disetujui</td>") < page.index("Daftar peserta dibekukan</td>")


@pytest.mark.parametrize(("query", "found"), [("pelaku=approver", "1 peristiwa"), ("objek=73.02.01.2004-2026&tindakan=approval.given", "1 peristiwa"), ("tindakan=tidak.ada", "Tidak ada peristiwa")])
def test_filters_narrow_it(app, as_, query, found):
    an_agreement("approved")
    assert found in as_("admin").get(f"/jejak?{query}").get_data(as_text=True)


def test_long_trails_are_paged(app, as_, monkeypatch):
    an_agreement("active")
    monkeypatch.setattr(audits, "ON_A_PAGE", 5)
    admin = as_("admin")
    assert "Halaman 1 dari" in admin.get("/jejak").get_data(as_text=True)
    assert "Halaman 2 dari" in admin.get("/jejak?hal=2").get_data(as_text=True)
    assert admin.get("/jejak?hal=999").status_code == 200


def test_a_whole_chain_is_said_to_be_whole(app, as_):
    an_agreement("active")
    assert audits.verify(db.session) is None
    assert "Rantai utuh." in as_("admin").get("/jejak?periksa=1").get_data(as_text=True)


def test_a_chain_longer_than_one_reading_holds(app, monkeypatch):
    an_agreement("active")
    monkeypatch.setattr(audits, "AT_ONCE", 3)
    assert audits.verify(db.session) is None


@pytest.mark.parametrize(
    ("tampering", "said"),
    [
        ("UPDATE audit_events SET actor = 'lain' WHERE seq = 3", "peristiwa 3 berubah"),
        ("UPDATE audit_events SET detail = '{}' WHERE seq = 2", "peristiwa 2 berubah"),
        ("DELETE FROM audit_events WHERE seq = 4", "peristiwa 4 hilang"),
        ("DELETE FROM audit_events WHERE seq = (SELECT max(seq) FROM audit_events)", "kepala rantai"),
    ],
)
def test_tampering_is_found_and_named(app, as_, tampering, said):
    an_agreement("active")
    for event in ("update", "delete"):
        db.session.execute(text(f"DROP TRIGGER keep_audit_events_{event}"))
    db.session.execute(text(tampering))
    db.session.commit()
    assert said in audits.verify(db.session)
    if "max" not in tampering:
        assert said in as_("admin").get("/jejak?periksa=1").get_data(as_text=True)


def test_the_trail_can_be_taken_along_as_filtered(app, as_):
    an_agreement("approved")
    text = as_("admin").get("/jejak/unduh.csv?tindakan=approval.given").get_data(as_text=True)
    assert "approval.given" in text and "roster.frozen" not in text
