"""History entries: what happened to a case, in the past tense, one batch a command."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

INSTANCE_STARTED = "InstanceStarted"
INSTANCE_COMPLETED = "InstanceCompleted"
INSTANCE_CANCELLED = "InstanceCancelled"
INSTANCE_SUSPENDED = "InstanceSuspended"
INSTANCE_RESUMED = "InstanceResumed"
INSTANCE_MIGRATED = "InstanceMigrated"  # data: {"from": version, "version": …, "mapping": {…}}
ELEMENT_STARTED = "ElementStarted"  # only elements that wait or hold others: tasks, catch events, sub-processes
ELEMENT_COMPLETED = "ElementCompleted"
ELEMENT_CANCELLED = "ElementCancelled"
FLOW_TAKEN = "FlowTaken"  # element_id is the sequence flow's
TASK_OPENED = "TaskOpened"
TASK_CLAIMED = "TaskClaimed"
TASK_RELEASED = "TaskReleased"
TASK_ASSIGNED = "TaskAssigned"
TASK_COMPLETED = "TaskCompleted"
TASK_CANCELLED = "TaskCancelled"
VARIABLES_SET = "VariablesSet"  # data: {"variables": {...}}
TIMER_ARMED = "TimerArmed"  # data: {"due_at": ISO instant}
TIMER_FIRED = "TimerFired"
TIMER_MOVED = "TimerMoved"
MESSAGE_RECEIVED = "MessageReceived"
MESSAGE_WAITED = "MessageWaited"  # it had been sent before; data: {"name", "sent_by", "sent_at"}
MESSAGE_THROWN = "MessageThrown"
SIGNAL_THROWN = "SignalThrown"
DECISION_EVALUATED = "DecisionEvaluated"
"""Data: {"decision", "version", "definition_version", "result", "matched": [{"decision", "rule", "rule_id", "inputs"}]}."""
JOB_CREATED = "JobCreated"
JOB_COMPLETED = "JobCompleted"
JOB_FAILED = "JobFailed"
ERROR_THROWN = "ErrorThrown"
ESCALATION_THROWN = "EscalationThrown"
INCIDENT_RAISED = "IncidentRaised"
INCIDENT_RESOLVED = "IncidentResolved"
WARNING_NOTED = "WarningNoted"  # e.g. FEEL's null-on-error


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened, inside the batch of its command; `data` holds JSON values."""

    kind: str
    element_id: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """An entry as read back: `seq` counts a case's entries from 1 without a gap."""

    seq: int
    at: datetime
    actor: str
    kind: str
    element_id: str | None
    data: Mapping[str, Any]
