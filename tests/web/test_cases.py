"""The list of cases and the page of one, over a real engine."""

import io
import json
import re
from html import unescape
from pathlib import Path

import pytest

from engine.commands.add_attachment import AddAttachment
from engine.commands.cancel_instance import CancelInstance
from engine.commands.claim_task import ClaimTask
from engine.commands.complete_task import CompleteTask
from engine.commands.deploy_bundle import DeployBundle
from engine.commands.start_instance import StartInstance
from engine.model.actor import SYSTEM
from engine.queries.instances import get_instance
from engine.queries.path import list_history
from engine.queries.tasks import list_tasks
from engine.queries.work import list_timers
from engine.services.deployment import DeployFile
from tests.web.conftest import actor

STAGED = (Path(__file__).parent / "staged.bpmn").read_bytes()


@pytest.fixture
def staged(engine):
    """Start a case of a process with stages, a deadline, a timer and a gateway that can stand still."""
    engine.execute(DeployBundle(files=(DeployFile("staged.bpmn", STAGED),), actor=SYSTEM))

    def begin(subject="Belt slips", customer="Keda Optics"):
        variables = {"subject": subject, "customer": customer}
        return engine.execute(StartInstance(definition_key="staged", actor=actor("li"), variables=variables)).id

    return begin


@pytest.fixture
def look(engine):
    """Complete the first task of a case."""

    def look(case_id, **variables):
        task = engine.query(list_tasks, actor=actor("root"), instance_id=case_id).items[0]
        engine.execute(ClaimTask(task_id=task.id, actor=actor("chen")))
        engine.execute(CompleteTask(task_id=task.id, actor=actor("chen"), variables=variables))

    return look


@pytest.fixture
def li(sign_in):
    return sign_in("li")


def rows(page):
    return re.findall(r'class="c-title cut" href="/cases/(\w+)">([^<]*)<', page)


def filter_count(page, name):
    found = re.search(
        rf'<span class="cut">{name}</span>(?:<span class="lt">[^<]*</span>)?<span class="n[^"]*">(\d+)', page
    )
    return int(found.group(1)) if found else None


def stage_counts(page):
    return {name: int(n) for n, name in re.findall(r'<b>(\d+)</b><span class="cut">([^<]*)</span>', page)}


def test_the_list_shows_key_subject_customer_and_where_a_case_is(li, staged):
    case_id = staged()
    page = li.get("/cases?process=staged").text
    assert rows(page) == [(case_id, "Belt slips")]
    assert "Keda Optics" in page
    assert "Look</span>" in page


def test_counts_of_the_filters_are_the_numbers_of_rows_behind_them(li, staged, look, start):
    first, second, _ = staged(), staged("Motor hot"), staged("Chain worn")
    look(first, go=True)
    look(second, go=True)
    start()
    everything = li.get("/cases").text
    assert filter_count(everything, "Open") == len(rows(everything)) == 4
    page = li.get("/cases?process=staged").text
    assert filter_count(page, "Staged") == len(rows(page)) == 3
    assert filter_count(page, "All") == 4
    counted = stage_counts(page)
    assert sum(counted.values()) == 3
    for stage, title in (("look", "Looking"), ("wait", "Wait")):
        assert len(rows(li.get(f"/cases?process=staged&stage={stage}").text)) == counted[title]


def test_late_cases_are_counted_and_found(li, engine, clock, staged):
    staged()
    clock.move(hours=2)
    staged("Motor hot")
    page = li.get("/cases?process=staged").text
    assert filter_count(page, "Late") == 1
    assert "1h late" in page
    assert [title for _, title in rows(li.get("/cases?process=staged&late=1").text)] == ["Belt slips"]


def test_search_finds_by_subject_customer_and_key_and_keeps_what_was_typed(li, staged, start):
    staged("Motor hot", "Yuehai")
    start()
    for text in ("motor", "yuehai"):
        page = li.get(f"/cases?q={text}").text
        assert [title for _, title in rows(page)] == ["Motor hot"]
        assert f'value="{text}"' in page
    assert rows(li.get("/cases?q=I-2025").text)
    assert "No case fits these filters" in li.get("/cases?q=nothing-like-this").text


def test_a_long_list_is_paged_without_losing_or_repeating_a_case(li, staged):
    started = {staged(f"Case {n}") for n in range(53)}
    first = li.get("/cases?process=staged").text
    following = unescape(re.search(r'href="([^"]*cursor=[^"]*)"', first).group(1))
    second = li.get(following).text
    seen = [case_id for case_id, _ in rows(first) + rows(second)]
    assert set(seen) == started
    assert len(seen) == 53


