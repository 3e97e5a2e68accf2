"""Headings in their many spellings: which column holds what, in one row or two, and whether a row is a heading at all."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from .grid import Cell, CellError
from .words import level, tidy

# What a column can hold, with the words by which a person chooses it.
FIELDS: Mapping[str, str] = {
    "no": "Nomor urut",
    "nik": "NIK",
    "name": "Nama",
    "birth": "Tanggal lahir",
    "birth_both": "Tempat dan tanggal lahir",
    "birth_place": "Tempat lahir",
    "birth_day": "Tanggal lahir: tanggal",
    "birth_month": "Tanggal lahir: bulan",
    "birth_year": "Tanggal lahir: tahun",
    "sex": "Jenis kelamin",
    "sex_l": "Jenis kelamin: kolom L",
    "sex_p": "Jenis kelamin: kolom P",
    "job": "Pekerjaan atau jabatan",
    "job_more": "Pekerjaan atau jabatan (kolom kedua)",
    "category": "Kelompok peserta",
    "wage": "Dasar upah",
    "village_code": "Kode desa",
    "village": "Nama desa",
    "kecamatan": "Kecamatan",
    "mother": "Nama ibu kandung",
    "marital": "Status kawin",
    "address": "Alamat",
    "phone": "Nomor telepon",
    "kk": "Nomor KK",
    "nip": "NIP atau NRP",
    "remark": "Keterangan",
    "heir_name": "Nama ahli waris",
    "heir_relation": "Hubungan ahli waris",
    "heir_nik": "NIK ahli waris",
}
NEITHER = "-"  # a heading that was understood and holds nothing that is stored

# First fit wins; the texts are levelled. A field None is settled by a function below.
PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (field, re.compile(pattern))
    for field, pattern in (
        (NEITHER, r"^alasan( (ditolak|penolakan|bertanda))?$"),
        (
            NEITHER,
            r"\b(foto|scan|fotokopi|fotocopy|fc|upload|link|berkas|file|tanda tangan|ttd|paraf|rekening|bank|npwp|kpj|jkn|bpjs|kode pos|e ?mail|pos el|iuran)\b",
        ),
        (NEITHER, r"^(jenis|tipe|status) (identitas|ktp|kartu)|\bberlaku\b"),
        ("nik", r"\bnik\b.*\bkk\b|\bkk\b.*\bnik\b"),
        ("kk", r"\b(nkk|(no|nomor|nmr|num)( urut)? ?(kk|kartu keluarga)|kartu keluarga)\b|^kk$"),
        ("mother", r"\bibu\b"),
        (NEITHER, r"\b(suami|istri|isteri|ayah|bapak|pasangan|kepala keluarga|pendamping|petugas|pemilik)\b|^nama kk\b|\banak\b"),
        ("nip", r"\b(nip|nrp|nipppk|nip pppk)\b"),
        (NEITHER, r"\b(nipd|niap|niapd|nuptk|nomor sk|no sk|tgl sk|tanggal sk|tmt|sk)\b"),
        ("wage", r"\b(upah|gaji|penghasilan|honor\w*|siltap|insentif|pendapatan)\b"),
        (
            NEITHER,
            r"\b(lokasi|alamat|jam|masa|lama|tempat|tgl|tanggal|mulai|instansi) (kerja|bekerja|pekerjaan|tugas|mulai)\b|\b(tanggal|tgl) (daftar|mulai|masuk|pendaftaran|kepesertaan|akhir)",
        ),
        ("marital", r"\b(kawin|perkawinan|nikah|pernikahan|marital)\b"),
        ("remark", r"^status (pekerjaan|kepegawaian|pegawai|kerja)$"),
        (NEITHER, r"\b(golongan darah|gol darah)\b"),
        ("job", r"\b(pekerjaan|jabatan|profesi|posisi|job|mata pencaharian|kedudukan|jenis usaha|bidang usaha|nama usaha|tugas)\b"),
        ("address", r"\b(alamat|domisili|tempat tinggal)\b"),
        ("sex", r"\b(kelamin|jk|jkel|jns kel|jenis kel|sex|seks|gender)\b|^(lp|pw|l atau p|laki laki perempuan|pria wanita)( \w+)?$|\blp$"),
        ("birth", r"\b(lahir|lhr|kelahiran|ttl|birth|dob)\b"),
        ("name", r"\bnama (lengkap|peserta|tenaga kerja|pekerja|anggota|penerima|orang|warga)\b"),
        (
            NEITHER,
            r"\b(nama )?(dusun|dsn|lingkungan|rt|rw|rk|kabupaten|kab|provinsi|prov|lembaga|organisasi|instansi|unit kerja|nama kelompok|kelompok tani)\b$",
        ),
        ("village_code", r"\bkode( \w+)? (desa|kelurahan|wilayah|kemendagri)\b|^kode$"),
        ("village", r"\b(desa|kelurahan|kel|ds)\b"),
        ("kecamatan", r"\b(kecamatan|kec)\b"),
        ("category", r"\b(kelompok|kategori|golongan|segmen|klasifikasi)\b|\bjenis (peserta|kepesertaan|tenaga kerja)\b"),
        ("phone", r"\b(hp|telp|telepon|tlp|telpon|wa|whatsapp|handphone|ponsel|kontak|phone)\b"),
        ("name", r"\b(nama|nm|name)\b"),
        ("nik", r"\b(nik|ktp|e ktp|ektp|ktpel|kependudukan|identitas)\b|\bnik"),
        (NEITHER, r"\b(umur|usia|agama|pendidikan|dtks|dtsen|p3ke|hubungan keluarga)\b"),
        ("remark", r"\b(ket|keterangan|catatan|status|kondisi|pns|asn)\b"),
        ("no", r"^(no|nomor|nmr|num|no urut|nomor urut|urut|nourut)$"),
        ("sex_l", r"^(l|lk|laki laki|pria)$"),
        ("sex_p", r"^(p|pr|perempuan|wanita)$"),
        ("day?", r"^(tgl|tanggal|hari|tg)$"),
        ("month?", r"^(bln|bulan)$"),
        ("year?", r"^(thn|tahun|th)$"),
        ("relation?", r"\b(hubungan|hub|shdk)\b"),
    )
)
HEIR = re.compile(r"\b(ahli ?waris|waris|penerima manfaat)\b")
CORE = {
    "nik",
    "name",
    "birth",
    "birth_both",
    "sex",
    "job",
    "kk",
    "address",
    "wage",
    "mother",
    "village",
    "birth_day",
    "no",
    "birth_place",
    "category",
    "remark",
    "nip",
}


@lru_cache(maxsize=1024)
def field_of(text: str) -> str:
    """The field that a heading names; empty when it is none that is known."""
    plain = level(text[:120])
    if not plain:
        return ""
    if HEIR.search(plain):
        return _heir_field(plain)
    field = next((field for field, pattern in PATTERNS if pattern.search(plain)), "")
    if field == "birth":
        return _birth_field(plain)
    if field == "sex":
        return "sex_l" if re.search(r"kelamin (l|lk|laki laki|pria)$", plain) else "sex_p" if re.search(r"kelamin (p|pr|perempuan|wanita)$", plain) else "sex"
    return field


def _heir_field(plain: str) -> str:
    if re.search(r"\b(nik|ktp)\b", plain):
        return "heir_nik"
    if re.search(r"\b(hubungan|hub|status)\b", plain):
        return "heir_relation"
    if re.search(r"\b(hp|telp|telepon|wa|tempat|tanggal|tgl|lahir|alamat|kelamin|jk|pekerjaan|no|nomor|umur|usia)\b", plain):
        return NEITHER
    return "heir_name"


def _birth_field(plain: str) -> str:
    for ending, field in (
        (r"(tgl|tanggal|hari|tg)", "birth_day"),
        (r"(bln|bulan)", "birth_month"),
        (r"(thn|tahun|th)", "birth_year"),
        (r"(tempat|tmpt|tmp|tpt)", "birth_place"),
    ):
        if re.search(rf"\b(lahir|lhr|kelahiran|ttl) {ending}$", plain):
            return field
    has_place, has_day = re.search(r"\b(tempat|tmpt|tmp|tpt|tempt|kota|place)\b", plain), re.search(r"\b(tgl|tanggal|tangal|tg|tanggl|date)\b", plain)
    if (has_place and has_day) or re.search(r"\bttl\b", plain):
        return "birth_both"
    if has_place:
        return "birth_place"
    if not has_day and re.search(r"\b(bln|bulan)\b", plain):
        return "birth_month"
    if not has_day and re.search(r"\b(thn|tahun)\b", plain):
        return "birth_year"
    return "birth"


@dataclass(frozen=True)
class Heading:
    """A heading found: how many rows it takes, the column of each field, all titles by column, and whether it is a table of heirs."""

    rows: int
    columns: Mapping[str, int]
    titles: tuple[str, ...]
    of_heirs: bool = False


Row = tuple[int, tuple[Cell, ...]]
Merged = Sequence[tuple[int, int, int, int]]


LONGEST_TITLE = 300
NAMING = re.compile(r"n\W{0,2}i\W{0,2}k|k\W{0,2}t\W{0,2}p|n\W{0,2}a\W{0,2}m|\bnm\b|identitas|kependudukan|waris", re.IGNORECASE)


def is_heading(cells: Sequence[Cell]) -> bool:
    """Do enough cells of this row name fields, and none of them hold a person's data?"""
    texts = [each for each in cells if each is not None]
    if len(texts) < 2 or any(not isinstance(each, str) or isinstance(each, CellError) for each in texts if not _is_small_number(each)):
        return False
    if not NAMING.search(" ".join(map(str, texts))):
        return False
    told = [re.sub(r"\([^)]*\)|\b20\d\d\b", "", str(each)) for each in texts]
    if any(len(str(each)) > LONGEST_TITLE for each in texts) or any(re.search(r"\d{4}|:\s*\S", each) for each in told):
        return False
    fields = [field_of(str(each)) for each in texts]
    known = {each for each in fields if each}
    counted = known & (CORE | {"heir_name", "heir_nik", "heir_relation"})
    return bool(known & {"nik", "name", "heir_name", "heir_nik"}) and len(counted) >= 2 and sum(map(bool, fields)) * 5 >= len(texts) * 2


