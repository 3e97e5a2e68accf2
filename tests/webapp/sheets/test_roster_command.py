"""The commands that read lists: what they print, their exit status, with and without an installation."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from webapp.cli import run

from .making import BIALO, HEAD, a_row, csv, nik, xlsx

PLAIN = {"PATH": os.defpath}


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """A shell on a machine where nothing is installed yet."""
    for name in [each for each in os.environ if each.startswith("SINERGI_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("SINERGI_HOME", str(tmp_path / "nowhere"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def checked(capsys, folder: Path, content: bytes, *more: str) -> tuple[int, dict, str]:
    (folder / "daftar.xlsx").write_bytes(content)
    status = run(["roster", "check", "daftar.xlsx", "--village", BIALO, "--category", "pekerja_rentan", "--as-of", "2026-11-22", "--json", *more])
    said = capsys.readouterr()
    return status, json.loads(said.out), said.err


def test_the_fate_of_every_row_as_json_without_an_installation(bare, capsys):
    rows = [["DAFTAR PESERTA"], HEAD, a_row(1), a_row(2, nik="123"), a_row(3, sex="P"), ["Jumlah", "", "3"]]
    status, answer, told = checked(capsys, bare, xlsx({"Dusun A": rows}))
    assert (status, answer["outcome"], answer["reason"]) == (0, "parsed", None)
    assert "bawaan" in told
    assert not (bare / "nowhere").exists()
    first = {
        "sheet": "Dusun A",
        "row": 3,
        "outcome": "accepted",
        "nik": nik(),
        "name": "Contoh Satu 1",
        "birth_date": "1980-08-17",
        "sex": "L",
        "job": "Petani",
        "reasons": [],
    }
    assert answer["rows"][0] == answer["rows"][0] | first
    assert [(each["row"], each["outcome"], each["codes"]) for each in answer["rows"][1:]] == [(4, "rejected", ["nik_length"]), (5, "flagged", ["sex_differs"])]
    assert answer["rows"][1]["reasons"] == ["NIK harus 16 angka: yang diisi 3 angka"]
    assert answer["counts"] == {"read": 6, "accepted": 1, "flagged": 1, "rejected": 1, "not_people": 3}


def test_csv_rows_have_no_sheet_and_the_number_of_the_record(bare, capsys):
    _, answer, _ = checked(capsys, bare, csv([HEAD, a_row(1)]))
    assert (answer["rows"][0]["sheet"], answer["rows"][0]["row"]) == (None, 2)


def test_a_refused_file_says_why_and_ends_with_1(bare, capsys):
    status, answer, _ = checked(capsys, bare, b"%PDF-1.7 ")
    assert (status, answer["outcome"], answer["rows"]) == (1, "refused_with_reason", [])
    assert "PDF" in answer["reason"]


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["--village", "73.02.01.1001"], "kelurahan"),
        (["--village", "99"], "Tidak ada desa"),
        (["--category", "x"], "tidak dikenal"),
        (["--as-of", "besok"], "2026-11-22"),
    ],
)
def test_a_wrong_command_ends_with_2(bare, capsys, more, says):
    (bare / "daftar.csv").write_bytes(csv([HEAD, a_row(1)]))
    assert run(["roster", "check", "daftar.csv", *more]) == 2
    assert says in capsys.readouterr().err


def test_for_eyes_there_are_lines(bare, capsys):
    (bare / "daftar.csv").write_bytes(csv([HEAD, a_row(1), a_row(2, nik="")]))
    assert run(["roster", "check", "daftar.csv", "--village", BIALO, "--category", "pekerja_rentan"]) == 0
    said = capsys.readouterr().out
    assert "ditolak" in said
    assert said.endswith("3 baris dibaca: 1 diterima, 0 bertanda, 1 ditolak, 1 bukan peserta\n")


def test_villages_are_matched_row_by_row(bare, capsys):
    said = [
        ["No", "Desa/Kelurahan", "Kecamatan"],
        [1, "Lembanna", ""],
        [2, "Kel. Palampang", "Rilau Ale"],
        [3, "BIALO", "Gantarang"],
        [4, "Antah", "Kajang"],
        [5, "", ""],
    ]
    for content in (csv(said, ","), csv(said, ";", "utf-8-sig"), xlsx({"A": said}), csv(said[1:], ",")):
        (bare / "desa.csv").write_bytes(content)
        assert run(["villages", "match", "desa.csv", "--json"]) == 0
        answers = [(each["no"], each["answer"]) for each in json.loads(capsys.readouterr().out)["rows"]]
        assert answers == [(1, "ambiguous"), (2, "73.02.10.1002"), (3, BIALO), (4, "unresolved"), (5, "unresolved")]


def test_the_reader_is_run_by_path_and_knows_nothing_of_the_house():
    child = Path(__file__).parents[3] / "webapp" / "sheets" / "child.py"
    job = json.dumps({"size": 4, "most_rows": 10, "seconds": 4}).encode() + b"\na;b\n"
    done = subprocess.run([sys.executable, "-I", str(child)], input=job, capture_output=True, check=True, env=PLAIN)
    assert json.loads(done.stdout)["sheets"][0]["rows"] == [[1, ["a", "b"]]]
