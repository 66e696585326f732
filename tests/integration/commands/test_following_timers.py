"""Timers whose owner asked that they follow their variables: the row moves, the scheduler wakes by it."""

from datetime import UTC, datetime

import pytest

from engine.commands.complete_task import CompleteTask
from engine.commands.start_instance import StartInstance
from engine.queries.instances import get_instance
from engine.queries.work import list_timers
from tests.factories import Plant, assigned, deploy, diagram, flow, zeebe


def waits(value: str) -> str:
    follows = zeebe(f'<zeebe:properties><zeebe:property name="timer:follows" value="{value}"/></zeebe:properties>')
    return diagram(
        f'<bpmn:startEvent id="s"/><bpmn:parallelGateway id="g"/><bpmn:userTask id="u">{assigned("quality")}'
        f'</bpmn:userTask><bpmn:intermediateCatchEvent id="t">{follows}<bpmn:timerEventDefinition><bpmn:timeDuration>=span'
        '</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent><bpmn:endEvent id="e"/>'
        + flow("s", "g") + flow("g", "u") + flow("g", "t") + flow("t", "e")
    )  # fmt: skip


@pytest.mark.parametrize(("value", "due_hour"), [("variables", 9), ("", 12)])
def test_a_changed_variable_moves_the_row_only_where_it_was_asked(plant: Plant, value: str, due_hour: int) -> None:
    deploy(plant.engine, ("p.bpmn", waits(value)))
    case = plant.engine.execute(StartInstance("p", plant["root"], variables={"span": "PT4H"}))
    plant.engine.execute(CompleteTask(case.task_ids[0], plant["root"], {"span": "PT1H"}))
    (timer,) = plant.engine.query(list_timers, actor=plant["chief"]).items
    assert timer.due_at == datetime(2026, 1, 31, due_hour, tzinfo=UTC)
    plant.clock.move(hours=2)
    plant.engine.scheduler.run_due()
    state = plant.engine.query(get_instance, instance_id=case.id, actor=plant["chief"]).row.state
    assert state == ("completed" if value else "running")
