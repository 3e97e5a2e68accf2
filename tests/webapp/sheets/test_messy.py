"""Files as villages send them, each row's fate asserted; what is no person is neither a participant nor a rejected one."""

from datetime import date
from decimal import Decimal

import pytest

from webapp.sheets import Unreadable, Wishes, faulty_rows, read_pasted, read_roster, read_table

from .making import (
    BIALO,
    BORN,
    HEAD,
    Broken,
    a_row,
    assert_totals,
    csv,
    expected,
    fates,
    fates_of,
    html,
    nik,
    ods,
    repacked,
    xls,
    xlsx,
)

CLEAN = [HEAD, a_row(1), a_row(2), a_row(3)]
ALL_WELL = {2: "A", 3: "A", 4: "A"}
SIGNATURES = [
    [],
    ["", "", "", "", "Bialo, 22 November 2026"],
    ["", "", "Mengetahui,", "", "Kepala Desa Bialo"],
    [],
    ["", "", "", "", "CONTOH KEPALA, S.Sos"],
    ["", "", "", "", "NIP. 19700101 199003 1 001"],
]


# --- one clean list in every dress ---

DRESSES = {
    "xlsx": (xlsx({"Sheet1": CLEAN}), "a.xlsx"),
    "xlsx called csv": (xlsx({"Sheet1": CLEAN}), "a.csv"),
    "ods": (ods({"Lembar1": CLEAN}), "a.ods"),
    "ods called xls": (ods({"Lembar1": CLEAN}), "a.xls"),
    "xls of 1997": (xls(CLEAN), "a.xls"),
    "a web page called xls": (html(CLEAN), "a.xls"),
    "csv called xls": (csv(CLEAN), "a.xls"),
    "csv with semicolons": (csv(CLEAN, ";"), "a.csv"),
    "csv with commas": (csv(CLEAN, ","), "a.csv"),
    "tsv": (csv(CLEAN, "\t"), "a.tsv"),
    "csv with bars": (csv(CLEAN, "|"), "a.txt"),
    "csv in UTF-8 with BOM": (csv(CLEAN, ";", "utf-8-sig"), "a.csv"),
    "tsv in UTF-16 as Excel saves it": (csv(CLEAN, "\t", "utf-16"), "a.txt"),
    "csv in UTF-16 little, without BOM": (csv(CLEAN, ";", "utf-16-le"), "a.csv"),
    "csv in UTF-16 big, without BOM": (csv(CLEAN, ",", "utf-16-be"), "a.csv"),
    "csv of an old Mac": (csv(CLEAN, ";", line="\r"), "a.csv"),
    "csv with one kind of line end": (csv(CLEAN, ";", line="\n"), "a.csv"),
}


@pytest.mark.parametrize("dress", DRESSES)
def test_a_clean_list_is_accepted_in_every_dress(dress):
    content, name = DRESSES[dress]
    assert fates_of(content, name) == ALL_WELL


def test_windows_1252_keeps_its_letters():
    reading = read_roster(csv([HEAD, a_row(1, name="Contoh Réné’s")], encoding="cp1252"), "a.csv", expected())
    assert reading.rows[0].person.name == "Contoh Réné’s"


def test_a_pasted_table_with_and_without_heading():
    assert fates(read_pasted(csv(CLEAN, "\t").decode(), expected())) == ALL_WELL
    rows = [[nik(9001), "Contoh Satu", "17-08-1980", "L", "Ketua RT"], [nik(9002), "Contoh Dua", "17-08-1980", "", "Ketua RW"]]
    assert fates(read_pasted(csv(rows, "\t").decode(), expected("lkd"))) == {1: "A", 2: "A"}


# --- tables as they stand on the page ---


