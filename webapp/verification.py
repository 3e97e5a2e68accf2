"""What anybody may learn about a paper from the code on its pages or from its bytes: what the register says of it, and no person (T8, T9)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from . import clock
from .db import unscoped
from .models import Accord, AccordSignature, Agreement, Letter, Office, Rendition, Signature, SignatureReview, StoredFile
from .page_codes import read_codes

BY_THE_VILLAGE = ("surat_pernyataan", "keputusan_kepala_desa", "permohonan_pendaftaran")
OF_THE_OFFICE = ("surat_pengantar", "surat_teguran", "rekap", "undangan", "berita_acara", "sertifikat_riwayat")
PREFIX = 16


@dataclass(frozen=True)
class Copy:
    """An original as it was stored: which one, how many pages, how its hash begins."""

    rangkap: int
    pages: int
    hash_begins: str


@dataclass(frozen=True)
class Verdict:
    """What the register says. ``state`` is issued, replaced, void or reserved."""

    state: str
    title: str
    number: str
    dated_on: date
    village: str
    parties: tuple[str, ...]
    version: int
    newest: int
    void_on: date | None
    copies: tuple[Copy, ...]
    contoh: bool

    def pages_of(self, rangkap: int) -> int:
        """Pages of an original; 0 when there is none."""
        return next((each.pages for each in self.copies if each.rangkap == rangkap), 0)


@dataclass(frozen=True)
class Asked:
    """What the code on the page said of itself: page, version, rangkap; None where it did not say."""

    page: int | None
    version: int | None
    rangkap: int | None

    def doubts(self, verdict: Verdict) -> tuple[str, ...]:
        """What does not fit the register, a sentence each."""
        found = []
        if self.version is not None and self.version != verdict.version:
            found.append(f"Kode di kertas menyebut versi {self.version}, register mencatat versi {verdict.version}.")
        if self.rangkap is not None and verdict.copies and not verdict.pages_of(self.rangkap):
            found.append(f"Rangkap {self.rangkap} tidak ada di register.")
        pages = verdict.pages_of(self.rangkap or 1)
        if self.page is not None and pages and not 1 <= self.page <= pages:
            found.append(f"Naskah ini berjumlah {pages} halaman; halaman {self.page} tidak ada.")
        return tuple(found)


def look_up(session: Session, token: str) -> Verdict | None:
    """What the register says of the paper with this token; None when it knows none."""
    with unscoped("verification by token", session):
        letter = session.scalar(select(Letter).where(Letter.token == token))
        return _verdict(session, letter) if letter else None


GENUINE, REPLACED, ALTERED, UNKNOWN = "ASLI", "DIGANTI", "BERUBAH", "TIDAK DIKENAL"
MOST_PAGES = 3  # looked at for a code when the bytes are unknown


@dataclass(frozen=True)
class Checked:
    """The answer about a file: one of four words, what the register says of the paper (None: knows none), why, and what to do next."""

    answer: str
    sha256: str
    verdict: Verdict | None
    why: str
    next: str


def check_file(session: Session, content: bytes) -> Checked:
    """The register first (T8): only bytes that it stored are genuine. Else the code on the pages tells which paper the file pretends to be.

    Stores nothing. Raises Unreadable for unknown bytes that are neither PDF nor picture.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    with unscoped("verification by bytes", session):
        known = _by_bytes(session, sha256)
        if known:
            return known
        for code in read_codes(content, MOST_PAGES):
            verdict = look_up(session, code.token) if code else None
            if verdict:
                return Checked(ALTERED, sha256, verdict, "Isi berkas ini berbeda dari berkas yang disimpan di register.", NEXT[ALTERED])
    return Checked(UNKNOWN, sha256, None, "Register tidak menyimpan berkas ini, dan tidak ada kode naskah yang dikenal di halamannya.", NEXT[UNKNOWN])


