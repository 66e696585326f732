"""What a check found in a model file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One finding of a deployment check, in words for a process owner.

    `element` is the id of the BPMN/DMN element or the form component's path, "" for the file as a whole; `rule` the
    check's stable name; `message` says what is wrong and what to do. Warnings do not stop a deployment.
    """

    file: str
    element: str
    rule: str
    message: str
    severity: Literal["error", "warning"] = "error"

    @property
    def is_error(self) -> bool:
        return self.severity == "error"

    def __str__(self) -> str:
        return f"{self.file}:{self.element}: {self.rule}: {self.message}"
