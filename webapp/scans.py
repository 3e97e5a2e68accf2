"""Takes photographed pages in and gives pieces of them out; whatever opens a picture does so in a child that may be killed (T5, T11).

A page of another paper is told by name and not kept: what is stored here, the village may download.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from letters import kind as kind_of
from letters.parts import Paper
from workflows.stages.signature import SIGNERS

from . import clock
from .db import begin_writing, db
from .models import Agreement, Letter, Scan, ScanPage, ScanPlacement, Signature, StoredFile, User, collecting
from .models.collecting import Slot
from .models.scans import SHORT
from .page_codes import PageCode, page_code
from .storage import MissingFile
from .uploads import BadUpload, checked, safe_name, storage

CHILD = Path(__file__).with_name("scan_child.py")
SECONDS = 150
MOST_PAGES = 40


@dataclass(frozen=True)
class Seen:
    """A page as the child saw it. ``picture`` is empty for a page of another paper."""

    nth: int
    code: PageCode | None
    flattened: str
    mm: tuple[int, int]
    picture: bytes


@dataclass(frozen=True)
class Sent:
    """A file as it came, opened and its pages looked at, not yet stored."""

    name: str
    content: bytes
    media_type: str
    sha256: str
    pages: tuple[Seen, ...]


@dataclass
class Brought:
    """What a sending brought: which pages found their place, which came again, which could not be read, which were refused and why."""

    placed: list[str] = field(default_factory=list)
    doubles: list[str] = field(default_factory=list)
    again: int = 0
    unread: int = 0
    refused: dict[str, list[str]] = field(default_factory=dict)
    bad: list[str] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """For the trail."""
        refused = sum(map(len, self.refused.values()))
        return {"placed": len(self.placed), "doubles": len(self.doubles), "again": self.again, "unread": self.unread, "refused": refused}

    def refuse(self, page: int | None, why: str) -> None:
        """Note a page that does not belong here."""
        self.refused.setdefault(why, []).append("" if page is None else str(page))

    @property
    def sentences(self) -> list[tuple[str, str]]:
        """What to tell, with how loud."""
        told = [("danger", each) for each in self.bad]
        told += [("danger", f"Halaman {', '.join(filter(None, pages))} ini {why}".replace("  ", " ")) for why, pages in self.refused.items()]
        if self.unread:
            told.append(("warning", f"{self.unread} halaman tersimpan, tetapi kodenya tidak terbaca. Foto sekali lagi dengan kode QR di kiri bawah terlihat jelas, atau tempatkan dengan tangan di bawah."))
        if self.doubles:
            told.append(("warning", f"Datang dua kali: {', '.join(self.doubles)}. Yang pertama tetap dipakai; yang baru ada di bawah bila lebih baik."))
        if self.again:
            told.append(("info", f"{self.again} berkas sudah pernah diterima; tidak ada yang berubah."))
        if self.placed:
            told.append(("success", f"Diterima: {', '.join(self.placed)}."))
        return told or [("warning", "Pilih foto atau PDF-nya dahulu.")]


# --- the child ----------------------------------------------------------------------------------------------------------------------------


def _child(do: str, contents: Sequence[bytes], **job: Any) -> tuple[dict[str, Any], bytes]:
    head = json.dumps({"do": do, "sizes": [len(each) for each in contents], **job}).encode()
    try:
        run = subprocess.run([sys.executable, "-I", str(CHILD)], input=head + b"\n" + b"".join(contents), capture_output=True, timeout=SECONDS, check=True)
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        raise BadUpload("Berkas ini tidak dapat dibaca. Foto atau pindai sekali lagi, lalu kirim lagi.") from error
    answer, _, body = run.stdout.partition(b"\n")
    told = json.loads(answer)
    if "refused" in told:
        raise BadUpload(told["refused"])
    return told, body


def look(content: bytes, papers: Mapping[str, tuple[tuple[int, int], int]]) -> tuple[Seen, ...]:
    """The pages of a file. ``papers``: token → size in mm and left margin of those that may be straightened. Raises BadUpload."""
    told, body = _child("read", [content], most=MOST_PAGES, papers={token: {"mm": mm, "left": left} for token, (mm, left) in papers.items()})
    found, at = [], 0
    for nth, each in enumerate(told["pages"], 1):
        mm = tuple(round(side) for side in each["mm"]) if each["mm"] else (0, 0)
        code = page_code(each["code"]) if each["code"] else None
        found.append(Seen(nth, code, each["how"], mm, body[at : at + each["size"]]))
        at += each["size"]
    return tuple(found)


def sheet_of(letter: Letter) -> tuple[tuple[int, int], int]:
    """Size in mm and left margin of a paper's sheets, as they were printed."""
    told = letter.frozen_facts().get("paper") or {}
    paper = Paper(size=told.get("size", "A4"), left=told.get("left", 30))
    return (paper.mm[::-1] if kind_of(letter.kind).landscape else paper.mm), paper.left


