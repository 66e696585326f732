"""Response headers and form tokens that hold for every page."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, request
from flask_wtf import CSRFProtect

csrf = CSRFProtect()

# Styles may stand in elements: the diagrams and editors write them. Scripts come from our own files only.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "object-src 'none'; manifest-src 'self'"
)


def init(app: Flask, base_url: str) -> None:
    """Set cookies and headers; links are always relative, so the request's Host header decides nothing."""
    https = urlsplit(base_url).scheme == "https"
    app.config.update(
        SESSION_COOKIE_NAME="closeloop",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=https,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a form that stood open all day is not lost
        WTF_CSRF_SSL_STRICT=False,  # compares with the Host header; SameSite and the token do the work
    )
    csrf.init_app(app)

    @app.after_request
    def headers(response: Response) -> Response:
        return _headers(response, https)


def _headers(response: Response, https: bool) -> Response:
    set_header = response.headers.setdefault
    set_header("Content-Security-Policy", POLICY)
    set_header("X-Content-Type-Options", "nosniff")
    set_header("X-Frame-Options", "DENY")
    set_header("Referrer-Policy", "same-origin")
    set_header("Cross-Origin-Opener-Policy", "same-origin")
    set_header("Permissions-Policy", "camera=(self), microphone=(), geolocation=()")
    if https:
        set_header("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint == "static" and response.status_code < 400:
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"  # names carry their content's hash
    elif "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "private, no-cache"
    return response
