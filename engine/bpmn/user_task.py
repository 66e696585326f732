"""User tasks: who may do them, until when, with which form.

Mends, against SpiffWorkflow 3.2.0: a user task is only a task that is `manual`; assignment, dates and forms are unknown to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from engine.bpmn.element import ElementSpec
from engine.bpmn.expressions import Expression, Failure, Surroundings, json_value, require_name, text_or_none
from engine.bpmn.token import Token
from engine.model import history
from engine.model.advance import TaskOpening
from engine.model.schedule import ScheduleError, as_instant, parse_duration, parse_instant

DEFAULT_PRIORITY = 50


class UserTaskSpec(ElementSpec):
    waits = True

    def begin(self, token: Token) -> None:
        scope = token.workflow
        case = scope.case
        context, around, work = scope.context(token), case.around, self.node.work
        assert work is not None
        assignee = text_or_none(work.assignee, context, around)
        groups = people(work.groups, context, around)
        users = people(work.users, context, around)
        if work.groups is None and not users:
            groups = self.node.lane_groups
        case.advance.tasks_opened.append(
            TaskOpening(
                id=token.id,
                element_id=self.node.id,
                name=self.node.name or self.node.id,
                names=self.node.names,
                form_key=text_or_none(work.form, context, around),
                assignee=assignee,
                candidate_groups=groups,
                candidate_users=users,
                priority=priority(work.priority, context, around),
                due_at=instant(work.due, context, around),
                follow_up_at=instant(work.follow_up, context, around),
                locals=scope.local_variables(token),
            )
        )
        opened = {"task_id": token.id, "name": self.node.name or self.node.id}
        token.internal_data["open"] = 1
        token.log(history.TASK_OPENED, {**opened, "assignee": assignee} if assignee else opened)

    def complete(self, token: Token, variables: dict[str, Any]) -> None:
        self.merge(token, variables)
        token.complete()

    def _on_cancel(self, my_task: Token) -> None:
        if "open" in my_task.internal_data:
            my_task.workflow.case.advance.tasks_cancelled.append(my_task.id)
            my_task.log(history.TASK_CANCELLED, {"task_id": my_task.id})
        super()._on_cancel(my_task)


def people(expression: Expression | None, context: Mapping[str, Any], around: Surroundings) -> tuple[str, ...]:
    """Evaluate names: a list, or a text separated by commas. Raises Failure."""
    if expression is None:
        return ()
    value = json_value(expression, context, around)
    if value is None:
        return ()
    parts = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else [value]
    names = tuple(dict.fromkeys(text for part in parts if part is not None and (text := str(part).strip())))
    for name in names:
        require_name(expression, name)
    return names


def priority(expression: Expression | None, context: Mapping[str, Any], around: Surroundings) -> int:
    """Evaluate a priority from 0 to 100; 50 where there is none. Raises Failure."""
    text = text_or_none(expression, context, around)
    if text is None:
        return DEFAULT_PRIORITY
    try:
        number = float(text)
    except ValueError:
        raise Failure(f"The priority is “{text}”; it must be a number from 0 to 100.") from None
    return int(min(max(number, 0), 100))


def instant(expression: Expression | None, context: Mapping[str, Any], around: Surroundings) -> datetime | None:
    """Evaluate a date; a duration counts from now. Without an offset it is meant in the zone of `now`. Raises Failure."""
    if expression is None:
        return None
    value = expression.value(context, around)
    zone = around.now.tzinfo
    assert zone is not None
    try:
        if isinstance(value, date):
            return as_instant(value, zone)
        text = text_or_none(expression, context, around)
        if text is None:
            return None
        if text[:1] in "Pp-":
            return parse_duration(text).after(around.now).astimezone(UTC)
        return parse_instant(text, zone)
    except ScheduleError as error:
        raise Failure(f"The date “{expression.text}” cannot be read: {error}.") from error
