"""The demo and the commands, as somebody types them."""

import json
import re
import sqlite3
import subprocess

import pypdfium2
import pytest

from tests import demo as demos

KELURAHAN, UNKNOWN, VILLAGE = "73.02.02.1001", "99.99.99.9999", "73.02.01.2004"
STAGES = {"draft", "signature", "budgeting", "enrollment", "active"}


def texts(path) -> list[str]:
    pdf = pypdfium2.PdfDocument(path)
    try:
        return [page.get_textpage().get_text_bounded() for page in pdf]
    finally:
        pdf.close()


def test_the_demo_holds_all_villages_on_every_stage(demo):
    villages = demo.json("villages")
    assert len(villages) == len({each["code"] for each in villages}) == 109
    assert {each["stage"] for each in villages} == STAGES
    for each in villages:
        assert each["name"] and each["kecamatan"]
        assert bool(each["open"]) == bool(each["turn"]) == (each["stage"] != "active")
        assert all(set(sentence) == {"slug", "sentence"} for sentence in each["open"])


def test_the_same_seed_gives_the_same_villages(demo, tmp_path):
    assert demos.make(tmp_path).json("villages") == demo.json("villages")


def test_accounts_of_every_role_are_written_down(demo):
    accounts = demo.accounts
    assert {each["role"] for each in accounts} == {"legal", "bagian_hukum", "approver", "village", "camat", "bpjs", "monitor", "admin"}
    assert sum(each["role"] == "village" for each in accounts) == 109
    assert all(set(each) == {"role", "login", "password", "village"} for each in accounts)


def test_nobody_in_the_demo_could_be_real(demo):
    with sqlite3.connect(demo.home / "sinergi.db") as database:
        for table in ("officials", "users"):
            names = [name for (name,) in database.execute(f"SELECT name FROM {table}") if name != "Sistem"]
            assert all("Contoh" in name for name in names)
        assert all("Contoh" in name for (name,) in database.execute("SELECT name FROM roster_entries"))
        assert all(re.search("9\\d{3}$", masked) for (masked,) in database.execute("SELECT nik_masked FROM roster_entries"))
    database.close()


def test_a_preview_has_its_pages_numbered_and_says_contoh(demo, tmp_path):
    before = demo.json("register")
    assert demo.sinergi("print", "perjanjian_desa", "--village", VILLAGE, "-o", str(tmp_path / "a.pdf")).returncode == 0
    assert demo.sinergi("print", "perjanjian_desa", "--village", VILLAGE, "-o", str(tmp_path / "b.pdf")).returncode == 0
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
    pages = texts(tmp_path / "a.pdf")
    for number, text in enumerate(pages, 1):
        assert f"Halaman {number} dari {len(pages)}" in text
        assert "CONTOH" in text
    assert demo.json("register") == before


@pytest.mark.parametrize("code", [KELURAHAN, UNKNOWN])
def test_what_is_no_desa_prints_nothing(demo, tmp_path, code):
    answer = demo.sinergi("print", "perjanjian_desa", "--village", code, "-o", str(tmp_path / "x.pdf"))
    assert answer.returncode == 2
    assert len(answer.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "x.pdf").exists()


def test_an_unknown_kind_is_bad_input(demo, tmp_path):
    answer = demo.sinergi("print", "surat_cinta", "--village", VILLAGE, "-o", str(tmp_path / "x.pdf"))
    assert answer.returncode == 2
    assert "perjanjian_desa" in answer.stderr


def test_an_open_condition_refuses_the_number(demo):
    waiting = next(each["code"] for each in demo.json("villages") if each["open"] and each["open"][0]["slug"] == "approved")
    answer = demo.sinergi("issue", "perjanjian_desa", "--village", waiting, "--json")
    assert answer.returncode == 3
    assert [each["slug"] for each in json.loads(answer.stdout)["open"]] == ["approved"]


def test_letters_issued_at_once_get_distinct_numbers_without_gaps(demo):
    active = [each["code"] for each in demo.json("villages") if each["stage"] == "active"][:4]
    running = [demo.start("issue", "surat_pengantar", "--village", code, "--json") for code in active]
    outcome = [process.communicate(timeout=300) for process in running]
    assert [process.returncode for process in running] == [0] * 4, outcome
    answers = [json.loads(out) for out, _ in outcome]
    assert len({each["number"] for each in answers}) == len({each["token"] for each in answers}) == 4
    assert all(re.fullmatch("[0-9a-f]{64}", each["sha256"]) and each["version"] == 1 for each in answers)
    assert demo.json("register")["gaps"] == []


def test_the_audit_chain_names_the_event_that_was_altered(demo, tmp_path):
    assert demo.sinergi("audit", "verify").returncode == 0
    copy = tmp_path / "home"
    subprocess.run(["cp", "-r", str(demo.home), str(copy)], check=True)
    with sqlite3.connect(copy / "sinergi.db") as database:
        database.execute("DROP TRIGGER keep_audit_events_update")
        database.execute("UPDATE audit_events SET actor = 'orang lain' WHERE seq = 77")
    database.close()
    altered = demos.Installation(copy).sinergi("audit", "verify")
    assert altered.returncode == 1
    assert "77" in altered.stdout
    # The doctor sees both: the guard that is gone, and the chain that broke.
    findings = {each["name"]: each for each in demos.Installation(copy).json("doctor")}
    assert not findings["Penjaga bukti"]["ok"] and "keep_audit_events_update" in findings["Penjaga bukti"]["found"]
    assert not findings["Rantai audit"]["ok"]


