"""A print set: finished papers one after the other, none of them altered."""

from io import BytesIO

import pikepdf
import pypdfium2
import pytest

from letters import PressStopped, kind
from letters.press import Press, Printout, to_pdf
from letters.print_set import joined

SLUGS = ("perjanjian_desa", "lampiran_peserta", "lampiran_iuran")


@pytest.fixture(scope="module")
def papers(press_room):
    return [(kind(slug).title, press_room.sample(slug, True)) for slug in SLUGS]


def drawn(printed: bytes) -> list[bytes]:
    """What each page draws, as bytes; an empty page draws nothing and is left out."""
    with pikepdf.open(BytesIO(printed)) as pdf:
        streams = [page.obj.get("/Contents", []) for page in pdf.pages]
        found = [b"".join(one.read_bytes() for one in each) if isinstance(each, pikepdf.Array) else each.read_bytes() for each in streams]
        return [each for each in found if each]


@pytest.mark.parametrize("duplex", [False, True])
def test_no_page_is_altered_left_out_or_moved(papers, duplex):
    assert drawn(joined(papers, duplex)) == [page for _, content in papers for page in drawn(content)]


def test_each_paper_begins_on_a_front_side(papers, press_room):
    whole, begins = joined(papers, True), 0
    texts = press_room.texts(whole)
    for _, content in papers:
        own = press_room.texts(content)
        assert begins % 2 == 0
        assert texts[begins : begins + len(own)] == own
        begins += len(own) + len(own) % 2
    assert any(not text for text in texts)  # at least one of the samples is odd


def test_a_blank_page_has_the_size_of_the_one_before(papers):
    pdf = pypdfium2.PdfDocument(joined(papers, True))
    sizes, texts = [pdf.get_page_size(n) for n in range(len(pdf))], [page.get_textpage().get_text_bounded().strip() for page in pdf]
    assert all(sizes[n] == pytest.approx(sizes[n - 1], abs=0.5) for n, text in enumerate(texts) if not text)


def test_bookmarks_lead_to_where_the_papers_begin(papers):
    with pikepdf.open(BytesIO(joined(papers, True))) as pdf, pdf.open_outline() as outline:
        assert [each.title for each in outline.root] == [title for title, _ in papers]


def test_the_same_papers_give_the_same_file(papers):
    assert joined(papers, True) == joined(papers, True)


def test_the_press_joins_in_its_child(papers):
    with Press() as press:
        assert press.join(papers, True) == joined(papers, True)


def test_what_is_no_pdf_stops_it():
    with Press() as press, pytest.raises(PressStopped):
        press.join([("rusak", b"bukan pdf")], False)


def test_the_book_tells_who_received_what_came_back_and_counts_both(press_room):
    text = " ".join(press_room.texts(to_pdf(kind("buku_ekspedisi").SAMPLE, Printout())))
    assert "BUKU EKSPEDISI" in text and "Contoh Penerima" in text and "kembali: kantor desa tutup" in text
    assert "Jumlah: 4 pengiriman, yaitu 2 diterima, 1 belum ada tanda terima, dan 1 kembali" in text


def test_a_sheet_leaves_room_for_ink_and_names_what_does_not_go_along(press_room):
    from dataclasses import replace

    its = kind("buku_ekspedisi").SAMPLE
    rows = tuple(replace(its.entries[1], recipient=f"Kepala Desa Contoh {n}") for n in range(1, 41))
    texts = press_room.texts(to_pdf(replace(its, sheet=True, entries=rows, left_out=("Desa Umpama: Lampiran I belum terbit",)), Printout()))
    assert all("Tanda tangan" in text for text in texts)
    assert "Lampiran I belum terbit" in texts[-1] and "Jumlah: 40 pengiriman" in texts[-1] and "Kepala Desa Contoh 40" in texts[-1]
    with pytest.raises(PressStopped, match="belum diterima"):
        to_pdf(replace(its, sheet=True), Printout())
