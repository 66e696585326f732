"""Machine work: jobs, scripts and decisions.

Mends, against SpiffWorkflow 3.2.0: a plain service task stays STARTED for ever; scripts and decision tables are Python; an error
thrown by a service reaches no boundary event.
"""

from __future__ import annotations

from typing import Any

from engine.bpmn.element import ElementSpec
from engine.bpmn.expressions import Failure, decide, json_value, text_or_none
from engine.bpmn.propagation import throw_to
from engine.bpmn.token import Token
from engine.model import history
from engine.model.advance import JobRequest
from engine.model.identifier import new_id

DEFAULT_RETRIES = 3


class JobSpec(ElementSpec):
    """A service, send, script or business rule task, or a throw event, whose work is done outside."""

    waits = True

    def begin(self, token: Token) -> None:
        scope, job = token.workflow, self.node.job
        case = scope.case
        assert job is not None
        context = scope.context(token)
        kind = text_or_none(job.type, context, case.around)
        if kind is None:
            raise Failure(f"The job type “{job.type.text}” is empty.")
        retries = text_or_none(job.retries, context, case.around)
        if retries is not None and not retries.isdigit():
            raise Failure(f"The number of retries is “{retries}”; it must be a whole number.")
        identifier = new_id(case.around.now) if "job" in token.internal_data else token.id
        token.internal_data["job"] = identifier
        case.advance.jobs.append(
            JobRequest(
                identifier, self.node.id, kind, job.headers, dict(context), int(retries) if retries else DEFAULT_RETRIES
            )
        )
        token.log(history.JOB_CREATED, {"job_id": identifier, "type": kind})

    def complete(self, token: Token, variables: dict[str, Any]) -> None:
        job = self.node.job
        token.log(history.JOB_COMPLETED, {"job_id": token.internal_data["job"], "variables": variables})
        if job is not None and job.result_variable and job.result_variable not in variables and len(variables) == 1:
            variables = {job.result_variable: next(iter(variables.values()))}
        self.merge(token, variables)
        token.complete()

    def fail(self, token: Token, message: str) -> None:
        token.log(history.JOB_FAILED, {"job_id": token.internal_data["job"], "message": message})
        self._stop(token, message)

    def _stop(self, token: Token, message: str) -> None:
        token.internal_data["job"] = ""
        token.fail("job", message)

    def throw(self, token: Token, code: str, variables: dict[str, Any]) -> None:
        """Throw a modelled error; one that nothing catches stops the token (Camunda 8)."""
        token.log(history.ERROR_THROWN, {"error_code": code})
        if not throw_to(token, "error", code, variables):
            token.workflow.case.advance.jobs_cancelled.append(token.internal_data["job"])
            self._stop(token, f"The error “{code}” was thrown, but no boundary event or event sub-process catches it.")

    def retry(self, token: Token, phase: str) -> None:
        if phase == "job":
            self.begin(token)
        else:
            super().retry(token, phase)

    def _on_cancel(self, my_task: Token) -> None:
        if my_task.internal_data.get("job"):
            my_task.workflow.case.advance.jobs_cancelled.append(my_task.internal_data["job"])
        super()._on_cancel(my_task)


class ScriptSpec(ElementSpec):
    """A FEEL expression and the variable for its result."""

    def begin(self, token: Token) -> bool:
        scope, script = token.workflow, self.node.script
        assert script is not None
        value = json_value(script.expression, scope.context(token), scope.case.around)
        if script.result_variable:
            self.merge(token, {script.result_variable: value})
        return True


class DecisionSpec(ElementSpec):
    """A DMN decision of the bundle, evaluated at once."""

    def begin(self, token: Token) -> bool:
        scope, decision = token.workflow, self.node.decision
        assert decision is not None
        context = scope.context(token)
        key = text_or_none(decision.key, context, scope.case.around) or ""
        model = scope.case.decisions.get(key)
        if model is None:
            raise Failure(f"The decision “{key}” is not part of this definition.")
        result, data = decide(model, key, context, scope.case.around)
        token.log(history.DECISION_EVALUATED, data)
        self.merge(token, {decision.result_variable: result})
        return True
