from datetime import UTC, datetime

from engine.dmn import load
from tests.features.stage import CAMUNDA_7, Stage, chain, diagram, ext

START = '<startEvent id="s"/>'


def one(task: str, extra: str = "", **kinds: str) -> bytes:
    return diagram(START + task + '<endEvent id="e"/>' + chain("s", "a", "e"), extra, **kinds)


def test_a_user_task_waits_and_its_variables_reach_the_case():
    stage = Stage(one('<userTask id="a" name="Inspect"/>')).start(order=7)
    assert stage.tasks == ["a"]
    assert stage.run.active_elements == ["a"]
    stage.complete("a", result="ok")
    assert stage.done
    assert stage.variables == {"order": 7, "result": "ok"}
    assert stage.path == ["s", "a", "e"]
    assert stage.told("FlowTaken") == ["s_a", "a_e"]


def test_assignment_dates_and_priority_are_evaluated_when_the_task_opens():
    task = (
        '<userTask id="a" name="Inspect">'
        + ext(
            '<zeebe:formDefinition formId="inspection"/>',
            '<zeebe:assignmentDefinition assignee="=order.owner" candidateGroups="=[&quot;quality&quot;, order.group]" candidateUsers="li, wang"/>',
            '<zeebe:taskSchedule dueDate="=now() + duration(&quot;P1D&quot;)" followUpDate="2026-02-01T08:00:00+08:00"/>',
            '<zeebe:priorityDefinition priority="=40 + 30"/>',
            '<zeebe:properties><zeebe:property name="name:zh_Hans" value="检验"/><zeebe:property name="color" value="red"/></zeebe:properties>',
        )
        + "</userTask>"
    )
    stage = Stage(one(task)).start(order={"owner": "chen", "group": "desk"})
    opened = stage.task("a")
    assert (opened.form_key, opened.assignee, opened.priority) == ("inspection", "chen", 70)
    assert (opened.candidate_groups, opened.candidate_users) == (("quality", "desk"), ("li", "wang"))
    assert opened.due_at == datetime(2026, 2, 1, 8, tzinfo=UTC)
    assert opened.follow_up_at == datetime(2026, 2, 1, 0, tzinfo=UTC)
    assert (opened.name, opened.names) == ("Inspect", {"zh_Hans": "检验"})
    assert stage.definition.elements["a"].properties == {"color": "red"}


def test_a_due_date_that_cannot_be_read_is_an_incident_and_opens_after_a_retry():
    task = '<userTask id="a">' + ext('<zeebe:taskSchedule dueDate="=due"/>') + "</userTask>"
    stage = Stage(one(task)).start(due="tomorrow")
    assert "tomorrow" in stage.incidents["a"]
    assert stage.tasks == []
    stage.set(due="P2D").retry("a")
    assert stage.task("a").due_at == datetime(2026, 2, 2, 8, tzinfo=UTC)


def test_the_lane_gives_the_group_where_the_task_names_none():
    lanes = (
        '<laneSet id="ls"><lane id="l1" name="quality"><flowNodeRef>a</flowNodeRef></lane><lane id="l2" name="The warehouse">'
        + ext(
            '<zeebe:properties><zeebe:property name="candidateGroups" value="warehouse, production"/></zeebe:properties>'
        )
        + "<flowNodeRef>b</flowNodeRef><flowNodeRef>c</flowNodeRef></lane></laneSet>"
    )
    own = ext('<zeebe:assignmentDefinition candidateGroups="desk"/>')
    body = (
        lanes
        + START
        + f'<userTask id="a"/><userTask id="b"/><userTask id="c">{own}</userTask>'
        + chain("s", "a")
        + chain("s", "b")
        + chain("s", "c")
    )
    stage = Stage(diagram(body)).start()
    assert [stage.task(name).candidate_groups for name in "abc"] == [
        ("quality",),
        ("warehouse", "production"),
        ("desk",),
    ]
    assert stage.definition.elements["b"].candidate_groups == ("warehouse", "production")


