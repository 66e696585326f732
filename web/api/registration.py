"""Puts the API into an application."""

from __future__ import annotations

from importlib.metadata import version

from flask import Flask

from web.api import (
    attachments,
    decisions,
    definitions,
    deployments,
    docs,
    incidents,
    instances,
    jobs,
    messages,
    records,
    tasks,
    timers,
    waiting,
)
from web.api.spec import make_api
from web.security import csrf

RESOURCES = (
    deployments,
    definitions,
    instances,
    tasks,
    messages,
    timers,
    jobs,
    incidents,
    decisions,
    records,
    attachments,
)
DEFAULT_THREADS = 8


def register(app: Flask, threads: int = DEFAULT_THREADS) -> None:
    """Add `/api/v1` and its description; `threads` is how many requests the server handles at a time."""
    waiting.init(app, threads)
    api = make_api(app, version("closeloop"))
    app.json.sort_keys = app.json.ensure_ascii = False  # type: ignore[attr-defined] # as the schemas are written
    for module in RESOURCES:
        api.register_blueprint(module.resource)
        csrf.exempt(module.resource)
    app.register_blueprint(docs.make_blueprint(api))
