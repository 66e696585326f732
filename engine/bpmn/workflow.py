"""A running scope: the case itself and each sub-process or called process in it; where variables live.

Mends, against SpiffWorkflow 3.2.0: `_task_completed_notify` walks the whole tree; the process is complete only behind an end
event; sub-workflows are found by search; `TaskIterator` stops at depth 1,000; scripts are Python.
"""

from __future__ import annotations

from collections import ChainMap, deque
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.element import follow
from engine.bpmn.expressions import Failure, Surroundings
from engine.bpmn.token import Token
from engine.model import history
from engine.model.advance import Advance
from engine.model.history import Entry

if TYPE_CHECKING:
    from engine.bpmn.element import ElementSpec, Link
    from engine.bpmn.process_spec import ScopeSpec

STEP_BUDGET = 50_000
CALL_DEPTH = 100
MAX_WARNINGS = 20
"""How many reasons history keeps of a token's expressions that became null in part."""
LONGEST_WARNING = 500


class NoScripts:
    """Stands where the library would put its Python engine, which nothing here may use."""


class ScopeWorkflow:
    """What the case and its sub-scopes have in common; mixed into the library's two workflow classes."""

    spec: ScopeSpec
    case: Case
    owner: Token | None
    tasks: dict[str, Token]
    data: dict[str, Any]
    task_tree: Token
    completed: bool
    depth: int

    def open_scope(self) -> None:
        self.arrivals: dict[str, dict[str, list[Token]]] = {}
        self.compensable: list[list[Any]] = []
        self.process: str = self.spec.process

    def begin(self, starts: tuple[Link, ...] | None = None, *, with_events: bool = True) -> None:
        """Arm event sub-processes, and put a token on each start."""
        self.task_tree = Token(self, self.spec.start, None, TaskState.COMPLETED)
        for event in self.spec.event_starts:
            if event.is_armed and with_events:
                self.task_tree._add_child(event)._ready()
        for link in self.spec.starts if starts is None else starts:
            follow(self.task_tree, link)
        self.check_done()

    def log(self, kind: str, element: str | None, data: Mapping[str, Any] | None = None) -> None:
        case = self.case
        if self.process != case.process:
            data = {**(data or {}), "process": self.process}
        case.advance.history.append(Entry(kind, element, data or {}))

    def _task_completed_notify(self, task: Token) -> None:
        parent = task.parent
        if parent is None:
            return
        if self.spec.ad_hoc and self.owner is not None and not self.completed:
            self.owner.task_spec.look_inside(self.owner, self)
        undoes = self.case.tokens.get(task.internal_data.get("undoes", ""))
        if undoes is not None:
            undoes.task_spec.child_completed(undoes, task)
        elif parent is not self.task_tree:
            parent.task_spec.child_completed(parent, task)
        self.check_done()

    def check_done(self) -> None:
        """Complete the scope when no token is left in it but those that wait for event sub-processes."""
        if self.completed:
            return
        for token in self.task_tree._children.values():
            if not token.is_beside:
                return
        self.completed = True
        self.cancel_all()
        if self.owner is not None:
            self.owner.internal_data["done"] = 1
            self.owner._ready()

    def cancel_all(self, but: Token | None = None) -> None:
        """Cancel every token of the scope, except one."""
        for token in self.task_tree.children:
            if token is not but:
                token.cancel()

    # --- variables ------------------------------------------------------------------------------

    def _scopes(self, token: Token) -> list[dict[str, Any]]:
        """Return the variables that the token sees, innermost first, up to the process that was called."""
        found: list[dict[str, Any]] = []
        scope: ScopeWorkflow = self
        current: Token | None = token
        while True:
            while current is not None:
                if current.data:
                    found.append(current.data)
                current = current.parent
            if scope.spec.is_process or scope.owner is None:
                found.append(scope.data)
                return found
            current = scope.owner
            scope = current.workflow

    def context(self, token: Token) -> Mapping[str, Any]:
        """Return what expressions at the token see."""
        found = self._scopes(token)
        return found[0] if len(found) == 1 else ChainMap(*found)

    def outside(self, token: Token) -> Mapping[str, Any]:
        """Return what is seen from outside the token's element."""
        found = self._scopes(token)
        return ChainMap(*(found[1:] if token.data else found))

    def local_variables(self, token: Token) -> dict[str, Any]:
        """Return what the token sees beyond the variables of the case."""
        found: dict[str, Any] = {}
        for variables in reversed(self._scopes(token)):
            if variables is not self.case.data:
                found.update(variables)
        return found

    def assign(self, token: Token, name: str, value: Any, *, outside: bool = False) -> None:
        """Set a variable where it lives, else at the process (Camunda 8: variable propagation)."""
        found = self._scopes(token)
        if outside and token.data:
            found = found[1:]
        for variables in found:
            if name in variables:
                variables[name] = value
                break
        else:
            found[-1][name] = value
        self.case.changed = True


