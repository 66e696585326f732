"""A small plant for the tests of the API: models made here, people with tokens, clients that speak JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine.app import Engine
from engine.commands.create_group import CreateGroup
from engine.commands.create_token import CreateToken
from engine.commands.create_user import CreateUser
from engine.config import Settings
from engine.model.actor import SYSTEM
from web.api.tokens import digest, new_token
from web.app import create_app

NAMESPACES = (
    'xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)


def line(key: str, *nodes: str, outside: str = "", name: str = "") -> bytes:
    """Make a diagram of nodes one after the other; a node is XML with `id="…"` first and `{flows}` where flows go."""
    ids = [node.split('id="', 1)[1].split('"', 1)[0] for node in nodes]
    parts = []
    for index, node in enumerate(nodes):
        incoming = f"<bpmn:incoming>f{index}</bpmn:incoming>" if index else ""
        outgoing = f"<bpmn:outgoing>f{index + 1}</bpmn:outgoing>" if index + 1 < len(nodes) else ""
        parts.append(node.replace("{flows}", incoming + outgoing))
    parts += [
        f'<bpmn:sequenceFlow id="f{index}" sourceRef="{source}" targetRef="{target}" />'
        for index, (source, target) in enumerate(pairwise(ids), 1)
    ]
    body = "\n".join(parts)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><bpmn:definitions {NAMESPACES} id="d_{key}" targetNamespace="urn:test">'
        f'{outside}<bpmn:process id="{key}" name="{name or key}" isExecutable="true">{body}</bpmn:process></bpmn:definitions>'
    ).encode()


START = '<bpmn:startEvent id="start">{flows}</bpmn:startEvent>'
END = '<bpmn:endEvent id="end">{flows}</bpmn:endEvent>'


def user_task(id_: str, extensions: str = '<zeebe:assignmentDefinition candidateGroups="quality" />') -> str:
    return (
        f'<bpmn:userTask id="{id_}" name="{id_.title()}"><bpmn:extensionElements><zeebe:userTask />{extensions}'
        "</bpmn:extensionElements>{flows}</bpmn:userTask>"
    )


def service_task(id_: str, type_: str) -> str:
    return (
        f'<bpmn:serviceTask id="{id_}"><bpmn:extensionElements><zeebe:taskDefinition type="{type_}" retries="2" />'
        '<zeebe:taskHeaders><zeebe:header key="colour" value="red" /></zeebe:taskHeaders>'
        "</bpmn:extensionElements>{flows}</bpmn:serviceTask>"
    )


FORM_TASK = user_task(
    "review",
    '<zeebe:assignmentDefinition candidateGroups="quality" /><zeebe:formDefinition formId="review-form" />',
)
TIMER = (
    '<bpmn:intermediateCatchEvent id="pause">{flows}<bpmn:timerEventDefinition>'
    '<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">PT1H</bpmn:timeDuration>'
    "</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
)
CATCH = (
    '<bpmn:intermediateCatchEvent id="paid">{flows}<bpmn:messageEventDefinition messageRef="m_paid" />'
    "</bpmn:intermediateCatchEvent>"
)
SIGNAL_CATCH = (
    '<bpmn:intermediateCatchEvent id="alarm">{flows}<bpmn:signalEventDefinition signalRef="s_alarm" />'
    "</bpmn:intermediateCatchEvent>"
)
PAID = (
    '<bpmn:message id="m_paid" name="paid"><bpmn:extensionElements><zeebe:subscription correlationKey="=order" />'
    "</bpmn:extensionElements></bpmn:message>"
)
ALARM = '<bpmn:signal id="s_alarm" name="alarm" />'

FORM = json.dumps(
    {
        "id": "review-form",
        "type": "default",
        "schemaVersion": 18,
        "components": [
            {"id": "c1", "type": "checkbox", "key": "approved", "label": "Approved"},
            {"id": "c2", "type": "textfield", "key": "note", "label": "Note", "validate": {"required": True}},
        ],
    }
).encode()
REGISTER = json.dumps(
    {
        "id": "customer",
        "type": "default",
        "schemaVersion": 18,
        "properties": {"record:key": "number", "record:title": "=name", "record:name": "Customer"},
        "components": [
            {"id": "r1", "type": "textfield", "key": "number", "label": "Number", "validate": {"required": True}},
            {"id": "r2", "type": "textfield", "key": "name", "label": "Name", "validate": {"required": True}},
        ],
    }
).encode()
TABLE = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="discounts" name="Discounts" namespace="urn:test">
  <decision id="discount" name="Discount"><variable id="v" name="discount" />
    <decisionTable id="t" hitPolicy="UNIQUE">
      <input id="i"><inputExpression id="ie" typeRef="number"><text>amount</text></inputExpression></input>
      <output id="o" name="discount" typeRef="number" />
      <rule id="r1"><inputEntry id="a1"><text>&lt; 100</text></inputEntry><outputEntry id="b1"><text>0</text></outputEntry></rule>
      <rule id="r2"><inputEntry id="a2"><text>&gt;= 100</text></inputEntry><outputEntry id="b2"><text>0.1</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>"""

