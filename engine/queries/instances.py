"""Cases: the list, its counts, one case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select

from engine.model.actor import Actor
from engine.model.errors import NotFound
from engine.queries.path import PathTaken, Step, list_history, list_steps, path_taken
from engine.queries.reader import Page, Reader, after, as_microseconds, contains, decode_cursor, microseconds, page
from engine.store import attachments as files
from engine.store.attachments import ATTACHMENT_COLUMNS, Attachment
from engine.store.incidents import INCIDENT_COLUMNS, Incident
from engine.store.tables import attachments, bundles, incidents, instances, tasks
from engine.store.visibility import require_visible, visible_instances

__all__ = [
    "InstanceRow",
    "InstanceView",
    "OpenTask",
    "Step",
    "count_instances",
    "get_attachment",
    "get_instance",
    "list_attachments",
    "list_history",
    "list_instances",
    "list_steps",
]


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A task that a case waits for."""

    id: str
    element_id: str
    name: str
    names: Mapping[str, str]
    assignee: str | None
    candidate_groups: tuple[str, ...]
    due_at: datetime | None
    created_at: datetime
    details: Mapping[str, str]

    @property
    def detail(self) -> str:
        """What tells the task apart from others of its step, in no particular language."""
        return self.details.get("", "")


@dataclass(frozen=True, slots=True)
class InstanceRow:
    """A case in a list; `due_at` is the nearest due instant of its open tasks."""

    id: str
    definition_key: str
    definition_version: int
    definition_name: str
    definition_names: Mapping[str, str]
    business_key: str | None
    subject: str
    customer: str
    stage: str
    state: str
    active_elements: tuple[str, ...]
    incidents: int
    started_at: datetime
    started_by: str
    ended_at: datetime | None
    due_at: datetime | None
    open_tasks: tuple[OpenTask, ...]


@dataclass(frozen=True, slots=True)
class InstanceView:
    """One case in full: where its tokens are, what it went through, what is wrong."""

    row: InstanceRow
    variables: Mapping[str, Any]
    active_elements: tuple[str, ...]
    completed_elements: tuple[str, ...]
    completed_flows: tuple[str, ...]
    visits: Mapping[str, int]
    incidents: tuple[Incident, ...]


_ROW = (
    instances.c.id,
    instances.c.definition_key,
    instances.c.definition_version,
    bundles.c.name,
    bundles.c.names,
    instances.c.business_key,
    instances.c.subject,
    instances.c.customer,
    instances.c.stage,
    instances.c.state,
    instances.c.active,
    instances.c.incidents,
    instances.c.started_at,
    instances.c.started_by,
    instances.c.ended_at,
)
_JOINED = instances.join(bundles, bundles.c.id == instances.c.bundle_id)


def _open_tasks(reader: Reader, instance_ids: Sequence[str]) -> dict[str, list[OpenTask]]:
    columns = (tasks.c.instance_id, *(tasks.c[name] for name in OpenTask.__slots__))
    query = select(*columns).where(tasks.c.instance_id.in_(instance_ids), tasks.c.state == "open")
    found: dict[str, list[OpenTask]] = {}
    for instance_id, *values in reader.connection.execute(query.order_by(tasks.c.created_at, tasks.c.id)):
        values[5] = tuple(values[5])
        found.setdefault(instance_id, []).append(OpenTask(*values))
    return found


def _to_rows(reader: Reader, rows: Sequence[Any]) -> list[InstanceRow]:
    open_tasks = _open_tasks(reader, [row[0] for row in rows])
    result = []
    for row in rows:
        own = open_tasks.get(row[0], [])
        values: list[Any] = list(row)
        values[10] = tuple(values[10])
        due_at = min((task.due_at for task in own if task.due_at is not None), default=None)
        values += [due_at, tuple(own)]
        result.append(InstanceRow(*values))
    return result


def _is_late(reader: Reader) -> ColumnElement[bool]:
    late = select(tasks.c.instance_id).where(tasks.c.state == "open", tasks.c.due_at < reader.now)
    return instances.c.id.in_(late)  # read once: a subquery of each case would go through all late tasks again


