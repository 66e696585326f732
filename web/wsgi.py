"""The entry for gunicorn: `gunicorn web.wsgi:app`. The scheduler runs elsewhere (`closeloop scheduler`)."""

from __future__ import annotations

from engine.app import Engine
from engine.config import from_environment
from web.app import create_app

app = create_app(Engine(from_environment()))
