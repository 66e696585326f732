"""Bearer tokens: who calls. Only their SHA-256 is stored, so a stolen database lets nobody in."""

from __future__ import annotations

import hashlib
import secrets

from flask import request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from engine.queries import people
from web import current

_PREFIX = "clp_"  # lets secret scanners recognise a leaked one


def new_token() -> str:
    """Make a token of 256 random bits."""
    return _PREFIX + secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """Return what is stored of a token. It is random already, so a slow hash would only cost every call its time."""
    return hashlib.sha256(token.encode()).hexdigest()


def authenticate() -> None:
    """Let the owner of the request's token act, else answer 401; cookies are not looked at."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        challenge = WWWAuthenticate("bearer", {"realm": "closeloop"})
        raise Unauthorized("Send your token in the header Authorization: Bearer …", www_authenticate=challenge)
    user = current.engine().query(people.find_user_by_token, sha256=digest(token.strip()))
    if user is None or not user.active:
        challenge = WWWAuthenticate("bearer", {"realm": "closeloop", "error": "invalid_token"})
        raise Unauthorized("The token is not valid.", www_authenticate=challenge)
    current.sign_in_program(user)
