"""The inbox and the page of a task."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("tasks", __name__)

from web.tasks import acts, inbox, page  # noqa: E402, F401 - they hang their views on the blueprint
