"""The office: letterhead, numbers, layout; written by the administrator only."""

import io

import pytest
from PIL import Image

from webapp.db import db
from webapp.models import AuditEvent, Office


def now():
    """The database as it is by now: every request has a session of its own."""
    db.session.rollback()
    return db.session


def an_office(**more):
    return {
        "name": "Dinas Contoh", "short_name": "DC", "seat": "Bulukumba", "above": "Pemerintah Kabupaten Contoh", "unit": "DC",
        "number_pattern": "{klas}/{urut}/{unit}/{tahun}", "paper": "F4", "kedua": "right", "copies": "Bupati\n\n Sekretaris Daerah ",
        "postcode": "92511", "email": "dc@contoh.invalid",
    } | more  # fmt: skip


def a_picture(form: str = "PNG") -> tuple[io.BytesIO, str]:
    out = io.BytesIO()
    Image.new("RGB", (40, 40), "navy").save(out, form)
    return io.BytesIO(out.getvalue()), f"lambang.{form.lower()}"


def office(number: int = 1) -> Office:
    db.session.rollback()
    return now().get(Office, number)


@pytest.mark.parametrize("role", ["legal", "approver", "village", "camat", "bpjs", "monitor"])
def test_others_do_not_write_it(as_, role):
    assert as_(role).get("/kantor").status_code == 403


def test_the_page_shows_how_a_number_looks(as_):
    assert "100.3.7.1/12/DPMD/XI/2026" in as_("admin").get("/kantor").get_data(as_text=True)


def test_the_office_is_saved(as_):
    assert as_("admin").post("/kantor", an_office()).status_code == 303
    saved = office()
    assert (saved.name, saved.paper, saved.kedua_left, saved.copies_to) == ("Dinas Contoh", "F4", False, ("Bupati", "Sekretaris Daerah"))
    assert now().query(AuditEvent).filter_by(action="office.changed").count() == 1


def test_a_changed_pattern_is_tried_without_saving(as_):
    page = as_("admin").post("/kantor", an_office(number_pattern="{urut}-{bulan}-{kode_desa}", preview="1")).get_data(as_text=True)
    assert "12-11-73.02.01.2004" in page and "Belum disimpan." in page
    assert office().short_name == "DPMD"


@pytest.mark.parametrize("pattern", ["{klas}/{tahun}", "{urut}/{nama}", "", "{urut"])
def test_a_pattern_that_cannot_number_is_refused(as_, pattern):
    assert as_("admin").post("/kantor", an_office(number_pattern=pattern)).status_code == 200
    assert office().number_pattern == "{klas}/{urut}/{unit}/{romawi}/{tahun}"


@pytest.mark.parametrize("more", [{"postcode": "9251"}, {"email": "bukan"}, {"name": " "}, {"paper": "A5"}])
def test_what_is_wrong_is_said(as_, more):
    assert "field-error" in as_("admin").post("/kantor", an_office(**more)).get_data(as_text=True)


def test_the_branch_has_no_numbers_of_ours(as_):
    admin = as_("admin")
    assert "Pola nomor" not in admin.get("/kantor/2").get_data(as_text=True)
    admin.post("/kantor/2", {"name": "Cabang Contoh", "short_name": "CC", "seat": "Makassar", "authority": "KEP/1"})
    assert (office(2).name, office(2).authority) == ("Cabang Contoh", "KEP/1")


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_an_emblem_is_kept_as_it_was_sent(as_, form):
    admin, picture = as_("admin"), a_picture(form)
    sent = picture[0].getvalue()
    assert admin.post("/kantor", an_office(emblem=picture)).status_code == 303
    response = admin.get("/kantor/1/lambang")
    assert response.data == sent and response.mimetype == f"image/{form.lower()}"
    admin.post("/kantor", an_office())
    assert admin.get("/kantor/1/lambang").data == sent


def test_a_pdf_is_no_emblem(as_):
    import pikepdf

    out = io.BytesIO()
    document = pikepdf.new()
    document.add_blank_page()
    document.save(out)
    page = as_("admin").post("/kantor", an_office(emblem=(io.BytesIO(out.getvalue()), "lambang.pdf"))).get_data(as_text=True)
    assert "Lambang harus berupa gambar PNG atau JPEG." in page
