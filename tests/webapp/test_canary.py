"""No full NIK, and no mother's name, where none belongs: planted by every road that takes people in, then looked for wherever somebody can read."""

import io
import logging
import re
import shutil
import zipfile
from datetime import date

import pikepdf
import pypdfium2
import pytest

from letters.press import Press
from tests.builders import BIALO, PASSWORD, a_nik, an_agreement, entries_of, login_of, user
from tests.conftest import make_config
from tests.issued import issue
from tests.requests import Person
from tests.webapp.scans import a_pdf, sent
from tests.webapp.test_imports import send, store, the_import
from webapp import clock, discreet
from webapp.db import db
from webapp.forms.agreements import HoldForm
from webapp.jobs import work_once
from webapp.logs import Discreet
from webapp.models import Agreement, CorrectionRequest, Deed, Letter, Tenure
from webapp.models.approvals import approve
from webapp.models.elsewhere import PAYERS
from webapp.models.freezing import freeze
from webapp.models.participants import clear_flags
from webapp.uploads import safe_name, storage
from workflows.stages.draft import approval_digest

# Serials that nobody else plants: who came by which road can be told from what leaks.
ROADS = {"form": 9601, "paste": 9602, "file": 9603, "faulty": 9604, "elsewhere": 9605, "heir": 9606, "joined": 9607, "reason": 9608, "name": 9609, "query": 9610, "corrected": 9611, "cell": 9612, "in a cell": 9613, "swapped": 9614}
NIKS = {road: a_nik(serial) for road, serial in ROADS.items()}
MOTHER = "Kenari Ibukandung"
HEAD = "NIK\tNama\tTanggal lahir\tJenis kelamin\tPekerjaan\tNama ibu kandung"
MADE_TO_CARRY = {
    "enrollments.upload_file": "the file that BPJS registers people from: it needs the NIK, is given for a reason, and every time is an event",
    "imports.faulty": "the rows of a list that were refused, given back to who sent them, to be mended in place",
    "privacy.copy": "everything about one person, for that person (UU 27/2022)",
    "rosters.unmask": "one NIK, opened for a reason; an event each time",
    "privacy.search": "nothing: the answer is masked; the NIK is what was typed",
    "letters.download": "the annex of participants, its package and the amendment: what the village head signs names people by their NIK",
    "letters.preview": "the same papers before they are issued",
    "print_sets.download": "the same papers, joined for signing",
    "privacy.request_": "what a person finds wrong about himself, in his own words; sealed where it is stored",
    "files.show": "the signed annex as it came back, unchanged",
    "scans.page": "a photographed page of it",
}
PAPERS_WITH_NIK = {"lampiran_peserta": "the list that is signed", "paket_desa": "holds that list", "adendum": "the list's changes"}


def leaks(text: str) -> set[str]:
    """The roads whose canary stands in a text, however its digits are set apart."""
    bare = re.sub(r"[ ._\-\u00a0]", "", text)
    return {road for road, nik in NIKS.items() if nik in bare} | ({"mother"} if MOTHER.casefold() in text.casefold() else set())


