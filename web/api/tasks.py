"""User tasks: the caller's work, its forms, and who has taken what."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from engine.commands.assign_task import AssignTask
from engine.commands.claim_task import ClaimTask
from engine.commands.complete_task import CompleteTask
from engine.commands.release_task import ReleaseTask
from engine.model.user_task import TaskState
from engine.queries import tasks
from web import current
from web.api.fields import Instant, Key, ListArgs, Strict, Variables, list_of
from web.api.resource import Resource, execute, query

resource = Resource("tasks", __name__, "User tasks.")
STATES = [state.value for state in TaskState]


class Task(Schema):
    id = fields.String(required=True)
    name = fields.String(required=True)
    element_id = fields.String(required=True)
    instance_id = fields.String(required=True)
    definition_key = fields.String(required=True)
    assignee = fields.String(required=True, allow_none=True)
    candidate_groups = fields.List(fields.String(), required=True)
    candidate_users = fields.List(fields.String(), required=True)
    priority = fields.Integer(required=True)
    due_at = Instant(required=True, allow_none=True)
    follow_up_at = Instant(required=True, allow_none=True)
    form_key = fields.String(required=True, allow_none=True)
    revision = fields.Integer(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    created_at = Instant(required=True)
    ended_at = Instant(required=True, allow_none=True)


class TaskArgs(ListArgs):
    instance_id = Key(load_default=None)
    definition_key = Key(load_default=None)
    state = fields.String(load_default="open", validate=validate.OneOf(STATES))
    assignee = Key(load_default=None, metadata={"description": "A user's name, or `me`."})
    candidate = fields.String(
        load_default=None,
        validate=validate.OneOf(["me"]),
        metadata={"description": "`me`: tasks that the caller, or a group of the caller, may take."},
    )


class TaskForm(Schema):
    key = fields.String(required=True, allow_none=True)
    schema = fields.Dict(
        required=True, allow_none=True, metadata={"description": "form-js JSON; null where the task has no form."}
    )
    data = Variables(required=True, metadata={"description": "The variables that the task sees."})


class Revision(Strict):
    revision = fields.Integer(
        strict=True,
        load_default=None,
        validate=validate.Range(min=1, max=2**31 - 1),
        metadata={"description": "The revision seen; 409 where the task has changed since."},
    )


class Assignment(Revision):
    assignee = Key(required=True, metadata={"description": "A user's name."})


class Completion(Revision):
    variables = Variables(load_default=dict)


class TaskCompletion(Schema):
    instance_id = fields.String(required=True)
    instance_state = fields.String(required=True)
    next_task_ids = fields.List(fields.String(), required=True)


@resource.route("/tasks")
@resource.arguments(TaskArgs, location="query")
@resource.response(200, list_of(Task, "Tasks"))
def list_tasks(args: dict[str, Any]) -> Any:
    """List tasks that the caller may see, by due instant."""
    who = current.actor()
    if args["assignee"] == "me":
        args["assignee"] = who.name
    scope = "groups" if args.pop("candidate") else "visible"
    return query(tasks.list_tasks, actor=who, scope=scope, **args)


@resource.route("/tasks/<string:task_id>")
@resource.response(200, Task)
def get_task(task_id: str) -> Any:
    """Show a task."""
    return query(tasks.get_task, task_id=task_id, actor=current.actor())


@resource.route("/tasks/<string:task_id>/form")
@resource.response(200, TaskForm)
def get_task_form(task_id: str) -> Any:
    """Return a task's form and the values to fill it with."""
    view = query(tasks.get_task_form, task_id=task_id, actor=current.actor())
    return {"key": view.key, "schema": view.form.source if view.form else None, "data": view.data}


@resource.route("/tasks/<string:task_id>/claim", methods=["POST"])
@resource.changes
@resource.arguments(Revision, required=False)
@resource.response(200, Task)
def claim_task(body: dict[str, Any], task_id: str) -> Any:
    """Take a task; 409 where someone else was first."""
    execute(ClaimTask(task_id=task_id, actor=current.actor(), revision=body["revision"]))
    return get_task_row(task_id)


@resource.route("/tasks/<string:task_id>/release", methods=["POST"])
@resource.changes
@resource.arguments(Revision, required=False)
@resource.response(200, Task)
def release_task(body: dict[str, Any], task_id: str) -> Any:
    """Put a task back to its candidates."""
    execute(ReleaseTask(task_id=task_id, actor=current.actor(), revision=body["revision"]))
    return get_task_row(task_id)


@resource.route("/tasks/<string:task_id>/assign", methods=["POST"])
@resource.changes
@resource.arguments(Assignment)
@resource.response(200, Task)
def assign_task(body: dict[str, Any], task_id: str) -> Any:
    """Give a task to a person."""
    execute(AssignTask(task_id=task_id, actor=current.actor(), assignee=body["assignee"], revision=body["revision"]))
    return get_task_row(task_id)


@resource.route("/tasks/<string:task_id>/complete", methods=["POST"])
@resource.changes
@resource.arguments(Completion)
@resource.response(200, TaskCompletion)
def complete_task(body: dict[str, Any], task_id: str) -> Any:
    """Complete a task; its form checks the variables, without one any are taken."""
    return execute(
        CompleteTask(task_id=task_id, actor=current.actor(), variables=body["variables"], revision=body["revision"])
    )


def get_task_row(task_id: str) -> Any:
    """Read a task as it is now."""
    return query(tasks.get_task, task_id=task_id, actor=current.actor())
