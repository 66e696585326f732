"""Messages to one case or a new one, and signals to all that wait."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, post_dump, validate

from engine.commands.broadcast_signal import BroadcastSignal
from engine.commands.correlate_message import CorrelateMessage
from web import current
from web.api.fields import Instant, Key, Strict, Variables
from web.api.resource import Resource, execute

resource = Resource("messages", __name__, "Messages and signals from outside.")
MAX_TTL_S = 366 * 24 * 3600.0


class Message(Strict):
    name = Key(required=True)
    correlation_key = Key(load_default=None, allow_none=True)
    variables = Variables(load_default=dict)
    ttl_s = fields.Float(
        load_default=0,
        validate=validate.Range(min=0, max=MAX_TTL_S),
        metadata={"description": "Seconds for which a message that nobody takes waits for a case; 0 refuses it."},
    )


class Signal(Strict):
    name = Key(required=True)
    variables = Variables(load_default=dict)


class Correlated(Schema):
    instance_ids = fields.List(fields.String(), required=True)


class CorrelatedMessage(Correlated):
    waits_until = Instant(metadata={"description": "Only where no case took the message yet."})

    @post_dump
    def _taken(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Leave out what a message that was taken has not."""
        return {name: value for name, value in data.items() if value is not None}


@resource.route("/messages", methods=["POST"])
@resource.changes
@resource.arguments(Message)
@resource.response(200, CorrelatedMessage)
def correlate_message(body: dict[str, Any]) -> Any:
    """Hand a message to the cases that wait for it, or start one; 404 where nothing does and it may not wait."""
    return execute(CorrelateMessage(**body, actor=current.actor()))


@resource.route("/signals", methods=["POST"])
@resource.changes
@resource.arguments(Signal)
@resource.response(200, Correlated)
def broadcast_signal(body: dict[str, Any]) -> Any:
    """Hand a signal to every case that waits for it and every process that starts on it; none is fine too."""
    return execute(BroadcastSignal(**body, actor=current.actor()))
