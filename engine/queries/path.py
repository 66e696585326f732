"""What a case went through, read from its history: entries, path, steps with their times."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import func, select

from engine.model import history as kinds
from engine.model.actor import Actor
from engine.model.definition import Element
from engine.model.history import HistoryEntry
from engine.queries.reader import Page, Reader, decode_cursor, encode_cursor
from engine.store.bundles import get_bundle
from engine.store.history import unpack
from engine.store.tables import history, instances, tasks
from engine.store.visibility import require_visible


@dataclass(frozen=True, slots=True)
class PathTaken:
    """Completed elements in order, flows as often as taken, completions by element."""

    elements: tuple[str, ...]
    flows: tuple[str, ...]
    visits: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Step:
    """One visit of an element: when it opened, who took it and when, when and how it ended (None: it is open)."""

    element_id: str
    name: str
    names: Mapping[str, str]
    kind: str
    who: str | None
    opened_at: datetime
    claimed_at: datetime | None
    ended_at: datetime | None
    state: str
    details: Mapping[str, str] = field(default_factory=dict)
    task_id: str | None = None


def _entries(reader: Reader, instance_id: str, beyond: int = 0) -> Iterator[HistoryEntry]:
    """Yield a case's entries after the number `beyond`."""
    first = select(func.max(history.c.seq)).where(history.c.instance_id == instance_id, history.c.seq <= beyond + 1)
    query = (
        select(history.c.seq, history.c.at, history.c.actor, history.c.entries)
        .where(history.c.instance_id == instance_id, history.c.seq >= func.coalesce(first.scalar_subquery(), 0))
        .order_by(history.c.seq)
    )
    for row in reader.connection.execute(query):
        yield from (entry for entry in unpack(row) if entry.seq > beyond)


def list_history(
    reader: Reader, *, instance_id: str, actor: Actor, limit: int = 200, cursor: str | None = None
) -> Page[HistoryEntry]:
    """Return a case's history, oldest first; raises NotFound."""
    require_visible(reader.connection, instance_id, actor)
    (beyond,) = decode_cursor(cursor, int) if cursor is not None else (0,)
    found: list[HistoryEntry] = []
    for entry in _entries(reader, instance_id, beyond):
        if len(found) == limit:
            return Page(tuple(found), encode_cursor(found[-1].seq))
        found.append(entry)
    return Page(tuple(found))


def path_taken(reader: Reader, instance_id: str) -> PathTaken:
    elements: list[str] = []
    flows: list[str] = []
    for entry in _entries(reader, instance_id):
        if entry.kind == kinds.ELEMENT_COMPLETED and entry.element_id:
            elements.append(entry.element_id)
        elif entry.kind == kinds.FLOW_TAKEN and entry.element_id:
            flows.append(entry.element_id)
    return PathTaken(tuple(elements), tuple(flows), Counter(elements))


def _elements(reader: Reader, bundle_id: str, entries: list[HistoryEntry]) -> Mapping[str, Element]:
    """Return the elements of a case's version, and those of versions that it was moved away from."""
    loaded = reader.bundle(bundle_id)
    found = loaded.definition.elements
    for entry in entries:
        if entry.kind == kinds.INSTANCE_MIGRATED:
            earlier = get_bundle(reader.connection, loaded.bundle.definition_key, entry.data["from"])
            found = {**reader.bundle(earlier.id).definition.elements, **found}
    return found


def list_details(reader: Reader, *, instance_id: str, actor: Actor) -> dict[str, Mapping[str, str]]:
    """Return, by task and locale, what tells a case's tasks apart from others of their steps; raises NotFound."""
    require_visible(reader.connection, instance_id, actor)
    return _details(reader, instance_id)


def _details(reader: Reader, instance_id: str) -> dict[str, Mapping[str, str]]:
    query = select(tasks.c.id, tasks.c.details).where(tasks.c.instance_id == instance_id)
    return {id: details for id, details in reader.connection.execute(query) if details}


_TIMED = frozenset(
    {"userTask", "receiveTask", "serviceTask", "sendTask", "businessRuleTask", "intermediateCatchEvent", "callActivity"}
)


def list_steps(reader: Reader, *, instance_id: str, actor: Actor) -> tuple[Step, ...]:
    """Return the steps that took time or decided something, in the order in which they opened; raises NotFound."""
    require_visible(reader.connection, instance_id, actor)
    bundle_id = reader.connection.execute(
        select(instances.c.bundle_id).where(instances.c.id == instance_id)
    ).scalar_one()
    entries = list(_entries(reader, instance_id))
    elements = _elements(reader, bundle_id, entries)
    details = _details(reader, instance_id)
    steps: list[Step] = []
    open_steps: dict[str, int] = {}  # by task id, else by element id
    for entry in entries:
        element = elements.get(entry.element_id or "")
        if element is None or element.kind not in _TIMED:
            continue
        key = str(entry.data.get("task_id") or element.id)
        match entry.kind:
            case kinds.TASK_OPENED | kinds.ELEMENT_STARTED if key not in open_steps and not (
                entry.kind == kinds.ELEMENT_STARTED and element.kind == "userTask"
            ):
                who = entry.data.get("assignee")
                open_steps[key] = len(steps)
                steps.append(
                    Step(
                        element.id,
                        element.name,
                        element.names,
                        element.kind,
                        who,
                        entry.at,
                        entry.at if who else None,
                        None,
                        "open",
                        details.get(key, {}),
                        entry.data.get("task_id"),
                    )
                )
            case kinds.TASK_CLAIMED | kinds.TASK_ASSIGNED | kinds.TASK_RELEASED if key in open_steps:
                who = entry.data.get("assignee")
                at = open_steps[key]
                steps[at] = replace(steps[at], who=who, claimed_at=entry.at if who else None)
            case kinds.TASK_COMPLETED | kinds.TASK_CANCELLED | kinds.ELEMENT_CANCELLED if key in open_steps:
                at = open_steps.pop(key)
                state = "completed" if entry.kind == kinds.TASK_COMPLETED else "cancelled"
                who = entry.actor if entry.kind == kinds.TASK_COMPLETED else steps[at].who
                steps[at] = replace(
                    steps[at], who=who, claimed_at=steps[at].claimed_at or entry.at, ended_at=entry.at, state=state
                )
            case kinds.ELEMENT_COMPLETED if element.kind != "userTask":
                if key in open_steps:
                    at = open_steps.pop(key)
                    steps[at] = replace(steps[at], ended_at=entry.at, state="completed")
                else:
                    steps.append(
                        Step(
                            element.id,
                            element.name,
                            element.names,
                            element.kind,
                            None,
                            entry.at,
                            None,
                            entry.at,
                            "completed",
                        )
                    )
    return tuple(steps)
