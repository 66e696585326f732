from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tests.features.stage import Stage, chain, diagram, ext

START = '<startEvent id="s"/>'


def timer(kind: str, text: str) -> str:
    return f"<timerEventDefinition><{kind}>{text}</{kind}></timerEventDefinition>"


def boundary(name: str, inner: str, *, on: str = "a", interrupting: bool = True) -> str:
    return f'<boundaryEvent id="{name}" attachedToRef="{on}" cancelActivity="{str(interrupting).lower()}">{inner}</boundaryEvent>'


def test_an_interrupting_boundary_timer_cancels_the_task():
    body = (
        START
        + '<userTask id="a"/>'
        + boundary("late", timer("timeDuration", "P1D"))
        + '<userTask id="x"/>'
        + chain("s", "a")
        + chain("late", "x")
    )
    stage = Stage(diagram(body)).start()
    assert stage.timers == {"late": "2026-02-01T08:00:00+00:00"}
    stage.fire("late")
    assert stage.tasks == ["x"]
    assert stage.told("ElementCancelled") == ["a"]
    assert stage.told("TaskCancelled") == ["a"]
    assert stage.complete("x").done


def test_completing_the_task_disarms_its_timers():
    body = (
        START
        + '<userTask id="a"/>'
        + boundary("b1", timer("timeDuration", "P1D"))
        + boundary("b2", timer("timeDuration", "P2D"), interrupting=False)
    )
    stage = Stage(diagram(body + chain("s", "a"))).start()
    assert sorted(stage.timers) == ["b1", "b2"]
    stage.complete("a")
    assert stage.done


def test_a_non_interrupting_timer_leaves_the_task_open():
    body = (
        START
        + '<userTask id="a"/>'
        + boundary("b", timer("timeDuration", "PT1H"), interrupting=False)
        + '<userTask id="r"/>'
        + chain("s", "a")
        + chain("b", "r")
    )
    stage = Stage(diagram(body)).start().fire("b")
    assert stage.tasks == ["a", "r"]
    assert stage.timers == {}
    stage.complete("a")
    assert not stage.done
    assert stage.complete("r").done


def test_a_cycle_counts_calendar_months_from_the_arming_and_ends():
    body = (
        START
        + '<userTask id="a"/>'
        + boundary("b", timer("timeCycle", "R3/P1M"), interrupting=False)
        + '<task id="r"/>'
        + chain("s", "a")
        + chain("b", "r")
    )
    stage = Stage(diagram(body)).start()
    dues = []
    while stage.timers:
        dues.append(stage.timers["b"][:10])
        stage.fire("b")
    assert dues == ["2026-02-28", "2026-03-31", "2026-04-30"]
    assert stage.tasks == ["a"]


def test_a_late_cycle_does_not_drift():
    body = (
        START
        + '<userTask id="a"/>'
        + boundary("b", timer("timeCycle", "R/PT24H"), interrupting=False)
        + '<task id="r"/>'
        + chain("s", "a")
        + chain("b", "r")
    )
    stage = Stage(diagram(body)).start()
    stage.now = stage.now.replace(month=2, day=1, hour=13)
    stage.fire("b", at_due=False)
    assert stage.timers == {"b": "2026-02-02T08:00:00+00:00"}


def test_an_intermediate_timer_evaluates_feel_and_stays_where_it_was_armed():
    body = (
        START
        + f'<intermediateCatchEvent id="t">{timer("timeDuration", "=pause")}</intermediateCatchEvent><userTask id="a"/>'
        + chain("s", "t", "a")
    )
    stage = Stage(diagram(body)).start(pause="PT2H")
    assert stage.run.active_elements == ["t"]
    stage.set(pause="PT9H")
    assert stage.timers == {"t": "2026-01-31T10:00:00+00:00"}
    stage.fire("t")
    assert stage.tasks == ["a"]
    assert "t" in stage.told("TimerFired")


def test_a_date_timer_understands_feel_dates():
    body = (
        START
        + f'<intermediateCatchEvent id="t">{timer("timeDate", "=date and time(due)")}</intermediateCatchEvent>'
        + chain("s", "t")
    )
    stage = Stage(diagram(body)).start(due="2026-03-01T10:00:00+08:00")
    assert stage.timers == {"t": "2026-03-01T02:00:00+00:00"}


def test_a_timer_that_cannot_be_evaluated_is_an_incident_at_the_timer():
    body = START + '<userTask id="a"/>' + boundary("b", timer("timeDuration", "=wait")) + chain("s", "a")
    stage = Stage(diagram(body)).start(wait="soon")
    assert "soon" in stage.incidents["b"]
    assert stage.tasks == ["a"]
    stage.set(wait="PT1H").retry("b")
    assert sorted(stage.timers) == ["b"]


def test_a_negative_duration_is_an_incident():
    body = (
        START
        + f'<intermediateCatchEvent id="t">{timer("timeDuration", "=d")}</intermediateCatchEvent>'
        + chain("s", "t")
    )
    assert "negative" in Stage(diagram(body)).start(d="-PT5M").incidents["t"]


def test_a_timer_start_event_starts_its_own_path():
    body = (
        f'<startEvent id="s"/><startEvent id="t">{timer("timeCycle", "R/P1D")}</startEvent><userTask id="a"/><userTask id="b"/>'
        + chain("s", "a")
        + chain("t", "b")
    )
    stage = Stage(diagram(body))
    (trigger,) = stage.definition.triggers
    assert (trigger.kind, trigger.element_id, trigger.schedule) == ("timer", "t", "R/P1D")
    assert stage.start("t").tasks == ["b"]