# --- in -----------------------------------------------------------------------------------------------------------------------------------


def take_in(scan: Scan, files: Iterable[tuple[bytes, str]], by: User) -> Brought:
    """Open every file, then take its pages in; the write lock is held when this returns. The caller commits."""
    agreement = db.session.get_one(Agreement, scan.agreement_id)
    collecting.check_going_on(scan, agreement, clock.today())
    papers = {each.token: sheet_of(each) for each in collecting.papers_of(agreement, scan.paper)}
    brought, sent = Brought(), []
    for content, name in files:
        try:
            sent += _opened(scan, content, name, papers, brought)
        except BadUpload as error:
            brought.bad.append(str(error))
    for each in sent:
        _store(each)
    begin_writing()
    collecting.hold(scan)
    collecting.check_going_on(scan, agreement, clock.today())
    for each in sent:
        _arrive(scan, agreement, each, by, brought)
    if sent or brought.refused:
        collecting.arrived(scan, agreement, brought.counts, by, clock.now())
    return brought


def _opened(scan: Scan, content: bytes, name: str, papers: Mapping[str, Any], brought: Brought) -> list[Sent]:
    sha256 = hashlib.sha256(content).hexdigest()
    if collecting.known(scan, sha256):
        brought.again += 1
        return []
    media_type = checked(content, name)
    pages = look(content, papers)
    strange = [each for each in pages if each.code and not _of_this_village(scan, each.code)]
    if strange and len(pages) > 1:
        raise BadUpload(f"{safe_name(name)}: halaman {', '.join(str(each.nth) for each in strange)} berkas ini dari naskah desa lain atau tidak dikenal register. Pisahkan dahulu, lalu kirim lagi.")
    return [Sent(safe_name(name), content, media_type, sha256, pages)]


def _of_this_village(scan: Scan, code: PageCode) -> bool:
    letter = collecting.letter_with(db.session, code.token)
    return letter is not None and letter.village_code == scan.village_code


def _store(sent: Sent) -> None:
    pictures = [each.picture for each in sent.pages if each.picture]
    for content in [sent.content, *pictures] if pictures else []:
        storage().put(content)


def _arrive(scan: Scan, agreement: Agreement, sent: Sent, by: User, brought: Brought) -> None:
    if collecting.known(scan, sent.sha256):  # the same file from another hand, meanwhile
        brought.again += 1
        return
    original: StoredFile | None = None
    for seen in sent.pages:
        letter = collecting.letter_with(db.session, seen.code.token) if seen.code else None
        why = collecting.why_not(scan, agreement, letter, seen.code.page, seen.code.version, seen.code.rangkap) if seen.code else ""
        if why or not seen.picture:
            brought.refuse(seen.code.page if seen.code else None, why or "dari naskah yang baru saja diganti.")
            continue
        original = original or _file(scan, by, sent.content, sent.media_type, sent.name)
        picture = _file(scan, by, seen.picture, "image/jpeg", f"{Path(sent.name).stem[:60]}-{seen.nth}-lurus.jpg", original.id)
        page = ScanPage(original_id=original.id, picture_id=picture.id, sha256=sent.sha256, nth=seen.nth, flattened=seen.flattened, width_mm=seen.mm[0], height_mm=seen.mm[1])
        if letter and seen.code:
            page.letter_id, page.page = letter.id, seen.code.page
        fate = collecting.arrive(scan, agreement, page, by, clock.now())
        name = f"{SHORT[letter.kind]} halaman {page.page}" if letter else ""
        if fate == "unread":
            brought.unread += 1
        else:
            (brought.placed if fate == "placed" else brought.doubles).append(name)


