"""What a template needs to know of one field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from web.forms.checklist import Checklist
from web.forms.shown import FileShown, OptionShown, Picked


@dataclass(frozen=True, slots=True)
class FieldShown:
    """One component, its texts in the reader's language, its value as typed."""

    type: str
    key: str
    id: str
    name: str
    label: str
    help: str
    columns: int
    value: str = ""
    number: bool = False
    subtype: str = ""
    checked: bool = False
    options: Sequence[OptionShown] = ()
    files: Sequence[FileShown] = ()
    accept: str = ""
    multiple: bool = False
    errors: Sequence[str] = ()
    required: bool = False
    locked: bool = False
    hidden: bool = False
    hide: str = ""
    before: str = ""
    after: str = ""
    longest: int | None = None
    earliest: str = ""
    body: str = ""
    record_type: str = ""
    picked: Picked | None = None
    offered: Sequence[Picked] | None = None
    inner: Sequence[FieldShown] = ()
    checklist: Checklist | None = None
    height: int | None = None

    @property
    def described_by(self) -> str:
        """The ids of the help and error texts, for `aria-describedby`."""
        return " ".join([*([f"{self.id}-h"] if self.help else []), *([f"{self.id}-e"] if self.errors else [])])

    @property
    def is_grouped(self) -> bool:
        """Whether the label names several inputs."""
        return self.type in ("radio", "checklist", "group")


@dataclass(frozen=True, slots=True)
class Part:
    """A panel of fields, or one checklist."""

    title: str = ""
    help: str = ""
    fields: Sequence[FieldShown] = ()
    checklist: FieldShown | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """Parts that show and hide together."""

    parts: Sequence[Part]
    key: str = ""
    hide: str = ""
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Complaint:
    """One line of the summary on top; `anchor` is "" where no field is at fault."""

    text: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class FormShown:
    """A form ready to be drawn."""

    sections: Sequence[Section]
    complaints: Sequence[Complaint] = ()
    live: dict[str, Any] = field(default_factory=dict)
    readonly: bool = False
    checklists: Sequence[Checklist] = ()

    @property
    def states(self) -> list[str]:
        """The state of every item of every checklist that is shown, in order."""
        return [item.state for one in self.checklists for item in one.items]