def _is_small_number(cell: Cell) -> bool:
    return isinstance(cell, int) and abs(cell) < 1000


def read_heading(rows: Sequence[Row], at: int, merged: Merged) -> Heading | None:
    """The heading that begins at this place of the rows; with the row above or below where it has two."""
    number, cells = rows[at]
    if not is_heading(cells):
        return None
    above = _group_above(rows, at, merged)
    below = _below(rows, at, merged)
    width = max(len(cells), len(below or ()))
    tops = [_joined(above.get(column, ""), tidy(cells[column]) if column < len(cells) else "") for column in range(width)]
    titles = tops
    if below is not None:
        spread = _spread(number, cells, merged, width)
        titles = [
            _joined(_joined(above.get(column, ""), spread[column]), tidy(sub)) if sub is not None else tops[column] for column, sub in _padded(below, width)
        ]
    columns = _columns(titles)
    own = {"nik", "name"} & set(columns)
    return Heading(2 if below is not None else 1, columns, tuple(titles), not own and bool({"heir_name", "heir_nik"} & set(columns)))


def _padded(cells: Sequence[Cell], width: int) -> list[tuple[int, Cell]]:
    return [(column, cells[column] if column < len(cells) else None) for column in range(width)]


def _joined(top: str, sub: str) -> str:
    return " ".join(each for each in (top, sub if sub.casefold() != top.casefold() else "") if each)