class Ear(logging.Handler):
    """Everything that is logged, as the operator reads it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(Discreet("%(name)s %(message)s"))
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(self.format(record))


@pytest.fixture(scope="module")
def ear():
    ear, loggers = Ear(), [logging.getLogger(), logging.getLogger("sinergi")]
    for each in loggers:
        each.addHandler(ear)
    yield ear
    for each in loggers:
        each.removeHandler(ear)


@pytest.fixture(scope="module")
def config(seeded, tmp_path_factory, on_sqlite, ear):
    """One installation for all tests here: they only look."""
    home = tmp_path_factory.mktemp("kenari") / "home"
    shutil.copytree(seeded, home)
    with on_sqlite.at(make_config(home)) as app:
        _plant(app)
    return make_config(home)


@pytest.fixture
def app(config, on_sqlite):
    with on_sqlite.at(config) as app:
        yield app


def sign_in(app, login: str) -> Person:
    person = Person(app.test_client())
    person.sign_in(login_of(login), PASSWORD)
    return person


def _plant(app) -> None:
    """People who come by every road, and papers printed of them."""
    agreement, legal, village = an_agreement(), sign_in(app, "legal"), sign_in(app, "village")
    code, name = agreement.code, f"KTP {NIKS['name']}.csv"
    new = f"/perjanjian/{code}/peserta/baru"
    person = {"category": "perangkat", "nik": NIKS["form"], "name": "Contoh Kenari", "birth_on": "1980-05-17", "sex": "L", "job": "Kaur Umum", "wage_base": "2022200"}
    more = {"mother": MOTHER, "heir_nik": NIKS["heir"], "heir_name": "Contoh Ahli Waris"}
    assert village.post(new, person | {"name": "", "birth_on": "salah"} | more).status_code in (200, 422)  # a form with errors
    assert village.post(new, person | more).status_code == 303
    assert village.post(new, person | more).status_code != 303  # the same person again
    swapped = f"Contoh Tertukar\t{NIKS['swapped']}\t17-05-1980\tL\tKetua RT {NIKS['swapped']}\t"
    page = send(village, _row("paste"), _row("faulty", born="salah"), _row("cell", job=f"Ketua RT {NIKS['in a cell']}"), swapped, head=HEAD)
    assert "Ketua RT 730201••••••9613" in page.text and not leaks(page.text) and not leaks(village.get(f"{village.at}/baris.csv").text)
    village.post(f"{village.at}/perbaiki", {})
    village.get(village.at)
    assert store(village).status_code == 303
    sheet = io.BytesIO("\n".join([HEAD, _row("file")]).replace("\t", ";").encode())
    answer = village.post(f"/perjanjian/{code}/peserta/impor", {"category": "lkd", "rows": "", "file": (sheet, name)}, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    village.get(answer.location)
    village.at = answer.location
    assert store(village).status_code == 303
    covers = {"payer": next(iter(PAYERS)), "year": "2026", "source": "Contoh", "rows": f"NIK\tNama\n{NIKS['elsewhere']}\tContoh Lain"}
    assert legal.post("/tanggungan-lain/baru", covers).status_code == 303
    _typed_in_the_wrong_place(legal, village, agreement)
    _asked_for(legal, village)
    db.session.rollback()
    with Press() as press:
        _printed(agreement, press, legal)


@pytest.fixture
def planted(app) -> Agreement:
    return db.session.query(Agreement).filter_by(village_code=BIALO).one()


def _row(road: str, born: str = "17-05-1980", job: str = "Ketua RT") -> str:
    return "\t".join((NIKS[road], f"Contoh {road}", born, "L", job, MOTHER))


def _typed_in_the_wrong_place(legal, village, agreement) -> None:
    """A NIK in a reason, a note, a name: refused with a sentence, and nothing is kept."""
    db.session.rollback()
    entry, said = entries_of(agreement)[0], f"Data {NIKS['reason'][:6]} {NIKS['reason'][6:12]} {NIKS['reason'][12:]} keliru"
    code = agreement.code
    for person, url, data in (
        (legal, f"/perjanjian/{code}/kembalikan", {"reason": said}),
        (legal, f"/peserta/{entry.id}/jelaskan", {"reason": said}),
        (legal, f"/peserta/{entry.id}/nik", {"reason": said}),
        (legal, f"/perjanjian/{code}/kepesertaan/berkas", {"reason": said}),
        (legal, "/data-pribadi/cari", {"nik": NIKS["form"], "reason": said}),
        (legal, f"/data-pribadi/k{entry.id}/salinan.json", {"reason": said}),
        (legal, f"/data-pribadi/k{entry.id}/pembetulan", {"asked_by": said, "what": "Nama keliru", "on": "2026-11-22", "at": "09.00"}),
        (legal, f"/perjanjian/{code}/jeda", {"kind": "suspended", "on": "2026-11-22", "reason": said}),
        (village, f"/perjanjian/{code}/nomor", {"owner": "village", "number": NIKS["reason"], "on": "2026-11-22"}),
        (village, f"/peserta/{entry.id}/ubah", {"name": said, "job": said}),
    ):
        answer = person.post(url, data, seen="/kata-sandi")
        assert answer.status_code in (200, 409, 422) and "Jangan menulis NIK di sini" in answer.text, (url, answer.status_code)


def _asked_for(legal, village) -> None:
    """Addresses with a NIK in them, and the search that is made for one."""
    for url in (f"/desa?q={NIKS['query']}", f"/perjanjian/{NIKS['query']}", f"/v/{NIKS['query']}", f"/jejak?objek={NIKS['query']}", f"/tidak-ada/{NIKS['query']}?nik={NIKS['query']}"):
        legal.get(url)
    village.post("/tidak-ada", {"nik": NIKS["query"]}, seen="/kata-sandi")
    entry = entries_of(db.session.query(Agreement).one())[0]
    ask = f"/data-pribadi/k{entry.id}/pembetulan"
    assert legal.post(ask, {"on": "2026-11-22", "at": "09.00", "asked_by": "Orangnya", "what": f"NIK seharusnya {NIKS['corrected']}"}, seen=ask).status_code == 303
    papers_ = f"/perjanjian/{BIALO}-2026/anggaran/dokumen"
    document = {"kind": "rkpdes", "number": "5 Tahun 2025", "on": "2025-09-20", "scan": sent(a_pdf(), f"{NIKS['name'][:4]} {NIKS['name'][4:8]} {NIKS['name'][8:12]} {NIKS['name'][12:]}.pdf")}
    assert village.post(papers_, document, content_type="multipart/form-data").status_code == 303
    assert legal.post("/data-pribadi/cari", {"nik": NIKS["form"], "reason": "Permintaan orangnya"}, seen="/data-pribadi").status_code == 200


def _printed(agreement: Agreement, press, legal) -> None:
    at = {"at": clock.now(), "today": clock.today()}
    for each in agreement.entries:
        if each.flagged:
            clear_flags(agreement, each, "Sudah dicocokkan dengan KTP", user("legal"), **at)
    freeze(agreement, user("legal"), **at)
    approve(agreement, user("approver"), approval_digest(agreement), clock.now(), clock.today())
    db.session.commit()
    for slug in ("perjanjian_desa", "lampiran_peserta", "lampiran_iuran"):
        assert issue(slug, agreement, press).state == "issued"
    legal.post(f"/perjanjian/{agreement.code}/riwayat")
    db.session.rollback()
    work_once(press)


# --- where somebody can read ---


def test_nothing_that_is_logged_holds_one(planted, ear):
    logging.getLogger("sinergi.web").warning("canary %s", " ".join(NIKS.values()))
    spaced = " ".join(NIKS["form"][place : place + 4] for place in range(0, 16, 4))
    logging.getLogger("sinergi.web").warning("spaced %s", spaced)
    assert any("canary" in each for each in ear.heard) and not leaks("\n".join(ear.heard).replace("\n", "|"))


def test_nothing_in_the_database_holds_one_in_the_clear(planted):
    """Every cell of every table: jobs, events, deeds, imports, flash cookies have none, people are sealed."""
    assert not in_the_clear()
    assert db.session.connection().exec_driver_sql("SELECT count(*) FROM roster_version_entries").scalar() >= 3


def test_the_watch_over_the_database_can_fail(planted):
    """The negative control: one cell of one table."""
    db.session.add(Deed(key="kenari", user_id=user("legal").id, endpoint="", location=f"/x?nik={NIKS['query']}", at=clock.now()))
    db.session.flush()
    assert in_the_clear() == {"deeds.location": {"query"}}
    db.session.rollback()


def in_the_clear() -> dict[str, set[str]]:
    connection, found = db.session.connection(), {}
    for (table,) in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").all():
        rows = connection.exec_driver_sql(f'SELECT * FROM "{table}"')
        for row in rows.mappings():
            for column, cell in row.items():
                text = bytes(cell).decode("latin-1") if isinstance(cell, bytes) else str(cell)
                if said := leaks(text):
                    found.setdefault(f"{table}.{column}", set()).update(said)
    return found


def test_nothing_in_the_files_of_the_installation_holds_one_but_printed_papers(planted, app):
    home, seen_ = app.config["SINERGI"].home, 0
    for path in home.rglob("*"):
        assert not leaks(path.name), path.name
        if path.is_file():
            content, seen_ = path.read_bytes(), seen_ + 1
            assert not leaks(content.decode("latin-1")) or content.startswith(b"%PDF"), path.name
    assert seen_ > 5


def papers() -> list[tuple[str, bytes]]:
    return [(each.kind, storage().get(copy.sha256)) for each in db.session.query(Letter) for copy in each.renditions]


def test_no_paper_holds_one_in_its_metadata_and_only_those_made_for_it_in_its_text(planted):
    found = papers()
    assert {kind for kind, _ in found} >= {"perjanjian_desa", "lampiran_peserta", "lampiran_iuran", "sertifikat_riwayat"}
    for kind, content in found:
        with pikepdf.open(io.BytesIO(content)) as pdf, pdf.open_outline() as outline:
            told = " ".join(map(str, dict(pdf.docinfo).values())) + pdf.Root.Metadata.read_bytes().decode() + " ".join(each.title for each in outline.root)
        assert not leaks(told), kind
        with pypdfium2.PdfDocument(content) as pdf:
            said = leaks(" ".join(page.get_textpage().get_text_bounded() for page in pdf))
        assert "mother" not in said and bool(said) == (kind in PAPERS_WITH_NIK), (kind, said)


def addresses(app, planted) -> list[tuple[str, str]]:
    """Every page and every file that can be got, with what this installation holds; made from the URL map, so that a new one is looked at unasked."""
    newest = db.session.query(Letter).order_by(Letter.id.desc()).first()
    entry = planted.entries[0]
    tenure = db.session.query(Tenure).order_by(Tenure.id).first()
    known = {"agreement": planted.code, "village": BIALO, "letter": newest.id, "entry": entry.id, "import": the_import().id, "subject": f"k{entry.id}", "correction": db.session.query(CorrectionRequest).one().id, "file": planted.documents[0].file_id, "accord": planted.accord_id, "user": user("legal").id, "office": 1, "tenure": tenure.id}
    words = {"number": 1, "rangkap": 1, "side": 1, "slug": "lampiran_iuran", "token": newest.token, "kind": "rates", "key": "x", "word": "kesatu"}
    adapter, found = app.url_map.bind("localhost"), []
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.endpoint.endswith("static"):
            continue
        values = {name: _choices(rule, name, known, words) for name in rule.arguments}
        if all(values.values()):
            found += [(rule.endpoint, adapter.build(rule.endpoint, {name: choices[n % len(choices)] for name, choices in values.items()})) for n in range(max(map(len, values.values()), default=1))]
    return found


# Objects that this installation does not hold; their pages name no people, or are exceptions (scans and print sets show the list itself).
NOT_HERE = ("line", "delegation", "handed", "print_set", "block", "rule", "scan", "scanned", "signature", "sitting", "digest", "filename", "seat_key")


def test_a_page_that_is_not_looked_at_is_told(app, planted):
    """A new kind of object in an address must be planted here too, or stand in the list with its reason."""
    looked = {endpoint for endpoint, _ in addresses(app, planted)}
    missed = [rule for rule in app.url_map.iter_rules() if "GET" in rule.methods and rule.endpoint not in looked]
    assert not [str(rule) for rule in missed if not set(rule.arguments) & set(NOT_HERE)]


def _choices(rule, name, known, words) -> list:
    items = getattr(rule._converters[name], "items", None)
    kind = type(rule._converters[name]).__name__.casefold()
    for noun, value in known.items():
        if noun in kind or noun == name or ((name, noun) in (("batch", "import"), ("wanted", "correction"))):
            return [value]
    if items and "xlsx" in items:
        return ["xlsx"]  # the csv has the same rows, and not the second sheet
    return sorted(items) if items else [words[name]] if name in words else []


def readable(answer) -> str:
    """An answer as its reader sees it: a workbook unpacked, a PDF's text, its headers and cookies as well."""
    head, content = str(answer.headers), answer.get_data()
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            return head + " ".join(book.read(each).decode("utf-8", "replace") for each in book.namelist())
    if content.startswith(b"%PDF") and len(content) > 1000:  # a shorter one is a stand-in
        with pypdfium2.PdfDocument(content) as pdf:
            return head + " ".join(page.get_textpage().get_text_bounded() for page in pdf)
    return head + content.decode("utf-8", "replace")


