"""Processes: what is deployed, its versions and files, and the editor that saves a checked new version."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("processes", __name__, url_prefix="/processes")

from web.processes import deploying, listing, moving, page, saving, studio  # noqa: E402, F401  their routes
