"""Lets the demo's people act at moments of the past: the real engine, its clock moved, every timer fired on its way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.app import Engine
from engine.commands.add_attachment import AddAttachment
from engine.commands.claim_task import ClaimTask
from engine.commands.complete_task import CompleteTask
from engine.commands.start_instance import StartInstance
from engine.model.actor import SYSTEM
from engine.queries import tasks, work
from web.demo.people import BY_NAME
from web.demo.pictures import picture

if TYPE_CHECKING:
    from engine.queries.tasks import TaskRow

Values = dict[str, Any]
Answers = Callable[[Mapping[str, Any]], Values]


class MovedClock:
    """Tells the instant that it was set to."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


class Stage:
    """An engine over the same data as `engine`, at moments that the caller chooses; time only goes forward."""

    def __init__(self, engine: Engine, begin: datetime) -> None:
        self.clock = MovedClock(begin)
        self.engine = Engine(engine.settings, self.clock)

    def close(self) -> None:
        self.engine.stop()

    def move_to(self, at: datetime) -> None:
        """Go to the instant, with every timer on the way fired when it was due, and the jobs that followed done."""
        while (due := self._next_due()) is not None and due <= at:
            self.clock.at = max(self.clock.at, due)
            if not self.engine.scheduler.run_due():
                raise RuntimeError(f"The timer due at {due} does not fire.")
        self.clock.at = max(self.clock.at, at)

    def _next_due(self) -> datetime | None:
        timers = self.engine.query(work.list_timers, actor=SYSTEM, limit=1).items
        return timers[0].due_at if timers else None

    def start(self, definition_key: str, who: str, variables: Values) -> str:
        started = self.engine.execute(
            StartInstance(definition_key, BY_NAME[who].actor, variables=variables, from_form=True)
        )
        self.engine.scheduler.run_due()
        return started.id

    def claim(self, case_id: str, element_id: str, who: str, which: str = "") -> None:
        task = self._task(case_id, element_id, which)
        if task.assignee != who:
            self.engine.execute(ClaimTask(task.id, BY_NAME[who].actor))

    def complete(self, case_id: str, element_id: str, who: str, answers: Answers, which: str = "") -> None:
        """Claim and complete a case's open task; `answers` is given the variables that the task sees."""
        task = self._task(case_id, element_id, which)
        actor = BY_NAME[who].actor
        if task.assignee != who:
            self.engine.execute(ClaimTask(task.id, actor))
        seen = self.engine.query(tasks.get_task_form, task_id=task.id, actor=actor).data
        self.engine.execute(CompleteTask(task.id, actor, self._with_photos(task, who, answers(seen))))
        self.engine.scheduler.run_due()

    def _task(self, case_id: str, element_id: str, which: str) -> TaskRow:
        """Find the open task; of several, the one whose section's name is `which`."""
        found = [
            task
            for task in self.engine.query(tasks.list_tasks, actor=SYSTEM, instance_id=case_id, limit=200).items
            if task.element_id == element_id
        ]
        if which and len(found) > 1:
            found = [task for task in found if self._section(task) == which]
        if not found:
            raise LookupError(f"No open task {element_id} {which} in case {case_id}.")
        return found[0]

    def _section(self, task: TaskRow) -> str:
        form = self.engine.query(tasks.get_task_form, task_id=task.id, actor=SYSTEM)
        return str(form.data["section"]["id"])

    def _with_photos(self, task: TaskRow, who: str, values: Values) -> Values:
        """Put a picture into every place that says `photo:<name>`."""

        def placed(value: Any, field: str) -> Any:
            if isinstance(value, str) and value.startswith("photo:"):
                return self._attach(task.id, who, field, value.removeprefix("photo:"))
            if isinstance(value, list):
                return [placed(one, field) for one in value]
            if isinstance(value, dict):
                return {key: placed(one, field) for key, one in value.items()}
            return value

        return {field: placed(value, field) for field, value in values.items()}

    def _attach(self, task_id: str, who: str, field: str, name: str) -> str:
        stored = self.engine.files.put(picture(name), self.engine.settings.max_upload_mb * 2**20)
        attachment = self.engine.execute(
            AddAttachment(
                actor=BY_NAME[who].actor,
                name=f"{name}.png",
                media_type="image/png",
                size=stored.size,
                sha256=stored.sha256,
                task_id=task_id,
                field=field,
            )
        )
        return str(attachment.id)