def test_titles_two_headings_numbers_dusun_lines_total_and_signatures():
    rows = [
        ["DAFTAR PEKERJA RENTAN DAN AHLI WARIS DESA BIALO"],
        ["KECAMATAN GANTARANG KABUPATEN BULUKUMBA TAHUN 2026"],
        [],
        ["No.", "N I K", "Nama Tenaga Kerja", "Tempat/Tanggal Lahir", "", "Jenis Kelamin", "Jenis Pekerjaan", "Ahli Waris", "", "", "Ket."],
        ["", "", "", "Tempat", "Tanggal", "(L/P)", "", "Nama", "NIK", "Hubungan", ""],
        list(range(1, 12)),
        ["DUSUN CONTOH SATU"],
        [1, nik(9001), "Contoh Satu", "Bulukumba", "17-08-1980", "L", "Petani", "Contoh Istri", nik(9901, sex="P"), "Istri", ""],
        [2, nik(9002, sex="P"), "Contoh Dua", "Bulukumba", "17-08-1980", "P", "Penjual sayur", "Contoh Anak", nik(9902), "Anak", ""],
        ["II", "DUSUN CONTOH DUA"],
        [3, nik(9003), "Contoh Tiga", "Sinjai", "17 Agustus 1980", "L", "Nelayan", "", "", "", "Alm."],
        ["Jumlah", "", "3 orang"],
        *SIGNATURES,
    ]
    merged = ["A1:K1", "A2:K2", "A4:A5", "B4:B5", "C4:C5", "D4:E4", "H4:J4", "A7:K7"]
    reading = read_roster(xlsx({"Rentan": rows}, {"Rentan": merged}), "a.xlsx", expected())
    assert fates(reading) == {8: "A", 9: "A", 11: "F deceased"}
    assert_totals(reading)
    first = reading.rows[0].person
    assert (first.birth_place, first.heir_name, first.heir_nik, first.heir_relation) == ("Bulukumba", "Contoh Istri", nik(9901, sex="P"), "Istri")
    assert fates(read_roster(ods({"Rentan": rows}), "a.ods", expected())) == {8: "A", 9: "A", 11: "F deceased"}


def test_another_order_of_columns_and_every_particular():
    head = ["Posisi", "Nama Ibu Kandung", "No. HP/WA", "Nama Peserta", "No. KTP", "Upah (Rp)", "JK", "TTL", "Alamat", "Status Perkawinan", "Nomor KK"]
    row = [
        "Kaur Umum",
        "Contoh Ibu",
        "081200000000",
        "Contoh Satu",
        "7302.0117.0880.9001",
        "Rp2.500.000,00",
        "Laki-laki",
        "Bulukumba, 17 Agust 1980",
        "Dusun Contoh",
        "Kawin",
        "7302010101109001",
    ]
    (read,) = read_roster(csv([head, row]), "a.csv", expected("perangkat")).rows
    person = read.person
    assert (read.outcome, person.nik, person.sex, person.birth_on, person.birth_place) == ("accepted", nik(), "L", BORN, "Bulukumba")
    assert (person.job, person.mother, person.phone, person.wage_base, person.address, person.marital) == (
        "Kaur Umum", "Contoh Ibu", "081200000000", Decimal(2500000), "Dusun Contoh", "Kawin",
    )  # fmt: skip


def test_headings_repeated_on_every_page_and_a_second_table_in_another_order():
    rows = [HEAD, a_row(1), HEAD, a_row(2), [], ["LANJUTAN"], ["Nama", "NIK", "Jabatan", "Tgl Lahir"], ["Contoh Tiga", nik(9003), "Imam", "17/8/80"]]
    assert fates_of(xlsx({"A": rows})) == {2: "A", 4: "A", 8: "A"}


def test_a_birth_date_in_three_columns_and_the_sexes_in_two():
    rows = [
        ["No", "NIK", "Nama", "Tanggal Lahir", "", "", "Jenis Kelamin", "", "Pekerjaan"],
        ["", "", "", "Tgl", "Bln", "Thn", "L", "P", ""],
        [1, nik(9001), "Contoh Satu", 17, 8, 1980, "v", "", "Petani"],
        [2, nik(9002, sex="P"), "Contoh Dua", "17", "Agustus", "80", "", "v", "Petani"],
        [3, nik(9003), "Contoh Tiga", 31, 2, 1980, "v", "", "Petani"],
    ]
    assert fates_of(xlsx({"A": rows}, {"A": ["D1:F1", "G1:H1"]})) == {3: "A", 4: "A", 5: "R birth_unreal"}
    assert fates_of(csv([["NIK", "Nama", "Tgl", "Bln", "Thn", "Pekerjaan"], [nik(), "Contoh Satu", "17", "8", "1980", "Petani"]])) == {2: "A"}


def test_without_any_heading_columns_are_known_by_their_look():
    rows = [[1, "Contoh Satu", nik(9001), "Bulukumba, 17-08-1980", "L", "Petani"], [2, "Contoh Dua", nik(9002), "Sinjai, 17-08-1980", "L", "Nelayan"]]
    assert fates_of(xlsx({"A": rows})) == {1: "A", 2: "A"}