@pytest.mark.parametrize("role", ["legal", "village", "admin", "bpjs"])
def test_no_page_and_no_export_holds_one_but_those_made_for_it(app, planted, role):
    person, files, text = sign_in(app, role), set(), ""
    for endpoint, url in addresses(app, planted):
        if endpoint == "letters.preview":
            continue  # an exception; what it prints is looked at above
        answer = person.get(url)
        if answer.status_code == 200 and "attachment" in answer.headers.get("Content-Disposition", ""):
            files.add(endpoint)
        text += readable(answer)
        said = str(answer.headers) if endpoint in MADE_TO_CARRY else readable(answer)
        assert not leaks(said), (role, url, leaks(said))
    assert len(files) >= {"legal": 12, "village": 5, "admin": 4, "bpjs": 3}[role], files
    assert role == "admin" or all(f"Contoh {road}" in text for road in ("file", "paste"))  # they are there, and masked


def test_what_is_made_to_carry_it_does(app, planted):
    """Else the list of exceptions would hide a leak one day."""
    legal, code = sign_in(app, "legal"), planted.code
    file = legal.post(f"/perjanjian/{code}/kepesertaan/berkas", {"reason": "Pendaftaran"}, seen=f"/perjanjian/{code}/kepesertaan/berkas")
    assert leaks(readable(file)) >= {"form", "paste", "file", "mother"} and not leaks(str(file.headers))
    entry = next(each for each in planted.entries if each.name == "Contoh Kenari")
    copy = legal.post(f"/data-pribadi/k{entry.id}/salinan.json", {"reason": "Kepada orangnya"}, seen=f"/data-pribadi/k{entry.id}")
    assert leaks(readable(copy)) >= {"form"} and not leaks(str(copy.headers))
    assert set(MADE_TO_CARRY) <= set(app.view_functions)


