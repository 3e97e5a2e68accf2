"""After signing, people come and go by records with dates; the months that they are covered follow."""

import io
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from tests.builders import BIALO, OTHER, a_nik, an_agreement
from webapp.db import db
from webapp.models import Agreement, RosterEntry
from webapp.models.freezing import reckon

CODE = f"{BIALO}-2026"
LIST, CHANGES = f"/perjanjian/{CODE}/peserta", f"/perjanjian/{CODE}/perubahan"


def the_agreement() -> Agreement:
    db.session.rollback()
    return db.session.scalars(select(Agreement).where(Agreement.village_code == BIALO)).one()


def first_entry() -> RosterEntry:
    return the_agreement().entries[0]


def leaving(person, entry, **more):
    url = f"/peserta/{entry.id}/keluar"
    return person.post(url, {"kind": "left", "on": "2026-07-15", "month": "", "reason": "SK Kepala Desa 7/2026"} | more, seen=url)


def test_who_leaves_is_paid_for_to_the_end_of_the_month_and_stays_on_the_list(as_):
    an_agreement("signed")
    village = as_("village")
    assert leaving(village, first_entry()).status_code == 303
    agreement = the_agreement()
    (change,) = agreement.changes
    assert (change.kind, change.on, change.month) == ("left", date(2026, 7, 15), date(2026, 8, 1))
    assert first_entry().month_last == date(2026, 7, 1)
    page = village.get(CHANGES).text
    assert "SK Kepala Desa 7/2026" in page
    assert "tidak lagi diiur" in page


def test_contributions_follow_the_months_of_the_person(as_):
    an_agreement("signed")
    before = the_agreement().yearly_total
    leaving(as_("village"), first_entry())
    months = sum(row.months * row.group.people for row in reckon(the_agreement()).rows)
    assert months == 12 + 12 + 7
    assert sum(row.total for row in reckon(the_agreement()).rows) == (before / 36 * months).quantize(Decimal("0.01"))


def test_a_version_frozen_with_partial_months_is_not_stale(as_):
    an_agreement("signed")
    village = as_("village")
    leaving(village, first_entry())
    village.get(f"{LIST}/bekukan")
    village.post(f"{LIST}/bekukan", {"seen": village.hidden("seen")})
    agreement = the_agreement()
    version = agreement.versions[-1]
    assert {(each.month_last, each.people) for each in version.owed} == {(None, 2), (date(2026, 7, 1), 1)}
    from webapp.models.reading import rulebook

    assert version.stale_because(rulebook(db.session), 2026, agreement.months) == ()
    assert version.people[0].month_last == date(2026, 7, 1)


def test_one_who_was_never_covered_is_taken_off(as_):
    an_agreement("signed")
    leaving(as_("village"), first_entry(), on="2026-01-03", month="2026-01", kind="died")
    assert len(the_agreement().entries) == 2
    assert the_agreement().changes[0].name == "Contoh Peserta 9001"


def test_evidence_can_be_attached(as_):
    from tests.webapp.scans import a_pdf

    an_agreement("signed")
    village = as_("village")
    url = f"/peserta/{first_entry().id}/keluar"
    body = {"kind": "moved", "on": "2026-07-15", "month": "", "reason": "Pindah domisili", "proof": (io.BytesIO(a_pdf()), "surat pindah.pdf")}
    assert village.post(url, body, seen=url, content_type="multipart/form-data").status_code == 303
    assert the_agreement().changes[0].file.name == "surat pindah.pdf"


@pytest.mark.parametrize(
    ("more", "sentence"),
    [({"reason": ""}, "Wajib diisi"), ({"on": "2026-12-31"}, "belum tiba"), ({"kind": "joined"}, "Pilihan tidak dikenal"), ({"month": "2027-05"}, "di dalam masa perjanjian")],
)
def test_a_change_needs_its_facts(as_, more, sentence):
    an_agreement("signed")
    assert sentence in leaving(as_("village"), first_entry(), **more).text
    assert not the_agreement().changes


def test_nobody_leaves_twice(as_):
    an_agreement("signed")
    village = as_("village")
    leaving(village, first_entry())
    assert "sudah tercatat keluar" in leaving(village, first_entry()).text


def test_a_signed_list_loses_nobody_without_a_record(as_):
    an_agreement("signed")
    village = as_("village")
    entry = first_entry()
    assert "Keluarkan dari daftar kerja" not in village.get(f"/peserta/{entry.id}").text
    assert "catat orang ini berhenti" in village.post(f"/peserta/{entry.id}/hapus").text
    assert len(the_agreement().entries) == 3


def test_a_draft_needs_no_records(as_):
    an_agreement("frozen")
    assert "keluarkan orangnya langsung" in leaving(as_("village"), first_entry()).text


def test_the_changes_are_filtered_and_exported_masked(as_):
    an_agreement("signed")
    village = as_("village")
    leaving(village, first_entry())
    village.post(f"{LIST}/baru", {"category": "perangkat", "nik": a_nik(9050), "name": "Contoh Baru", "birth_on": "1980-05-17", "sex": "", "job": "Kaur", "wage_base": "", "joined_on": "2026-09-02"}, seen=f"{LIST}/baru")
    assert "1 dari 2 perubahan" in village.get(f"{CHANGES}?jenis=joined&bulan=2026-09").text
    assert "Tidak ada perubahan yang cocok" in village.get(f"{CHANGES}?bulan=2026-03").text
    body = village.get(f"{CHANGES}.csv").text
    assert "730201••••••9050" in body
    assert a_nik(9050) not in body


def test_changes_of_another_village_are_not_there(as_):
    agreement = an_agreement("signed", OTHER)
    village = as_("village")
    assert village.get(f"/perjanjian/{OTHER}-2026/perubahan").status_code == 404
    assert village.get(f"/peserta/{agreement.entries[0].id}/keluar").status_code == 404


def test_a_change_is_never_rewritten(both):
    from tests.builders import user
    from webapp import clock
    from webapp.models.changes import Change, leave

    agreement = an_agreement("signed")
    leave(agreement, agreement.entries[0], Change("died", date(2026, 7, 1), reason="Akta"), user("legal"), clock.now(), clock.today())
    db.session.commit()
    for order in ("UPDATE roster_changes SET kind = 'left'", "DELETE FROM roster_changes"):
        with pytest.raises(DBAPIError, match="bukti"), db.session.begin_nested():
            db.session.execute(text(order))
