"""The entry for gunicorn: `gunicorn web.wsgi:app`. The scheduler runs elsewhere (`closeloop scheduler`)."""

from __future__ import annotations

from flask import Flask

from engine.app import Engine
from engine.config import from_environment
from web import logs
from web.app import create_app


def _make() -> Flask:
    settings = from_environment()
    logs.configure(settings.log_level)
    engine = Engine(settings)
    engine.require_current()  # a server on an older schema would fail page by page
    return create_app(engine)


app = _make()
