"""One village walks the whole road in a real browser: all roles, every stage, and the refusals on the way."""

from __future__ import annotations

import re
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from tests.builders import BIALO, OTHER, a_nik

pytestmark = pytest.mark.timeout(600, method="thread")  # a browser that hangs hangs its closing too
HERE = f"/perjanjian/{BIALO}-2026"


@pytest.fixture
def scan(tmp_path: Path) -> str:
    path = tmp_path / "pindaian contoh.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(path)
    return str(path)


@pytest.fixture
def photo(tmp_path: Path) -> str:
    path = tmp_path / "foto contoh.jpg"
    Image.new("RGB", (900, 1200), "white").save(path)
    return str(path)


def test_the_whole_road(visitor, scan, photo):
    legal, second, approver = visitor("legal"), visitor("legal2"), visitor("approver")
    bpjs, camat, village = visitor("bpjs"), visitor("camat-73.02.01"), visitor(BIALO, phone=True)

    the_office_begins(legal)
    the_village_lists_its_people(village)
    nobody_approves_his_own_draft(legal)
    the_approver_approves(approver)
    the_papers_are_printed(legal)
    bpjs_types_its_number(bpjs)
    three_sign(approver, bpjs, village, scan, photo)
    others_confirm(legal, second)
    the_camat_comes_too_early(camat)
    the_village_budgets(village, scan)
    the_camat_checks(camat)
    the_village_is_enrolled(village, bpjs, scan)
    everything_is_active(legal, village)
    the_village_downloads_its_annex(village)
    another_village_sees_nothing(visitor(OTHER, phone=True))
    the_old_cookie_is_worth_nothing(legal)


def the_office_begins(legal):
    legal.open(f"/desa/{BIALO}/perjanjian-baru?tahun=2026")
    legal.page.get_by_label("Tanggal perjanjian").fill("2026-03-02")
    legal.press("Mulai perjanjian")
    assert legal.sees("Daftar peserta dibekukan")


def the_village_lists_its_people(village):
    village.open("/rumah")
    village.open(f"{HERE}/peserta/impor")
    rows = ["NIK\tNama\tTanggal lahir\tL/P\tJabatan", *(f"{a_nik(9001 + n)}\tContoh Peserta {n}\t17-05-1980\tL\tKaur Keuangan" for n in range(4))]
    village.page.get_by_label("Kelompok").select_option("perangkat")
    village.page.get_by_label("Atau tempel tabelnya").fill("\n".join([*rows, "123\tContoh Salah\t17-05-1980\tL\tKasi"]))
    village.press("Periksa dahulu")
    assert village.sees("NIK harus 16 angka")
    village.press(re.compile("Simpan 4 orang"))
    village.open(f"{HERE}/peserta/bekukan")
    village.press("Bekukan sekarang")


def nobody_approves_his_own_draft(legal):
    legal.open(f"{HERE}/periksa")
    assert legal.page.get_by_role("button", name="Setujui konsep ini").count() == 0


def the_approver_approves(approver):
    approver.open(f"{HERE}/periksa")
    approver.press("Setujui konsep ini")
    approver.open(HERE)
    assert approver.sees("Nomor kedua pihak diketahui")


def the_papers_are_printed(legal):
    for slug, title in (("perjanjian_desa", "Perjanjian"), ("lampiran_peserta", "Lampiran I"), ("lampiran_iuran", "Lampiran II")):
        legal.open(f"{HERE}/terbitkan/{slug}")
        legal.press(re.compile("^Terbitkan"))
        legal.page.get_by_role("link", name=re.compile("Unduh")).first.wait_for(timeout=90_000)
        assert legal.sees(title)


def bpjs_types_its_number(bpjs):
    bpjs.open(f"{HERE}/nomor")
    bpjs.page.get_by_label("Nomor", exact=True).fill("PER/901/032026")
    bpjs.page.get_by_label("Tanggal naskah").fill("2026-03-03")
    bpjs.press("Catat nomor")


def three_sign(approver, bpjs, village, scan, photo):
    for who, word, path in ((approver, "kesatu", scan), (bpjs, "kedua", scan), (village, "lampiran", photo)):
        who.open(f"{HERE}/tanda-tangan/{word}")
        who.page.get_by_label("Tanggal ditandatangani").fill("2026-03-09")
        who.page.get_by_label("Tempat").fill("Bulukumba")
        who.page.get_by_label(re.compile("Pindaian atau foto")).set_input_files(path)
        who.press("Kirim bukti")


