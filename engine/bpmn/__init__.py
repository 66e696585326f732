"""BPMN: read a diagram, check it, run it. The only importer of SpiffWorkflow.

reading      diagram (values) ← read, read_nodes, read_events, structure (rules), zeebe and dialects (extension elements), juel
specifying   build → process_spec with an element specification each: element, user_task, work, gateways, events, throwing, …
checking     check ← advice, loops, dataflow (what a diagram will not do as meant); soundness (markings) while it is read
running      definition → run → workflow (scopes, variables) → token; snapshot; arming (timers, subscriptions), propagation (errors)
moving       migration (tokens onto another version) → following (what an open case takes over from it)
"""

from engine.bpmn.check import Known, check
from engine.bpmn.definition import Definition, NoPlainStart, build
from engine.bpmn.diagram import Diagram, ProcessInfo
from engine.bpmn.read import read
from engine.bpmn.run import Run, TokenNotFound

__all__ = [
    "Definition",
    "Diagram",
    "Known",
    "NoPlainStart",
    "ProcessInfo",
    "Run",
    "TokenNotFound",
    "build",
    "check",
    "read",
]