def test_without_heading_and_with_too_many_columns_of_words_it_is_asked():
    rows = [[nik(9001), "Contoh Satu", "Contoh Ibu", "Petani", "Dusun Contoh"], [nik(9002), "Contoh Dua", "Contoh Ibu", "Petani", "Dusun Contoh"]]
    with pytest.raises(Unreadable, match="Beri judul kolom"):
        read_roster(csv(rows), "a.csv", expected())
    wishes = Wishes(columns={None: {"nik": 0, "name": 1, "mother": 2, "job": 3}})
    assert fates(read_roster(csv(rows), "a.csv", expected(), wishes)) == {1: "F birth_offered", 2: "F birth_offered"}


def test_without_heading_the_family_card_is_told_from_the_nik():
    card = nik(9001, date(2012, 1, 11))
    rows = [[card, nik(9000 + each), f"Contoh {each}", "17-08-1980", "L", "Petani"] for each in (1, 2, 3)]
    reading = read_roster(csv(rows), "a.csv", expected())
    assert (fates(reading), reading.sheets[0].columns["nik"]) == ({1: "A", 2: "A", 3: "A"}, 1)
    with pytest.raises(Unreadable, match="Beri judul kolom"):
        read_roster(csv([[*each[:3], each[5]] for each in rows]), "a.csv", expected())


def test_the_fields_of_the_officers_own_template():
    head = [
        "NO",
        "JENIS IDENTITAS",
        "NOMOR_IDENTITAS",
        "NAMA_LENGKAP",
        "TGL_LAHIR",
        "KODE POS",
        "LOKASI PEKERJAAN",
        "JENIS_PEKERJAAN",
        "TGL_KEPESERTAAN",
        "NIK ANAK",
    ]
    row = [1, "KTP", nik(), "Contoh Satu", "17-08-1980", "92511", "Bulukumba", "Petani", "01-01-2026", nik(9902)]
    assert fates_of(csv([head, row])) == {2: "A"}


def test_a_csv_that_a_spreadsheet_put_into_one_column():
    lines = csv(CLEAN).decode().splitlines()
    assert fates_of(xlsx({"A": [[each] for each in lines]})) == ALL_WELL


def test_a_vacant_post_is_nobody():
    assert fates_of(csv([HEAD, a_row(1), [2, "", "(kosong)", "", "", "Kaur Umum"], [3, "-", "KOSONG", "-", "-", "Kasi"]])) == {2: "A"}


def test_prefilled_numbers_and_rows_of_formulas_are_nobody():
    rows = [HEAD, a_row(1), [2, "", "", "", "", ""], [3], [4, "-", "-", "-", "-", "-"], ["", Broken("#N/A"), Broken("#N/A")], a_row(7)]
    assert fates_of(xlsx({"A": rows})) == {2: "A", 7: "A"}


def test_row_numbers_are_those_that_a_user_sees():
    assert list(fates_of(xlsx({"A": [[], [], ["", *HEAD], [], ["", *a_row(1)]]}))) == [5]
    assert list(fates_of(b"\n\n" + csv(CLEAN))) == [4, 5, 6]
    assert list(fates_of(ods({"A": [[], [], HEAD, a_row(1)]}))) == [4]
    quoted = csv([HEAD, a_row(1, name="Contoh\nSatu"), a_row(2)])
    assert fates_of(quoted) == {2: "A", 3: "A"}


# --- the NIK ---


def test_digits_are_never_invented():
    rows = [
        HEAD,
        a_row(1, nik="73O2011708809001"),
        a_row(2, nik="730201170880900"),
        a_row(3, nik="73020117088090031"),
        a_row(4, nik="7,30201E+15"),
        a_row(5, nik=Broken("#N/A")),
        a_row(6, nik="7302014513809006"),
        a_row(7, nik="7302011708800000"),
        a_row(8, nik="198008172005011001"),
        a_row(9, nik="belum ada"),
        a_row(10, nik=""),
        a_row(11, nik="7302 0117-0880.9011"),
        a_row(12, nik="'\u200b7302011708809012\u00a0"),
    ]
    found = fates_of(xlsx({"A": rows}))
    assert found == {
        2: "R nik_letters", 3: "R nik_length", 4: "R nik_length", 5: "R nik_scientific", 6: "R nik_error", 7: "R nik_date", 8: "R nik_serial",
        9: "R nik_is_nip", 10: "R nik_letters", 11: "R nik_missing", 12: "A", 13: "A",
    }  # fmt: skip


