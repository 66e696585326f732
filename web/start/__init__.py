"""Starting a process: the choice, then its form."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("start", __name__, url_prefix="/start")

from web.start import choice, starting  # noqa: E402, F401  their routes
