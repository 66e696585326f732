"""The shipped models as files: every reference leads somewhere, every element is drawn, nothing is drawn over another."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest

from engine import xml
from engine.forms import read as read_form
from engine.forms import read_record_type

ROOT = Path(__file__).parents[2]
DIAGRAMS = sorted((ROOT / "processes").glob("*/*.bpmn"))
TABLES = sorted((ROOT / "processes").glob("*/*.dmn"))
FORMS = sorted((ROOT / "forms").glob("*.form"))
REGISTERS = sorted((ROOT / "forms/records").glob("*.form"))
GROUPS = {
    "desk", "engineers", "quality", "production", "warehouse", "sales", "sales_managers", "service_managers", "technical",
    "quality_managers",
}  # fmt: skip

B = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
WAY = "{http://www.omg.org/spec/DD/20100524/DI}"
Z = "{http://camunda.org/schema/zeebe/1.0}"
DMN = "{https://www.omg.org/spec/DMN/20191111/MODEL/}"
TASKS = {f"{B}{name}" for name in ("userTask", "serviceTask", "scriptTask", "businessRuleTask", "callActivity")}
NODES = TASKS | {
    f"{B}{name}" for name in ("startEvent", "endEvent", "intermediateCatchEvent", "boundaryEvent", "exclusiveGateway")
}

each_diagram = pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: path.stem)


def parsed(path: Path):
    return xml.parse(path.read_bytes())


def nodes(root):
    return {element.get("id"): element for element in root.iter(*NODES)}


def form_ids(paths: list[Path]) -> set[str]:
    return {json.loads(path.read_text("utf-8"))["id"] for path in paths}


@each_diagram
def test_ids_are_unique(path):
    ids = [element.get("id") for element in parsed(path).iter() if element.get("id")]
    assert len(ids) == len(set(ids))


@each_diagram
def test_the_dialect_is_camunda_8(path):
    root = parsed(path)
    modeler = "{http://camunda.org/schema/modeler/1.0}"
    assert root.get(f"{modeler}executionPlatform") == "Camunda Cloud"
    assert root.get(f"{modeler}executionPlatformVersion").startswith("8.6")


@each_diagram
def test_flows_join_nodes_and_nodes_list_their_flows(path):
    root = parsed(path)
    known = nodes(root)
    flows = {flow.get("id"): flow for flow in root.iter(f"{B}sequenceFlow")}
    for flow in flows.values():
        assert flow.get("sourceRef") in known
        assert flow.get("targetRef") in known
    for node in known.values():
        out = {child.text for child in node.iter(f"{B}outgoing")}
        into = {child.text for child in node.iter(f"{B}incoming")}
        assert out == {key for key, flow in flows.items() if flow.get("sourceRef") == node.get("id")}
        assert into == {key for key, flow in flows.items() if flow.get("targetRef") == node.get("id")}
        assert out or node.tag == f"{B}endEvent", f"{node.get('id')} leads nowhere"
        assert into or node.tag in (f"{B}startEvent", f"{B}boundaryEvent"), f"nothing leads to {node.get('id')}"


@each_diagram
def test_a_decision_between_ways_has_one_default_and_a_condition_for_each_other(path):
    root = parsed(path)
    flows = list(root.iter(f"{B}sequenceFlow"))
    for gateway in root.iter(f"{B}exclusiveGateway"):
        out = [flow for flow in flows if flow.get("sourceRef") == gateway.get("id")]
        if len(out) == 1:
            continue
        assert gateway.get("default") in {flow.get("id") for flow in out}
        for flow in out:
            condition = flow.find(f"{B}conditionExpression")
            assert (condition is None) == (flow.get("id") == gateway.get("default"))
            assert condition is None or condition.text.startswith("=")
            assert flow.get("name"), f"{flow.get('id')} does not say when it is taken"


@each_diagram
def test_forms_decisions_and_called_processes_exist(path):
    root = parsed(path)
    forms, tables = (
        form_ids(FORMS),
        {decision.get("id") for table in TABLES for decision in parsed(table).iter(f"{DMN}decision")},
    )
    processes = {process.get("id") for other in DIAGRAMS for process in parsed(other).iter(f"{B}process")}
    assert {form.get("formId") for form in root.iter(f"{Z}formDefinition")} <= forms
    assert {decision.get("decisionId") for decision in root.iter(f"{Z}calledDecision")} <= tables
    assert {called.get("processId") for called in root.iter(f"{Z}calledElement")} <= processes
    starts = [p.get("value") for p in root.iter(f"{Z}property") if p.get("name") == "start_form"]
    assert set(starts) <= forms


@each_diagram
def test_every_user_task_names_form_groups_stage_and_what_it_hands_on(path):
    for task in parsed(path).iter(f"{B}userTask"):
        name = task.get("id")
        assert task.find(f".//{Z}formDefinition") is not None, name
        groups = task.find(f".//{Z}assignmentDefinition").get("candidateGroups")
        assert groups.startswith("=") or set(groups.split(",")) <= GROUPS, name
        assert task.find(f".//{Z}property[@name='stage']") is not None, name
        assert task.find(f".//{Z}output") is not None, (
            f"{name}: without an output any value sent to it becomes a variable"
        )
        assert task.findtext(f"{B}documentation"), name


@each_diagram
def test_everything_shown_has_a_chinese_name(path):
    root = parsed(path)
    shown = [*nodes(root).values(), *root.iter(f"{B}lane"), *root.iter(f"{B}process"), *root.iter(f"{B}sequenceFlow")]
    for element in shown:
        if element.get("name"):
            names = [
                p.get("value")
                for p in element.findall(f"{B}extensionElements/{Z}properties/{Z}property[@name='name:zh_Hans']")
            ]
            assert len(names) == 1, element.get("id")
            assert any("一" <= sign <= "鿿" for sign in names[0]), element.get("id")


@each_diagram
def test_no_hours_stand_in_the_diagram(path):
    root = parsed(path)
    for timer in root.iter(f"{B}timeDate", f"{B}timeDuration", f"{B}timeCycle"):
        assert timer.text.startswith("=")
        assert not any(sign.isdigit() for sign in timer.text), timer.text


@each_diagram
def test_every_node_is_in_one_lane(path):
    root = parsed(path)
    listed = [ref.text for ref in root.iter(f"{B}flowNodeRef")]
    assert sorted(listed) == sorted(nodes(root))


@each_diagram
def test_every_element_is_drawn_once(path):
    root = parsed(path)
    shapes = [shape.get("bpmnElement") for shape in root.iter(f"{DI}BPMNShape")]
    edges = [edge.get("bpmnElement") for edge in root.iter(f"{DI}BPMNEdge")]
    lanes = [lane.get("id") for lane in root.iter(f"{B}lane")]
    pools = [pool.get("id") for pool in root.iter(f"{B}participant")]
    assert sorted(shapes) == sorted([*nodes(root), *lanes, *pools])
    assert sorted(edges) == sorted(flow.get("id") for flow in root.iter(f"{B}sequenceFlow"))


def box(element):
    bounds = element.find(f"{DC}Bounds")
    x, y, width, height = (float(bounds.get(name)) for name in ("x", "y", "width", "height"))
    return x, y, x + width, y + height


def overlap(one, other, gap=0.0):
    return one[0] - gap < other[2] and other[0] - gap < one[2] and one[1] - gap < other[3] and other[1] - gap < one[3]


def drawn(root):
    known = nodes(root)
    return {
        shape.get("bpmnElement"): box(shape)
        for shape in root.iter(f"{DI}BPMNShape")
        if shape.get("bpmnElement") in known
    }


@each_diagram
def test_no_node_lies_on_another_except_boundaries_on_their_hosts(path):
    root = parsed(path)
    known, places = nodes(root), drawn(root)
    names = sorted(places)
    for position, one in enumerate(names):
        for other in names[position + 1 :]:
            hosted = known[one].get("attachedToRef") == other or known[other].get("attachedToRef") == one
            assert hosted or not overlap(places[one], places[other], gap=4), (one, other)


@each_diagram
def test_flows_run_along_the_grid_and_through_no_other_node(path):
    root = parsed(path)
    known, places = nodes(root), drawn(root)
    flows = {flow.get("id"): flow for flow in root.iter(f"{B}sequenceFlow")}
    for edge in root.iter(f"{DI}BPMNEdge"):
        flow = flows[edge.get("bpmnElement")]
        ends = {flow.get("sourceRef"), flow.get("targetRef")}
        ends |= {known[end].get("attachedToRef") for end in ends}
        points = [(float(p.get("x")), float(p.get("y"))) for p in edge.iter(f"{WAY}waypoint")]
        for (x1, y1), (x2, y2) in pairwise(points):
            assert x1 == x2 or y1 == y2, flow.get("id")
            line = (min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
            for name, place in places.items():
                assert name in ends or not overlap(line, place), (flow.get("id"), name)


@each_diagram
def test_labels_keep_clear_of_nodes(path):
    root = parsed(path)
    places = drawn(root)
    for label in root.iter(f"{DI}BPMNLabel"):
        owner = label.getparent().get("bpmnElement")
        for name, place in places.items():
            assert not overlap(box(label), place), (owner, name)


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_a_table_is_complete_and_drawn(path):
    root = parsed(path)
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    (decision,) = root.iter(f"{DMN}decision")
    assert decision.get("id") == path.stem
    table = decision.find(f"{DMN}decisionTable")
    inputs, outputs = len(table.findall(f"{DMN}input")), len(table.findall(f"{DMN}output"))
    for rule in table.findall(f"{DMN}rule"):
        assert len(rule.findall(f"{DMN}inputEntry")) == inputs
        entries = [entry.findtext(f"{DMN}text") for entry in rule.findall(f"{DMN}outputEntry")]
        assert len(entries) == outputs
        assert all(entries)
    drawn_decision = next(root.iter("{https://www.omg.org/spec/DMN/20191111/DMNDI/}DMNShape"))
    assert drawn_decision.get("dmnElementRef") == path.stem


def components(found):
    for component in found:
        yield component
        yield from components(component.get("components", []))


@pytest.mark.parametrize("path", [*FORMS, *REGISTERS], ids=lambda path: path.stem)
def test_a_form_is_named_like_its_file_and_speaks_chinese(path):
    form = json.loads(path.read_text("utf-8"))
    assert form["id"] == path.stem
    assert form["properties"].get("name:zh_Hans") or form["properties"].get("record:name:zh_Hans")
    ids = [component["id"] for component in components(form["components"])]
    assert len(ids) == len(set(ids))
    for component in components(form["components"]):
        properties = component.get("properties", {})
        for attribute in ("label", "description", "text"):
            if component.get(attribute):
                assert properties.get(f"{attribute}:zh_Hans"), (component["id"], attribute)
        for option in component.get("values", []):
            assert properties.get(f"option:{option['value']}:zh_Hans"), (component["id"], option)


def test_every_form_is_used():
    used = {form.get("formId") for path in DIAGRAMS for form in parsed(path).iter(f"{Z}formDefinition")}
    assert form_ids(FORMS) == used


def test_every_table_is_asked():
    asked = {decision.get("decisionId") for path in DIAGRAMS for decision in parsed(path).iter(f"{Z}calledDecision")}
    assert {path.stem for path in TABLES} == asked


@pytest.mark.parametrize("path", [*FORMS, *REGISTERS], ids=lambda path: path.stem)
def test_a_form_has_no_problems(path):
    read = read_record_type if path in REGISTERS else read_form
    assert read(path.read_bytes(), path.name).problems == ()
