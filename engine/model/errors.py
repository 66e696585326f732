"""Every refusal of the engine, a class each; `web/errors.py` alone turns them into HTTP.

`code` is stable and names the refusal to programs and translations; `params` fill its text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.model.problem import Problem


class EngineError(Exception):
    """A request that is refused and has changed nothing."""

    code = "refused"
    message = "The request was refused."

    def __init__(self, message: str | None = None, **params: Any) -> None:
        self.params: dict[str, Any] = params
        self.text = message or self.message.format(**params)
        super().__init__(self.text)


class NotFound(EngineError):
    """The thing does not exist, or the actor may not know of it."""

    code = "not_found"
    message = "There is no {kind} “{key}”."

    def __init__(self, kind: str, key: str) -> None:
        super().__init__(kind=kind, key=key)


class Forbidden(EngineError):
    """The actor may know of the thing but may not do this with it."""

    code = "forbidden"
    message = "You may not {act}."

    def __init__(self, act: str, message: str | None = None) -> None:
        super().__init__(message, act=act)


class Conflict(EngineError):
    """Someone else was first, or the state does not allow the act any more."""

    code = "conflict"


class RevisionConflict(Conflict):
    """The row changed between reading and writing."""

    code = "revision_conflict"
    message = "The {kind} “{key}” was changed by someone else meanwhile; load it again."

    def __init__(self, kind: str, key: str) -> None:
        super().__init__(kind=kind, key=key)


class TaskAlreadyClaimed(Conflict):
    code = "task_already_claimed"
    message = "The task was already claimed by {assignee}."

    def __init__(self, assignee: str) -> None:
        super().__init__(assignee=assignee)


class TaskNotOpen(Conflict):
    code = "task_not_open"
    message = "The task is no longer open: it was {state}{by}."

    def __init__(self, state: str, by: str | None = None) -> None:
        super().__init__(state=state, by=f" by {by}" if by else "")
        self.params["actor"] = by


class InstanceNotRunning(Conflict):
    code = "instance_not_running"
    message = "The case is {state}."

    def __init__(self, state: str) -> None:
        super().__init__(state=state)


class MessageNotAwaited(EngineError):
    code = "message_not_awaited"
    message = "No case waits for the message “{name}” with this correlation key, and no process starts on it."

    def __init__(self, name: str) -> None:
        super().__init__(name=name)


class InvalidInput(EngineError):
    """Input that fails its rules; `errors` maps a field (dotted path) to its messages."""

    code = "invalid_input"
    message = "Some fields need attention."

    def __init__(self, errors: Mapping[str, Sequence[str]], message: str | None = None) -> None:
        self.errors = {field: list(messages) for field, messages in errors.items()}
        super().__init__(message)


class DeploymentRefused(EngineError):
    """A deployment with errors; `problems` holds all of them, warnings too."""

    code = "deployment_refused"
    message = "The deployment has {count} error(s); nothing was deployed."

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        super().__init__(count=sum(p.is_error for p in self.problems))


class MigrationRefused(EngineError):
    """A case that cannot move to another version; `problems` holds every element that is in the way, with the reason."""

    code = "migration_refused"
    message = "The case cannot be moved: {count} element(s) are in the way; nothing was changed."

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        super().__init__(count=len(self.problems))


class BpmnError(Exception):
    """A modelled error (BPMN 2.0, 10.5.1), thrown by a service into its boundary events."""

    def __init__(self, error_code: str, message: str = "", variables: Mapping[str, Any] | None = None) -> None:
        self.error_code = error_code
        self.variables = dict(variables or {})
        super().__init__(message or error_code)


class WrongSetting(EngineError):
    """A setting that stops the start; the text names it and says what it may be."""

    code = "wrong_setting"


class WrongDatabase(EngineError):
    """A database that this release cannot use: too old, too new, or not ours."""

    code = "wrong_database"
