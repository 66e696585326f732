"""One case in memory: what commands call. No database, no clock but the `now` that is passed in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.element import ElementSpec
from engine.bpmn.events import AttachedSpec, CatchingSpec, EventGatewaySpec
from engine.bpmn.expressions import Surroundings
from engine.bpmn.multi_instance import RepeatedSpec
from engine.bpmn.snapshot import dump
from engine.bpmn.token import Token
from engine.bpmn.user_task import UserTaskSpec
from engine.bpmn.work import JobSpec
from engine.bpmn.workflow import Case
from engine.model import history
from engine.model.advance import Advance
from engine.model.errors import Conflict
from engine.model.instance import InstanceState

Functions = Mapping[str, Callable[..., Any]]


class TokenNotFound(Conflict):
    """The case has no such token any more: it went on, or was cancelled."""

    code = "token_not_found"
    message = "The case does not wait there any more."


class Run:
    """A case to act on. After an exception it must be thrown away: it may have gone half way."""

    def __init__(self, case: Case) -> None:
        self._case = case

    @property
    def variables(self) -> dict[str, Any]:
        """The variables of the case, live."""
        return self._case.data

    @property
    def state(self) -> InstanceState:
        if self._case.completed:
            return InstanceState.CANCELLED if self._case.cancelled else InstanceState.COMPLETED
        return InstanceState.RUNNING

    @property
    def active_elements(self) -> list[str]:
        """The ids of the elements where tokens are, without the events that wait beside the flow."""
        found: dict[str, None] = {}
        for token in self._case.tokens.values():
            spec, parent = token.task_spec, token.parent
            if parent is None or token.is_beside or isinstance(parent.task_spec, EventGatewaySpec):
                continue
            if not (isinstance(spec, RepeatedSpec) and token._children):
                found[spec.node.id] = None
        return list(found)

    def visible_variables(self, task_id: str) -> dict[str, Any]:
        """Return what an open task sees: the variables of its case, overlaid with those of its own scopes."""
        token = self._find(task_id, UserTaskSpec, key="open")
        return dict(token.workflow.context(token))

    def complete_task(
        self, task_id: str, variables: Mapping[str, Any], *, now: datetime, functions: Functions | None = None
    ) -> Advance:
        """Complete an open user task. Raises TokenNotFound."""
        case = self._begin(now, functions)
        token = self._find(task_id, UserTaskSpec, key="open")
        token.task_spec.complete(token, dict(variables))
        return self._end(case, token)

    def fire_timer(self, timer_id: str, *, now: datetime, functions: Functions | None = None) -> Advance:
        """Fire an armed timer, due or not. Raises TokenNotFound for a disarmed one."""
        case = self._begin(now, functions)
        token = self._find(timer_id, CatchingSpec, AttachedSpec, key="due")
        token.task_spec.fire(token, {})
        return self._end(case, token)

    def deliver(
        self, subscription_id: str, variables: Mapping[str, Any], *, now: datetime, functions: Functions | None = None
    ) -> Advance:
        """Hand a message or signal to the token that waits for it. Raises TokenNotFound."""
        case = self._begin(now, functions)
        token = self._find(subscription_id, CatchingSpec, AttachedSpec, key="sub")
        token.task_spec.fire(token, dict(variables))
        return self._end(case, token)

    def complete_job(
        self, job_id: str, variables: Mapping[str, Any], *, now: datetime, functions: Functions | None = None
    ) -> Advance:
        """Take a job's result. Raises TokenNotFound."""
        case = self._begin(now, functions)
        token = self._find_job(job_id)
        token.task_spec.complete(token, dict(variables))
        return self._end(case, token)

    def fail_job(self, job_id: str, message: str, *, now: datetime) -> Advance:
        """Stop at a job that has no retries left. Raises TokenNotFound."""
        case = self._begin(now, None)
        token = self._find_job(job_id)
        token.task_spec.fail(token, message)
        return self._end(case, token)

    def throw_error(
        self,
        job_id: str,
        error_code: str,
        variables: Mapping[str, Any],
        *,
        now: datetime,
        functions: Functions | None = None,
    ) -> Advance:
        """Throw a modelled error from a job. Raises TokenNotFound."""
        case = self._begin(now, functions)
        token = self._find_job(job_id)
        token.task_spec.throw(token, error_code, dict(variables))
        return self._end(case, token)

    def retry(self, incident_id: str, *, now: datetime, functions: Functions | None = None) -> Advance:
        """Go on at an incident, where it stopped. Raises TokenNotFound."""
        case = self._begin(now, functions)
        for token in case.tokens.values():
            if token.internal_data.get("incident", ("",))[0] == incident_id:
                token.task_spec.retry(token, token.resolve_incident() or "")
                return self._end(case, token)
        raise TokenNotFound

    def set_variables(
        self, variables: Mapping[str, Any], *, now: datetime, functions: Functions | None = None
    ) -> Advance:
        """Set variables of the case; conditions that become true by it fire."""
        case = self._begin(now, functions)
        case.data.update(variables)
        case.changed = True
        case.log(history.VARIABLES_SET, None, {"variables": dict(variables)})
        return self._end(case)

    def cancel(self, *, now: datetime) -> Advance:
        """Cancel the case with all that is open in it."""
        case = self._begin(now, None)
        case.completed = case.cancelled = True
        case.cancel_all()
        return self._end(case)

    def snapshot(self) -> bytes:
        """Return the tokens for `Definition.restore`; instance variables are stored apart."""
        return dump(self._case)

    def _begin(self, now: datetime, functions: Functions | None) -> Case:
        case = self._case
        if case.completed:
            raise TokenNotFound
        case.advance = Advance()
        case.around = Surroundings(now, functions or {}, case.business_key)
        return case

    def _end(self, case: Case, token: Token | None = None) -> Advance:
        """Go on until all tokens wait; `token` is the one that was acted upon."""
        case.note_warnings(token)
        case.settle()
        if case.completed and not case.cancelled:
            case.log(history.INSTANCE_COMPLETED, None)
        case.advance.state = self.state
        case.advance.forget_the_fleeting()
        return case.advance

    def _find(self, token_id: str, *kinds: type[ElementSpec], key: str = "s") -> Token:
        """Return the token, if it waits for just this."""
        token = self._case.tokens.get(token_id)
        if token is None or not isinstance(token.task_spec, kinds) or key not in token.internal_data:
            raise TokenNotFound
        if token._state != TaskState.STARTED or "incident" in token.internal_data:
            raise TokenNotFound
        return token

    def _find_job(self, job_id: str) -> Token:
        token = self._case.tokens.get(job_id)
        if token is None or token.internal_data.get("job") != job_id:
            token = next(
                (other for other in self._case.tokens.values() if other.internal_data.get("job") == job_id), None
            )
        if token is None:
            raise TokenNotFound
        return self._find(token.id, JobSpec)
