"""Every kind of paper prints its sample, complete, and can be read back."""

import re
from dataclasses import fields, is_dataclass
from datetime import date
from io import BytesIO

import pikepdf
import pytest

from letters import UnknownKind, kind
from letters.indonesian import rupiah
from letters.press import to_pdf


def strings(value):
    """Every text fact of a letter."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from strings(each)
    elif is_dataclass(value):
        for each in fields(value):
            yield from strings(getattr(value, each.name))


def test_a_sample_prints_and_says_its_page_on_every_page(slug, press_room):
    texts = press_room.texts(press_room.sample(slug, True))
    for number, text in enumerate(texts, 1):
        assert f"Halaman {number} dari {len(texts)}" in text


def test_numbers_names_and_totals_can_be_read_back(slug, press_room):
    letter, text = kind(slug).SAMPLE, " ".join(press_room.texts(press_room.sample(slug, True)))
    squeezed = re.sub(r"\s", "", text)
    for name in ("number", "number_kedua"):
        if hasattr(letter, name):
            assert getattr(letter, name) in text.replace("\ufffe", "") or getattr(letter, name) in squeezed
    for name in ("kesatu", "kedua", "head", "signer"):
        signer = getattr(letter, name, None)
        signer = getattr(signer, "signer", signer)
        if getattr(signer, "name", None) and slug not in ("perjanjian_desa",):
            assert re.sub(r"\s", "", signer.name) in squeezed
    if hasattr(letter, "yearly"):
        assert rupiah(letter.yearly)[2:] in text


def test_every_font_is_embedded(slug, press_room):
    with pikepdf.open(BytesIO(press_room.sample(slug, True))) as pdf:
        fonts = [each for each in pdf.objects if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/FontDescriptor"]
        assert fonts
        for each in fonts:
            assert any(name in each for name in ("/FontFile", "/FontFile2", "/FontFile3")), each.FontName
            assert any(name in str(each.FontName) for name in ("Liberation-Sans", *(("URW-Bookman",) if kind(slug).font == "bookman" else ()))), each.FontName


def test_an_issued_paper_carries_a_code_on_every_page(slug, press_room):
    codes = press_room.codes(press_room.sample(slug, True))
    for number, found in enumerate(codes, 1):
        assert found == [f"https://sinergi.contoh.invalid/v/{press_room.token}?h={number}&v=1&r=1"]


def test_a_preview_says_so_and_carries_no_code(slug, press_room):
    preview = press_room.sample(slug, False)
    assert all("KONSEP" in text for text in press_room.texts(preview))
    assert not any(press_room.codes(preview))


def test_preview_and_issued_paper_have_the_same_pages(slug, press_room):
    assert len(press_room.texts(press_room.sample(slug, True))) == len(press_room.texts(press_room.sample(slug, False)))


def test_a_sample_says_it_is_one_on_every_page(slug, press_room):
    assert all("CONTOH" in text for text in press_room.texts(press_room.sample(slug, True)))


def test_the_same_facts_give_the_same_bytes(slug, press_room):
    from letters import press

    press._laid.cache_clear()
    assert to_pdf(kind(slug).SAMPLE, press_room.issued) == press_room.sample(slug, True)


def test_no_person_and_no_moment_stands_in_the_metadata(slug, press_room):
    with pikepdf.open(BytesIO(press_room.sample(slug, True))) as pdf:
        assert str(pdf.docinfo["/Title"])
        told = " ".join(map(str, dict(pdf.docinfo).values())) + pdf.Root.Metadata.read_bytes().decode()
        assert "Date" not in " ".join(pdf.docinfo.keys()) and "/Author" not in pdf.docinfo
        assert "CONTOH UMPAMA" not in told and "pdfaid" in told
        assert "/ID" in pdf.trailer


def test_a_kind_says_what_the_house_asks(slug):
    its = kind(slug)
    assert its.about in ("accord", "agreement", "history", "kabupaten")
    assert its.numbered in ("drawn", "parent", "typed", None)
    assert its.renditions == (2 if hasattr(its.SAMPLE, "rangkap") else 1)
    assert its.SAMPLE.contoh and its.template_version >= 1 and len(its.template_digest) == 64
    assert (its.numbered == "drawn") <= bool(its.archive_code)


def test_a_sample_names_nobody_who_could_exist(slug):
    for text in strings(kind(slug).SAMPLE):
        for nik in re.findall(r"\b\d{16}\b", text):
            assert nik[12] == "9"


def test_no_paper_prints_its_own_hash_or_a_date_of_its_own(slug):
    for each in kind(slug).folder.glob("*.html"):
        assert "now(" not in each.read_text() and "today" not in each.read_text()


def test_an_unknown_kind_is_refused_by_name():
    with pytest.raises(UnknownKind, match="surat_cinta"):
        kind("surat_cinta")


@pytest.mark.parametrize("size", ["A4", "F4"])
def test_the_sheet_is_the_offices_choice(slug, size, press_room):
    from dataclasses import replace

    letter = kind(slug).SAMPLE
    printed = to_pdf(replace(letter, paper=replace(letter.paper, size=size)), press_room.issued)
    with pikepdf.open(BytesIO(printed)) as pdf:
        sides = sorted(round(float(each) * 25.4 / 72) for each in pdf.pages[0].mediabox[2:])
        assert sides == {"A4": [210, 297], "F4": [215, 330]}[size]


def test_articles_are_numbered_without_a_gap(press_room):
    for slug in ("perjanjian_desa", "perjanjian_kerja_sama"):
        text = " ".join(press_room.texts(press_room.sample(slug, True)))
        numbers = [int(each) for each in re.findall(r"Pasal (\d+) [A-Z]{3}", text)]
        assert numbers == list(range(1, len(numbers) + 1)) and len(numbers) >= 12


def test_only_the_meterai_box_and_the_copys_number_differ_between_the_originals(press_room):
    from dataclasses import replace

    letter = replace(kind("perjanjian_desa").SAMPLE, rangkap=2)
    second = press_room.texts(to_pdf(letter, replace(press_room.issued, rangkap=2)))
    first = press_room.texts(press_room.sample("perjanjian_desa", True))
    assert [each.replace("Rangkap 2", "Rangkap 1") for each in second[:-1]] == \
        [each.replace("Rangkap 2", "Rangkap 1") for each in first[:-1]]
    assert all(text.count("Meterai") == (1 if text == texts[-1] else 0) for texts in (first, second) for text in texts)


def test_dates_stay_dates(slug):
    assert all(type(each) is not str or not re.fullmatch(r"\d{4}-\d\d-\d\d", each) for each in strings(kind(slug).SAMPLE))
    assert date


def bare(value):
    """The letter with nothing but what has no default: as early as anyone may look at it."""
    from dataclasses import MISSING, replace

    if isinstance(value, tuple):
        return tuple(map(bare, value))
    if not is_dataclass(value):
        return value
    return replace(value, **{each.name: bare(getattr(value, each.name)) if each.default is MISSING else each.default
                             for each in fields(value)})


def test_a_village_that_has_nothing_yet_can_be_looked_at(slug, press_room):
    from dataclasses import replace

    from letters.press import Preview

    letter = replace(bare(kind(slug).SAMPLE), contoh=True)
    nothing = {name: 0 for name in ("people", "people_before", "yearly", "yearly_before") if hasattr(letter, name)} if slug != "surat_pernyataan" else {}
    texts = press_room.texts(to_pdf(replace(letter, **nothing), Preview()))
    assert texts and ("......" in " ".join(texts) or slug in ("rekap", "buku_agenda", "buku_ekspedisi", "sertifikat_riwayat"))


def test_the_agenda_shows_missing_and_void_numbers_and_counts_each_number_once(press_room):
    from letters.press import Printout

    letter = kind("buku_agenda").SAMPLE
    text = " ".join(press_room.texts(to_pdf(letter, Printout())))
    assert "904 Nomor hilang" in text and "batal: Salah alamat" in text
    assert "Jumlah nomor urut: 6, yaitu 3 terbit, 1 dicadangkan, 1 batal, dan 1 hilang" in text


def test_a_print_out_is_neither_a_draft_nor_issued(press_room):
    from letters.press import Printout

    printed = to_pdf(kind("buku_agenda").SAMPLE, Printout())
    texts = press_room.texts(printed)
    assert not any(press_room.codes(printed)) and not any("KONSEP" in text for text in texts)
    for number, text in enumerate(texts, 1):
        assert "Cetakan dari register, bukan naskah bernomor" in text and f"Halaman {number} dari {len(texts)}" in text and "CONTOH" in text


def test_the_agendas_head_is_repeated_and_its_sum_does_not_stand_alone(press_room):
    from dataclasses import replace

    from letters.press import Printout

    one = kind("buku_agenda").SAMPLE.entries[2]
    for count in range(36, 44):
        entries = tuple(replace(one, seq=n, number=f"400/{n}") for n in range(1, count + 1))
        texts = press_room.texts(to_pdf(replace(kind("buku_agenda").SAMPLE, entries=entries), Printout()))
        assert all("No. urut Nomor naskah" in text for text in texts)
        assert f"400/{count}" in texts[-1] and f"Jumlah nomor urut: {count}," in texts[-1]


def test_a_reminder_about_a_draft_names_no_number_and_nobody(press_room):
    from dataclasses import replace

    letter = replace(kind("surat_teguran").SAMPLE, agreement=None, people=0, yearly=kind("surat_teguran").SAMPLE.yearly * 0)
    text = " ".join(press_room.texts(to_pdf(letter, press_room.issued)))
    assert "rancangan perjanjian Desa Contoh Tahun Anggaran 2027" in text
    assert "orang" not in text and "Rp" not in text and "100.3.7.1" not in text


def test_a_civil_servants_number_is_told_in_its_four_parts():
    from letters.indonesian import nip

    assert nip("197001011995031901") == "19700101 199503 1 901"
    assert nip("19700101 199503 1 901") == "19700101 199503 1 901" and nip("900000901") == "900000901"


def test_programmes_stand_above_the_people_unless_they_differ_within_a_category(press_room):
    from dataclasses import replace

    letter = kind("lampiran_peserta").SAMPLE
    assert "B. Perangkat Desa: 9 (sembilan) orang, program JKK dan JKM" in press_room.texts(press_room.sample("lampiran_peserta", True))[0]
    first, *rest = letter.groups
    second = replace(rest[0], people=(replace(rest[0].people[0], programmes=("JKK", "JKM", "JHT")), *rest[0].people[1:]))
    text = press_room.texts(to_pdf(replace(letter, groups=(first, second, *rest[1:])), press_room.issued))[0]
    assert "JKK, JKM, JHT" in text and "orang, program" not in text


@pytest.mark.parametrize("kind_of_annex", ["lampiran_peserta", "lampiran_iuran"])
def test_a_kept_layout_gives_the_second_original_as_a_fresh_one_would(kind_of_annex, press_room):
    from dataclasses import replace

    from letters import press

    letter = kind(kind_of_annex).SAMPLE
    second = replace(letter, rangkap=2), replace(press_room.issued, rangkap=2)
    press._laid.cache_clear()
    to_pdf(letter, press_room.issued)
    kept = to_pdf(*second)
    assert press._laid.cache_info().hits == 1
    press._laid.cache_clear()
    assert to_pdf(*second) == kept


@pytest.mark.parametrize("count", [1, 2, 13, 14, 15, 61])
def test_a_long_life_breaks_between_events_and_leaves_none_alone(count, press_room):
    from dataclasses import replace

    letter = kind("sertifikat_riwayat").SAMPLE
    hashes = [f"{n:04x}{'ab' * 30}" for n in range(1, count + 1)]
    events = tuple(replace(letter.events[n % 8], seq=1000 + n, hash=each) for n, each in enumerate(hashes, 1))
    long = replace(letter, events=events, chain=replace(letter.chain, first=1001, last=1000 + count, length=2000), proofs=letter.proofs * 14)
    texts = [each.replace(" ", "") for each in press_room.texts(to_pdf(long, press_room.issued))]
    held = [sum(each in text for each in hashes) for text in texts]
    assert sum(held) == count and (count < 2 or 1 not in held)  # a hash is never torn between two pages
    assert all("Sidikperistiwa(SHA-256)" in text for text, events in zip(texts, held, strict=True) if events)
