"""The list of open tasks: filters with counts, bands by deadline, live."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from engine.queries.definitions import list_definitions
from engine.queries.tasks import InboxCounts, TaskRow, count_tasks, list_tasks
from web import current
from web.formats import SOON, full_name, localised
from web.tasks import blueprint

PAGE = 50
SCOPES = ("mine", "groups", "unclaimed", "visible", "done")


@dataclass(frozen=True, slots=True)
class Filter:
    """A line of the filters: `count` is None where nothing is counted."""

    text: str
    address: str
    count: int | None
    late: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Band:
    """Rows under one heading; `count` is None where the next page goes on with the same band."""

    title: str
    rows: Sequence[TaskRow]
    count: int | None


@blueprint.get("/")
def home() -> ResponseReturnValue:
    return redirect(url_for("tasks.inbox"))


@blueprint.get("/inbox")
def inbox() -> str:
    return render_template("tasks/inbox.html", **_content())


@blueprint.get("/inbox/live")
def inbox_live() -> ResponseReturnValue:
    """Give the list as it stands now, or 304: the page decides what of it to show."""
    content = _content()
    html = render_template("tasks/_list.html", **content)
    body = orjson.dumps({"ids": [row.id for band in content["bands"] for row in band.rows], "html": html})
    response = Response(body, content_type="application/json")
    response.set_etag(hashlib.sha256(body).hexdigest()[:32])
    return response.make_conditional(request)


def _content() -> dict[str, Any]:
    actor = current.actor()
    scope = request.args.get("scope", "")
    process = request.args.get("process") or None
    text = request.args.get("q", "").strip() or None
    counts = current.query(count_tasks, actor=actor)
    if scope not in SCOPES:
        scope = "groups" if actor.groups and not process else "visible"
    state = "completed" if scope == "done" else "open"
    found = current.query(
        list_tasks,
        actor=actor,
        scope=scope,
        state=state,
        definition_key=process,
        text=text,
        limit=PAGE,
        cursor=request.args.get("cursor") or None,
    )
    first = max(request.args.get("first", 1, int), 1)
    return {
        "scope": scope,
        "process": process,
        "q": text or "",
        "counts": counts,
        "scopes": _scopes(counts, scope, process),
        "processes": _processes(counts, process),
        "bands": _bands(found.items, found.next is not None, scope, current.now()),
        "first": first,
        "last": first + len(found.items) - 1,
        "total": first + len(found.items) - 1
        if found.next is None
        else None
        if text
        else _total(counts, scope, process),
        "later": found.next
        and url_for("tasks.inbox", scope=scope, process=process, q=text, cursor=found.next, first=first + PAGE),
        "earlier": url_for("tasks.inbox", scope=scope, process=process, q=text) if "cursor" in request.args else None,
        "live": url_for("tasks.inbox_live", scope=scope, process=process, q=text),
    }


def _scopes(counts: InboxCounts, scope: str, process: str | None) -> list[Filter]:
    lines = [
        ("mine", gettext("Mine"), counts.mine, counts.mine_late),
        ("groups", gettext("My teams"), counts.groups, counts.groups_late),
        ("unclaimed", gettext("To claim"), counts.unclaimed, counts.unclaimed_late),
        ("visible", gettext("Everything"), counts.visible, counts.visible_late),
        ("done", gettext("Done by me"), None, 0),
    ]
    return [
        Filter(text, url_for("tasks.inbox", scope=key), count, late, key == scope and process is None)
        for key, text, count, late in lines
    ]


def _processes(counts: InboxCounts, process: str | None) -> list[Filter]:
    names = {row.key: localised(row.name, row.names) for row in current.query(list_definitions)}
    return [
        Filter(names.get(key, key), url_for("tasks.inbox", process=key), count, late, key == process)
        for key, (count, late) in sorted(counts.by_definition.items(), key=lambda item: names.get(item[0], item[0]))
    ]


def _total(counts: InboxCounts, scope: str, process: str | None) -> int | None:
    if scope == "done":
        return None
    if process is not None:
        return counts.by_definition.get(process, (0, 0))[0] if scope == "visible" else None
    return int(getattr(counts, scope))


def _bands(rows: Iterable[TaskRow], more: bool, scope: str, now: datetime) -> list[Band]:
    titles = {
        "late": gettext("Late"),
        "soon": gettext("Next 4 hours"),
        "later": gettext("Later"),
        "none": gettext("No deadline"),
        "done": gettext("Done by me"),
    }
    sorted_rows: dict[str, list[TaskRow]] = {}
    for row in _apart(rows) if scope != "done" else rows:
        sorted_rows.setdefault("done" if scope == "done" else _band(row, now), []).append(row)
    last = list(sorted_rows)[-1] if sorted_rows else None
    return [
        Band(titles[key], members, None if more and key == last else len(members))
        for key, members in sorted_rows.items()
    ]


def _apart(rows: Iterable[TaskRow]) -> list[TaskRow]:
    """Put tasks with the same deadline in the order of their cases, and of what tells them apart there."""
    far = datetime.max.replace(tzinfo=UTC)
    return sorted(rows, key=lambda row: (row.due_at or far, row.business_key or row.instance_id, full_name(row)))


def _band(row: TaskRow, now: datetime) -> str:
    if row.due_at is None:
        return "none"
    if row.due_at < now:
        return "late"
    return "soon" if row.due_at - now <= SOON else "later"
