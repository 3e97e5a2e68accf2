"""Stored files: the bytes as they came, as attachment, for those who may; a lost one says so."""

import pytest
from sqlalchemy import select

from tests.builders import BIALO, OTHER, a_file, an_agreement
from webapp.db import db
from webapp.models import StoredFile
from webapp.uploads import storage


def test_the_original_bytes_come_as_attachment_without_power(as_):
    file = a_file(BIALO)
    db.session.commit()
    response = as_("legal").get(f"/berkas/{file.id}")
    assert response.data == storage().get(file.sha256)
    assert response.headers["Content-Disposition"] == "attachment; filename=bukti.pdf"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("role", "status"), [("legal", 200), ("approver", 200), ("village", 200), ("bpjs", 200), ("monitor", 403), ("admin", 403)])
def test_who_may_open_it(as_, role, status):
    file = a_file(BIALO)
    db.session.commit()
    assert as_(role).get(f"/berkas/{file.id}").status_code == status


def test_another_villages_file_is_not_there(as_):
    file = a_file(OTHER)
    db.session.commit()
    assert as_("village").get(f"/berkas/{file.id}").status_code == 404
    assert as_("camat").get(f"/berkas/{file.id}").status_code == 404


def test_the_camat_opens_budget_evidence_and_no_scan_of_people(as_):
    agreement = an_agreement("checked")
    camat = as_("camat")
    assert camat.get(f"/berkas/{agreement.documents[0].file_id}").status_code == 200
    assert camat.get(f"/berkas/{agreement.signatures[0].file_id}").status_code == 403


@pytest.mark.parametrize("harm", ["gone", "altered"])
def test_a_lost_or_altered_file_says_so_and_is_logged(as_, caplog, harm):
    file = a_file(BIALO)
    db.session.commit()
    path = storage().path(file.sha256)
    path.unlink()
    if harm == "altered":
        path.write_bytes(b"%PDF-1.4 lain")
    response = as_("legal").get(f"/berkas/{file.id}")
    assert response.status_code == 500
    assert "hilang dari penyimpanan atau isinya berubah" in response.text
    assert "missing file" in caplog.text
    assert str(path) not in response.text


def test_nobody_signed_in_is_led_to_the_login(nobody):
    file = a_file(BIALO)
    db.session.commit()
    assert nobody.get(f"/berkas/{file.id}").status_code == 302
    assert db.session.scalar(select(StoredFile.id)) == file.id
