"""What can go wrong with a decision file."""

from __future__ import annotations

from typing import NamedTuple

from engine.feel import FeelError


class DmnError(Exception):
    """A decision file cannot be read, or a decision cannot be made; `element` is the id in the file."""

    def __init__(self, message: str, *, code: str = "dmn_error", element: str | None = None) -> None:
        super().__init__(f"{element}: {message}" if element else message)
        self.message = message
        self.code = code
        self.element = element


class Problem(NamedTuple):
    """A fault found before anything runs; `rule` is a stable code, `message` is English, `line` is 1-based.

    Where FEEL cannot be read, `text` is its beginning and `error` says why.
    """

    element: str
    rule: str
    message: str
    line: int | None = None
    text: str = ""
    error: FeelError | None = None
