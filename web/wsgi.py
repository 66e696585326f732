"""The entry for gunicorn: `gunicorn web.wsgi:app`. The scheduler runs elsewhere (`closeloop scheduler`)."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask

from engine.app import Engine
from engine.config import from_environment
from engine.model.errors import WrongSetting
from web import demo, logs
from web.app import create_app
from web.serving import is_loopback


def _make() -> Flask:
    settings = from_environment()
    logs.configure(settings.log_level)
    engine = Engine(settings)
    engine.require_current()  # a server on an older schema would fail page by page
    if not is_loopback(urlsplit(settings.base_url).hostname or "") and demo.password_is_known(engine):
        raise WrongSetting(
            "The demo plant's password is public: CLOSELOOP_BASE_URL may be of this machine only, or its people need "
            "other passwords."
        )
    return create_app(engine)


app = _make()