def list_instances(
    reader: Reader,
    *,
    actor: Actor,
    state: str | None = None,
    definition_key: str | None = None,
    stage: str | None = None,
    text: str | None = None,
    late: bool = False,
    limit: int = 50,
    cursor: str | None = None,
) -> Page[InstanceRow]:
    """Return cases, the newest first; `text` is looked for in key, subject and customer."""
    order = (as_microseconds(instances.c.started_at), instances.c.id)
    query = select(*_ROW).select_from(_JOINED).where(visible_instances(actor))
    query = query.order_by(*(column.desc() for column in order))
    for column, value in (
        (instances.c.state, state),
        (instances.c.definition_key, definition_key),
        (instances.c.stage, stage),
    ):
        if value is not None:
            query = query.where(column == value)
    if late:
        query = query.where(_is_late(reader))
    if text:
        pattern = contains(text)
        searched = (instances.c.business_key, instances.c.subject, instances.c.customer)
        query = query.where(or_(*(column.ilike(pattern, escape="\\") for column in searched)))
    if cursor is not None:
        query = query.where(after(order, decode_cursor(cursor, int, str), descending=True))
    found = _to_rows(reader, reader.connection.execute(query.limit(limit + 1)).all())
    return page(found, limit, lambda row: (microseconds(row.started_at), row.id))


def count_instances(
    reader: Reader, *, actor: Actor, definition_key: str | None = None, state: str | None = None
) -> dict[str, Any]:
    """Count cases by `state`; those in the given state (running by default) by `stage` and `definition`, and late ones."""
    columns = (instances.c.state, instances.c.stage, instances.c.definition_key)
    late = func.sum(case((_is_late(reader), 1), else_=0))
    query = select(*columns, func.count(), late).where(visible_instances(actor)).group_by(*columns)
    query = query.order_by(instances.c.definition_key)
    if definition_key is not None:
        query = query.where(instances.c.definition_key == definition_key)
    counts: dict[str, Counter[str]] = {name: Counter() for name in ("state", "stage", "stage_late", "definition")}
    for in_state, stage, definition, number, number_late in reader.connection.execute(query):
        counts["state"][in_state] += number
        if in_state == (state or "running"):
            counts["stage"][stage] += number
            counts["stage_late"] += Counter({stage: int(number_late)})  # only those above zero stay
            counts["definition"][definition] += number
    return {**{name: dict(counted) for name, counted in counts.items()}, "late": counts["stage_late"].total()}


def get_instance(reader: Reader, *, instance_id: str, actor: Actor) -> InstanceView:
    """Return one case; raises NotFound."""
    found = reader.connection.execute(
        select(*_ROW, instances.c.variables)
        .select_from(_JOINED)
        .where(instances.c.id == instance_id, visible_instances(actor))
    ).one_or_none()
    if found is None:
        raise NotFound("case", instance_id)
    *values, variables = found
    (row,) = _to_rows(reader, [values])
    path: PathTaken = path_taken(reader, instance_id)
    troubles = reader.connection.execute(
        select(*INCIDENT_COLUMNS)
        .where(incidents.c.instance_id == instance_id, incidents.c.resolved_at.is_(None))
        .order_by(incidents.c.created_at)
    )
    return InstanceView(
        row,
        variables,
        row.active_elements,
        path.elements,
        path.flows,
        path.visits,
        tuple(Incident(*trouble) for trouble in troubles),
    )


def list_attachments(reader: Reader, *, instance_id: str, actor: Actor) -> tuple[Attachment, ...]:
    """Return a case's files, oldest first; raises NotFound."""
    require_visible(reader.connection, instance_id, actor)
    query = select(*ATTACHMENT_COLUMNS).where(attachments.c.instance_id == instance_id)
    rows = reader.connection.execute(query.order_by(attachments.c.created_at, attachments.c.id))
    return tuple(Attachment(*row) for row in rows)


def get_attachment(reader: Reader, *, attachment_id: str, actor: Actor) -> Attachment:
    """Return one file of a case that the actor may see, or one that the actor uploaded; raises NotFound."""
    attachment = files.get_attachment(reader.connection, attachment_id)
    if attachment.instance_id is None:
        if attachment.created_by != actor.name:
            raise NotFound("attachment", attachment_id)
        return attachment
    try:
        require_visible(reader.connection, attachment.instance_id, actor)
    except NotFound:
        raise NotFound("attachment", attachment_id) from None
    return attachment
