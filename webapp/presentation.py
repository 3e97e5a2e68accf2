"""What every page may use: Indonesian dates and money, the form's key, who is looking, and where a sentence can be closed."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import Flask, current_app, request, url_for
from flask_login import current_user
from markupsafe import Markup

from letters.indonesian import blth, rupiah, tanggal
from workflows import STAGES

from . import clock
from .access import ROLES, may
from .doors import is_demo

STAGE_NAMES = {"none": "Belum disusun", **{each.slug: each.title for each in STAGES}, "active": "Aktif"}

# Where each open sentence is closed: endpoint and the verb that it takes there.
CLOSED_AT = {
    "accord_in_force": ("accords.show", "accord.see", "Buka induk"),
    "parties_complete": ("officials.index", "officials.see", "Lengkapi pejabat"),
    "legal_bases_chosen": ("agreements.edit", "agreement.draft", "Pilih dasar hukum"),
    "roster_frozen": ("rosters.show", "roster.freeze", "Buka daftar peserta"),
    "contributions_calculated": ("rosters.show", "roster.see", "Lihat iuran"),
    "nothing_flagged": ("rosters.show", "roster.clear", "Selesaikan tanda"),
    "paraf_given": ("agreements.review", "paraf.give", "Periksa dan paraf"),
    "approved": ("agreements.review", "agreement.approve", "Periksa dan setujui"),
    "numbers_known": ("letters.numbers", "letters.issue|numbers.type", "Lengkapi nomor"),
    "signed_kesatu": ("signatures.show", "signature.kesatu|signature.review", "Catat tanda tangan"),
    "signed_kedua": ("signatures.show", "signature.kedua|signature.review", "Catat tanda tangan"),
    "annex_signed": ("signatures.show", "signature.annex|signature.review", "Unggah lampiran bertanda tangan"),
    "rkpdes_names": ("budgets.show", "budget.record", "Catat RKPDes"),
    "apbdes_carries": ("budgets.show", "budget.record", "Catat APBDes"),
    "lines_cover": ("budgets.show", "budget.record", "Lengkapi anggaran"),
    "no_forbidden_source": ("budgets.show", "budget.record", "Perbaiki sumber dana"),
    "budget_evidence": ("budgets.show", "budget.record", "Unggah bukti"),
    "camat_checked": ("budgets.show", "budget.check", "Periksa anggaran"),
    "files_handed_in": ("enrollments.show", "enrollment.handed_in", "Catat penyerahan"),
    "validated": ("enrollments.show", "enrollment.validated", "Validasi berkas"),
    "billing_code": ("enrollments.show", "enrollment.billing_code", "Catat kode iuran"),
    "first_payment": ("enrollments.show", "enrollment.payment", "Catat pembayaran"),
    "active": ("enrollments.show", "enrollment.active", "Nyatakan aktif"),
}
# What single papers need besides the conditions of the road.
ALSO_CLOSED_AT = {
    "agreement_numbered": ("letters.numbers", "letters.issue|numbers.type", "Lengkapi nomor"),
    "statement_number": ("letters.numbers", "numbers.village", "Isi nomor surat pernyataan"),
    "decree_number": ("letters.numbers", "numbers.village", "Isi nomor keputusan"),
    "application_number": ("letters.numbers", "numbers.village", "Isi nomor permohonan"),
    "amendment_open": ("rosters.show", "roster.freeze", "Buka daftar peserta"),
    "amendment_clear": ("rosters.show", "roster.clear", "Selesaikan tanda"),
}
WITHOUT_AGREEMENT = ("accords.show", "officials.index")


def closing(slug: str, agreement: Any) -> tuple[str, str] | None:
    """The address and the button that close a sentence, if the person looking may close it."""
    endpoint, verbs, label = (CLOSED_AT | ALSO_CLOSED_AT).get(slug, ("", "", ""))
    if endpoint not in current_app.view_functions or not any(may(current_user, each) for each in verbs.split("|")):
        return None
    return (url_for(endpoint) if endpoint in WITHOUT_AGREEMENT else url_for(endpoint, agreement=agreement)), label


def moment(value: datetime) -> str:
    """21 November 2026 pukul 14.05 (the office's clock)."""
    local = clock.at_office(value)
    return f"{tanggal(local.date())} pukul {local:%H.%M}"


def short_date(value: date | None) -> str:
    """21-11-2026, or a dash."""
    return f"{value:%d-%m-%Y}" if value else "–"


def thousands(value: int) -> str:
    """12.345"""
    return f"{value:,}".replace(",", ".")


def money(value: Decimal | None) -> str:
    """Rp1.234.567,00, or a dash."""
    return rupiah(value) if value is not None else "–"


def once() -> Markup:
    """The hidden key that makes a form act once, and the CSRF token beside it. Every form has a key of its own, also when it is shown again:
    what was refused used none up."""
    from flask_wtf.csrf import generate_csrf

    pair = Markup('<input type="hidden" name="csrf_token" value="{}"><input type="hidden" name="once" value="{}">')
    return pair.format(generate_csrf(), secrets.token_hex(16))


def same_page(**changes: Any) -> str:
    """The address of this page with some of its filters changed; None takes one away, and the page number falls back to the first."""
    kept = request.args.to_dict(flat=False) | {"hal": []}
    kept |= {name: [] if value is None else [value] for name, value in changes.items()}
    return url_for(request.endpoint or "", **(request.view_args or {}), **{name: value for name, value in kept.items() if value})


def add_presentation(app: Flask) -> None:
    """Install filters and globals."""
    app.jinja_env.filters.update(
        tanggal=tanggal, rupiah=money, moment=moment, short_date=short_date, thousands=thousands, blth=blth
    )
    app.jinja_env.globals.update(
        STAGES=STAGES, STAGE_NAMES=STAGE_NAMES, ROLES=ROLES, closing=closing, once=once, same_page=same_page, is_demo=is_demo,
        today=clock.today, now=clock.now, may=lambda verb: may(current_user, verb),
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
