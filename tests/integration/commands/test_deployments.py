"""Deploying: versions, bundles, and refusals that store nothing."""

import pytest

from engine.commands.complete_task import CompleteTask
from engine.commands.deploy_bundle import DeployBundle
from engine.commands.start_instance import StartInstance
from engine.model.errors import Conflict, DeploymentRefused, Forbidden, NotFound
from engine.queries import decisions
from engine.queries.definitions import get_definition, get_xml, list_definitions
from engine.queries.instances import get_instance, list_instances
from engine.queries.path import list_history
from engine.queries.records import get_record_type
from engine.services.deployment import DeployFile
from tests.factories import Plant, assigned, deploy, diagram, flow, one_task, zeebe
from tests.integration.commands.test_registers import REGISTER
from tests.integration.commands.test_user_tasks import FORM
from tests.unit.dmn.drawing import decision, definitions, literal, table


def versions(plant: Plant) -> dict[str, int]:
    return {row.key: row.version for row in plant.engine.query(list_definitions)}


def test_the_same_files_again_are_the_version_there_is(plant: Plant) -> None:
    first = deploy(plant.engine, ("p.bpmn", one_task()))
    again = deploy(plant.engine, ("p.bpmn", one_task()))
    assert [d.version for d in first.definitions] == [d.version for d in again.definitions] == [1]


def test_the_only_process_of_a_file_is_deployed_without_the_mark_that_it_is_executable(plant: Plant) -> None:
    deployment = deploy(plant.engine, ("p.bpmn", one_task().replace('isExecutable="true"', "")))
    assert [d.key for d in deployment.definitions] == ["p"]
    assert [problem.rule for problem in deployment.problems] == ["not-executable"]
    assert plant.engine.execute(StartInstance("p", plant["root"])).state == "running"


def test_a_changed_form_gives_the_definitions_that_use_it_a_new_version(plant: Plant) -> None:
    deploy(plant.engine, ("p.bpmn", one_task(form="check_form")), ("f.form", FORM), ("q.bpmn", one_task("q")))
    changed = deploy(plant.engine, ("f.form", FORM.replace("Amount", "Quantity")))
    assert [(f.key, f.version) for f in changed.forms] == [("check_form", 2)]
    assert versions(plant) == {"p": 2, "q": 1}


def test_a_running_case_keeps_the_bundle_that_it_started_with(plant: Plant) -> None:
    deploy(plant.engine, ("p.bpmn", one_task(form="check_form")), ("f.form", FORM))
    started = plant.engine.execute(StartInstance("p", plant["root"]))
    stricter = FORM.replace('"max": 10', '"max": 5')
    deploy(plant.engine, ("f.form", stricter))
    done = plant.engine.execute(CompleteTask(started.task_ids[0], plant["root"], {"finding": "x", "amount": 9}))
    assert done.instance_state == "completed"


def test_a_given_version_starts_and_an_unknown_one_is_refused(plant: Plant) -> None:
    deploy(plant.engine, ("p.bpmn", one_task()))
    deploy(plant.engine, ("p.bpmn", one_task(groups="sales")))
    plant.engine.execute(StartInstance("p", plant["root"], version=1))
    with pytest.raises(NotFound):
        plant.engine.execute(StartInstance("p", plant["root"], version=3))
    with pytest.raises(NotFound):
        plant.engine.execute(StartInstance("nothing", plant["root"]))


def test_all_problems_of_all_files_come_at_once_and_nothing_is_stored(plant: Plant) -> None:
    broken = one_task(form="nowhere")
    gateway = diagram(
        '<bpmn:startEvent id="s"/><bpmn:exclusiveGateway id="g"/><bpmn:endEvent id="e"/><bpmn:endEvent id="e2"/>'
        + flow("s", "g") + flow("g", "e", "=1 +") + flow("g", "e2", "=true"),
        key="q",
    )  # fmt: skip
    with pytest.raises(DeploymentRefused) as refusal:
        deploy(plant.engine, ("p.bpmn", broken), ("q.bpmn", gateway), ("bad.form", "{"), ("fine.bpmn", one_task("ok")))
    found = {(problem.file, problem.element) for problem in refusal.value.problems if problem.is_error}
    assert ("p.bpmn", "check") in found
    assert any(file == "q.bpmn" for file, _ in found)
    assert any(file == "bad.form" for file, _ in found)
    assert versions(plant) == {}


