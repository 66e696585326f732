"""The demo plant: forty cases made by the engine itself, at whatever hour it is made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from engine.app import Engine
from engine.config import Settings
from engine.model import history
from engine.model.actor import SYSTEM
from engine.queries import instances, path, people, records, work
from engine.queries.instances import InstanceRow
from web import demo, shipped

SHANGHAI = ZoneInfo("Asia/Shanghai")
EVENING = datetime(2026, 1, 9, 19, 40, tzinfo=SHANGHAI)  # its story began in the year before
NIGHT = datetime(2026, 6, 14, 3, 20, tzinfo=SHANGHAI)  # a Sunday


def make(folder: Path, now: datetime) -> Engine:
    engine = Engine(Settings(data_dir=folder), lambda: now)
    engine.prepare()
    shipped.deploy(engine)
    return engine


@pytest.fixture(scope="module", params=[EVENING, NIGHT], ids=["evening", "night"])
def plant(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    engine = make(tmp_path_factory.mktemp("demo"), request.param.astimezone(UTC))
    assert demo.fill(engine) == 40
    yield engine
    engine.stop()


def cases(engine: Engine) -> tuple[InstanceRow, ...]:
    return engine.query(instances.list_instances, actor=SYSTEM, limit=200).items


def test_every_stage_of_both_loops_has_a_case(plant: Engine) -> None:
    running = [case for case in cases(plant) if case.state == "running"]
    active = {element for case in running for element in case.active_elements}
    assert active >= {
        *("confirm_details", "inspect", "rework", "acceptance_day", "record_answer", "take_over", "settle_points"),
        *("release", "contact_customer", "register", "first_contact", "late_contact", "diagnose", "hold_consultation"),
        *("quote", "approve_quotation", "book_visit", "repair", "receive_machine", "check_quality", "revisit_day"),
        *("ask_satisfaction", "decide_closing"),
    }
    assert Counter(case.definition_key for case in cases(plant)) == {"after_sales": 25, "delivery": 15}
    assert Counter(case.state for case in cases(plant)) == {"running": 28, "completed": 12}


def test_some_cases_are_late_and_most_are_not(plant: Engine) -> None:
    figures = plant.query(work.count_work, now=plant.clock())
    assert 3 <= figures["late_tasks"] <= 12
    assert figures["open_tasks"] >= 2 * figures["late_tasks"]


def test_nothing_is_left_undone_at_the_end_of_the_story(plant: Engine) -> None:
    figures = plant.query(work.count_work, now=plant.clock())
    assert (figures["due_timers"], figures["open_jobs"], figures["open_incidents"]) == (0, 0, 0)
    assert figures["armed_timers"] > 0


def test_there_are_eighty_machines_and_thirty_customers(plant: Engine) -> None:
    counts = {register.type: count for register, count in plant.query(records.list_record_types)}
    assert counts["equipment"] == 80
    assert counts["customer"] == 30
    assert counts["model"] >= 10


def test_a_delivered_order_has_made_its_machines_files(plant: Engine) -> None:
    case = next(case for case in cases(plant) if case.definition_key == "delivery" and case.state == "completed")
    variables = plant.query(instances.get_instance, instance_id=case.id, actor=SYSTEM).variables
    for serial in variables["machines"]:
        file = plant.query(records.get_record, type="equipment", key=serial).data
        assert file["acceptance_sheet"] == variables["acceptance_sheet"]
        assert file["warranty_start"] == variables["shipment"]["shipped_on"]
        assert file["warranty_until"] > file["warranty_start"]


def test_one_case_was_reopened_and_one_reopened_twice(plant: Engine) -> None:
    views = [plant.query(instances.get_instance, instance_id=case.id, actor=SYSTEM) for case in cases(plant)]
    reopened = Counter(view.variables.get("reopened") for view in views if view.row.definition_key == "after_sales")
    assert reopened[1] == 2
    assert reopened[2] == 1


def test_history_is_in_the_order_of_time_and_within_the_last_weeks(plant: Engine) -> None:
    begin = plant.clock() - timedelta(days=24)
    for case in cases(plant):
        moments = [entry.at for entry in whole_history(plant, case.id)]
        assert moments == sorted(moments)
        assert begin < moments[0]
        assert moments[-1] <= plant.clock()


def test_a_timer_fired_at_the_instant_it_was_due(plant: Engine) -> None:
    fired = [
        entry for case in cases(plant) for entry in whole_history(plant, case.id) if entry.kind == history.TIMER_FIRED
    ]
    assert len({entry.element_id for entry in fired}) >= 5
    for entry in fired:
        due = datetime.fromisoformat(entry.data["due_at"])
        assert timedelta() <= entry.at - due < timedelta(seconds=1)


def test_people_act_in_working_hours(plant: Engine) -> None:
    hours = [
        entry.at.astimezone(SHANGHAI).hour
        for case in cases(plant)
        for entry in whole_history(plant, case.id)
        if entry.kind == history.TASK_COMPLETED and case.definition_key == "delivery"
    ]
    awake = [hour for hour in hours if 8 <= hour < 20]
    assert len(awake) == len(hours) > 100


def test_filling_again_adds_nothing(plant: Engine) -> None:
    before = len(cases(plant))
    assert demo.fill(plant) == 0
    assert len(cases(plant)) == before
    assert len(plant.query(people.list_users)) == len(demo.PEOPLE)


def test_the_public_password_is_noticed_until_everybody_has_another(plant: Engine) -> None:
    assert demo.password_is_known(plant)


def test_the_story_is_the_same_every_time(plant: Engine, tmp_path: Path) -> None:
    if plant.clock() != EVENING:
        pytest.skip("one comparison is enough")
    again = make(tmp_path, plant.clock())
    demo.fill(again)
    assert told(again) == told(plant)
    again.stop()


def test_an_interrupted_filling_is_noticed(tmp_path: Path) -> None:
    engine = make(tmp_path, EVENING.astimezone(UTC))

    def interrupt(done: int, total: int) -> None:
        if done > total // 10:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        demo.fill(engine, interrupt)
    with pytest.raises(demo.HalfMade, match="Remove"):
        demo.fill(engine)
    engine.stop()


def told(engine: Engine) -> list[tuple[str | None, str, str, datetime]]:
    return sorted((case.business_key, case.subject, case.customer, case.started_at) for case in cases(engine))


def whole_history(engine: Engine, case_id: str) -> list[history.HistoryEntry]:
    entries: list[history.HistoryEntry] = []
    cursor = None
    while True:
        page = engine.query(path.list_history, instance_id=case_id, actor=SYSTEM, limit=200, cursor=cursor)
        entries.extend(page.items)
        cursor = page.next
        if cursor is None:
            return entries
