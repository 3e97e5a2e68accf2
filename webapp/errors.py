"""One place where things end badly: a short sentence, the next step, a request id; never a trace, a path or SQL (T17)."""

from __future__ import annotations

import logging

from flask import Flask, g, redirect, render_template
from flask_limiter.errors import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from letters.stopped import PressStopped
from workflows import NotYet, NotYours, Refused

from .db import db
from .doors import find_deed
from .limits import TooMany
from .models import AuditEvent
from .models.agreements import Overtaken
from .uploads import BadUpload

log = logging.getLogger("sinergi.web")

SENTENCES = {
    400: ("Kiriman tidak lengkap", "Muat ulang halamannya, lalu kirim sekali lagi. Isian tetap ada di halaman sebelumnya."),
    403: ("Bukan wewenang Anda", "Tindakan ini dilakukan oleh peran lain. Bila menurut Anda keliru, hubungi administrator."),
    404: ("Tidak ditemukan", "Alamatnya tidak ada, atau bukan untuk akun ini."),
    405: ("Tidak dapat dibuka begitu", "Kembali ke halaman sebelumnya dan gunakan tombol yang ada."),
    413: ("Berkas terlalu besar", "Paling besar 25 MB. Kecilkan foto atau pindaiannya, lalu unggah lagi."),
    429: ("Terlalu banyak percobaan", "Tunggu 15 menit, lalu coba lagi."),
    500: ("Terjadi kesalahan pada layanan", "Yang Anda kirim belum disimpan. Coba lagi; bila berulang, sebutkan kode di bawah kepada administrator."),
    503: ("Layanan sedang sibuk", "Yang Anda kirim belum disimpan. Coba lagi sebentar lagi."),
}


def init_errors(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(NotYet, _not_yet)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(BadUpload, lambda error: page(400, "Berkas tidak dapat diterima", str(error)))
    app.register_error_handler(PressStopped, lambda error: page(409, "Naskah belum dapat dicetak", str(error)))
    app.register_error_handler(TooMany, lambda _: page(429))
    app.register_error_handler(RateLimitExceeded, lambda _: page(429))
    app.register_error_handler(CSRFError, lambda _: page(400))
    app.register_error_handler(IntegrityError, _integrity)
    app.register_error_handler(OperationalError, _operational)
    app.register_error_handler(HTTPException, lambda error: page(error.code or 500))
    app.register_error_handler(Exception, _unforeseen)


def page(status: int, title: str = "", text: str = "", **more: object) -> tuple[str, int]:
    """The error page."""
    db.session.rollback()
    default = SENTENCES.get(status, SENTENCES[500])
    shown = {"title": title or default[0], "text": text or default[1], "status": status, "request_id": g.get("request_id", "-")}
    return render_template("errors/page.html", **shown, **more), status


def _led() -> Response | None:
    """Two at once: the same form twice leads to where the first led, for it was done; only something else lost the race."""
    db.session.rollback()
    deed = find_deed()
    return redirect(deed.location, 303) if deed else None


def _not_yet(error: NotYet) -> tuple[str, int] | Response:
    return _led() or page(409, "Belum saatnya", "Yang berikut ini harus selesai lebih dahulu:", open=error.open)


def _refused(error: Refused) -> tuple[str, int] | Response:
    if isinstance(error, NotYours):
        return page(403, text=str(error))
    if led := _led():
        return led
    if isinstance(error, Overtaken):
        return page(409, "Ada yang mendahului Anda", str(error), happened=_newest_event(error.object))
    return page(409, "Tidak dapat dilakukan", str(error))


def _newest_event(object_: str) -> AuditEvent | None:
    db.session.rollback()
    return db.session.scalar(select(AuditEvent).where(AuditEvent.object == object_).order_by(AuditEvent.seq.desc()).limit(1))


def _integrity(error: IntegrityError) -> tuple[str, int] | Response:
    if led := _led():
        return led
    log.warning("integrity: %s", type(error.orig).__name__)
    return page(409, "Ada yang mendahului Anda", "Data yang sama baru saja disimpan orang lain. Muat ulang halaman untuk melihatnya.")


def _operational(error: OperationalError) -> tuple[str, int]:
    log.error("database: %s", type(error.orig).__name__)
    return page(503)


def _unforeseen(error: Exception) -> tuple[str, int]:
    log.exception("unforeseen: %s", type(error).__name__)
    return page(500)


