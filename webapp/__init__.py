"""The edge: HTTP, login, forms, database, jobs and the command line. create_app reads as a table of contents."""

from __future__ import annotations

from flask import Flask
from flask_bootstrap import Bootstrap5
from flask_wtf import CSRFProtect

from config import Config

from . import assets, doors, errors, login, logs, menu, schema
from .converters import add_converters
from .db import init_db
from .limits import limiter
from .plain import PlainRequest
from .presentation import add_presentation
from .storage import FileStore
from .views import register_views

csrf = CSRFProtect()


def create_app(config: Config | None = None) -> Flask:
    """The whole application for one installation. Raises BadConfig when the environment does not allow a start."""
    config = config or Config.from_environment()
    app = Flask("webapp", template_folder="../templates", static_folder=None, static_url_path="/pustaka")
    app.request_class = PlainRequest
    app.config.update(
        SINERGI=config,
        SECRET_KEY=config.secret_key,
        SESSION_COOKIE_NAME="sinergi",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=config.public_url.startswith("https://"),
        MAX_CONTENT_LENGTH=26 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None,
        BOOTSTRAP_SERVE_LOCAL=True,
        RATELIMIT_STORAGE_URI="memory://",
        RATELIMIT_HEADERS_ENABLED=False,
        TEMPLATES_AUTO_RELOAD=False,
    )
    config.home.mkdir(parents=True, exist_ok=True)
    app.extensions["storage"] = FileStore(config.storage)
    logs.init_logs(app)
    init_db(app, config.database_url)
    schema.init_schema(app)
    add_converters(app)
    csrf.init_app(app)
    limiter.init_app(app)
    Bootstrap5(app)
    login.init_login(app)
    doors.init_doors(app)
    add_presentation(app)
    menu.add_menu(app)
    assets.init_assets(app)
    register_views(app)
    errors.init_errors(app)
    return app
