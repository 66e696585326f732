"""Fire a due timer: of a case, or of a timer start event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from engine.commands.start_instance import StartInstance
from engine.commands.work import Work
from engine.model import schedule
from engine.model.actor import SYSTEM
from engine.model.errors import InstanceNotRunning
from engine.store.subscriptions import count_firing, find_schedule
from engine.store.timers import Timer, arm_start_timer, disarm_timers, find_timer, move_lease

FOREVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class FireTimer:
    """Fire one timer; one that is gone or not due any more was fired, disarmed or moved by someone else: nothing."""

    timer_id: str

    def handle(self, work: Work) -> bool:
        """Tell whether the timer fired."""
        timer = find_timer(work.connection, self.timer_id)
        if timer is None or timer.due_at > work.now:
            return False
        if timer.instance_id is None:
            self._start(work, timer)
            return True
        try:
            case = work.open_case(timer.instance_id)
        except InstanceNotRunning:
            move_lease(work.connection, timer.id, FOREVER)  # suspended: resuming gives the timer back
            return False
        if find_timer(work.connection, self.timer_id) is None:  # taken while this waited for the case's lock
            return False
        advance = case.run.fire_timer(timer.id, now=work.plant_time, functions=work.functions)
        advance.timers_disarmed.append(timer.id)
        work.save(case, advance, SYSTEM)
        return True

    def _start(self, work: Work, timer: Timer) -> None:
        """Start a case and arm the cycle's next occurrence."""
        key = timer.definition_key or ""
        disarm_timers(work.connection, [timer.id])
        count_firing(work.connection, key, timer.element_id)
        arm_next_start(work, key, timer.element_id)
        StartInstance(key, SYSTEM, element_id=timer.element_id).handle(work)


def arm_next_start(work: Work, definition_key: str, element_id: str) -> None:
    """Arm a timer start event's next occurrence, if there is one."""
    start = find_schedule(work.connection, definition_key, element_id)
    if start is None:
        return
    due_at = schedule.start_due(start.text, start.anchor_at, start.fired, work.surroundings.zone)
    if due_at is not None:
        arm_start_timer(work.connection, definition_key, element_id, due_at)
        work.wake(due_at)
