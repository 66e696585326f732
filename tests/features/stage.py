"""A case played twice in step: straight, and saved, dropped and restored after every act. Both must tell the same history."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from engine.bpmn import Definition, Diagram, Run, build, read
from engine.model.advance import Advance, IncidentRaised, JobRequest, Subscription, TaskOpening, Throw, TimerArming
from engine.model.instance import InstanceState
from engine.model.migration import Migration

NOW = datetime(2026, 1, 31, 8, tzinfo=UTC)
NAMESPACES = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)
PLAIN = 'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
CAMUNDA_7 = PLAIN + ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'


def diagram(body: str, extra: str = "", *, key: str = "p", namespaces: str = NAMESPACES, after: str = "") -> bytes:
    """Write a file with one executable process; `extra` stands before it, `after` behind it."""
    process = f'<process id="{key}" isExecutable="true">{body}</process>'
    return f'<definitions {namespaces} id="d" targetNamespace="t">{extra}{process}{after}</definitions>'.encode()


def flow(source: str, target: str, condition: str | None = None, name: str | None = None) -> str:
    inner = "" if condition is None else f"<conditionExpression><![CDATA[{condition}]]></conditionExpression>"
    return f'<sequenceFlow id="{name or source + "_" + target}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>'


def chain(*ids: str) -> str:
    """Write the flows that connect the elements one after the other."""
    return "".join(flow(source, target) for source, target in pairwise(ids))


def ext(*parts: str) -> str:
    return f"<extensionElements>{''.join(parts)}</extensionElements>"


def read_good(data: bytes) -> Diagram:
    """Read a diagram that has no errors."""
    found = read(data, "test.bpmn")
    assert [str(problem) for problem in found.problems if problem.is_error] == []
    return found


class Player:
    """One case with everything that is open in it, as the store would hold it."""

    def __init__(self, definition: Definition, *, restart: bool, moves_to: Definition | None = None) -> None:
        self.definition, self.restart, self.moves_to = definition, restart, moves_to
        self.run: Run | None = None
        self.tasks: dict[str, TaskOpening] = {}
        self.timers: dict[str, TimerArming] = {}
        self.jobs: dict[str, JobRequest] = {}
        self.subscriptions: dict[str, Subscription] = {}
        self.incidents: dict[str, IncidentRaised] = {}
        self.throws: list[Throw] = []
        self.history: list[tuple[str, str | None]] = []
        self.data: list[tuple[str, str | None, Any]] = []

    def take(self, advance: Advance) -> None:
        """Close, then open, as the store does: nothing may be in both lists of one step."""
        for closed, among in (
            (advance.tasks_cancelled, self.tasks),
            (advance.timers_disarmed, self.timers),
            (advance.jobs_cancelled, self.jobs),
            (advance.subscriptions_closed, self.subscriptions),
            (advance.incidents_resolved, self.incidents),
        ):
            for name in closed:
                assert among.pop(name, None) is not None, "closed without being open"
        for opened, into in (
            (advance.tasks_opened, self.tasks),
            (advance.timers_armed, self.timers),
            (advance.jobs, self.jobs),
            (advance.subscriptions_opened, self.subscriptions),
            (advance.incidents, self.incidents),
        ):
            for item in opened:
                assert item.id not in into, "opened twice"
                into[item.id] = item  # type: ignore[index]
        for moved in advance.timers_moved:
            assert moved.id in self.timers, "moved without being armed"
            self.timers[moved.id] = moved
        self.throws += advance.throws
        self.history += [(entry.kind, entry.element_id) for entry in advance.history]
        self.data += [(entry.kind, entry.element_id, entry.data) for entry in advance.history]
        assert self.run is not None
        assert advance.state is self.run.state
        if advance.state is not InstanceState.RUNNING:
            left = [*self.tasks, *self.timers, *self.jobs, *self.subscriptions, *self.incidents]
            assert left == [], "left open at the end"
        json.dumps(self.run.variables)
        if self.moves_to is not None and advance.state is InstanceState.RUNNING:
            self.run, migration = self.moves_to.take_over(self.run, {}, now=NOW)
            assert migration.advance == Advance(), "moved to the same diagram, and something changed"
            assert [*migration.armed, *migration.disarmed, *migration.tasks, *migration.renamed] == []
        elif self.restart and advance.state is InstanceState.RUNNING:
            variables = json.loads(json.dumps(self.run.variables))
            self.run = self.definition.restore(self.run.snapshot(), variables)

    def move(self, migration: Migration) -> None:
        """Change what is open as the store does when a case is moved to another version."""
        for index in (self.tasks, self.timers, self.jobs, self.subscriptions, self.incidents):
            for name in index.keys() & migration.renamed.keys():
                index[name] = replace(index[name], element_id=migration.renamed[name])  # type: ignore[type-var, index]
        for change in migration.tasks:
            self.tasks[change.id] = replace(self.tasks[change.id], name=change.name, form_key=change.form_key)
        for subscription in migration.resubscribed:
            assert self.subscriptions.pop(subscription.id, None) is not None
            self.subscriptions[subscription.id] = subscription
        self.take(migration.advance)


class Stage:
    """Two players in lockstep. Acts name elements, not ids; `nth` chooses among several."""

    def __init__(
        self,
        *data: bytes,
        key: str = "p",
        decisions: dict[str, Any] | None = None,
        functions: dict[str, Any] | None = None,
        moves: bool = False,
    ) -> None:
        """With `moves`, the second player is moved to the same diagram read anew after every act, instead of restored."""
        self.definition = build(key, [read_good(part) for part in data], decisions or {})
        self.now = NOW
        self.functions = functions or {}
        other = build(key, [read_good(part) for part in data], decisions or {}) if moves else None
        self.players = [Player(self.definition, restart=False), Player(self.definition, restart=True, moves_to=other)]

    def start(self, element_id: str | None = None, **variables: Any) -> Stage:
        for player in self.players:
            copy = json.loads(json.dumps(variables))
            player.run, advance = self.definition.start(
                copy, now=self.now, functions=self.functions, element_id=element_id
            )
            player.take(advance)
        return self._same()

    def _act(
        self,
        index: str,
        element: str | None,
        nth: int,
        verb: str,
        *args: Any,
        consume: bool,
        with_functions: bool = True,
    ) -> Stage:
        for player in self.players:
            among = getattr(player, index)
            found = [
                name
                for name, item in among.items()
                if element is None or element in (item.element_id, getattr(item, "name", None))
            ]
            assert found, f"{element} is not among {[item.element_id for item in among.values()]}"
            if consume:
                del among[found[nth]]
            extra = {"functions": self.functions} if with_functions else {}
            player.take(getattr(player.run, verb)(found[nth], *args, now=self.now, **extra))
        return self._same()

    def complete(self, element: str, nth: int = 0, **variables: Any) -> Stage:
        return self._act("tasks", element, nth, "complete_task", variables, consume=True)

    def fire(self, element: str, nth: int = 0, *, at_due: bool = True) -> Stage:
        if at_due:
            self.now = max(self.now, next(t.due_at for t in self.players[0].timers.values() if t.element_id == element))
        return self._act("timers", element, nth, "fire_timer", consume=True)

    def deliver(self, element: str, nth: int = 0, **variables: Any) -> Stage:
        return self._act("subscriptions", element, nth, "deliver", variables, consume=False)

    def job(self, element: str, nth: int = 0, **variables: Any) -> Stage:
        return self._act("jobs", element, nth, "complete_job", variables, consume=True)

    def fail(self, element: str, message: str = "no answer") -> Stage:
        return self._act("jobs", element, 0, "fail_job", message, consume=True, with_functions=False)

    def throw(self, element: str, code: str, **variables: Any) -> Stage:
        return self._act("jobs", element, 0, "throw_error", code, variables, consume=False)

    def retry(self, element: str) -> Stage:
        return self._act("incidents", element, 0, "retry", consume=False)

    def set(self, **variables: Any) -> Stage:
        for player in self.players:
            player.take(player.run.set_variables(variables, now=self.now, functions=self.functions))  # type: ignore[union-attr]
        return self._same()

    def cancel(self) -> Stage:
        for player in self.players:
            player.take(player.run.cancel(now=self.now))  # type: ignore[union-attr]
        return self._same()

    def migrate(self, *data: bytes, mapping: dict[str, str] | None = None, key: str = "p") -> Migration:
        """Move both cases to another version; both must change alike."""
        self.definition = build(key, [read_good(part) for part in data], {})
        done = []
        for player in self.players:
            assert player.run is not None
            player.run, migration = self.definition.take_over(
                player.run, mapping or {}, now=self.now, functions=self.functions
            )
            player.definition = self.definition
            player.move(migration)
            done.append(migration)
        assert (done[0].moved, done[0].armed, done[0].disarmed) == (done[1].moved, done[1].armed, done[1].disarmed)
        self._same()
        return done[0]

    def _same(self) -> Stage:
        straight, restarted = self.players
        assert straight.history == restarted.history
        assert straight.run.variables == restarted.run.variables  # type: ignore[union-attr]
        assert sorted(straight.run.active_elements) == sorted(restarted.run.active_elements)  # type: ignore[union-attr]
        for index in ("tasks", "timers", "jobs", "subscriptions", "incidents"):
            names = [sorted(item.element_id for item in getattr(player, index).values()) for player in self.players]
            assert names[0] == names[1]
        return self

    @property
    def run(self) -> Run:
        assert self.players[0].run is not None
        return self.players[0].run

    @property
    def variables(self) -> dict[str, Any]:
        return self.run.variables

    @property
    def done(self) -> bool:
        return self.run.state is InstanceState.COMPLETED

    @property
    def tasks(self) -> list[str]:
        return sorted(task.element_id for task in self.players[0].tasks.values())

    @property
    def jobs(self) -> list[str]:
        return sorted(job.element_id for job in self.players[0].jobs.values())

    @property
    def timers(self) -> dict[str, str]:
        return {timer.element_id: timer.due_at.isoformat() for timer in self.players[0].timers.values()}

    @property
    def subscriptions(self) -> list[str]:
        return sorted(sub.element_id for sub in self.players[0].subscriptions.values())

    @property
    def incidents(self) -> dict[str, str]:
        return {incident.element_id: incident.message for incident in self.players[0].incidents.values()}

    @property
    def throws(self) -> list[Throw]:
        return self.players[0].throws

    def task(self, element: str) -> TaskOpening:
        return next(task for task in self.players[0].tasks.values() if task.element_id == element)

    def told(self, *kinds: str) -> list[str | None]:
        """Return the elements of these kinds of history entries, in order."""
        return [element for kind, element in self.players[0].history if kind in kinds]

    @property
    def path(self) -> list[str | None]:
        return self.told("ElementCompleted")