# --- the watch over what is typed ---


@pytest.mark.parametrize("text", [NIKS["form"], f"NIK:{NIKS['form']}", f"nik{NIKS['form']}.", "7302 0117 0580 9601", "730201-170580-9601", "73.02.01.170580.9601", f"({NIKS['form']})"])
def test_a_nik_is_known_however_it_is_written(text):
    assert discreet.holds_nik(text) and not leaks(discreet.masked(text)) and not leaks(safe_name(f"{text}.pdf"))


@pytest.mark.parametrize("text", ["7302019917059601", "0302011705809601", "197001011995031901", "100.3.7.1/901/DPMD/XI/2026", "a" * 30 + NIKS["form"] + "b", "12-05-1980 17-05-1980", "73.02.01.2004", "M5fFK8hYkdHsS4B-br-F4g"])
def test_another_number_is_none(text):
    assert not discreet.holds_nik(text) and discreet.masked(text) == text


def test_every_field_of_every_form_is_watched_unless_it_is_made_to_carry_one(app):
    with app.test_request_context(method="POST", data={"reason": f"karena {NIKS['reason']}", "kind": "suspended", "on": "2026-11-22"}):
        form = HoldForm(("suspended",), date(2026, 11, 22))
        form.validate()
        assert discreet.NOT_HERE in form.reason.errors
