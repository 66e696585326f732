"""Every address that changes something: who is not meant is refused, whatever the address looks like."""

import pytest

from engine.commands.claim_task import ClaimTask
from engine.queries.instances import get_instance
from engine.queries.tasks import get_task, list_tasks
from tests.web.conftest import actor

OPEN_TO_ALL = {"auth.sign_in", "auth.sign_out", "profile.set_display", "profile.set_password", "tasks.claim_many"}


def changing(app) -> list[tuple[str, str]]:
    """List endpoint and path of every page that changes something."""
    return [
        (rule.endpoint, rule.rule)
        for rule in app.url_map.iter_rules()
        if "POST" in rule.methods and not rule.endpoint.startswith("api")
    ]


@pytest.fixture
def theirs(engine, start):
    """Give a task and a case that only quality may know of."""
    case = start()
    task = engine.query(list_tasks, actor=actor("root"), instance_id=case).items[0]
    engine.execute(ClaimTask(task_id=task.id, actor=actor("chen")))
    return {"task_id": task.id, "case_id": case}


def filled(app, endpoint: str, values: dict[str, str]) -> str:
    rule = next(rule for rule in app.url_map.iter_rules() if rule.endpoint == endpoint and "POST" in rule.methods)
    arguments = {name: values.get(name, "1") for name in rule.arguments}
    return rule.build(arguments, append_unknown=False)[1]


def test_every_change_asks_for_the_forms_token(app, chen, theirs):
    accepted = [
        endpoint
        for endpoint, _ in changing(app)
        if chen.client.post(filled(app, endpoint, theirs), data={}).status_code != 400
    ]
    assert accepted == []


def test_a_stranger_changes_nothing(app, client, theirs):
    for endpoint, _ in changing(app):
        if endpoint not in ("auth.sign_in", "auth.sign_out"):
            assert client.post(filled(app, endpoint, theirs), data={}).status_code == 401, endpoint


def test_a_colleague_of_another_post_gets_nothing_by_ids(app, engine, sign_in, theirs):
    zhao = sign_in("zhao")
    before = engine.query(get_task, task_id=theirs["task_id"], actor=actor("root"))
    for endpoint, _ in changing(app):
        if endpoint in OPEN_TO_ALL:
            continue
        answer = zhao.post(
            filled(app, endpoint, theirs), {"task_id": theirs["task_id"], "assignee": "zhao", "reason": "mine"}
        )
        assert answer.status_code >= 400 or endpoint.startswith("start."), (endpoint, answer.status_code)
    assert engine.query(get_task, task_id=theirs["task_id"], actor=actor("root")) == before
    case = engine.query(get_instance, instance_id=theirs["case_id"], actor=actor("root"))
    assert case.row.state == "running"


def test_choosing_others_tasks_in_the_list_claims_none(engine, sign_in, start):
    task = engine.query(list_tasks, actor=actor("root"), instance_id=start()).items[0]
    sign_in("zhao").post("/tasks/claim", [("task", task.id)])
    assert engine.query(get_task, task_id=task.id, actor=actor("root")).assignee is None


@pytest.mark.parametrize(
    "shape", ["/tasks/{}/", "//tasks/{}", "/tasks/{};x", "/TASKS/{}", "/inbox/../tasks/{}", "/tasks/{}%2e"]
)
def test_odd_spellings_of_an_address_open_nothing_more(sign_in, client, theirs, shape):
    path = shape.format(theirs["task_id"])
    assert sign_in("zhao").get(path).status_code in (404, 308)
    assert client.get(path).status_code in (302, 404, 308)


@pytest.mark.parametrize("name", ["zhao", "owen"])
def test_only_managers_step_into_cases(engine, sign_in, theirs, name):
    person = sign_in(name)
    for act in ("cancel", "suspend", "resume", "assign", "retry", "timer"):
        answer = person.post(f"/cases/{theirs['case_id']}/{act}", {"reason": "because"})
        assert answer.status_code in (403, 404), act
    case = engine.query(get_instance, instance_id=theirs["case_id"], actor=actor("root"))
    assert case.row.state == "running"
