"""Makes the Flask application around an engine."""

from __future__ import annotations

from flask import Flask, current_app, request, session
from flask_babel import Babel, get_locale
from werkzeug.middleware.proxy_fix import ProxyFix

from engine.app import Engine, secret_key
from engine.queries import tasks as task_queries
from web import (
    api,
    assets,
    auth,
    current,
    errors,
    formats,
    health,
    instances,
    people,
    processes,
    profile,
    records,
    security,
    start,
    tasks,
)

LOCALES = ("en", "zh_Hans")
BLUEPRINTS = (
    tasks.blueprint,
    instances.blueprint,
    start.blueprint,
    processes.blueprint,
    records.blueprint,
    profile.blueprint,
)


def create_app(engine: Engine, threads: int = api.DEFAULT_THREADS) -> Flask:
    """Make the application; it changes nothing by itself and starts no thread. `threads` is how many serve it."""
    app = Flask("web", static_folder="static/dist", static_url_path="/static")
    settings = engine.settings
    app.config.update(
        SECRET_KEY=secret_key(settings),
        MAX_CONTENT_LENGTH=settings.max_upload_mb * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=8 * 1024 * 1024,
        MAX_FORM_PARTS=5000,
        BABEL_DEFAULT_LOCALE=settings.default_locale,
        BABEL_DEFAULT_TIMEZONE=settings.time_zone,
    )
    if settings.trusted_proxies:  # for the limits per address; the host is still never believed
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.trusted_proxies, x_proto=0)  # type: ignore[method-assign]
    app.extensions["closeloop"] = engine
    Babel(app, locale_selector=_locale)
    for part in (assets, formats, people, auth):
        part.init(app)
    security.init(app, settings.base_url)  # after auth: who is signed out is told so, not that a token is missing
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    api.register(app, threads)
    health.init(app)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(_page)
    errors.init(app)
    return app


def _locale() -> str | None:
    """Choose the person's language, else the one chosen at the door, else the browser's."""
    user = current.find_user()
    chosen = (user.locale if user else None) or session.get("locale")
    if chosen in LOCALES:
        return str(chosen)
    for language, _ in request.accept_languages:
        if language.lower().startswith("zh"):
            return "zh_Hans"
        if language.lower().startswith("en"):
            return "en"
    return None


def _page() -> dict[str, object]:
    """Give what the shell shows on every page."""
    user = current.find_user()
    settings = current.engine().settings
    return {
        "me": user,
        "late_count": _late,
        "lang": str(get_locale()).replace("_", "-"),
        "theme": user.theme if user and user.theme in ("light", "dark") else "system",
        "plant": settings.plant_name,
        "ui": current_app.jinja_env.get_template("_parts.html").module,
        "zone": settings.time_zone,
        "now": current.now,
    }


def _late() -> int:
    """Count what the inbox, as it opens, shows as late."""
    user = current.find_user()
    if user is None or current.has_failed():
        return 0
    return current.query(task_queries.count_late, actor=user.actor, scope="groups" if user.groups else "visible")
