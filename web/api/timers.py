"""Timers: when the deadlines of cases fall due, and moving them."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from engine.commands.move_timer import MoveTimer
from engine.queries import work
from web import current
from web.api.fields import Instant, Key, ListArgs, Strict, list_of
from web.api.resource import Resource, execute, query

resource = Resource("timers", __name__, "Deadlines that are armed.")


class MovedTimer(Schema):
    id = fields.String(required=True)
    instance_id = fields.String(required=True, allow_none=True)
    element_id = fields.String(required=True)
    due_at = Instant(required=True)


class Timer(MovedTimer):
    definition_key = fields.String(
        required=True, allow_none=True, metadata={"description": "Of a timer that starts cases, else null."}
    )


class TimerArgs(ListArgs):
    instance_id = Key(load_default=None)


class Move(Strict):
    due_at = Instant(required=True, metadata={"description": "An instant in the past fires the timer at once."})


@resource.route("/timers")
@resource.arguments(TimerArgs, location="query")
@resource.response(200, list_of(Timer, "Timers"))
def list_timers(args: dict[str, Any]) -> Any:
    """List the armed timers of cases that the caller may see, the next first."""
    return query(work.list_timers, actor=current.actor(), **args)


@resource.route("/timers/<string:timer_id>", methods=["PATCH"])
@resource.changes
@resource.arguments(Move)
@resource.response(200, MovedTimer)
def move_timer(body: dict[str, Any], timer_id: str) -> Any:
    """Let a timer fire at another instant; one that is due by then has fired when this answers."""
    return execute(MoveTimer(timer_id=timer_id, actor=current.actor(), due_at=body["due_at"]))