def test_the_doctor_reports_everything_with_its_remedy(demo):
    findings = demo.json("doctor")
    assert {"Pango dan huruf", "Basis data", "Migrasi", "Penjaga bukti", "Penyimpanan", "Singgahan tahap", "Rantai audit"} <= {each["name"] for each in findings}
    assert all(each["remedy"] for each in findings if not each["ok"])
    assert all(each["ok"] for each in findings if each["name"] != "Naskah"), findings


def test_without_keys_only_the_demo_starts(tmp_path):
    empty = demos.Installation(tmp_path)
    answer = empty.sinergi("serve")
    assert answer.returncode == 2
    assert "SINERGI_SECRET_KEY" in answer.stderr and "secrets.token_urlsafe" in answer.stderr


def test_a_real_installation_begins_empty_and_is_no_place_for_a_demo(tmp_path):
    real = demos.Installation(tmp_path)
    keys = {"SINERGI_SECRET_KEY": "k" * 48, "SINERGI_DATA_KEY": "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s="}

    def run(*arguments):
        return subprocess.run([*demos.COMMAND, *arguments], env=real.environment | keys, capture_output=True, text=True, timeout=120)

    assert run("init").returncode == 0
    assert "versi terbaru" in run("init").stdout
    added = run("users", "add", "admin", "--role", "admin", "--name", "Contoh Admin")
    assert "/undangan/" in added.stdout
    assert run("users", "add", "admin", "--role", "admin", "--name", "Contoh Admin").returncode == 2
    assert run("demo").returncode == 3
    assert len(json.loads(run("villages", "--json").stdout)) == 109


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (["print"], "JENIS belum disebutkan"),
        (["print", "rekap", "--warna", "biru"], "--warna tidak dikenal"),
        (["register", "--year", "dua ribu"], "--year tidak sesuai"),
        (["terbang"], "tidak dikenal"),
        (["users", "add", "x", "--name", "Contoh"], "--role belum disebutkan"),
    ],
)
def test_a_wrong_command_line_is_answered_in_indonesian(capsys, line, sentence):
    from webapp.cli import run

    assert run(line) == 2
    told = capsys.readouterr().err
    assert sentence in told and "--help" in told and len(told.strip().splitlines()) == 1


def test_help_is_indonesian(capsys):
    from webapp.cli import run

    for line in ([], ["print"], ["users"], ["users", "add"]):
        assert run([*line, "--help"]) == 0
        told = capsys.readouterr().out
        assert "Pemakaian:" in told and "Opsi:" in told and "Contoh: sinergi" in told
        assert not re.search(r"Usage|Options:|Commands:|Show this|default", told)


def test_a_contribution_is_derived_to_the_sen(demo):
    answer = demo.json("contributions", "--category", "perangkat", "--wage", "2022200", "--month", "2026-03")
    assert (answer["JKK"], answer["JKM"], answer["total"]) == ("4853.28", "6066.60", "10919.88")
    assert all("PP 44/2015" in each["regulation"] for each in answer["derivation"])
    vulnerable = demo.json("contributions", "--category", "pekerja_rentan", "--month", "2026-03")
    assert vulnerable["total"] == "16800.00"


@pytest.mark.parametrize("words", [["--category", "dukun", "--month", "2026-03"], ["--category", "bpd", "--month", "Maret"], ["--category", "bpd", "--month", "2026-03", "--wage", "banyak"]])
def test_a_contribution_that_cannot_be_calculated_says_why(demo, words):
    answer = demo.sinergi("contributions", *words)
    assert answer.returncode == 2 and len(answer.stderr.strip().splitlines()) == 1


def test_the_doctor_repairs_a_cache_that_lies(demo, tmp_path):
    copy = tmp_path / "home"
    subprocess.run(["cp", "-r", str(demo.home), str(copy)], check=True)
    with sqlite3.connect(copy / "sinergi.db") as database:
        database.execute("UPDATE agreements SET stage = 'active' WHERE stage = 'draft'")
    database.close()
    ill = demos.Installation(copy)
    assert [each["ok"] for each in ill.json("doctor") if each["name"] == "Singgahan tahap"] == [False]
    assert [each["ok"] for each in ill.json("doctor", "--repair") if each["name"] == "Singgahan tahap"] == [True]


def test_a_copy_of_the_demo_comes_back_with_its_throw_away_keys(demo, tmp_path):
    assert demo.sinergi("backup", str(tmp_path / "cadangan")).returncode == 0
    other = demos.Installation(tmp_path / "pulih")
    came = other.sinergi("restore", str(tmp_path / "cadangan"))
    assert came.returncode == 0, came.stderr
    assert other.json("villages") == demo.json("villages")
    assert other.json("audit", "verify")["ok"] and other.json("fsck")["ok"]
    issued = other.json("issue", "surat_pengantar", "--village", VILLAGE)
    assert issued["number"] == demo.json("issue", "surat_pengantar", "--village", VILLAGE)["number"]
