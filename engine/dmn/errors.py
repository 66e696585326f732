"""What can go wrong with a decision file."""

from __future__ import annotations

from typing import NamedTuple


class DmnError(Exception):
    """A decision file cannot be read, or a decision cannot be made; `element` is the id in the file."""

    def __init__(self, message: str, *, code: str = "dmn_error", element: str | None = None) -> None:
        super().__init__(f"{element}: {message}" if element else message)
        self.message = message
        self.code = code
        self.element = element


class Problem(NamedTuple):
    """A fault found before anything runs; `rule` is a stable code, `message` is English, `line` is 1-based."""

    element: str
    rule: str
    message: str
    line: int | None = None
