"""What is missing, foreign or hostile stops the press, with a sentence; nothing is printed around it."""

from dataclasses import is_dataclass, replace
from pathlib import Path

import pytest

from letters import PressStopped, kind, printing, typesetting
from letters.parts import picture
from letters.press import Preview, to_pdf

LETTER = kind("surat_pengantar").SAMPLE
HOSTILE = [
    "<img src='http://127.0.0.1:9/x.png'>", "<script>alert(1)</script>", "</style><link rel=stylesheet href=file:///etc/passwd>",
    "{{ letter.kop }} {% include 'shared/kop.html' %}", "file:///etc/passwd", "url(file:///etc/passwd)", "&lt;b&gt; &amp; \"kutip\" 'tunggal'",
    "=HYPERLINK(1)", "@import 'x'",
]


def named(name):
    return replace(LETTER, signer=replace(LETTER.signer, name=name))


def test_an_empty_required_fact_stops_the_press(slug):
    letter = kind(slug).SAMPLE
    village = getattr(letter, "village", None)
    if is_dataclass(village):
        broken = replace(letter, village=replace(village, name=" "))
    else:
        broken = replace(letter, **{next(each for each in ("village", "kabupaten", "office", "place", "zone") if getattr(letter, each, None)): " "})
    with pytest.raises(PressStopped, match="isian kosong"):
        to_pdf(broken, Preview())


def test_a_number_may_stand_open_in_a_preview_but_not_in_an_issued_paper(press_room):
    open_yet = replace(LETTER, number=None, dated_on=None)
    assert "..........." in press_room.texts(to_pdf(open_yet, Preview()))[0]
    with pytest.raises(PressStopped, match="number, dated_on"):
        to_pdf(open_yet, press_room.issued)


def test_figures_that_contradict_each_other_stop_the_press(press_room):
    letter = kind("lampiran_iuran").SAMPLE
    with pytest.raises(PressStopped, match="Jumlah iuran setahun"):
        to_pdf(replace(letter, yearly=letter.yearly + 1), Preview())


def test_a_misspelt_field_stops_the_press(monkeypatch, tmp_path):
    from jinja2 import DictLoader

    monkeypatch.setattr(printing._environment(), "loader", DictLoader({"surat_pengantar/letter.html": "{{ letter.nomer }}"}))
    printing._environment().cache.clear()
    with pytest.raises(PressStopped, match="nomer"):
        to_pdf(LETTER, Preview())
    printing._environment().cache.clear()


def test_nothing_prints_as_none(monkeypatch):
    from jinja2 import DictLoader

    monkeypatch.setattr(printing._environment(), "loader", DictLoader({"surat_pengantar/letter.html": "{{ letter.contact }}"}))
    printing._environment().cache.clear()
    with pytest.raises(PressStopped, match="isian kosong"):
        to_pdf(replace(LETTER, contact=None), Preview())
    printing._environment().cache.clear()


def test_a_missing_font_stops_the_press(monkeypatch):
    monkeypatch.setitem(printing.FONTS, "arial", "Fonta Yang Tidak Ada")
    with pytest.raises(PressStopped, match="Fonta Yang Tidak Ada tidak terpasang"):
        to_pdf(LETTER, Preview())


def test_bookman_is_there_for_decrees():
    typesetting.lay_out("<html lang=id><title>x</title><style>html{font-family:'URW Bookman'}</style><p>Menetapkan", "URW Bookman")


@pytest.mark.parametrize("letters", ["名前", "नाम", "\U0001f600", "ﷺ"])
def test_a_letter_that_the_font_lacks_stops_the_press(letters):
    with pytest.raises(PressStopped, match="Huruf|mengeluh"):
        to_pdf(named(f"BASO {letters}"), Preview())


def test_a_missing_picture_stops_the_press(monkeypatch):
    monkeypatch.setitem(typesetting.OWN_PICTURES, "letters:emblem.svg", Path("tidak-ada.svg"))
    typesetting._pictures.clear()
    with pytest.raises(PressStopped, match="tidak-ada.svg"):
        to_pdf(LETTER, Preview())


@pytest.mark.parametrize("emblem", ["http://127.0.0.1:9/a.png", "file:///etc/passwd", "/etc/passwd", "data:text/html;base64,AAAA",
                                    "data:image/svg+xml;base64,PHN2Zy8+", picture(b"\x89PNG\r\n\x1a\nrusak")])