def test_times_without_an_offset_and_months_are_meant_in_the_zone_of_now():
    body = (
        START
        + '<userTask id="a">'
        + ext('<zeebe:taskSchedule dueDate="2026-03-01T08:00"/>')
        + "</userTask>"
        + boundary("m", timer("timeCycle", "R/P1M"), interrupting=False)
        + '<task id="r"/>'
        + chain("s", "a")
        + chain("m", "r")
    )
    stage = Stage(diagram(body))
    stage.now = datetime(2026, 1, 31, 23, tzinfo=ZoneInfo("Europe/Berlin"))
    stage.start()
    assert stage.task("a").due_at == datetime(2026, 3, 1, 7, tzinfo=UTC)
    dues = []
    for _ in range(3):
        dues.append(stage.timers["m"])
        stage.fire("m", at_due=False)
    assert dues == ["2026-02-28T22:00:00+00:00", "2026-03-31T21:00:00+00:00", "2026-04-30T21:00:00+00:00"]


def test_an_hour_is_an_hour_when_the_clocks_change():
    body = (
        START
        + f'<intermediateCatchEvent id="t">{timer("timeDuration", "PT2H")}</intermediateCatchEvent>'
        + chain("s", "t")
    )
    stage = Stage(diagram(body))
    stage.now = datetime(2026, 3, 29, 1, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    assert stage.start().timers == {"t": "2026-03-29T02:30:00+00:00"}


def following(kind: str, text: str, *, interrupting: bool = True) -> bytes:
    event = ext('<zeebe:properties><zeebe:property name="timer:follows" value="variables"/></zeebe:properties>')
    late = boundary("late", event + timer(kind, text), interrupting=interrupting)
    return diagram(START + '<userTask id="a"/>' + late + '<userTask id="b"/>' + chain("s", "a") + chain("late", "b"))


def test_a_timer_moves_with_its_variables_where_the_owner_asked_so():
    stage = Stage(following("timeDuration", "=span")).start(span="PT2H")
    stage.now = stage.now.replace(hour=9)
    stage.set(other=1)
    assert stage.timers == {"late": "2026-01-31T10:00:00+00:00"}
    stage.set(span="PT5H")
    assert stage.timers == {"late": "2026-01-31T13:00:00+00:00"}  # counted from the arming at eight
    assert stage.told("TimerMoved") == ["late"]
    assert stage.fire("late").tasks == ["b"]


def test_a_date_moves_with_its_variables_where_the_owner_asked_so():
    stage = Stage(following("timeDate", "=date and time(due)", interrupting=False)).start(due="2026-03-01T10:00:00Z")
    stage.set(due="2026-04-01T10:00:00Z")
    assert stage.timers == {"late": "2026-04-01T10:00:00+00:00"}
    assert stage.fire("late").timers == {}
    assert stage.set(due="2026-05-01T10:00:00Z").timers == {}


def test_a_timer_stays_where_its_changed_variables_give_no_time():
    stage = Stage(following("timeDuration", "=span")).start(span="PT2H")
    stage.set(span=None)
    assert stage.timers == {"late": "2026-01-31T10:00:00+00:00"}
    assert stage.incidents == {}
    assert "late" in stage.told("WarningNoted")


BERLIN = ZoneInfo("Europe/Berlin")


def dues(cycle: str, start: datetime, times: int) -> list[str]:
    """Return when a cycle armed at `start` comes, each on time, on the clocks of its zone."""
    again = boundary("again", timer("timeCycle", cycle), interrupting=False)
    stage = Stage(
        diagram(START + '<userTask id="a"/>' + again + '<task id="r"/>' + chain("s", "a") + chain("again", "r"))
    )
    stage.now = start
    stage.start()
    found = []
    for _ in range(times):
        stage.now = datetime.fromisoformat(stage.timers["again"]).astimezone(start.tzinfo)
        found.append(f"{stage.now:%d %H:%M}")
        stage.fire("again", at_due=False)
    return found


def test_a_cron_line_keeps_to_the_clock_when_it_changes():
    assert dues("0 0 8 * * *", datetime(2026, 3, 27, 9, tzinfo=BERLIN), 3) == ["28 08:00", "29 08:00", "30 08:00"]
    assert dues("0 0 8 * * *", datetime(2026, 10, 23, 9, tzinfo=BERLIN), 3) == ["24 08:00", "25 08:00", "26 08:00"]


def test_a_cron_line_in_the_hour_that_is_left_out_or_comes_twice_comes_once_a_day():
    assert dues("0 30 2 * * *", datetime(2026, 3, 28, 1, tzinfo=BERLIN), 3) == ["28 02:30", "29 03:30", "30 02:30"]
    assert dues("0 30 2 * * *", datetime(2026, 10, 24, 1, tzinfo=BERLIN), 3) == ["24 02:30", "25 02:30", "26 02:30"]


def test_a_day_of_exact_hours_moves_on_the_clock_when_it_changes():
    assert dues("R3/PT24H", datetime(2026, 3, 28, 8, tzinfo=BERLIN), 2) == ["29 09:00", "30 09:00"]
    assert dues("R3/P1M", datetime(2026, 2, 28, 8, tzinfo=BERLIN), 2) == ["28 08:00", "28 08:00"]


def test_a_date_with_a_zone_s_name_is_meant_there():
    body = (
        START
        + f'<intermediateCatchEvent id="t">{timer("timeDate", "2026-07-01T08:00[Asia/Shanghai]")}</intermediateCatchEvent>'
    )
    stage = Stage(diagram(body + chain("s", "t")))
    stage.now = datetime(2026, 6, 1, tzinfo=BERLIN)
    assert stage.start().timers == {"t": "2026-07-01T00:00:00+00:00"}