def others_confirm(legal, second):
    second.open(f"{HERE}/tanda-tangan")
    for _ in range(3):
        second.open(f"{HERE}/tanda-tangan")
        second.follow("Periksa bukti")
        second.page.get_by_label(re.compile("dikonfirmasi")).check()
        second.press("Simpan putusan")
    legal.open(HERE)
    assert legal.sees("RKPDes memuat")


def the_camat_comes_too_early(camat):
    camat.open(f"{HERE}/anggaran")
    assert camat.page.get_by_label("Sesuai", exact=True).count() == 0 or camat.sees("Anggaran cukup")


def the_village_budgets(village, scan):
    for kind, number, on in (("RKPDes", "Peraturan Desa Nomor 5 Tahun 2025", "2025-09-20"), ("APBDes", "Peraturan Desa Nomor 8 Tahun 2025", "2025-12-20")):
        village.open(f"{HERE}/anggaran/dokumen")
        village.page.get_by_label(kind, exact=True).check()
        village.page.get_by_label("Nomor peraturan desa").fill(number)
        village.page.get_by_label("Tanggal ditetapkan").fill(on)
        village.page.get_by_label(re.compile("Halaman yang memuat")).set_input_files(scan)
        village.press("Simpan")
    village.open(f"{HERE}/anggaran/baris")
    village.page.get_by_label("Perangkat Desa").check()
    for label, text in (("Nama belanja", "Iuran jaminan ketenagakerjaan perangkat"), ("Kode kegiatan", "1.1.03"), ("Kode rekening", "5.1.3.04"), ("Jumlah setahun", "bukan angka")):
        village.page.get_by_label(label).fill(text)
    village.page.get_by_label("Sumber dana").select_option("ADD")
    village.press("Simpan")
    assert village.sees("Tulis jumlah rupiah")
    assert village.page.get_by_label("Nama belanja").input_value() == "Iuran jaminan ketenagakerjaan perangkat"
    village.page.get_by_label("Jumlah setahun").fill("1.000.000")
    village.press("Simpan")


def the_camat_checks(camat):
    camat.open(f"{HERE}/anggaran")
    camat.page.get_by_label("Sesuai", exact=True).check()
    camat.press("Simpan hasil pemeriksaan")


def the_village_is_enrolled(village, bpjs, scan):
    village.open(f"{HERE}/kepesertaan/diserahkan")
    village.press("Simpan")
    bpjs.open(f"{HERE}/kepesertaan/divalidasi")
    bpjs.page.get_by_label(re.compile("NPP")).fill("90000001")
    bpjs.press("Simpan")
    bpjs.open(f"{HERE}/kepesertaan/kode-iuran")
    bpjs.page.get_by_label("Kode iuran").fill("900000000001")
    bpjs.press("Simpan")
    village.open(f"{HERE}/kepesertaan/pembayaran")
    village.page.get_by_label("Nomor transaksi").fill("CONTOH-1")
    village.page.get_by_label(re.compile("Bukti pembayaran")).set_input_files(scan)
    village.press("Simpan")
    bpjs.open(f"{HERE}/kepesertaan/aktif")
    bpjs.press("Simpan")


def everything_is_active(legal, village):
    legal.open(HERE)
    assert "aktif" in legal.page.inner_text("main").lower()
    village.open("/rumah")
    legal.open(f"/desa?q={BIALO}")
    assert legal.sees("Aktif")


def the_village_downloads_its_annex(village):
    village.open("/rumah")
    with village.page.expect_download() as coming:
        village.page.get_by_role("link", name=re.compile("Unduh")).first.click()
    assert Path(coming.value.path()).read_bytes().startswith(b"%PDF-")


def another_village_sees_nothing(stranger):
    for path in (HERE, f"{HERE}/peserta", f"{HERE}/pratinjau/lampiran_peserta", "/surat/1/rangkap-1.pdf"):
        assert stranger.page.goto(stranger.address + path).status == 404


def the_old_cookie_is_worth_nothing(legal):
    old = legal.context.cookies()
    legal.open("/")
    legal.press("Keluar")
    legal.context.add_cookies(old)
    legal.page.goto(legal.address + "/")
    assert "/masuk" in legal.page.url


