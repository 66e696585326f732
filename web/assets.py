"""Addresses of the built files, and the icons of the one sprite."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import cast

from flask import Flask, current_app, url_for
from markupsafe import Markup

DIST = Path(__file__).parent / "static" / "dist"


class AssetsMissing(RuntimeError):
    """The pages' files are not built, or the built ones are of another release; `make assets` builds them."""


def init(app: Flask) -> None:
    app.jinja_env.globals.update(asset=asset, icon=icon, ring=ring)


def asset(name: str) -> str:
    """Give the address of a built file by its plain name: "app.js", "diagram.css"."""
    hashed = _manifest().get(name)
    if hashed is None:
        raise AssetsMissing(f"{name} is not in web/static/dist/manifest.json; run make assets.")
    return url_for("static", filename=hashed)


def icon(name: str, extra: str = "") -> Markup:
    """Draw a Tabler icon; the build collects the names from the calls in templates and scripts."""
    return Markup('<svg class="ic {}" aria-hidden="true"><use href="{}#{}"/></svg>').format(
        extra, asset("icons.svg"), name
    )


def ring(share: float, size: int = 14) -> Markup:
    """Draw the clock's ring, filled clockwise with the percentage of the time used."""
    radius, box = (5.5, 14) if size == 14 else (14, 30)
    length = 2 * math.pi * radius
    return Markup(
        '<svg class="ring" viewBox="0 0 {0} {0}" aria-hidden="true"><circle class="trk" cx="{1}" cy="{1}" r="{2}"/>'
        '<circle cx="{1}" cy="{1}" r="{2}" stroke-dasharray="{3:.1f} {4:.1f}"/></svg>'
    ).format(box, box / 2, radius, length * min(max(share, 0), 100) / 100, length)


def _manifest() -> dict[str, str]:
    path = DIST / "manifest.json"
    try:
        changed = path.stat().st_mtime_ns
    except FileNotFoundError:
        raise AssetsMissing("web/static/dist is empty; run make assets.") from None
    known = current_app.extensions.get("assets")
    if known is None or known[0] != changed:
        known = (changed, json.loads(path.read_text("utf-8")))
        current_app.extensions["assets"] = known
    return cast("dict[str, str]", known[1])