def test_ids_that_no_key_can_hold_are_refused(plant: Plant) -> None:
    long = "x" * 256
    with pytest.raises(DeploymentRefused) as refusal:
        deploy(
            plant.engine,
            ("p.bpmn", one_task(long)),
            ("q.bpmn", one_task("q").replace('"check"', f'"{long}"')),
            ("f.form", FORM.replace("check_form", long)),
            ("r.form", REGISTER.replace('"equipment"', f'"{"x" * 65}"')),
        )
    found = {(problem.file, problem.rule) for problem in refusal.value.problems if problem.is_error}
    assert found == {(file, "id-too-long") for file in ("p.bpmn", "q.bpmn", "f.form", "r.form")}


def test_ids_that_no_row_can_have_are_not_found(plant: Plant) -> None:
    with pytest.raises(NotFound):
        plant.engine.query(get_instance, instance_id="a\0b", actor=plant["root"])
    with pytest.raises(NotFound):
        plant.engine.query(get_record_type, type="\0")
    assert plant.engine.query(list_instances, stage="\0", text="%\0", actor=plant["root"]).items == ()


@pytest.mark.parametrize("name", ["x" * 256, "n\0l"])
def test_names_that_the_store_cannot_hold_stop_no_case(plant: Plant, name: str) -> None:
    waits = (
        '<bpmn:startEvent id="s"/><bpmn:userTask id="u">' + assigned(assignee="=name") + '</bpmn:userTask><bpmn:receiveTask id="r" messageRef="m"/>'
        '<bpmn:serviceTask id="j">' + zeebe('<zeebe:taskDefinition type="=name"/>') + "</bpmn:serviceTask>"
        + flow("s", "u") + flow("s", "r") + flow("s", "j")
    )  # fmt: skip
    message = (
        '<bpmn:message id="m" name="m">' + zeebe('<zeebe:subscription correlationKey="=name"/>') + "</bpmn:message>"
    )
    deploy(plant.engine, ("p.bpmn", diagram(waits, outside=message)))
    case = plant.engine.execute(StartInstance("p", plant["root"], variables={"name": name}))
    view = plant.engine.query(get_instance, instance_id=case.id, actor=plant["root"])
    assert len(view.incidents) == (3 if len(name) > 255 else 0)
    assert view.variables == {"name": name}


def test_an_unknown_candidate_group_is_a_warning(plant: Plant) -> None:
    deployment = deploy(plant.engine, ("p.bpmn", one_task(groups="nobody_knows")))
    assert [(problem.severity, problem.element) for problem in deployment.problems] == [("warning", "check")]


def test_checking_stores_nothing(plant: Plant) -> None:
    files = (DeployFile("p.bpmn", one_task(form="nowhere").encode()),)
    deployment = plant.engine.execute(DeployBundle(files, plant["root"], check_only=True))
    assert any(problem.is_error for problem in deployment.problems)
    assert versions(plant) == {}


def test_deploying_needs_the_role(plant: Plant) -> None:
    for name in ("li", "chief"):
        with pytest.raises(Forbidden):
            deploy(plant.engine, ("p.bpmn", one_task()), actor=plant[name])


def test_the_file_comes_back_byte_for_byte(plant: Plant) -> None:
    data = one_task()
    deploy(plant.engine, ("p.bpmn", data))
    assert plant.engine.query(get_xml, key="p", version=1) == data.encode()
    view = plant.engine.query(get_definition, key="p")
    assert set(view.elements) >= {"start", "check", "end"}


def test_two_files_with_the_same_process_are_refused(plant: Plant) -> None:
    with pytest.raises(DeploymentRefused, match="error"):
        deploy(plant.engine, ("a.bpmn", one_task()), ("b.bpmn", one_task(groups="sales")))


