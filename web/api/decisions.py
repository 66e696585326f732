"""Decisions asked for by themselves, outside any case."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from engine.queries import decisions
from web import current
from web.api.fields import Strict, Variables
from web.api.resource import Resource, query

resource = Resource("decisions", __name__, "Decision tables and requirement graphs.")


class Question(Strict):
    variables = Variables(load_default=dict)


class Answer(Schema):
    result = fields.Raw(required=True, allow_none=True)


@resource.route("/decisions/<string:key>/evaluate", methods=["POST"])
@resource.arguments(Question)
@resource.response(200, Answer)
def evaluate_decision(body: dict[str, Any], key: str) -> Any:
    """Evaluate the newest version of a decision."""
    return {"result": query(decisions.evaluate, key=key, variables=body["variables"], actor=current.actor())}
