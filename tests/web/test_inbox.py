import re

import pytest

from engine.commands.claim_task import ClaimTask
from engine.queries.tasks import list_tasks
from tests.web.conftest import actor


def rows(page: str) -> list[str]:
    return re.findall(r'<li class="li" data-id="([^"]+)"', page)


def filters(page: str) -> dict[str, tuple[int, int]]:
    """Read each filter's count and late count."""
    lines = re.findall(
        r'<span class="cut">([^<]+)</span>(?:<span class="lt">(\d+) late</span>)?<span class="n">(\d*)</span>', page
    )
    return {text: (int(count or 0), int(late or 0)) for text, late, count in lines}


def bands(page: str) -> list[tuple[str, str]]:
    return re.findall(r'<h2 class="band">([^<]+)<span class="n">(\d+)</span>', page)


@pytest.fixture
def task_of(engine):
    def task_of(instance_id: str) -> str:
        return engine.query(list_tasks, actor=actor("root"), instance_id=instance_id).items[0].id

    return task_of


def test_the_site_opens_at_the_inbox(chen):
    assert chen.get("/").location == "/inbox"


def test_counts_agree_with_rows(chen, start, engine, task_of, clock):
    first, second = start(), start()
    engine.execute(ClaimTask(task_id=task_of(first), actor=actor("chen")))
    clock.move(hours=3, minutes=1)
    start()
    page = chen.get("/inbox").text
    assert filters(page) == {
        "Mine": (1, 1),
        "My teams": (3, 2),
        "To claim": (2, 1),
        "Everything": (3, 2),
        "Done by me": (0, 0),
        "Inspection": (3, 2),
    }
    assert bands(page) == [("Late", "2"), ("Next 4 hours", "1")]
    for scope, count in (("mine", 1), ("groups", 3), ("unclaimed", 2), ("visible", 3), ("done", 0)):
        assert len(rows(chen.get(f"/inbox?scope={scope}").text)) == count
    assert re.search(r'class="count" title="late">2<', page)
    assert second


def test_tasks_without_deadline_stand_last(chen, start, engine, task_of):
    from engine.commands.complete_task import CompleteTask

    case = start()
    start()
    task = task_of(case)
    engine.execute(ClaimTask(task_id=task, actor=actor("chen")))
    engine.execute(CompleteTask(task_id=task, actor=actor("chen"), variables={"fault": "none", "hours": 1}))
    page = chen.get("/inbox").text
    assert [title for title, _ in bands(page)] == ["Next 4 hours", "No deadline"]
    assert "Pack" in page


def test_other_groups_tasks_are_not_shown(sign_in, start):
    start()
    page = sign_in("zhao").get("/inbox?scope=visible").text
    assert rows(page) == []
    assert "Nothing waits here" in page


def test_a_manager_sees_everything(sign_in, start):
    start()
    assert len(rows(sign_in("li").get("/inbox").text)) == 1


def test_search_looks_at_key_and_step(chen, start):
    start()
    start()
    key = re.search(r'class="c-key key cut">([^<]+)<', chen.get("/inbox").text).group(1)
    assert len(rows(chen.get(f"/inbox?q={key}").text)) == 1
    assert len(rows(chen.get("/inbox?q=inspect").text)) == 2
    nothing = chen.get("/inbox?q=%25nothing%25").text
    assert "Nothing found for “%nothing%”" in nothing


def test_chosen_tasks_are_claimed_at_once(chen, start, engine, task_of):
    first, second, third = (task_of(start()) for _ in range(3))
    engine.execute(ClaimTask(task_id=third, actor=actor("wang")))
    answer = chen.post(
        "/tasks/claim", [("task", first), ("task", second), ("task", third), ("back", "/inbox?scope=mine")]
    )
    assert answer.location == "/inbox?scope=mine"
    page = chen.get(answer.location).text
    assert sorted(rows(page)) == sorted([first, second])
    assert "2 tasks are yours now." in page
    assert "1 task could not be claimed: someone else was faster." in page


def test_many_tasks_come_page_by_page_each_once(chen, start):
    for _ in range(53):
        start()
    first = chen.get("/inbox").text
    assert "1–50 of 53" in first
    link = re.search(r'href="([^"]+)" rel="next"', first).group(1).replace("&amp;", "&")
    second = chen.get(link).text
    assert "51–53 of 53" in second
    assert len({*rows(first), *rows(second)}) == 53
    assert "data-live" not in second


def test_a_cursor_that_is_none_is_refused(chen):
    assert chen.get("/inbox?cursor=nonsense").status_code == 422


def test_the_live_check_answers_304_until_something_changes(chen, start):
    start()
    first = chen.get("/inbox/live?scope=groups")
    assert len(first.json["ids"]) == 1
    tag = {"If-None-Match": first.headers["ETag"]}
    assert chen.get("/inbox/live?scope=groups", headers=tag).status_code == 304
    start()
    changed = chen.get("/inbox/live?scope=groups", headers=tag)
    assert changed.status_code == 200
    assert len(changed.json["ids"]) == 2
    assert "csrf" not in changed.json["html"]


def test_the_live_check_of_somebody_signed_out_does_not_answer_with_a_page(client):
    assert client.get("/inbox/live", headers={"Sec-Fetch-Dest": "empty"}).status_code == 401


def test_an_empty_inbox_says_what_to_do_next(chen, start, engine, task_of):
    engine.execute(ClaimTask(task_id=task_of(start()), actor=actor("wang")))
    page = chen.get("/inbox?scope=mine").text
    assert "All yours is done" in page
    start()
    assert "See 1 task to claim" in chen.get("/inbox?scope=mine").text


def test_names_are_text(chen, engine, start):
    from engine.commands.start_instance import StartInstance

    engine.execute(
        StartInstance(definition_key="inspection", actor=actor("li"), business_key="<script>alert(1)</script>")
    )
    page = chen.get("/inbox").text
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_the_inbox_speaks_chinese(chen, start, clock):
    start()
    chen.post("/profile/display", {"locale": "zh_Hans"})
    page = chen.get("/inbox").text
    assert '<html lang="zh-Hans"' in page
    assert "剩 3小时" in page
    assert "全检" in page
    assert "质检组" in page
    clock.move(hours=4, minutes=12)
    assert "超时 1小时12分" in chen.get("/inbox").text
