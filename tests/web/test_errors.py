import pytest
from flask_babel import force_locale
from werkzeug.exceptions import TooManyRequests

from engine.model.errors import (
    Conflict,
    DeploymentRefused,
    Forbidden,
    InstanceNotRunning,
    InvalidInput,
    MessageNotAwaited,
    NotFound,
    RevisionConflict,
    TaskAlreadyClaimed,
)
from engine.model.problem import Problem
from web import errors

CASES = [
    (NotFound("task", "17"), 404, "There is no task “17”.", "没有任务“17”。"),
    (Forbidden("cancel a case"), 403, "Your role or your teams do not allow this. Nothing was changed.", "您的角色或小组不允许此操作，未做任何更改。"),
    (TaskAlreadyClaimed("chen"), 409, "Chen Wei has already claimed this task.", "陈伟已领取此任务。"),
    (RevisionConflict("task", "1"), 409, "Someone else changed this meanwhile; load it again.", "期间有人改动过，请重新打开。"),
    (InstanceNotRunning("cancelled"), 409, "The case does not run: it is suspended, or over.", "此工单未在运行：已暂停或已结束。"),
    (MessageNotAwaited("paid"), 404, "Nothing waits for the message “paid”.", "没有工单在等待消息“paid”。"),
    (Conflict("The incident is resolved already."), 409, "The incident is resolved already.", "此故障已处理。"),
]  # fmt: skip


@pytest.mark.parametrize(("error", "status", "english", "chinese"), CASES, ids=[c[0].code for c in CASES])
def test_each_refusal_has_its_status_and_its_words(app, error, status, english, chinese):
    with app.test_request_context("/tasks/17"):
        assert errors.status_of(error) == status
        with force_locale("en"):
            assert errors.detail_of(error) == english
        with force_locale("zh_Hans"):
            assert errors.detail_of(error) == chinese


def test_a_problem_document_names_the_fields(app):
    with app.test_request_context("/api/v1/tasks/17/complete"):
        answer = errors.problem_response(InvalidInput({"hours": ["Please give a number."]}))
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert answer.json == {
        "type": "about:blank",
        "title": "Unprocessable Entity",
        "status": 422,
        "detail": "Some fields need attention.",
        "code": "invalid_input",
        "errors": {"hours": ["Please give a number."]},
    }


def test_a_refused_deployment_lists_every_problem(app):
    problem = Problem("a.bpmn", "start", "start-missing", "Draw a start event.")
    with app.test_request_context("/api/v1/deployments"):
        answer = errors.problem_response(DeploymentRefused([problem]))
    assert answer.json["detail"] == "Nothing was deployed; errors: 1."
    assert [(one["file"], one["element"]) for one in answer.json["problems"]] == [("a.bpmn", "start")]


def test_the_frameworks_own_errors_are_problem_documents_too(app):
    client = app.test_client()
    for answer, status in (
        (client.get("/api/v1/no/such/thing"), 404),
        (client.delete("/api/v1/definitions"), 405),
        (client.get("/api/v1/tasks"), 401),
    ):
        assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
        assert answer.json["status"] == status


def test_headers_of_an_error_stay(app):
    with app.test_request_context("/api/v1/tasks"):
        assert errors.problem_response(TooManyRequests(retry_after=30)).headers["Retry-After"] == "30"


def test_an_unexpected_error_is_logged_under_the_reference_that_it_answers(app, caplog):
    with app.test_request_context("/api/v1/tasks"):
        answer = errors.problem_response(RuntimeError("inner detail"))
    assert answer.status_code == 500
    assert b"inner detail" not in answer.data
    assert answer.json["reference"] in caplog.text


@pytest.mark.parametrize(
    ("messages", "flat"),
    [
        ({"json": {"due_at": ["No."]}}, {"due_at": ["No."]}),
        ({"variables": {"a": {"b": ["Wrong."]}}}, {"variables.a.b": ["Wrong."]}),
        ({"files": {0: ["Empty."]}}, {"0": ["Empty."]}),
        (["Not an object."], {"_": ["Not an object."]}),
    ],
)
def test_nested_messages_become_dotted_fields(messages, flat):
    assert errors.flat_messages(messages) == flat
