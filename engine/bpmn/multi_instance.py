"""Multi-instance activities, parallel and sequential, and standard loops.

Mends, against SpiffWorkflow 3.2.0: the output list is in order of completion; each item costs as much as there are items; merging is
connected at run time; after an interruption the user tasks inside stay offered.
"""

from __future__ import annotations

from typing import Any

from engine.bpmn.diagram import Loop, Node
from engine.bpmn.element import ElementSpec, Link, put
from engine.bpmn.expressions import Expression, Failure, json_value, truth
from engine.bpmn.process_spec import ScopeSpec
from engine.bpmn.token import Token
from engine.model import history

INSTANCE = "#each"
MAX_INSTANCES = 10_000


class RepeatedSpec(ElementSpec):
    """The body around the instances, whose tokens stand below the body's own; boundary events are the body's."""

    def __init__(self, scope: ScopeSpec, node: Node, each: ElementSpec) -> None:
        super().__init__(scope, node)
        assert node.loop is not None
        self.loop: Loop = node.loop
        self.each = each
        each.repeated_by = self

    def map_inputs(self, token: Token) -> None:
        """Map nothing: inputs and outputs belong to each instance."""

    def prepare_leave(self, token: Token) -> tuple[Link, ...]:
        return self.choose(token)

    def _on_complete_hook(self, my_task: Token) -> None:
        """Tell history of each instance, not of their body, unless there was none."""
        for child in my_task.children:
            child.cancel()
        if not my_task.internal_data.get("made"):
            my_task.log(history.ELEMENT_COMPLETED)

    def instance_leaves(self, child: Token) -> None:
        """Look at an instance that is about to complete, while its variables are alive. Raises Failure."""
        raise NotImplementedError

    def instances(self, token: Token) -> list[Token]:
        return [child for child in token.children if child.task_spec is self.each]

    def spawn(self, token: Token, local: dict[str, Any]) -> None:
        state = token.internal_data
        child = token._add_child(self.each)
        child.internal_data["i"] = state["made"]
        state["made"] += 1
        child.data.update(local, loopCounter=state["made"])
        child._ready()


class MultiInstanceSpec(RepeatedSpec):
    """One instance per item of a list, all at once or one after the other (BPMN 2.0, 10.3.7)."""

    def begin(self, token: Token) -> bool | None:
        scope = token.workflow
        items = self._items(token)
        token.internal_data.update(total=len(items), made=0, done=0)
        if self.loop.output_collection:
            token.internal_data["results"] = [None] * len(items)
        if not items:
            self._hand_out(token)
            return True
        if self.loop.kind == "sequential":
            token.internal_data["items"] = items[1:][::-1]
            items = items[:1]
        shadows = self._shadows(scope.context(token))
        for item in items:
            self.spawn(token, {**shadows, **({self.loop.element: item} if self.loop.element else {})})
        return None

    def _items(self, token: Token) -> list[Any]:
        scope = token.workflow
        source: Expression | None = self.loop.collection or self.loop.cardinality
        assert source is not None
        value = json_value(source, scope.context(token), scope.case.around)
        if self.loop.collection is None:
            if isinstance(value, bool) or not isinstance(value, int | float) or value < 0 or value != int(value):
                raise Failure(f"The number of instances “{source.text}” gave “{value}”; a whole number is needed.")
            value = list(range(min(int(value), MAX_INSTANCES + 1)))
        if not isinstance(value, list):
            raise Failure(f"The input collection “{source.text}” gave “{value}”; a list is needed.")
        if len(value) > MAX_INSTANCES:
            raise Failure(f"The input collection “{source.text}” has more than {MAX_INSTANCES:,} items.")
        return value

    def _shadows(self, context: Any) -> dict[str, Any]:
        """Return the variables of an instance that its output element reads and that exist nowhere yet, so that they do not leak."""
        output = self.loop.output_element
        if output is None:
            return {}
        single = output.text[1:].strip()
        return {
            name: None for name in output.names if name != self.loop.element and (name == single or name not in context)
        }

    def child_completed(self, token: Token, child: Token) -> None:
        if child.task_spec is not self.each or token.is_finished:
            return
        scope, state = token.workflow, token.internal_data
        state["done"] += 1
        if state["done"] == state["total"] or child.internal_data.get("stop"):
            self._hand_out(token)
            state["done"] = state["total"]
            token._ready()
        elif self.loop.kind == "sequential":
            shadows = self._shadows(scope.context(token))
            item = state["items"].pop()
            self.spawn(token, {**shadows, **({self.loop.element: item} if self.loop.element else {})})

    def instance_leaves(self, child: Token) -> None:
        """Collect the instance's output, and look whether the rest is still needed."""
        token = child.parent
        assert token is not None
        scope, state = child.workflow, token.internal_data
        if self.loop.output_element is not None and "results" in state:
            state["results"][child.internal_data["i"]] = json_value(
                self.loop.output_element, scope.context(child), scope.case.around
            )
        if self.loop.completion is not None:
            numbers = {
                "numberOfInstances": state["total"],
                "numberOfCompletedInstances": state["done"] + 1,
                "numberOfActiveInstances": state["made"] - state["done"] - 1,
                "numberOfTerminatedInstances": 0,
            }
            context = {**scope.context(child), **numbers}
            if truth(self.loop.completion, context, scope.case.around):
                child.internal_data["stop"] = 1

    def _hand_out(self, token: Token) -> None:
        if self.loop.output_collection:
            found: dict[str, Any] = {}
            put(found, self.loop.output_collection, token.internal_data["results"])
            for name, value in found.items():
                token.workflow.assign(token, name, value, outside=True)


class StandardLoopSpec(RepeatedSpec):
    """Repeats while the condition holds, at most so many times."""

    def begin(self, token: Token) -> bool | None:
        token.internal_data.setdefault("made", 0)
        if self.loop.test_before and not self._goes_on(token, token):
            return True
        self.spawn(token, {})
        return None

    def _goes_on(self, token: Token, seen_from: Token) -> bool:
        made = token.internal_data["made"]
        if self.loop.maximum is not None and made >= self.loop.maximum:
            return False
        if self.loop.condition is None:
            return True
        scope = token.workflow
        return truth(self.loop.condition, {**scope.context(seen_from), "loopCounter": made}, scope.case.around)

    def instance_leaves(self, child: Token) -> None:
        token = child.parent
        assert token is not None
        child.internal_data["again"] = self._goes_on(token, child)

    def child_completed(self, token: Token, child: Token) -> None:
        if child.task_spec is not self.each or token.is_finished:
            return
        if child.internal_data["again"]:
            self.spawn(token, {})
        else:
            token.internal_data["done"] = 1
            token._ready()
