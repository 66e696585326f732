"""The small values that fields and checklists are drawn from."""

from __future__ import annotations

from dataclasses import dataclass

from engine.store.attachments import Attachment


@dataclass(frozen=True, slots=True)
class OptionShown:
    value: str
    label: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class FileShown:
    """A file that an answer holds; `file` is None where it may not be seen any more."""

    id: str
    file: Attachment | None


@dataclass(frozen=True, slots=True)
class Picked:
    """A record as a picker shows it."""

    key: str
    title: str
