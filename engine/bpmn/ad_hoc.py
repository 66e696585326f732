"""Ad-hoc sub-processes: elements without a prescribed order (BPMN 2.0, 10.3.5; Camunda 8: active elements, completion condition).

Mends, against SpiffWorkflow 3.2.0: paths are connected at run time, into a specification that all cases share.
"""

from __future__ import annotations

from engine.bpmn.element import Link
from engine.bpmn.expressions import Failure, json_value
from engine.bpmn.sub_process import SubProcessSpec
from engine.bpmn.token import Token
from engine.bpmn.workflow import SubScope


class AdHocSpec(SubProcessSpec):
    def begin(self, token: Token) -> bool | None:
        assert self.inner is not None
        assert self.node.ad_hoc is not None
        ids = self._active(token)
        if not ids:
            return True
        if self.node.ad_hoc.sequential:
            token.internal_data["rest"] = ids[1:]
            ids = ids[:1]
        self._open(token, ids)
        return None

    def _active(self, token: Token) -> list[str]:
        """Return the ids to activate: those named, else all that nothing leads to."""
        assert self.inner is not None
        assert self.node.ad_hoc is not None
        source = self.node.ad_hoc.active
        if source is None:
            return [link.target.node.id for link in self.inner.starts]
        value = json_value(source, token.workflow.context(token), token.workflow.case.around)
        if not isinstance(value, list):
            raise Failure(f"The active elements “{source.text}” gave “{value}”; a list of ids is needed.")
        for name in value:
            if name not in self.inner.elements:
                raise Failure(f"There is no element “{name}” in the ad-hoc sub-process.")
        return value

    def _open(self, token: Token, ids: list[str]) -> None:
        assert self.inner is not None
        scope = token.workflow.case.create_subprocess(token, self.inner)
        scope.begin(tuple(Link(None, self.inner.elements[name]) for name in ids))

    def _run_hook(self, my_task: Token) -> bool | None:
        if "done" in my_task.internal_data and my_task.internal_data.get("rest"):
            del my_task.internal_data["done"]
            my_task.workflow.case.subprocesses.pop(my_task.id, None)
            self._open(my_task, [my_task.internal_data["rest"].pop(0)])
            return None
        return super()._run_hook(my_task)

    def look_inside(self, token: Token, scope: SubScope) -> None:
        """See, whenever an element inside completed, whether the condition ends the sub-process."""
        assert self.node.ad_hoc is not None
        condition = self.node.ad_hoc.completion
        if condition is None or condition.value(scope.context(scope.task_tree), scope.case.around) is not True:
            return
        token.internal_data["rest"] = []
        if self.node.ad_hoc.cancel_rest:
            scope.cancel_all()