def test_a_process_that_only_others_call_is_not_started_by_hand(plant: Plant) -> None:
    waits = diagram(
        '<bpmn:startEvent id="s"><bpmn:messageEventDefinition messageRef="m"/></bpmn:startEvent>'
        '<bpmn:userTask id="u"/><bpmn:endEvent id="e"/>' + flow("s", "u") + flow("u", "e"),
        outside='<bpmn:message id="m" name="alarm"/>',
    )
    deploy(plant.engine, ("p.bpmn", waits))
    with pytest.raises(Conflict):
        plant.engine.execute(StartInstance("p", plant["root"]))


LIBRARY = definitions(
    '<businessKnowledgeModel id="twice" name="twice"><encapsulatedLogic><formalParameter name="n"/>'
    + literal("n * {factor}")
    + "</encapsulatedLogic></businessKnowledgeModel>",
    namespace="urn:library",
).decode()
TWO = LIBRARY.replace("{factor}", "2")
THREE = LIBRARY.replace("{factor}", "3")
MIDDLE = definitions(
    '<import name="lib" namespace="urn:library" importType="https://www.omg.org/spec/DMN/20191111/MODEL/"/>'
    '<businessKnowledgeModel id="more" name="more"><encapsulatedLogic><formalParameter name="n"/>'
    + literal("lib.twice(n) + 1")
    + '</encapsulatedLogic><knowledgeRequirement><requiredKnowledge href="urn:library#twice"/></knowledgeRequirement>'
    + "</businessKnowledgeModel>",
    namespace="urn:middle",
).decode()
DECIDING = definitions(
    '<import name="mid" namespace="urn:middle" importType="https://www.omg.org/spec/DMN/20191111/MODEL/"/>'
    '<decision id="price" name="Price"><variable name="Price"/>'
    '<knowledgeRequirement><requiredKnowledge href="urn:middle#more"/></knowledgeRequirement>'
    + literal("mid.more(amount)")
    + "</decision>",
    namespace="urn:deciding",
).decode()
PRICED = diagram(
    '<bpmn:startEvent id="start"/><bpmn:businessRuleTask id="rule" name="Price">'
    + zeebe('<zeebe:calledDecision decisionId="price" resultVariable="price"/>')
    + '</bpmn:businessRuleTask><bpmn:userTask id="check"><bpmn:extensionElements><zeebe:userTask/></bpmn:extensionElements>'
    '</bpmn:userTask><bpmn:endEvent id="end"/>' + flow("start", "rule") + flow("rule", "check") + flow("check", "end"),
)


def price(plant: Plant) -> object:
    return plant.engine.query(decisions.evaluate, key="price", variables={"amount": 10}, actor=plant["root"])


def price_in_a_case(plant: Plant) -> object:
    started = plant.engine.execute(StartInstance("p", plant["root"], variables={"amount": 10}))
    return plant.engine.query(get_instance, instance_id=started.id, actor=plant["root"]).variables["price"]


def test_imported_decision_files_belong_to_the_bundle_and_to_the_decision(plant: Plant) -> None:
    deploy(plant.engine, ("p.bpmn", PRICED), ("price.dmn", DECIDING), ("mid.dmn", MIDDLE), ("lib.dmn", TWO))
    assert price(plant) == 21
    assert price_in_a_case(plant) == 21
    kinds = [(one.kind, one.key) for one in plant.engine.query(get_definition, key="p").resources]
    assert ("decision_file", "urn:library") in kinds
    assert ("decision_file", "urn:middle") in kinds


def test_a_changed_library_gives_the_definitions_that_use_it_a_new_version(plant: Plant) -> None:
    deploy(plant.engine, ("p.bpmn", PRICED), ("price.dmn", DECIDING), ("mid.dmn", MIDDLE), ("lib.dmn", TWO))
    deploy(plant.engine, ("q.bpmn", one_task("q")))
    old = plant.engine.execute(StartInstance("p", plant["root"], variables={"amount": 1}))
    deploy(plant.engine, ("lib.dmn", THREE))
    assert versions(plant) == {"p": 2, "q": 1}
    assert price(plant) == 31
    assert price_in_a_case(plant) == 31
    assert plant.engine.query(get_instance, instance_id=old.id, actor=plant["root"]).variables["price"] == 3


