"""Complete a user task: the way of every command — find, may he?, validate, step, persist."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.commands.attached_files import AttachedFiles
from engine.commands.work import Case, Work
from engine.model import history, user_task
from engine.model.actor import Actor
from engine.model.history import Entry
from engine.model.user_task import UserTask
from engine.store.tasks import get_task, save_task


@dataclass(frozen=True, slots=True)
class TaskCompletion:
    """Where the case stands after the completion; `next_task_ids` are the tasks that it opened."""

    instance_id: str
    instance_state: str
    next_task_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CompleteTask:
    """Complete a task with the values of its form; a task without a form takes any variables.

    FEEL that is evaluated by this step sees who completes it as `current_user()`.
    """

    task_id: str
    actor: Actor
    variables: Mapping[str, Any] = field(default_factory=dict)
    revision: int | None = None

    def handle(self, work: Work) -> TaskCompletion:
        """Raise NotFound, Forbidden, TaskNotOpen, RevisionConflict, InstanceNotRunning, InvalidInput."""
        task = get_task(work.connection, self.task_id)
        completed = user_task.complete(task, self.actor, work.now)
        user_task.require_revision(task, self.revision)
        case = work.open_case(task.instance_id)
        variables = self._validated(work, case, task)
        functions = {**work.functions, "current_user": lambda: self.actor.name}
        advance = case.run.complete_task(task.id, variables, now=work.plant_time, functions=functions)
        save_task(work.connection, completed)
        own = Entry(
            history.TASK_COMPLETED,
            task.element_id,
            {"task_id": task.id, "name": task.name, "variables": variables},
        )
        work.save(case, advance, self.actor, [own])
        return TaskCompletion(
            task.instance_id, advance.state.value, tuple(opening.id for opening in advance.tasks_opened)
        )

    def _validated(self, work: Work, case: Case, task: UserTask) -> dict[str, Any]:
        form = case.bundle.forms.get(task.form_key or "")
        if form is None:
            return dict(self.variables)
        seen = case.run.visible_variables(task.id)
        files = AttachedFiles(work, self.actor, task.instance_id)
        functions = {**work.functions, "attachment": files.find}
        return form.validate(
            self.variables, seen, now=work.plant_time, functions=functions, zone=work.surroundings.zone
        )
