"""How the service itself stands: what is stuck, who works, where the copies and the trail are, what runs out. Each line says what to do next."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from letters.indonesian import tanggal
from workflows.contributions import Group, missing_rates

from . import clock, heads, jobs, schema
from .backup import files_of
from .db import unscoped
from .models import (
    Accord,
    Agreement,
    AuditEvent,
    AuditHead,
    Delegation,
    Heartbeat,
    Holiday,
    Installation,
    Letter,
    PrintSet,
    RosterImport,
    Sitting,
    SittingItem,
    Village,
    retention,
)
from .models.officials import SOON, seats
from .models.reading import rulebook
from .presentation import moment, thousands
from .storage import FileStore

GOOD, SOON_DUE, LATE = "good", "soon", "late"
STATES = {LATE: "Tangani", SOON_DUE: "Perhatikan", GOOD: "Baik"}
WORKERS = {"press": ("Mesin cetak", "naskah yang bernomor"), "imports": ("Pembaca impor", "daftar besar yang diunggah")}
STILL_AFTER, STUCK_AFTER = timedelta(minutes=10), timedelta(minutes=30)
OLD_COPY, OLD_CHECKUP = timedelta(days=7), timedelta(days=31)
LEAST_ROOM, LEAST_SHARE = 2 * 1024**3, 0.1
MOST_NAMED = 12
SERVE = "Jalankan atau mulai ulang layanan: sinergi serve."
TABLE_HEAD = ("Bagian", "Hal", "Keadaan", "Yang ditemukan", "Yang dilakukan")


@dataclass(frozen=True)
class Line:
    """One thing that was looked at. ``door`` is the page where it is mended; ``letter`` can be tried again at once, ``contradicted`` asks to be explained."""

    name: str
    state: str
    said: str
    todo: str = ""
    door: str = ""
    letter: Letter | None = None
    contradicted: bool = False
    section: str = ""

    @property
    def state_name(self) -> str:
        """In one word."""
        return STATES[self.state]


def look(session: Session, store: FileStore) -> list[Line]:
    """All lines, section by section; what cannot be looked at is itself a line."""
    sections = (
        ("Yang macet", lambda: _stuck(session)),
        ("Pekerja", lambda: _workers(session)),
        ("Penyimpanan", lambda: _storage(session, store)),
        ("Cadangan", lambda: _copies(session)),
        ("Jejak audit", lambda: _trail(session, store)),
        ("Yang perlu diperbarui", lambda: _renewals(session, clock.today())),
        ("Migrasi dan penjaga", lambda: _guards(session)),
        ("Masa simpan", lambda: _deletions(session, clock.today())),
    )
    return [replace(each, section=name) for name, lines in sections for each in _looked(name, lines)]


def _looked(name: str, lines: Callable[[], Iterator[Line]]) -> list[Line]:
    try:
        return list(lines())
    except Exception as error:
        return [Line(name, LATE, f"Tidak dapat diperiksa ({type(error).__name__}).", "Periksa di server: sinergi doctor.")]


def counts(lines: list[Line]) -> dict[str, int]:
    """How many lines stand in each state."""
    return {state: sum(each.state == state for each in lines) for state in STATES}


def as_row(each: Line) -> tuple[str, ...]:
    """The line as a row of a table file."""
    return (each.section, each.name, each.state_name, each.said, each.todo)


def age(since: datetime) -> str:
    """How long ago, as people say it."""
    hours, minutes = divmod(max(0, int((clock.now() - since).total_seconds())) // 60, 60)
    days = hours // 24
    return f"{days} hari" if days > 1 else f"{hours} jam" if hours > 1 else f"{hours * 60 + minutes} menit"


def size(count: int) -> str:
    """Bytes as people read them."""
    for unit, power in (("GB", 3), ("MB", 2)):
        if count >= 1024**power:
            return f"{count / 1024**power:.1f} {unit}".replace(".", ",")
    return f"{max(1, count // 1024)} KB"


# --- what is stuck ---


def _stuck(session: Session) -> Iterator[Line]:
    found = [*_letters(), *_imports(session), *_print_sets(session), *_sittings(session)]
    yield from found[:MOST_NAMED]
    if len(found) > MOST_NAMED:
        yield Line("Lainnya", LATE, f"{thousands(len(found) - MOST_NAMED)} lagi macet.", "Tangani yang di atas dahulu; sisanya menyusul di sini.")
    if not found:
        yield Line("Antrean", GOOD, f"Tidak ada yang macet; {thousands(jobs.waiting())} naskah menunggu dicetak.")


def _letters() -> Iterator[Line]:
    for each in jobs.stuck_letters():
        why = each.problem or "menunggu terlalu lama"
        yield Line(f"{each.title} {each.number}".strip(), LATE, f"{why}; dicadangkan {age(each.reserved_at)} lalu.", "Perbaiki sebabnya, lalu coba lagi. Nomornya tetap.", letter=each)


def _imports(session: Session) -> Iterator[Line]:
    late = clock.now() - STUCK_AFTER
    for each in session.scalars(select(RosterImport).where(RosterImport.delete_on >= clock.today(), RosterImport.at < late).order_by(RosterImport.id)):
        asked = each.newest("asked")
        if each.state == "waiting" and asked is not None and asked.at < late:
            yield Line(f"Impor {each.id}", LATE, f"Menunggu dibaca {age(asked.at)}.", f"Dibaca sendiri begitu pembaca impor berputar. {SERVE}")


def _print_sets(session: Session) -> Iterator[Line]:
    late = clock.now() - STUCK_AFTER
    for each in session.scalars(select(PrintSet).where((PrintSet.state == "failed") | (PrintSet.state == "waiting") & (PrintSet.at < late)).order_by(PrintSet.id)):
        why = each.problem or "menunggu terlalu lama"
        yield Line(f"Rangkap cetak {each.id}", LATE, f"{why}; diminta {age(each.at)} lalu.", f"Staf hukum mencobanya lagi di halaman rangkap cetak. {SERVE}")


def _sittings(session: Session) -> Iterator[Line]:
    late = clock.now() - STUCK_AFTER
    stuck = (SittingItem.state == "failed") | (SittingItem.state == "") & (Sitting.at < late)
    found = select(Sitting.id, func.count()).join(SittingItem, SittingItem.sitting_id == Sitting.id).where(stuck).group_by(Sitting.id).order_by(Sitting.id)
    for id_, count in session.execute(found).all():
        each = session.get_one(Sitting, id_)
        said = f"{thousands(count)} desa gagal atau menunggu terlalu lama; diputuskan {age(each.at)} lalu."
        yield Line(f"Sidang {each.id}", LATE, said, f"Yang memutuskannya mengulangi di halaman sidang itu. {SERVE}")


# --- who works ---


def _workers(session: Session) -> Iterator[Line]:
    for worker, (name, what) in WORKERS.items():
        row = session.get(Heartbeat, worker)
        if row is None:
            yield Line(name, LATE, f"Belum pernah berputar: {what} menunggu.", SERVE)
            continue
        still = clock.now() - row.at > STILL_AFTER
        yield Line(name, LATE if still else GOOD, f"Terakhir berputar {moment(row.at)} ({age(row.at)} lalu).", f"Berhenti; {what} menunggu. {SERVE}" if still else "")


# --- where things lie ---


def _storage(session: Session, store: FileStore) -> Iterator[Line]:
    sizes = [each.stat().st_size for each in files_of(store.root)]
    disk = shutil.disk_usage(store.root if store.root.exists() else store.root.parent)
    scarce = disk.free < LEAST_ROOM or disk.free < disk.total * LEAST_SHARE
    said = f"{thousands(len(sizes))} berkas, {size(sum(sizes))}; sisa di disk {size(disk.free)} dari {size(disk.total)}."
    yield Line("Berkas", SOON_DUE if scarce else GOOD, said, "Perbesar disk atau pindahkan cadangan lama ke tempat lain sebelum penuh." if scarce else "")
    yield from _database(session)
    yield _checkup(session)


def _database(session: Session) -> Iterator[Line]:
    engine = session.get_bind().engine
    if engine.dialect.name == "sqlite":
        path = make_url(current_app.config["SINERGI"].database_url).database or ""
        taken, name = size(_file_size(path) + _file_size(f"{path}-wal")), "SQLite"
    else:
        taken, name = size(session.scalar(select(func.pg_database_size(func.current_database()))) or 0), "PostgreSQL"
    yield Line("Basis data", GOOD, f"{name}, {taken}.")


def _file_size(path: str) -> int:
    return Path(path).stat().st_size if Path(path).exists() else 0


def _checkup(session: Session) -> Line:
    row, how = session.get(Heartbeat, "fsck"), "Di server: sinergi fsck."
    if row is None:
        return Line("Pemeriksaan berkas", SOON_DUE, "Belum pernah dijalankan.", how)
    told = row.counted
    bad = [f"{thousands(told[name])} {word}" for name, word in (("broken", "rusak"), ("missing", "hilang")) if told.get(name)]
    said = f"{moment(row.at)}: {thousands(told.get('files', 0))} berkas diperiksa, {' dan '.join(bad) or 'semua utuh'}."
    if bad:
        return Line("Pemeriksaan berkas", LATE, said, "Pulihkan berkas itu dari cadangan terakhir, lalu periksa lagi: sinergi fsck.")
    old = clock.now() - row.at > OLD_CHECKUP
    return Line("Pemeriksaan berkas", SOON_DUE if old else GOOD, said, f"Sudah lebih dari sebulan. {how}" if old else "")


def _copies(session: Session) -> Iterator[Line]:
    with unscoped("cadangan terakhir", session):
        made = session.scalar(select(AuditEvent).where(AuditEvent.action == "backup.made").order_by(AuditEvent.seq.desc()).limit(1))
    how = "Di server: sinergi backup FOLDER, di disk lain. Simpan kuncinya terpisah."
    if made is None:
        yield Line("Cadangan terakhir", LATE, "Belum pernah dibuat.", how)
        return
    old = clock.now() - made.at > OLD_COPY
    yield Line("Cadangan terakhir", LATE if old else GOOD, f"{moment(made.at)} ({age(made.at)} lalu), {thousands(made.facts.get('files', 0))} berkas.", f"Lebih dari 7 hari. {how}" if old else "")


# --- the trail ---


def _trail(session: Session, store: FileStore) -> Iterator[Line]:
    inside, outside = session.get(AuditHead, 1), heads.written(store, 1)
    newest = f"peristiwa {thousands(inside.seq)} ({inside.hash[:12]})" if inside else "tidak ada"
    yield Line("Kepala di basis data", GOOD if inside else LATE, f"{newest[0].upper()}{newest[1:]}.", "" if inside else "Simpan salinan basis data apa adanya dan hubungi pengelola layanan.", "audit.index")
    wrong = heads.contradicted(session, store)
    if wrong:
        todo = "Cari tahu sebabnya sebelum menjelaskan: sesudah pemulihan cadangan ini wajar, selain itu jejaknya mungkin dipotong. Nomor tidak diberikan sampai dijelaskan."
        yield Line("Kepala di luar", LATE, f"Basis data tidak memuat {wrong} yang tersimpan di luar.", todo, contradicted=True)
    elif not outside:
        yield Line("Kepala di luar", SOON_DUE, "Belum pernah ditulis.", f"Ditulis sendiri sekali sehari oleh mesin cetak. {SERVE}")
    else:
        stale = clock.today() - outside[0].day > timedelta(days=2)
        said = f"{tanggal(outside[0].day)}, peristiwa {thousands(outside[0].seq)}; cocok dengan basis data."
        yield Line("Kepala di luar", SOON_DUE if stale else GOOD, said, f"Tidak ditulis beberapa hari. {SERVE}" if stale else "")


# --- what runs out ---


def _renewals(session: Session, today: date) -> Iterator[Line]:
    found = [*_accords(session, today), *_agreements(session, today), *_terms(session, today), *_delegations(session, today), *_rules(session, today)]
    yield from found or [Line("Masa berlaku", GOOD, "Tidak ada yang berakhir dalam 90 hari; aturan tahun depan tidak perlu diisi sekarang.")]


def _accords(session: Session, today: date) -> Iterator[Line]:
    standing = [each for each in session.scalars(select(Accord).order_by(Accord.id)) if each.signed_by_both and each.terminated_on is None and each.valid_until]
    last = max(standing, key=lambda each: each.valid_until or date.min, default=None)
    if last is None or last.valid_until is None:
        yield Line("Perjanjian induk", LATE, "Tidak ada induk yang ditandatangani kedua pihak.", "Staf hukum menyusun dan mencatatnya di halaman Induk.")
    elif last.valid_until - today <= SOON:
        over = last.valid_until < today
        said = f"{last.number_kesatu or 'Tanpa nomor'} {'berakhir' if over else 'akan berakhir'} {tanggal(last.valid_until)}."
        yield Line("Perjanjian induk", LATE if over else SOON_DUE, said, "Staf hukum menyusun induk pengganti; perjanjian desa tahun berikutnya memerlukannya.")


def _agreements(session: Session, today: date) -> Iterator[Line]:
    """Agreements that end soon, by year, with how many villages have one for the year after."""
    villages = sum(each.is_desa for each in session.scalars(select(Village)))
    drawn_up = dict(session.execute(select(Agreement.fiscal_year, func.count()).group_by(Agreement.fiscal_year)).all())
    for year, last in session.execute(select(Agreement.fiscal_year, func.max(Agreement.month_last)).group_by(Agreement.fiscal_year).order_by(Agreement.fiscal_year)):
        ends = (last.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        follow = drawn_up.get(year + 1, 0)
        if today <= ends <= today + SOON and follow < villages:
            said = f"{thousands(drawn_up[year])} perjanjian tahun {year} berakhir paling lambat {tanggal(ends)}; tahun {year + 1} sudah disusun untuk {thousands(follow)} dari {thousands(villages)} desa."
            yield Line(f"Perjanjian desa {year}", SOON_DUE, said, f"Staf hukum menyusun perjanjian tahun {year + 1}.")


def _terms(session: Session, today: date) -> Iterator[Line]:
    held = seats(session, today)
    ending, vacant = [each for each in held if each.ends_soon and each.holder], [each for each in held if each.holder is None]
    if ending:
        named = "; ".join(f"{each.title} s.d. {each.holder.until_on:%d-%m-%Y}" for each in ending[:3] if each.holder and each.holder.until_on)
        more = f"; dan {thousands(len(ending) - 3)} lagi" if len(ending) > 3 else ""
        yield Line("Masa jabatan", SOON_DUE, f"{thousands(len(ending))} berakhir dalam 90 hari: {named}{more}.", "Catat pengganti atau Pj-nya begitu ada keputusannya.", "officials.index")
    if vacant:
        yield Line("Jabatan tanpa pejabat", SOON_DUE, f"{thousands(len(vacant))} dari {thousands(len(held))} jabatan kosong hari ini.", "Catat pejabatnya; tanpa itu naskahnya tidak terbit.", "officials.index")


def _delegations(session: Session, today: date) -> Iterator[Line]:
    for each in session.scalars(select(Delegation).where(Delegation.until_on.between(today, today + SOON)).order_by(Delegation.until_on)):
        yield Line("Pelimpahan tanda tangan", SOON_DUE, f"{each.title}: {each.order_by} {each.order_number} berakhir {each.until_on:%d-%m-%Y}.", "Mintakan perintah baru bila penandatangan a.n. masih diperlukan.")


def _rules(session: Session, today: date) -> Iterator[Line]:
    """What the rules of this year lack, and from 90 days before it those of the next."""
    for year in [today.year, *([today.year + 1] if date(today.year + 1, 1, 1) - today <= SOON else [])]:
        lacking = _lacking(session, year)
        if lacking:
            yield Line(f"Aturan tahun {year}", LATE if year == today.year else SOON_DUE, f"Belum diisi: {', '.join(lacking)}.", "Isi di halaman Aturan, dengan sumber dan keyakinannya.", "rules.index")


def _lacking(session: Session, year: int) -> list[str]:
    book, first, last = rulebook(session), date(year, 1, 1), date(year, 12, 1)
    terms = {each.slug: book.terms(year, each.slug) for each in book.categories}
    groups = [Group(each, book.wage_base(year, slug) or Decimal(), 1) for slug, each in terms.items() if each]
    rates, without = missing_rates(book.law, groups, first, last), [slug for slug, each in terms.items() if each is None]
    holidays = session.scalar(select(func.count()).select_from(Holiday).where(Holiday.day.between(first, date(year, 12, 31)))) or 0
    return [
        *([f"ketentuan {thousands(len(without))} dari {thousands(len(terms))} kelompok"] if without else ()),
        *([f"tarif ({rates[0]})"] if rates else ()),
        *(["sumber dana terlarang"] if book.source_rules(year) is None else ()),
        *(["hari libur"] if not holidays else ()),
    ]


# --- the database itself ---


def _guards(session: Session) -> Iterator[Line]:
    current = schema.is_current()
    yield Line("Migrasi", GOOD if current else LATE, "Terbaru." if current else "Basis data tertinggal dari program.", "" if current else "Di server: sinergi init, lalu mulai ulang layanan.")
    missing = schema.missing_guards(session.connection())
    said = "Semua terpasang: bukti dan jejak menolak diubah dan dihapus." if not missing else f"{thousands(len(missing))} hilang: {', '.join(missing[:4])}."
    yield Line("Penjaga bukti", LATE if missing else GOOD, said, "Di server: sinergi init. Cari tahu siapa yang mencabutnya." if missing else "")


# --- what is due to be deleted ---


def _deletions(session: Session, today: date) -> Iterator[Line]:
    kept = [each for each in session.scalars(select(RosterImport)) if each.deleted is None]
    held = retention.held_imports(session)
    overdue = sum(each.delete_on < today - timedelta(days=1) and each.id not in held for each in kept)
    soon = sum(today - timedelta(days=1) <= each.delete_on <= today + timedelta(days=7) for each in kept)
    days = session.get_one(Installation, 1).keep_imports_days
    if overdue:
        yield Line("Berkas impor", LATE, f"{thousands(overdue)} sudah lewat masa simpannya.", f"Dihapus sendiri oleh pembaca impor. {SERVE}")
    else:
        yield Line("Berkas impor", GOOD, f"{thousands(len(kept))} tersimpan tersegel, {thousands(soon)} dihapus sendiri dalam 7 hari; masa simpannya {thousands(days)} hari.")
    dry = retention.dry_run(session, today)
    if dry.due:
        said = f"{thousands(len(dry.due))} perjanjian dengan {thousands(dry.total('people'))} orang melewati masa simpan {dry.years} tahun."
        yield Line("Daftar peserta", SOON_DUE, said, "Lihat uji cobanya, lalu putuskan. Tidak ada yang dihapus sendiri.", "retention.index")
    else:
        coming = f"; yang pertama habis {tanggal(dry.next_on)}" if dry.years and dry.next_on else ""
        yield Line("Daftar peserta", GOOD, f"Tidak ada yang masa simpannya habis{coming}.", door="retention.index")
    if dry.held:
        yield Line("Ditahan", GOOD, f"{thousands(len(dry.held))} perjanjian melewati masa simpannya tetapi ditahan dari penghapusan.", door="retention.index")
