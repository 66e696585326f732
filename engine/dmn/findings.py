"""What the analysis of a table tells, and how much work it may take."""

from __future__ import annotations

from typing import Any, NamedTuple

GAP = "No rule holds for {case}. Add a rule or a default output, or list the values that the column may have."
BOUNDARY_LEFT_OUT = "No rule holds at the boundary {edge} (for example {case}). Let one of the rules beside it take it."
BOUNDARY_TAKEN_TWICE = "Rules {first} and {second} both take the boundary {edge} (for example {case})."
OVERLAP = (
    "Rules {first} and {second} hold together for {case}, but only one rule may hold in a table with this hit policy."
)
DISAGREEMENT = "Rules {first} and {second} hold together for {case}, but answer differently."
NEVER_HOLDS = "Rule {rule} never holds: no value of {column} passes its cell."
NEVER_DECIDES = "Rule {rule} never decides: earlier rules take all of its cases, such as {case}."
TOO_MANY_RULES = "The table is not analysed: it has more than {most} rules."
TOO_MANY_CASES = "The table is not analysed: it has too many combinations."


class Finding(NamedTuple):
    """One thing to look at. `rules` count from 1; `example` maps the columns' labels to FEEL text.

    The message in English is `template` filled with `params`, apart so that pages can translate it.
    """

    kind: str
    decision: str
    table: str
    rules: tuple[int, ...]
    example: dict[str, str]
    template: str
    params: dict[str, Any]

    @property
    def message(self) -> str:
        return self.template.format_map(self.params)


class Effort:
    """Work that analysing may still take, counted in looks at a rule; past it tables are not analysed.

    Shared by the tables of a deployment, so that a hard one neither holds it up nor takes all from the others.
    """

    def __init__(self, total: int = 3_000_000, table: int = 600_000) -> None:
        self.total = total
        self.table = table
        self.left = 0

    def begin(self) -> None:
        """Begin a table."""
        self.left = min(self.table, self.total)

    def spend(self, looks: int) -> None:
        """Count work; raises TooLarge past the bound."""
        self.left -= looks
        self.total -= looks
        if self.left < 0:
            raise TooLarge


class TooLarge(Exception):
    """The table takes more work to analyse than is allowed."""
