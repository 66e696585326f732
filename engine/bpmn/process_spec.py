"""The specification of a process or sub-process: what a scope holds, connected once and shared by all cases.

Mends, against SpiffWorkflow 3.2.0: an element with the id `Start` or `End` collides with the library's own and is skipped;
connections are made at run time (`merge_child`, `add_path`, `trigger_wf`), so that a specification cannot be shared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.specs import WorkflowSpec

from engine.bpmn.diagram import Node
from engine.bpmn.element import ElementSpec, Link

if TYPE_CHECKING:
    from engine.bpmn.events import EventStartSpec


class ScopeSpec(BpmnProcessSpec):
    """A process (`process` is its key) or a sub-process of it. Variables of a called process are its own."""

    def __init__(self, name: str, process: str, filename: str, *, is_process: bool) -> None:
        WorkflowSpec.__init__(self, name=name, filename=filename)
        self.svg = None
        self.description = name
        self.io_specification = None
        self.data_objects: dict[str, object] = {}
        self.data_stores: dict[str, object] = {}
        self.correlation_keys: dict[str, object] = {}
        self.bpmn_start_events: list[ElementSpec] = []
        self.process = process
        self.is_process = is_process
        self.start = self.end = ElementSpec(self, Node("#root", "root", "", name))
        self.starts: tuple[Link, ...] = ()
        self.event_starts: tuple[EventStartSpec, ...] = ()
        self.ad_hoc = False
        self.undo_all: ElementSpec | None = None
        self.on_compensation: Link | None = None
        """To the event sub-process that undoes the completed sub-process, instead of the handlers inside it."""
        self.elements: dict[str, ElementSpec] = {}
