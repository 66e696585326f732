"""The engine and the person of this request."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar, cast

import flask_login
from flask import current_app, g

if TYPE_CHECKING:
    from engine.app import Engine
    from engine.model.actor import Actor
    from engine.queries.people import User

T = TypeVar("T")


def engine() -> Engine:
    return cast("Engine", current_app.extensions["closeloop"])


def query(fn: Callable[..., T], **arguments: Any) -> T:
    """Ask the engine: `fn` is a function of `engine.queries`."""
    return engine().query(fn, **arguments)


def execute(command: Any) -> Any:
    """Change something: one command, one transaction."""
    return engine().execute(command)


def now() -> datetime:
    """Give the instant of this request: read once, so that all that one page says agrees."""
    if "now" not in g:
        g.now = engine().clock()
    return cast("datetime", g.now)


def sign_in_program(user: User) -> None:
    """Make a token's owner the person of this request, without a session."""
    g.program = user


def find_user() -> User | None:
    """Find the person or program that this request speaks for, if any."""
    if "program" in g:
        return cast("User", g.program)
    visitor = flask_login.current_user._get_current_object()  # the proxy itself would hide errors of the look-up
    return cast("User", visitor.user) if visitor and visitor.is_authenticated else None


def note_failure() -> None:
    """Ask nothing more for this request: the page that tells of a failure must not fail the same way."""
    g.failing = True
    if "_login_user" not in g:
        g._login_user = flask_login.AnonymousUserMixin()


def has_failed() -> bool:
    return "failing" in g


def user() -> User:
    found = find_user()
    if found is None:
        raise RuntimeError("this page is shown to nobody")
    return found


def actor() -> Actor:
    return user().actor
