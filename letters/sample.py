"""Obviously invented people, offices and sums, shared by the samples of all kinds."""

from datetime import date
from decimal import Decimal

from letters.parts import (
    AccordCited,
    AgreementCited,
    Contact,
    Group,
    Kop,
    LegalBasis,
    Line,
    Mandate,
    Party,
    Person,
    PersonInCharge,
    Rate,
    Recipient,
    Share,
    Signer,
    Village,
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
LEGAL_BASES = tuple(LegalBasis(text=text) for text in (
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
))
JKK, JKM = "Pasal 16 PP 44/2015 jo. PP 82/2019", "Pasal 18 PP 44/2015 jo. PP 82/2019"
BPU_JKK, BPU_JKM = "Lampiran II PP 44/2015", "Pasal 20 PP 44/2015"


def _line(category: str, segment: str, people: int, base: str | None, jkk: str, jkm: str) -> Line:
    rates = (
        (Rate(programme="JKK", rate="0,24%", article=JKK, monthly=Decimal(jkk)),
         Rate(programme="JKM", rate="0,30%", article=JKM, monthly=Decimal(jkm))) if segment == "PU" else
        (Rate(programme="JKK", rate="1% dari dasar", article=BPU_JKK, monthly=Decimal(jkk)),
         Rate(programme="JKM", rate="Rp6.800,00 per orang", article=BPU_JKM, monthly=Decimal(jkm))))
    monthly = Decimal(jkk) + Decimal(jkm)
    return Line(category=category, segment=segment, people=people, wage_base=Decimal(base) if base else None, rates=rates,
                monthly=monthly, blth_from=date(2027, 1, 1), blth_until=date(2027, 12, 1), months=12, yearly=monthly * 12)


LINES = (
    _line("Kepala Desa", "PU", 1, "2426640", "5823.94", "7279.92"),
    _line("Perangkat Desa", "PU", 9, None, "44164.85", "55206.06"),
    _line("Badan Permusyawaratan Desa", "PU", 7, "1000000", "16800.00", "21000.00"),
    _line("Lembaga Kemasyarakatan Desa", "PU", 22, "1000000", "52800.00", "66000.00"),
    _line("Pekerja Rentan", "BPU", 15, "1000000", "150000.00", "102000.00"),
)
SOURCES = (("ADD",), ("ADD",), ("ADD", "PBH"), ("ADD",), ("PADes",))
SHARES = tuple(
    Share(category=each.category, people=each.people, monthly=each.monthly, yearly=each.yearly, fund_sources=sources)
    for each, sources in zip(LINES, SOURCES, strict=True))
PEOPLE = sum(each.people for each in SHARES)
MONTHLY = sum((each.monthly or Decimal(0) for each in SHARES), Decimal(0))
YEARLY = sum((each.yearly for each in SHARES), Decimal(0))


FIRST = ("ANDI", "BASO", "BESSE", "DAENG", "HALIMAH", "JUMRIAH", "KAMARUDDIN", "MAPPA", "NURHAYATI", "RAHMAN", "SITTI")
SECOND = ("CONTOH", "MISAL", "REKAAN", "UMPAMA", "SAMARAN")
POSTS = {"Kepala Desa": "Kepala Desa", "Perangkat Desa": "Kepala Urusan", "Badan Permusyawaratan Desa": "Anggota BPD",
         "Lembaga Kemasyarakatan Desa": "Ketua RT", "Pekerja Rentan": "Petani penggarap"}


def person(number: int, category: str) -> Person:
    """Someone who does not exist: serial numbers from 9001, names that say so."""
    woman, born = number % 3 == 0, date(1968 + number % 35, 1 + number % 12, 1 + number % 28)
    return Person(
        nik=f"730299{born.day + 40 * woman:02d}{born:%m%y}{9000 + number:04d}", sex="P" if woman else "L", born_on=born,
        name=f"{FIRST[number % 11]} {SECOND[number % 5]} {SECOND[number % 3]}", post=POSTS.get(category, category),
        programmes=("JKK", "JKM"), wage_base=Decimal("2426640" if category == "Kepala Desa" else "1000000"))


def groups(*sizes: tuple[str, int]) -> tuple[Group, ...]:
    """Categories of so many people each."""
    made, number = [], 0
    for category, size in sizes:
        made.append(Group(category=category, people=tuple(person(number + n, category) for n in range(1, size + 1))))
        number += size
    return tuple(made)


GROUPS = groups(*((each.category, each.people) for each in LINES))
RECIPIENT = Recipient(title="Kepala Desa Contoh", through="Camat Umpama", place="Contoh")
PIC = PersonInCharge(name="RAHMAN SAMARAN, S.H.", position="Penelaah Teknis Kebijakan", phone="0800-0000-0901")
