"""Made-up lists by the thousand: a clean list in any layout comes back accepted, a damaged NIK never does."""

import itertools
from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from webapp.sheets.grid import Grid
from webapp.sheets.reading import Unreadable, Wishes
from webapp.sheets.roster import read_grids

from .making import assert_totals, csv, expected, fates, fates_of, nik, xlsx

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
FEW = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
HEADINGS = {
    "nik": ["NIK", "No KTP", "No. KTP", "Nomor Induk Kependudukan", "N I K", "NIK (16 digit)", "no nik"],
    "name": ["Nama", "NAMA LENGKAP", "Nama Tenaga Kerja", "Nama Peserta", "nama sesuai ktp"],
    "birth": ["Tgl Lahir", "Tanggal Lahir", "TGL. LAHIR", "Tgl/Bln/Thn Lahir"],
    "sex": ["L/P", "JK", "Jenis Kelamin", "Jns. Kelamin"],
    "job": ["Pekerjaan", "Jabatan", "Jenis Pekerjaan", "Posisi", "Jabatan/Pekerjaan"],
    "no": ["No", "No.", "NO URUT"],
}
MONTHS = ["Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember"]
DAYS = (
    lambda day: f"{day:%d-%m-%Y}",
    lambda day: f"{day.day}/{day.month}/{day.year}",
    lambda day: f"{day:%d.%m.%Y}",
    lambda day: f"{day.day} {MONTHS[day.month - 1]} {day.year}",
    lambda day: f"{day.day}-{MONTHS[day.month - 1][:3]}-{day.year}",
    lambda day: day.isoformat(),
    lambda day: f"Bulukumba, {day:%d-%m-%Y}",
    lambda day: f"{day:%d-%m-%y}",
)
JOBS = ["Petani", "Nelayan", "Buruh harian", "Penjual sayur", "Tukang ojek"]
adults = some.dates(date(1962, 1, 1), date(2009, 1, 1))


@some.composite
def lists(draw):
    """Rows of people without fault, in some order of columns, under some headings."""
    columns = draw(some.permutations(["nik", "name", "birth", "sex", "job"]))
    columns = ["no", *columns] if draw(some.booleans()) else list(columns)
    head = [draw(some.sampled_from(HEADINGS[each])) for each in columns]
    written = draw(some.sampled_from(DAYS))
    people = draw(some.lists(some.tuples(adults, some.sampled_from("LP"), some.sampled_from(JOBS)), min_size=1, max_size=8))
    rows = [head]
    for place, (born, sex, job) in enumerate(people, 1):
        row = {"no": place, "nik": nik(9000 + place, born, sex), "name": f"Contoh {chr(64 + place)}", "birth": written(born), "sex": sex, "job": job}
        rows.append([row[each] for each in columns])
    above = draw(some.lists(some.sampled_from([[], ["DAFTAR PESERTA"], ["DESA BIALO", "", "KEC. GANTARANG"]]), max_size=3))
    below = draw(
        some.sampled_from([[], [["Jumlah", len(people)]], [[], ["", "", "", "Mengetahui,"], ["", "", "", "Kepala Desa"], ["", "", "", "Contoh Kepala"]]])
    )
    return above + rows + below, len(people)


def grid(rows) -> Grid:
    """Cells without the detour through a file."""
    return Grid(
        "Lembar",
        False,
        tuple((number, tuple(each if each != "" else None for each in cells)) for number, cells in enumerate(rows, 1) if any(each != "" for each in cells)),
    )


def judged(rows):
    reading = read_grids([grid(rows)], expected(), Wishes())
    assert_totals(reading)
    return reading


@QUICK
@given(lists())
def test_a_clean_list_in_any_layout_is_accepted_whole(made):
    rows, people = made
    assert list(fates(judged(rows)).values()) == ["A"] * people


@FEW
@given(lists(), some.sampled_from(";,\t|"), some.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]), some.booleans())
def test_a_clean_file_in_any_encoding_is_accepted_whole(made, delimiter, encoding, as_xlsx):
    rows, people = made
    content = xlsx({"A": rows}) if as_xlsx else csv(rows, delimiter, encoding)
    assert list(fates_of(content).values()) == ["A"] * people


damages = some.sampled_from(["drop", "add", "letter", "month", "serial"])


@QUICK
@given(lists(), damages, some.integers(0, 15))
def test_a_damaged_nik_is_never_accepted(made, damage, at):
    rows, people = made
    head = next(place for place, cells in enumerate(rows) if any(str(each).endswith(("NIK", "KTP", "Kependudukan", "I K", "digit)", "nik")) for each in cells))
    column = next(place for place, cell in enumerate(rows[head + 1]) if str(cell).startswith("730201"))
    whole = rows[head + 1][column]
    rows[head + 1][column] = {
        "drop": whole[:at] + whole[at + 1 :], "add": whole[:at] + "3" + whole[at:], "letter": whole[:at] + "O" + whole[at + 1 :],
        "month": whole[:8] + "13" + whole[10:], "serial": whole[:12] + "0000",
    }[damage]  # fmt: skip
    found = list(fates(judged(rows)).values())
    assert found[0].startswith("R nik_")
    assert len(found) == people


cells = some.one_of(
    some.none(),
    some.text(max_size=30),
    some.integers(-(10**18), 10**18),
    some.floats(allow_nan=False),
    some.booleans(),
    some.dates(),
    some.sampled_from([*itertools.chain(*HEADINGS.values()), "Jumlah", "Ahli Waris", "Mengetahui", nik(), "7302011708809001 "]),
)


@QUICK
@given(some.lists(some.lists(cells, max_size=8), max_size=14))
def test_any_cells_are_sorted_and_counted(rows):
    table = Grid("A", False, tuple((number, tuple(row)) for number, row in enumerate(rows, 1) if any(each is not None for each in row)))
    try:
        assert_totals(read_grids([table], expected(), Wishes()))
    except Unreadable as error:
        assert str(error)


@QUICK
@given(some.lists(some.tuples(adults, some.sampled_from("LP")), min_size=2, max_size=8), some.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_fate(people, chance):
    rows = [[place, nik(8000 + 37 * place, born, sex), f"Contoh {place}", born, sex, "Petani"] for place, (born, sex) in enumerate(people, 1)]
    head = ["No", "NIK", "Nama", "Tgl Lahir", "L/P", "Pekerjaan"]
    mixed = list(rows)
    chance.shuffle(mixed)
    by_name = lambda reading: {each.person.name: each.outcome for each in reading.rows}  # noqa: E731
    assert by_name(judged([head, *rows])) == by_name(judged([head, *mixed]))