NEXT = {
    GENUINE: "Berkas ini dapat dipakai. Cocokkan nomor dan tanggalnya dengan urusan Anda.",
    REPLACED: "Jangan memakai berkas ini. Mintalah naskah yang berlaku kepada kantor penerbit.",
    ALTERED: "Bila ini pindaian atau foto dari kertas, cocokkan nomor, tanggal, dan desa dengan data register di bawah. "
    "Bila ini berkas PDF yang Anda terima, jangan dipakai: unduh lagi dari sistem atau mintalah kepada kantor penerbit.",
    UNKNOWN: "Jangan memakai berkas ini sebagai naskah resmi. Tanyakan kepada kantor yang tertera di kopnya.",
}


def _by_bytes(session: Session, sha256: str) -> Checked | None:
    letter = session.scalar(select(Letter).join(Rendition, Rendition.letter_id == Letter.id).where(Rendition.sha256 == sha256).limit(1))
    if letter:
        return _known(_verdict(session, letter), sha256, "Berkas ini sama, bita demi bita, dengan yang disimpan saat terbit.")
    scan = _signed_paper(session, sha256)
    if scan:
        return _known(_verdict(session, scan), sha256, "Berkas ini pindaian bertanda tangan yang disimpan dan sudah dikonfirmasi.")
    return None


def _known(verdict: Verdict, sha256: str, why: str) -> Checked:
    if verdict.state == "issued":
        return Checked(GENUINE, sha256, verdict, why, NEXT[GENUINE])
    why = "Naskah ini dibatalkan." if verdict.state == "void" else f"Versi {verdict.version} sudah diganti oleh versi {verdict.newest}."
    return Checked(REPLACED, sha256, verdict, why, NEXT[REPLACED])


def _signed_paper(session: Session, sha256: str) -> Letter | None:
    """The paper whose confirmed, signed scan these bytes are."""
    # One scan may prove two signatures: it counts as soon as one of them is confirmed.
    with_file = select(Signature).join(StoredFile, StoredFile.id == Signature.file_id).join(SignatureReview, SignatureReview.signature_id == Signature.id)
    signature = session.scalar(with_file.where(StoredFile.sha256 == sha256, SignatureReview.confirmed).limit(1))
    if signature:
        agreement = session.scalar(select(Agreement).where(Agreement.id == signature.agreement_id))
        return agreement.letter_of("lampiran_peserta" if signature.signer == "annex" else "perjanjian_desa") if agreement else None
    accord_id = session.scalar(select(AccordSignature.accord_id).where(AccordSignature.sha256 == sha256).limit(1))
    if accord_id is None:
        return None
    papers = select(Letter).where(Letter.accord_id == accord_id, Letter.kind == "perjanjian_kerja_sama", Letter.state == "issued")
    return session.scalar(papers.order_by(Letter.id.desc()).limit(1))


def _verdict(session: Session, letter: Letter) -> Verdict:
    agreement = session.scalar(select(Agreement).where(Agreement.id == letter.agreement_id)) if letter.agreement_id else None
    newer = session.scalar(select(Letter).where(Letter.id == letter.replaced_by_id)) if letter.replaced_by_id else None
    return Verdict(
        state="void" if letter.state == "void" else "replaced" if newer else letter.state,
        title=letter.title,
        number=letter.number,
        dated_on=letter.dated_on,
        village=agreement.village.full_name if agreement else "",
        parties=_parties(session, letter, agreement),
        version=letter.version,
        newest=newer.version if newer else letter.version,
        void_on=clock.at_office(letter.void_at).date() if letter.void_at else None,
        copies=tuple(Copy(each.rangkap, each.pages, each.sha256[:PREFIX]) for each in letter.renditions),
        contoh=letter.contoh,
    )


def _parties(session: Session, letter: Letter, agreement: Agreement | None) -> tuple[str, ...]:
    """The institutions that the paper binds or that sent it."""
    accord = agreement.accord if agreement else session.get(Accord, letter.accord_id) if letter.accord_id else None
    if letter.kind in BY_THE_VILLAGE and agreement:
        return (f"Pemerintah {agreement.village.full_name}",)
    if accord and letter.kind not in OF_THE_OFFICE:
        return (accord.office.name, accord.insurer.name)
    office = accord.office if accord else session.scalar(select(Office).where(Office.side == 1).order_by(Office.id).limit(1))
    return (office.name,) if office else ()
