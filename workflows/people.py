"""Who may stand on a list: one table maps each reason to its fate, and judging turns what a row says into reasons.

Nothing is repaired and no digit is invented. What cannot be true is rejected; what may be true but is doubtful is flagged and waits for
someone to clear it; what nothing speaks against is accepted. The NIK is 16 digits, its date must exist; where it was issued is no fault.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from .nik import BadNik, Nik, age_on, clean, parse

ACCEPTED, FLAGGED, REJECTED = "accepted", "flagged", "rejected"


@dataclass(frozen=True)
class Reason:
    """What becomes of a row for this reason, and the sentence for the person who must mend or clear it."""

    fate: str
    sentence: str


# The one table: reason, fate, sentence. Particulars (which row, how many digits) follow the sentence after a colon.
REASONS: dict[str, Reason] = {
    "nik_missing": Reason(REJECTED, "NIK belum diisi"),
    "nik_error": Reason(REJECTED, "Sel NIK berisi galat lembar sebar; ketik NIK-nya"),
    "nik_scientific": Reason(REJECTED, "NIK diubah lembar sebar menjadi bentuk ilmiah; jadikan kolomnya teks, lalu ketik NIK-nya lagi"),
    "nik_letters": Reason(REJECTED, "NIK hanya boleh berisi angka; huruf tidak diganti angka"),
    "nik_length": Reason(REJECTED, "NIK harus 16 angka"),
    "nik_is_nip": Reason(REJECTED, "Yang diisi tampaknya NIP, bukan NIK"),
    "nik_is_kk": Reason(REJECTED, "Yang diisi tampaknya nomor KK, bukan NIK"),
    "nik_date": Reason(REJECTED, "Tanggal di dalam NIK tidak ada di kalender; mungkin ini nomor KK"),
    "nik_serial": Reason(REJECTED, "Empat angka terakhir NIK tidak mungkin 0000"),
    "repeated": Reason(REJECTED, "NIK yang sama sudah ada di berkas ini"),
    "name_missing": Reason(REJECTED, "Nama belum diisi"),
    "job_missing": Reason(REJECTED, "Pekerjaan atau jabatan belum diisi"),
    "too_long": Reason(REJECTED, "Nama atau pekerjaan terlalu panjang"),
    "birth_unreadable": Reason(REJECTED, "Tanggal lahir tidak terbaca; tulis seperti 17-05-1980"),
    "birth_unreal": Reason(REJECTED, "Tanggal lahir tidak ada di kalender (urutannya tanggal-bulan-tahun)"),
    "birth_impossible": Reason(REJECTED, "Tanggal lahir tidak mungkin"),
    "birth_missing": Reason(REJECTED, "Tanggal lahir belum diisi"),
    "category_missing": Reason(REJECTED, "Kelompok peserta belum diisi"),
    "category_unknown": Reason(REJECTED, "Kelompok peserta tidak dikenal"),
    "village_missing": Reason(REJECTED, "Nama desa belum diisi"),
    "village_unknown": Reason(REJECTED, "Nama desa tidak dikenal; tulis kode atau nama desa dan kecamatannya"),
    "village_ambiguous": Reason(REJECTED, "Nama desa ini lebih dari satu; tulis kode atau nama kecamatannya"),
    "village_kelurahan": Reason(REJECTED, "Ini kelurahan; hanya desa yang ikut program"),
    "nik_rounded": Reason(FLAGGED, "NIK berasal dari sel angka dan berakhir 0; lembar sebar hanya menyimpan 15 angka, cocokkan dengan KTP"),
    "kk_is_nik": Reason(FLAGGED, "Nomor KK sama dengan NIK; pastikan mana yang benar"),
    "nik_shared": Reason(FLAGGED, "NIK ini dipakai nama lain di berkas ini"),
    "nik_near": Reason(FLAGGED, "Nama dan tanggal lahir sama, NIK hanya berbeda satu angka"),
    "same_person": Reason(FLAGGED, "Nama dan tanggal lahir sama, NIK berbeda; mungkin orang yang sama"),
    "birth_differs": Reason(FLAGGED, "Tanggal lahir berbeda dari tanggal di dalam NIK"),
    "birth_swapped": Reason(FLAGGED, "Tanggal dan bulan lahir tertukar dibanding NIK; mungkin diubah lembar sebar berbahasa Inggris"),
    "birth_offered": Reason(FLAGGED, "Tanggal lahir kosong; diusulkan dari NIK, cocokkan dengan KTP"),
    "sex_differs": Reason(FLAGGED, "Jenis kelamin berbeda dari NIK"),
    "sex_unreadable": Reason(FLAGGED, "Jenis kelamin tidak terbaca; diambil dari NIK"),
    "elsewhere": Reason(FLAGGED, "NIK yang sama ada di daftar lain"),
    "other_payer": Reason(FLAGGED, "Sudah ditanggung pembayar lain (APBD atau CSR)"),
    "aged": Reason(FLAGGED, "Sudah mencapai batas umur pendaftaran"),
    "young": Reason(FLAGGED, "Belum mencapai umur terendah pendaftaran"),
    "deceased": Reason(FLAGGED, "Keterangannya menyebut sudah meninggal"),
    "civil_servant": Reason(FLAGGED, "Tampaknya aparatur negara (PNS, PPPK, TNI atau Polri), bukan pekerja rentan"),
    "name_odd": Reason(FLAGGED, "Nama berisi tanda yang tidak lazim"),
    "maybe_heir": Reason(FLAGGED, "Pekerjaannya menyebut hubungan keluarga; mungkin ahli waris, bukan peserta"),
    "village_differs": Reason(FLAGGED, "Baris ini menyebut desa lain"),
    "wage_unreadable": Reason(FLAGGED, "Dasar upah tidak terbaca"),
}


@dataclass(frozen=True)
class Limits:
    """The ages between which nobody asks further: ``oldest`` and above, and below ``youngest``, are flagged."""

    oldest: int = 65
    youngest: int = 17
    source: str = "Permenaker 5/2021 (di bawah 65 tahun saat mendaftar); usia kerja 17 tahun menurut ketentuan kantor. Belum dipastikan."


def remark(slug: str, particulars: str = "") -> str:
    """The reason in words."""
    return f"{REASONS[slug].sentence}: {particulars}" if particulars else REASONS[slug].sentence


def outcome(slugs: Iterable[str]) -> str:
    """The fate of a row: the worst of its reasons."""
    fates = {REASONS[each].fate for each in slugs}
    return REJECTED if REJECTED in fates else FLAGGED if FLAGGED in fates else ACCEPTED


def doubts(nik: Nik, born_on: date, sex: str, on: date, elsewhere: bool, limits: Limits | None = None) -> tuple[str, ...]:
    """The slugs that NIK, birth date, sex and age give rise to."""
    limits, age, swapped = limits or Limits(), age_on(born_on, on), is_swapped(nik, born_on)
    found = {
        "birth_swapped": swapped,
        "birth_differs": not swapped and not nik.agrees_with(born_on),
        "sex_differs": nik.sex != sex,
        "elsewhere": elsewhere,
        "aged": age >= limits.oldest,
        "young": age < limits.youngest,
    }
    return tuple(slug for slug, applies in found.items() if applies)


def is_swapped(nik: Nik, born_on: date) -> bool:
    """Does the date fit the NIK only with day and month exchanged?"""
    return nik.day != nik.month and (nik.month, nik.day, nik.year) == (born_on.day, born_on.month, born_on.year % 100)


OLDEST_BELIEVED = 110


def whole_year(two_digits: int, on: date) -> int:
    """The year that two digits mean: the latest that is not in the future; nobody of working age is that old or unborn."""
    recent = on.year - on.year % 100 + two_digits
    return recent if recent <= on.year else recent - 100


def birth_in(nik: Nik, on: date) -> date | None:
    """The birth date that the NIK holds, to be offered, never taken in silence."""
    for year in (whole_year(nik.year, on), whole_year(nik.year, on) - 100):
        try:
            found = date(year, nik.month, nik.day)
        except ValueError:
            continue
        if found <= on:
            return found
    return None


@dataclass(frozen=True)
class Told:
    """What a row says, tidied: ``nik_kind`` is text, number or error (the kind of cell); ``birth_fault`` and ``sex_fault`` say that
    something was typed that is none. ``remarks`` are columns in which people note a death or a post."""

    nik: str
    name: str
    job: str
    nik_kind: str = "text"
    birth_on: date | None = None
    birth_fault: str = ""
    birth_typed: str = ""
    sex: str = ""
    sex_fault: bool = False
    category: str = ""
    kk: str = ""
    nip: str = ""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Judged:
    """What follows for one row by itself: the NIK when it is one, the birth date and sex to be stored, and the reasons with particulars."""

    nik: Nik | None
    birth_on: date | None
    sex: str
    reasons: tuple[tuple[str, str], ...]


LONGEST_NAME, LONGEST_JOB = 160, 120
ODD = re.compile(r"[<>={}\[\]|\\@#$%^*~!?+]")
DEAD = re.compile(r"\b(?:alm|almh|almarhum|almarhumah|mendiang|wafat|meninggal(?: dunia)?)\b", re.IGNORECASE)
OTHERS = r"(?:suami|istri|isteri|ayah|bapak|ibu|anak|orang tua|keluarga)\w*\s+(?:dari\s+|seorang\s+|sudah\s+|telah\s+|pensiunan\s+)*"
DEAD_OTHER = re.compile(rf"\b(?:bin|binti)\s+\(?alm\w*\b|\b{OTHERS}(?:meninggal|wafat)|\bcerai (?:meninggal|mati)\b", re.IGNORECASE)
SERVANT = re.compile(r"\b(?:c?pns|asn|pppk|p3k|tni|polri|polisi|tentara|pegawai negeri|aparatur sipil|prajurit)\b", re.IGNORECASE)
NOT_SERVANT = re.compile(rf"\b(?:pensiun\w*|purna\w*|mantan|eks|bukan|non)\b|\b{OTHERS}(?:pns|asn|pppk|p3k|tni|polri|polisi|tentara|pegawai)", re.IGNORECASE)
RELATION = re.compile(r"istri|isteri|suami|anak(?: kandung)?|ibu(?: kandung)?|ayah(?: kandung)?|orang tua|saudara|kakak|adik|cucu|menantu|mertua|ahli waris")
SCIENTIFIC = re.compile(r"[+-]?\d(?:[.,]\d+)?\s*E\s*[+-]?\s*\d{1,3}", re.IGNORECASE)
ERROR = re.compile(r"#(?:N/?A|REF!?|VALUE!?|NAME\??|DIV/0!?|NUM!?|NULL!?|SPILL!?|CALC!?|GETTING_DATA)|Err:\d{3}", re.IGNORECASE)
NIP = re.compile(r"(19|20)\d\d(0[1-9]|1[0-2])([0-2]\d|3[01])(19|20)\d\d(0[1-9]|1[0-2])[12]\d{3}")


def judge(told: Told, limits: Limits, on: date) -> Judged:
    """The row by itself; what other rows of the file have to say comes from ``compare``."""
    nik, reasons = _judge_nik(told)
    reasons += _judge_words(told)
    born, more = _judge_birth(told, nik, on)
    reasons += more
    sex = told.sex or (nik.sex if nik else "")
    if told.sex_fault:
        reasons.append(("sex_unreadable", ""))
    if nik and born:
        reasons += [(slug, "") for slug in doubts(nik, born, sex, on, False, limits)]
    return Judged(nik, born, sex, tuple(reasons))


def _judge_nik(told: Told) -> tuple[Nik | None, list[tuple[str, str]]]:
    if told.nik_kind == "error" or ERROR.fullmatch(told.nik.strip()):
        return None, [("nik_error", told.nik.strip()[:20])]
    if SCIENTIFIC.fullmatch(told.nik.strip()) or (told.nik_kind == "number" and told.nik.endswith("000000")):
        return None, [("nik_scientific", "")]
    if NIP.fullmatch(clean(told.nik)):
        return None, [("nik_is_nip", "")]
    try:
        nik = parse(told.nik)
    except BadNik as error:
        return None, [(error.slug, error.particulars)]
    same_as_kk = bool(told.kk) and clean(told.kk) == nik.digits
    if same_as_kk and not (told.birth_on and nik.agrees_with(told.birth_on)):
        return None, [("nik_is_kk", "sama dengan kolom No. KK")]
    reasons = [("kk_is_nik", "")] if same_as_kk else []
    if told.nik_kind == "number" and nik.digits.endswith("0"):
        reasons.append(("nik_rounded", ""))
    return nik, reasons


def _judge_words(told: Told) -> list[tuple[str, str]]:
    reasons = []
    if not any(each.isalpha() for each in told.name):
        reasons.append(("name_missing", ""))
    if not any(each.isalnum() for each in told.job):
        reasons.append(("job_missing", ""))
    if len(told.name) > LONGEST_NAME or len(told.job) > LONGEST_JOB:
        reasons.append(("too_long", ""))
    if RELATION.fullmatch(" ".join(told.job.casefold().split())):
        reasons.append(("maybe_heir", ""))
    if ODD.search(told.name):
        reasons.append(("name_odd", ""))
    if any(DEAD.search(DEAD_OTHER.sub("", each)) for each in (told.name, *told.remarks)):
        reasons.append(("deceased", ""))
    if told.category == "pekerja_rentan" and is_servant(told):
        reasons.append(("civil_servant", ""))
    return reasons


def is_servant(told: Told) -> bool:
    """Does the row name a state servant's post or number?"""
    if sum(each.isdigit() for each in told.nip) >= 8:
        return True
    return any(SERVANT.search(each) and not NOT_SERVANT.search(each) for each in (told.job, *told.remarks))


