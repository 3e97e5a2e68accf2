"""Obviously invented people, offices and sums, shared by the samples of all kinds."""

from datetime import date
from decimal import Decimal

from letters.parts import (
    AccordCited, AgreementCited, Contact, Kop, LegalBasis, Mandate, Party, Share, Signer, Village,
)

KOP = Kop(
    lines=("Pemerintah Kabupaten Bulukumba", "Dinas Pemberdayaan Masyarakat dan Desa"),
    address="Jalan Contoh Raya Nomor 1, Bulukumba 92500", phone="(0413) 000000", email="dpmd@contoh.invalid",
    website="dpmd.contoh.invalid",
)
VILLAGE_KOP = Kop(
    lines=("Pemerintah Kabupaten Bulukumba", "Kecamatan Umpama", "Desa Contoh"),
    address="Jalan Poros Umpama Nomor 2, Desa Contoh 92599", phone="(0413) 000001",
)
DPMD_HEAD = Signer(
    name="Drs. H. ANDI CONTOH UMPAMA, M.Si.", position="Kepala Dinas Pemberdayaan Masyarakat dan Desa",
    rank="Pembina Utama Muda", number_label="NIP", number="19700101 199503 1 901",
)
BRANCH_HEAD = Signer(
    name="SITTI MISAL REKAAN, S.E.", position="Kepala BPJS Ketenagakerjaan Cabang Bulukumba", number_label="NPK", number="900000901",
)
HEAD = Signer(name="BASO PERUMPAMAAN", position="Kepala Desa Contoh")
VILLAGE = Village(name="Contoh", code="73.02.99.2901", kecamatan="Umpama", kabupaten="Kabupaten Bulukumba")
KESATU = Party(
    order=1, institution="Dinas Pemberdayaan Masyarakat dan Desa Kabupaten Bulukumba",
    on_behalf_of="Pemerintah Kabupaten Bulukumba", seat="Jalan Contoh Raya Nomor 1, Bulukumba",
    profile="perangkat daerah yang melaksanakan urusan pemerintahan di bidang pemberdayaan masyarakat dan desa di Kabupaten Bulukumba",
    signer=DPMD_HEAD, authority="Keputusan Bupati Bulukumba Nomor 901 Tahun 2025 tanggal 2 Januari 2025",
    mandate=Mandate(number="100.2.2/901/2026", dated_on=date(2026, 1, 5), giver="Bupati Bulukumba"),
    contact=Contact(unit="Bidang Pemerintahan Desa", address="Jalan Contoh Raya Nomor 1, Bulukumba 92500",
                    phone="(0413) 000000", email="dpmd@contoh.invalid"),
)
KEDUA = Party(
    order=2, institution="BPJS Ketenagakerjaan Cabang Bulukumba", on_behalf_of="BPJS Ketenagakerjaan",
    seat="Jalan Misal Nomor 9, Bulukumba",
    profile="badan hukum publik yang menyelenggarakan program jaminan sosial ketenagakerjaan berdasarkan Undang-Undang "
            "Nomor 24 Tahun 2011 tentang Badan Penyelenggara Jaminan Sosial",
    signer=BRANCH_HEAD, authority="Keputusan Direksi BPJS Ketenagakerjaan Nomor KEP/901/012025",
    contact=Contact(unit="Bidang Kepesertaan", address="Jalan Misal Nomor 9, Bulukumba", phone="(0413) 000009",
                    email="cabang@contoh.invalid"),
)
ACCORD = AccordCited(
    title="Perjanjian Kerja Sama tentang Penyelenggaraan Program Jaminan Sosial Ketenagakerjaan bagi Aparatur Pemerintahan "
          "Desa, Anggota Lembaga Desa, dan Pekerja Rentan",
    number_kesatu="100.3.7.1/900/DPMD/I/2026", number_kedua="PER/900/012026", dated_on=date(2026, 1, 12),
)
AGREEMENT = AgreementCited(number="100.3.7.1/901/DPMD/XI/2026", number_kedua="PER/901/112026",
                           dated_on=date(2026, 11, 23), fiscal_year=2027)
LEGAL_BASES = tuple(map(lambda text: LegalBasis(text=text), (
    "Undang-Undang Nomor 40 Tahun 2004 tentang Sistem Jaminan Sosial Nasional (Lembaran Negara Republik Indonesia Tahun 2004 "
    "Nomor 150, Tambahan Lembaran Negara Republik Indonesia Nomor 4456) sebagaimana telah beberapa kali diubah",
    "Undang-Undang Nomor 24 Tahun 2011 tentang Badan Penyelenggara Jaminan Sosial (Lembaran Negara Republik Indonesia Tahun "
    "2011 Nomor 116, Tambahan Lembaran Negara Republik Indonesia Nomor 5256)",
    "Undang-Undang Nomor 6 Tahun 2014 tentang Desa (Lembaran Negara Republik Indonesia Tahun 2014 Nomor 7, Tambahan Lembaran "
    "Negara Republik Indonesia Nomor 5495) sebagaimana telah diubah dengan Undang-Undang Nomor 3 Tahun 2024",
    "Peraturan Pemerintah Nomor 44 Tahun 2015 tentang Penyelenggaraan Program Jaminan Kecelakaan Kerja dan Jaminan Kematian "
    "sebagaimana telah beberapa kali diubah, terakhir dengan Peraturan Pemerintah Nomor 49 Tahun 2023",
    "Peraturan Pemerintah Nomor 28 Tahun 2018 tentang Kerja Sama Daerah",
    "Peraturan Menteri Dalam Negeri Nomor 20 Tahun 2018 tentang Pengelolaan Keuangan Desa",
)))
SHARES = (
    Share(category="Kepala Desa", people=1, monthly=Decimal("13103.86"), yearly=Decimal("157246.32"), fund_sources=("ADD",)),
    Share(category="Perangkat Desa", people=9, monthly=Decimal("99371.15"), yearly=Decimal("1192453.80"), fund_sources=("ADD",)),
    Share(category="Badan Permusyawaratan Desa", people=7, monthly=Decimal("37800.00"), yearly=Decimal("453600.00"),
          fund_sources=("ADD", "PBH")),
    Share(category="Lembaga Kemasyarakatan Desa", people=22, monthly=Decimal("118800.00"), yearly=Decimal("1425600.00"),
          fund_sources=("ADD",)),
    Share(category="Pekerja Rentan", people=15, monthly=Decimal("252000.00"), yearly=Decimal("3024000.00"),
          fund_sources=("PADes",)),
)
PEOPLE = sum(each.people for each in SHARES)
MONTHLY = sum((each.monthly or Decimal(0) for each in SHARES), Decimal(0))
YEARLY = sum((each.yearly for each in SHARES), Decimal(0))
