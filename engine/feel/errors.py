"""What can go wrong with an expression: refused text, a failed assertion, a bound passed. Standard library only."""

from __future__ import annotations


class FeelError(Exception):
    """An expression could not be read or evaluated; `code` is stable, `message` is English."""

    def __init__(self, message: str, code: str = "feel_error", **params: object) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.params = params


class FeelSyntaxError(FeelError):
    """The text is not FEEL; says where, what was expected and the likely mend.

    `position` counts characters from 0; `line` and `column` from 1.
    """

    def __init__(
        self,
        message: str,
        *,
        text: str = "",
        position: int = 0,
        mend: str | None = None,
        expected: tuple[str, ...] = (),
        code: str = "feel_syntax",
    ) -> None:
        before = text[:position]
        self.reason = message
        self.text = text
        self.position = position
        self.line = before.count("\n") + 1
        self.column = position - (before.rfind("\n") + 1) + 1
        self.mend = mend
        self.expected = expected
        where = f"line {self.line}, column {self.column}" if self.line > 1 else f"column {self.column}"
        full = f"{message} ({where})" + (f"; {mend}" if mend else "")
        super().__init__(full, code, position=position, mend=mend)


class FeelLimitExceeded(FeelError):
    """An evaluation passed a bound on length, depth, steps, sizes or time."""

    def __init__(self, what: str, limit: float) -> None:
        super().__init__(
            f"the expression passes the limit: {what} (at most {limit:g})", "feel_limit", what=what, limit=limit
        )
        self.what = what
        self.limit = limit


class Undefined(Exception):
    """A built-in function has no result for its arguments: null, with this reason as warning. Never leaves the engine."""