def _judge_birth(told: Told, nik: Nik | None, on: date) -> tuple[date | None, list[tuple[str, str]]]:
    if told.birth_fault:
        return None, [(told.birth_fault, told.birth_typed[:30])]
    if told.birth_on is None:
        offered = birth_in(nik, on) if nik else None
        return offered, [("birth_offered", "")] if offered else [("birth_missing", "")]
    if told.birth_on > on or age_on(told.birth_on, on) > OLDEST_BELIEVED:
        return None, [("birth_impossible", told.birth_typed[:30])]
    return told.birth_on, []


# --- what the rows of one file say about each other ---


@dataclass(frozen=True)
class Known:
    """A row for comparison: where it stands (in words), what it said, what followed; ``stands`` is false for one that is rejected anyway."""

    where: str
    told: Told
    judged: Judged
    village: str = ""
    stands: bool = True


def compare(rows: Sequence[Known]) -> list[list[tuple[str, str]]]:
    """The further reasons of each row: the same NIK, a family's KK number, one digit off, the same person twice. Linear in the rows."""
    found: list[list[tuple[str, str]]] = [[] for _ in rows]
    by_nik: defaultdict[str, list[int]] = defaultdict(list)
    by_person: defaultdict[tuple[str, date], list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        if row.judged.nik:
            by_nik[row.judged.nik.digits].append(place)
            if row.judged.birth_on:
                by_person[bare(row.told.name), row.judged.birth_on].append(place)
    for places in by_nik.values():
        if len(places) > 1:
            _compare_same_nik(rows, places, found)
    for places in by_person.values():
        if len(places) > 1:
            _compare_namesakes(rows, places, found)
    return found


def bare(name: str) -> str:
    """A name for comparing: small letters and single spaces, nothing else."""
    return " ".join(re.sub(r"[^\w]+", " ", name.casefold()).split())


def _compare_same_nik(rows: Sequence[Known], places: list[int], found: list[list[tuple[str, str]]]) -> None:
    """The first row that can stand keeps the NIK; where the date inside fits nobody, the number is a family's and nobody's."""
    nik = rows[places[0]].judged.nik
    names = {bare(rows[each].told.name) for each in places}
    if nik and len(names) > 1 and not any(_fits(rows[each], nik) for each in places):
        for each in places:
            found[each].append(("nik_is_kk", f"{len(places)} orang memakai nomor yang sama dan tanggal di dalamnya bukan tanggal lahir mereka"))
        return
    first = next((each for each in places if rows[each].stands), places[0])
    for each in places:
        if each != first:
            found[each].append(("repeated", rows[first].where))
    if len(names) > 1:
        other = next(each for each in places if bare(rows[each].told.name) != bare(rows[first].told.name))
        found[first].append(("nik_shared", rows[other].where))


def _fits(row: Known, nik: Nik) -> bool:
    return row.told.birth_on is None or nik.agrees_with(row.told.birth_on) or is_swapped(nik, row.told.birth_on)


def _compare_namesakes(rows: Sequence[Known], places: list[int], found: list[list[tuple[str, str]]]) -> None:
    """The same name and birth date: one digit apart anywhere is one person mistyped; within a village another NIK is a doubt too."""
    digits = {each: nik.digits for each in places if (nik := rows[each].judged.nik)}
    near = _one_digit_apart(digits)
    by_village: defaultdict[str, list[int]] = defaultdict(list)
    for place in digits:
        by_village[rows[place].village].append(place)
    for place in digits:
        beside = by_village[rows[place].village]
        if place in near:
            found[place].append(("nik_near", rows[near[place]].where))
        elif other := next((each for each in (beside[0], beside[-1]) if digits[each] != digits[place]), None):
            found[place].append(("same_person", rows[other].where))


def _one_digit_apart(digits: dict[int, str]) -> dict[int, int]:
    by_rest: defaultdict[tuple[int, str], list[int]] = defaultdict(list)
    for place, typed in digits.items():
        for at in range(len(typed)):
            by_rest[at, typed[:at] + typed[at + 1 :]].append(place)
    near: dict[int, int] = {}
    for alike in by_rest.values():
        for place in alike[1:]:
            if digits[place] != digits[alike[0]]:
                near.setdefault(place, alike[0])
                near.setdefault(alike[0], place)
    return near


SERIAL_DAY_ZERO = date(1899, 12, 30)
FIRST_SERIAL, LAST_SERIAL = 3654, 73050  # 1910 to 2099


def day_of_serial(number: int) -> date | None:
    """The date that a spreadsheet means by a number of days; None for a number that cannot be a birth date."""
    return SERIAL_DAY_ZERO + timedelta(days=number) if FIRST_SERIAL <= number <= LAST_SERIAL else None