def test_mapped_inputs_are_local_and_only_mapped_outputs_leave():
    task = (
        '<userTask id="a">'
        + ext(
            '<zeebe:ioMapping><zeebe:input source="=order.id" target="id"/><zeebe:input source="fixed" target="kind.name"/>'
            '<zeebe:output source="=answer + &quot;!&quot;" target="result.text"/><zeebe:output source="=id" target="result.id"/></zeebe:ioMapping>'
        )
        + "</userTask>"
    )
    stage = Stage(one(task)).start(order={"id": 5})
    assert stage.task("a").locals == {"id": 5, "kind": {"name": "fixed"}}
    stage.complete("a", answer="yes", secret=1)
    assert stage.variables == {"order": {"id": 5}, "result": {"text": "yes!", "id": 5}}


def test_a_service_task_asks_for_a_job_and_takes_its_result():
    task = (
        '<serviceTask id="a">'
        + ext(
            '<zeebe:taskDefinition type="notify" retries="5"/><zeebe:taskHeaders><zeebe:header key="to" value="desk"/></zeebe:taskHeaders>'
        )
        + "</serviceTask>"
    )
    stage = Stage(one(task)).start(x=1)
    job = next(iter(stage.players[0].jobs.values()))
    assert (job.type, job.retries, job.headers, job.variables) == ("notify", 5, {"to": "desk"}, {"x": 1})
    assert stage.job("a", y=2).done
    assert stage.variables == {"x": 1, "y": 2}


def test_a_failed_job_is_an_incident_and_a_retry_asks_again():
    task = '<serviceTask id="a">' + ext('<zeebe:taskDefinition type="call"/>') + "</serviceTask>"
    stage = Stage(one(task)).start().fail("a", "timeout")
    assert stage.incidents == {"a": "timeout"}
    assert stage.jobs == []
    stage.retry("a")
    assert stage.jobs == ["a"]
    assert stage.job("a").done


def test_a_script_is_feel_and_sets_its_result():
    task = (
        '<scriptTask id="a">' + ext('<zeebe:script expression="=price * 2" resultVariable="total"/>') + "</scriptTask>"
    )
    stage = Stage(one(task)).start(price=2.25)
    assert stage.done
    assert stage.variables == {"price": 2.25, "total": 4.5}


