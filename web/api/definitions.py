"""Process definitions: what is deployed, in which versions, and the diagrams as they were deployed."""

from __future__ import annotations

from typing import Any

from flask import Response
from marshmallow import Schema, fields

from engine.queries import definitions
from web.api.fields import Empty, Instant, list_of
from web.api.resource import Resource, query

resource = Resource("definitions", __name__, "Deployed process definitions.")


class Definition(Schema):
    key = fields.String(required=True, metadata={"description": "The BPMN process id."})
    name = fields.String(required=True)
    names = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    version = fields.Integer(required=True, metadata={"description": "The newest version."})
    deployed_at = Instant(required=True)
    deployed_by = fields.String(required=True)
    running = fields.Integer(required=True, metadata={"description": "Running cases of all versions."})


class Version(Schema):
    version = fields.Integer(required=True)
    deployed_at = Instant(required=True)
    deployed_by = fields.String(required=True)
    running = fields.Integer(required=True)


class BundleResource(Schema):
    kind = fields.String(required=True)
    key = fields.String(required=True)
    version = fields.Integer(required=True)
    name = fields.String(required=True)
    file = fields.String(required=True)


class DefinitionDetail(Definition):
    versions = fields.List(fields.Nested(Version), required=True)
    resources = fields.List(fields.Nested(BundleResource), required=True)


@resource.route("/definitions")
@resource.arguments(Empty, location="query")
@resource.response(200, list_of(Definition, "Definitions"))
def list_definitions(_args: dict[str, Any]) -> Any:
    """List the definitions in their newest versions."""
    return {"items": query(definitions.list_definitions), "next": None}


@resource.route("/definitions/<string:key>")
@resource.response(200, DefinitionDetail)
def get_definition(key: str) -> Any:
    """Show a definition, its versions, and the files that the newest one is made of."""
    view = query(definitions.get_definition, key=key)
    shown = {name: getattr(view.row, name) for name in Definition._declared_fields}
    return {**shown, "versions": view.versions, "resources": view.resources}


@resource.route("/definitions/<string:key>/versions/<int(max=2147483647):version>/xml")
@resource.response(200, {"type": "string"}, content_type="application/xml")
def get_definition_xml(key: str, version: int) -> Response:
    """Return the diagram as it was deployed."""
    return Response(query(definitions.get_xml, key=key, version=version), mimetype="application/xml")