def _file(scan: Scan, by: User, content: bytes, media_type: str, name: str, original_of_id: int | None = None) -> StoredFile:
    row = StoredFile(
        village_code=scan.village_code, sha256=hashlib.sha256(content).hexdigest(), size=len(content), media_type=media_type, name=name,
        original_of_id=original_of_id, by_id=by.id, at=clock.now(),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row


# --- the proof ----------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Built:
    """One PDF of all pages in order, stored, and the placements that it was built of."""

    content: bytes
    shown: tuple[int, ...]


def build(scan: Scan) -> Built:
    """Refused naming the pages that are missing."""
    pages = collecting.check_whole(scan, db.session.get_one(Agreement, scan.agreement_id)).in_order
    pictures = [storage().get(each.scan_page.picture.sha256) for each in pages]
    _, content = _child("build", pictures, mm=[[each.scan_page.width_mm, each.scan_page.height_mm] for each in pages])
    storage().put(content)
    return Built(content, tuple(each.id for each in pages))


def prove(scan: Scan, built: Built, signer: str, on: Any, place: str, by: User) -> Signature:
    """Record the signature with the PDF as its evidence. The caller holds the write lock and commits."""
    agreement = db.session.get_one(Agreement, scan.agreement_id)
    file = _file(scan, by, built.content, "application/pdf", f"{scan.paper}-{agreement.code}-rangkap-{scan.rangkap}.pdf")
    return collecting.prove(scan, agreement, signer, on, place, file, built.shown, by, clock.now(), clock.today())


# --- looking ------------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Piece:
    """The same place on the photographed page and on the printed original, as addresses that hold the picture."""

    title: str
    slot: Slot
    placement: ScanPlacement
    scan: str
    printed: str


def pieces(signature: Signature) -> list[Piece]:
    """What to look at before confirming: signature and stamp, the meterai, the paraf of every page. Empty for a file that was uploaded whole."""
    if signature.proof is None:
        return []
    placements = [each.placement for each in signature.proof.pages]
    letters = list({each.letter.id: each.letter for each in placements if each.letter}.values())
    wanted = [each for place, letter in enumerate(letters) for each in _wanted(signature, place, letter, signature.proof.scan.rangkap)]
    contents, papers = [], []
    for letter in letters:
        mine = [each.scan_page for each in placements if each.letter_id == letter.id]
        contents.append(printed(letter, signature.proof.scan.rangkap))
        pages = []
        for page in mine:
            contents.append(storage().get(page.picture.sha256))
            pages.append({"picture": len(contents) - 1, "how": page.flattened, "mm": [page.width_mm, page.height_mm]})
        papers.append({"printed": len(contents) - len(mine) - 1, "pages": pages})
    told, body = _child("cut", contents, papers=papers, wanted=[each for _, each in wanted])
    return _cut(told["pieces"], body, wanted, letters, {(each.letter_id, each.page): each for each in placements})


def compared(signature: Signature) -> tuple[list[Piece], str]:
    """The pieces, and what to say when they cannot be shown; the whole file can be downloaded all the same."""
    try:
        return pieces(signature), ""
    except (MissingFile, BadUpload) as error:
        return [], f"Potongan halaman tidak dapat ditampilkan: {error}"


def _cut(told: list[dict[str, int] | None], body: bytes, wanted: list, letters: list[Letter], placements: Mapping[tuple[int | None, int | None], ScanPlacement]) -> list[Piece]:
    found, at = [], 0
    for (title, asked), each in zip(wanted, told, strict=True):
        if each is None:
            continue
        letter, middle, end = letters[asked["paper"]], at + each["printed"], at + each["printed"] + each["scan"]
        slot = Slot(letter, each["page"])
        found.append(Piece(title, slot, placements[letter.id, each["page"]], address(body[middle:end]), address(body[at:middle])))
        at = end
    return found


def address(jpeg: bytes) -> str:
    """A picture small enough to stand in the page itself."""
    return "data:image/jpeg;base64," + b64encode(jpeg).decode()


def _wanted(signature: Signature, place: int, letter: Letter, rangkap: int) -> list[tuple[str, dict[str, Any]]]:
    """Titles, and what the child is to look for on the printed pages; the first text that is there counts."""
    facts = letter.frozen_facts()
    who = facts.get("head") if signature.signer == "annex" else (facts.get(signature.signer) or {}).get("signer")
    by_name = [["name", who["name"]]] if who and who.get("name") else []
    by_label = [["label", f"{SIGNERS[signature.signer]},"], ["label", "Mengetahui dan menyatakan benar,"]]
    of = f", {SHORT[letter.kind]}" if signature.signer == "annex" else ""
    found = [(f"Tanda tangan dan cap {SIGNERS[signature.signer]}{of}", {"paper": place, "find": by_name + by_label})]
    if letter.kind == "perjanjian_desa":
        found.append((f"Meterai Rangkap {rangkap}, pada tanda tangan {SIGNERS['kesatu' if rangkap == 1 else 'kedua']}", {"paper": place, "find": [["meterai", "Meterai Rp10.000"]]}))
    heads = [["paraf", f"Paraf {one} Paraf {two}"] for one, two in (("PIHAK KEDUA", "PIHAK KESATU"), ("PIHAK KESATU", "PIHAK KEDUA"))]
    return found + [("Paraf", {"paper": place, "find": heads, "page": n}) for n in range(1, collecting.pages_of(letter, rangkap) + 1)]


def printed(letter: Letter, rangkap: int) -> bytes:
    """The original as it was issued."""
    return storage().get(next(each.sha256 for each in letter.renditions if each.rangkap == rangkap))


def printed_page(letter: Letter, rangkap: int, page: int) -> bytes:
    """One page of it as a picture."""
    _, content = _child("page", [printed(letter, rangkap)], page=page)
    return content