def test_an_empty_list_says_what_to_do_next(li):
    page = li.get("/cases").text
    assert "No case is open" in page
    assert 'href="/start"' in page


def test_staff_see_the_cases_of_their_tasks_only(sign_in, staged):
    case_id = staged()
    assert sign_in("chen").get(f"/cases/{case_id}").status_code == 200
    stranger = sign_in("zhao")
    assert stranger.get(f"/cases/{case_id}").status_code == 404
    assert stranger.get(f"/cases/{case_id}/state").status_code == 404
    assert rows(stranger.get("/cases").text) == []


def test_the_page_gives_the_diagram_its_path_tokens_and_visits(li, staged, look):
    case_id = staged()
    state = diagram_of(li, case_id)
    assert [(token["element"], token["state"], token["text"]) for token in state["tokens"]] == [
        ("look", "soon", "1h left")
    ]
    assert state["done"] == ["start"]
    look(case_id, go=True)
    state = diagram_of(li, case_id)
    assert state["done"] == ["start", "look", "way"]
    assert state["flows"] == ["f1", "f2", "f3"]
    assert [token["element"] for token in state["tokens"]] == ["wait"]
    assert state["visits"]["look"] == 1


def test_the_state_answers_304_until_something_changes(li, staged, look):
    case_id = staged()
    first = li.get(f"/cases/{case_id}/state")
    tag = first.headers["ETag"]
    assert li.get(f"/cases/{case_id}/state", headers={"If-None-Match": tag}).status_code == 304
    look(case_id, go=True)
    second = li.get(f"/cases/{case_id}/state", headers={"If-None-Match": tag})
    assert second.status_code == 200
    assert second.json["diagram"]["tokens"][0]["element"] == "wait"
    assert "Wait a day" in second.json["parts"]["under"]


@pytest.mark.parametrize("tab", ["timeline", "variables", "forms", "files", "jobs", "history"])
def test_every_tab_opens_and_its_count_is_the_number_of_its_rows(li, staged, look, tab):
    case_id = staged()
    look(case_id, go=True, note="{{7*7}} <b>bold</b>")
    page = li.get(f"/cases/{case_id}?tab={tab}").text
    count = re.search(rf'tab={tab}"[^>]*>\w+ <span class="n num">(\d+)', page)
    body = page.split("data-scroll")[-1] if "data-scroll" in page else ""
    if tab == "timeline":
        assert body.count('role="row"') == 2
    else:
        unit = {
            "variables": "<tr><td",
            "forms": '<section class="answers"',
            "jobs": "<tr><td",
            "history": "<time",
            "files": "<tr>",
        }[tab]
        assert int(count.group(1)) == body.count(unit)
    assert "<b>bold</b>" not in page


def test_a_manager_reassigns_a_task(li, engine, staged):
    case_id = staged()
    task = engine.query(list_tasks, actor=actor("root"), instance_id=case_id).items[0]
    answer = li.post(f"/cases/{case_id}/assign", {"task_id": task.id, "assignee": "wang"}, follow_redirects=True)
    assert "Wang Jun has the task now." in answer.text
    assert engine.query(list_tasks, actor=actor("root"), instance_id=case_id).items[0].assignee == "wang"


def test_cancelling_asks_a_reason_and_keeps_it(li, engine, staged):
    case_id = staged()
    refused = li.post(f"/cases/{case_id}/cancel", {"reason": "  "}, follow_redirects=True)
    assert "Say why the case is cancelled" in refused.text
    assert state_of(engine, case_id) == "running"
    done = li.post(f"/cases/{case_id}/cancel", {"reason": "Ordered twice"}, follow_redirects=True)
    assert "The case is cancelled." in done.text
    assert state_of(engine, case_id) == "cancelled"
    entries = engine.query(list_history, instance_id=case_id, actor=actor("li")).items
    assert [entry.data["reason"] for entry in entries if entry.kind == "InstanceCancelled"] == ["Ordered twice"]


def test_a_suspended_case_is_resumed(li, engine, staged):
    case_id = staged()
    li.post(f"/cases/{case_id}/suspend")
    assert state_of(engine, case_id) == "suspended"
    assert "Resume" in li.get(f"/cases/{case_id}").text
    li.post(f"/cases/{case_id}/resume")
    assert state_of(engine, case_id) == "running"


