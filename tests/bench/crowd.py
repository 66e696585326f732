"""Fills a plant with thousands of open cases by real commands: `python -m tests.bench.crowd FOLDER [CASES]`.

One in seven is a delivery whose sections wait for inspection, some late; the others are faults that wait for the desk.
Look at it then with `CLOSELOOP_DATA_DIR=FOLDER closeloop serve`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

from engine.app import Engine
from engine.commands.start_instance import StartInstance
from engine.config import Settings
from engine.queries import records, tasks
from tests.integration.two_cases import fill_plant, today
from web import shipped
from web.demo.people import BY_NAME
from web.demo.stage import MovedClock

CASES = 10_000
DELIVERIES = 7  # one in so many
_APART = timedelta(seconds=20)


def fill(engine: Engine, clock: MovedClock, cases: int) -> int:
    """Start the cases one after the other, the newest now; return how many tasks are open then."""
    now = clock.at
    kinds = {key: starts(engine, key) for key in ("delivery", "after_sales")}
    for number in range(cases):
        clock.at = now - _APART * (cases - number)
        key = "after_sales" if number % DELIVERIES else "delivery"
        starter, values = next(kinds[key])
        engine.execute(StartInstance(key, BY_NAME[starter].actor, variables=values, from_form=True))
    clock.at = now
    return engine.query(tasks.count_tasks, actor=BY_NAME["admin"].actor).visible


def starts(engine: Engine, key: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield without end who starts the process, and what the start form takes."""
    if key == "after_sales":
        return cycle([("he.lin", _fault(machine)) for machine in _records(engine, "equipment")])
    families = {model["code"]: model["product_family"] for model in _records(engine, "model")}
    day = today(engine.clock())
    return cycle([("lin.xia", _delivery(order, families, day)) for order in _records(engine, "order")])


def _delivery(order: dict[str, Any], families: dict[str, str], day: str) -> dict[str, Any]:
    return {
        "order_number": order["number"],
        "product_family": families[order["model"]],
        "customer_code": order["customer"],
        "serial_numbers": order["serial_numbers"],
        "ready_on": day,
        "urgency": "normal",
        "has_details": False,
    }


def _fault(machine: dict[str, Any]) -> dict[str, Any]:
    return {
        "serial_number": machine["serial_number"],
        "fault_title": "Belt runs off to the left",
        "channel": "telephone",
        "reporter_name": "Chen",
        "reporter_phone": "0757-6555 0103",
    }


def _records(engine: Engine, register: str) -> list[dict[str, Any]]:
    return [dict(row.data) for row in engine.query(records.list_records, type=register, limit=200).items]


def main(folder: str, cases: int = CASES) -> None:
    engine = Engine(Settings(data_dir=Path(folder)))
    engine.prepare()
    shipped.deploy(engine)
    fill_plant(engine)
    clock = MovedClock(engine.clock())
    engine = Engine(engine.settings, clock)
    print(f"open_tasks {fill(engine, clock, cases)}")
    engine.stop()


if __name__ == "__main__":
    main(sys.argv[1], *(int(text) for text in sys.argv[2:]))
