"""What a check found in a model file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One finding of a deployment check, in words for a process owner.

    `element` is the id of the BPMN/DMN element or the form component's path, "" for the file as a whole; `rule` the
    check's stable name; `message` says what is wrong and what to do. Where it is `template` filled with `params`, pages
    can translate it. Warnings do not stop a deployment.
    """

    file: str
    element: str
    rule: str
    message: str
    severity: Literal["error", "warning"] = "error"
    template: str = field(default="", compare=False)
    params: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def is_error(self) -> bool:
        return self.severity == "error"

    def __str__(self) -> str:
        return f"{self.file}:{self.element}: {self.rule}: {self.message}"