def test_a_number_keeps_fifteen_digits():
    rows = [
        HEAD,
        a_row(1, nik=int(nik(9001))),
        a_row(2, nik=int(nik(9010))),
        a_row(3, nik=int(nik(9003)[:15])),
        a_row(4, nik=nik(9020)),
        a_row(5, nik=float(nik(9005)) + 0.0),
    ]
    wanted = {2: "A", 3: "F nik_rounded", 4: "R nik_length", 5: "A", 6: "A"}
    assert fates_of(xlsx({"A": rows})) == wanted
    assert fates_of(ods({"A": rows})) == wanted
    assert fates_of(xls(rows)) == wanted


def test_a_text_list_in_which_every_nik_ends_in_0_was_a_list_of_numbers():
    rows = [HEAD, *(a_row(each, nik=nik(9000 + 10 * each)) for each in (1, 2, 3))]
    assert set(fates_of(csv(rows)).values()) == {"F nik_rounded"}
    assert set(fates_of(csv([*rows, a_row(4)])).values()) == {"A"}


def test_a_number_of_a_foreign_regency_is_no_fault():
    assert fates_of(csv([HEAD, a_row(1, nik=nik(9001, area="317401")), a_row(2, nik=nik(9002, area="910110"))])) == {2: "A", 3: "A"}


def test_what_differs_from_the_nik_is_flagged():
    rows = [HEAD, a_row(1, birth="18-08-1980"), a_row(2, sex="P"), a_row(3, sex=""), a_row(4, sex="X"), a_row(5, birth=""), a_row(6, birth="-")]
    assert fates_of(csv(rows)) == {2: "F birth_differs", 3: "F sex_differs", 4: "A", 5: "F sex_unreadable", 6: "F birth_offered", 7: "F birth_offered"}


def test_day_and_month_that_an_english_spreadsheet_turned_round_are_noticed():
    born = date(1980, 8, 5)
    rows = [
        HEAD,
        a_row(1, nik=nik(9001, born), birth=date(1980, 5, 8)),
        a_row(2, nik=nik(9002, born), birth="08/05/1980"),
        a_row(3, nik=nik(9003, born), birth=born),
    ]
    assert fates_of(xlsx({"A": rows})) == {2: "F birth_swapped", 3: "F birth_swapped", 4: "A"}


def test_a_family_card_number_is_no_nik():
    head = [*HEAD, "No KK"]
    card = nik(9001, date(2012, 1, 11))
    rows = [head, [*a_row(1, nik=card), card], [*a_row(2), card], [*a_row(3), nik(9003)]]
    assert fates_of(csv(rows)) == {2: "R nik_is_kk", 3: "A", 4: "F kk_is_nik"}
    family = [HEAD, a_row(1, nik=card), a_row(2, nik=card, birth="01-02-1990", sex="P"), a_row(3)]
    assert fates_of(csv(family)) == {2: "R nik_is_kk", 3: "R nik_is_kk", 4: "A"}


def test_one_person_once():
    rows = [HEAD, a_row(1), a_row(2), a_row(3, nik=nik(9001), name="contoh  satu 1"), a_row(4, nik=nik(9002)), a_row(5)]
    reading = read_roster(csv(rows), "a.csv", expected())
    assert fates(reading) == {2: "A", 3: "F nik_shared", 4: "R repeated", 5: "R repeated", 6: "A"}
    assert reading.rows[2].remarks == ("NIK yang sama sudah ada di berkas ini: baris 2",)


def test_the_same_person_under_two_numbers():
    rows = [
        HEAD,
        a_row(1, name="Contoh Sama"),
        a_row(2, name="CONTOH SAMA"),
        a_row(3),
        a_row(4, name="Contoh Lain"),
        a_row(5, name="Contoh Lain", nik=nik(8127)),
    ]
    assert fates_of(csv(rows)) == {2: "F nik_near", 3: "F nik_near", 4: "A", 5: "F same_person", 6: "F same_person"}


# --- dates, ages, who may not ---


