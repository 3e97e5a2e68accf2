"""Collecting the signed pages of an original: what must come, what stands where, and the acts of those who send, place and record.

Nothing is overwritten. A page that comes twice is kept twice and the newer one counts only when somebody says so; a page placed elsewhere
leaves its place empty. What a signature rests on is written down page by page when it is recorded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from workflows import Refused
from workflows.stages.signature import SIGNERS

from ..db import Base
from . import audit
from .agreements import Agreement
from .files import StoredFile
from .letters import Letter
from .scans import PAPER_NAMES, PAPER_OF, PAPERS, SHORT, Scan, ScanPage, ScanPlacement, ScanProof, ScanProofPage
from .signatures import Signature, check_signing, sign
from .users import User


@dataclass(frozen=True)
class Slot:
    """A page of the paper that must come."""

    letter: Letter
    page: int

    @property
    def name(self) -> str:
        """Lampiran I halaman 2"""
        return f"{SHORT[self.letter.kind]} halaman {self.page}"


@dataclass(frozen=True)
class Collected:
    """How far an original has come: what must come, what stands where, what lies beside it."""

    slots: tuple[Slot, ...]
    placed: Mapping[tuple[int, int], ScanPlacement]
    doubles: tuple[ScanPage, ...]
    unread: tuple[ScanPage, ...]
    aside: tuple[ScanPage, ...]

    def at(self, slot: Slot) -> ScanPlacement | None:
        """What stands in the slot."""
        return self.placed.get((slot.letter.id, slot.page))

    @property
    def missing(self) -> tuple[Slot, ...]:
        """The pages that have not come yet."""
        return tuple(each for each in self.slots if self.at(each) is None)

    @property
    def done(self) -> int:
        """How many have come."""
        return len(self.slots) - len(self.missing)

    @property
    def whole(self) -> bool:
        """Are all there?"""
        return bool(self.slots) and not self.missing

    @property
    def in_order(self) -> list[ScanPlacement]:
        """The placements in the order of the pages."""
        return [placement for each in self.slots if (placement := self.at(each))]


def pages_in_words(slots: Sequence[Slot]) -> str:
    """Perjanjian halaman 2, 4; Lampiran I halaman 1"""
    by_paper: dict[str, list[str]] = {}
    for each in slots:
        by_paper.setdefault(SHORT[each.letter.kind], []).append(str(each.page))
    return "; ".join(f"{name} halaman {', '.join(pages)}" for name, pages in by_paper.items())


def papers_of(agreement: Agreement, paper: str) -> tuple[Letter, ...]:
    """The papers in force whose pages are collected. Raises Refused while one of them is not printed by this service."""
    found = []
    for kind in PAPERS[paper]:
        letter = agreement.letter_of(kind)
        if letter is None or letter.state != "issued":
            raise Refused(f"{SHORT[kind]} belum terbit di layanan ini, jadi halamannya belum dapat dikenali. Terbitkan dahulu, atau unggah pindaiannya sebagai satu berkas.")
        found.append(letter)
    return tuple(found)


def pages_of(letter: Letter, rangkap: int) -> int:
    """How many pages that original has."""
    return next((each.pages for each in letter.renditions if each.rangkap == rangkap), 0)


def collected(scan: Scan, agreement: Agreement) -> Collected:
    """Where the pages stand now. Raises Refused as ``papers_of`` does."""
    letters = papers_of(agreement, scan.paper)
    slots = tuple(Slot(letter, page) for letter in letters for page in range(1, pages_of(letter, scan.rangkap) + 1))
    wanted = {(each.letter.id, each.page) for each in slots}
    standing, word = {}, {}
    for each in scan.placements:
        for place in [place for place, other in standing.items() if other.scan_page_id == each.scan_page_id]:
            del standing[place]
        word[each.scan_page_id] = each
        if each.letter_id and each.page:
            standing[each.letter_id, each.page] = each
    standing = {place: each for place, each in standing.items() if place in wanted}
    used = {each.scan_page_id for each in standing.values()}
    rest = [each for each in scan.pages if each.id not in used]
    dropped = {page_id for page_id, each in word.items() if each.page is None}
    unread = tuple(each for each in rest if each.letter_id is None and each.id not in dropped)
    doubles = tuple(each for each in rest if (each.letter_id, each.page) in wanted and each.id not in dropped)
    return Collected(slots, standing, doubles, unread, tuple(each for each in rest if each not in unread and each not in doubles))


def scans_of(agreement: Agreement, paper: str) -> list[Scan]:
    """All collectings of a paper, the newest first."""
    query = select(Scan).where(Scan.agreement_id == agreement.id, Scan.paper == paper).order_by(Scan.rangkap, Scan.number.desc())
    return list(_session(agreement).scalars(query))


def newest_scan(agreement: Agreement, paper: str, rangkap: int) -> Scan | None:
    """The collecting that goes on."""
    return next((each for each in scans_of(agreement, paper) if each.rangkap == rangkap), None)


def _session(row: Base) -> Session:
    session = object_session(row)
    assert session is not None
    return session


def refuse_when_begun_anew(scan: Scan, agreement: Agreement) -> None:
    """What was begun anew goes on there; the earlier one is only read. Raises Refused."""
    newest = newest_scan(agreement, scan.paper, scan.rangkap)
    if newest is not None and newest.id != scan.id:
        raise Refused("Pengumpulan ini sudah dimulai ulang. Lanjutkan pada yang baru.")


# --- acts ---------------------------------------------------------------------------------------------------------------------------------


def check_open(agreement: Agreement, paper: str, today: date) -> None:
    """Is there a signature on this paper that can still be recorded? Raises what keeps the last one from it."""
    if agreement.takeover:
        raise Refused("Perjanjian ini diambil alih dari arsip; pindaian naskahnya diunggah di halaman ambil alih.")
    refusals = []
    for signer in [each for each, of in PAPER_OF.items() if of == paper]:
        try:
            check_signing(agreement, signer, today)
        except Refused as refusal:
            refusals.append(refusal)
        else:
            return
    raise refusals[-1]


def check_going_on(scan: Scan, agreement: Agreement, today: date) -> None:
    """May pages still come or be placed here? Raises what keeps them from it."""
    refuse_when_begun_anew(scan, agreement)
    check_open(agreement, scan.paper, today)


def begin(agreement: Agreement, paper: str, rangkap: int, by: User, at: datetime, today: date) -> Scan:
    """Begin collecting the pages of an original, for the first time or anew; what was collected before stays readable."""
    check_open(agreement, paper, today)
    papers = papers_of(agreement, paper)
    if not all(pages_of(each, rangkap) for each in papers):
        raise Refused(f"Rangkap {rangkap} tidak ada.")
    before = newest_scan(agreement, paper, rangkap)
    scan = Scan(paper=paper, rangkap=rangkap, number=before.number + 1 if before else 1, by_id=by.id, at=at)
    agreement.add(scan)
    _session(agreement).flush()
    _note(agreement, "scan.begun", scan, by, at)
    return scan


def _note(agreement: Agreement, action: str, scan: Scan, by: User, at: datetime, **detail: object) -> None:
    more = {"scan": scan.id, "paper": scan.paper, "rangkap": scan.rangkap} | detail
    audit.record(_session(agreement), action, f"agreement:{agreement.code}", actor=by.login, at=at, village_code=agreement.village_code, **more)


def why_not(scan: Scan, agreement: Agreement, letter: Letter | None, page: int | None, version: int | None, rangkap: int | None) -> str:
    """Why a page with such a code does not belong here, as the end of "Halaman 3 ini …"; empty when it does."""
    if letter is None:
        return "tidak dikenal register; pastikan kertasnya naskah perjanjian ini."
    if letter.agreement_id != agreement.id:
        return f"dari {letter.title}{_whose(letter, agreement)}; yang sedang dikumpulkan {PAPER_NAMES[scan.paper]} {agreement.village.full_name} tahun {agreement.fiscal_year}."
    if letter.kind not in PAPERS[scan.paper]:
        return f"dari {letter.title}; yang sedang dikumpulkan {PAPER_NAMES[scan.paper]}."
    if letter.state == "void":
        return f"dari naskah nomor {letter.number} yang sudah dibatalkan."
    current = next(each for each in papers_of(agreement, scan.paper) if each.kind == letter.kind)
    if letter.id != current.id:
        return f"dari versi {letter.version}; yang berlaku versi {current.version}."
    if version not in (None, letter.version) or rangkap is None or page is None or not pages_of(letter, rangkap):
        return "memuat kode yang tidak cocok dengan register; pastikan kertasnya cetakan layanan ini."
    if rangkap != scan.rangkap:
        return f"dari Rangkap {rangkap}; yang sedang dikumpulkan Rangkap {scan.rangkap}."
    if not 1 <= page <= pages_of(letter, rangkap):
        return f"tidak ada: {SHORT[letter.kind]} berjumlah {pages_of(letter, rangkap)} halaman."
    return ""


def _whose(letter: Letter, agreement: Agreement) -> str:
    """Of which village and year the other paper is, for those who may see it at all."""
    other = _session(agreement).get(Agreement, letter.agreement_id) if letter.agreement_id else None
    return f" {other.village.full_name} tahun {other.fiscal_year}" if other else ""


def letter_with(session: Session, token: str) -> Letter | None:
    """The paper with this token, if the person looking may see it."""
    return session.scalar(select(Letter).where(Letter.token == token))


def hold(scan: Scan) -> None:
    """Of two who send at once the second waits here, and then sees what the first one brought."""
    _session(scan).execute(select(Scan.id).where(Scan.id == scan.id).with_for_update())
    _session(scan).expire(scan)


def known(scan: Scan, sha256: str) -> bool:
    """Has this very file come already?"""
    return any(each.sha256 == sha256 for each in scan.pages)


def arrive(scan: Scan, agreement: Agreement, page: ScanPage, by: User, at: datetime) -> str:
    """Take a page in. It goes to its place when that is free; says "placed", "double" or "unread"."""
    session = _session(agreement)
    free = page.letter_id is not None and collected(scan, agreement).placed.get((page.letter_id, page.page or 0)) is None
    page.scan_id, page.village_code, page.by_id, page.at = scan.id, agreement.village_code, by.id, at
    session.add(page)
    session.flush()
    if free:
        _put(scan, page, page.letter_id, page.page, False, "", by, at)
    session.expire(scan)
    return "placed" if free else "double" if page.letter_id else "unread"


def arrived(scan: Scan, agreement: Agreement, counts: Mapping[str, int], by: User, at: datetime) -> None:
    """Note in the trail what one sending brought."""
    _note(agreement, "scan.received", scan, by, at, **counts)


def _put(scan: Scan, page: ScanPage, letter_id: int | None, number: int | None, by_hand: bool, reason: str, by: User, at: datetime) -> None:
    session = _session(page)
    session.add(ScanPlacement(scan_id=scan.id, village_code=scan.village_code, scan_page_id=page.id, letter_id=letter_id, page=number, by_hand=by_hand, reason=reason, by_id=by.id, at=at))
    session.flush()
    session.expire(scan)


def use(page: ScanPage, agreement: Agreement, by: User, at: datetime, today: date) -> Slot:
    """Let this page count in the place that its code names, instead of what stands there."""
    scan = page.scan
    check_going_on(scan, agreement, today)
    slot = next((each for each in collected(scan, agreement).slots if (each.letter.id, each.page) == (page.letter_id, page.page)), None)
    if slot is None:
        raise Refused("Halaman ini bukan dari versi yang berlaku.")
    _put(scan, page, slot.letter.id, slot.page, False, "", by, at)
    _note(agreement, "scan.replaced", scan, by, at, kind=slot.letter.kind, page=slot.page)
    return slot


def place(page: ScanPage, agreement: Agreement, slot_name: str, reason: str, by: User, at: datetime, today: date) -> Slot | None:
    """Say by hand which page this is, or (empty) that it is not used. A page whose code was read goes nowhere but where the code says."""
    scan = page.scan
    check_going_on(scan, agreement, today)
    if not reason.strip():
        raise Refused("Tuliskan alasannya.")
    if not slot_name:
        _put(scan, page, None, None, True, reason.strip(), by, at)
        _note(agreement, "scan.put_aside", scan, by, at)
        return None
    slot = next((each for each in collected(scan, agreement).slots if slot_key(each) == slot_name), None)
    if slot is None or page.letter_id is not None:
        raise Refused("Halaman ini tidak dapat ditempatkan di sana.")
    _put(scan, page, slot.letter.id, slot.page, True, reason.strip(), by, at)
    _note(agreement, "scan.placed", scan, by, at, kind=slot.letter.kind, page=slot.page)
    return slot


def slot_key(slot: Slot) -> str:
    """How forms name it: lampiran_peserta-2"""
    return f"{slot.letter.kind}-{slot.page}"


def check_whole(scan: Scan, agreement: Agreement) -> Collected:
    """All pages are there, else Refused naming those that are missing."""
    found = collected(scan, agreement)
    if not found.whole:
        raise Refused(f"Belum lengkap: {pages_in_words(found.missing)} belum ada.")
    return found


def check_ready(scan: Scan, agreement: Agreement, signer: str, today: date) -> Collected:
    """May this signature be recorded upon these pages now? Raises what keeps it from that."""
    if signer not in scan.signers:
        raise Refused(f"{SIGNERS[signer]} tidak menandatangani {PAPER_NAMES[scan.paper]}.")
    refuse_when_begun_anew(scan, agreement)
    check_signing(agreement, signer, today)
    return check_whole(scan, agreement)


def prove(scan: Scan, agreement: Agreement, signer: str, on: date, place: str, file: StoredFile, shown: Sequence[int], by: User, at: datetime, today: date) -> Signature:
    """Record a signature upon the collected pages. ``shown`` are the placements that the file was built of; raises Refused when they changed meanwhile."""
    pages = check_ready(scan, agreement, signer, today).in_order
    if [each.id for each in pages] != list(shown):
        raise Refused("Halamannya baru saja berubah. Lihat sekali lagi, lalu catat.")
    signature = sign(agreement, signer, on, place, file, by, at, today)
    proof = ScanProof(scan_id=scan.id, signature_id=signature.id, by_id=by.id, at=at)
    agreement.add(proof)
    session = _session(agreement)
    session.flush()
    session.add_all(ScanProofPage(proof_id=proof.id, village_code=agreement.village_code, position=n, placement_id=each.id) for n, each in enumerate(pages, 1))
    session.flush()
    return signature
