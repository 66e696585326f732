"""What is done with a task: claim, release, assign, complete."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from engine.commands.assign_task import AssignTask
from engine.commands.claim_task import ClaimTask
from engine.commands.complete_task import CompleteTask, TaskCompletion
from engine.commands.release_task import ReleaseTask
from engine.model.errors import Conflict, Forbidden, InvalidInput, NotFound
from engine.queries.tasks import TaskRow, get_task, list_tasks
from web import current
from web.auth import local_path
from web.errors import engine_text
from web.formats import localised
from web.people import person
from web.tasks import blueprint
from web.tasks.clash import show as show_clash
from web.tasks.page import show_again
from web.tasks.typed import TypedForm, read_typed


@blueprint.post("/tasks/<task_id>/claim")
def claim(task_id: str) -> ResponseReturnValue:
    """Claim a task; who was slower reads who has it now."""
    try:
        current.execute(ClaimTask(task_id=task_id, actor=current.actor()))
    except Conflict as error:
        flash(engine_text(error), "error")
    return redirect(url_for("tasks.show", task_id=task_id))


@blueprint.post("/tasks/claim")
def claim_many() -> ResponseReturnValue:
    """Claim the chosen tasks, each on its own: what others took meanwhile does not stop the rest."""
    claimed = refused = 0
    for task_id in dict.fromkeys(request.form.getlist("task")):
        try:
            current.execute(ClaimTask(task_id=task_id, actor=current.actor()))
            claimed += 1
        except (Conflict, Forbidden, NotFound):
            refused += 1
    if claimed:
        flash(ngettext("%(num)d task is yours now.", "%(num)d tasks are yours now.", claimed))
    if refused:
        flash(
            ngettext(
                "%(num)d task could not be claimed: someone else was faster.",
                "%(num)d tasks could not be claimed: someone else was faster.",
                refused,
            ),
            "error",
        )
    return redirect(local_path(request.form.get("back")) or url_for("tasks.inbox"))


@blueprint.post("/tasks/<task_id>/release")
def release(task_id: str) -> ResponseReturnValue:
    """Put a task back to its group."""
    current.execute(ReleaseTask(task_id=task_id, actor=current.actor()))
    flash(gettext("The task is back with its group."))
    return redirect(url_for("tasks.inbox"))


@blueprint.post("/tasks/<task_id>/assign")
def assign(task_id: str) -> ResponseReturnValue:
    """Give a task to a person."""
    assignee = request.form.get("assignee", "")
    try:
        current.execute(AssignTask(task_id=task_id, actor=current.actor(), assignee=assignee))
    except InvalidInput:
        flash(gettext("Choose a person; nothing was changed."), "error")
        return redirect(url_for("tasks.show", task_id=task_id))
    flash(gettext("%(person)s has the task now.", person=person(assignee)))
    return redirect(url_for("tasks.inbox"))


@blueprint.get("/tasks/<task_id>/complete")
def reload(task_id: str) -> ResponseReturnValue:
    """Lead who reloads an answered form, which stands at this address, back to the task."""
    return redirect(url_for("tasks.show", task_id=task_id))


@blueprint.post("/tasks/<task_id>/complete")
def complete(task_id: str) -> ResponseReturnValue:
    """Complete a task with its form; whatever refuses it, what was typed is shown again."""
    actor = current.actor()
    row = current.query(get_task, task_id=task_id, actor=actor)
    typed = read_typed(row)
    if row.state != "open" or row.assignee not in (None, actor.name):
        return show_clash(row, typed)
    if typed.errors:
        return show_again(row, typed)
    command = CompleteTask(
        task_id=task_id, actor=actor, variables=typed.values, revision=request.form.get("revision", None, int)
    )
    try:
        done: TaskCompletion = current.execute(command)
    except InvalidInput as error:
        return show_again(row, typed, error)
    except (Conflict, Forbidden) as error:
        return _overtaken(task_id, typed, error)
    return _onwards(row, done)


def _overtaken(task_id: str, typed: TypedForm, error: Conflict | Forbidden) -> ResponseReturnValue:
    """Show who was faster; where the task is still the person's own, the form again with a note."""
    row = current.query(get_task, task_id=task_id, actor=current.actor())
    if row.state == "open" and row.assignee in (None, current.actor().name):
        return show_again(row, typed, error)
    return show_clash(row, typed)


def _onwards(row: TaskRow, done: TaskCompletion) -> ResponseReturnValue:
    """Say what was done and go on with the person's next task of the case, else back to the list."""
    flash(gettext("“%(task)s” is completed.", task=localised(row.name, row.names)))
    actor = current.actor()
    mine = current.query(list_tasks, actor=actor, scope="mine", instance_id=done.instance_id, limit=1)
    if mine.items:
        return redirect(url_for("tasks.show", task_id=mine.items[0].id))
    if done.next_task_ids:
        free = current.query(list_tasks, actor=actor, scope="unclaimed", instance_id=done.instance_id, limit=50)
        if fresh := [task for task in free.items if task.id in done.next_task_ids]:
            return redirect(url_for("tasks.show", task_id=fresh[0].id))
    return redirect(url_for("tasks.inbox"))
