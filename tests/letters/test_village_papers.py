"""Amendment, decree, request, mandate, invitation and minutes: what each must say, and where its signature stands."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest

from letters import kind, sample
from letters.adendum.letter import ARTICLE_CHANGE, ARTICLE_MONEY, ARTICLE_PEOPLE
from letters.indonesian import rupiah, terbilang_rupiah
from letters.press import Issued, Preview, to_pdf
from letters.stopped import PressStopped


def text_of(letter, press_room):
    return " ".join(press_room.texts(to_pdf(letter, Preview())))


# --- adendum ---


def test_an_amendment_names_articles_that_the_agreement_has(press_room):
    text = " ".join(press_room.texts(press_room.sample("perjanjian_desa", True)))
    for number, title in ((ARTICLE_PEOPLE, "PESERTA"), (ARTICLE_MONEY, "PROGRAM DAN IURAN"), (ARTICLE_CHANGE, "PERUBAHAN DATA PESERTA")):
        assert f"Pasal {number} {title}" in text


def test_an_amendment_tells_every_change_and_both_sums(press_room):
    letter, text = kind("adendum").SAMPLE, " ".join(press_room.texts(press_room.sample("adendum", True)))
    for each in (*letter.came, *letter.left, *letter.altered):
        assert each.nik in text and each.name.split()[0] in text
    for each in letter.altered[0].differences:
        assert each.before in text and each.after in text
    for value in (letter.yearly_before, letter.yearly, letter.effect):
        assert rupiah(value)[2:] in text and terbilang_rupiah(value) in text
    assert "ADENDUM KESATU" in text and sample.AGREEMENT.number in re.sub(r"\s", "", text)
    assert "Meninggal 11-06-2027" in text and "iuran Juli–Desember 2027" in text


def test_an_amendment_without_money_has_no_article_on_money(press_room):
    letter = kind("adendum").SAMPLE
    text = text_of(replace(letter, came=(), left=(), shares=(), people=letter.people_before, yearly=letter.yearly_before), press_room)
    assert "PERUBAHAN IURAN" not in text and "tidak berubah, yaitu 54" in text
    assert [int(each) for each in re.findall(r"Pasal (\d+) [A-Z]{3}", text)] == [1, 2]


def test_an_amendment_that_costs_more_says_so_and_is_budgeted(press_room):
    letter = kind("adendum").SAMPLE
    share = replace(letter.shares[0], yearly_after=letter.shares[0].yearly_before + 64800)
    text = text_of(replace(letter, shares=(share,), yearly=letter.yearly_before + 64800), press_room)
    assert "bertambah sebesar Rp64.800,00" in text and "+64.800,00" in text and "menganggarkan tambahan Iuran" in text


def test_a_later_amendment_cites_the_earlier_one(press_room):
    from letters.adendum.letter import Earlier

    letter = kind("adendum").SAMPLE
    earlier = Earlier(ordinal=1, number="100.3.7.1/777/DPMD/II/2027", dated_on=letter.dated_on)
    text = text_of(replace(letter, ordinal=2, earlier=(earlier,)), press_room)
    assert "ADENDUM KEDUA" in text and "Adendum Kesatu Nomor" in text and "100.3.7.1/777/DPMD/II/2027" in text


def test_articles_of_an_agreement_from_the_archive_are_not_guessed(press_room):
    text = text_of(replace(kind("adendum").SAMPLE, own_text=False), press_room)
    assert "ayat (1) Perjanjian" not in text and "Ketentuan Perjanjian mengenai jumlah Peserta" in text


def test_sums_that_contradict_the_categories_stop_the_press():
    with pytest.raises(PressStopped, match="Selisih iuran"):
        to_pdf(replace(kind("adendum").SAMPLE, yearly=Decimal(1)), Preview())


@pytest.mark.parametrize("count", [0, 1, 8, 17, 25, 40, 90])
def test_long_lists_of_changes_keep_their_heads_and_their_signature(count, press_room):
    letter = kind("adendum").SAMPLE
    came = tuple(replace(letter.came[0], nik=sample.person(200 + n, "Pekerja Rentan").nik) for n in range(count))
    altered = tuple(replace(letter.altered[0], nik=sample.person(500 + n, "Perangkat Desa").nik) for n in range(count))
    texts = press_room.texts(to_pdf(replace(letter, came=came, altered=altered), Preview()))
    rows = [re.findall(r"\b730299\d{10}\b", text) for text in texts]
    assert sum(map(len, rows)) == 2 * count + 1
    assert all("No. NIK Nama" in text for text, found in zip(texts, rows, strict=True) if found)
    assert [n for n, text in enumerate(texts) if "Mengetahui dan menyatakan benar" in text] == [len(texts) - 1]
    assert rows[-1] or not count


def test_only_rangkap_1_and_2_differ_in_the_place_of_the_meterai(press_room):
    letter = kind("adendum").SAMPLE
    first, second = (press_room.texts(to_pdf(replace(letter, rangkap=n), Issued(press_room.token, "https://sinergi.contoh.invalid", 1, n))) for n in (1, 2))
    assert [text.count("Meterai") for text in first] == [text.count("Meterai") for text in second]
    assert sum(text.count("Meterai") for text in first) == 1


# --- keputusan ---


def test_a_decree_is_set_in_bookman_and_names_nobody_by_nik(press_room):
    letter, text = kind("keputusan_kepala_desa").SAMPLE, " ".join(press_room.texts(press_room.sample("keputusan_kepala_desa", True)))
    assert "NOMOR 903 TAHUN 2026" in text and "MEMUTUSKAN" in text and "Memperhatikan" in text
    assert [text.index(each) for each in ("KESATU", "KEDUA", "KETIGA", "KEEMPAT", "KELIMA")] == sorted(text.index(each) for each in ("KESATU", "KEDUA", "KETIGA", "KEEMPAT", "KELIMA"))
    assert sum(text.count(each.name) > 0 for group in letter.groups for each in group.people) == letter.people
    assert not re.search(r"\b\d{16}\b", text) and terbilang_rupiah(letter.yearly) in text


@pytest.mark.parametrize("count", [1, 2, 26, 27, 28, 29, 30, 31, 32, 60, 120])
def test_the_names_of_a_decree_never_leave_its_signature_alone(count, press_room):
    from letters.keputusan_kepala_desa.letter import Category, Named

    people = tuple(Named(name=f"CONTOH {n}", post="Ketua RT", programmes=("JKK", "JKM")) for n in range(1, count + 1))
    letter = replace(kind("keputusan_kepala_desa").SAMPLE, groups=(Category(category="LKD", people=people),), people=count)
    texts = press_room.texts(to_pdf(letter, Preview()))
    annex = [text for text in texts if "Jabatan/pekerjaan" in text]
    assert annex[-1] == texts[-1] and f"CONTOH {count} " in texts[-1] and sample.HEAD.name in texts[-1]


def test_programmes_that_differ_within_a_category_stand_in_a_column(press_room):
    letter = kind("keputusan_kepala_desa").SAMPLE
    first, *rest = letter.groups[1].people
    groups = (letter.groups[0], replace(letter.groups[1], people=(replace(first, programmes=("JKK", "JKM", "JHT")), *rest)), *letter.groups[2:])
    assert "JKK, JKM, JHT" in text_of(replace(letter, groups=groups), press_room)


# --- permohonan, kuasa, undangan, berita acara ---


def test_a_request_adds_up_and_lists_what_goes_with_it(press_room):
    letter, text = kind("permohonan_pendaftaran").SAMPLE, " ".join(press_room.texts(press_room.sample("permohonan_pendaftaran", True)))
    for each in letter.applied:
        assert rupiah(each.yearly)[2:] in text
    assert "4 (empat) berkas" in text and all(each.title.split()[0] in text for each in letter.enclosures)
    with pytest.raises(PressStopped, match="Jumlah peserta"):
        to_pdf(replace(letter, people=1), Preview())


def test_a_mandate_is_signed_by_both_over_one_meterai(press_room):
    letter, texts = kind("surat_kuasa").SAMPLE, press_room.texts(press_room.sample("surat_kuasa", True))
    text = " ".join(texts)
    assert text.count("Meterai") == 1 and letter.subject in text and "100.2.2/901/2026" in text
    for each in (letter.giver, letter.receiver):
        assert text.count(each.signer.name) == 2
    with pytest.raises(PressStopped, match="orang yang sama"):
        to_pdf(replace(letter, giver=letter.receiver), Preview())


def test_an_invitation_says_when_where_and_what_and_lists_all_it_invites(press_room):
    letter, texts = kind("undangan").SAMPLE, press_room.texts(press_room.sample("undangan", True))
    assert "Rabu, 2 Desember 2026" in texts[0] and "09.00 WITA s.d. selesai" in texts[0] and letter.event in texts[0]
    rest = " ".join(texts[1:])
    assert all(f"{each.title} {each.kecamatan}" in rest for each in letter.invited) and "Jumlah: 40 (empat puluh) undangan" in texts[-1]
    assert all("No. Yth." in text for text in texts[1:])


def test_an_invitation_to_yesterday_is_refused():
    letter = kind("undangan").SAMPLE
    with pytest.raises(PressStopped, match="mendahului"):
        to_pdf(replace(letter, held_on=letter.dated_on.replace(day=1)), Preview())


def test_minutes_tell_day_points_promises_and_witnesses(press_room):
    letter, texts = kind("berita_acara").SAMPLE, press_room.texts(press_room.sample("berita_acara", True))
    text = " ".join(texts)
    assert "Rabu tanggal dua bulan Desember tahun dua ribu dua puluh enam (02-12-2026)" in text
    for each in (*letter.points, *letter.commitments, *(one.name for one in letter.witnesses)):
        assert each in text
    closing = next(text for text in texts if letter.witnesses[0].name in text)
    assert sample.HEAD.name in closing and "Demikian Berita Acara ini" in closing
