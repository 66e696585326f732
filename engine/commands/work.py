"""The unit of work that a command's handler is given: the open transaction, the instant, and cases to step."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from engine.bpmn import Run
from engine.config import Settings
from engine.model.actor import Actor
from engine.model.advance import Advance
from engine.model.errors import InstanceNotRunning
from engine.model.history import MESSAGE_WAITED, Entry
from engine.model.instance import Instance, InstanceState
from engine.services import SERVICES, Surroundings
from engine.services.bundles import Bundles, LoadedBundle
from engine.services.display import details_of, text_of
from engine.services.registers import feel_functions
from engine.store import history
from engine.store.advance import persist
from engine.store.database import Connection
from engine.store.files import Files
from engine.store.instances import ended, get_instance, insert_instance, update_instance
from engine.store.messages import lock_name, take_message


class LiveRuns:
    """Recently stepped cases kept alive by (id, revision): a hit saves the load, a miss is always safe.

    A run is taken out while a command steps it, so that no two threads ever hold the same one.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._runs: OrderedDict[tuple[str, int], Run] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, instance_id: str, revision: int) -> Run | None:
        with self._lock:
            return self._runs.pop((instance_id, revision), None)

    def keep(self, instance_id: str, revision: int, run: Run) -> None:
        with self._lock:
            self._runs[(instance_id, revision)] = run
            while len(self._runs) > self._capacity:
                self._runs.popitem(last=False)


@dataclass(slots=True)
class Case:
    """A case loaded for stepping: its row, its tokens, its bundle."""

    instance: Instance
    run: Run
    bundle: LoadedBundle
    history_seq: int = 0
    stage: str = ""
    incidents: int = 0


@dataclass
class Work:
    """One command's transaction."""

    connection: Connection
    now: datetime
    settings: Settings
    bundles: Bundles
    live: LiveRuns
    files: Files
    stepped: list[tuple[str, int, Run]] = field(default_factory=list)
    wake_at: datetime | None = None

    @cached_property
    def functions(self) -> dict[str, Any]:
        """FEEL host functions that read records in this transaction."""
        return feel_functions(self.connection)

    @property
    def surroundings(self) -> Surroundings:
        return Surroundings(self.connection, self.now, self.settings)

    @cached_property
    def plant_time(self) -> datetime:
        """The instant in the plant's time zone: what FEEL's `now()` and `today()` tell, and times without a zone mean."""
        return self.surroundings.plant_time

    def wake(self, at: datetime) -> None:
        """Have the scheduler look for due work at this instant, once the transaction is committed."""
        self.wake_at = at if self.wake_at is None else min(self.wake_at, at)

    def open_case(self, instance_id: str, *, suspended: bool = False) -> Case:
        """Load a running case for stepping (a suspended one only where asked); raises NotFound, InstanceNotRunning."""
        stored = get_instance(self.connection, instance_id)
        instance = stored.instance
        if instance.state is not InstanceState.RUNNING and not (
            suspended and instance.state is InstanceState.SUSPENDED
        ):
            raise InstanceNotRunning(instance.state.value)
        bundle = self.bundles.get(self.connection, instance.bundle_id)
        run = self.live.take(instance.id, instance.revision) or bundle.definition.restore(
            instance.snapshot, instance.variables
        )
        return Case(instance, run, bundle, stored.history_seq, stored.stage, stored.incidents)

    def create(self, case: Case, advance: Advance, actor: Actor, own: Sequence[Entry]) -> None:
        """Insert a new case with what its start brought about."""
        instance = case.instance
        self._hand_over_messages(case, advance)
        row = self._row(case, advance)
        entries = [*own, *case.bundle.told(advance.history)]
        insert_instance(self.connection, instance, **row | {"history_seq": len(entries)})
        persist(self.connection, instance.id, advance, SERVICES, self.now, self._details(case, advance))
        history.append(self.connection, instance.id, 0, self.now, actor.name, entries)
        self._remember(case, advance, 1)

    def save(self, case: Case, advance: Advance, actor: Actor, own: Sequence[Entry] = ()) -> None:
        """Persist what a step brought about; `own` are the command's history entries, before those of the step."""
        instance = case.instance
        self._hand_over_messages(case, advance)
        persist(self.connection, instance.id, advance, SERVICES, self.now, self._details(case, advance))
        row = self._row(case, advance)
        row["history_seq"] = history.append(
            self.connection,
            instance.id,
            case.history_seq,
            self.now,
            actor.name,
            [*own, *case.bundle.told(advance.history)],
        )
        update_instance(self.connection, instance.id, instance.revision, row)
        self._remember(case, advance, instance.revision + 1)

    def _hand_over_messages(self, case: Case, advance: Advance) -> None:
        """Give the case the messages that were sent before it came to await them; what follows joins the step."""
        if case.instance.state is InstanceState.SUSPENDED:
            return
        refused: set[str] = set()
        while awaiting := [s for s in advance.subscriptions_opened if s.kind == "message" and s.id not in refused]:
            subscription = min(awaiting, key=lambda one: one.name)  # one order for all, so that locks meet no deadlock
            lock_name(self.connection, subscription.name)
            message = take_message(self.connection, subscription.name, subscription.correlation_key, self.now)
            if message is None:
                refused.add(subscription.id)
                continue
            advance.history.append(
                Entry(
                    MESSAGE_WAITED,
                    subscription.element_id,
                    {"name": message.name, "sent_by": message.sent_by, "sent_at": message.sent_at.isoformat()},
                )
            )
            now = self.plant_time
            advance.add(case.run.deliver(subscription.id, message.variables, now=now, functions=self.functions))

    def _remember(self, case: Case, advance: Advance, revision: int) -> None:
        for arming in (*advance.timers_armed, *advance.timers_moved):
            self.wake(arming.due_at)
        if advance.throws or any(job.type in SERVICES for job in advance.jobs):
            self.wake(self.now)
        if not advance.state.is_over:
            self.stepped.append((case.instance.id, revision, case.run))

    def _row(self, case: Case, advance: Advance) -> dict[str, Any]:
        """Return the instance's columns as they are after the step."""
        run, definition = case.run, case.bundle.definition
        state = advance.state
        if case.instance.state is InstanceState.SUSPENDED and not state.is_over:
            state = InstanceState.SUSPENDED
        active = run.active_elements
        elements = (definition.elements.get(element) for element in active)
        stages = (element.properties.get("stage") for element in elements if element is not None)
        properties = case.bundle.bundle.properties
        return {
            "state": state.value,
            "variables": run.variables,
            "snapshot": run.snapshot(),
            "active": active,
            "subject": self._text(properties.get("subject"), run),
            "customer": self._text(properties.get("customer"), run),
            "stage": next((stage for stage in stages if stage), case.stage),
            "incidents": case.incidents + len(advance.incidents) - len(advance.incidents_resolved),
            "ended_at": ended(state, self.now),
        }

    def _text(self, template: str | None, run: Run) -> str:
        return text_of(template, run.variables, now=self.plant_time, functions=self.functions)

    def _details(self, case: Case, advance: Advance) -> dict[str, dict[str, str]]:
        """Return the detail of each opened task that has one, by task."""
        elements, details = case.bundle.definition.elements, {}
        for opening in advance.tasks_opened:
            properties = elements[opening.element_id].properties
            seen = case.run.visible_variables(opening.id)
            if texts := details_of(properties, seen, now=self.plant_time, functions=self.functions):
                details[opening.id] = texts
        return details
