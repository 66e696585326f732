"""Sub-processes: embedded, event, and those called.

Mends, against SpiffWorkflow 3.2.0: data is copied deeply in and out; a called process that is missing is None until it crashes; a
process that calls itself hangs; cancelled sub-processes keep their open tasks.
"""

from __future__ import annotations

from typing import Any

from engine.bpmn.diagram import Node
from engine.bpmn.element import ElementSpec
from engine.bpmn.expressions import Failure, text_or_none
from engine.bpmn.process_spec import ScopeSpec
from engine.bpmn.token import Token


class SubProcessSpec(ElementSpec):
    """An embedded sub-process; the tokens inside see the variables outside."""

    waits = True

    def __init__(self, scope: ScopeSpec, node: Node, suffix: str = "") -> None:
        super().__init__(scope, node, suffix)
        self.inner: ScopeSpec | None = None
        self.undo: ElementSpec | None = None

    def begin(self, token: Token) -> bool | None:
        assert self.inner is not None
        token.workflow.case.create_subprocess(token, self.inner).begin()
        return None

    def _on_complete_hook(self, my_task: Token) -> None:
        scope = my_task.workflow.case.subprocesses.pop(my_task.id, None)
        super()._on_complete_hook(my_task)
        if scope is None or self.undo is None or self.handler is not None:
            return
        if scope.compensable or scope.spec.on_compensation is not None:
            my_task.workflow.compensable.append([self.node.id, my_task.data, scope.compensable])

    def _on_cancel(self, my_task: Token) -> None:
        scope = my_task.workflow.case.subprocesses.pop(my_task.id, None)
        if scope is not None:
            scope.completed = True
            scope.cancel_all()
        super()._on_cancel(my_task)


class CallSpec(SubProcessSpec):
    """A call activity: the called process runs inside the case, with variables of its own (Camunda 8)."""

    def begin(self, token: Token) -> bool | None:
        scope, call = token.workflow, self.node.call
        assert call is not None
        context = scope.context(token)
        key = text_or_none(call.process, context, scope.case.around) or ""
        called = scope.case.subprocess_specs.get(key)
        if called is None:
            raise Failure(f"The called process “{key}” is not deployed together with this one.")
        if not called.starts:
            raise Failure(f"The called process “{key}” has no plain start event.")
        inner = scope.case.create_subprocess(token, called)
        inner.data = dict(context) if call.all_in else dict(token.data)
        inner.begin()
        return None

    def prepare_leave(self, token: Token) -> Any:
        call = self.node.call
        inner = token.workflow.case.subprocesses.get(token.id)
        if inner is not None and call is not None and "out" not in token.internal_data:
            if self.node.outputs:
                token.data.update(inner.data)
            elif call.all_out:
                outside = self.repeated_by is None  # else the instance has its item and its output element of its own
                for name, value in inner.data.items():
                    token.workflow.assign(token, name, value, outside=outside)
                token.internal_data["out"] = 1
        return super().prepare_leave(token)
