"""Registers and their records: lists, entries, CSV in and out. Everyone reads; owners and managers write."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("records", __name__, url_prefix="/records")

from web.records import entry, listing, sheets  # noqa: E402, F401 - they hang their views on the blueprint