def test_a_timer_is_moved_in_the_visitors_time_zone(li, engine, staged, look):
    case_id = staged()
    look(case_id, go=True)
    timer = engine.query(list_timers, actor=actor("li"), instance_id=case_id).items[0]
    given = {"timer_id": timer.id, "due_at": "2025-11-25T10:00", "reason": "Customer is away"}
    li.post(f"/cases/{case_id}/timer", given)
    moved = engine.query(list_timers, actor=actor("li"), instance_id=case_id).items[0]
    assert moved.due_at.isoformat() == "2025-11-25T02:00:00+00:00"


def test_a_case_that_stands_still_says_so_and_is_retried(li, engine, staged, look):
    case_id = staged()
    look(case_id, go=False)
    page = li.get(f"/cases/{case_id}").text
    assert "stands still." in page
    incident = engine.query(get_instance, instance_id=case_id, actor=actor("li")).incidents[0]
    assert f'value="{incident.id}"' in page
    assert "Stands still" in li.get("/cases?process=staged").text
    assert li.post(f"/cases/{case_id}/retry", {"incident_id": incident.id}).status_code == 302


def test_a_case_that_is_over_offers_nothing_to_do(li, engine, staged):
    case_id = staged()
    engine.execute(CancelInstance(instance_id=case_id, actor=actor("li"), reason="Ordered twice"))
    page = li.get(f"/cases/{case_id}").text
    assert "Cancelled" in page
    assert "Intervene" not in page
    assert "data-live" not in page


@pytest.mark.parametrize("act", ["assign", "cancel", "suspend", "resume", "retry", "timer"])
def test_staff_may_not_intervene(sign_in, engine, staged, act):
    case_id = staged()
    chen = sign_in("chen")
    assert "Intervene" not in chen.get(f"/cases/{case_id}").text
    task = engine.query(list_tasks, actor=actor("root"), instance_id=case_id).items[0]
    given = {"task_id": task.id, "assignee": "wang", "reason": "x", "due_at": "2025-11-25T10:00", "timer_id": "1"}
    answer = chen.post(f"/cases/{case_id}/{act}", given)
    assert answer.status_code in (302, 403)
    after = engine.query(list_tasks, actor=actor("root"), instance_id=case_id).items[0]
    assert (state_of(engine, case_id), after.assignee) == ("running", None)


def test_names_are_in_the_language_of_the_page(li, engine, staged):
    staged()
    page = li.get("/cases?process=staged", headers={"Accept-Language": "zh-CN"}).text
    assert "查看" in page


def diagram_of(person, case_id):
    page = person.get(f"/cases/{case_id}").text
    return json.loads(re.search(r'id="case-state">(.*?)</script>', page, re.S).group(1))


def state_of(engine, case_id):
    return engine.query(get_instance, instance_id=case_id, actor=actor("li")).row.state


def test_a_file_is_sent_as_a_download_and_only_through_its_own_case(li, engine, staged):
    own, other = staged(), staged("Motor hot")
    stored = engine.files.put(io.BytesIO(b"<script>alert(1)</script>"), 1 << 20)
    given = {"name": "plate.html", "media_type": "text/html", "size": stored.size, "sha256": stored.sha256}
    attached = engine.execute(AddAttachment(instance_id=own, task_id=None, field=None, actor=actor("li"), **given))
    assert "plate.html" in li.get(f"/cases/{own}?tab=files").text
    answer = li.get(f"/cases/{own}/files/{attached.id}")
    assert answer.data == b"<script>alert(1)</script>"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert li.get(f"/cases/{other}/files/{attached.id}").status_code == 404


def test_an_act_on_one_case_reaches_nothing_of_another(li, engine, staged, look):
    own, other = staged(), staged("Motor hot")
    look(other, go=True)
    task = engine.query(list_tasks, actor=actor("root"), instance_id=own).items[0]
    timer = engine.query(list_timers, actor=actor("li"), instance_id=other).items[0]
    li.post(f"/cases/{other}/assign", {"task_id": task.id, "assignee": "wang"})
    assert engine.query(list_tasks, actor=actor("root"), instance_id=own).items[0].assignee is None
    li.post(f"/cases/{own}/timer", {"timer_id": timer.id, "due_at": "2025-11-25T10:00", "reason": "x"})
    assert engine.query(list_timers, actor=actor("li"), instance_id=other).items[0].due_at == timer.due_at
