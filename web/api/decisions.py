"""Decisions asked for by themselves, outside any case."""

from __future__ import annotations

from typing import Any

from flask_smorest.fields import Upload
from marshmallow import Schema, fields, validate

from engine.queries import decisions
from web import current
from web.api.fields import Strict, Variables
from web.api.resource import Resource, query
from web.api.spec import ProblemItem

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


class DecisionFiles(Strict):
    files = fields.List(
        Upload(),
        required=True,
        validate=validate.Length(min=1, max=100),
        metadata={"description": "`.dmn` files; several parts of this name."},
    )


class Finding(Schema):
    """Something in a table that its author may not have meant."""

    file = fields.String(required=True)
    decision = fields.String(required=True)
    table = fields.String(required=True)
    kind = fields.String(
        required=True,
        validate=validate.OneOf(
            ("gap", "overlap", "boundary", "disagreement", "unreachable", "not_analysed"),
        ),
    )
    rules = fields.List(fields.Integer(), required=True, metadata={"description": "Their numbers, from 1."})
    example = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": "A case: the label of each input column with a value in FEEL."},
    )
    message = fields.String(required=True)


class Checked(Schema):
    problems = fields.List(
        fields.Nested(ProblemItem),
        required=True,
        metadata={"description": "All that is wrong, the findings among them as warnings."},
    )
    findings = fields.List(fields.Nested(Finding), required=True)


@resource.route("/decisions/check", methods=["POST"])
@resource.arguments(DecisionFiles, location="files")
@resource.response(200, Checked)
def check_decisions(body: dict[str, Any]) -> Any:
    """Look through decision tables for gaps, overlaps and rules that never decide, without deploying them."""
    files = [(file.filename or "", file.read()) for file in body["files"]]
    checked = query(decisions.check, files=files, actor=current.actor())
    findings = [{**finding._asdict(), "file": file, "message": finding.message} for file, finding in checked.findings]
    return {"problems": checked.problems, "findings": findings}
