"""Who is there: signing in and out, sessions, passwords, and the rule that every page asks for it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager, UserMixin, login_user, logout_user
from pwdlib import PasswordHash

from engine.queries.people import User, find_user
from web import current

F = TypeVar("F", bound=Callable[..., Any])

blueprint = Blueprint("auth", __name__)
login_manager = LoginManager()
limiter = Limiter(get_remote_address)
_passwords = PasswordHash.recommended()


class Visitor(UserMixin):
    """A signed-in user as Flask-Login wants one."""

    def __init__(self, user: User) -> None:
        self.user = user

    def get_id(self) -> str:
        return self.user.name


def init(app: Flask) -> None:
    app.config.update(
        RATELIMIT_STORAGE_URI="memory://",
        PERMANENT_SESSION_LIFETIME=timedelta(days=14),
        SESSION_REFRESH_EACH_REQUEST=False,
    )
    limiter.init_app(app)
    login_manager.init_app(app)
    login_manager.session_protection = None  # sessions end by password change; phones change their address all day
    login_manager.user_loader(_load)
    app.register_blueprint(blueprint)
    app.before_request(_require_sign_in)


def public(view: F) -> F:
    """Mark a view that needs no sign-in; every other page does."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def hash_password(password: str) -> str:
    return _passwords.hash(password)


def check_password(user: User | None, password: str) -> bool:
    """Compare with the stored hash; an unknown or disabled user takes as long as a wrong password."""
    if user is None or not user.active or not user.password_hash:
        _passwords.verify(password, _nobodys_hash())
        return False
    return _passwords.verify(password, user.password_hash)


def begin_session(user: User) -> None:
    """Start a fresh session: nothing of the one before it stays, so that no planted one becomes the user's."""
    session.clear()
    session["epoch"] = user.session_epoch
    session.permanent = True
    login_user(Visitor(user))


@blueprint.get("/login")
@public
def login() -> ResponseReturnValue:
    if request.args.get("lang") in ("en", "zh_Hans"):
        session["locale"] = request.args["lang"]
        return redirect(url_for("auth.login", next=local_path(request.args.get("next"))))
    if current.find_user() is not None:
        return redirect(local_path(request.args.get("next")) or url_for("tasks.home"))
    return render_template("login.html", name="", next=local_path(request.args.get("next")))


def _refused(response: Response) -> bool:
    return response.status_code == 401


@blueprint.post("/login")
@public
@limiter.limit("60 per 5 minutes", deduct_when=_refused)
@limiter.limit(
    "10 per 5 minutes", key_func=lambda: request.form.get("name", "").strip().casefold(), deduct_when=_refused
)
def sign_in() -> ResponseReturnValue:
    name = request.form.get("name", "").strip()
    user = current.query(find_user, name=name)
    target = local_path(request.form.get("next"))
    if user is None or not check_password(user, request.form.get("password", "")):
        error = gettext("The user name or the password is not right.")
        kept = {"action": local_path(request.form["again_action"]), "fields": _kept()} if _keeps() else {}
        return render_template("login.html", name=name, next=target, error=error, **kept), 401
    begin_session(user)
    if _keeps():
        return render_template("send_again.html", fields=_kept(), action=local_path(request.form["again_action"]))
    return redirect(target or url_for("tasks.home"))


@blueprint.post("/logout")
@public
def sign_out() -> ResponseReturnValue:
    locale = session.get("locale")
    logout_user()
    session.clear()
    if locale:
        session["locale"] = locale
    flash(gettext("You are signed out."))
    return redirect(url_for("auth.login"))


def local_path(target: str | None) -> str | None:
    """Let a path of this site pass, and nothing that a browser would take for another site."""
    if not target or not target.startswith("/") or target[1:2] in ("/", "\\") or not target.isprintable():
        return None
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc else None


def _load(name: str) -> Visitor | None:
    user = current.query(find_user, name=name)
    if user is None or not user.active or session.get("epoch") != user.session_epoch:
        return None
    return Visitor(user)


def _require_sign_in() -> ResponseReturnValue | None:
    if request.endpoint is None or request.endpoint == "static" or (request.blueprint or "").startswith("api"):
        return None  # the blueprints of the API ask for a token by themselves
    view = current_app.view_functions.get(request.endpoint)
    if getattr(view, "is_public", False) or current.find_user() is not None:
        return None
    if request.method not in ("GET", "HEAD"):
        # What was typed travels through the sign-in page and is offered for sending again.
        return render_template("login.html", name="", fields=_typed(), action=request.path, interrupted=True), 401
    if request.headers.get("Sec-Fetch-Dest") == "empty":  # a script asks, which can do nothing with a page
        return Response(status=401)
    path = request.full_path.rstrip("?")
    return redirect(url_for("auth.login", next=None if path == "/" else path))


def _typed() -> list[tuple[str, str]]:
    return [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]


def _keeps() -> bool:
    return local_path(request.form.get("again_action")) is not None


def _kept() -> list[tuple[str, str]]:
    return list(zip(request.form.getlist("again_name"), request.form.getlist("again_value"), strict=False))


@functools.cache
def _nobodys_hash() -> str:
    return _passwords.hash("nobody's")
