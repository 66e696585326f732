import re

import pytest

from engine.commands.claim_task import ClaimTask
from engine.commands.complete_task import CompleteTask
from engine.queries.instances import get_instance
from engine.queries.tasks import get_task, list_tasks
from tests.web.conftest import actor

GOOD = {"f.fault": "Limit switch", "f.hours": "2.5", "f.remark": "", "f.fix": "site"}


@pytest.fixture
def task(engine, start):
    """Give an open, unclaimed task “Inspect”."""
    return engine.query(list_tasks, actor=actor("root"), instance_id=start()).items[0]


@pytest.fixture
def mine(engine, task):
    """Give the same, claimed by chen."""
    engine.execute(ClaimTask(task_id=task.id, actor=actor("chen")))
    return engine.query(get_task, task_id=task.id, actor=actor("chen"))


def test_an_unclaimed_task_shows_its_form_read_only_and_the_claim(chen, task):
    page = chen.get(f"/tasks/{task.id}").text
    assert "Fault class" in page
    assert f'action="/tasks/{task.id}/claim"' in page
    assert "data-complete" not in page
    assert "Nobody works on this task yet." in page


def test_claiming_makes_the_task_mine(chen, engine, task):
    assert chen.post(f"/tasks/{task.id}/claim").location == f"/tasks/{task.id}"
    assert engine.query(get_task, task_id=task.id, actor=actor("chen")).assignee == "chen"
    page = chen.get(f"/tasks/{task.id}").text
    assert "data-complete" in page
    assert f'action="/tasks/{task.id}/claim"' not in page


def test_a_task_claimed_by_someone_faster_says_whose_it_is(chen, engine, task):
    engine.execute(ClaimTask(task_id=task.id, actor=actor("wang")))
    answer = chen.post(f"/tasks/{task.id}/claim", follow_redirects=True)
    assert "Wang Jun has already claimed this task." in answer.text
    assert "Wang Jun works on this task." in answer.text
    assert "data-complete" not in answer.text


def test_a_released_task_is_free_again(chen, engine, mine):
    assert chen.post(f"/tasks/{mine.id}/release").location == "/inbox"
    assert engine.query(get_task, task_id=mine.id, actor=actor("chen")).assignee is None


def test_a_task_is_assigned_to_a_colleague(chen, engine, mine):
    answer = chen.post(f"/tasks/{mine.id}/assign", {"assignee": "wang"}, follow_redirects=True)
    assert "Wang Jun has the task now." in answer.text
    assert engine.query(get_task, task_id=mine.id, actor=actor("wang")).assignee == "wang"


def test_nobody_is_no_assignee(chen, engine, mine):
    answer = chen.post(f"/tasks/{mine.id}/assign", {"assignee": "nobody"}, follow_redirects=True)
    assert "Choose a person; nothing was changed." in answer.text
    assert engine.query(get_task, task_id=mine.id, actor=actor("chen")).assignee == "chen"


def test_a_completed_task_is_said_and_the_next_one_offered(chen, engine, mine):
    answer = chen.post(f"/tasks/{mine.id}/complete", GOOD | {"revision": str(mine.revision)}, follow_redirects=True)
    assert answer.status_code == 200
    assert "“Inspect” is completed." in answer.text
    assert '<h1 class="cut" title="Pack">Pack</h1>' in answer.text
    case = engine.query(get_instance, instance_id=mine.instance_id, actor=actor("root"))
    assert case.variables["fault"] == "Limit switch"
    assert case.variables["hours"] == 2.5


def test_wrong_values_come_back_with_a_message_each_and_nothing_lost(chen, engine, mine):
    wrong = GOOD | {
        "f.fault": "",
        "f.hours": "<many>",
        "f.remark": 'Cam & "belt" worn\nleft',
        "revision": str(mine.revision),
    }
    answer = chen.post(f"/tasks/{mine.id}/complete", wrong)
    assert answer.status_code == 422
    assert "Please fill this in." in answer.text
    assert "Please give a number" in answer.text
    assert "&lt;many&gt;" in answer.text
    assert "Cam &amp; &#34;belt&#34; worn\nleft" in answer.text
    assert re.search(r'<option value="site"[^>]* selected', answer.text)
    assert engine.query(get_task, task_id=mine.id, actor=actor("chen")).state == "open"


def test_a_template_in_a_value_stays_text(chen, engine, mine):
    chen.post(f"/tasks/{mine.id}/complete", GOOD | {"f.fault": "={{7*7}}${7*7}", "revision": str(mine.revision)})
    case = engine.query(get_instance, instance_id=mine.instance_id, actor=actor("root"))
    assert case.variables["fault"] == "={{7*7}}${7*7}"


def test_two_who_complete_the_same_task_see_both_answers(chen, engine, mine, clock):
    engine.execute(
        CompleteTask(
            task_id=mine.id, actor=actor("root"), variables={"fault": "Encoder", "hours": 2.5, "fix": "remote"}
        )
    )
    clock.move(minutes=2)
    answer = chen.post(f"/tasks/{mine.id}/complete", GOOD | {"revision": str(mine.revision)})
    assert answer.status_code == 409
    assert "Root completed this task 2 min before you." in answer.text
    assert "2 of yours differ" in answer.text
    cells = re.findall(r'<tr( class="differs")?><td class="mid">([^<]+)</td><td>([^<]*)</td><td>([^<]*)', answer.text)
    assert cells == [
        (' class="differs"', "Fault class", "Encoder", "Limit switch"),
        ("", "Estimated hours", "2.5", "2.5"),
        (' class="differs"', "Fix", "Remote", "On site"),
    ]
    assert "Fault class: Limit switch" in answer.text
    case = engine.query(get_instance, instance_id=mine.instance_id, actor=actor("root"))
    assert case.variables["fault"] == "Encoder"


