"""Deploying models: diagrams, tables, forms and registers, checked together and deployed together."""

from __future__ import annotations

from typing import Any

from flask_smorest.fields import Upload
from marshmallow import Schema, fields, validate

from engine.commands.deploy_bundle import DeployBundle
from engine.services.deployment import DeployFile
from web import current
from web.api.fields import Strict
from web.api.resource import Resource, execute
from web.api.spec import ProblemItem

resource = Resource("deployments", __name__, "Models checked and deployed together.")


class DeploymentFiles(Strict):
    files = fields.List(
        Upload(),
        required=True,
        validate=validate.Length(min=1, max=500),
        metadata={"description": "`.bpmn`, `.dmn` and `.form` files; several parts of this name."},
    )


class DeployedDefinition(Schema):
    key = fields.String(required=True)
    version = fields.Integer(required=True)
    name = fields.String(required=True)


class DeployedResource(Schema):
    key = fields.String(required=True)
    version = fields.Integer(required=True)


class Deployment(Schema):
    definitions = fields.List(fields.Nested(DeployedDefinition), required=True)
    decisions = fields.List(fields.Nested(DeployedResource), required=True)
    forms = fields.List(fields.Nested(DeployedResource), required=True)
    problems = fields.List(
        fields.Nested(ProblemItem), required=True, metadata={"description": "Warnings; they stop nothing."}
    )


@resource.route("/deployments", methods=["POST"])
@resource.changes
@resource.arguments(DeploymentFiles, location="files")
@resource.response(201, Deployment)
def deploy(body: dict[str, Any]) -> Any:
    """Check files and deploy them as one set, or refuse them all with every problem."""
    files = tuple(DeployFile(file.filename or "", file.read()) for file in body["files"])
    return execute(DeployBundle(files=files, actor=current.actor()))