@pytest.mark.parametrize(
    "typed",
    [
        "17-08-1980", "17/8/1980", "17.08.80", "17 Agustus 1980", "17 Agust 1980", "17-Agt-1980", "17 Ags 80", "17-Aug-80", "17 AGUSTUS 1980", "1980-08-17",
        "1980-08-17 00:00:00", "29450", "17081980", "Bulukumba, 17-08-1980", "Minggu, 17 Agustus 1980", "17-VIII-1980",
    ],
)  # fmt: skip
def test_one_date_in_its_spellings(typed):
    assert fates_of(csv([HEAD, a_row(1, birth=typed)])) == {2: "A"}


def test_dates_that_cannot_be_are_never_repaired():
    days = ["30-02-1980", "31/04/1980", "08/17/1980", "17-08-2030", "17-08-1880", "17-08-198O", "1980", "kemarin", "00-00-0000"]
    found = fates_of(csv([HEAD, *(a_row(place, birth=typed) for place, typed in enumerate(days, 1))]))
    told = ["unreal", "unreal", "unreal", "impossible", "impossible", "unreadable", "unreadable", "unreadable", "impossible"]
    assert list(found.values()) == [f"R birth_{each}" for each in told]


def test_serial_numbers_in_number_cells_and_a_bare_year():
    assert fates_of(xlsx({"A": [HEAD, a_row(1, birth=29450), a_row(2, birth=1980), a_row(3, birth=BORN)]})) == {2: "A", 3: "R birth_unreadable", 4: "A"}


def test_other_months_in_their_spellings():
    born = [
        (date(1980, 11, 5), "5 Nopember 1980"),
        (date(1980, 2, 5), "05 Pebruari 80"),
        (date(1980, 10, 5), "5-Okt-1980"),
        (date(1980, 3, 5), "5 Mar 1980"),
        (date(2004, 12, 5), "5 Des 04"),
    ]
    assert set(fates_of(csv([HEAD, *(a_row(place, nik=nik(9000 + place, day), birth=typed) for place, (day, typed) in enumerate(born, 1))])).values()) == {"A"}


def test_too_old_too_young_deceased_and_servants_of_the_state():
    old, last, child = date(1961, 11, 22), date(1961, 11, 23), date(2009, 11, 23)
    head = [*HEAD, "NIP", "Keterangan"]
    rows = [
        head,
        a_row(1, nik=nik(9001, old), birth=old),
        a_row(2, nik=nik(9002, last), birth=last),
        a_row(3, nik=nik(9003, child), birth=child),
        a_row(4, name="Contoh Empat (Almh)"),
        [*a_row(5), "", "meninggal dunia"],
        a_row(6, job="PNS"),
        [*a_row(7), "19800817 200501 1 001", ""],
        [*a_row(8), "", "Pensiunan PNS"],
        a_row(9, name="Contoh bin Alm. Fulan"),
        a_row(10, name="Contoh Almira"),
    ]
    wanted = {2: "F aged", 3: "A", 4: "F young", 5: "F deceased", 6: "F deceased", 7: "F civil_servant", 8: "F civil_servant", 9: "A", 10: "A", 11: "A"}
    assert fates_of(xlsx({"A": rows})) == wanted
    assert fates_of(xlsx({"A": rows}), category="perangkat")[7] == "A"


def test_what_is_required_is_required():
    rows = [HEAD, a_row(1, name=""), a_row(2, job=""), a_row(3, nik="", birth=""), a_row(4, name="x" * 400)]
    assert fates_of(csv(rows)) == {2: "R name_missing", 3: "R job_missing", 4: "R nik_missing birth_missing", 5: "R too_long"}


def test_an_heir_and_an_official_are_no_participants():
    rows = [
        HEAD,
        a_row(1),
        ["", nik(9901, sex="P"), "Contoh Istri", "17-08-1980", "P", "Istri"],
        ["", nik(9902, sex="P"), "Ahli waris: Contoh Anak", "17-08-1980", "P", ""],
        a_row(2),
        *SIGNATURES,
    ]
    assert fates_of(xlsx({"A": rows})) == {2: "A", 5: "A"}
    assert fates_of(csv([HEAD[1:], a_row(1)[1:], a_row(2, job="Istri")[1:]])) == {2: "A", 3: "F maybe_heir"}
    heirs = [["No", "NIK Ahli Waris", "Nama Ahli Waris", "Hubungan"], [1, nik(9901), "Contoh Anak", "Anak"]]
    reading = read_roster(xlsx({"Peserta": CLEAN, "Waris": heirs}), "a.xlsx", expected())
    assert [each.why_not for each in reading.sheets] == ["", "Lembar ini berisi ahli waris, bukan peserta."]
    below = [*CLEAN, [], ["DAFTAR AHLI WARIS"], *heirs]
    assert fates_of(xlsx({"A": below})) == ALL_WELL


