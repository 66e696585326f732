"""The OpenAPI description, made from the routes and schemas themselves."""

from __future__ import annotations

import http
from typing import Any

from flask import Flask
from flask_smorest import Api
from flask_smorest.utils import prepare_response
from marshmallow import Schema, fields

from web.api.fields import Instant, Key, Variables
from web.api.resource import Resource

PROBLEM_JSON = "application/problem+json"


class ProblemItem(Schema):
    """A finding in a model file."""

    file = fields.String(required=True)
    element = fields.String(required=True)
    rule = fields.String(required=True)
    message = fields.String(required=True)
    severity = fields.String(required=True)


class Problem(Schema):
    """An error as RFC 9457 describes it."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String()
    code = fields.String(metadata={"description": "Stable name of the refusal."})
    errors = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        metadata={"description": "Messages for each field at fault, by its dotted path."},
    )
    problems = fields.List(fields.Nested(ProblemItem), metadata={"description": "What a deployment was refused for."})


class RestApi(Api):
    """flask-smorest, with the project's problem documents in place of its own error format."""

    ERROR_SCHEMA = Problem

    def _register_error_handlers(self) -> None:
        """Leave errors to `web.errors`, the one handler."""

    def register_blueprint(self, resource: Resource) -> None:
        """Register and document a resource, under its own name rather than its blueprint's."""
        self._app.extensions["flask-smorest"]["blp_name_to_api"][resource.name] = self
        self._app.register_blueprint(resource)
        resource.register_views_in_doc(self, self._app, self.spec, name=resource.name, parameters=None)
        self.spec.tag({"name": resource.tag, "description": resource.description})

    def _register_responses(self) -> None:
        for status in http.HTTPStatus:
            if status >= 400:
                self._problem_response(status.name, status.phrase)
        self._problem_response("DEFAULT_ERROR", "Any other error")

    def _problem_response(self, name: str, description: str) -> None:
        response: dict[str, Any] = {"description": description, "schema": Problem}
        prepare_response(response, self.spec, PROBLEM_JSON)
        self.spec.components.response(name, response, lazy=True)


def make_api(app: Flask, version: str) -> RestApi:
    """Make the description for an application; resources are registered with it one by one."""
    app.config.update(
        API_TITLE="Closeloop",
        API_VERSION=version,
        OPENAPI_VERSION="3.1.0",
        API_SPEC_OPTIONS={
            "info": {"description": DESCRIPTION, "license": {"name": "MIT", "identifier": "MIT"}},
            "servers": [{"url": "/"}],
        },
    )
    api = RestApi(app)
    api.register_field(Instant, "string", "date-time")
    api.register_field(Key, "string", None)
    api.register_field(Variables, fields.Dict)
    api.spec.components.security_scheme(
        "bearer", {"type": "http", "scheme": "bearer", "description": "Made by `closeloop token create NAME`."}
    )
    return api


DESCRIPTION = """\
Runs processes: deploy models, start cases, work on tasks, send messages, move timers, do service tasks elsewhere.

Every call needs a token. Instants are RFC 3339, in UTC with `Z`. Every list is `{"items": […], "next": …}`; hand
`next` back as `cursor` for the page after. Every error is `application/problem+json`, with `errors` where fields are
at fault. A POST that changes state may carry an `Idempotency-Key`.
"""
