"""User tasks completed through `Engine.execute`, durably, on SQLite with `synchronous=FULL`."""

from __future__ import annotations

import time
from itertools import pairwise
from pathlib import Path

from engine.commands.complete_task import CompleteTask
from engine.commands.start_instance import StartInstance
from engine.model.actor import SYSTEM
from tests.factories import assigned, deploy, diagram, flow, make_engine

STEPS = 12
CASES = 60


def chain(length: int) -> str:
    """Draw a process of so many user tasks in a row."""
    names = [f"step_{number}" for number in range(length)]
    tasks = "".join(f'<bpmn:userTask id="{name}">{assigned("quality")}</bpmn:userTask>' for name in names)
    stations = ["start", *names, "end"]
    flows = "".join(flow(*pair) for pair in pairwise(stations))
    return diagram(f'<bpmn:startEvent id="start"/>{tasks}<bpmn:endEvent id="end"/>{flows}', key="chain")


def measure(folder: Path) -> dict[str, float]:
    """Return `completions_per_s` of one thread, starts not counted."""
    engine = make_engine(folder)
    deploy(engine, ("chain.bpmn", chain(STEPS)))
    spent, completed = 0.0, 0
    for number in range(CASES + 3):
        task_ids = engine.execute(StartInstance("chain", SYSTEM, variables={"customer": "Hengli"})).task_ids
        began = time.perf_counter()
        while task_ids:
            task_ids = engine.execute(CompleteTask(task_ids[0], SYSTEM, {"result": number})).next_task_ids
        if number >= 3:  # the first cases warm the caches
            spent += time.perf_counter() - began
            completed += STEPS
    engine.stop()
    return {"completions_per_s": completed / spent}
