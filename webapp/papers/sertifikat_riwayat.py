"""The certificate of an agreement's life: its papers, signatures and evidence with their hashes; what the trail tells is handed in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy.orm import object_session

from letters.indonesian import blth, tanggal
from letters.sertifikat_riwayat.letter import Chain, Happened, Kept, Letter, Original, Proof, Signed, Told

from .. import clock
from ..models import Agreement
from ..models import Letter as Row
from ..models import Signature as SignatureRow
from ..models.agenda import office_in_hand
from ..models.agreements import HOLDS
from ..models.budgets import KINDS
from ..models.enrollments import STEP_NAMES
from . import Order, parts

KIND = "sertifikat_riwayat"
METHODS = {"wet_ink": "tanda tangan basah", "taken_over": "tanda tangan basah, pindaian dari arsip"}
TAKEN_OVER = "Diambil alih dari arsip kantor oleh {by} pada {at}: dibuat sebelum register ini ada, dan tidak disaksikannya. {gaps}"
PARTIES = ("PIHAK KESATU", "PIHAK KEDUA", "Kepala Desa")


@dataclass(frozen=True)
class Trail:
    """What the trail tells of the agreement, and whether it holds; a draft knows nothing of it."""

    events: tuple[Happened, ...] = ()
    accesses: int = 0
    chain: Chain | None = None


def facts(agreement: Agreement, order: Order) -> Letter:
    """Its facts as they stand now; ``trail`` among the answers."""
    session, now = object_session(agreement), clock.at_office(clock.now())
    assert session is not None
    office = agreement.accord.office if agreement.accord else office_in_hand(session)
    trail = order.answers.get("trail") or Trail()
    return Letter(
        contoh=order.contoh,
        paper=parts.paper(office),
        kop=parts.office_kop(office),
        village=f"Desa {agreement.village.name}",
        fiscal_year=agreement.fiscal_year,
        cut_off_on=order.on,
        cut_off_time=f"{now:%H.%M.%S} {now.tzname()}",
        about=tuple(Told(name=name, value=value or None) for name, value in _about(agreement)),
        taken_over=_taken_over(agreement),
        events=trail.events,
        accesses=trail.accesses,
        papers=tuple(_kept(each) for each in agreement.letters if each.kind != KIND),
        signatures=tuple(_signed(agreement, each) for each in agreement.signatures),
        proofs=tuple(_proofs(agreement)),
        chain=trail.chain,
        check_at=f"{current_app.config['SINERGI'].public_url.rstrip('/')}/periksa",
    )


def _about(agreement: Agreement) -> Iterator[tuple[str, str]]:
    """What the agreement is, as it stands: a name and a value each; an empty value is a dotted line."""
    village, accord, stage = agreement.village, agreement.accord, agreement.current_stage()
    place = village.kecamatan
    yield "Desa", f"Desa {village.name} ({village.code}), Kecamatan {place.name}, Kabupaten {place.kabupaten.name}"
    yield "Nomor PIHAK KESATU", agreement.numbers[0] or ""
    yield "Nomor PIHAK KEDUA", agreement.numbers[1] or ""
    yield "Tanggal perjanjian", tanggal(agreement.dated_on) if agreement.dated_on else ""
    yield "Bulan iuran", f"{blth(agreement.month_first)} sampai {blth(agreement.month_last)}"
    yield "Induk", f"Nomor {accord.number_kesatu or '-'} dan {accord.number_kedua or '-'}" if accord else ""
    yield from zip(PARTIES, agreement.parties_seen, strict=True)
    yield "Tahap", stage.title if stage else "Aktif"
    if agreement.hold:
        yield "Jeda", f"{HOLDS[agreement.hold.kind]} sejak {tanggal(agreement.hold.on)}"
    if version := agreement.roster_version:
        yield "Daftar peserta", f"versi {version.number}, {version.participants} orang, sidik {version.digest}"


def _taken_over(agreement: Agreement) -> str | None:
    told = agreement.takeover
    if told is None:
        return None
    gaps = " ".join(f"{each[0].upper()}{each[1:]}." for each in told.gaps)
    return TAKEN_OVER.format(by=told.by.name, at=_moment(told.at), gaps=gaps).strip()


def _kept(each: Row) -> Kept:
    originals = tuple(Original(rangkap=copy.rangkap, pages=copy.pages, sha256=copy.sha256) for copy in each.renditions)
    told = {"title": each.title, "number": each.number or None, "version": each.version, "dated_on": each.dated_on}
    return Kept(**told, state=each.state_name, reason=each.void_reason or None, originals=originals)


def _signed(agreement: Agreement, each: SignatureRow) -> Signed:
    verdict = f"{'Dikonfirmasi' if each.review.confirmed else 'Ditolak'} {each.review.by.name}, {_moment(each.review.at)}" if each.review else "Belum diperiksa"
    return Signed(
        signer=each.village_name_of_signer, on=each.on, place=each.place, method=METHODS.get(each.method, each.method), taken_over=each.method == "taken_over",
        recorded=_recorded(each), verdict=verdict, stands=agreement.standing_signature(each.signer) is each, sha256=each.file.sha256,
    )  # fmt: skip


def _proofs(agreement: Agreement) -> Iterator[Proof]:
    """Files that prove something else, in the order of their coming."""
    found: list[tuple[Any, str, str, str]] = [(each, KINDS[each.kind], each.number, each.file.sha256) for each in agreement.documents if each.file]
    found += [(each, STEP_NAMES[each.kind], each.number, each.file.sha256) for each in agreement.steps if each.file]
    found += [(each, "Data arsip yang diambil alih", each.number_kesatu, each.file_sha256) for each in agreement.takeovers if each.file_sha256]
    for row, what, number, sha256 in sorted(found, key=lambda each: each[0].at):
        yield Proof(what=what, number=number or None, on=getattr(row, "on", None), recorded=_recorded(row), sha256=sha256)


def _recorded(row: Any) -> str:
    return f"{row.by.name}, {_moment(row.at)}"


def _moment(at: datetime) -> str:
    return f"{clock.at_office(at):%d-%m-%Y %H.%M}"