def _group_above(rows: Sequence[Row], at: int, merged: Merged) -> dict[int, str]:
    """Words like Ahli Waris that stand over a group of columns in the row above; a title over the whole table is none."""
    if not at or rows[at - 1][0] != rows[at][0] - 1:
        return {}
    number, cells = rows[at - 1]
    places = [column for column, each in enumerate(cells) if each is not None]
    first = next(column for column, each in enumerate(rows[at][1]) if each is not None)
    spread = _spread(number, cells, merged, len(rows[at][1]))
    found = {}
    for column, text in enumerate(spread):
        words = level(text)
        if text and len(text) < 60 and (HEIR.search(words) or re.search(r"\b(lahir|kelamin)\b", words)) and (len(places) > 1 or places[0] > first + 1):
            found[column] = text
    return found


def _spread(number: int, cells: Sequence[Cell], merged: Merged, width: int) -> list[str]:
    """The texts of a heading row, each over all columns that it spans: by merged ranges, else over the blanks to its right."""
    ranges = {left: right for first, left, last, right in merged if first <= number - 1 <= last}
    spread, current, until = [], "", -1
    for column in range(width):
        cell = cells[column] if column < len(cells) else None
        if cell is not None:
            current, until = tidy(cell), ranges.get(column, width if not ranges else column)
        spread.append(current if column <= until else "")
    return spread