DECISION = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">
<decision id="level" name="Level"><variable name="Level"/><decisionTable id="t" hitPolicy="UNIQUE">
<input id="i"><inputExpression><text>amount</text></inputExpression></input><output id="o" name="level"/>
<rule id="r1"><inputEntry><text>&lt; 10</text></inputEntry><outputEntry><text>"low"</text></outputEntry></rule>
<rule id="r2"><inputEntry><text>&gt;= 5</text></inputEntry><outputEntry><text>"high"</text></outputEntry></rule>
</decisionTable></decision></definitions>"""
RULES = (
    '<businessRuleTask id="a">'
    + ext('<zeebe:calledDecision decisionId="level" resultVariable="found"/>')
    + "</businessRuleTask>"
)


def test_a_business_rule_task_evaluates_its_table_and_tells_which_rules_matched():
    stage = Stage(one(RULES), decisions={"level": load(DECISION)}).start(amount=20)
    assert stage.done
    assert stage.variables["found"] == "high"
    (entry,) = [data for kind, _, data in stage.players[0].data if kind == "DecisionEvaluated"]
    assert entry["result"] == "high"
    assert [rule["rule_id"] for rule in entry["matched"]] == ["r2"]


def test_a_table_that_breaks_its_hit_policy_is_an_incident():
    stage = Stage(one(RULES), decisions={"level": load(DECISION)}).start(amount=7)
    assert "level" in stage.incidents["a"]


def test_a_decision_that_is_not_there_is_an_incident():
    assert "level" in Stage(one(RULES)).start().incidents["a"]


def test_abstract_and_manual_tasks_are_passed():
    body = START + '<task id="a"/><manualTask id="b"/>' + chain("s", "a", "b")
    assert Stage(diagram(body)).start().path == ["s", "a", "b"]


def test_a_feel_function_of_the_host_can_be_called():
    task = (
        '<scriptTask id="a">'
        + ext('<zeebe:script expression="=record(&quot;equipment&quot;, sn).model" resultVariable="model"/>')
        + "</scriptTask>"
    )
    stage = Stage(one(task), functions={"record": lambda kind, key: {"model": f"{kind}-{key}"}}).start(sn="7")
    assert stage.variables["model"] == "equipment-7"


def test_null_on_error_is_noted_as_a_warning():
    task = (
        '<scriptTask id="a">'
        + ext('<zeebe:script expression="=1 + &quot;x&quot;" resultVariable="y"/>')
        + "</scriptTask>"
    )
    stage = Stage(one(task)).start()
    assert stage.variables == {"y": None}
    assert stage.told("WarningNoted") == ["a"]


def test_other_dialects_name_service_form_and_people_their_own_way():
    body = (
        START
        + '<userTask id="a" camunda:formKey="f1" camunda:assignee="${owner}" camunda:candidateGroups="sales,desk" camunda:dueDate="${due}"/>'
        + '<serviceTask id="b" camunda:type="external" camunda:topic="mail"/><serviceTask id="c" camunda:delegateExpression="${bean}"/>'
        + '<sequenceFlow id="f1" sourceRef="a" targetRef="b"><conditionExpression>${n &gt; 3 &amp;&amp; !late}</conditionExpression></sequenceFlow>'
        + chain("s", "a")
        + chain("b", "c")
    )
    stage = Stage(diagram(body, namespaces=CAMUNDA_7)).start(owner="li", due="2026-02-03T00:00:00Z", late=False)
    opened = stage.task("a")
    assert (opened.form_key, opened.assignee, opened.candidate_groups) == ("f1", "li", ("sales", "desk"))
    assert opened.due_at == datetime(2026, 2, 3, tzinfo=UTC)
    stage.complete("a", n=4)
    assert [job.type for job in stage.players[0].jobs.values()] == ["mail"]
    stage.job("b")
    assert [job.type for job in stage.players[0].jobs.values()] == ["bean"]
    assert stage.job("c").done


def test_cancelling_a_case_closes_everything():
    body = (
        START
        + '<userTask id="a"/><boundaryEvent id="t" attachedToRef="a"><timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition></boundaryEvent>'
    )
    stage = Stage(diagram(body + '<task id="x"/>' + chain("s", "a") + chain("t", "x"))).start().cancel()
    assert stage.run.state == "cancelled"
    assert stage.told("ElementCancelled") == ["a"]
    assert stage.timers == {}


def test_an_empty_sub_process_is_passed():
    stage = Stage(diagram(START + '<subProcess id="p1"/><userTask id="z"/>' + chain("s", "p1", "z"))).start()
    assert stage.tasks == ["z"]


def test_a_task_that_could_not_open_is_not_reported_as_cancelled():
    bad = '<userTask id="a">' + ext('<zeebe:priorityDefinition priority="=&quot;high&quot;"/>') + "</userTask>"
    inner = '<startEvent id="ps"/>' + bad + chain("ps", "a")
    timer = '<boundaryEvent id="t" attachedToRef="p1"><timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition></boundaryEvent>'
    body = START + f'<subProcess id="p1">{inner}</subProcess>' + timer + '<userTask id="z"/>'
    stage = Stage(diagram(body + chain("s", "p1") + chain("t", "z"))).start()
    assert "high" in stage.incidents["a"]
    stage.fire("t")
    assert stage.told("TaskCancelled") == []
    assert stage.tasks == ["z"]
