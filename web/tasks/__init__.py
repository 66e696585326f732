"""The inbox and the page of a task."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("tasks", __name__)

from web.tasks import acts as acts  # noqa: E402 - these hang their views on the blueprint
from web.tasks import inbox as inbox  # noqa: E402
from web.tasks import page as page  # noqa: E402
