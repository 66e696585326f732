"""Throwing events and ends: messages, signals, escalations, errors, terminate.

Mends, against SpiffWorkflow 3.2.0: signal end events throw nothing; an error that nothing catches is lost.
"""

from __future__ import annotations

from typing import Any

from engine.bpmn.element import ElementSpec, Link
from engine.bpmn.expressions import Failure, text_or_none
from engine.bpmn.propagation import find_catcher, throw_to, thrown_code
from engine.bpmn.token import Token
from engine.model import history
from engine.model.advance import Throw


class ThrowSpec(ElementSpec):
    """An intermediate throw event, end event or send task that throws at once and goes on."""

    def begin(self, token: Token) -> bool | None:
        kind = self.node.event.kind
        if kind == "message":
            self._send(token)
        elif kind == "signal":
            self._signal(token)
        elif kind == "escalation":
            self._escalate(token)
        elif kind == "error":
            self._fail(token)
            return None
        return True

    def _name(self, token: Token) -> str:
        scope = token.workflow
        name = text_or_none(self.node.event.name, scope.context(token), scope.case.around)
        if name is None:
            raise Failure(f"The {self.node.event.kind} name is empty.")
        return name

    def _carried(self, token: Token) -> dict[str, Any]:
        """Return the mapped inputs, and nothing else: what is thrown goes to strangers."""
        names = {mapping.target.partition(".")[0] for mapping in self.node.inputs}
        return {name: value for name, value in token.data.items() if name in names}

    def _send(self, token: Token) -> None:
        """Hand a message out, to be correlated after the commit."""
        scope = token.workflow
        name = self._name(token)
        key = text_or_none(self.node.event.key, scope.context(token), scope.case.around)
        token.log(history.MESSAGE_THROWN, {"name": name, "correlation_key": key})
        scope.case.advance.throws.append(Throw("message", name, key, self._carried(token), self.node.id))

    def _signal(self, token: Token) -> None:
        """Tell everyone who waits, this case too, after the commit."""
        name = self._name(token)
        token.log(history.SIGNAL_THROWN, {"name": name})
        token.workflow.case.advance.throws.append(Throw("signal", name, None, self._carried(token), self.node.id))

    def _escalate(self, token: Token) -> None:
        """Throw outward; one that nothing catches has no effect (BPMN 2.0, 10.5.1)."""
        code = thrown_code(token)
        token.log(history.ESCALATION_THROWN, {"code": code})
        found = find_catcher(token, "escalation", code)
        if found is not None:
            if found[0].node.interrupting:
                self._note_end(token)
            throw_to(token, "escalation", code, self._carried(token))

    def _fail(self, token: Token) -> None:
        code = thrown_code(token)
        if find_catcher(token, "error", code) is None:
            raise Failure(f"The error “{code}” was thrown, but no boundary event or event sub-process catches it.")
        token.log(history.ERROR_THROWN, {"error_code": code})
        self._note_end(token)
        throw_to(token, "error", code, self._carried(token))

    def _note_end(self, token: Token) -> None:
        """Note that the event was reached, since what it throws will cancel its own token."""
        token.internal_data.pop("s", None)
        token.log(history.ELEMENT_COMPLETED)


class TerminateSpec(ElementSpec):
    """Ends its scope at once, with every token in it (BPMN 2.0, 10.5.6)."""

    def _on_complete_hook(self, my_task: Token) -> None:
        super()._on_complete_hook(my_task)
        my_task.workflow.cancel_all(but=my_task)

    def choose(self, token: Token) -> tuple[Link, ...]:
        return ()
