"""Files made to hurt: they are read within the limits or refused with a sentence, and nothing is lost in silence."""

import io
import time
import zipfile

import pytest

from webapp.sheets import Unreadable, read_roster
from webapp.sheets.grid import ask_child

from .making import HEAD, a_row, assert_totals, csv, expected, fates, ods, repacked, xlsx

ONE = xlsx({"A": [HEAD, a_row(1)]})
MIB_300 = 300 * 1024


def with_row(row: str, content: bytes = ONE) -> bytes:
    """A row more in the first sheet."""
    return repacked(content, lambda name, part: part.replace(b"</sheetData>", row.encode() + b"</sheetData>") if name.endswith("sheet1.xml") else part)


def measured(content: bytes) -> dict:
    """The child's answer, in time and within its memory."""
    start = time.monotonic()
    answer = ask_child(content, measure=True)
    assert answer.get("peak", 0) < MIB_300
    assert time.monotonic() - start < 20
    return answer


@pytest.mark.parametrize("cell", ["XFD1048576", "A1048576", "XFD3", "ZZ99"])
def test_one_far_cell_neither_hurts_nor_vanishes(cell):
    content = with_row(f'<row r="{cell.strip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}"><c r="{cell}"><v>1</v></c></row>')
    assert len(content) < 7_000
    measured(content)
    reading = read_roster(content, "a.xlsx", expected())
    assert fates(reading) == {2: "A"}
    assert cell in reading.sheets[0].remark
    assert reading.counts["read"] == 3
    assert_totals(reading)


def test_a_far_cell_in_ods_is_told_too():
    far = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row><table:table-row><table:table-cell table:number-columns-repeated="16383"/><table:table-cell office:value-type="float" office:value="1"><text:p>1</text:p></table:table-cell></table:table-row>'
    content = ods({"A": [HEAD, a_row(1)]}, more=far, padded=False)
    measured(content)
    reading = read_roster(content, "a.ods", expected())
    assert (fates(reading), reading.sheets[0].remark[-11:]) == ({2: "A"}, "XFD1048003.")


def test_blank_cells_painted_to_the_end_are_nothing():
    painted = "".join(f'<row r="{row}"><c r="A{row}" s="1"/><c r="XFD{row}" s="1"/></row>' for row in range(3, 60_000, 50))
    reading = read_roster(with_row(painted), "a.xlsx", expected())
    assert (fates(reading), reading.sheets[0].remark) == ({2: "A"}, "")


def a_zip(name: str, size: int, base: bytes = ONE) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(base)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, old.read(entry.filename))
        with new.open(name, "w", force_zip64=True) as part:
            for _ in range(size // 2**20):
                part.write(bytes(2**20))
    return out.getvalue()


def test_a_zip_that_swells_is_refused_before_it_is_opened():
    content = a_zip("xl/media/huge.xml", 300 * 2**20)
    assert len(content) < 400_000
    assert "mengembang" in measured(content)["refused"]


def test_a_zip_that_lies_about_its_size_is_refused():
    content = bytearray(a_zip("xl/worksheets/sheet9.xml", 40 * 2**20))
    place = content.rfind(b"PK\x01\x02")
    content[place + 24 : place + 28] = (1000).to_bytes(4, "little")
    assert "refused" in measured(bytes(content))


def test_many_entries_are_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for place in range(3_000):
            archive.writestr(f"xl/{place}.xml", "")
    assert "mengembang" in measured(out.getvalue())["refused"]


def test_a_million_shared_strings_stay_within_the_memory():
    strings = "<sst>" + "<si><t>Contoh Panjang Sekali</t></si>" * 1_000_000 + "</sst>"
    content = repacked(ONE, lambda name, part: strings.encode() if name.endswith("sharedStrings.xml") else part)
    answer = measured(content)
    assert "refused" in answer or answer["sheets"]


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefgh", "bcdefghi", strict=True)) + "]>"


@pytest.mark.parametrize("part", ["xl/sharedStrings.xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"])
def test_a_billion_laughs_are_refused(part):
    content = repacked(ONE, lambda name, xml: xml.replace(b"?>", b"?>" + LAUGHS.encode(), 1) if name == part else xml)
    assert "perintah" in measured(content)["refused"]
    assert "perintah" in measured(repacked(ods({"A": [HEAD, a_row(1)]}), lambda name, xml: xml.replace(b"?>", b"?>" + LAUGHS.encode(), 1)))["refused"]


def test_repeated_cells_that_fill_a_whole_ods_are_refused():
    wall = '<table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384" office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>'
    assert "banyak sel" in measured(ods({"A": []}, more=wall))["refused"]


def test_more_rows_than_a_list_can_have_are_refused():
    with pytest.raises(Unreadable, match=r"20\.000 baris"):
        read_roster(csv([HEAD, *([1] for _ in range(20_001))]), "a.csv", expected())


def test_a_deep_web_page_and_a_wide_row_end():
    measured(b"<html><table>" + b"<table><tr><td>" * 50_000)
    measured(b"<table><tr>" + b"<td colspan=999999>x</td>" * 20_000)
    measured(b";" * 3_000_000)
    measured(b'"' * 3_000_000)
    measured(b"\n" * 3_000_000)


SLOW = {
    "headings only": [HEAD] * 12_000,
    "headings in every order": [[HEAD[(turn + each) % 6] for each in range(6)] + [f"Kolom {turn % 900}"] for turn in range(4_000)],
    "one name for all": [HEAD, *(a_row(each, name="Contoh Sama", nik=f"730201170880{each % 9999 + 1:04}") for each in range(1, 9_000))],
    "villages of every name": [[*HEAD, "Desa"], *([*a_row(each), f"Antah Berantah {each}"] for each in range(1, 4_000))],
    "words without end": [["Nama tanpa NIK " * 8] * 150 for _ in range(200)],
}


@pytest.mark.parametrize("shape", SLOW)
def test_no_shape_of_a_list_takes_long_to_judge(shape):
    content, start = csv(SLOW[shape]), time.process_time()
    try:
        assert_totals(read_roster(content, "a.csv", expected(village="" if "villages" in shape else "73.02.01.2004")))
    except Unreadable as error:
        assert str(error)
    assert time.process_time() - start < 10


def test_a_file_beyond_the_size_is_refused_unread():
    with pytest.raises(Unreadable, match="25 MB"):
        read_roster(bytes(26 * 2**20), "a.xlsx", expected())