# --- sheets ---


def test_several_sheets_a_hidden_one_and_one_without_a_table():
    content = xlsx(
        {
            "Dusun A": [HEAD, a_row(1)],
            "Dusun B": [HEAD, a_row(2), a_row(3, nik=nik(9001))],
            "Lama": [HEAD, a_row(4)],
            "Rekap": [["Dusun", "Jumlah"], ["A", 1]],
            "Kosong": [],
        },
        hidden=["Lama"],
    )
    reading = read_roster(content, "a.xlsx", expected())
    assert_totals(reading)
    assert fates(reading) == {"Dusun A!2": "F nik_shared", "Dusun B!2": "A", "Dusun B!3": "R repeated"}
    assert reading.rows[2].remarks == ("NIK yang sama sudah ada di berkas ini: lembar Dusun A, baris 2",)
    told = {each.name: (each.hidden, bool(each.why_not)) for each in reading.sheets}
    assert told == {"Dusun A": (False, False), "Dusun B": (False, False), "Lama": (True, True), "Rekap": (False, True), "Kosong": (False, True)}
    asked = read_roster(content, "a.xlsx", expected(), Wishes(hidden=("Lama",), left_out=("Dusun B",)))
    assert fates(asked) == {"Dusun A!2": "A", "Lama!2": "A"}


def test_a_hidden_sheet_alone_is_asked_about():
    content = ods({"Terlihat": [], "Rahasia": CLEAN}, hidden=["Rahasia"])
    with pytest.raises(Unreadable, match="tersembunyi"):
        read_roster(content, "a.ods", expected())
    assert len(read_roster(content, "a.ods", expected(), Wishes(hidden=("Rahasia",))).rows) == 3


def test_a_chart_sheet_is_said_to_be_none():
    def chart(book):
        sheet = book.add_chartsheet("Grafik")
        drawn = book.add_chart({"type": "bar"})
        drawn.add_series({"values": "=A!$A$2:$A$3"})
        sheet.set_chart(drawn)

    reading = read_roster(xlsx({"A": CLEAN}, finish=chart), "a.xlsx", expected())
    assert [each.why_not for each in reading.sheets] == ["", "Ini lembar grafik atau makro, bukan tabel."]


def test_columns_can_be_corrected():
    rows = [["NIK", "Nama", "Sebutan", "Lahir", "Pekerjaan"], [nik(), "Contoh Satu", "Contoh Benar", "17-08-1980", "Petani"]]
    reading = read_roster(csv(rows), "a.csv", expected(), Wishes(columns={None: {"name": 2}}))
    assert reading.rows[0].person.name == "Contoh Benar"
    assert reading.sheets[0].columns["name"] == 2


# --- categories and villages ---


def test_a_column_may_name_the_category():
    rows = [[*HEAD, "Kelompok"], [*a_row(1), "BPD"], [*a_row(2), "Perangkat Desa"], [*a_row(3), "Pekerja Rentan"], [*a_row(4), "Antah"], [*a_row(5), ""]]
    reading = read_roster(csv(rows), "a.csv", expected(category=""))
    assert fates(reading) == {2: "A", 3: "A", 4: "A", 5: "R category_unknown", 6: "R category_missing"}
    assert [each.person.category for each in reading.rows[:3]] == ["bpd", "perangkat", "pekerja_rentan"]


def test_a_column_of_farmers_groups_is_no_category():
    rows = [[*HEAD, "Kelompok"], [*a_row(1), "Tani Maju"], [*a_row(2), "Tani Jaya"]]
    assert fates_of(csv(rows)) == {2: "A", 3: "A"}


def test_the_whole_kabupaten_by_code_by_name_and_never_by_guess():
    head = [*HEAD, "Kode Desa", "Desa", "Kecamatan"]
    said = [
        ("73.02.01.2004", "", ""), ("", "Bialo", "Gantarang"), ("", "Desa Bonto Macinna", "Kec. Gantarang"), ("", "Lembanna", ""), ("", "Lembanna", "KAJANG"),
        ("", "Antah Berantah", "Kajang"), ("", "Palampang", "Rilau Ale"), ("", "", ""), ("73.02.01.2004", "Lembanna", "Kajang"), ("", "Salassae", "Bulukumba"),
    ]  # fmt: skip
    reading = read_roster(csv([head, *([*a_row(place), *each] for place, each in enumerate(said, 1))]), "a.csv", expected(village=""))
    assert list(fates(reading).values()) == [
        "A", "A", "A", "R village_ambiguous", "A", "R village_unknown", "R village_kelurahan", "R village_missing", "R village_ambiguous", "A",
    ]  # fmt: skip
    assert [each.person.village for each in reading.rows[:3]] == [BIALO, BIALO, "73.02.01.2005"]
    assert reading.rows[3].person.village == ""


