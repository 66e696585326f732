"""How late timers fire: 1,000 due within a minute while 100,000 more are pending."""

from __future__ import annotations

import statistics
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert

from engine.app import Engine
from engine.commands.start_instance import StartInstance
from engine.config import Settings
from engine.model.actor import SYSTEM
from engine.queries.instances import list_history
from engine.queries.work import count_work
from engine.store.tables import timers
from tests.factories import deploy, diagram, flow

DUE, PENDING, WITHIN_S = 1_000, 100_000, 60

WAIT = diagram(
    '<bpmn:startEvent id="start"/><bpmn:intermediateCatchEvent id="wait"><bpmn:timerEventDefinition>'
    "<bpmn:timeDate>=due_at</bpmn:timeDate></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
    '<bpmn:endEvent id="end"/>' + flow("start", "wait") + flow("wait", "end"),
    key="wait",
)


def measure(folder: Path) -> dict[str, float]:
    """Return `timer_lateness_p99_s`, from the due instant to the entry in the history."""
    engine = Engine(Settings(data_dir=folder))
    engine.prepare()
    deploy(engine, ("wait.bpmn", WAIT))
    far = datetime.now(UTC) + timedelta(days=365)
    with engine.database.write() as connection:
        connection.execute(
            insert(timers),
            [
                {"id": f"{number:032x}", "element_id": "wait", "due_at": far + timedelta(seconds=number), "attempts": 0}
                for number in range(PENDING)
            ],
        )
    first = datetime.now(UTC) + timedelta(seconds=15)
    cases = []
    for number in range(DUE):
        due_at = first + timedelta(seconds=WITHIN_S * number / DUE)
        cases.append(engine.execute(StartInstance("wait", SYSTEM, variables={"due_at": due_at.isoformat()})).id)
    engine.start()
    while engine.query(count_work, now=datetime.now(UTC))["armed_timers"] > PENDING:
        time.sleep(0.5)
    lateness = []
    for case in cases:
        entries = engine.query(list_history, instance_id=case, actor=SYSTEM).items
        fired = next(entry for entry in entries if entry.kind == "TimerFired")
        lateness.append((fired.at - datetime.fromisoformat(fired.data["due_at"])).total_seconds())
    engine.stop()
    return {"timer_lateness_p99_s": statistics.quantiles(lateness, n=100)[98]}
