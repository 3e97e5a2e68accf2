"""Long tables: heads repeat, no row and no signature stands alone."""

import re
from dataclasses import replace

import pytest

from letters import kind, sample
from letters.parts import Paper
from letters.press import Preview, to_pdf

HEAD = "No. NIK Nama"


def annex(count, size="A4", parties=False):
    split = (("Kepala Desa", 1), ("Perangkat Desa", count - 1)) if count > 1 else (("Kepala Desa", 1),)
    letter = kind("lampiran_peserta").SAMPLE
    return replace(letter, paper=Paper(size=size), groups=sample.groups(*split), people=count,
                   kesatu=sample.KESATU if parties else None, kedua=sample.KEDUA if parties else None)


COUNTS = (1, 2, 3, 17, 18, 19, 30, 31, 32, 33, 34, 35, 36, 110, 300)
CASES = [*((n, "A4", False) for n in COUNTS), *((n, "F4", False) for n in (1, 19, 31, 36, 110)), *((n, "A4", True) for n in (1, 2, 19, 31, 33, 110))]


@pytest.mark.parametrize(("count", "size", "parties"), CASES)
def test_an_annex_never_leaves_a_lonely_row_or_an_empty_signature_page(count, size, parties, press_room):
    texts = press_room.texts(to_pdf(annex(count, size, parties), Preview()))
    rows = [re.findall(r"\b730299\d{10}\b", text) for text in texts]
    assert sum(map(len, rows)) == count
    assert all(HEAD in text for text in texts)
    signed = [n for n, text in enumerate(texts) if "Mengetahui dan menyatakan benar" in text]
    assert signed == [len(texts) - 1]
    assert len(rows[-1]) >= min(3, count)
    assert f"Jumlah seluruh peserta: {count}" in texts[-1]
    assert sample.HEAD.name in texts[-1]


def test_a_group_never_begins_at_the_foot_of_a_page_without_a_row(press_room):
    for extra in range(25, 40):
        groups = sample.groups(("Perangkat Desa", extra), ("Pekerja Rentan", 12))
        texts = press_room.texts(to_pdf(replace(annex(1), groups=groups, people=extra + 12), Preview()))
        page = next(text for text in texts if "B. Pekerja Rentan" in text)
        assert re.search(r"B\. Pekerja Rentan.*?730299\d{10}", page)


@pytest.mark.parametrize("parties", [False, True])
@pytest.mark.parametrize("lines", [1, 2, 3, 4, 5, 6, 7, 9, 14, 30])
def test_the_sums_stay_with_a_row_and_the_signature(lines, parties, press_room):
    letter = kind("lampiran_iuran").SAMPLE
    if parties:
        letter = replace(letter, kesatu=sample.KESATU, kedua=sample.KEDUA)
    many = tuple(replace(sample.LINES[n % 5], category=f"Kategori {n + 1}") for n in range(lines))
    letter = replace(letter, lines=many, people=sum(each.people for each in many), monthly=sum(each.monthly for each in many),
                     yearly=sum(each.yearly for each in many))
    texts = press_room.texts(to_pdf(letter, Preview()))
    assert all("Kategori, segmen" in text for text in texts[1:])
    assert "Kategori 1 " in texts[0] or lines < 3
    assert f"Kategori {lines}" in texts[-1] and "Terbilang" in texts[-1] and sample.HEAD.name in texts[-1]


def test_an_empty_roster_can_be_looked_at_but_not_issued(press_room):
    from letters import PressStopped

    letter = replace(annex(1), groups=(), people=0)
    assert "belum dibekukan" in press_room.texts(to_pdf(letter, Preview()))[0]
    with pytest.raises(PressStopped, match="groups"):
        to_pdf(letter, press_room.issued)
