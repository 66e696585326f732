"""Deploying models, looking at them, and evaluating decisions."""

from io import BytesIO

from werkzeug.test import TestResponse

from tests.web.api.plant import END, FORM, FORM_TASK, MODELS, START, TABLE, Caller, Plant, is_problem, line, user_task


def test_a_deployment_answers_with_keys_and_versions(plant: Plant) -> None:
    response = plant.owner.deploy({"a.bpmn": line("fresh", START, END, name="Fresh"), "d.dmn": TABLE, "r.form": FORM})
    assert response.status_code == 201
    assert response.json is not None
    assert {"key": "fresh", "version": 1, "name": "Fresh"} in response.json["definitions"]
    assert response.json["decisions"] == [{"key": "discount", "version": 1}]
    assert response.json["forms"] == [{"key": "review-form", "version": 1}]


def test_the_same_files_again_keep_their_version(plant: Plant) -> None:
    files = {"same.bpmn": line("same", START, END)}
    for _ in range(2):
        response = plant.owner.deploy(files)
        assert response.status_code == 201
        assert response.json["definitions"] == [{"key": "same", "version": 1, "name": "same"}]  # type: ignore[index]


def test_a_version_rises_when_any_file_of_the_bundle_changes(plant: Plant) -> None:
    form = FORM.replace(b"review-form", b"rising-form")
    diagram = line("rising", START, FORM_TASK.replace("review-form", "rising-form"), END)
    plant.owner.deploy({"rising.bpmn": diagram, "rising.form": form})
    response = plant.owner.deploy({"rising.form": form.replace(b"Note", b"Remark")})
    assert response.json["definitions"] == [{"key": "rising", "version": 2, "name": "rising"}]  # type: ignore[index]
    view = plant.inspector.get("/definitions/rising").json
    assert view is not None
    assert [version["version"] for version in view["versions"]] == [2, 1]


def test_a_wrong_model_is_refused_with_all_its_problems(plant: Plant) -> None:
    unknown = user_task("work", '<zeebe:formDefinition formId="nobody-has-this" />')
    response = plant.owner.deploy({"bad.bpmn": line("bad", START, unknown, END), "worse.bpmn": b"<not"})
    assert is_problem(response, 422)
    problems = response.json["problems"]  # type: ignore[index]
    assert {"file", "element", "rule", "message"} <= problems[0].keys()
    assert {problem["file"] for problem in problems} == {"bad.bpmn", "worse.bpmn"}
    assert "work" in {problem["element"] for problem in problems}
    assert is_problem(plant.owner.get("/definitions/bad"), 404)


def test_deploying_needs_a_role(plant: Plant) -> None:
    for caller in (plant.inspector, plant.manager):
        assert is_problem(caller.deploy({"x.bpmn": line("x", START, END)}), 403)


def test_a_deployment_without_files_is_refused(plant: Plant) -> None:
    response = plant.owner.call("POST", "/deployments", data={"other": "x"}, content_type="multipart/form-data")
    assert is_problem(response, 422)
    assert "files" in response.json["errors"]  # type: ignore[index]


def test_definitions_are_listed_with_their_running_cases(plant: Plant) -> None:
    plant.admin.started("open_task")
    items = plant.inspector.get("/definitions").json["items"]  # type: ignore[index]
    item = next(item for item in items if item["key"] == "open_task")
    assert (item["version"], item["running"] >= 1) == (1, True)


def test_the_diagram_comes_back_as_it_was_deployed(plant: Plant) -> None:
    response = plant.inspector.get("/definitions/open_task/versions/1/xml")
    assert (response.status_code, response.data) == (200, MODELS["open.bpmn"])
    assert response.mimetype == "application/xml"
    assert is_problem(plant.inspector.get("/definitions/open_task/versions/7/xml"), 404)


def test_a_decision_is_evaluated(plant: Plant) -> None:
    response = plant.inspector.post("/decisions/discount/evaluate", {"variables": {"amount": 250}})
    assert (response.status_code, response.json) == (200, {"result": 0.1})


def checked(caller: Caller, files: dict[str, bytes]) -> TestResponse:
    parts = [(BytesIO(data), name) for name, data in files.items()]
    return caller.call("POST", "/decisions/check", data={"files": parts}, content_type="multipart/form-data")


def test_tables_are_looked_through_without_deploying_them(plant: Plant) -> None:
    open_end = TABLE.replace(b"discount", b"looked_at").replace(b"&gt;= 100", b"&gt; 100")
    response = checked(plant.owner, {"a.dmn": open_end})
    assert response.status_code == 200
    assert response.json is not None
    (finding,) = response.json["findings"]
    assert finding["message"].startswith("No rule holds at the boundary amount = 100")
    assert finding | {"message": ""} == {
        "file": "a.dmn", "decision": "looked_at", "table": "t", "kind": "boundary", "rules": [],
        "example": {"amount": "100"}, "message": "",
    }  # fmt: skip
    (problem,) = response.json["problems"]
    assert (problem["severity"], problem["rule"], problem["element"]) == ("warning", "table-boundary", "t")
    assert is_problem(plant.owner.post("/decisions/looked_at/evaluate", {"variables": {}}), 404)


def test_a_file_that_cannot_be_read_is_among_the_problems(plant: Plant) -> None:
    broken = TABLE.replace(b"&lt; 100", b"&lt; (100")
    body = checked(plant.owner, {"a.dmn": broken, "b.dmn": b"<no"}).json or {}
    assert body["findings"] == []
    assert [(one["file"], one["element"], one["severity"]) for one in body["problems"]] == [
        ("a.dmn", "a1", "error"),
        ("b.dmn", "", "error"),
    ]


def test_a_deployment_answers_with_the_warnings_of_its_tables(plant: Plant) -> None:
    overlapping = TABLE.replace(b"discount", b"warned_of").replace(b"&gt;= 100", b"&gt;= 90")
    response = plant.owner.deploy({"a.dmn": overlapping})
    assert response.status_code == 201
    (problem,) = (response.json or {})["problems"]
    assert problem["rule"] == "table-overlap"
    assert "amount = 90" in problem["message"]
