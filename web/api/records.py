"""Registers: customers, machines and whatever else the plant keeps lists of."""

from __future__ import annotations

from typing import Any

from flask import Response
from marshmallow import Schema, fields, validate

from engine.commands.delete_record import DeleteRecord
from engine.commands.put_record import PutRecord
from engine.queries import records
from web import current
from web.api.fields import Empty, Instant, Key, ListArgs, Strict, Variables, list_of
from web.api.resource import Resource, execute, no_content, query

resource = Resource("records", __name__, "Registers and their records.")


class RecordType(Schema):
    type = fields.String(required=True)
    name = fields.String(required=True)
    names = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    count = fields.Integer(required=True)


class Record(Schema):
    type = fields.String(required=True)
    key = fields.String(required=True)
    title = fields.String(required=True)
    data = Variables(required=True)
    revision = fields.Integer(required=True)
    updated_at = Instant(required=True)
    updated_by = fields.String(required=True)


class RecordArgs(ListArgs):
    q = Key(load_default=None, metadata={"description": "Text in any of the record's values."})


class RecordData(Strict):
    data = Variables(required=True)
    revision = fields.Integer(
        strict=True,
        load_default=None,
        validate=validate.Range(min=1, max=2**31 - 1),
        metadata={"description": "The revision seen; 409 where the record has changed since."},
    )


@resource.route("/records")
@resource.arguments(Empty, location="query")
@resource.response(200, list_of(RecordType, "RecordTypes"))
def list_record_types(_args: dict[str, Any]) -> Any:
    """List the registers and how many records each holds."""
    types = query(records.list_record_types)
    items = [{"type": kind.type, "name": kind.name, "names": kind.names, "count": count} for kind, count in types]
    return {"items": items, "next": None}


@resource.route("/records/<string:type>")
@resource.arguments(RecordArgs, location="query")
@resource.response(200, list_of(Record, "Records"))
def list_records(args: dict[str, Any], type: str) -> Any:
    """List a register's records, or those that hold a text."""
    text = args.pop("q")
    return query(records.list_records, type=type, text=text, **args)


@resource.route("/records/<string:type>/<string:key>")
@resource.response(200, Record)
def get_record(type: str, key: str) -> Any:
    """Show a record."""
    return query(records.get_record, type=type, key=key)


@resource.route("/records/<string:type>/<string:key>", methods=["PUT"])
@resource.changes
@resource.arguments(RecordData)
@resource.response(200, Record)
def put_record(body: dict[str, Any], type: str, key: str) -> Any:
    """Make a record, or replace its values; the register's form checks them."""
    return execute(PutRecord(type=type, key=key, actor=current.actor(), data=body["data"], revision=body["revision"]))


@resource.route("/records/<string:type>/<string:key>", methods=["DELETE"])
@resource.response(204)
def delete_record(type: str, key: str) -> Response:
    """Delete a record."""
    execute(DeleteRecord(type=type, key=key, actor=current.actor()))
    return no_content()
