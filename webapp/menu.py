"""The frame of every page: which doors the person looking may open, and whose office this is. A door that he may not open is not shown."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, g, request, url_for
from flask_login import current_user
from markupsafe import Markup
from sqlalchemy import select

from . import clock
from .access import may
from .db import db
from .history import event_detail, event_words
from .models import Office
from .presentation import moment

ZONES = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
MENU = (
    ("dashboard.show", "Beranda"),
    ("home.show", "Desa saya"),
    ("villages.index", "Desa"),
    ("sittings.index", "Sidang"),
    ("contributions.show", "Iuran"),
    ("imports.index", "Impor"),
    ("letters.register", "Agenda"),
    ("accords.show", "Induk"),
    ("reports.show", "Laporan"),
    ("officials.index", "Pejabat"),
    ("rules.index", "Aturan"),
    ("offices.edit", "Kantor"),
    ("users.index", "Pengguna"),
    ("privacy.index", "Data pribadi"),
    ("audit.index", "Jejak"),
    ("upkeep.show", "Keadaan"),
)


def can_open(endpoint: str) -> bool:
    """Is there such a door, and may the person looking open it? Asks the same mark that the door itself asks."""
    view = current_app.view_functions.get(endpoint)
    if view is None:
        return False
    verbs: str = vars(view)["needs"]  # loud when a view names none
    return not verbs or any(may(current_user, each) for each in verbs.split("|"))


def menu() -> list[tuple[str, str, bool]]:
    """Address, label and "is it this page?" of every entry for the person looking; a village's start page is its own."""
    mine = "home.show" if getattr(current_user, "role", "") == "village" else "dashboard.show"
    here = (request.endpoint or "").split(".")[0]
    shown = [(endpoint, label) for endpoint, label in MENU if can_open(endpoint) and (endpoint not in ("dashboard.show", "home.show") or endpoint == mine)]
    return [(url_for(endpoint), label, endpoint.split(".")[0] == here) for endpoint, label in shown]


def link_if(endpoint: str, label: str, class_: str = "", **values: Any) -> Markup:
    """A link, or nothing when the door is not there or not for the person looking."""
    if not can_open(endpoint):
        return Markup("")
    return Markup('<a class="{}" href="{}">{}</a>').format(class_, url_for(endpoint, **values), label)


def zone_name() -> str:
    """WITA, as people call the office's time zone."""
    return ZONES.get(clock.office_zone().key, clock.office_zone().key)


def cutoff() -> str:
    """Until when the figures of this page count: per 22 November 2026 pukul 14.05 WITA."""
    return f"per {moment(clock.now())} {zone_name()}"


def office_name() -> str:
    """The name of the office that runs the service; asked once per request."""
    if "office_name" not in g:
        g.office_name = db.session.scalar(select(Office.name).where(Office.side == 1).order_by(Office.id).limit(1)) or ""
    return g.office_name


def add_menu(app: Flask) -> None:
    """Make them known to the templates."""
    app.jinja_env.globals.update(
        can_open=can_open, menu=menu, link_if=link_if, office_name=office_name, zone_name=zone_name, cutoff=cutoff,
        event_words=event_words, event_detail=event_detail,
    )