def test_a_sheet_or_line_may_name_the_village():
    content = xlsx({"Bialo": [HEAD, a_row(1)], "Padang": [["DESA PADANG"], HEAD, a_row(2)]})
    assert [each.person.village for each in read_roster(content, "a.xlsx", expected(village="")).rows] == [BIALO, "73.02.01.2012"]


def test_a_row_of_another_village_is_flagged_in_a_villages_list():
    rows = [[*HEAD, "Desa", "Kecamatan"], [*a_row(1), "Bialo", "Gantarang"], [*a_row(2), "Padang", "Gantarang"], [*a_row(3), "Lembanna", ""]]
    assert fates_of(csv(rows)) == {2: "A", 3: "F village_differs", 4: "F village_differs"}
    assert fates_of(csv(rows), village="73.02.06.2004")[4] == "A"


def test_a_merged_village_cell_counts_for_all_its_rows():
    rows = [[*HEAD, "Desa", "Kecamatan"], [*a_row(1), "Bialo", "Gantarang"], a_row(2), a_row(3)]
    reading = read_roster(xlsx({"A": rows}, {"A": ["G2:G3", "H2:H3"]}), "a.xlsx", expected(village=""))
    assert fates(reading) == {2: "A", 3: "A", 4: "R village_missing"}


# --- hostile and broken ---


def test_hostile_names_are_text():
    names = ["=cmd|'/c calc'!A1", "<script>alert(1)</script>", "Contoh \u202eutaS", "x" * 1_000_000, "{{ 7*7 }}", "Contoh 'Daeng' Satu"]
    reading = read_roster(xlsx({"A": [HEAD, *(a_row(place, name=name[:32000]) for place, name in enumerate(names, 1))]}), "a.xlsx", expected())
    assert list(fates(reading).values()) == ["F name_odd", "F name_odd", "A", "R too_long", "R name_missing name_odd", "A"]
    assert reading.rows[2].person.name == "Contoh utaS"
    (long,) = read_roster(csv([HEAD, a_row(1, name=names[3])]), "a.csv", expected()).rows
    assert len(long.person.name) <= 300 < 1000 < len(long.cells[2]) <= 1001


def test_an_open_quote_swallows_nobody():
    rows = csv([HEAD, a_row(1), a_row(2), a_row(3)]).replace(b"Contoh Satu", b'"Contoh Satu')
    assert list(fates_of(rows)) == [2, 3, 4]


def test_the_marks_by_which_excel_keeps_text_in_csv():
    content = b"sep=;\r\n" + csv([HEAD]) + f'1;="{nik()}";Contoh Satu;17-08-1980;L;Petani\r\n'.encode()
    assert fates_of(content) == {2: "A"}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "kosong"),
        (b"  \r\n\r\n ", "kosong"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "gambar"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0", "gambar"),
        (b"Rar!\x1a\x07\0", "arsip"),
        (xlsx({"A": CLEAN})[:-900], "rusak"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "kata sandi"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "rusak"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "XML"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "halaman web"),
        (b"<html><body><p>Tidak ada tabel</p></body></html>", "tidak berisi tabel"),
        (bytes(range(256)) * 20, "bukan lembar sebar"),
        (csv([HEAD]), "tidak ada baris peserta"),
        (csv([HEAD, ["Jumlah", "", "0 orang"]]), "tidak ada baris peserta"),
        (b"Yth. Bapak Camat\nBersama ini kami kirim daftar.\n", "Beri judul kolom"),
        (csv([["No", "Nama", "Pekerjaan", "L/P"], [1, "Contoh Satu", "Petani", "L"]]), "Kolom NIK tidak ditemukan"),
        (xlsx({"A": []}), "tidak berisi"),
    ],
)
def test_what_is_no_list_is_refused_with_a_next_step(content, says):
    with pytest.raises(Unreadable, match=says):
        read_roster(content, "daftar.xlsx", expected())


