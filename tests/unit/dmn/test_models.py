"""Decision files: versions, requirement graphs, boxed expressions, types, services, imports, faults."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from engine.dmn import DmnError, load
from engine.feel import FeelLimitExceeded
from tests.unit.dmn.drawing import NAMESPACES, decision, definitions, literal, table

INPUT = '<inputData id="in" name="unit price"><variable name="unit price" typeRef="number"/></inputData>'


@pytest.mark.parametrize("version", NAMESPACES)
def test_every_version_of_the_format_is_read(version: str) -> None:
    model = load(definitions(decision("d", literal("1 + 1")), version=version))
    assert model.evaluate("d") == 2
    assert model.problems() == []


def test_decision_is_found_by_id_and_by_name() -> None:
    model = load(definitions(decision("my decision", literal("1"))))
    assert model.evaluate("my decision") == model.evaluate("my_decision") == 1
    assert model.decisions == (("my_decision", "my decision"),)


def test_unknown_decision_is_refused() -> None:
    with pytest.raises(DmnError) as caught:
        load(definitions()).evaluate("nothing")
    assert caught.value.code == "dmn.unknown_decision"


@pytest.mark.parametrize(
    "data", [b"<a/>", b"no xml", b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>']
)
def test_what_is_no_decision_file_is_refused(data: bytes) -> None:
    with pytest.raises(DmnError):
        load(data)


def test_entities_are_refused() -> None:
    with pytest.raises(DmnError) as caught:
        load(b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>')
    assert caught.value.code == "xml_doctype"


def test_required_decisions_are_made_first_and_once() -> None:
    model = load(
        definitions(
            INPUT,
            decision("total", literal("unit price * 3"), "input:in", type_ref="number"),
            decision("rebate", literal("total / 10"), "decision:total"),
            decision("sum due", literal("total - rebate"), "decision:total", "decision:rebate"),
        )
    )
    assert model.evaluate("sum due", {"unit price": 10}) == 27


def test_variables_that_no_element_declares_are_seen() -> None:
    assert load(definitions(decision("d", literal("severity + 1")))).evaluate("d", {"severity": 1}) == 2


def test_decisions_that_require_each_other_end_in_null() -> None:
    model = load(definitions(decision("a", literal("b"), "decision:b"), decision("b", literal("a"), "decision:a")))
    found = model.explain("a")
    assert found.value is None
    assert "cycle" in [w.code for w in found.warnings]


def test_input_of_the_wrong_type_is_null_with_a_warning() -> None:
    model = load(definitions(INPUT, decision("d", literal("unit price"), "input:in")))
    found = model.explain("d", {"unit price": "ten"})
    assert found.value is None
    assert "wrong_type" in [w.code for w in found.warnings]


def test_result_is_fitted_to_the_type_of_the_decision() -> None:
    assert load(definitions(decision("d", literal("[5]"), type_ref="number"))).evaluate("d") == 5
    assert load(definitions(decision("d", literal('"x"'), type_ref="number"))).evaluate("d") is None


ITEMS = """
<itemDefinition name="tColour"><typeRef>string</typeRef><allowedValues><text>"red", "blue"</text></allowedValues></itemDefinition>
<itemDefinition name="tColours" isCollection="true"><typeRef>tColour</typeRef></itemDefinition>
<itemDefinition name="tMachine"><itemComponent name="serial"><typeRef>string</typeRef></itemComponent>
<itemComponent name="colour"><typeRef>tColour</typeRef></itemComponent></itemDefinition>
"""


@pytest.mark.parametrize(
    ("text", "type_ref", "fits"),
    [
        ('"red"', "tColour", True),
        ('"green"', "tColour", False),
        ('["red", "blue"]', "tColours", True),
        ('["red", "green"]', "tColours", False),
        ('{serial: "1", colour: "red"}', "tMachine", True),
        ('{serial: "1", colour: "green"}', "tMachine", False),
        ('{serial: "1"}', "tMachine", False),
    ],
)
def test_item_definitions_are_checked(text: str, type_ref: str, fits: bool) -> None:
    found = load(definitions(ITEMS, decision("d", literal(text), type_ref=type_ref))).evaluate("d")
    assert (found is not None) is fits


def test_types_that_do_not_exist_are_told() -> None:
    problems = load(definitions(decision("d", literal("1"), type_ref="tNothing"))).problems()
    assert [p.rule for p in problems] == ["dmn.unknown_type"]


KNOWLEDGE = """<businessKnowledgeModel id="fee" name="fee"><variable name="fee"/><encapsulatedLogic>
<formalParameter name="amount" typeRef="number"/><formalParameter name="rate" typeRef="number"/>
<literalExpression><text>amount * rate</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>"""


def test_knowledge_model_is_called_by_position_name_and_invocation() -> None:
    invocation = """<invocation><literalExpression><text>fee</text></literalExpression>
    <binding><parameter name="rate"/><literalExpression><text>0.5</text></literalExpression></binding>
    <binding><parameter name="amount"/><literalExpression><text>8</text></literalExpression></binding></invocation>"""
    for logic in (literal("fee(8, 0.5)"), literal("fee(rate: 0.5, amount: 8)"), invocation):
        assert load(definitions(KNOWLEDGE, decision("d", logic, "knowledge:fee"))).evaluate("d") == 4


def test_knowledge_model_is_evaluated_by_name() -> None:
    assert load(definitions(KNOWLEDGE)).evaluate("fee", {"amount": 8, "rate": 0.5}) == 4


def test_knowledge_model_that_calls_itself_without_end_meets_a_bound() -> None:
    model = """<businessKnowledgeModel id="f" name="f"><encapsulatedLogic><formalParameter name="n"/>
    <literalExpression><text>f(n + 1)</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>"""
    with pytest.raises(FeelLimitExceeded):
        load(definitions(model)).evaluate("f", {"n": 1})


def test_functions_of_other_languages_are_refused() -> None:
    model = load(
        definitions(
            '<businessKnowledgeModel id="f" name="f"><encapsulatedLogic kind="Java"><formalParameter name="n"/>'
            + literal("1")
            + "</encapsulatedLogic></businessKnowledgeModel>"
        )
    )
    assert [p.rule for p in model.problems()] == ["dmn.language"]
    assert model.evaluate("f", {"n": 1}) is None


def test_expressions_of_other_languages_are_refused() -> None:
    script = '<literalExpression expressionLanguage="groovy"><text>1</text></literalExpression>'
    assert [p.rule for p in load(definitions(decision("d", script))).problems()] == ["dmn.language"]


def test_cells_of_other_languages_are_refused() -> None:
    logic = table(["x"], ["y"], [("1", "2")]).replace("<inputEntry>", '<inputEntry expressionLanguage="javascript">')
    model = load(definitions(decision("d", logic)))
    assert [p.rule for p in model.problems()] == ["dmn.language"]
    assert model.evaluate("d", {"x": 1}) is None


def test_language_that_is_feel_by_any_address_is_read() -> None:
    for language in ("feel", "FEEL", "https://www.omg.org/spec/DMN/20230324/FEEL/"):
        logic = f'<literalExpression expressionLanguage="{language}"><text>1</text></literalExpression>'
        assert load(definitions(decision("d", logic))).evaluate("d") == 1


BOXED = {
    '<context><contextEntry><variable name="a b"/>'
    + literal("2")
    + '</contextEntry><contextEntry><variable name="c"/>'
    + literal("a b + 1")
    + "</contextEntry></context>": {"a b": Decimal(2), "c": Decimal(3)},
    '<context><contextEntry><variable name="a"/>'
    + literal("2")
    + "</contextEntry><contextEntry>"
    + literal("a * 2")
    + "</contextEntry></context>": Decimal(4),
    "<list>" + literal("1") + literal('"x"') + "</list>": [Decimal(1), "x"],
    '<relation><column name="a"/><column name="b"/><row>' + literal("1") + literal("2") + "</row></relation>": [
        {"a": Decimal(1), "b": Decimal(2)}
    ],
    f"<conditional><if>{literal('1 > 2')}</if><then>{literal('1')}</then><else>{literal('2')}</else></conditional>": Decimal(
        2
    ),
    f"<filter><in>{literal('[1, 2, 3]')}</in><match>{literal('item > 1')}</match></filter>": [Decimal(2), Decimal(3)],
    f'<for iteratorVariable="i"><in>{literal("1..3")}</in><return>{literal("i * 2")}</return></for>': None,
    f'<for iteratorVariable="i"><in>{literal("[1, 2]")}</in><return>{literal("i * 2")}</return></for>': [
        Decimal(2),
        Decimal(4),
    ],
    f'<some iteratorVariable="i"><in>{literal("[1, 2]")}</in><satisfies>{literal("i > 1")}</satisfies></some>': True,
    f'<every iteratorVariable="i"><in>{literal("[1, 2]")}</in><satisfies>{literal("i > 1")}</satisfies></every>': False,
}


@pytest.mark.parametrize("logic", BOXED)
def test_boxed_expression(logic: str) -> None:
    assert load(definitions(decision("d", logic))).evaluate("d") == BOXED[logic]


def test_service_takes_inputs_by_name_and_hides_the_rest() -> None:
    model = load(
        definitions(
            INPUT,
            decision("total", literal("unit price * 3"), "input:in"),
            decision("due", literal("total - 1"), "decision:total"),
            '<decisionService id="s" name="s"><outputDecision href="#due"/><inputDecision href="#total"/></decisionService>',
            '<decisionService id="whole" name="whole"><outputDecision href="#due"/><outputDecision href="#total"/>'
            '<encapsulatedDecision href="#total"/><inputData href="#in"/></decisionService>',
        )
    )
    assert model.evaluate("s", {"total": 10}) == 9
    assert model.evaluate("whole", {"unit price": 2}) == {"due": Decimal(5), "total": Decimal(6)}


def test_imported_types_and_knowledge_are_used_under_the_name_of_the_import() -> None:
    other = definitions(KNOWLEDGE, ITEMS, namespace="urn:other")
    model = load(
        definitions(
            '<import name="rates" namespace="urn:other" importType="urn:dmn"/>',
            '<inputData id="in" name="colour"><variable name="colour" typeRef="rates.tColour"/></inputData>',
            '<decision id="d" name="d"><informationRequirement><requiredInput href="#in"/></informationRequirement>'
            '<knowledgeRequirement><requiredKnowledge href="urn:other#fee"/></knowledgeRequirement>'
            + literal('if colour = "red" then rates.fee(8, 0.5) else null')
            + "</decision>",
        ),
        [other],
    )
    assert model.problems() == []
    assert model.evaluate("d", {"colour": "red"}) == 4
    assert model.evaluate("d", {"colour": "green"}) is None


def test_missing_import_and_dangling_link_are_told() -> None:
    model = load(
        definitions('<import name="rates" namespace="urn:other"/>', decision("d", literal("1"), "decision:nothing"))
    )
    assert [p.rule for p in model.problems()] == ["dmn.import", "dmn.reference"]


def test_files_that_import_each_other_are_refused() -> None:
    a = definitions('<import name="b" namespace="urn:b"/>', namespace="urn:a")
    b = definitions('<import name="a" namespace="urn:a"/>', namespace="urn:b")
    with pytest.raises(DmnError) as caught:
        load(a, [b, a])
    assert caught.value.code == "dmn.import"


def test_clock_and_host_functions_reach_the_cells() -> None:
    model = load(definitions(decision("d", table(["today()"], ["y"], [("-", 'record("x").price')]))))
    now = datetime(2026, 3, 4, tzinfo=UTC)
    found = model.explain("d", {}, now=now, functions={"record": lambda key: {"price": 5}})
    assert found.value == 5
    assert found.matched[0].inputs == {"today()": date(2026, 3, 4)}


def test_a_call_without_an_instant_takes_its_own() -> None:
    model = load(definitions(decision("d", literal("now()"))))
    before = datetime.now(UTC)
    assert before <= model.evaluate("d", {}) <= datetime.now(UTC)


def test_decision_without_logic_is_told_and_null() -> None:
    model = load(definitions(decision("d", "")))
    assert [p.rule for p in model.problems()] == ["dmn.no_logic"]
    assert model.evaluate("d") is None


MODELER = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/"
 xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/" xmlns:modeler="http://camunda.org/schema/modeler/1.0"
 id="Definitions_1" name="DRD" namespace="http://camunda.org/schema/1.0/dmn" exporter="Camunda Modeler"
 exporterVersion="5.20.0" modeler:executionPlatform="Camunda Cloud" modeler:executionPlatformVersion="8.4.0">
 <decision id="Decision_1" name="Severity">
  <decisionTable id="DecisionTable_1">
   <input id="Input_1" label="Machine stopped"><inputExpression id="IE_1" typeRef="boolean"><text>stopped</text></inputExpression></input>
   <output id="Output_1" name="severity" typeRef="number"/>
   <rule id="DecisionRule_1"><description>stands</description><inputEntry id="UT_1"><text>true</text></inputEntry>
    <outputEntry id="LE_1"><text>1</text></outputEntry></rule>
   <rule id="DecisionRule_2"><inputEntry id="UT_2"><text></text></inputEntry>
    <outputEntry id="LE_2"><text>3</text></outputEntry></rule>
  </decisionTable>
 </decision>
 <dmndi:DMNDI><dmndi:DMNDiagram><dmndi:DMNShape dmnElementRef="Decision_1"><dc:Bounds height="80" width="180" x="160" y="100"/>
 </dmndi:DMNShape></dmndi:DMNDiagram></dmndi:DMNDI>
</definitions>"""


def test_file_of_the_modeler_is_read() -> None:
    model = load(MODELER)
    assert model.problems() == []
    assert model.evaluate("Decision_1", {"stopped": False}) == 3
    assert model.explain("Severity", {"stopped": True}).conflicts