def test_a_decision_may_import_what_was_deployed_before(plant: Plant) -> None:
    deploy(plant.engine, ("lib.dmn", TWO))
    deploy(plant.engine, ("mid.dmn", MIDDLE))
    deploy(plant.engine, ("price.dmn", DECIDING))
    assert price(plant) == 21


def test_an_import_that_is_nowhere_refuses_the_deployment(plant: Plant) -> None:
    with pytest.raises(DeploymentRefused) as refusal:
        deploy(plant.engine, ("price.dmn", DECIDING))
    assert {(p.file, p.rule) for p in refusal.value.problems if p.is_error} >= {("price.dmn", "dmn.import")}


def test_a_library_that_would_break_what_is_deployed_is_refused(plant: Plant) -> None:
    deploy(plant.engine, ("p.bpmn", PRICED), ("price.dmn", DECIDING), ("mid.dmn", MIDDLE), ("lib.dmn", TWO))
    with pytest.raises(DeploymentRefused) as refusal:
        deploy(plant.engine, ("mid.dmn", MIDDLE.replace('id="more"', 'id="less"')))
    assert {(p.file, p.rule) for p in refusal.value.problems} == {("price.dmn", "dmn.reference")}
    assert versions(plant) == {"p": 1}


def test_two_files_of_one_namespace_cannot_be_imported(plant: Plant) -> None:
    with pytest.raises(DeploymentRefused) as refusal:
        deploy(plant.engine, ("mid.dmn", MIDDLE), ("lib.dmn", TWO), ("lib2.dmn", THREE))
    assert {p.file for p in refusal.value.problems if "namespace" in p.message} == {"lib.dmn", "lib2.dmn"}


def test_a_library_that_imports_itself_is_refused(plant: Plant) -> None:
    with pytest.raises(DeploymentRefused):
        deploy(plant.engine, ("mid.dmn", MIDDLE.replace("urn:library", "urn:middle")))


def test_gaps_and_overlaps_of_tables_are_warnings(plant: Plant) -> None:
    rules = [("<= 50", '"small"'), ("[50..90]", '"large"')]
    file = definitions(decision("size", table(["amount"], ["size"], rules)))
    deployment = deploy(plant.engine, ("size.dmn", file))
    found = {(p.severity, p.element, p.rule) for p in deployment.problems}
    assert found == {("warning", "table", "table-boundary"), ("warning", "table", "table-gap")}
    assert any("amount = 91" in p.message for p in deployment.problems)


def test_history_keeps_the_versions_that_decided(plant: Plant) -> None:
    def graded(start: str) -> bytes:
        rules = [(f">= {start}", '"grave"'), (f"< {start}", '"slight"')]
        return definitions(decision("price", table(["amount"], ["price"], rules)))

    deploy(plant.engine, ("p.bpmn", PRICED), ("price.dmn", graded("10")))
    first = plant.engine.execute(StartInstance("p", plant["root"], variables={"amount": 7}))
    deploy(plant.engine, ("price.dmn", graded("5")))
    second = plant.engine.execute(StartInstance("p", plant["root"], variables={"amount": 7}))
    told = []
    for started in (first, second):
        page = plant.engine.query(list_history, instance_id=started.id, actor=plant["root"])
        told += [entry.data for entry in page.items if entry.kind == "DecisionEvaluated"]
    assert [(one["version"], one["definition_version"], one["result"]) for one in told] == [
        (1, 1, "slight"),
        (2, 2, "grave"),
    ]
    assert [(one["matched"][0]["rule"], one["matched"][0]["inputs"]) for one in told] == [
        (2, {"amount": 7}),
        (1, {"amount": 7}),
    ]