def test_a_task_taken_over_keeps_what_was_typed(chen, engine, mine, sign_in):
    sign_in("li").post(f"/tasks/{mine.id}/assign", {"assignee": "wang"})
    answer = chen.post(f"/tasks/{mine.id}/complete", GOOD | {"revision": str(mine.revision)})
    assert answer.status_code == 409
    assert "Wang Jun works on this task now." in answer.text
    assert "Limit switch" in answer.text
    assert engine.query(get_task, task_id=mine.id, actor=actor("wang")).state == "open"


def test_a_form_that_stood_open_while_the_task_changed_hands_twice_is_shown_again(chen, engine, mine):
    stale = GOOD | {"revision": str(mine.revision)}
    chen.post(f"/tasks/{mine.id}/release")
    chen.post(f"/tasks/{mine.id}/claim")
    answer = chen.post(f"/tasks/{mine.id}/complete", stale)
    assert answer.status_code == 409
    assert "Someone else changed this meanwhile" in answer.text
    assert 'value="Limit switch"' in answer.text
    revision = re.search(r'name="revision" value="(\d+)"', answer.text).group(1)
    assert chen.post(f"/tasks/{mine.id}/complete", GOOD | {"revision": revision}).status_code == 302


def test_completing_before_claiming_is_refused_with_all_that_was_typed(chen, engine, task):
    answer = chen.post(f"/tasks/{task.id}/complete", GOOD | {"revision": str(task.revision)})
    assert answer.status_code == 409
    assert "Claim the task before you complete it." in answer.text
    assert 'value="Limit switch"' in answer.text
    assert engine.query(get_task, task_id=task.id, actor=actor("chen")).state == "open"


def test_a_completed_task_says_who_and_when(chen, engine, mine):
    chen.post(f"/tasks/{mine.id}/complete", GOOD | {"revision": str(mine.revision)})
    page = chen.get(f"/tasks/{mine.id}").text
    assert "Completed by Chen Wei, 14:02." in page
    assert f'href="/cases/{mine.instance_id}"' in page
    assert "data-complete" not in page
    assert 'value="Limit switch"' in page


@pytest.fixture
def pack(chen, engine, mine):
    """Give a task without a form, claimed by chen."""
    chen.post(f"/tasks/{mine.id}/complete", GOOD | {"revision": str(mine.revision)})
    found = engine.query(list_tasks, actor=actor("chen"), instance_id=mine.instance_id).items[0]
    engine.execute(ClaimTask(task_id=found.id, actor=actor("chen")))
    return engine.query(get_task, task_id=found.id, actor=actor("chen"))


def test_a_task_without_form_takes_names_and_values(chen, engine, pack):
    page = chen.get(f"/tasks/{pack.id}").text
    assert 'name="name" value="fault"' in page
    answer = chen.post(
        f"/tasks/{pack.id}/complete",
        [("name", "fault"), ("value", "Limit switch"), ("name", "boxes"), ("value", "3"), ("name", "sealed"),
         ("value", "true"), ("name", "note"), ("value", "{not json"), ("name", ""), ("value", ""),
         ("revision", str(pack.revision))],
    )  # fmt: skip
    assert answer.status_code == 302
    case = engine.query(get_instance, instance_id=pack.instance_id, actor=actor("root"))
    assert case.row.state == "completed"
    assert {key: case.variables[key] for key in ("boxes", "sealed", "note")} == {
        "boxes": 3,
        "sealed": True,
        "note": "{not json",
    }


def test_a_value_without_a_name_is_refused_and_kept(chen, pack):
    answer = chen.post(f"/tasks/{pack.id}/complete", [("name", ""), ("value", "lost?"), ("revision", "1")])
    assert answer.status_code == 422
    assert "“lost?” has no name." in answer.text
    assert 'value="lost?"' in answer.text


def test_beside_the_form_stand_case_and_history(chen, mine):
    page = chen.get(f"/tasks/{mine.id}").text
    assert "<b>Chen Wei</b> claimed <b>Inspect</b>" in page
    assert "<b>Li Na</b> started the case" in page
    assert f'data-model="/processes/inspection/versions/{mine.definition_version}/xml"' in page
    assert 'data-here="inspect"' in page


@pytest.mark.parametrize("act", ["", "/claim", "/release", "/assign", "/complete"])
def test_a_task_of_another_group_does_not_exist_for_me(sign_in, engine, task, act):
    zhao = sign_in("zhao")
    path = f"/tasks/{task.id}{act}"
    answer = zhao.post(path, {"assignee": "zhao"}) if act else zhao.get(path)
    assert answer.status_code == 404
    assert engine.query(get_task, task_id=task.id, actor=actor("chen")).assignee is None


def test_an_unknown_task_is_answered_with_a_page(chen):
    answer = chen.get("/tasks/nothing")
    assert answer.status_code == 404
    assert "There is no task “nothing”." in answer.text


def test_the_page_speaks_chinese(chen, mine):
    chen.post("/profile/display", {"locale": "zh_Hans"})
    page = chen.get(f"/tasks/{mine.id}").text
    assert "故障类别" in page
    assert "完成" in page
    answer = chen.post(f"/tasks/{mine.id}/complete", GOOD | {"f.fault": "", "revision": str(mine.revision)})
    assert "请填写" in answer.text