class SubScope(ScopeWorkflow, BpmnSubWorkflow):
    """A sub-process or called process, below the token of its activity."""

    def __init__(self, spec: ScopeSpec, owner: Token) -> None:
        self.case = owner.workflow.case
        self.owner = owner
        super().__init__(spec, owner.id, self.case, deserializing=True)
        self.open_scope()

    def _calculate_depth(self) -> int:
        assert self.owner is not None
        depth: int = self.owner.workflow.depth + 1
        if depth > CALL_DEPTH:
            raise Failure(
                f"Sub-processes and calls are nested deeper than {CALL_DEPTH}. Does a process call itself without end?"
            )
        return depth


class Case(ScopeWorkflow, BpmnWorkflow):
    """A process instance in memory: its scopes, its ready tokens, and what the current step has brought about."""

    def __init__(
        self,
        spec: ScopeSpec,
        processes: Mapping[str, ScopeSpec],
        decisions: Mapping[str, Any],
        variables: dict[str, Any],
    ) -> None:
        self.case = self
        self.owner = None
        self.tokens: dict[str, Token] = {}
        self.ready: deque[Token] = deque()
        super().__init__(spec, None, script_engine=NoScripts(), deserializing=True)
        self.data = variables
        self.subprocess_specs = processes
        self.decisions = decisions
        self.advance = Advance()
        self.around = Surroundings(datetime.min.replace(tzinfo=UTC))
        self.changed = self.cancelled = False
        self.business_key: str | None = None
        self.watching: dict[str, Token] = {}
        """Tokens that look at the variables whenever these change: conditions, and timers that follow them."""
        self.merging: dict[tuple[str, str], tuple[ScopeWorkflow, ElementSpec]] = {}
        self.open_scope()

    def create_subprocess(self, my_task: Token, spec: ScopeSpec) -> SubScope:
        scope = SubScope(spec, my_task)
        self.subprocesses[my_task.id] = scope
        return scope

    def settle(self) -> None:
        """Run until every token waits; then let inclusive joins and conditions look, and go on."""
        budget = STEP_BUDGET
        while True:
            while self.ready:
                token = self.ready.popleft()
                if token._state != TaskState.READY:
                    continue
                budget -= 1
                if budget < 0:
                    token.fail(
                        "enter",
                        f"The case passed {STEP_BUDGET:,} elements without waiting: there is a loop without an end.",
                    )
                    continue
                token.run()
                self.note_warnings(token)
            if not (self._merge() or self._look_at_conditions()):
                return

    def note_warnings(self, token: Token | None) -> None:
        """Tell history why parts of expressions became null: for a token each reason once, however often it recurs."""
        if not self.around.warnings:
            return
        texts = dict.fromkeys(warning.message[:LONGEST_WARNING] for warning in self.around.warnings)
        self.around.warnings.clear()
        if token is None:
            self.log(history.WARNING_NOTED, None, {"messages": list(texts)[:MAX_WARNINGS]})
            return
        said = token.internal_data.get("said", [])
        fresh = [text for text in texts if text not in said][: MAX_WARNINGS - len(said)]
        if fresh:
            token.internal_data["said"] = [*said, *fresh]
            token.log(history.WARNING_NOTED, {"messages": fresh})

    def _merge(self) -> bool:
        """Let inclusive gateways go on that no other token can reach any more."""
        merged = any(spec.try_merge(scope) for scope, spec in list(self.merging.values()))
        self.note_warnings(None)
        return merged

    def _look_at_conditions(self) -> bool:
        if not self.changed:
            return False
        self.changed = False
        for token in list(self.watching.values()):
            if not token.is_finished:
                token.task_spec.look(token)
                self.note_warnings(token)
        return True
