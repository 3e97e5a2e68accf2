"""The package: cover, contents with true page numbers, the parts as they were."""

import re
from dataclasses import replace
from hashlib import sha256
from io import BytesIO

import pikepdf
import pypdfium2
import pytest

from letters import PressStopped, kind
from letters.pack import assemble
from letters.parts import Part
from letters.press import Preview

PARTS = ("perjanjian_desa", "lampiran_peserta", "lampiran_iuran")


@pytest.fixture(scope="module")
def parts(press_room):
    return tuple(press_room.sample(slug, True) for slug in PARTS)


@pytest.fixture(scope="module")
def letter(parts):
    its = kind("paket_desa").SAMPLE
    return replace(its, parts=tuple(
        replace(told, sha256=sha256(part).hexdigest()) for told, part in zip(its.parts, parts, strict=True)))


@pytest.fixture(scope="module")
def whole(letter, parts, press_room):
    return assemble(letter, parts, press_room.issued)


def test_the_pages_are_the_sum_of_the_parts_and_each_says_which_it_is(whole, parts, press_room):
    texts, own = press_room.texts(whole), [press_room.texts(each) for each in parts]
    assert len(texts) == 2 + sum(map(len, own))
    for number, text in enumerate(texts, 1):
        assert f"Halaman {number} dari {len(texts)}" in text


def test_the_parts_keep_their_own_page_numbers(whole, parts, press_room):
    texts = iter(press_room.texts(whole)[2:])
    for part in parts:
        total = len(press_room.texts(part))
        for number in range(1, total + 1):
            assert f"Halaman {number} dari {total}" in next(texts)


def test_the_contents_name_the_pages_on_which_the_parts_really_begin(whole, letter, press_room):
    texts = press_room.texts(whole)
    begins = {"Perjanjian Pelaksanaan": "PERJANJIAN PELAKSANAAN ANTARA", "Lampiran I: Daftar Peserta": "DAFTAR PESERTA PROGRAM",
              "Lampiran II: Perhitungan Iuran": "PERHITUNGAN IURAN PROGRAM"}
    for told in letter.parts:
        row = re.search(re.escape(told.title) + r" Nomor \S+ sha256 ([0-9a-f]{32}) ([0-9a-f]{32}) (\d+) (\d+)", texts[1])
        assert row and row[1] + row[2] == told.sha256
        assert begins[told.title] in texts[int(row[3]) - 1]
        assert sum(begins[told.title] in text for text in texts) == 1


def test_the_parts_look_as_they_did_below_the_packages_line(whole, parts):
    pdf, place = pypdfium2.PdfDocument(whole), 2
    for part in parts:
        for page in pypdfium2.PdfDocument(part):
            before, after = page.render(scale=0.7).to_pil(), pdf[place].render(scale=0.7).to_pil()
            top = int(15 * 72 / 25.4 * 0.7)
            box = (0, top, *before.size)
            assert before.crop(box).tobytes() == after.crop(box).tobytes()
            place += 1


def test_codes_stay_readable_and_point_to_their_own_paper(whole, press_room):
    assert all(len(each) == 1 for each in press_room.codes(whole))


def test_the_line_of_the_package_never_covers_a_mark(whole):
    for page in pypdfium2.PdfDocument(whole):
        text = page.get_textpage()
        shown = text.get_text_bounded()
        for word in ("Paket Contoh", "CONTOH ·"):
            assert shown.count(word) == 1


def test_the_package_keeps_its_archival_marks_and_has_an_outline(whole, letter):
    with pikepdf.open(BytesIO(whole)) as pdf:
        assert b"pdfaid" in pdf.Root.Metadata.read_bytes() and "/OutputIntents" in pdf.Root
        with pdf.open_outline() as outline:
            assert [each.title for each in outline.root] == [each.title for each in letter.parts]


def test_the_same_parts_give_the_same_package(whole, letter, parts, press_room):
    assert assemble(letter, parts, press_room.issued) == whole


def test_a_swapped_part_stops_the_press(letter, parts, press_room):
    with pytest.raises(PressStopped, match="berbeda dari naskah yang diterbitkan"):
        assemble(letter, (parts[0], parts[2], parts[1]), press_room.issued)


def test_a_dropped_part_stops_the_press(letter, parts, press_room):
    with pytest.raises(PressStopped, match="3 naskah, tetapi 2"):
        assemble(letter, parts[:2], press_room.issued)


def test_drafts_are_called_drafts_and_cannot_be_issued_in_a_package(press_room):
    its, drafts = kind("paket_desa").SAMPLE, tuple(press_room.sample(slug, False) for slug in PARTS)
    texts = press_room.texts(assemble(its, drafts, Preview()))
    assert texts[1].count("konsep") == 3
    with pytest.raises(PressStopped, match="masih konsep"):
        assemble(its, drafts, press_room.issued)


def test_contents_that_need_more_pages_still_tell_the_truth(press_room):
    one = press_room.sample("surat_pernyataan", False)
    its = replace(kind("paket_desa").SAMPLE, parts=tuple(Part(title=f"Naskah {n:02d}") for n in range(1, 41)))
    texts = press_room.texts(assemble(its, (one,) * 40, Preview()))
    front = len(texts) - 40
    assert front > 2
    rows = dict(re.findall(r"Naskah (\d\d) Nomor [.\s]+ konsep (\d+) 1\b", " ".join(texts[1:front])))
    assert rows == {f"{n:02d}": str(front + n) for n in range(1, 41)}
