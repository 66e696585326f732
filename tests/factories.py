"""Makes what tests need: an engine on a database of their own, a clock to move, small diagrams, people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from engine.app import Engine
from engine.commands.create_group import CreateGroup
from engine.commands.create_user import CreateUser
from engine.commands.deploy_bundle import DeployBundle, Deployment
from engine.config import Settings
from engine.model.actor import SYSTEM, Actor
from engine.queries import people
from engine.services.deployment import DeployFile

START = datetime(2026, 1, 31, 8, 0, tzinfo=UTC)


@dataclass
class MovedClock:
    """A clock that stands until it is moved."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def move(self, **span: float) -> datetime:
        self.now += timedelta(**span)
        return self.now


def make_engine(folder: Path, clock: MovedClock | None = None, url: str = "", **settings: Any) -> Engine:
    """Make an engine on a fresh database below `folder`, or the one that is there; its scheduler is not started."""
    engine = Engine(Settings(data_dir=folder, database_url=url, **settings), clock or MovedClock())
    engine.prepare()
    return engine


def make_user(engine: Engine, name: str, *, groups: Sequence[str] = (), roles: Sequence[str] = ("staff",)) -> Actor:
    """Create a user with its groups and return it as actor."""
    for group in groups:
        engine.execute(CreateGroup(group, SYSTEM, group.title()))
    engine.execute(CreateUser(name, SYSTEM, groups=tuple(groups), roles=tuple(roles)))
    user = engine.query(people.get_user, name=name)
    return user.actor


def deploy(engine: Engine, *files: tuple[str, bytes | str], actor: Actor = SYSTEM) -> Deployment:
    """Deploy files given as (name, content)."""
    return engine.execute(
        DeployBundle(
            tuple(DeployFile(name, data.encode() if isinstance(data, str) else data) for name, data in files), actor
        )
    )


HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'id="definitions" targetNamespace="https://closeloop.example">'
)


def zeebe(*elements: str) -> str:
    """Wrap zeebe elements as extension elements."""
    return f"<bpmn:extensionElements>{''.join(elements)}</bpmn:extensionElements>"


def assigned(groups: str = "", assignee: str = "", form: str = "", due: str = "") -> str:
    """Make the extension elements of a user task."""
    parts = []
    if form:
        parts.append(f'<zeebe:formDefinition formId="{form}"/>')
    if groups or assignee:
        parts.append(f'<zeebe:assignmentDefinition candidateGroups="{groups}" assignee="{assignee}"/>')
    if due:
        parts.append(f'<zeebe:taskSchedule dueDate="{due}"/>')
    return zeebe(*parts)


def flow(source: str, target: str, condition: str = "", flow_id: str = "") -> str:
    """Draw a sequence flow."""
    inner = (
        f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{condition}</bpmn:conditionExpression>'
        if condition
        else ""
    )
    name = flow_id or f"f_{source}_{target}"
    return f'<bpmn:sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}">{inner}</bpmn:sequenceFlow>'


def diagram(body: str, *, key: str = "p", outside: str = "") -> str:
    """Make a BPMN file with one executable process; `outside` stands beside it (messages, errors)."""
    return (
        f'{HEAD}{outside}<bpmn:process id="{key}" name="{key}" isExecutable="true">{body}'
        "</bpmn:process></bpmn:definitions>"
    )


def one_task(key: str = "p", *, groups: str = "quality", form: str = "") -> str:
    """Make a process with a start, a user task “check” and an end."""
    return diagram(
        '<bpmn:startEvent id="start"/>'
        f'<bpmn:userTask id="check" name="Check">{assigned(groups, form=form)}</bpmn:userTask>'
        '<bpmn:endEvent id="end"/>' + flow("start", "check") + flow("check", "end"),
        key=key,
    )


@dataclass(frozen=True)
class Plant:
    """An engine with people of three kinds, and a clock."""

    engine: Engine
    clock: MovedClock
    people: Mapping[str, Actor] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Actor:
        return self.people[name]


def make_plant(folder: Path, url: str = "") -> Plant:
    """Make an engine with `li` and `wang` (quality), `zhao` (sales), `chief` (manager) and `root` (admin)."""
    clock = MovedClock()
    engine = make_engine(folder, clock, url)
    actors = {
        "li": make_user(engine, "li", groups=["quality"]),
        "wang": make_user(engine, "wang", groups=["quality"]),
        "zhao": make_user(engine, "zhao", groups=["sales"]),
        "chief": make_user(engine, "chief", roles=["manager"]),
        "root": make_user(engine, "root", roles=["admin"]),
    }
    return Plant(engine, clock, actors)