def _below(rows: Sequence[Row], at: int, merged: Merged) -> tuple[Cell, ...] | None:
    """The second row of the heading, when the next row is one."""
    if at + 1 >= len(rows) or rows[at + 1][0] > rows[at][0] + 2:
        return None
    top, below = rows[at][1], rows[at + 1][1]
    places = [column for column, each in enumerate(below) if each is not None]
    if any(not isinstance(below[each], str) or isinstance(below[each], CellError) or re.search(r"\d{3}", str(below[each])) for each in places):
        return None
    named = [each for each in places if field_of(str(below[each]))]
    spread = _spread(rows[at][0], top, merged, max(len(top), len(below)))
    under_group = [each for each in named if (each >= len(top) or top[each] is None or (each + 1 < len(spread) and spread[each + 1] == spread[each] != ""))]
    if not under_group or len(named) * 2 < len(places):
        return None
    own = {field_of(str(below[each])) for each in places} & {"nik", "name"}
    whole = {field_of(tidy(each)) for each in top if each is not None}
    return None if len(own) == 2 and whole & {"nik"} and not any(HEIR.search(level(text)) for text in spread) else below


def _columns(titles: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    heirs = False
    for column, title in enumerate(titles):
        field = field_of(title)
        heirs = heirs or field.startswith("heir_")
        if field == "relation?":
            field = "heir_relation" if heirs else NEITHER
        if heirs and field in found and field in ("nik", "name"):
            field = f"heir_{field}"
        if field == "job" and field in found:
            field = "job_more"
        if field and field != NEITHER and field not in found:
            found[field] = column
    return _settled(found)


def _settled(found: dict[str, int]) -> dict[str, int]:
    """What only the neighbours tell: a birth date in three columns; two columns for the sexes."""
    month, year = found.get("birth_month", found.get("month?")), found.get("birth_year", found.get("year?"))
    day = found.get("birth_day", found.get("birth", found.get("day?")))
    if month is not None and year is not None and day is not None:
        found |= {"birth_day": day, "birth_month": month, "birth_year": year}
        if found.get("birth") == day:
            del found["birth"]
    elif "birth_day" in found:
        found.setdefault("birth", found.pop("birth_day"))
    if not {"birth_month", "birth_year", "birth_day"} <= set(found):
        for each in ("birth_day", "birth_month", "birth_year"):
            found.pop(each, None)
    if not {"sex_l", "sex_p"} <= set(found) or "sex" in found and found["sex"] != found["sex_l"]:
        found.pop("sex_l", None)
        found.pop("sex_p", None)
    elif found.get("sex") == found["sex_l"]:
        del found["sex"]
    return {field: column for field, column in found.items() if field in FIELDS}
