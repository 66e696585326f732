"""Cases: the list with its filters, a case on its diagram, and how managers step in."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("instances", __name__, url_prefix="/cases")

from web.instances import acts, listing, page  # noqa: E402, F401  their routes