MODELS = {
    "review.bpmn": line("review_case", START, FORM_TASK, END),
    "open.bpmn": line("open_task", START, user_task("work"), END),
    "work.bpmn": line("machine_work", START, service_task("weld", "weld"), END),
    "pause.bpmn": line("pause_case", START, TIMER, user_task("after"), END),
    "paid.bpmn": line("paid_case", START, CATCH, END, outside=PAID),
    "alarm.bpmn": line("alarm_case", START, SIGNAL_CATCH, END, outside=ALARM),
    "review.form": FORM,
    "customer.form": REGISTER,
    "discount.dmn": TABLE,
}


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Caller:
    """One principal's client."""

    client: FlaskClient
    token: str

    def call(self, method: str, path: str, body: Any = None, **options: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}", **options.pop("headers", {})}
        if body is not None:
            options["json"] = body
        return self.client.open("/api/v1" + path, method=method, headers=headers, **options)

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.call("GET", path, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> TestResponse:
        return self.call("POST", path, body, **options)

    def deploy(self, files: dict[str, bytes]) -> TestResponse:
        parts = [(BytesIO(data), name) for name, data in files.items()]
        return self.call("POST", "/deployments", data={"files": parts}, content_type="multipart/form-data")

    def started(self, key: str, **more: Any) -> dict[str, Any]:
        """Start a case and return it."""
        response = self.post("/instances", {"definition_key": key, **more})
        assert response.status_code == 201, response.text
        return dict(response.json or {})

    def task_of(self, instance: dict[str, Any]) -> dict[str, Any]:
        """Return the one open task of a case."""
        items = (self.get(f"/tasks?instance_id={instance['id']}").json or {})["items"]
        assert len(items) == 1
        return dict(items[0])


class Plant:
    """An engine on SQLite with the models deployed, and people of several roles."""

    def __init__(self, folder: Path) -> None:
        self.clock = Clock()
        self.engine = Engine(
            Settings(data_dir=folder, models_dir=folder, secret_key="k" * 40, time_zone="UTC"), self.clock
        )
        self.engine.prepare()
        for group in ("quality", "desk"):
            self.engine.execute(CreateGroup(group, SYSTEM, group.title()))
        self.app = create_app(self.engine)
        self.admin = self.person("admin", roles=("admin",))
        self.owner = self.person("olga", roles=("owner",))
        self.manager = self.person("mei", roles=("manager",))
        self.inspector = self.person("ivan", groups=("quality",))
        self.colleague = self.person("chen", groups=("quality",))
        self.stranger = self.person("sam", groups=("desk",))

    def person(self, name: str, *, roles: tuple[str, ...] = ("staff",), groups: tuple[str, ...] = ()) -> Caller:
        token = new_token()
        self.engine.execute(CreateUser(name, SYSTEM, roles=roles, groups=groups))
        self.engine.execute(CreateToken(name, digest(token), SYSTEM))
        return Caller(self.app.test_client(use_cookies=False), token)

    def deploy(self) -> None:
        response = self.admin.deploy(MODELS)
        assert response.status_code == 201, response.text


def is_problem(response: TestResponse, status: int) -> bool:
    """Tell whether the answer is a problem document (RFC 9457) of this status."""
    body = response.json
    return (
        response.status_code == status
        and response.content_type == "application/problem+json"
        and body is not None
        and body["status"] == status
        and {"type", "title", "detail", "code"} <= body.keys()
    )
