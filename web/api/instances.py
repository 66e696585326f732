"""Process instances: start them, look at them, stop them."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from engine.commands.cancel_instance import CancelInstance
from engine.commands.migrate_instance import MigrateInstance
from engine.commands.resume_instance import ResumeInstance
from engine.commands.start_instance import StartInstance
from engine.commands.suspend_instance import SuspendInstance
from engine.model.instance import InstanceState
from engine.queries import instances, path
from web import current
from web.api.fields import Instant, Key, ListArgs, Strict, Variables, list_of
from web.api.resource import Resource, execute, query

resource = Resource("instances", __name__, "Process instances: the cases.")
STATES = [state.value for state in InstanceState]


class Start(Strict):
    definition_key = Key(required=True, metadata={"description": "The BPMN process id."})
    version = fields.Integer(
        strict=True,
        load_default=None,
        validate=validate.Range(min=1, max=2**31 - 1),
        metadata={"description": "The newest one where it is left out."},
    )
    business_key = Key(load_default=None, allow_none=True)
    variables = Variables(load_default=dict)


class InstanceSummary(Schema):
    id = fields.String(required=True)
    definition_key = fields.String(required=True)
    definition_version = fields.Integer(required=True)
    business_key = fields.String(required=True, allow_none=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    active_elements = fields.List(fields.String(), required=True)
    incidents = fields.Integer(required=True, metadata={"description": "Open incidents."})
    started_at = Instant(required=True)
    started_by = fields.String(required=True)
    ended_at = Instant(required=True, allow_none=True)


class Instance(InstanceSummary):
    variables = Variables(required=True)
    completed_elements = fields.List(
        fields.String(), required=True, metadata={"description": "In order, end events included."}
    )


class InstanceArgs(ListArgs):
    state = fields.String(load_default=None, validate=validate.OneOf(STATES))
    definition_key = Key(load_default=None)
    q = Key(load_default=None, metadata={"description": "Text in the business key, subject or customer."})


class Reason(Strict):
    reason = Key(load_default="", max_length=1000)


class Migrate(Strict):
    version = fields.Integer(required=True, strict=True, validate=validate.Range(min=1, max=2**31 - 1))
    mapping = fields.Dict(
        keys=Key(),
        values=Key(),
        load_default=dict,
        validate=validate.Length(max=1000),
        metadata={"description": "From elements, flows or called processes of the old version to those of the new."},
    )
    dry_run = fields.Boolean(
        load_default=False, truthy={True}, falsy={False}, metadata={"description": "Tell what would happen, no more."}
    )


class Place(Schema):
    element = fields.String(required=True)
    target = fields.String(required=True)


class Migrated(Schema):
    id = fields.String(required=True)
    definition_key = fields.String(required=True)
    from_version = fields.Integer(required=True)
    version = fields.Integer(required=True)
    dry_run = fields.Boolean(required=True)
    moved = fields.List(
        fields.Nested(Place), required=True, metadata={"description": "Where the case stood, and where it stands."}
    )
    armed = fields.List(fields.String(), required=True, metadata={"description": "Events that the version adds."})
    disarmed = fields.List(fields.String(), required=True, metadata={"description": "Events that it leaves out."})
    renamed_tasks = fields.List(
        fields.String(), required=True, metadata={"description": "Open tasks with another name or form."}
    )


class HistoryItem(Schema):
    seq = fields.Integer(required=True, metadata={"description": "Counts a case's entries from 1 without a gap."})
    at = Instant(required=True)
    actor = fields.String(required=True)
    kind = fields.String(required=True)
    element_id = fields.String(required=True, allow_none=True)
    data = Variables(required=True)


def shown(instance_id: str) -> dict[str, Any]:
    """Read a case as the API shows it."""
    view = query(instances.get_instance, instance_id=instance_id, actor=current.actor())
    row = {name: getattr(view.row, name) for name in InstanceSummary._declared_fields}
    return {
        **row,
        "active_elements": view.active_elements,
        "completed_elements": view.completed_elements,
        "variables": view.variables,
    }


@resource.route("/instances", methods=["POST"])
@resource.changes
@resource.arguments(Start)
@resource.response(201, Instance)
def start_instance(body: dict[str, Any]) -> Any:
    """Start a case; answers when all work up to its first wait states is committed."""
    return shown(execute(StartInstance(**body, actor=current.actor())).id)


@resource.route("/instances")
@resource.arguments(InstanceArgs, location="query")
@resource.response(200, list_of(InstanceSummary, "Instances"))
def list_instances(args: dict[str, Any]) -> Any:
    """List the cases that the caller may see, newest first."""
    text = args.pop("q")
    return query(instances.list_instances, actor=current.actor(), text=text, **args)


@resource.route("/instances/<string:instance_id>")
@resource.response(200, Instance)
def get_instance(instance_id: str) -> Any:
    """Show a case with its variables and where its tokens are and were."""
    return shown(instance_id)


@resource.route("/instances/<string:instance_id>/history")
@resource.arguments(ListArgs, location="query")
@resource.response(200, list_of(HistoryItem, "History"))
def list_history(args: dict[str, Any], instance_id: str) -> Any:
    """List what happened to a case, oldest first."""
    return query(path.list_history, instance_id=instance_id, actor=current.actor(), **args)


@resource.route("/instances/<string:instance_id>/migrate", methods=["POST"])
@resource.changes
@resource.arguments(Migrate)
@resource.response(200, Migrated)
def migrate_instance(body: dict[str, Any], instance_id: str) -> Any:
    """Move a case to another version of its process, all of it or nothing; 422 names the elements that are in the way."""
    return execute(MigrateInstance(instance_id=instance_id, actor=current.actor(), **body))


@resource.route("/instances/<string:instance_id>/cancel", methods=["POST"])
@resource.changes
@resource.arguments(Reason, required=False)
@resource.response(200, Instance)
def cancel_instance(body: dict[str, Any], instance_id: str) -> Any:
    """End a running case where it stands."""
    execute(CancelInstance(instance_id=instance_id, actor=current.actor(), reason=body["reason"]))
    return shown(instance_id)


@resource.route("/instances/<string:instance_id>/suspend", methods=["POST"])
@resource.changes
@resource.response(200, Instance)
def suspend_instance(instance_id: str) -> Any:
    """Hold a running case: no task, timer or job of it goes on until it is resumed."""
    execute(SuspendInstance(instance_id=instance_id, actor=current.actor()))
    return shown(instance_id)


@resource.route("/instances/<string:instance_id>/resume", methods=["POST"])
@resource.changes
@resource.response(200, Instance)
def resume_instance(instance_id: str) -> Any:
    """Let a suspended case go on."""
    execute(ResumeInstance(instance_id=instance_id, actor=current.actor()))
    return shown(instance_id)
