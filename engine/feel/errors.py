"""What can go wrong with an expression: refused text, a failed assertion, a bound passed. Standard library only."""

from __future__ import annotations


class FeelError(Exception):
    """An expression could not be read or evaluated.

    `code` is stable; `message` is English: `template` filled with `params`, apart so that pages can translate it.
    """

    def __init__(self, template: str, code: str = "feel_error", **params: object) -> None:
        self.template = template
        self.code = code
        self.params = params
        self.message = template.format(**params) if params else template
        super().__init__(self.message)


class FeelSyntaxError(FeelError):
    """The text is not FEEL; says where, what was expected and the likely mend.

    `position` counts characters from 0; `line` and `column` from 1. `reason` is the message without place and mend.
    """

    def __init__(
        self,
        template: str,
        *,
        text: str = "",
        position: int = 0,
        mend: str | None = None,
        expected: tuple[str, ...] = (),
        **params: object,
    ) -> None:
        super().__init__(template, "feel_syntax", **params)
        before = text[:position]
        self.reason = self.message
        self.text = text
        self.position = position
        self.line = before.count("\n") + 1
        self.column = position - (before.rfind("\n") + 1) + 1
        self.mend = mend
        self.expected = expected
        where = f"line {self.line}, column {self.column}" if self.line > 1 else f"column {self.column}"
        wanted = f"; expected {' or '.join(expected)}" if expected else ""
        self.message = f"{self.reason}{wanted} ({where})" + (f"; {mend}" if mend else "")
        self.args = (self.message,)

    def within(self, text: str) -> FeelSyntaxError:
        """Return the same error with its place counted in a text that was not known when it was raised."""
        return FeelSyntaxError(
            self.template, text=text, position=self.position, mend=self.mend, expected=self.expected, **self.params
        )


class FeelLimitExceeded(FeelError):
    """An evaluation passed a bound on length, depth, steps, sizes or time."""

    def __init__(self, what: str, limit: float) -> None:
        super().__init__(
            "the expression passes the limit: {what} (at most {limit:g})", "feel_limit", what=what, limit=limit
        )
        self.what = what
        self.limit = limit


class Undefined(Exception):
    """A built-in function has no result for its arguments: null, with this reason as warning. Never leaves the engine."""
