"""Files of cases: handed in with a task, listed with the case, fetched by id."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_smorest.fields import Upload
from marshmallow import Schema, fields

from engine.queries import instances, tasks
from web import current, uploads
from web.api.fields import Instant, Key, Strict, list_of
from web.api.resource import Resource, query

resource = Resource("attachments", __name__, "Files of cases.")


class FilePart(Strict):
    file = Upload(required=True)


class Target(Strict):
    field = Key(load_default=None, metadata={"description": "The form field that the file is for."})


class Attachment(Schema):
    id = fields.String(required=True)
    instance_id = fields.String(required=True, allow_none=True)
    task_id = fields.String(required=True, allow_none=True)
    field = fields.String(required=True, allow_none=True)
    name = fields.String(required=True)
    media_type = fields.String(required=True)
    size = fields.Integer(required=True, metadata={"description": "Bytes."})
    sha256 = fields.String(required=True)
    created_at = Instant(required=True)
    created_by = fields.String(required=True)


@resource.route("/tasks/<string:task_id>/attachments", methods=["POST"])
@resource.arguments(FilePart, location="files")
@resource.arguments(Target, location="query")
@resource.response(201, Attachment)
def add_attachment(files: dict[str, Any], target: dict[str, Any], task_id: str) -> Any:
    """Attach a file to a task that the caller may work on."""
    query(tasks.get_task, task_id=task_id, actor=current.actor())  # before any byte is kept
    return uploads.attach(uploads.check(files["file"]), task_id=task_id, field=target["field"])


@resource.route("/instances/<string:instance_id>/attachments")
@resource.response(200, list_of(Attachment, "Attachments"))
def list_attachments(instance_id: str) -> Any:
    """List a case's files, oldest first."""
    items = query(instances.list_attachments, instance_id=instance_id, actor=current.actor())
    return {"items": items, "next": None}


@resource.route("/attachments/<string:attachment_id>")
@resource.response(200, {"type": "string", "format": "binary"}, content_type="application/octet-stream")
def download_attachment(attachment_id: str) -> Response:
    """Fetch a file; a file of a case that the caller may not see is not there."""
    return uploads.send(query(instances.get_attachment, attachment_id=attachment_id, actor=current.actor()))
