"""Plays a case through the REST API, as the people of its posts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from engine.app import Engine
from engine.commands.create_token import CreateToken
from engine.model.actor import SYSTEM
from tests.integration.two_cases import Case, Step
from web.api.tokens import digest, new_token
from web.demo.pictures import picture

Answer = tuple[int, Any]


class Api(Protocol):
    """A client of the API that may act as any person."""

    def call(self, person: str, method: str, path: str, body: Any = None, **options: Any) -> Answer: ...

    def upload(self, person: str, path: str, name: str, data: bytes) -> Answer: ...


def make_tokens(engine: Engine, names: Iterable[str]) -> dict[str, str]:
    tokens = {name: new_token() for name in names}
    for name, token in tokens.items():
        engine.execute(CreateToken(name, digest(token), SYSTEM))
    return tokens


@dataclass
class Player:
    """Plays one case; what time and waiting are, is for those to say who know the server."""

    api: Api
    case: Case
    id: str = ""
    done: list[str] = field(default_factory=list)
    last: tuple[str, str, Any, dict[str, str], Any] | None = None
    """The last completion: person, path, body, headers and the answer to it."""

    def now(self) -> datetime:
        raise NotImplementedError

    def settle(self) -> None:
        """Wait until the work that was just caused is done."""
        raise NotImplementedError

    def pass_time(self, element: str) -> None:
        """Let the time of the timer at this element pass."""
        raise NotImplementedError

    def start(self) -> None:
        answer = self.ok(
            self.case.starter,
            "POST",
            "/instances",
            {"definition_key": self.case.definition_key, "variables": dict(self.case.start)},
            status=201,
        )
        self.id = answer["id"]
        self.settle()

    def play(self, step: Step) -> None:
        """Do one step: claim the task, answer its form, complete it."""
        if step.timer:
            self.pass_time(step.timer)
        task = self.task(step)
        if task["assignee"] != step.person:
            self.ok(step.person, "POST", f"/tasks/{task['id']}/claim")
        answer = self.complete(step.person, task["id"], self.answers(step, task["id"]))
        self.done.append(task["id"])
        assert answer["instance_id"] == self.id
        self.settle()

    def answers(self, step: Step, task_id: str) -> dict[str, Any]:
        """Return what the step's person answers, the pictures sent already."""
        seen = self.ok(step.person, "GET", f"/tasks/{task_id}/form")["data"]
        return self.with_photos(step.person, task_id, step.values(self.now(), seen))

    def complete(self, person: str, task_id: str, values: Mapping[str, Any]) -> Any:
        path, body, headers = (
            f"/tasks/{task_id}/complete",
            {"variables": values},
            {"Idempotency-Key": f"done-{task_id}"},
        )
        answer = self.ok(person, "POST", path, body, headers=headers)
        self.last = (person, path, body, headers, answer)
        return answer

    def task(self, step: Step) -> dict[str, Any]:
        """Return the open task of the step, as its person sees it."""
        found = [task for task in self.open_tasks(step.person) if task["element_id"] == step.element]
        if step.section:
            found = [task for task in found if self.section(step.person, task["id"]) == step.section]
        assert len(found) == 1, (step, found)
        return found[0]

    def open_tasks(self, person: str) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.ok(person, "GET", f"/tasks?instance_id={self.id}&limit=200")["items"]
        return items

    def section(self, person: str, task_id: str) -> str:
        data = self.ok(person, "GET", f"/tasks/{task_id}/form")["data"]
        return str(data["section"]["section_key"])

    def instance(self) -> dict[str, Any]:
        answer: dict[str, Any] = self.ok("admin", "GET", f"/instances/{self.id}")
        return answer

    def history(self) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = []
        cursor = ""
        while cursor is not None:
            page = self.ok("admin", "GET", f"/instances/{self.id}/history?limit=200{cursor and f'&cursor={cursor}'}")
            entries += page["items"]
            cursor = page["next"]
        return entries

    def ok(self, person: str, method: str, path: str, body: Any = None, *, status: int = 200, **options: Any) -> Any:
        found, answer = self.api.call(person, method, path, body, **options)
        assert found == status, (person, method, path, found, answer)
        return answer

    def with_photos(self, person: str, task_id: str, values: Mapping[str, Any]) -> dict[str, Any]:
        """Send a picture for every `photo:<name>` and put its id there."""

        def placed(value: Any) -> Any:
            if isinstance(value, str) and value.startswith("photo:"):
                path = f"/tasks/{task_id}/attachments"
                status, answer = self.api.upload(person, path, f"{value[6:]}.png", picture(value).read())
                assert status == 201, answer
                return answer["id"]
            if isinstance(value, list):
                return [placed(one) for one in value]
            return {key: placed(one) for key, one in value.items()} if isinstance(value, dict) else value

        return {field: placed(value) for field, value in values.items()}