def test_a_word_document_is_refused():
    document = repacked(xlsx({"A": CLEAN}), lambda name, part: part)
    import io
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<w:document/>")
    with pytest.raises(Unreadable, match="Word"):
        read_roster(out.getvalue(), "daftar.xlsx", expected())
    assert read_table(document)


# --- back to be mended ---


def test_faulty_rows_go_back_with_a_reason_and_come_again():
    head = [*HEAD, "Keterangan"]
    rows = [head, a_row(1), [*a_row(2, nik=int(nik(9020))), "PNS"], a_row(3, nik="73O2011708809003"), a_row(4, birth=date(1980, 8, 18))]
    reading = read_roster(xlsx({"A": rows}), "a.xlsx", expected())
    titles, faulty = faulty_rows(reading)
    assert titles == (*head, "Alasan")
    assert [len(each) for each in faulty] == [8, 8, 8]
    assert "PNS" in faulty[0][-1]
    again = read_roster(csv([titles, *faulty]), "a.csv", expected())
    assert fates(again) == {2: "R nik_letters civil_servant", 3: "R nik_letters", 4: "F birth_differs"}
    mended = [list(each) for each in faulty]
    mended[0][1], mended[0][6], mended[1][1], mended[2][3] = nik(9020), "", nik(9003), "17-08-1980"
    assert set(fates(read_roster(xlsx({"B": [titles, *mended]}), "b.xlsx", expected())).values()) == {"A"}
    assert faulty_rows(again)[0] == (*head, "", "Alasan")


def test_faulty_rows_of_two_sheets_share_the_columns_of_the_first():
    other = [["Nama", "NIK", "Jabatan", "Tgl Lahir"], ["Contoh Lima", "123", "Imam", "17-08-1980"]]
    titles, faulty = faulty_rows(read_roster(xlsx({"A": [HEAD, a_row(1, sex="P")], "B": other}), "a.xlsx", expected()))
    assert titles == (*HEAD, "Alasan")
    assert faulty[1][1:6] == ("123", "Contoh Lima", "17-08-1980", "", "Imam")


def test_a_head_of_village_without_nik_is_meant_to_be_a_person():
    rows = [
        ["Jabatan", "Nama", "NIK"],
        ["Kepala Desa", "Contoh Kepala", ""],
        ["Sekretaris Desa", "Contoh Dua", nik(9002)],
        ["", "", ""],
        ["Kepala Desa Bialo"],
        ["", "Contoh Kepala"],
    ]
    assert fates_of(csv(rows), category="perangkat") == {2: "R nik_missing birth_missing", 3: "F birth_offered"}


def test_a_rejected_row_does_not_keep_the_nik_from_a_good_one():
    assert fates_of(csv([HEAD, a_row(1, job=""), a_row(2, nik=nik(9001), name="Contoh Satu 1")])) == {2: "R job_missing repeated", 3: "A"}


def test_a_scientific_number_that_became_a_number_again():
    assert fates_of(xlsx({"A": [HEAD, a_row(1, nik=7302010000000000)]})) == {2: "R nik_scientific"}


def test_notes_counts_of_sexes_and_long_titles_are_nobody():
    head = ["No", "NIK (16 digit, contoh: 7302010101800001, tanpa spasi)", "Nama Lengkap", "Tanggal Lahir (contoh: 17-08-1945)", "L/P", "Pekerjaan"]
    notes = [["", 5, "Laki-laki"], ["", 3, "Perempuan"], ["", "", "Catatan:"], [1, "", "Pastikan NIK sesuai KTP"], [2, "", "Kirim sebelum akhir bulan"]]
    assert fates_of(csv([head, a_row(1), *notes])) == {2: "A"}


def test_lines_put_into_quotes_as_a_whole():
    lines = csv(CLEAN).decode().splitlines()
    assert fates_of("\n".join(f'"{each}"' for each in lines).encode()) == ALL_WELL


def test_the_death_or_the_post_of_another_is_not_ones_own():
    head = [*HEAD, "Keterangan"]
    said = ["Suami meninggal", "Janda cerai mati", "Istri PNS", "Non ASN", "Sudah meninggal", "ASN"]
    found = fates_of(csv([head, *([*a_row(place), each] for place, each in enumerate(said, 1))]))
    assert list(found.values()) == ["A", "A", "A", "A", "F deceased", "F civil_servant"]