def test_a_foreign_or_broken_emblem_stops_the_press(emblem):
    with pytest.raises(PressStopped):
        to_pdf(replace(LETTER, kop=replace(LETTER.kop, emblem=emblem)), Preview())


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_shown_as_text(name, press_room, monkeypatch):
    fetched = []
    real = typesetting.OwnFiles.fetch
    monkeypatch.setattr(typesetting.OwnFiles, "fetch", lambda self, url, headers=None: (fetched.append(url), real(self, url))[1])
    text = "".join(press_room.texts(to_pdf(named(name), Preview()))).replace(" ", "")
    assert name.replace(" ", "") in text
    assert set(fetched) <= set(typesetting.OWN_PICTURES)


def test_marks_that_turn_writing_around_are_shown_by_number(press_room):
    text = " ".join(press_room.texts(to_pdf(named("BASO \u202eABAC\u202c\x07\ud800"), Preview())))
    for shown in ("[U+202E]", "[U+202C]", "[U+0007]", "[U+D800]"):
        assert shown in text.replace(" ", "")


@pytest.mark.parametrize("name", ["A" * 10_000, "kata " * 2_000, "1" * 10_000])
def test_ten_thousand_letters_are_printed_whole(name, press_room):
    printed = press_room.texts(to_pdf(replace(LETTER, village=replace(LETTER.village, name=name)), Preview()))
    assert "".join(printed).replace(" ", "").count(name[0]) >= 10_000 / len(set(name.replace(" ", "")))


def test_long_names_wrap_inside_the_sheet(press_room):
    import pypdfium2

    letter = kind("lampiran_peserta").SAMPLE
    person = replace(letter.groups[0].people[0], name="SITTI " + "REKAANPANJANGSEKALI" * 6, post="PENGEMUDI" * 9)
    broken = replace(letter, groups=(replace(letter.groups[0], people=(person,)), *letter.groups[1:]))
    page = pypdfium2.PdfDocument(to_pdf(broken, Preview()))[0]
    text = page.get_textpage()
    boxes = [text.get_charbox(n) for n in range(text.count_chars())]
    assert max(right for left, low, right, high in boxes if right > left and high - low < 20) <= (210 - 20) * 72 / 25.4 + 1


def test_a_fatal_fetch_is_a_sentence_and_not_a_base_exception():
    with pytest.raises(PressStopped, match="tidak boleh"):
        typesetting.lay_out("<title>x</title><img src='http://127.0.0.1:9/x.png' alt=x>", "Liberation Sans")


def test_any_log_line_stops_the_press():
    with pytest.raises(PressStopped, match="mengeluh"):
        typesetting.lay_out("<title>x</title><style>p { colour: red }</style><p>x", "Liberation Sans")


def test_the_wrong_copy_is_refused(press_room):
    with pytest.raises(PressStopped, match="Rangkap"):
        to_pdf(kind("perjanjian_desa").SAMPLE, replace(press_room.issued, rangkap=2))


def test_missing_pango_names_the_packages(monkeypatch):
    import builtins
    import sys

    real = builtins.__import__

    def without(name, *rest, **more):
        if name == "letters" and "typesetting" in (rest[2] if len(rest) > 2 else ()):
            raise OSError("cannot load library 'libpangoft2-1.0-0'")
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(PressStopped, match="libpangoft2-1.0-0 dan libharfbuzz-subset0"):
        to_pdf(LETTER, Preview())
    assert sys.modules


def test_a_ready_machine_has_no_remedies_and_a_bare_one_names_the_package(monkeypatch):
    from letters.readiness import remedies

    assert remedies() == ()
    monkeypatch.setitem(printing.FONTS, "bookman", "Bookman Yang Tidak Ada")
    assert "Bookman Yang Tidak Ada tidak terpasang" in remedies()[0]


def test_an_offices_own_emblem_is_printed(press_room):
    import struct
    import zlib

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = b"".join(b"\0" + b"\x10\x80\x40" * 40 for _ in range(50))
    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 40, 50, 8, 2, 0, 0, 0)) + \
        chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    letter = replace(LETTER, kop=replace(LETTER.kop, emblem=picture(png)))
    first = to_pdf(letter, Preview())
    assert b"/Subtype /Image" in first and first == to_pdf(letter, Preview())
    with pytest.raises(ValueError, match="PNG atau JPEG"):
        picture(b"GIF89a")


def test_an_unknown_sheet_is_a_sentence():
    with pytest.raises(PressStopped, match="tidak dapat disusun"):
        to_pdf(replace(LETTER, paper=replace(LETTER.paper, size="A5")), Preview())
